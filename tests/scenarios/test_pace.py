"""Telegram's free limits, over the wire: in every sliding window, and after a flood wait too."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Final

from bot.telegram.gate import Pace
from bot.views.message import Message
from db.records import Weight
from db.records.alerts import Level
from tests.clocks import HANG_SECONDS
from tests.receiver.faults import Fault, Kind
from tests.receiver.record import busiest
from tests.receiver.running import receiving
from tests.scenarios.judging import (
    ROUNDING_S,
    Noting,
    alerts_to_one_chat_are_apart,
    every_request_had_its_turn,
    flood_waits_are_kept,
    the_whole_bot_keeps_its_pace,
)
from tests.scenarios.stage import staged, subscribe

PACE: Final = Pace()
WINDOW: Final = 8
ANSWER: Final = Message(text_html="An answer.")
PEOPLE: Final = range(1, 271)
GROUPS: Final = (-1, -2)
FLOODED: Final = frozenset(PEOPLE[4::40])
CHANGES: Final = 25
"""Groups hear each; people the last two."""


async def test_the_free_limits_are_kept_in_every_window(tmp_path: Path) -> None:
    gate = Noting(PACE)
    ban = Fault(kind=Kind.BAN, after=200, seconds=2)
    flood = Fault(kind=Kind.FLOOD, chats=FLOODED, seconds=3)
    async with (
        receiving(ban, flood) as receiver,
        staged(tmp_path / "story.sqlite3", receiver.url, gate=gate, window=WINDOW) as stage,
    ):
        await subscribe(stage.database, PEOPLE, level=Level.EVERY, topics=("people",))
        await subscribe(stage.database, GROUPS, level=Level.EVERY)
        for number in range(CHANGES):
            topics = ("people",) if number >= CHANGES - 2 else ("groups",)
            fact = await stage.fact(f"fact-{number}", weight=Weight.ORDINARY, topics=topics)
            await stage.change(fact, f"The newest of {number}.")
        async with stage.at_work(cut_off=True):
            await receiver.until(1)
            for _ in range(5):
                await stage.messenger.send(ANSWER, chat_id=GROUPS[0])
            await all_had_their_share(gate)
        came = await receiver.record()
    every_request_had_its_turn(came, gate)
    the_whole_bot_keeps_its_pace(gate)
    alerts_to_one_chat_are_apart(gate)
    a_group_hears_no_more_than_its_minute_allows(gate)
    flood_waits_are_kept(came, gate, FLOODED, window=WINDOW)


async def all_had_their_share(gate: Noting) -> None:
    """Wait until people have heard both of theirs, and groups what a minute allows."""
    wanted = Counter(dict.fromkeys(PEOPLE, 2) | dict.fromkeys(GROUPS, PACE.group_per_minute))
    async with asyncio.timeout(HANG_SECONDS):
        while not gate.turns() >= wanted:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def a_group_hears_no_more_than_its_minute_allows(gate: Noting) -> None:
    """Answers are among the twenty. Both have more to hear."""
    for group in GROUPS:
        starts = [grant.at for grant in gate.given if grant.chat_id == group]
        assert busiest(starts, 60.0 - ROUNDING_S) <= PACE.group_per_minute
        assert len(starts) >= PACE.group_per_minute
