"""Which handler a button reaches: the one that says so by the kinds of press that it matches on."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.views.presses import Press, code_of
from handlers.context import Context


class PressHandler(CallbackQueryHandler[Context, Any]):
    """Takes the presses of some kinds, also those whose values are forged or of another time."""

    def __init__(
        self, callback: Callable[[Update, Context], Coroutine[Any, Any, None]], *kinds: type[Press]
    ) -> None:
        """Let `callback` do what presses of `kinds` mean."""
        self.kinds = kinds
        codes = frozenset(kind.code for kind in kinds)
        super().__init__(
            callback, pattern=lambda data: isinstance(data, str) and code_of(data) in codes
        )
