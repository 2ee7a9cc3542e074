"""Editors save questions and test them; nobody else can."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views import screens
from bot.views.message import plain
from db.engine import Database
from db.questions import saved as saved_questions
from db.records.desk import Role, SavedQuestion
from tests import bridge
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated
from tests.handlers.editor.forwarding import forward

BUTTON = "Save this question"


async def everything(store: Database) -> list[SavedQuestion]:
    async with store.reading() as session:
        return await saved_questions.everything(session)


async def test_one_tap_saves_an_answer(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    answer = await asked(server, owner, desk, "answer 3 | 1")
    assert answer.labels == ["Not what I asked", BUTTON]
    toast = await server.press(owner, answer, BUTTON)
    assert toast.text == (
        "Saved as question 1. “answer 3 | 1” should get #3: It is 412 metres long."
    )
    (question,) = await everything(store)
    assert (question.question, question.fact_id, question.saved_by) == ("answer 3 | 1", 3, owner.id)
    await server.press(owner, answer, BUTTON)
    assert len(await everything(store)) == 1


async def test_saved_questions_are_tested_against_the_story_and_the_last_run(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    none = await asked(server, owner, desk, "/test")
    assert none.text.startswith("No questions are saved yet.")
    answer = await asked(server, owner, desk, "answer 3")
    await asked(server, owner, desk, "answer 1")
    await server.say(owner, desk, "/save", reply_to=answer)
    assert (await server.next_message(desk)).text.startswith("Saved as question 1. “answer 3”")
    last = await asked(server, owner, desk, "/save")
    assert last.text.startswith("Saved as question 2. “answer 1” should get #1: In 1931.")
    named = await asked(server, owner, desk, "/save #4 answer <2> & more")
    assert named.text == (
        "Saved as question 3. “answer <2> & more” should get #4: About nine million."
    )
    declined = await asked(server, owner, desk, "/save none missing")
    assert declined.text == "Saved as question 4. “missing” should be declined."
    run = await asked(server, owner, desk, "/test")
    assert run.text == (
        "3 right, 0 wrong, 1 declined. 4 saved in all.\n\n"
        "Declined, though there is a fact for it:\n"
        "• 3. answer <2> & more should get #4: About nine million.; gets “I don't have that”"
    )
    await bridge.withdraw(store, 3)
    run = await asked(server, owner, desk, "/test")
    assert run.text.startswith("2 right, 0 wrong, 2 declined.")
    assert "should get #3, which is withdrawn; gets “I don't have that”" in run.text
    assert "Otherwise than on" in run.text
    assert "• 1. answer 3 got #3; gets “I don't have that”" in run.text
    assert "Nothing differs from the run of" in (await asked(server, owner, desk, "/test")).text
    gone = await asked(server, owner, desk, "/save forget 3")
    assert gone.text == "No longer saved: answer <2> & more"
    assert [each.id for each in await everything(store)] == [1, 2, 4]


async def test_what_cannot_be_saved_is_said(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for words, says in (
        ("/save", "Nothing was asked here yet"),
        ("/save 7", "Nothing was asked here yet"),
        ("/save 99 how long", "There is no fact #99"),
        ("/save how long", "Reply /save to an answer"),
        ("/save forget 9", "There is no saved question 9"),
        ("/save " + "9" * 50 + " x", "Reply /save to an answer"),
    ):
        assert (await asked(server, owner, desk, words)).text.startswith(says), words
    assert await everything(store) == []


async def test_readers_and_contributors_have_no_part_in_it(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    mine = await asked(server, owner, desk, "answer 3")
    data = mine.buttons[0]["callback_data"]
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    reader = server.world.person("Reader")
    for person in (carl, reader):
        chat = server.world.private(person)
        answer = await asked(server, person, chat, "answer 1")
        assert BUTTON not in answer.labels
        for forged in (data, "2sa:2", "2sa:99", "2sa", "2sx:1"):
            await server.press_data(person, answer, forged)
    refusal = "Only an editor may do that"
    carls, theirs = server.world.private(carl), server.world.private(reader)
    for words in ("/save", "/save 3 how long", "/save forget 1", "/test"):
        await server.say(carl, carls, words)
        await server.say(reader, theirs, words)
    await server.quiet()
    assert all(each.text.startswith(refusal) for each in server.sent(carls)[-4:])
    assert all(each.text == plain(screens.NO_SUCH_COMMAND) for each in server.sent(theirs)[-4:])
    assert await everything(store) == []


async def test_forged_presses_and_forwarded_edited_or_public_words_save_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    reader = server.world.person("Reader")
    theirs = await asked(server, reader, server.world.private(reader), "answer 1")
    mine = await asked(server, owner, desk, "answer 3")
    for forged in ("2sa:1", "2sa:99", "2sa:-1", "2sa", "2sz:1"):
        toast = await server.press_data(owner, mine, forged)
        assert toast.text == screens.OLD_BUTTON
    del theirs
    question = await server.say(owner, desk, "answer 2")
    await server.next_message(desk)
    await server.edit(question, "/save none answer 2")
    for words in ("/save none answer 2", "/test"):
        forward(server, owner, desk, words)
        assert (await server.next_message(desk)).text == plain(screens.NO_SUCH_COMMAND)
    group = server.world.supergroup("Town", owner)
    await server.say(owner, group, "/save none everything")
    await server.say(owner, group, "/test")
    await server.quiet()
    assert server.sent(group) == []
    assert await everything(store) == []


async def test_saved_questions_outlive_a_restart(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start
) -> None:
    async with start():
        answer = await asked(server, owner, desk, "answer 3")
    async with start():
        await server.press(owner, answer, BUTTON)
        run = await asked(server, owner, desk, "/test")
        assert run.text == "1 right, 0 wrong, 0 declined. 1 saved in all."


@pytest.fixture(autouse=True)
def _at_work(request: pytest.FixtureRequest) -> None:
    if "start" not in request.fixturenames or "store" in request.fixturenames:
        request.getfixturevalue("bot")
