"""What editors write and press. Each part of the desk names its own routes."""

from typing import Any, Final

from telegram.ext import BaseHandler

from handlers.context import Context
from handlers.editor import (
    adding,
    changing,
    closing,
    desk,
    figures,
    people,
    records,
    resolving,
    why,
    words,
)

ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    *people.ROUTES,
    *adding.ROUTES,
    *changing.ROUTES,
    *closing.ROUTES,
    *desk.ROUTES,
    *figures.ROUTES,
    *records.ROUTES,
    *resolving.ROUTES,
    *why.ROUTES,
)
"""Commands and buttons of the desk. None of them overlap but `/desk here` and `/desk gone`, which
`people` takes before any other /desk."""

WORDS: Final = words.ROUTE
