"""What goes wrong at the receiver: for which chats, how often, for how long. Pure."""

import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

_SUPERGROUPS: Final = -(10**12)


class Kind(StrEnum):
    """How a request ends."""

    DONE = "done"
    FLOOD = "flood"  # 429 to its chat, and to what comes there before the wait is over
    BAN = "ban"  # the same to everybody
    GONE = "gone"  # 403: blocked
    MOVED = "moved"  # 400 with the number of the supergroup that the group became
    BROKEN = "broken"  # 502, and nothing was done
    CUT = "cut"  # the connection is closed, and nothing was done
    CUT_AFTER = "cut_after"  # it is closed after the message was sent
    SLOW = "slow"  # done, and answered late


EFFECTIVE: Final = (Kind.DONE, Kind.CUT_AFTER, Kind.SLOW)
"""What shows the message to its reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong; it strikes the same chats whenever they are told the same."""

    kind: Kind
    chats: frozenset[int] = frozenset()  # none: all
    chance: float = 1.0  # that it strikes a request which it may strike
    times: int | None = 1  # how many of each chat's requests it may strike, a ban of all; None: all
    after: int = 0  # requests that pass before the first is struck
    seconds: float = 0.0  # FLOOD, BAN: how long to wait; SLOW: how late


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """What happens to one request."""

    kind: Kind
    seconds: float = 0.0  # left to wait, or how late
    told_before: float | None = None  # seconds since that wait was first told; negative: not yet


@dataclass(slots=True)
class _Wait:
    """A flood wait; it counts from when it was told."""

    told_at: float
    until: float


DONE: Final = Stroke(kind=Kind.DONE)


@dataclass(slots=True, kw_only=True)
class Faults:
    """Decides what happens to each request; `delay_s` is how long its answer takes."""

    plan: tuple[Fault, ...] = ()
    seed: int = 0
    delay_s: float = 0.0
    _came: int = 0
    _struck: Counter[tuple[int, int]] = field(default_factory=Counter)
    _waits: dict[int, _Wait] = field(default_factory=dict)
    _ban: _Wait | None = None

    def strike(self, chat_id: int, at: float) -> Stroke:
        """Return what happens to a request to `chat_id` that came at `at`."""
        self._came += 1
        for kind, wait in ((Kind.BAN, self._ban), (Kind.FLOOD, self._waits.get(chat_id))):
            if wait is not None and at < wait.until:
                return Stroke(kind=kind, seconds=wait.until - at, told_before=at - wait.told_at)
        for number, fault in enumerate(self.plan):
            if self._strikes(number, fault, chat_id):
                return self._struck_by(fault, chat_id, at + self.delay_s)
        return DONE

    def _strikes(self, number: int, fault: Fault, chat_id: int) -> bool:
        if fault.chats and chat_id not in fault.chats:
            return False
        key = (number, 0 if fault.kind is Kind.BAN else chat_id)
        if self._came <= fault.after or self._struck[key] == fault.times:
            return False
        self._struck[key] += 1
        drawn = random.Random(f"{self.seed} {key} {self._struck[key]}").random()
        return drawn < fault.chance

    def _struck_by(self, fault: Fault, chat_id: int, told_at: float) -> Stroke:
        wait = _Wait(told_at, told_at + fault.seconds)
        if fault.kind is Kind.BAN:
            self._ban = wait
        elif fault.kind is Kind.FLOOD:
            self._waits[chat_id] = wait
        return Stroke(kind=fault.kind, seconds=fault.seconds)


def supergroup(chat_id: int) -> int:
    """Return the number that the group `chat_id` has once it has moved."""
    return _SUPERGROUPS + chat_id


def encode(plan: Iterable[Fault], *, seed: int, delay_s: float) -> str:
    """Return a plan as the receiver takes it."""
    faults = [{**asdict(each), "chats": sorted(each.chats)} for each in plan]
    return json.dumps({"plan": faults, "seed": seed, "delay_s": delay_s})


def decode(text: str | bytes) -> Faults:
    """Return what `encode` was given."""
    read: dict[str, Any] = json.loads(text)
    plan = tuple(
        Fault(**{**each, "kind": Kind(each["kind"]), "chats": frozenset(each["chats"])})
        for each in read["plan"]
    )
    return Faults(plan=plan, seed=read["seed"], delay_s=read["delay_s"])
