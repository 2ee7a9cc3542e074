"""When requests may start: pace, flood waits, and who goes first.

All on a clock that leaps: starts come at their exact moments, however busy the machine is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable

import pytest
import pytest_asyncio

from bot.telegram.gate import (
    FLOODED_IN_A_ROW,
    LET_PASS_SECONDS,
    LET_PASS_SHARE,
    SIGN_SECONDS,
    Gate,
    Lane,
    Pace,
)
from tests.clocks import leaping

FAST = Pace(per_second=1000, chat_seconds=0.0, group_per_minute=1000)
SOON = 0.002
"""How long two starts at that pace take; nobody waits for anything else by then."""


@pytest_asyncio.fixture(autouse=True)
async def _leaping() -> AsyncIterator[None]:
    with leaping():
        yield


def a_gate(pace: Pace = FAST) -> Gate:
    """Return a gate whose clock is that of the test's event loop."""
    return Gate(pace, clock=now)


def now() -> float:
    return asyncio.get_running_loop().time()


async def started(gate: Gate, chats: Iterable[int], lane: Lane) -> list[float]:
    """Return when requests to `chats`, all asked for at once, started; seconds from now."""
    began = now()

    async def one(chat_id: int) -> float:
        await gate.turn(chat_id, lane)
        return now() - began

    return sorted(await asyncio.gather(*(one(chat) for chat in chats)))


async def took(turn: Awaitable[float]) -> float:
    """Return how long somebody waits until they may start."""
    began = now()
    assert await turn == 0.0
    return now() - began


def exactly(*seconds: float) -> object:
    return pytest.approx(list(seconds), abs=1e-6)


def most_within(starts: list[float], seconds: float) -> int:
    """Return the largest number of starts in any window of `seconds`."""
    return max(sum(at <= each < at + seconds for each in starts) for at in starts)


async def test_the_pace_of_the_whole_bot_is_kept_and_used() -> None:
    gate = a_gate(Pace(per_second=40, chat_seconds=0.0))
    starts = await started(gate, range(60), Lane.ALERT)
    assert starts == exactly(*(number / 40 for number in range(60)))
    assert most_within(starts, 1.0) <= 40


async def test_alerts_to_one_chat_are_apart() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=0.1))
    starts = await started(gate, [5, 5, 5, 6], Lane.ALERT)
    assert starts == exactly(0, 0.001, 0.1, 0.2)  # the other chat does not wait


async def test_an_answer_does_not_wait_for_the_pace_of_its_chat() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=10.0))
    starts = await started(gate, [5, 5, 5], Lane.ANSWER)
    assert starts == exactly(0, 0.001, 0.002)


async def test_a_group_hears_no_more_than_its_minute_allows() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=0.0, group_per_minute=3))
    for _ in range(3):
        await asyncio.sleep(10)
        await gate.turn(-100)
    assert await gate.turn(-100, Lane.ALERT) == 40.0  # it does not wait here for so long
    assert await took(gate.turn(100)) <= SOON
    assert await started(gate, [-100, -100], Lane.ANSWER) == exactly(40, 50)


async def test_answers_go_before_alerts_that_came_earlier() -> None:
    gate = a_gate(Pace(per_second=20, chat_seconds=0.0))
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
    gate = a_gate()
    gate.flooded(5, 0.3)
    gate.flooded(5, 0.1)  # a shorter wait does not end a longer one
    assert await started(gate, [6, 7, 8], Lane.ALERT) == exactly(0, 0.001, 0.002)
    await gate.turn(5)
    assert now() == pytest.approx(0.3)
    assert await took(gate.turn(5)) <= SOON


async def test_when_all_are_told_to_wait_everybody_waits() -> None:
    gate = a_gate()
    gate.passed()
    for chat in range(FLOODED_IN_A_ROW):
        gate.flooded(chat, 0.3)
    assert (await started(gate, [90, 91], Lane.ANSWER))[0] == pytest.approx(0.3)


async def test_chats_that_flood_keep_nobody_else_waiting() -> None:
    gate = a_gate()
    for _ in range(20):
        for chat in range(FLOODED_IN_A_ROW - 1):
            gate.flooded(chat, 30.0)
    assert not gate.closed
    assert await took(gate.turn(90, Lane.ANSWER)) <= SOON
    gate.passed()
    for chat in range(100, 120):  # many of them, while others are served
        gate.flooded(chat, 30.0)
        gate.passed()
    assert await took(gate.turn(91, Lane.ALERT)) <= SOON


async def test_however_many_chats_flood_nobody_else_waits() -> None:
    gate = a_gate(Pace(per_second=10_000, burst=20))
    flooding = range(1, 40)
    for _ in range(15):
        await asyncio.gather(*(gate.turn(chat) for chat in flooding))
    for chat in flooding:
        gate.flooded(chat, 30.0)
    assert not gate.closed
    assert await took(gate.turn(90)) <= SOON


