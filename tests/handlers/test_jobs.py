"""The queue of jobs, when it is stopped."""

import asyncio
from datetime import timedelta

from telegram.ext import Application, ContextTypes

from bot.clock import now
from handlers.context import Context
from handlers.jobs import Jobs
from tests.clocks import HANG_SECONDS


async def test_a_stop_leaves_no_job_at_work_behind_it() -> None:
    queue = Jobs()
    builder = Application.builder().token("1:TOKEN").updater(None)
    application = builder.context_types(ContextTypes(context=Context)).job_queue(queue).build()
    assert application.job_queue is queue
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def first(_: Context) -> None:
        begun.set()
        await go_on.wait()
        ended.append("first")

    async def second(_: Context) -> None:
        ended.append("second")

    await queue.start()
    queue.run_once(first, timedelta(0))
    await begun.wait()
    stopping = asyncio.create_task(queue.stop())
    await asyncio.sleep(0)
    queue.run_once(second, timedelta(0))  # it would begin while the stop waits for the first
    for _ in range(9):
        await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert ended == ["first"]


async def test_jobs_do_not_wait_for_the_time_that_was_set_back() -> None:
    queue = Jobs()
    builder = Application.builder().token("1:TOKEN").updater(None)
    application = builder.context_types(ContextTypes(context=Context)).job_queue(queue).build()
    assert application.job_queue is queue
    ran = asyncio.Event()

    async def daily(_: Context) -> None:
        ran.set()

    await queue.start()
    job = queue.run_repeating(daily, timedelta(days=1), first=timedelta(days=1))
    queue.begin_again(now())
    async with asyncio.timeout(HANG_SECONDS):
        await ran.wait()
    again = job.next_t
    assert again is not None
    assert timedelta(hours=23) < again - now() <= timedelta(days=1)
    await queue.stop()
