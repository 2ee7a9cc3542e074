"""What an editor was asked, and words that may be the answer or a question of their own."""

from datetime import timedelta

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views.desk.lines import OLD_BUTTON as OLD
from db.desk import proposals
from db.engine import Database
from db.records.desk import Proposal, Role
from tests.clocks import Clock
from tests.desk import waiting_for
from tests.handlers.editor.conftest import asked, seated

pytestmark = pytest.mark.usefixtures("bot")

ANSWER_1 = "When was the bridge opened?\nIn 1931."


async def open_of(store: Database, chat: Chat, person: Person) -> list[Proposal]:
    async with store.reading() as session:
        return await proposals.open_of(session, chat.id, person.id)


async def test_a_new_command_ends_a_prompt_that_nobody_answered(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    prompt = await asked(server, owner, desk, "/edit 3")
    await asked(server, owner, desk, "/find bridge")  # a look that may help to answer it
    assert prompt.text.endswith("Write the new words.")
    await asked(server, owner, desk, "/stats")
    await server.quiet()
    assert prompt.text == "Ended, since you went on with something else: the change of #3."
    assert prompt.labels == []
    assert await open_of(store, desk, owner) == []
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(ANSWER_1)


async def test_what_was_half_given_waits_for_a_reply_and_takes_no_words_by_the_way(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    who = await asked(server, owner, desk, "/edit 3 It is 421 metres long.")
    await server.press(owner, who, "We had it wrong")
    await asked(server, owner, desk, "/stats")
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(ANSWER_1)
    await server.say(owner, desk, "The surveyor", reply_to=who)
    assert "The surveyor" in (await server.next_message(desk)).text


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("how long is the bridge", 0),  # a fact is asked for in these words
        ("Is it 421 metres long now?", 0),
        ("did anybody measure it", 0),
        ("It is 421 metres long.", 18),
    ],
)
async def test_words_that_may_be_a_question_are_asked_about(
    server: RehearsalServer, owner: Person, desk: Chat, clock: Clock, words: str, minutes: int
) -> None:
    await asked(server, owner, desk, "/edit 3")
    clock.at += timedelta(minutes=minutes)
    doubt = await asked(server, owner, desk, words)
    assert doubt.text == f"New words for #3, or a question?\n“{words}”"
    assert doubt.labels == ["New words for #3", "A question"]
    await server.press(owner, doubt, "New words for #3")
    change = await server.next_message(desk)
    assert f"\nNow: {words}\n" in change.text
    assert doubt.text == f"New words for #3:\n{words}"


async def test_a_question_is_answered_and_the_prompt_stays(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, clock: Clock
) -> None:
    await asked(server, owner, desk, "/withdraw 3")
    clock.at += timedelta(minutes=18)
    doubt = await asked(server, owner, desk, "answer 1")
    assert doubt.labels == ["Why #3 is withdrawn", "A question"]
    pressed = doubt.buttons[0]["callback_data"]
    await server.press(owner, doubt, "A question")
    answer = await server.next_message(desk)
    assert answer.text.startswith(ANSWER_1)
    assert "Save this question" in answer.labels  # whose answer it is, is whoever presses
    assert [each.step for each in await open_of(store, desk, owner)] == ["reason"]
    assert (await server.press_data(owner, doubt, pressed)).text == OLD
    eve = await seated(server, store, "Eve", Role.OWNER)
    again = await asked(server, owner, desk, "what now?")
    assert (await server.press_data(eve, again, again.buttons[0]["callback_data"])).text == OLD
    late = await asked(server, owner, desk, "Nobody measured it.")
    await server.press(owner, late, "Why #3 is withdrawn")
    assert (await server.next_message(desk)).labels == ["Withdraw", "Drop"]


async def test_a_prompt_for_a_question_takes_one(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await asked(server, owner, desk, "/add")
    text = await asked(server, owner, desk, "Who owns the bridge?")
    assert text.text.startswith("What is the answer?")
    doubt = await asked(server, owner, desk, "who owns it")
    assert doubt.labels == ["The new fact's answer", "A question"]


async def test_cancel_names_what_it_drops_and_what_is_left(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    number = await waiting_for(store, "Who paid for it?", [500])
    await asked(server, owner, desk, "/add Who owns the bridge?")
    change = await asked(server, owner, desk, "/edit 3 It is 421 metres long.")
    listed = await asked(server, owner, desk, "/desk 1")
    assert number == 1
    await server.press(owner, listed, "Write an answer")
    await server.next_message(desk)
    said = [(await asked(server, owner, desk, "/cancel")).text for _ in range(4)]
    assert said == [
        "Dropped: the answer to “Who paid for it?”. Nothing was published.\n"
        "Still open: the change of #3; the new fact “Who owns the bridge?”. "
        "/cancel drops the next one.",
        "Dropped: the change of #3. Nothing was published.\n"
        "Still open: the new fact “Who owns the bridge?”. /cancel drops the next one.",
        "Dropped: the new fact “Who owns the bridge?”. Nothing was published.",
        "There is nothing to drop.",
    ]
    await server.quiet()
    assert change.text == "Dropped:\nthe change of #3"
