"""A process that works, dies, and lives again: the kill tests end each life with SIGKILL.

Run as `python -m tests.scenarios.lives alerts|answers|echo|fast-echo DATABASE API_URL`: a life
sends alerts, is the whole bot, or a bot of the library alone that says what it is told, with the
library's HTTP client or with ours. Prints the number of each life's process.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import Update
from telegram.ext import Application, ExtBot, MessageHandler, filters

from bot import app
from bot.rehearsal.api.server import TOKEN
from bot.services.alerts.broadcasts import Broadcasts
from bot.services.alerts.deliveries import Deliveries
from bot.services.answers.reader import ReaderAnswers
from bot.settings import Settings
from bot.telegram.alert_sender import AlertPost
from bot.telegram.gate import Gate, Pace
from bot.telegram.http import AiohttpRequest
from bot.telegram.messenger import Messenger
from db.engine import Database

WINDOW = 32


async def answer(path: str, api_url: str) -> None:
    """Be the bot until this process is killed."""
    settings = Settings(database=path, sends_per_second=1000).against(api_url, TOKEN)
    async with app.running(settings):
        await asyncio.Event().wait()


async def echo(_path: str, api_url: str, *, is_fast: bool = False) -> None:
    """Be the library's own bot, which says what it is told, until this process is killed."""

    async def say(update: Update, _context: object) -> None:
        if update.message is not None and update.message.text is not None:
            await update.message.reply_text(update.message.text)

    builder = Application.builder().token(TOKEN).base_url(f"{api_url}/bot").concurrent_updates(256)
    if is_fast:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    else:
        builder = builder.connection_pool_size(64).pool_timeout(60)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, say))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await asyncio.Event().wait()


async def echo_fast(path: str, api_url: str) -> None:
    """Be the same bot over our HTTP client."""
    await echo(path, api_url, is_fast=True)


async def send(path: str, api_url: str) -> None:
    """Send what is due until this process is killed."""
    database = await Database.open(path)
    bot: ExtBot[None] = ExtBot(TOKEN, base_url=f"{api_url}/bot", request=AiohttpRequest())
    await bot.initialize()
    gate = Gate(Pace(per_second=1000, chat_seconds=0))
    messenger = Messenger(bot, moved=ReaderAnswers(database).moved, gate=gate)
    broadcasting = Broadcasts(database)
    delivering = Deliveries(database, AlertPost(messenger), window=WINDOW)
    await delivering.begin()
    while True:
        await broadcasting.tick()
        await delivering.tick()
        await asyncio.sleep(0.05)


def main(work: str, path: str, api_url: str) -> None:
    """Begin a life, and another whenever one has ended, until standard input is closed."""
    lives: Mapping[str, Callable[[str, str], Coroutine[Any, Any, None]]] = {
        "alerts": send,
        "answers": answer,
        "echo": echo,
        "fast-echo": echo_fast,
    }
    live = lives[work]
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            asyncio.run(live(path, api_url))
        print(child, flush=True)  # noqa: T201 - the test reads it
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
