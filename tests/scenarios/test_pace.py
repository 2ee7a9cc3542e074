"""Telegram's free limits, over the wire: in every sliding window, and after a flood wait too."""

from pathlib import Path
from typing import Final

from bot.messaging.gate import Pace
from bot.messaging.message import Message
from db.records import Weight
from db.records.alerts import Level
from tests.receiver.faults import Fault, Kind
from tests.receiver.record import Request, busiest, closest
from tests.receiver.running import receiving
from tests.scenarios.stage import staged, subscribe

PACE: Final = Pace()
WINDOW: Final = 8
ANSWER: Final = Message(text_html="An answer.")
PEOPLE: Final = range(1, 271)
GROUPS: Final = (-1, -2)
FLOODED: Final = frozenset(PEOPLE[4::40])
CHANGES: Final = 25
"""Groups hear each; people the last two."""

JITTER_S: Final = 0.1
"""How much later than it left a request may be counted, on a machine that does other things."""


async def test_the_free_limits_are_kept_in_every_window(tmp_path: Path) -> None:
    ban = Fault(kind=Kind.BAN, after=200, seconds=2)
    flood = Fault(kind=Kind.FLOOD, chats=FLOODED, seconds=3)
    async with (
        receiving(ban, flood) as receiver,
        staged(tmp_path / "story.sqlite3", receiver.url, pace=PACE, window=WINDOW) as stage,
    ):
        await subscribe(stage.database, PEOPLE, level=Level.EVERY, topics=("people",))
        await subscribe(stage.database, GROUPS, level=Level.EVERY)
        for number in range(CHANGES):
            topics = ("people",) if number >= CHANGES - 2 else ("groups",)
            fact = await stage.fact(f"fact-{number}", weight=Weight.ORDINARY, topics=topics)
            await stage.change(fact, f"The newest of {number}.")
        async with stage.at_work():
            await receiver.until(1)
            for _ in range(5):
                await stage.messenger.send(ANSWER, chat_id=GROUPS[0])
            # A group has had its share by then: twenty, a second apart.
            await receiver.until(2 * len(PEOPLE) + 2 * PACE.group_per_minute)
        came = await receiver.record()
    the_whole_bot_keeps_its_pace(came)
    alerts_to_one_chat_are_apart(came)
    a_group_hears_no_more_than_its_minute_allows(came)
    flood_waits_are_kept(came)


def the_whole_bot_keeps_its_pace(came: list[Request]) -> None:
    """The second after the wait of all is such a window too."""
    starts = [request.at for request in came]
    print(f"{busiest(starts, 1.0)} in the busiest second")  # noqa: T201 - a figure
    assert busiest(starts, 1.0 - JITTER_S) <= PACE.per_second + 1


def alerts_to_one_chat_are_apart(came: list[Request]) -> None:
    for chat in (*PEOPLE, *GROUPS):
        alerts = [each.at for each in came if each.chat_id == chat and each.text != "An answer."]
        assert closest(alerts) >= PACE.chat_seconds - JITTER_S


def a_group_hears_no_more_than_its_minute_allows(came: list[Request]) -> None:
    """Answers are among the twenty. Both have more to hear."""
    for group in GROUPS:
        starts = [request.at for request in came if request.chat_id == group]
        assert busiest(starts, 60.0 - JITTER_S) == PACE.group_per_minute
        assert len(starts) == PACE.group_per_minute


def flood_waits_are_kept(came: list[Request]) -> None:
    floods = [request for request in came if request.ended is Kind.FLOOD]
    assert {request.chat_id for request in floods} == FLOODED
    assert len(floods) == len(FLOODED)
    bans = [request for request in came if request.ended is Kind.BAN]
    known = sorted(request.answered for request in bans)[:4][-1]
    assert 1 <= len(bans) <= WINDOW
    assert max(request.at for request in bans) <= known + JITTER_S
