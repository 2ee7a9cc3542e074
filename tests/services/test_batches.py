"""What several tasks ask for at once is done together, and fails apart."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.services.batches import Batches


class Work:
    """Doubles numbers, but for those below zero; held back until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.go.wait()
        if min(items) < 0:
            raise ValueError(min(items))
        return [2 * each for each in items]


async def test_what_comes_meanwhile_is_done_together() -> None:
    work = Work()
    batches = Batches(work)
    asked = [asyncio.create_task(batches.do(number)) for number in range(5)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*asked) == [0, 2, 4, 6, 8]
    assert work.batches == [[0], [1, 2, 3, 4]]


async def test_what_fails_fails_alone() -> None:
    work = Work()
    work.go.set()
    batches = Batches(work)
    ended = await asyncio.gather(*map(batches.do, (1, 2, -3, 4)), return_exceptions=True)
    assert [each for each in ended if isinstance(each, int)] == [2, 4, 8]
    with pytest.raises(ValueError, match="-3"):
        raise next(each for each in ended if isinstance(each, Exception))


async def test_who_gives_up_leaves_the_others_their_turn() -> None:
    work = Work()
    batches = Batches(work)
    asked = [asyncio.create_task(batches.do(number)) for number in range(4)]
    await asyncio.sleep(0)
    asked[0].cancel()
    asked[2].cancel()
    work.go.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert ended[1::2] == [2, 6]
    assert work.batches[-1] == [1, 3]
