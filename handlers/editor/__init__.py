"""What editors write and press. Each part of the desk names its own routes."""

from typing import Any, Final

from telegram.ext import BaseHandler

from handlers.context import Context
from handlers.editor import prompts, words
from handlers.editor.alerts import channel, controls, pending_sends
from handlers.editor.desk import audit, closure, inbox, members, statistics
from handlers.editor.facts import additions, article, changes
from handlers.editor.files import new_story, uploads
from handlers.editor.questions import explanations, resolutions, saved, suggestions

ROUTES: Final[tuple[BaseHandler[Any, Context, Any], ...]] = (
    *members.ROUTES,
    *additions.ROUTES,
    *controls.ROUTES,
    *pending_sends.ROUTES,
    *article.ROUTES,
    *changes.ROUTES,
    *channel.ROUTES,
    *closure.ROUTES,
    *inbox.ROUTES,
    *statistics.ROUTES,
    *uploads.ROUTES,
    *new_story.ROUTES,
    *prompts.ROUTES,
    *audit.ROUTES,
    *resolutions.ROUTES,
    *saved.ROUTES,
    *suggestions.ROUTES,
    *explanations.ROUTES,
)
"""Commands and buttons of the desk. None of them overlap but `/desk here` and `/desk gone`, which
`people` takes before any other /desk."""

WORDS: Final = words.ROUTE
COMMANDS: Final = prompts.COMMANDS
"""Both are looked at before all else."""
