"""Readers' words at the desk, over the wire: what readers tap, what editors make of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app
from bot.clock import now
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.settings import Settings
from bot.views import presses, screens
from bot.views.message import plain
from bot.views.questions import suggestions as views
from bot.views.questions.suggestions import TakeAll
from db import story
from db.engine import Database
from db.facts import facts
from db.questions import suggestions
from db.records.desk import Role
from db.records.suggestions import SuggestionState
from tests import bridge
from tests.desk import exchanged, waiting_for
from tests.handlers.editor.conftest import asked, seated
from tests.samples import AT


@pytest_asyncio.fixture
async def store(story_file: Path) -> AsyncIterator[Database]:
    """The database; in tests that start and stop the bot themselves too."""
    opened = await Database.open(story_file)
    async with opened.writing() as session:
        await story.compare_up_to(session, len(bridge.DRAFTS))
    yield opened
    await opened.close()


async def tapped(server: RehearsalServer, name: str, words: str, choice: int) -> Chat:
    """Let a reader ask, and tap a choice of "Which one?"."""
    reader = server.world.person(name)
    theirs = server.world.private(reader)
    shown = await asked(server, reader, theirs, words)
    await server.press(reader, shown, choice)
    return theirs


async def test_a_readers_tap_becomes_a_way_of_asking(
    store: Database, bot: app.Running, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    empty = await asked(server, owner, desk, "/words")
    assert empty.text == "Readers' words: nothing to look at."
    assert empty.labels == ["The desk"]
    await tapped(server, "Rea", "choose 1 2 | 3", 0)
    await tapped(server, "Reb", "choose 2 1 | 3", 0)
    await tapped(server, "Rec", "choose 2 1 |  3!", 0)
    screen = await asked(server, owner, desk, "/desk")
    assert "Readers' words: 2 to look at." in screen.text
    assert screen.labels == ["Readers' words", "Fresh look", "All facts"]
    await server.press(owner, screen, "Readers' words")
    assert screen.text.splitlines() == [
        "Readers' words: 2 to look at",
        "1. “choose 2 1 | 3”: #2 · When was the bridge closed? (2 chats, counts already)",
        "2. “choose 1 2 | 3”: #1 · When was the bridge opened? (1 chat)",
        "Take 1 and Not 1 are about the first; the next then comes first.",
    ]
    assert screen.labels == ["Take 1", "Not 1", "Take all 2", "The desk"]
    old = [button["callback_data"] for button in screen.buttons]
    await server.press(owner, screen, "Take 1")
    assert screen.text.startswith("#2 is found by this as well: choose 2 1 | 3\nReaders' words: 1")
    assert screen.labels == ["Take 1", "Not 1", "Undo"]
    assert (await bridge.standing(store, 2)).phrasings == ("choose 2 1 | 3",)
    await server.press(owner, screen, "Not 1")
    assert screen.text.startswith("Dismissed for #1: choose 1 2 | 3")
    assert screen.labels == ["Undo"]
    await server.press(owner, screen, "Undo")
    assert screen.text.startswith("Readers' words: 1 to look at")
    for data in old[:3]:
        toast = await server.press_data(owner, screen, data)
        if data == old[0]:
            assert toast.text == views.OUT_OF_DATE
    assert bot is not None


@pytest.mark.usefixtures("bot")
async def test_all_of_a_page_are_taken_and_undone_by_a_command(
    store: Database, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    for number in range(7):
        await tapped(server, f"Reader {number}", f"choose 1 2 | {number} {number}", 0)
    shown = await asked(server, owner, desk, "/words 1")
    assert shown.text.startswith("Readers' words on #1: 7 to look at, page 1 of 2")
    assert shown.labels == ["Take 1", "Not 1", "Take all 5", "More"]
    await server.press(owner, shown, "More")
    assert shown.labels == ["Take 1", "Not 1", "Take all 2", "The desk"]
    first = await asked(server, owner, desk, "/words")
    await server.press(owner, first, "Take all 5")
    assert len((await bridge.standing(store, 1)).phrasings) == 5
    await server.press(owner, shown, "Take all 2")
    assert "2 to look at" in shown.text, "the second page is gone, and nothing was taken"
    undone = await asked(server, owner, desk, "/undo")
    assert undone.text == "Undone. Readers' words are to be looked at again: /words."
    assert (await bridge.standing(store, 1)).phrasings == ()
    for words in ("/words x", "/words 99"):
        refused = await asked(server, owner, desk, words)
        assert "is no fact: write /words or /words 7." in refused.text


@pytest.mark.usefixtures("bot")
async def test_strangers_and_contributors_learn_nothing(
    store: Database, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await tapped(server, "Rea", "choose 1 2 | 3", 0)
    shown = await asked(server, owner, desk, "/words")
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    told = await asked(server, stranger, theirs, "/words")
    assert told.text == plain(screens.NO_SUCH_COMMAND)
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    refused = await asked(server, carl, server.world.private(carl), "/words")
    assert refused.text.startswith("Only an editor may do that")
    page = presses.parse(shown.buttons[0]["callback_data"])
    assert page is not None
    for data in [presses.encode(page), presses.encode(TakeAll(fact_id=0, page=0, seen=1))]:
        toast = await server.press_data(stranger, told, data)
        assert toast.text == screens.OLD_BUTTON
    forged = await server.press_data(
        owner, shown, presses.encode(TakeAll(fact_id=0, page=10**18, seen=1))
    )
    assert forged.text == views.OUT_OF_DATE
    async with store.reading() as session:
        found = await suggestions.by_id(session, 1)
    assert found is not None
    assert found.state is SuggestionState.OPEN


@pytest.mark.usefixtures("bot")
async def test_personal_data_is_never_shown(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await tapped(server, "Rea", "choose 1 2 my number is +380 67 123 45 67", 0)
    await tapped(server, "Reb", "choose 1 2 | 3 <b>&", 0)
    shown = await asked(server, owner, desk, "/words")
    assert "380" not in shown.text
    assert "“choose 1 2 | 3 <b>&”" in shown.text


@pytest.mark.usefixtures("bot")
async def test_a_new_fact_proposes_the_recent_questions_that_it_fits(
    store: Database, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    # The question names the fact that will come; before it comes, nothing is told.
    for name in ("Rea", "Reb"):
        reader = server.world.person(name)
        await asked(server, reader, server.world.private(reader), f"answer 6 {name}")
    preview = await asked(
        server, owner, desk, "/add Are buses allowed? | Only small ones. | Roads office"
    )
    await server.press(owner, preview, "Publish")
    shown = await server.next_message(desk)
    assert shown.text.startswith(
        "2 recent questions fit #6. Should their words find it from now on?\n"
        "Readers' words on #6: 2 to look at"
    )
    assert shown.labels == ["Take 1", "Not 1", "Take all 2", "The desk"]
    await server.press(owner, shown, "Take all 2")
    fact = await bridge.standing(store, 6)
    assert set(fact.phrasings) == {"answer 6 Rea", "answer 6 Reb"}


@pytest.mark.usefixtures("bot")
async def test_an_answer_to_a_waiting_question_proposes_others(
    store: Database, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await waiting_for(store, "How many ships passed?", [501], self_contained=True)
    await exchanged(store, "answer 6 ships", chat=502, self_contained=True, at=now())
    screen = await asked(server, owner, desk, "/desk")
    await server.press(owner, screen, "Answer 1")
    card = await server.next_message(desk)
    await server.press(owner, card, "Write an answer")
    await server.next_message(desk)
    preview = await asked(server, owner, desk, "Twelve ships.\nSource: Harbour office")
    await server.press(owner, preview, "Publish")
    shown = await server.next_message(desk)
    assert shown.text.startswith("1 recent question fits #6.")
    assert "“answer 6 ships”: #6 · How many ships passed? (1 chat)" in shown.text


async def test_what_came_without_the_bot_is_looked_for_when_it_runs(
    store: Database, settings: Settings, server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await exchanged(store, "answer 6 ships", chat=502, self_contained=True, at=now())
    async with store.writing() as session:
        ships = replace(bridge.DRAFTS[2], key="ships", question="How many ships passed?")
        await facts.add(session, ships, editor=None, at=AT)
    async with app.running(settings, ask=bridge.spelled_out):
        for _ in range(50):
            shown = await asked(server, owner, desk, "/words")
            if "answer 6 ships" in shown.text:
                break
    assert "1. “answer 6 ships”: #6 · How many ships passed? (1 chat)" in shown.text
