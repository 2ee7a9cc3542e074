"""A small bot for the terminal's tests: python -m tests.rehearsal.echo plays it."""

import asyncio
import html
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.errors import StorydeskError
from bot.rehearsal.console import client
from bot.rehearsal.console.played import Played
from bot.telegram.http import AiohttpRequest

BUTTONS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Tell me if this changes", callback_data="follow:1"),
            InlineKeyboardButton("Not what I asked", callback_data="other:1"),
        ]
    ]
)


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_html("<b>I follow one story.</b>\nAsk me about it.")


async def helped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_html("This is the bot's own help.")


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message
    await message.reply_html(
        f"<b>You asked:</b> {html.escape(message.text or '')}\n"
        '<i>TASS, 19 May · <a href="https://example.org/v">still true?</a></i>\n'
        "<blockquote expandable>Earlier: it was\ntwo hours</blockquote>",
        reply_markup=BUTTONS,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
    )


async def tapped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query
    await query.answer("Noted")
    await query.edit_message_text(f"You tapped {query.data}")


async def offered(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.inline_query
    assert query
    content = InputTextMessageContent(f"<b>{html.escape(query.query)}</b>", parse_mode="HTML")
    await query.answer([InlineQueryResultArticle("1", "First", content, description="today")])


def application(url: str, token: str) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Return the bot, not yet started."""
    built = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(connections=1))
        .job_queue(None)
        .build()
    )
    built.add_handler(CommandHandler("start", start))
    built.add_handler(CommandHandler("help", helped))
    built.add_handler(MessageHandler(filters.TEXT, echo))
    built.add_handler(CallbackQueryHandler(tapped))
    built.add_handler(InlineQueryHandler(offered))
    return built


@asynccontextmanager
async def running(url: str, token: str) -> AsyncIterator[Played]:
    """Run the bot against the server at `url`."""
    bot = application(url, token)
    async with bot:
        await bot.bot.set_my_commands([("help", "What I can do")])
        await bot.start()
        assert bot.updater
        await bot.updater.start_polling(timeout=5)
        try:
            yield Played(rested=bot.update_queue.join)
        finally:
            await bot.updater.stop()
            await bot.stop()


def main() -> int:
    """Play it at the port named on the command line, any if none is."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    try:
        return asyncio.run(client.rehearse(running, port=port))
    except StorydeskError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
