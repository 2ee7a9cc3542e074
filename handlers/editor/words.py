"""Words and files of the desk's people that are no commands: meant for the desk, or a question."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from telegram import Update
from telegram.ext import ApplicationHandlerStop, MessageHandler

from handlers import arguments, filters
from handlers.context import Context
from handlers.editor import prompts, typed_buttons
from handlers.editor.facts import additions
from handlers.editor.files import uploads

Taker: TypeAlias = Callable[[Update, Context], Awaitable[bool]]
"""Does what the words of a member of the desk order, and tells whether they ordered anything."""

TAKERS: Final[tuple[Taker, ...]] = (
    typed_buttons.take,
    uploads.take,
    prompts.doubt,
    prompts.take,
    additions.take_line,
)
"""In order: the first that takes the words is the last to see them. A button's own words press it.
What may be a question is asked about before a dialogue takes it; an addition in one line, for which
nobody waits, comes last."""


async def take(update: Update, context: Context) -> None:
    """Give the words of a member of the desk to the part that waits for them, if one does."""
    if (await context.arrival(arguments.actor(update))).role is None:
        return
    for taker in TAKERS:
        if await taker(update, context):
            raise ApplicationHandlerStop


ROUTE: Final = MessageHandler(filters.DESK_WORDS, take)
