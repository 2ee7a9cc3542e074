"""Who is told why, and what of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import NotAllowed
from bot.search.evidence.columns import TOLD
from bot.services.answers.explanations import Explanations
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.services.arrivals import CONVERSATION
from db.desk import audit
from db.engine import Database
from db.records import ChatKind
from db.records.desk import Role
from tests.factories import actor, seat
from tests.samples import AT

OWNER = 77
PRIVATE = Place(chat_id=OWNER, kind=ChatKind.PRIVATE)


class Desk:
    """Both services over one story and a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.at = AT
        cache = IndexCache(database)
        self.answering = ReaderAnswers(database, clock=lambda: self.at, cache=cache)
        self.explaining = Explanations(database, cache, clock=lambda: self.at)


@pytest_asyncio.fixture
async def store(story_file: Path) -> Any:
    database = await Database.open(story_file)
    await seat(database, OWNER, Role.EDITOR)
    yield database
    await database.close()


async def test_only_editors_are_told_and_only_at_their_desk(store: Database) -> None:
    desk = Desk(store)
    await seat(store, OWNER + 1, Role.CONTRIBUTOR)
    for somebody in (actor(OWNER + 1), actor(OWNER + 2), actor(OWNER, chat=-5), actor(0)):
        with pytest.raises(NotAllowed):
            await desk.explaining.why("how long?", somebody)
    async with store.reading() as session:
        kept = await audit.newest(session, limit=9)
    assert [(each.person, each.action, each.refused) for each in kept] == [
        (0, "why", True),
        (OWNER, "why", True),
        (OWNER + 2, "why", True),
        (OWNER + 1, "why", True),
    ]
    given = await desk.explaining.why("How long is the bridge?", actor(OWNER))
    assert given.explanation is not None
    assert given.explanation.verdict.told[0].document.text == "It is 412 metres long."


async def test_the_last_answer_is_explained_with_what_it_leaned_on(store: Database) -> None:
    desk = Desk(store)
    await desk.answering.answer("When was the bridge opened?", PRIVATE)
    desk.at += timedelta(minutes=1)
    told = await desk.answering.answer("and closed?", PRIVATE)
    desk.at += CONVERSATION * 3
    given = await desk.explaining.why("", actor(OWNER))
    assert given.explanation is not None
    assert given.explanation.understood.text == "and closed?"
    numbers = [each.document.id for each in given.explanation.verdict.candidates]
    assert numbers[:1] == [each.fact.id for each in told.candidates[:1]]
    parts = given.explanation.rankings[0].contenders[0].parts
    assert set(TOLD) & {part.name for part in parts}


async def test_other_chats_are_nobodys_business(store: Database) -> None:
    desk = Desk(store)
    await desk.answering.answer("When was the bridge opened?", Place(chat_id=5, kind=PRIVATE.kind))
    given = await desk.explaining.why("", actor(OWNER))
    assert given.explanation is None
