"""When requests may start: pace, flood waits, and who goes first."""

import asyncio
import time
from collections.abc import Iterable

import pytest

from bot.messaging.gate import LET_PASS_SECONDS, Gate, Lane, Pace

FAST = Pace(per_second=1000, chat_seconds=0.0, group_per_minute=1000)


async def started(gate: Gate, chats: Iterable[int], lane: Lane) -> list[float]:
    """Return when requests to `chats`, all asked for at once, started; seconds from now."""
    began = time.monotonic()

    async def one(chat_id: int) -> float:
        await gate.turn(chat_id, lane)
        return time.monotonic() - began

    return sorted(await asyncio.gather(*(one(chat) for chat in chats)))


def most_within(starts: list[float], seconds: float) -> int:
    """Return the largest number of starts in any window of `seconds`."""
    return max(sum(at <= each < at + seconds for each in starts) for at in starts)


async def test_the_pace_of_the_whole_bot_is_kept_and_used() -> None:
    gate = Gate(Pace(per_second=40, chat_seconds=0.0))
    starts = await started(gate, range(60), Lane.ALERT)
    assert most_within(starts, 1.0) <= 41
    assert starts[-1] == pytest.approx(59 / 40, rel=0.2)


async def test_alerts_to_one_chat_are_apart() -> None:
    gate = Gate(Pace(per_second=1000, chat_seconds=0.1))
    starts = await started(gate, [5, 5, 5, 6], Lane.ALERT)
    assert starts[1] < 0.09  # the other chat does not wait
    assert starts[3] - starts[2] >= 0.099
    assert starts[3] >= 0.199


async def test_an_answer_does_not_wait_for_the_pace_of_its_chat() -> None:
    gate = Gate(Pace(per_second=1000, chat_seconds=10.0))
    starts = await started(gate, [5, 5, 5], Lane.ANSWER)
    assert starts[-1] < 1.0


async def test_a_group_hears_no_more_than_its_minute_allows() -> None:
    gate = Gate(Pace(per_second=1000, chat_seconds=0.0, group_per_minute=3))
    for _ in range(3):
        await gate.turn(-100)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gate.turn(-100), 0.2)
    assert 59.0 < await gate.turn(-100, Lane.ALERT) <= 60.0  # it does not wait here for so long
    await asyncio.wait_for(gate.turn(100), 0.2)


async def test_answers_go_before_alerts_that_came_earlier() -> None:
    gate = Gate(Pace(per_second=20, chat_seconds=0.0))
    await gate.turn(1)
    order: list[str] = []

    async def one(name: str, chat_id: int, lane: Lane) -> None:
        await gate.turn(chat_id, lane)
        order.append(name)

    alerts = [asyncio.create_task(one("alert", chat, Lane.ALERT)) for chat in (2, 3, 4)]
    await asyncio.sleep(0)
    await asyncio.gather(*alerts, one("answer", 5, Lane.ANSWER))
    assert order == ["answer", "alert", "alert", "alert"]


async def test_a_flooded_chat_waits_alone_and_to_the_end() -> None:
    gate = Gate(FAST)
    gate.flooded(5, 0.3)
    gate.flooded(5, 0.1)  # a shorter wait does not end a longer one
    others = await started(gate, [6, 7, 8], Lane.ALERT)
    assert others[-1] < 0.2
    begun = time.monotonic()
    await gate.turn(5)
    assert 0.05 < time.monotonic() - begun < 1.0
    assert (await started(gate, [5], Lane.ANSWER))[0] < 0.1


async def test_when_most_are_told_to_wait_everybody_waits() -> None:
    gate = Gate(FAST)
    for chat in range(4):
        gate.flooded(chat, 0.3)
    starts = await started(gate, [90, 91], Lane.ANSWER)
    assert starts[0] >= 0.29


async def test_single_waits_among_many_that_pass_stay_with_their_chats() -> None:
    gate = Gate(FAST)
    for chat in range(20):
        gate.flooded(chat, 5.0)
        for _ in range(7):
            gate.passed()
    assert (await started(gate, [90], Lane.ALERT))[0] < 1.0


