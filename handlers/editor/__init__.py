"""What editors write and press. Each part of the desk names its own routes."""

from typing import Any, Final

from telegram.ext import BaseHandler

from handlers.context import Context
from handlers.editor import (
    adding,
    alerts,
    articles,
    changing,
    channels,
    closing,
    desk,
    figures,
    files,
    founding,
    people,
    prompts,
    records,
    resolving,
    saved,
    suggestions,
    why,
    words,
)

ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    *people.ROUTES,
    *adding.ROUTES,
    *alerts.ROUTES,
    *articles.ROUTES,
    *changing.ROUTES,
    *channels.ROUTES,
    *closing.ROUTES,
    *desk.ROUTES,
    *figures.ROUTES,
    *files.ROUTES,
    *founding.ROUTES,
    *prompts.ROUTES,
    *records.ROUTES,
    *resolving.ROUTES,
    *saved.ROUTES,
    *suggestions.ROUTES,
    *why.ROUTES,
)
"""Commands and buttons of the desk. None of them overlap but `/desk here` and `/desk gone`, which
`people` takes before any other /desk."""

WORDS: Final = words.ROUTE
COMMANDS: Final = prompts.COMMANDS
"""Both are looked at before all else."""
