"""One broadcast to thousands, and all that may go wrong in it: what the alerts promise holds."""

from collections import Counter
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, Final

from bot.services.answers.results import Place
from db.records import ChatKind, Weight
from db.records.alerts import Level
from tests.receiver.faults import Fault, Kind, supergroup
from tests.receiver.record import Request
from tests.receiver.running import Receiver, receiving
from tests.scale import sized
from tests.scenarios.judging import (
    Noting,
    alerts_to_one_chat_are_apart,
    every_request_had_its_turn,
    flood_waits_are_kept,
    the_whole_bot_keeps_its_pace,
)
from tests.scenarios.stage import FAST, Stage, staged, subscribe

PEOPLE: Final = range(1, sized(2_000, 10_000) + 1)
GROUPS: Final = range(-60, 0)
LATE: Final = range(10_001, 10_101)
"""They subscribe in autumn."""

FLOODED: Final = frozenset(PEOPLE[6::200])
BLOCKED: Final = frozenset(PEOPLE[10::100])
BROKEN: Final = frozenset(PEOPLE[12::200])
CUT: Final = frozenset(PEOPLE[16::400])
CUT_AFTER: Final = frozenset(PEOPLE[18::400])
SLOW: Final = frozenset(PEOPLE[22::50])
MOVED: Final = frozenset(GROUPS[:30])
ASLEEP: Final = frozenset(PEOPLE[::10]) - BLOCKED
"""It is night where they live."""

EVERY: Final = (*BROKEN, *BLOCKED, *CUT, *CUT_AFTER, *FLOODED, *GROUPS, *PEOPLE[4::50])
"""They hear every update; the others hear big news."""