async def test_refusals_of_long_ago_are_no_sign() -> None:
    gate = a_gate()
    for chat in range(3 * FLOODED_IN_A_ROW):
        gate.flooded(chat, 1.0)
        await asyncio.sleep(SIGN_SECONDS / 2)
    assert not gate.closed


async def test_answers_to_one_chat_are_even_after_a_burst() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=1.0, burst=3))
    assert await started(gate, [5] * 5, Lane.ANSWER) == exactly(0, 0.001, 0.002, 1, 2)
    assert await took(gate.turn(6)) <= SOON


async def test_single_waits_among_many_that_pass_stay_with_their_chats() -> None:
    gate = a_gate()
    for chat in range(20):
        gate.flooded(chat, 5.0)
        for _ in range(7):
            gate.passed()
    assert await took(gate.turn(90, Lane.ALERT)) == 0.0


async def test_no_burst_follows_a_flood_wait() -> None:
    gate = a_gate(Pace(per_second=20, chat_seconds=0.0))
    for chat in range(FLOODED_IN_A_ROW):
        gate.flooded(chat, 0.5)
    starts = await started(gate, range(10, 34), Lane.ALERT)
    assert starts[0] == pytest.approx(0.5)
    assert most_within(starts, 1.0) <= 20


async def test_who_gives_up_takes_nobodys_turn() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=0.05))
    await gate.turn(5, Lane.ALERT)
    waits = asyncio.create_task(gate.turn(5, Lane.ALERT))
    await asyncio.sleep(0.01)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    assert await took(gate.turn(5, Lane.ALERT)) == pytest.approx(0.04)


async def test_many_chats_do_not_stay_in_memory() -> None:
    gate = a_gate(Pace(per_second=1_000_000, chat_seconds=0.0))
    for chat in range(10_000):
        gate.flooded(chat, 0.0)
        gate.passed()
    assert len(gate._chats) <= 5000


async def test_an_alert_does_not_sit_out_a_long_flood_wait_but_an_answer_does() -> None:
    gate = a_gate()
    waiting = [asyncio.create_task(gate.turn(5, lane)) for lane in Lane]
    for _ in range(2):
        await gate.turn(5, Lane.ANSWER)
    assert [await task for task in waiting] == [0.0, 0.0]
    gate.flooded(5, 30.0)
    assert await gate.turn(5, Lane.ALERT) == 30.0
    assert await gate.turn(6, Lane.ALERT) == 0.0
    assert not gate.closed
    assert 30.0 - SOON <= await took(gate.turn(5, Lane.ANSWER)) <= 30.0


async def test_alerts_that_wait_when_everybody_is_told_to_are_sent_back() -> None:
    gate = a_gate(Pace(per_second=1, chat_seconds=0.0))
    await gate.turn(1)
    waiting = [asyncio.create_task(gate.turn(chat, Lane.ALERT)) for chat in range(2, 6)]
    await asyncio.sleep(0)
    for chat in range(20, 28):
        gate.flooded(chat, 60.0)
    assert gate.closed
    assert await asyncio.gather(*waiting) == [60.0] * 4


async def test_alerts_stand_aside_while_an_answer_is_made_up_but_not_for_ever() -> None:
    gate = a_gate()
    with gate.answering():
        aside = await took(gate.turn(1, Lane.ALERT))
        answer = await took(gate.turn(2, Lane.ANSWER))
        starts = await started(gate, range(10, 20), Lane.ALERT)
    assert aside == pytest.approx(LET_PASS_SECONDS)
    assert answer <= SOON
    assert starts[-1] < LET_PASS_SECONDS / 10


async def test_alerts_go_on_as_soon_as_the_answer_is_made_up() -> None:
    gate = a_gate()
    with gate.answering():
        waiting = asyncio.create_task(gate.turn(1, Lane.ALERT))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await took(waiting) == 0.0


async def test_alerts_get_their_share_of_a_time_full_of_questions() -> None:
    gate = a_gate()
    alerts = asyncio.create_task(started(gate, range(3_000), Lane.ALERT))
    while now() < 4 * LET_PASS_SECONDS:
        with gate.answering():
            await asyncio.sleep(0.05)
    left = sum(not waiter.turn.done() for waiter in gate._waiting[Lane.ALERT])
    alerts.cancel()
    share = (1 - LET_PASS_SHARE) * 3 * LET_PASS_SECONDS * FAST.per_second
    assert 3_000 - left >= share


async def test_at_the_free_pace_there_is_room_between_alerts() -> None:
    gate = a_gate(Pace(per_second=30, chat_seconds=0.0))
    with gate.answering():
        starts = await started(gate, range(3), Lane.ALERT)
    assert starts == exactly(0, 1 / 30, 2 / 30)


async def test_an_edit_need_not_be_apart_from_what_was_sent() -> None:
    gate = a_gate(Pace(per_second=1000, chat_seconds=10.0))
    await gate.turn(5, Lane.ALERT)
    assert await took(gate.turn(5, Lane.ALERT, is_edit=True)) <= SOON
