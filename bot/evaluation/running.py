"""Which way a file of questions is measured."""

import asyncio
from collections.abc import Callable
from typing import TypeAlias

from bot import desk
from bot.evaluation import own, public
from bot.evaluation.own import OwnFigures
from bot.evaluation.public import PublicFigures
from bot.evaluation.reading import OwnQuestion, PublicStory, Questions
from bot.settings import Settings

Figures: TypeAlias = PublicFigures | OwnFigures


def figures(questions: Questions, settings: Callable[[], Settings]) -> Figures:
    """Return the figures of one file; `settings` are asked for only where the database is used.

    Raises:
        SettingError: a setting is not accepted.
        StoreError: the database cannot be used.
    """
    stories = [each for each in questions if isinstance(each, PublicStory)]
    if stories:
        return public.measure(stories)
    asked = [each for each in questions if isinstance(each, OwnQuestion)]
    return asyncio.run(_own(asked, settings()))


async def _own(questions: list[OwnQuestion], settings: Settings) -> OwnFigures:
    timed = own.Timed()
    async with desk.opened(settings, ask=timed) as answering:
        return await own.measure(answering, questions, timed)