PLAN: Final = (
    Fault(kind=Kind.BAN, after=len(PEOPLE) * 2 // 5, seconds=2),
    Fault(kind=Kind.FLOOD, chats=FLOODED, seconds=2),
    Fault(kind=Kind.GONE, chats=BLOCKED, times=None),
    Fault(kind=Kind.MOVED, chats=MOVED, times=None),
    Fault(kind=Kind.BROKEN, chats=BROKEN),
    Fault(kind=Kind.CUT, chats=CUT),
    Fault(kind=Kind.CUT_AFTER, chats=CUT_AFTER),
    Fault(kind=Kind.SLOW, chats=SLOW, seconds=0.3),
)
BERLIN: Final[dict[str, Any]] = {
    "zone": "Europe/Berlin",
    "quiet_from": time(22),
    "quiet_to": time(7),
}

WINDOW: Final = 128
OLDER, NEWEST = "The fifth of length.", "The newest of length."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the receiver had counted at the end of each part."""

    overtaken: int  # requests by when the news was overtaken by newer
    evening: list[Request]
    night: list[Request]
    morning: list[Request]
    autumn_night: list[Request]
    everything: list[Request]
    returned: int  # the chat that had blocked the bot, and wrote again


async def test_thousands_are_told_whatever_goes_wrong(tmp_path: Path) -> None:
    gate = Noting(FAST)
    async with (
        receiving(*PLAN) as receiver,
        staged(tmp_path / "story.sqlite3", receiver.url, gate=gate, window=WINDOW) as stage,
    ):
        told = await broadcast(stage, receiver)
    print(figures(told.evening))  # noqa: T201 - figures
    everybody_has_the_newest(told)
    nobody_has_it_twice(told)
    edits_before_it_was_sent_are_one_message(told)
    every_request_had_its_turn(told.everything, gate)
    flood_waits_are_kept(told.everything, gate, FLOODED, window=WINDOW)
    who_blocked_the_bot_is_left_alone_until_they_write(told)
    groups_are_followed(told)
    the_order_in_each_chat_is_kept(told)
    the_whole_bot_keeps_its_pace(gate)
    alerts_to_one_chat_are_apart(gate)
    nights_are_quiet_when_clocks_go_forward(told)
    nights_are_quiet_when_clocks_go_back(told)


async def broadcast(stage: Stage, receiver: Receiver) -> Told:
    """Let one evening of spring, its night, and one night of autumn go by."""
    await subscribe(stage.database, set(PEOPLE) - ASLEEP - set(EVERY))
    await subscribe(stage.database, EVERY, level=Level.EVERY)
    await subscribe(stage.database, ASLEEP, **BERLIN)
    stage.hour.set("2025-03-29 21:30")
    length = await stage.fact("length")
    cost = await stage.fact("cost", weight=Weight.ORDINARY)
    for edit in ("first", "second", "third", "fourth", "fifth"):
        await stage.change(length, f"The {edit} of length.")
    await stage.change(cost, "The newest of cost.")
    async with stage.at_work():
        await receiver.until(len(PEOPLE) // 5)
        await stage.change(length, NEWEST)
        overtaken = await receiver.count()
        await stage.settled(apart=ASLEEP)
        evening = await receiver.record()
        night = await passed(stage, receiver, "2025-03-30 04:58")
        stage.hour.set("2025-03-30 05:00")
        await stage.settled()
        morning = await receiver.record()
        returned = min(BLOCKED)
        place = Place(chat_id=returned, kind=ChatKind.PRIVATE)
        await stage.answering.answer("What is new?", place)
        gone = Fault(kind=Kind.GONE, chats=BLOCKED - {returned}, times=None)
        await receiver.plan(gone, Fault(kind=Kind.MOVED, chats=MOVED, times=None))
        await subscribe(stage.database, LATE, level=Level.EVERY, **BERLIN)
        stage.hour.set("2025-10-25 20:30")
        await stage.change(cost, "The autumn of cost.")
        await stage.settled(apart=LATE)
        autumn_night = await passed(stage, receiver, "2025-10-26 05:58")
        stage.hour.set("2025-10-26 06:00")
        await stage.settled()
    return Told(
        overtaken=overtaken,
        evening=evening,
        night=night,
        morning=morning,
        autumn_night=autumn_night,
        everything=await receiver.record(),
        returned=returned,
    )


async def passed(stage: Stage, receiver: Receiver, hour: str) -> list[Request]:
    """Let it be that hour until what is due has been looked for; return what has come by then."""
    stage.hour.set(hour)
    await stage.looked_again()
    return await receiver.record()


def everybody_has_the_newest(told: Told) -> None:
    last = {
        request.chat_id: headline(request)
        for request in told.morning
        if request.is_shown and "of length" in headline(request)
    }
    reachable = set(PEOPLE) - BLOCKED | (set(GROUPS) - MOVED) | {supergroup(n) for n in MOVED}
    assert last == dict.fromkeys(reachable, NEWEST)


def nobody_has_it_twice(told: Told) -> None:
    """A message is doubled only where the connection broke before its answer came."""
    sent = Counter(
        (request.chat_id, headline(request)) for request in told.everything if request.is_sent
    )
    doubled = Counter(chat for (chat, _), times in sent.items() if times > 1)
    assert doubled.keys() <= CUT_AFTER
    assert max(sent.values()) <= 2
    # Whoever has the older one already has it edited; but not what was in flight just then.
    both = sum(
        sent[chat, OLDER] and sent[chat, NEWEST] for chat, _ in sent if chat not in CUT_AFTER
    )
    assert both <= WINDOW


def edits_before_it_was_sent_are_one_message(told: Told) -> None:
    about_length = [headline(request) for request in told.everything]
    assert {each for each in about_length if "of length" in each} == {OLDER, NEWEST}
    assert OLDER not in about_length[told.overtaken + WINDOW :]


def who_blocked_the_bot_is_left_alone_until_they_write(told: Told) -> None:
    tries = Counter(each.chat_id for each in told.everything if each.chat_id in BLOCKED)
    assert tries == {**dict.fromkeys(BLOCKED, 1), told.returned: 2}
    (heard,) = [each for each in told.everything if each.chat_id == told.returned and each.is_sent]
    assert headline(heard) == "The autumn of cost."


def groups_are_followed(told: Told) -> None:
    """A group that has become a supergroup is asked for by its old number once."""
    old = Counter(each.chat_id for each in told.everything if each.chat_id in MOVED)
    assert old == dict.fromkeys(MOVED, 1)
    moved = {supergroup(group) for group in MOVED}
    for group in moved | (set(GROUPS) - MOVED):
        heard = {headline(each) for each in told.everything if each.chat_id == group}
        assert heard >= {NEWEST, "The newest of cost."}


def the_order_in_each_chat_is_kept(told: Told) -> None:
    order = (OLDER, "The newest of cost.", NEWEST)
    heard: dict[int, list[int]] = {}
    for request in told.evening:
        if request.is_shown:
            heard.setdefault(request.chat_id, []).append(order.index(headline(request)))
    assert [each for each in heard.values() if each != sorted(each)] == []
    assert sum(set(each) >= {1, 2} for each in heard.values()) == len(set(EVERY) - BLOCKED)


def nights_are_quiet_when_clocks_go_forward(told: Told) -> None:
    assert [each for each in told.night if each.chat_id in ASLEEP] == []
    heard = Counter(each.chat_id for each in told.morning if each.chat_id in ASLEEP)
    assert heard == dict.fromkeys(ASLEEP, 1)


def nights_are_quiet_when_clocks_go_back(told: Told) -> None:
    assert [each for each in told.autumn_night if each.chat_id in LATE] == []
    heard = Counter(each.chat_id for each in told.everything if each.chat_id in LATE)
    assert heard == dict.fromkeys(LATE, 1)


def headline(request: Request) -> str:
    """Return what a message tells first."""
    return request.text.split("\n")[0].removeprefix("<b>").removesuffix("</b>")


def figures(came: list[Request]) -> str:
    """Return how much was sent, how fast, and what went wrong."""
    took = came[-1].at - came[0].at
    faults = Counter(request.ended for request in came if request.ended is not Kind.DONE)
    told = ", ".join(f"{count} {kind}" for kind, count in faults.items())
    return f"{len(came)} requests in {took:.1f} s; {told}"
