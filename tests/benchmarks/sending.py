"""Alerts: how fast they leave, beside the library's own client; and readers meanwhile."""

import asyncio
import itertools
import os
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telegram import Update
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

import handlers
from bot import clock, parts
from bot.operations.metrics import Metrics
from bot.search import FactIndex
from bot.search.ranking import measures
from bot.services.files.imports import Imports
from bot.services.updates import Updates
from bot.settings import Settings
from bot.telegram.gate import Gate, Pace
from bot.telegram.http import AiohttpRequest
from bot.telegram.update_order import InOrder
from db.engine import Database
from handlers.context import SERVICES, Context, Desk
from handlers.jobs import Jobs
from tests.receiver.faults import Fault, Kind
from tests.receiver.running import Receiver, receiving
from tests.scenarios.stage import CONNECTIONS, Stage, staged, subscribe

ANSWER_S: Final = 0.06
IN_FLIGHT: Final = 100
FAST: Final = Pace(per_second=1000, chat_seconds=0)
TOKEN: Final = "1:BENCH"
ONE_IN_A_HUNDRED: Final = Fault(kind=Kind.FLOOD, chance=0.01, seconds=1)

QUESTIONS: Final = (
    "How long did the call last?",
    "Where did they meet in Istanbul?",
    "Will there be new sanctions?",
    "recipe for pancakes",
)
PAUSE_S: Final = 0.02
"""How long a reader waits before the next question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What sending cost."""

    name: str
    sends: int
    per_second: float
    cpu_share: float  # of one core
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    broadcast: int = 10_000  # subscribers, while readers ask
    fan_out: int = 100_000  # subscribers of an alert
    slice: int = 5_000  # of them that are sent to, while the memory is watched


LONG: Final = Sizes(broadcast=100_000, fan_out=1_000_000, slice=30_000)


def run(sizes: Sizes) -> list[Sent]:
    """Return what sending costs, each in one run with the others."""
    library, ours = (asyncio.run(bare(kind)) for kind in ("library", "ours"))
    whole = asyncio.run(outbox("outbox at 1,000/s", 5_000, FAST, window=128))
    return [
        library,
        ours,
        _beside(whole, library),
        asyncio.run(outbox("outbox at 30/s", 600, Pace(), window=8)),
        asyncio.run(readers(sizes.broadcast)),
        *asyncio.run(fan_out(sizes.fan_out, sizes.slice)),
    ]


def table(found: Iterable[Sent]) -> str:
    """Return a table of `found`."""
    rows = ["| what | sends | a second | of a core | |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {each.name} | {each.sends:,} | {each.per_second:,.0f} | {each.cpu_share:.0%} "
        f"| {each.note} |"
        for each in found
    ]
    return "\n".join(rows)


async def bare(kind: str, count: int = 2_000) -> Sent:
    """Send without an outbox, `IN_FLIGHT` at once, by our client or by the library's."""
    async with receiving(delay_s=ANSWER_S) as receiver, sender(receiver, kind) as bot:
        waiting = asyncio.Semaphore(IN_FLIGHT)

        async def one(chat_id: int) -> None:
            async with waiting:
                await bot.send_message(chat_id, "News.")

        began = _Spent()
        await asyncio.gather(*(one(number) for number in range(1, count + 1)))
    return began.since(f"{kind}, {IN_FLIGHT} in flight, no outbox", count)


async def outbox(name: str, count: int, pace: Pace, *, window: int) -> Sent:
    """Send through everything: fan-out, leases, gate, commits."""
    async with (
        receiving(delay_s=ANSWER_S) as receiver,
        newsroom(receiver, count, pace=pace, window=window) as stage,
    ):
        await stage.broadcasting.tick()
        began = _Spent()
        await stage.delivering.tick()
        took = began.since(name, count)
    return _noted(took, f"{took.per_second / pace.per_second:.1%} of the pace")


async def readers(count: int) -> Sent:
    """Answer readers during a broadcast with 1 % flood waits; beside answers with none.

    A question comes as an update and goes all the way: rights, search, records, message.
    """
    async with receiving(delay_s=ANSWER_S) as receiver, whole_bot(receiver, count) as desk:
        idle = [await _answered(desk, number) for number in range(100)]
        await receiver.plan(ONE_IN_A_HUNDRED, seed=7, delay_s=ANSWER_S)
        services = desk.bot_data[SERVICES]
        await services.alerts.broadcasts.tick()
        busy: list[float] = []
        began = _Spent()
        sending = asyncio.create_task(services.alerts.deliveries.tick())
        while not sending.done():
            busy.append(await _answered(desk, len(busy)))
            await asyncio.sleep(PAUSE_S)
        await sending
        took = began.since("outbox with 1 % flood waits, and readers", count)
    quiet, loud = measures.percentile(idle, 95) or 0.0, measures.percentile(busy, 95) or 0.0
    said = f"{len(busy)} answers, p95 {loud * 1000:.0f} ms; idle {quiet * 1000:.0f} ms"
    return _noted(took, said)


