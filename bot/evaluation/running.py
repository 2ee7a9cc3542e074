"""Which way a file of questions is measured."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from bot import desk
from bot.evaluation import own, public
from bot.evaluation.own import OwnFigures
from bot.evaluation.public import PublicFigures
from bot.evaluation.reading import OwnQuestion, PublicStory, Questions
from bot.services.answers.index_cache import IndexCache, Snapshot, words
from bot.services.questions.saved import Run, SavedQuestions
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


def own_phrasings(settings: Settings) -> PublicFigures:
    """Return how well the story in the database is found by phrasings that it was not taught.

    Raises:
        StoreError: the database cannot be used.
    """
    indexed = asyncio.run(_indexed(settings))
    stories = public.held_out(indexed.index.documents, words(indexed.story.lexicon))
    return replace(public.measure(stories), stories=1, facts=len(indexed.index.documents))


def saved(settings: Settings) -> Run:
    """Return what the saved questions of the database get; each run is noted there.

    Raises:
        StoreError: the database cannot be used.
    """
    return asyncio.run(_saved(settings))


async def _saved(settings: Settings) -> Run:
    async with desk.stored(settings, alone=False) as database:
        return await SavedQuestions(database, IndexCache(database, meaning=settings.meaning)).run()


async def _indexed(settings: Settings) -> Snapshot:
    async with desk.stored(settings, alone=False) as database:
        return await IndexCache(database, meaning=settings.meaning).current()


async def _own(questions: list[OwnQuestion], settings: Settings) -> OwnFigures:
    timed = own.Timed()
    async with desk.opened(settings, ask=timed) as answering:
        return await own.measure(answering, questions, timed)