async def test_no_burst_follows_a_flood_wait() -> None:
    gate = Gate(Pace(per_second=20, chat_seconds=0.0))
    for chat in range(4):
        gate.flooded(chat, 0.5)
    starts = await started(gate, range(10, 34), Lane.ALERT)
    assert starts[0] >= 0.49
    assert most_within(starts, 1.0) <= 21


async def test_who_gives_up_takes_nobodys_turn() -> None:
    gate = Gate(Pace(per_second=1000, chat_seconds=0.05))
    await gate.turn(5, Lane.ALERT)
    waits = asyncio.create_task(gate.turn(5, Lane.ALERT))
    await asyncio.sleep(0.01)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    await asyncio.wait_for(gate.turn(5, Lane.ALERT), 1.0)


async def test_many_chats_do_not_stay_in_memory() -> None:
    gate = Gate(Pace(per_second=1_000_000, chat_seconds=0.0))
    for chat in range(10_000):
        gate.flooded(chat, 0.0)
        gate.passed()
    assert len(gate._chats) <= 5000


async def test_an_alert_does_not_sit_out_a_long_flood_wait_but_an_answer_does() -> None:
    gate = Gate(FAST)
    waiting = [asyncio.create_task(gate.turn(5, lane)) for lane in Lane]
    for _ in range(2):
        await gate.turn(5, Lane.ANSWER)
    assert [await task for task in waiting] == [0.0, 0.0]
    gate.flooded(5, 30.0)
    assert 29.0 < await gate.turn(5, Lane.ALERT) <= 30.0
    assert await gate.turn(6, Lane.ALERT) == 0.0
    assert not gate.closed
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gate.turn(5, Lane.ANSWER), 0.2)


async def test_alerts_that_wait_when_everybody_is_told_to_are_sent_back() -> None:
    gate = Gate(Pace(per_second=1, chat_seconds=0.0))
    await gate.turn(1)
    waiting = [asyncio.create_task(gate.turn(chat, Lane.ALERT)) for chat in range(2, 6)]
    await asyncio.sleep(0)
    for chat in range(20, 28):
        gate.flooded(chat, 60.0)
    assert gate.closed
    assert min(await asyncio.gather(*waiting)) > 59.0


async def test_alerts_stand_aside_while_an_answer_is_made_up_but_not_for_ever() -> None:
    gate = Gate(FAST)
    with gate.answering():
        (aside,) = await started(gate, [1], Lane.ALERT)
        (answer,) = await started(gate, [2], Lane.ANSWER)
        starts = await started(gate, range(10, 20), Lane.ALERT)
    assert LET_PASS_SECONDS <= aside < 2 * LET_PASS_SECONDS
    assert answer < 0.1
    assert starts[-1] < LET_PASS_SECONDS


async def test_alerts_go_on_as_soon_as_the_answer_is_made_up() -> None:
    gate = Gate(FAST)
    with gate.answering():
        waiting = asyncio.create_task(gate.turn(1, Lane.ALERT))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await asyncio.wait_for(waiting, 0.2) == 0.0


async def test_alerts_get_their_share_of_a_time_full_of_questions() -> None:
    gate = Gate(FAST)
    alerts = asyncio.create_task(started(gate, range(10_000), Lane.ALERT))
    began = time.monotonic()
    while time.monotonic() < began + 4 * LET_PASS_SECONDS:
        with gate.answering():
            await asyncio.sleep(0.05)
    left = sum(not waiter.turn.done() for waiter in gate._waiting[Lane.ALERT])
    alerts.cancel()
    assert 10_000 - left > 50


async def test_at_the_free_pace_there_is_room_between_alerts() -> None:
    gate = Gate(Pace(per_second=30, chat_seconds=0.0))
    with gate.answering():
        assert (await started(gate, range(3), Lane.ALERT))[-1] < 0.2


async def test_an_edit_need_not_be_apart_from_what_was_sent() -> None:
    gate = Gate(Pace(per_second=1000, chat_seconds=10.0))
    await gate.turn(5, Lane.ALERT)
    assert await asyncio.wait_for(gate.turn(5, Lane.ALERT, is_edit=True), 0.2) == 0.0
