"""Batches: what several tasks ask for at the same moment is done for all of them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

LARGEST: Final = 64
"""Items of one batch, so that the first of them does not wait for long."""


@dataclass(slots=True, eq=False)
class _Entry(Generic[_Item, _Result]):
    item: _Item
    ended: "asyncio.Future[_Result]"


class Batches(Generic[_Item, _Result]):
    """Hands items to a function in batches: while one is at work, the next one gathers.

    There is no task and no timer: the first that waits does the work for those behind it.
    """

    def __init__(self, work: Callable[[Sequence[_Item]], Awaitable[Sequence[_Result]]]) -> None:
        """Take what does the work; it returns a result for each item and must be all or nothing."""
        self._work = work
        self._waiting: list[_Entry[_Item, _Result]] = []
        self._turn = asyncio.Lock()

    async def do(self, item: _Item) -> _Result:
        """Return what comes of an item; raises what the work on it raises.

        Where a batch fails, each of its items is done once more, by itself.
        """
        entry = _Entry[_Item, _Result](item, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            async with self._turn:
                if not entry.ended.done():
                    await self._work_off()
        finally:
            if entry in self._waiting:  # given up
                self._waiting.remove(entry)
        return entry.ended.result()

    async def _work_off(self) -> None:
        taken, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
        try:
            await self._try(taken)
        finally:  # cancelled: the others go first in the next batch
            self._waiting[:0] = [each for each in taken if not each.ended.done()]

    async def _try(self, taken: Sequence[_Entry[_Item, _Result]]) -> None:
        try:
            results = await self._work([each.item for each in taken])
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for it
            if len(taken) == 1:
                taken[0].ended.set_exception(error)
                return
            for each in taken:
                await self._try([each])
        else:
            for each, result in zip(taken, results, strict=True):
                each.ended.set_result(result)
