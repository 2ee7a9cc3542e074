"""What editors write and press. Each part of the desk names its own routes."""

from typing import Any, Final

from telegram.ext import BaseHandler

from handlers.context import Context
from handlers.editor import alerts, why, words

ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (*alerts.ROUTES, *why.ROUTES)
"""Commands and buttons of the desk, in no particular order: none of them overlap."""

WORDS: Final = words.ROUTE
