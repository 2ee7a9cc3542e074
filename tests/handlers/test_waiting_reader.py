"""Readers pass questions on, and hear how it ended: over the wire, through crashes and refusals."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.services.questions.escalations import Refusal
from bot.views import screens
from bot.views.questions import escalations
from db.answers import exchanges, feedback
from db.engine import Database
from db.facts import facts
from db.questions import questions
from db.records import ChangeKind, FactDraft, Status
from db.records.desk import DeskQuestion, Wait
from tests.desk import waiting_for
from tests.handlers.conftest import NOW, Start
from tests.samples import AT
from tests.scale import sized

MANY: Final = sized(60, 200)
SHIPS = "missing how many ships passed under it"


@pytest.fixture
def reader(server: RehearsalServer) -> Person:
    return server.world.person("Reader")


@pytest.fixture
def private(server: RehearsalServer, reader: Person) -> Chat:
    return server.world.private(reader)


@pytest_asyncio.fixture
async def file(story_file: Path) -> AsyncIterator[Database]:
    """The database, with no bot on it yet."""
    opened = await Database.open(story_file)
    yield opened
    await opened.close()


async def asked(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    await server.say(person, chat, text)
    return await server.next_message(chat)


async def passed(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    message = await asked(server, person, chat, text)
    await server.press(person, message, "Pass it on")
    return message


async def waiting_questions(store: Database) -> list[DeskQuestion]:
    async with store.reading() as session:
        return await questions.waiting(session, limit=100)


async def settle(store: Database, state: Wait, fact_id: int | None = None) -> None:
    """End every wait, as the desk does."""
    async with store.writing() as session:
        for each in await questions.waiting(session, limit=100):
            await questions.settle(session, each.id, state, at=AT, by=77, fact_id=fact_id)


async def answer_known(store: Database) -> None:
    async with store.writing() as session:
        fact = await facts.by_id(session, 5)
        assert fact is not None
        draft = FactDraft(key=fact.key, text="A weld broke.", status=Status.CONFIRMED)
        await facts.revise(
            session, 5, 1, draft, kind=ChangeKind.UPDATE, reason=None, editor=None, at=AT
        )


@pytest.mark.usefixtures("bot")
async def test_a_question_is_passed_on_and_taken_back(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    message = await asked(server, reader, private, f"{SHIPS} | 4")
    assert message.labels == ["What will the repair cost?", "Pass it on"]
    assert (await server.press(reader, message, "Pass it on")).text == ""
    assert message.text == "Passed on. I answer here when the desk knows."
    assert message.labels == ["Never mind"]
    other = server.world.person("Other")
    theirs = await passed(server, other, server.world.private(other), f"{SHIPS} | 4")
    assert theirs.text == "Passed on. 1 other reader is waiting for the same answer."
    toast = await server.press(reader, message, "Never mind")
    assert toast.text == escalations.TAKEN_BACK
    assert message.text == "I don't have that."
    assert message.labels == ["What will the repair cost?", "Pass it on"]
    assert [each.waiting for each in await waiting_questions(store)] == [1]


@pytest.mark.usefixtures("bot")
async def test_not_what_i_asked_reaches_the_desk_and_can_be_passed_on(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    text = "answer 1 | 2 3 my mail is anna@example.org"
    answer = await asked(server, reader, private, text)
    await server.press(reader, answer, "Not what I asked")
    await server.press(reader, answer, "Pass it on")
    assert answer.text.startswith("Passed on.")
    (question,) = await waiting_questions(store)
    assert "anna@" not in question.question
    async with store.reading() as session:
        (said,) = await feedback.unsettled(session, limit=10)
    assert (said.fact_id, said.words) == (1, "answer 1 | 2 3 my mail is [removed]")


@pytest.mark.usefixtures("bot")
async def test_a_known_unknown_is_waited_for(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "unknown 5 | 2")
    assert answer.labels == ["Tell me when it is known", "Not what I asked"]
    before = answer.text
    await server.press(reader, answer, "Tell me when it is known")
    assert answer.text == f"{before}\n\nI will tell you when it is known."
    await server.press(reader, answer, "Never mind")
    assert (answer.text, answer.labels[0]) == (before, "Tell me when it is known")
    await answer_known(store)
    # The button is pressed after it has become known: the reader hears it at once.
    await server.press(reader, answer, "Tell me when it is known")
    told = await server.next_message(private)
    assert told.text.startswith("A weld broke.")
    assert await waiting_questions(store) == []


@pytest.mark.usefixtures("bot")
async def test_limits_are_told_in_a_notice(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    for number in range(5):
        await passed(server, reader, private, f"missing what is on pillar {number}")
    message = await asked(server, reader, private, "missing who owns the ferry")
    toast = await server.press(reader, message, "Pass it on")
    assert toast.text == escalations.REFUSALS[Refusal.TOO_MANY_WAIT]
    assert message.text == "I don't have that."
    assert len(await waiting_questions(store)) == 5
    assert all(len(each) <= 200 for each in escalations.REFUSALS.values())


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "data", ["1p:77", "1pn:1", "1pn:77", "1p", "1p:1:2", "1p:x", "1pz:1", "1p:99999999999999999999"]
)
async def test_forged_buttons_change_nothing(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, data: str
) -> None:
    message = await asked(server, reader, private, SHIPS)
    toast = await server.press_data(reader, message, data)
    assert toast.text == screens.OLD_BUTTON
    assert message.text == "I don't have that."
    assert await waiting_questions(store) == []


@pytest.mark.usefixtures("bot")
async def test_buttons_of_another_chat_and_of_an_answered_question_are_refused(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    message = await passed(server, reader, private, SHIPS)
    take_back = message.buttons[0]["callback_data"]
    stranger = server.world.person("Stranger")
    hello = await asked(server, stranger, server.world.private(stranger), "hello")
    for data in (take_back, take_back.replace("1pn", "1p")):
        assert (await server.press_data(stranger, hello, data)).text == screens.OLD_BUTTON
    answer = await asked(server, reader, private, "answer 1")
    forged = take_back.replace("1pn:1", "1p:3")
    assert (await server.press_data(reader, answer, forged)).text == screens.OLD_BUTTON
    await settle(store, Wait.GIVEN_UP)
    assert (await server.press_data(reader, message, take_back)).text == screens.OLD_BUTTON


async def test_the_answer_comes_as_a_reply_to_their_own_words_after_a_restart(
    server: RehearsalServer, reader: Person, private: Chat, start: Start, file: Database
) -> None:
    forum = server.world.supergroup("Town", reader, is_forum=True)
    thread = server.world.topic(forum, "Bridge", by=reader)
    async with start():
        await passed(server, reader, private, SHIPS)
        own = server.calls("editMessageText")[-1]
        question = await server.say(reader, forum, f"/ask {SHIPS}", thread=thread)
        missing = await server.next_message(forum)
        await server.press(reader, missing, "Pass it on")
        assert "1 other reader" in missing.text
    assert own.parameters["chat_id"] == private.id
    await settle(file, Wait.ANSWERED, 3)
    async with start():
        in_private = await server.next_message(private)
        in_forum = await server.next_message(forum)
        await server.quiet()
    assert (
        in_private.text == in_forum.text == "How long is the bridge?\nIt is 412 metres long.\n"
        "The desk, checked 20 May 2025 · still true?"
    )
    assert in_private.reply_to is not None
    assert in_private.reply_to.text == SHIPS
    assert (in_forum.reply_to, in_forum.thread) == (question, thread)
    async with start():
        await asked(server, reader, private, "hello")
        await server.quiet()
    assert len(server.sent(private)) == 3
    async with file.reading() as session:
        told = await exchanges.told(session, 3)
    assert sorted((each.chat_id, each.reply_message_id) for each in told) == sorted(
        [(private.id, in_private.id), (forum.id, in_forum.id)]
    )


@pytest.mark.parametrize(
    ("state", "text", "labels"),
    [
        (
            Wait.GIVEN_UP,
            "The desk could not find out. Ask again when there is more news.",
            ["What we know"],
        ),
        (
            Wait.EXPIRED,
            "Nobody has found out yet. You can pass the question on again.",
            ["Pass it on again", "What we know"],
        ),
    ],
)
async def test_a_reader_hears_that_nobody_found_out(
    server: RehearsalServer,
    reader: Person,
    private: Chat,
    start: Start,
    file: Database,
    state: Wait,
    text: str,
    labels: list[str],
) -> None:
    async with start():
        await passed(server, reader, private, SHIPS)
    await settle(file, state)
    async with start():
        heard = await server.next_message(private)
        assert (heard.text, heard.labels) == (text, labels)
        if state is Wait.EXPIRED:
            await server.press(reader, heard, "Pass it on again")
            assert heard.text.startswith("Passed on.")
            assert [each.waiting for each in await waiting_questions(file)] == [1]


async def test_many_waiting_readers_are_all_told_once(
    server: RehearsalServer, start: Start, file: Database
) -> None:
    people = [server.world.person(f"Reader {number}") for number in range(MANY)]
    rooms = [server.world.private(person) for person in people]
    for person in people:
        await server.open_bot(person)
    await waiting_for(file, SHIPS, [room.id for room in rooms], since=NOW)
    (question,) = await waiting_questions(file)
    assert question.waiting == MANY
    server.updates.clear()
    await server.block(people[7])
    await settle(file, Wait.ANSWERED, 3)
    server.faults.add(faults.flood(1))
    async with start():
        for person, room in zip(people, rooms, strict=True):
            if person is not people[7]:
                told = await server.next_message(room)
                assert told.text.startswith("How long is the bridge?\nIt is 412 metres long.")
        await server.quiet()
    assert [len(server.sent(room)) for room in rooms] == [int(p is not people[7]) for p in people]
    async with file.reading() as session:
        assert len(await exchanges.told(session, 3)) == MANY - 1


async def test_a_tick_that_is_late_is_not_skipped(
    server: RehearsalServer, reader: Person, private: Chat, start: Start, file: Database
) -> None:
    await server.open_bot(reader)
    await waiting_for(file, SHIPS, [private.id], since=NOW)
    await settle(file, Wait.GIVEN_UP)
    server.updates.clear()
    server.faults.add(faults.slow(1.5), method="getMe")
    async with start():
        heard = await server.next_message(private)
    assert heard.text.startswith("The desk could not find out.")
    assert heard.text.endswith(f"You asked: {SHIPS}")


@pytest.mark.usefixtures("bot")
async def test_passing_on_the_rest_leaves_the_answer_where_it_is(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "answer 3\nmissing who pays for it")
    told = answer.text
    assert told.endswith("I don't have: “who pays for it”")
    await server.press(reader, answer, "Pass on the rest")
    passed_on = await server.next_message(private)
    assert passed_on.text.startswith("Passed on.")
    assert answer.text == told
    (waiting,) = await waiting_questions(store)
    assert waiting.question == "who pays for it"
    await server.press(reader, passed_on, "Never mind")
    assert passed_on.text.startswith("I don't have that.")
    assert await waiting_questions(store) == []
