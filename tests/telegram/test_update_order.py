"""Turns: in order within a chat, side by side across chats, bounded for everyone."""

import asyncio
from collections.abc import Coroutine

from telegram import Chat, Message, Update

from bot.telegram.update_order import InOrder, Refusal
from tests.clocks import leaping
from tests.samples import AT


def an_update(chat_id: int) -> Update:
    message = Message(message_id=1, date=AT, chat=Chat(id=chat_id, type="private"))
    return Update(update_id=1, message=message)


async def run(processor: InOrder, work: list[tuple[int, Coroutine[None, None, None]]]) -> None:
    await asyncio.gather(
        *(processor.process_update(an_update(chat_id), each) for chat_id, each in work)
    )


async def test_one_chat_keeps_its_order_while_another_goes_on() -> None:
    done: list[str] = []

    async def step(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    with leaping():
        await run(InOrder(), [(1, step("a", 0.05)), (1, step("b", 0)), (2, step("c", 0.01))])
    assert done == ["c", "a", "b"]


async def test_what_floods_one_chat_is_dropped_and_other_chats_are_served() -> None:
    done: list[int] = []

    async def step(chat_id: int) -> None:
        await asyncio.sleep(0)
        done.append(chat_id)

    processor = InOrder(at_once=2, waiting=5)
    await run(processor, [(1, step(1)) for _ in range(50)] + [(2, step(2))])
    assert done.count(1) == 6
    assert done.count(2) == 1
    assert processor._lanes == {}


async def test_what_a_guard_refuses_is_not_worked_on_and_what_it_says_waits_for_its_turn() -> None:
    done: list[str] = []

    async def step(name: str) -> None:
        await asyncio.sleep(0.01)
        done.append(name)

    class Strict:
        async def judge(self, update: object) -> Refusal | None:
            assert isinstance(update, Update)
            return Refusal() if update.effective_chat and update.effective_chat.id == 3 else None

        async def overflow(self, _: object) -> Refusal:
            return Refusal(say=lambda: step("too much"))

    processor = InOrder(waiting=1)
    processor.guard = Strict()
    work = [(1, step("a")), (1, step("b")), (1, step("c")), (3, step("refused"))]
    with leaping():
        await run(processor, work)
    assert done == ["a", "b", "too much"]
    assert processor._lanes == {}


async def test_no_more_are_worked_on_at_once_than_allowed() -> None:
    at_work = most = 0

    async def step() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.001)
        at_work -= 1

    with leaping():
        await run(InOrder(at_once=4), [(chat_id, step()) for chat_id in range(40)])
    assert most == 4


async def test_a_failure_gives_the_turn_on() -> None:
    done: list[str] = []

    async def fail() -> None:
        raise ValueError

    async def step() -> None:
        done.append("after")

    processor = InOrder()
    results = await asyncio.gather(
        processor.process_update(an_update(1), fail()),
        processor.process_update(an_update(1), step()),
        return_exceptions=True,
    )
    assert isinstance(results[0], ValueError)
    assert done == ["after"]


async def test_a_stop_leaves_what_waits_and_lets_what_has_begun_end() -> None:
    done: list[str] = []
    processor = InOrder()

    async def begun() -> None:
        processor.stop()
        await asyncio.sleep(0)
        done.append("begun")

    async def waiting() -> None:
        done.append("waiting")

    await run(processor, [(1, begun()), (1, waiting()), (2, waiting())])
    assert done == ["begun"]
