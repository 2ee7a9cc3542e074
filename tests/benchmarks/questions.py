"""Questions: how many are answered a second, beside a bot that only echoes what it is told."""

import asyncio
import os
import random
import signal
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.search.ranking import measures
from tests.benchmarks import sets
from tests.clocks import HANG_SECONDS
from tests.receiver.running import Receiver, receiving
from tests.scenarios.test_killed import begun, living

READERS: Final = 100
WARMING: Final = 200
"""Questions that are asked before anything is measured."""

ASKED: Final = 600
_TICKS: Final = os.sysconf("SC_CLK_TCK")
LONGEST_S: Final = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What answering cost."""

    name: str
    questions: int
    per_second: float
    cpu_ms: float  # of the whole process, for one question
    p95_ms: float  # how long a reader waited
    memory_mb: float  # once all were answered


def run(count: int = ASKED) -> list[Answered]:
    """Return what answering costs, beside the echo, each in one run with the others."""
    different, as_asked = questions(count)
    warm = different[:WARMING]
    return [
        *asyncio.run(measured("echo", {"echo, the library's client": as_asked}, warm)),
        *asyncio.run(measured("fast-echo", {"echo, our client": as_asked}, warm)),
        *asyncio.run(
            measured(
                "answers",
                {
                    "answers, as readers ask": as_asked,
                    "answers, all different": different[WARMING:],
                },
                warm,
            )
        ),
    ]


def questions(count: int) -> tuple[list[str], list[str]]:
    """Return questions that are all different, and as many as readers ask: some far more often.

    The k-th most asked of them is asked 1/k as often as the most asked, as it is with words.
    """
    (story,) = sets.bundled().clean
    pool = list(dict.fromkeys((*(asked for asked, _ in story.questions), *story.off_topic)))
    chance = random.Random(1)
    chance.shuffle(pool)
    weights = [1 / rank for rank in range(1, len(pool) + 1)]
    return pool[: WARMING + count], chance.choices(pool, weights, k=count)


async def measured(
    kind: str, asked: dict[str, Sequence[str]], warm: Sequence[str]
) -> list[Answered]:
    """Return what it costs a bot of some kind to answer each list of questions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "story.sqlite3"
        async with receiving() as receiver, living(kind, path, receiver.url) as lives:
            number = await begun(lives)
            try:
                await _answered(receiver, warm)
                return [
                    await _measured(receiver, number, name, each) for name, each in asked.items()
                ]
            finally:
                os.kill(number, signal.SIGKILL)


def table(found: Iterable[Answered]) -> str:
    """Return a table of `found`; the first is what the others are compared with."""
    rows = [
        f"| what ({READERS} readers at once) | questions | a second | of the echo | CPU ms each "
        "| p95 ms | MB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    found = list(found)
    rows += [
        f"| {each.name} | {each.questions:,} | {each.per_second:,.0f} "
        f"| {each.per_second / found[0].per_second:.2f} | {each.cpu_ms:.2f} "
        f"| {each.p95_ms:,.0f} | {each.memory_mb:,.0f} |"
        for each in found
    ]
    return "\n".join(rows)


async def _measured(receiver: Receiver, number: int, name: str, asked: Sequence[str]) -> Answered:
    before = _cpu_s(number)
    took_s, waits_s = await _answered(receiver, asked)
    return Answered(
        name=name,
        questions=len(asked),
        per_second=len(asked) / took_s,
        cpu_ms=(_cpu_s(number) - before) / len(asked) * 1000,
        p95_ms=(measures.percentile(waits_s, 95) or 0.0) * 1000,
        memory_mb=_resident_mb(number),
    )


async def _answered(receiver: Receiver, asked: Sequence[str]) -> tuple[float, list[float]]:
    """Let readers ask, wait until all are answered, and return how long it took and each waited."""
    await receiver.ask(READERS, asked)
    async with asyncio.timeout(max(LONGEST_S, HANG_SECONDS)):
        while len((found := await receiver.asked())[1]) < len(asked):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.1)
    return found


def _cpu_s(number: int) -> float:
    """Return the processor time of a process."""
    fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_mb(number: int) -> float:
    pages = int(Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
