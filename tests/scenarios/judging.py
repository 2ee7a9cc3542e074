"""What scenarios are judged by: the turns that the gate gave, by the gate's own clock.

When a request arrives, a busy machine decides too; when it was let go, the gate alone.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.telegram.gate import FLOODED_IN_A_ROW, Gate, Lane, Pace, _Waiter
from tests.receiver.faults import Kind
from tests.receiver.record import Request, busiest

ROUNDING_S: Final = 1e-6
"""What the difference of two moments may lose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A turn that was given."""

    at: float
    chat_id: int
    lane: Lane
    is_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the gate was told of a request that it let go."""

    at: float
    chat_id: int | None = None  # None where it passed
    seconds: float = 0.0  # to wait


class Noting(Gate):
    """A gate that keeps what it gave and what it was told."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(pace)
        self.given: list[Grant] = []
        self.told: list[Outcome] = []

    def turns(self) -> Counter[int]:
        """Return how many turns each chat has had."""
        return Counter(grant.chat_id for grant in self.given)

    def _start(self, waiter: _Waiter, now: float) -> None:
        super()._start(waiter, now)
        self.given.append(
            Grant(at=now, chat_id=waiter.chat_id, lane=waiter.lane, is_edit=waiter.is_edit)
        )

    def flooded(self, chat_id: int, seconds: float) -> None:
        """Keep that a request was told to wait."""
        self.told.append(Outcome(at=self._clock(), chat_id=chat_id, seconds=seconds))
        super().flooded(chat_id, seconds)

    def passed(self) -> None:
        """Keep that a request was not told to wait."""
        self.told.append(Outcome(at=self._clock()))
        super().passed()


def every_request_had_its_turn(came: list[Request], gate: Noting) -> None:
    assert Counter(request.chat_id for request in came) <= gate.turns()


def the_whole_bot_keeps_its_pace(gate: Noting) -> None:
    """The second after the wait of all is such a window too."""
    most = busiest((grant.at for grant in gate.given), 1.0 - ROUNDING_S)
    print(f"{most} in the busiest second")  # noqa: T201 - a figure
    assert most <= gate.pace.per_second


def alerts_to_one_chat_are_apart(gate: Noting) -> None:
    """Edits and answers need not be; but an alert comes a while after whatever came before it."""
    by_chat = sorted(gate.given, key=lambda grant: (grant.chat_id, grant.at))
    for _, grants in groupby(by_chat, key=lambda grant: grant.chat_id):
        before = None
        for grant in grants:
            if before is not None and grant.lane is Lane.ALERT and not grant.is_edit:
                assert grant.at - before.at >= gate.pace.chat_seconds - ROUNDING_S
            before = grant


def flood_waits_are_kept(
    came: list[Request], gate: Noting, flooded: frozenset[int], *, window: int
) -> None:
    """Nothing starts in a chat's wait; nothing starts in everybody's, once it is known as such."""
    floods = [request for request in came if request.ended is Kind.FLOOD]
    assert {request.chat_id for request in floods} == flooded
    assert len(floods) == len(flooded)
    known = _known(gate)
    wait = gate.told[known]
    assert [each for each in gate.given if wait.at < each.at < wait.at + wait.seconds] == []
    # So whatever else came in it was in flight by then, or had been answered before.
    bans = sum(request.ended is Kind.BAN for request in came)
    answered = sum(each.chat_id is not None for each in gate.told[: known + 1])
    assert 1 <= bans <= answered + window


def _known(gate: Noting) -> int:
    """Return which outcome made it known that everybody is told to wait."""
    for number in range(len(gate.told)):
        last = gate.told[max(0, number + 1 - FLOODED_IN_A_ROW) : number + 1]
        if len({each.chat_id for each in last} - {None}) == FLOODED_IN_A_ROW:
            return number
    raise AssertionError("nobody was told to wait often enough")
