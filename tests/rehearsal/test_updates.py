"""getUpdates: offsets, waiting, conflicts, age."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.rehearsal.api.refusals import Refused
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.api.updates import UpdateQueue
from bot.rehearsal.world.world import Chat, Person
from tests.clocks import Clock, leaping
from tests.rehearsal.conftest import Raw


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def queue(clock: Clock) -> AsyncIterator[UpdateQueue]:
    """A queue on a clock that the test moves, and whose pauses leap."""
    with leaping():
        yield UpdateQueue(now=clock.seconds)


def now() -> float:
    return asyncio.get_running_loop().time()


async def fetched(
    queue: UpdateQueue,
    offset: int = 0,
    *,
    limit: int = 100,
    timeout_s: float = 0,
    allowed: list[str] | None = None,
) -> list[int]:
    batch = await queue.fetch(offset=offset, limit=limit, timeout_s=timeout_s, allowed=allowed)
    return [update["update_id"] for update in batch]


def put(queue: UpdateQueue, times: int = 1, kind: str = "message") -> list[int]:
    updates = [queue.put(kind, {}) for _ in range(times)]
    return [update.id for update in updates if update]


async def test_an_update_stays_until_a_later_offset_passes_it(queue: UpdateQueue) -> None:
    first, second = put(queue, 2)
    assert await fetched(queue, first) == [first, second]
    assert await fetched(queue, first) == [first]  # asked again at once: one only
    await asyncio.sleep(0.5)
    assert await fetched(queue, first) == [first, second]
    assert await fetched(queue, second) == [second]
    assert await fetched(queue, second + 1) == []
    assert queue.pending == []


async def test_negative_offset_keeps_the_last(queue: UpdateQueue) -> None:
    ids = put(queue, 5)
    assert await fetched(queue, -2) == ids[-2:]
    assert [update.id for update in queue.pending] == ids[-2:]


async def test_limit_is_clamped(queue: UpdateQueue) -> None:
    ids = put(queue, 120)
    assert await fetched(queue, limit=7) == ids[:7]
    assert len(await fetched(queue, ids[0] + 1, limit=1000)) == 100
    assert len(await fetched(queue, ids[0] + 2, limit=0)) == 100


async def test_a_poll_waits_for_the_first_update(queue: UpdateQueue) -> None:
    poll = asyncio.create_task(fetched(queue, timeout_s=5))
    await asyncio.sleep(4.9)
    assert not poll.done()
    ids = put(queue)
    assert await poll == ids
    assert now() == 4.9


async def test_a_poll_ends_empty_after_its_timeout(queue: UpdateQueue) -> None:
    assert await fetched(queue, timeout_s=7) == []
    assert now() == 7


async def test_a_second_poll_ends_the_first(queue: UpdateQueue) -> None:
    first = asyncio.create_task(fetched(queue, timeout_s=5))
    await asyncio.sleep(1)
    second = asyncio.create_task(fetched(queue, timeout_s=5))
    with pytest.raises(Refused, match="terminated by other getUpdates request") as refused:
        await first
    assert refused.value.status == 409
    ids = put(queue)
    assert await second == ids


async def test_repeating_an_offset_may_be_slowed(queue: UpdateQueue) -> None:
    queue.repeat_pause = 3
    await fetched(queue, 5)
    await asyncio.sleep(1)
    await fetched(queue, 5)
    assert now() == 4


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("message", 24 * 3600),
        ("callback_query", 150),
        ("inline_query", 30),
        ("chosen_inline_result", 600),
    ],
)
async def test_updates_grow_too_old(
    queue: UpdateQueue, clock: Clock, kind: str, seconds: int
) -> None:
    ids = put(queue, kind=kind)
    clock.pass_(seconds - 1)
    assert await fetched(queue) == ids
    clock.pass_(2)
    assert await fetched(queue, 1) == []


async def test_allowed_updates_are_remembered(queue: UpdateQueue) -> None:
    assert put(queue, kind="chat_member") == []
    await fetched(queue, allowed=["callback_query"])
    assert put(queue) == []
    await fetched(queue)
    assert put(queue) == []
    assert len(put(queue, kind="callback_query")) == 1
    await fetched(queue, allowed=[])
    assert len(put(queue)) == 1


async def test_a_confirmed_update_can_come_again(queue: UpdateQueue) -> None:
    first, second = put(queue, 2)
    await fetched(queue)
    assert await fetched(queue, second + 1) == []
    queue.repeat(first)
    assert await fetched(queue, second + 1) == [first]
    assert await fetched(queue, second + 1) == []


async def test_updates_can_come_in_the_wrong_order(queue: UpdateQueue) -> None:
    ids = put(queue, 3)
    queue.reverse()
    assert await fetched(queue) == ids[::-1]


async def test_a_closed_queue_ends_its_poll(queue: UpdateQueue) -> None:
    poll = asyncio.create_task(fetched(queue, timeout_s=30))
    await asyncio.sleep(1)
    queue.close()
    assert await poll == []
    assert now() == 1


async def test_long_poll_over_http(api: RehearsalServer, raw: Raw, reader: Person) -> None:
    poll = asyncio.create_task(raw("getUpdates", timeout=50))
    await api.until(lambda: api.calls("getUpdates"))
    await api.say(reader, api.world.private(reader), "hello")
    body = await poll
    assert [update["message"]["text"] for update in body["result"]] == ["hello"]


async def test_conflict_over_http(api: RehearsalServer, raw: Raw) -> None:
    first = asyncio.create_task(raw.refused("getUpdates", timeout=50))
    await api.until(lambda: api.calls("getUpdates"))
    assert (await raw("getUpdates"))["result"] == []
    assert await first == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_wrong_allowed_updates_are_refused(api: RehearsalServer, raw: Raw) -> None:
    assert "allowed_updates" in await raw.refused("getUpdates", allowed_updates=[1])
    assert "allowed_updates" in await raw.refused("getUpdates", allowed_updates="[")
    api.violations.clear()


async def test_dropping_what_waits(api: RehearsalServer, raw: Raw, chat: Chat) -> None:
    assert chat.person
    await api.say(chat.person, chat, "old")
    info: dict[str, Any] = (await raw("getWebhookInfo"))["result"]
    assert info == {"url": "", "has_custom_certificate": False, "pending_update_count": 1}
    await raw("deleteWebhook", drop_pending_updates=True)
    assert (await raw("getUpdates"))["result"] == []
