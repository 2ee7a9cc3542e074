"""Alerts: how fast they leave, beside the library's own client; and readers meanwhile."""

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Final

from sqlalchemy import insert
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.messaging.gate import Gate, Pace
from bot.messaging.message import Message
from bot.messaging.messenger import Messenger
from bot.messaging.post import AlertPost
from bot.messaging.wire import AiohttpRequest
from bot.search import measures
from bot.services.announcing import announce_change
from bot.services.answering import Answering
from bot.services.broadcasting import Broadcasting
from bot.services.delivering import Delivering
from db import facts
from db.alert_tables import SubscriptionRow
from db.engine import Database
from db.records import ChangeKind, ChatKind, FactDraft, Weight
from db.records.alerts import Level
from db.tables import ChatRow

ANSWER_S: Final = 0.06
IN_FLIGHT: Final = 100
FAST: Final = Pace(per_second=1000, chat_seconds=0)
LONG_AGO: Final = datetime(2025, 5, 19, 12, 0, tzinfo=UTC)
TOKEN: Final = "1:BENCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What sending cost."""

    name: str
    sends: int
    per_second: float
    cpu_share: float  # of one core
    note: str = ""


def run(numbers: Iterable[int]) -> list[Sent]:
    """Return what sending costs, each in one run with the others."""
    found = [asyncio.run(bare(kind)) for kind in ("library", "ours")]
    found.append(asyncio.run(outbox("outbox at 1,000/s", 5_000, FAST, window=128)))
    found.append(asyncio.run(outbox("outbox at 30/s", 600, Pace(), window=8)))
    found.append(asyncio.run(readers(5_000)))
    found += [asyncio.run(fan_out(number)) for number in numbers]
    return found


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
    async with receiving() as port, sender(port, kind) as bot:
        waiting = asyncio.Semaphore(IN_FLIGHT)

        async def one(chat_id: int) -> None:
            async with waiting:
                await bot.send_message(chat_id, "News.")

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(number) for number in range(1, count + 1)))
        took = time.perf_counter() - began
        share = (time.process_time() - cpu) / took
    name = f"{kind}, {IN_FLIGHT} in flight, no outbox"
    return Sent(name=name, sends=count, per_second=count / took, cpu_share=share)


async def outbox(name: str, count: int, pace: Pace, *, window: int) -> Sent:
    """Send through everything: fan-out, leases, gate, commits."""
    async with receiving() as port, sender(port, "ours") as bot, newsroom(count) as database:
        post = AlertPost(Messenger(bot, moved=_never, gate=Gate(pace)))
        await Broadcasting(database).tick()
        began, cpu = time.perf_counter(), time.process_time()
        await Delivering(database, post, window=window).tick()
        took = time.perf_counter() - began
        share = (time.process_time() - cpu) / took
    used = count / took / pace.per_second
    return Sent(
        name=name,
        sends=count,
        per_second=count / took,
        cpu_share=share,
        note=f"{used:.1%} of the pace",
    )


async def readers(count: int) -> Sent:
    """Answer readers during a broadcast with 1 % flood waits; beside answers with none."""
    async with (
        receiving(floods=0.01) as port,
        sender(port, "ours") as bot,
        newsroom(count) as database,
    ):
        messenger = Messenger(bot, moved=_never, gate=Gate(FAST))
        answering = Answering(database)
        await answering.story()
        idle = [await _answered(messenger) for _ in range(60)]
        await Broadcasting(database).tick()
        sending = asyncio.create_task(Delivering(database, AlertPost(messenger), window=128).tick())
        began, cpu = time.perf_counter(), time.process_time()
        busy = []
        while not sending.done():
            busy.append(await _answered(messenger))
            await asyncio.sleep(0.02)
        await sending
        took = time.perf_counter() - began
        share = (time.process_time() - cpu) / took
    quiet, loud = measures.percentile(idle, 95) or 0.0, measures.percentile(busy, 95) or 0.0
    return Sent(
        name="outbox with 1 % flood waits, and readers",
        sends=count,
        per_second=count / took,
        cpu_share=share,
        note=f"p95 of an answer {quiet * 1000:.0f} ms idle, {loud * 1000:.0f} ms meanwhile",
    )


async def fan_out(count: int) -> Sent:
    """Give one alert to `count` subscribers."""
    async with newsroom(count) as database:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, cpu = time.perf_counter(), time.process_time()
        await Broadcasting(database).tick()
        took = time.perf_counter() - began
        share = (time.process_time() - cpu) / took
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Sent(
        name="fan-out alone",
        sends=count,
        per_second=count / took,
        cpu_share=share,
        note=f"{took:.1f} s, {grown:.0f} MB more memory at its peak",
    )


async def _answered(messenger: Messenger) -> float:
    """Return how long one answer took to be delivered, in seconds."""
    began = time.perf_counter()
    await messenger.send(Message(text_html="An answer."), chat_id=10**9 + random.randrange(10**6))
    return time.perf_counter() - began


async def _never(_old: int, _new: int) -> None:
    raise AssertionError("nobody migrates here")


@asynccontextmanager
async def receiving(floods: float = 0.0) -> AsyncIterator[int]:
    """Give the port of a receiver in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.receiver",
        str(ANSWER_S),
        str(floods),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def sender(port: int, kind: str) -> AsyncIterator[ExtBot[None]]:
    """Give a bot that sends to the receiver, by our client or by the library's own."""
    request: BaseRequest = (
        AiohttpRequest(connections=256)
        if kind == "ours"
        else HTTPXRequest(connection_pool_size=256)
    )
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)
    await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


@asynccontextmanager
async def newsroom(count: int) -> AsyncIterator[Database]:
    """Give a database with an alert that is due and `count` subscribers to hear it."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "story.sqlite3")
        seen = {"kind": ChatKind.PRIVATE, "first_seen": LONG_AGO, "last_seen": LONG_AGO}
        wish = {
            "level": Level.BIG,
            "summary_at": clock_time(18),
            "topics": (),
            "since": LONG_AGO,
        }
        async with database.writing() as session:
            connection = await session.connection()
            for first in range(1, count + 1, 50_000):
                some = range(first, min(count + 1, first + 50_000))
                await connection.execute(insert(ChatRow), [{"id": n, **seen} for n in some])
                await connection.execute(
                    insert(SubscriptionRow), [{"chat_id": n, **wish} for n in some]
                )
            draft = FactDraft(key="length", text="It is 412 metres long.", weight=Weight.BIG)
            was = await facts.add(session, draft, editor=None, at=LONG_AGO)
            now = await facts.revise(
                session,
                was.id,
                1,
                FactDraft.of(was),
                kind=ChangeKind.UPDATE,
                reason=None,
                editor=None,
                at=LONG_AGO + timedelta(seconds=1),
            )
            assert now is not None
            await announce_change(
                session, now, was=was, kind=ChangeKind.UPDATE, editor=None, at=LONG_AGO
            )
        try:
            yield database
        finally:
            await database.close()
