"""Who is told why, and what of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.services.answering import CONVERSATION, Answering
from bot.services.answers import Place
from bot.services.explaining import Explaining
from bot.services.indexing import Shelf
from db.engine import Database
from db.records import ChatKind
from tests import bridge
from tests.samples import AT

OWNER = 77
PRIVATE = Place(chat_id=OWNER, kind=ChatKind.PRIVATE)


class Desk:
    """Both services over one story and a clock that the test moves."""

    def __init__(self, database: Database, *, owners: tuple[int, ...] = (OWNER,)) -> None:
        self.at = AT
        shelf = Shelf(database)
        self.answering = Answering(database, clock=lambda: self.at, shelf=shelf)
        self.explaining = Explaining(database, shelf, owners=owners, clock=lambda: self.at)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> Any:
    path = tmp_path / "bridge.sqlite3"
    await bridge.build(path)
    database = await Database.open(path)
    yield database
    await database.close()


async def test_nobody_is_told_by_default(store: Database) -> None:
    desk = Desk(store, owners=())
    assert await desk.explaining.why("how long?", PRIVATE, person_id=OWNER) is None
    assert await desk.explaining.why("how long?", PRIVATE, person_id=None) is None


async def test_only_owners_are_told_and_only_in_private(store: Database) -> None:
    desk = Desk(store)
    assert await desk.explaining.why("", PRIVATE, person_id=OWNER + 1) is None
    for kind in (ChatKind.GROUP, ChatKind.SUPERGROUP):
        group = Place(chat_id=-5, kind=kind)
        assert await desk.explaining.why("how long?", group, person_id=OWNER) is None
    given = await desk.explaining.why("How long is the bridge?", PRIVATE, person_id=OWNER)
    assert given is not None
    assert given.explanation is not None
    assert given.explanation.verdict.told[0].document.text == "It is 412 metres long."


async def test_the_last_answer_is_explained_with_what_it_leaned_on(store: Database) -> None:
    desk = Desk(store)
    await desk.answering.answer("When was the bridge opened?", PRIVATE)
    desk.at += timedelta(minutes=1)
    told = await desk.answering.answer("and closed?", PRIVATE)
    desk.at += CONVERSATION * 3
    given = await desk.explaining.why("", PRIVATE, person_id=OWNER)
    assert given is not None
    assert given.explanation is not None
    assert given.explanation.understood.text == "and closed?"
    numbers = [each.document.id for each in given.explanation.verdict.candidates]
    assert numbers[:1] == [each.fact.id for each in told.candidates[:1]]
    assert given.explanation.rankings[0].contenders[0].from_chat != 0


async def test_other_chats_are_nobodys_business(store: Database) -> None:
    desk = Desk(store)
    await desk.answering.answer("When was the bridge opened?", Place(chat_id=5, kind=PRIVATE.kind))
    given = await desk.explaining.why("", PRIVATE, person_id=OWNER)
    assert given is not None
    assert given.explanation is None