async def fan_out(count: int, some: int) -> list[Sent]:
    """Give one alert to `count` subscribers, then send it to some of them: time and memory."""
    async with (
        receiving(delay_s=ANSWER_S) as receiver,
        newsroom(receiver, count, pace=FAST, window=128) as stage,
    ):
        before, began = _peak_mb(), _Spent()
        await stage.broadcasting.tick()
        given = began.since("fan-out alone", count)
        grown = _peak_mb() - before
        began, memory = _Spent(), []
        sending = asyncio.create_task(stage.delivering.tick())
        while await receiver.count() < some:
            memory.append(_resident_mb())
            await asyncio.sleep(0.5)
        sent = began.since(f"the first {some:,} of them", some)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
    settled = memory[len(memory) // 10 :]
    return [
        _noted(given, f"{count / given.per_second:.1f} s, {grown:.0f} MB more memory at its peak"),
        _noted(sent, f"memory between {min(settled):.0f} and {max(settled):.0f} MB"),
    ]


@asynccontextmanager
async def sender(receiver: Receiver, kind: str) -> AsyncIterator[ExtBot[None]]:
    """Give a bot that sends to the receiver, by our client or by the library's own."""
    request: BaseRequest = (
        AiohttpRequest(connections=CONNECTIONS)
        if kind == "ours"
        else HTTPXRequest(connection_pool_size=CONNECTIONS)
    )
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"{receiver.url}/bot", request=request)
    await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


@asynccontextmanager
async def newsroom(
    receiver: Receiver, count: int, *, pace: Pace, window: int
) -> AsyncIterator[Stage]:
    """Give the parts with an alert that is due and `count` subscribers to hear it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "story.sqlite3"
        async with staged(path, receiver.url, gate=Gate(pace), window=window) as stage:
            await subscribe(stage.database, range(1, count + 1))
            await stage.change(await stage.fact("length"), "It is 412 metres long.")
            yield stage


@asynccontextmanager
async def whole_bot(receiver: Receiver, count: int) -> AsyncIterator[Desk]:
    """Give the bot on the bundled story, with an alert for `count` subscribers; its clock stands.

    It polls nothing: updates are handed to it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "story.sqlite3"
        async with staged(path, receiver.url) as stage:
            await Imports(stage.database, clock.now).load_bundled_if_empty()
            await subscribe(stage.database, range(1, count + 1))
            await stage.change(await stage.fact("length"), "It is 412 metres long.")
        settings = Settings(sends_per_second=1000)
        database = await Database.open(path)
        gate = Gate(Pace(per_second=settings.sends_per_second))
        async with sender(receiver, "ours") as bot:
            desk: Desk = (
                Application.builder()
                .bot(bot)
                .updater(None)
                .concurrent_updates(InOrder(working=lambda _: _answering(gate)))
                .context_types(ContextTypes(context=Context))
                .job_queue(Jobs())
                .build()
            )
            updates = Updates(database, keep=settings.keep)
            services = parts.services(
                database,
                bot,
                settings,
                FactIndex.ask,
                gate,
                clock.now,
                updates=updates,
                metrics=Metrics(),
            )
            desk.bot_data[SERVICES] = services
            handlers.register(desk)
            await desk.initialize()
            await services.answers.reader.story()
            try:
                yield desk
            finally:
                await database.close()


@asynccontextmanager
async def _answering(gate: Gate) -> AsyncIterator[None]:
    with gate.answering():
        yield


_UPDATES: Final = itertools.count(1)


async def _answered(desk: Desk, number: int) -> float:
    """Return how long one question took to be answered, in seconds."""
    update_id = next(_UPDATES)
    person = {"id": 10**9 + update_id, "is_bot": False, "first_name": "Reader"}
    message = {
        "message_id": update_id,
        "date": int(time.time()),
        "chat": {"id": person["id"], "type": "private", "first_name": "Reader"},
        "from": person,
        "text": QUESTIONS[number % len(QUESTIONS)],
    }
    update = Update.de_json({"update_id": update_id, "message": message}, desk.bot)
    began = time.perf_counter()
    await desk.update_processor.process_update(update, desk.process_update(update))
    return time.perf_counter() - began


class _Spent:
    """Time and processor time from now on."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def since(self, name: str, sends: int) -> Sent:
        """Return what was spent on so many sends."""
        took = time.perf_counter() - self._began
        share = (time.process_time() - self._cpu) / took
        return Sent(name=name, sends=sends, per_second=sends / took, cpu_share=share)


def _noted(sent: Sent, note: str) -> Sent:
    return Sent(
        name=sent.name,
        sends=sent.sends,
        per_second=sent.per_second,
        cpu_share=sent.cpu_share,
        note=note,
    )


def _beside(whole: Sent, library: Sent) -> Sent:
    ratio = whole.per_second / library.per_second
    return _noted(whole, f"{ratio:.1f} times the library's client; {whole.note}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
