"""The desk: what editors see of waiting readers, how they answer, and who may not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views.desk.members import NOT_THE_DESK
from bot.views.message import plain
from bot.views.questions import resolutions
from db import story
from db.answers import exchanges, feedback
from db.desk import audit, proposals
from db.engine import Database
from db.facts import facts
from db.questions import questions
from db.records import Fact, FactDraft, Status
from db.records.desk import DeskQuestion, Feedback, ProposalState, Role, Wait
from tests import bridge
from tests.desk import exchanged, waiting_for
from tests.handlers.conftest import NOW, Start
from tests.handlers.editor.conftest import asked, seated
from tests.samples import AT

SHIPS = "How many ships passed under it?"
OTHER_WORDS = "number of ships that passed under it"


@pytest_asyncio.fixture
async def store(story_file: Path) -> AsyncIterator[Database]:
    """The database; in tests that start and stop the bot themselves too."""
    opened = await Database.open(story_file)
    yield opened
    await opened.close()


@pytest.fixture
def readers(server: RehearsalServer) -> list[Chat]:
    return [server.world.private(server.world.person(f"Reader {n}")) for n in range(3)]


@pytest_asyncio.fixture
async def question(store: Database, readers: list[Chat]) -> int:
    """A question that three readers wait for, in two wordings."""
    for chat in readers:
        assert chat.person is not None
        chat.person.has_started = True
    number = await waiting_for(store, SHIPS, [readers[0].id, readers[1].id], since=NOW)
    await waiting_for(store, OTHER_WORDS, [readers[2].id], question_id=number, since=NOW)
    return number


async def asked_of(store: Database, number: int) -> DeskQuestion:
    async with store.reading() as session:
        found = await questions.by_id(session, number)
    assert found is not None
    return found


async def fact_of(store: Database, number: int) -> Fact | None:
    async with store.reading() as session:
        return await facts.by_id(session, number)


async def opened(server: RehearsalServer, person: Person, chat: Chat) -> Message:
    """Return the card of the question that most readers wait for."""
    screen = await asked(server, person, chat, "/desk")
    await server.press(person, screen, "Answer 1")
    return await server.next_message(chat)


async def previewed(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    """Return the preview of an answer that was written in one message."""
    card = await opened(server, person, chat)
    await server.press(person, card, "Write an answer")
    await server.next_message(chat)
    return await asked(server, person, chat, text)


async def all_told(server: RehearsalServer, rooms: list[Chat], beginning: str) -> None:
    for room in rooms:
        assert (await server.next_message(room)).text.startswith(beginning)


@pytest.mark.usefixtures("bot")
async def test_the_screen_shows_what_waits(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    empty = await asked(server, owner, desk, "/desk")
    assert empty.text.startswith("Nobody is waiting for an answer.")
    assert empty.labels == ["Fresh look", "All facts"]
    await waiting_for(store, "Who painted the railing?", [501], since=NOW)
    await waiting_for(store, SHIPS, [501, 502], since=NOW)
    for number in range(5):
        await waiting_for(store, f"What is on pillar {number}?", [600 + number], since=NOW)
    full = await asked(server, owner, desk, "/desk")
    lines = full.text.splitlines()
    assert lines[0] == "8 readers wait for 7 answers."
    assert lines[1].startswith(f"1. {SHIPS} · 2 readers, ")
    assert lines[2].startswith("2. Who painted the railing? · 1 reader, ")
    assert lines[6] == "And 2 more: /desk 6 opens the next."
    assert lines[-1] == "Today: 0 asked, 0 answered, 0 not known yet, 0 declined."
    assert full.labels == ["Answer 1", "Answer 2", "Fresh look", "All facts"]
    sixth = await asked(server, owner, desk, "/desk 6")
    assert sixth.text.startswith("What is on pillar 3?\n1 reader, ")
    for words in ("8", "0", "99999999999", "many", "-1"):
        refused = await asked(server, owner, desk, f"/desk {words}")
        assert "/desk" in refused.text


@pytest.mark.usefixtures("bot")
async def test_todays_figures_and_what_may_be_answered_meanwhile(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for text in ("answer 1", "unknown 5", "missing", "off_topic", "hello"):
        await asked(server, owner, desk, text)
    await waiting_for(store, "How heavy is the bridge?", [501], since=NOW)
    draft = FactDraft(key="weight", question="How heavy is the bridge?", text="9,000 tonnes.")
    async with store.writing() as session:
        await facts.add(session, draft, editor=None, at=AT + timedelta(hours=1))
    screen = await asked(server, owner, desk, "/desk")
    assert "; may be answered by #6" in screen.text
    assert screen.text.endswith("Today: 4 asked, 1 answered, 1 not known yet, 2 declined.")
    assert (await asked_of(store, 1)).state is Wait.WAITING


@pytest.mark.usefixtures("bot")
async def test_an_answer_is_written_step_by_step(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    readers: list[Chat],
    question: int,
) -> None:
    card = await opened(server, owner, desk)
    assert card.text.startswith(f"{SHIPS}\n3 readers, ")
    assert f"Readers wrote:\n1. {SHIPS}\n2. {OTHER_WORDS}" in card.text
    assert "The closest facts:" in card.text
    assert card.labels == ["Write an answer", "It is fact …", "We could not find out", "Later"]
    await server.press(owner, card, "Write an answer")
    assert (await server.next_message(desk)).text.startswith("What is the answer?")
    who = await asked(server, owner, desk, "Twelve ships.")
    assert who.text.startswith("Who says so?")
    preview = await asked(server, owner, desk, "Harbour office")
    assert preview.text.startswith(
        "3 readers get this at once:\nHow many ships passed under it?\nTwelve ships.\n"
        "Harbour office"
    )
    assert preview.labels == [f"☐ {OTHER_WORDS}", "Publish"]
    await server.press(owner, preview, 0)
    assert preview.labels == [f"☑ {OTHER_WORDS}", "Publish"]
    assert f"1. {OTHER_WORDS} (ticked)" in preview.text
    await server.press(owner, preview, "Publish")
    assert preview.text.startswith("Published as #6. 3 readers are being told. 1 wording finds")
    await all_told(
        server, readers, "How many ships passed under it?\nTwelve ships.\nHarbour office"
    )
    await server.quiet()
    fact = await fact_of(store, 6)
    assert fact is not None
    assert (fact.question, fact.phrasings) == (SHIPS, (OTHER_WORDS,))
    asked_now = await asked_of(store, question)
    assert (asked_now.state, asked_now.fact_id) == (Wait.ANSWERED, 6)
    assert asked_now.settled_by == owner.id
    async with store.reading() as session:
        (entry, *_) = await audit.newest(session, limit=5)
        done = await proposals.by_id(session, 1)
        assert len(await exchanges.told(session, 6)) == 3
    assert (entry.action, entry.fact_id, entry.person) == ("question.answer", 6, owner.id)
    assert (entry.before, entry.after) == (SHIPS, "Twelve ships.")
    assert done is not None
    assert (done.state, done.fact_id, done.base_version) == (ProposalState.DONE, 6, None)
    assert done.notes["version"] == 1


@pytest.mark.usefixtures("bot", "question")
async def test_an_answer_in_one_message_as_a_reply_to_the_card(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, readers: list[Chat]
) -> None:
    card = await opened(server, owner, desk)
    text = (
        "Twelve ships, nine of them with grain.\nSource: Harbour office\nSaid: 19 May 2025 14:20\n"
        "Status: reported\nQuestion: How many ships passed under the bridge?\nTopics: ships, past"
    )
    await server.say(owner, desk, text, reply_to=card)
    preview = await server.next_message(desk)
    assert "Reported · Harbour office, 19 May" in preview.text
    assert preview.labels == [f"☐ {SHIPS}", f"☐ {OTHER_WORDS}", "Publish"]
    both = await asked(server, owner, desk, "1 2")
    assert both.labels == [f"☑ {SHIPS}", f"☑ {OTHER_WORDS}", "Publish"]
    reworded = await asked(server, owner, desk, "Source: Harbour master")
    assert "Harbour master" in reworded.text
    await server.press(owner, reworded, "Publish")
    await all_told(
        server,
        readers,
        "How many ships passed under the bridge?\nTwelve ships, nine of them with grain.",
    )
    fact = await fact_of(store, 6)
    assert fact is not None
    assert fact.phrasings == (SHIPS, OTHER_WORDS)
    assert (fact.status, fact.topics, str(fact.as_of)) == (
        Status.REPORTED,
        ("ships", "past"),
        "2025-05-19 14:20",
    )
    assert fact.source == "Harbour master"


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("way", ["press", "number", "reply"])
async def test_a_question_is_linked_to_a_fact(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    readers: list[Chat],
    question: int,
    way: str,
) -> None:
    card = await opened(server, owner, desk)
    if way == "reply":
        await server.say(owner, desk, "#3", reply_to=card)
        preview = await server.next_message(desk)
    else:
        await server.press(owner, card, "It is fact …")
        which = await server.next_message(desk)
        assert which.text.startswith("Which fact is the answer?")
        if way == "number":
            preview = await asked(server, owner, desk, "3")
        else:
            place = next(n for n, label in enumerate(which.labels) if label.startswith("#3 "))
            await server.press(owner, which, place)
            preview = which
    assert preview.text.startswith(
        "3 readers get this at once:\nHow long is the bridge?\nIt is 412 metres long."
    )
    assert preview.labels == [f"☐ {SHIPS}", f"☐ {OTHER_WORDS}", "Tell the readers"]
    await server.press(owner, preview, 1)
    await server.press(owner, preview, "Tell the readers")
    assert preview.text.startswith("It is fact #3. 3 readers are being told.")
    await all_told(server, readers, "How long is the bridge?\nIt is 412 metres long.")
    fact = await fact_of(store, 3)
    assert fact is not None
    assert (fact.version, fact.phrasings) == (1, (OTHER_WORDS,))
    assert (await asked_of(store, question)).fact_id == 3
    assert await fact_of(store, 6) is None


@pytest.mark.usefixtures("bot")
async def test_giving_up_is_asked_twice_and_told(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    readers: list[Chat],
    question: int,
) -> None:
    card = await opened(server, owner, desk)
    await server.press(owner, card, "Later")
    assert card.text.startswith(f"Left for later. {SHIPS}\n3 readers, ")
    await server.press(owner, card, "Open it again")
    card = await server.next_message(desk)
    await server.press(owner, card, "We could not find out")
    assert card.text == f"Tell 3 readers that the desk could not find out?\n{SHIPS}"
    assert (await asked_of(store, question)).state is Wait.WAITING
    sure = card.buttons[0]["callback_data"]
    await server.press(owner, card, "Yes, tell them")
    assert card.text == f"3 readers are being told that the desk could not find out.\n{SHIPS}"
    await all_told(server, readers, "The desk could not find out.")
    await server.press_data(owner, card, sure)
    again = await server.next_message(desk)
    assert again.text.startswith(f"“{SHIPS}” was given up meanwhile.")
    await server.press(owner, card, "The desk")
    assert card.text.startswith("Nobody is waiting for an answer.")


@pytest.mark.usefixtures("bot")
async def test_a_known_unknown_is_answered_by_changing_its_fact(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    reader = server.world.person("Reader")
    room = server.world.private(reader)
    await asked(server, reader, room, "unknown 5")
    await server.press(reader, server.sent(room)[0], "Tell me when it is known")
    screen = await asked(server, owner, desk, "/desk")
    assert "; waits until #5 is known" in screen.text
    await server.press(owner, screen, "Answer 1")
    card = await server.next_message(desk)
    assert card.labels == ["It is fact …", "We could not find out", "Later"]
    await server.say(owner, desk, "#5", reply_to=card)
    refused = await server.next_message(desk)
    assert refused.text.startswith("Its readers wait until #5 is known already")


@pytest.mark.usefixtures("bot", "question")
async def test_readers_are_told_that_nobody_knows_yet_and_go_on_waiting(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, readers: list[Chat]
) -> None:
    card = await opened(server, owner, desk)
    await server.say(owner, desk, "#5", reply_to=card)
    preview = await server.next_message(desk)
    await server.press(owner, preview, "Tell the readers")
    for room in readers:
        told = await server.next_message(room)
        assert told.text.startswith("Why did the bearing fail?\nNot known yet.")
        assert "I will tell you when it is known." in told.text
        assert told.labels == ["Never mind"]
    await server.quiet()
    async with store.reading() as session:
        (waits,) = await questions.waiting(session, limit=5)
    assert (waits.fact_id, waits.waiting) == (5, 3)
    assert await fact_of(store, 6) is None


@pytest.mark.usefixtures("question")
async def test_a_restart_in_the_middle_loses_nothing(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    start: Start,
    readers: list[Chat],
) -> None:
    async with start():
        card = await opened(server, owner, desk)
        await server.press(owner, card, "Write an answer")
        await server.next_message(desk)
    async with start():
        await asked(server, owner, desk, "Twelve ships.")
    async with start():
        preview = await asked(server, owner, desk, "Harbour office")
        await server.press(owner, preview, 0)
    async with start():
        assert preview.labels[0].startswith("☑")
        await server.press(owner, preview, "Publish")
        await all_told(server, readers, "How many ships passed under it?\nTwelve ships.")
        await server.quiet()
    assert [len(server.sent(room)) for room in readers] == [1, 1, 1]
    fact = await fact_of(store, 6)
    assert fact is not None
    assert fact.phrasings == (OTHER_WORDS,)


@pytest.mark.usefixtures("bot", "question")
async def test_of_two_editors_the_second_is_told_what_was_published(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, readers: list[Chat]
) -> None:
    ada = await seated(server, store, "Ada", Role.EDITOR)
    hers = server.world.private(ada)
    mine = await previewed(server, owner, desk, "Twelve ships.\nSource: Harbour office")
    other = await previewed(server, ada, hers, "Thirteen ships.\nSource: A sailor")
    await server.press(ada, other, "Publish")
    await all_told(server, readers, "How many ships passed under it?\nThirteen ships.")
    await server.press(owner, mine, "Publish")
    late = await server.next_message(desk)
    assert late.text.startswith(f"“{SHIPS}” was answered meanwhile with fact #6.")
    assert "Twelve ships." in mine.text
    assert await fact_of(store, 7) is None
    await server.quiet()
    assert [len(server.sent(room)) for room in readers] == [1, 1, 1]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "written",
    [
        "x" * 1001,
        "Twelve.\nStatus: sure",
        "Twelve.\nStatus: unknown",
        "Twelve.\nWhen: soon",
        "Twelve.\nLink: example.org",
        "Source: Harbour office",
        f"Twelve.\nQuestion: {'x' * 301}",
    ],
)
async def test_bad_input_is_refused_in_a_sentence_and_nothing_is_half_written(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, question: int, written: str
) -> None:
    card = await opened(server, owner, desk)
    await server.say(owner, desk, written, reply_to=card)
    refused = await server.next_message(desk)
    await server.quiet()
    assert refused.text.endswith(".")
    assert server.sent(desk)[-1] is refused  # and it is not answered as a question on top
    async with store.reading() as session:
        assert await proposals.by_id(session, 1) is None
    assert (await asked_of(store, question)).state is Wait.WAITING
    assert await fact_of(store, 6) is None


@pytest.mark.usefixtures("bot")
async def test_every_button_is_refused_to_everybody_else(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, question: int
) -> None:
    screen = await asked(server, owner, desk, "/desk")
    await server.press(owner, screen, "Answer 1")
    card = await server.next_message(desk)
    preview = await previewed(server, owner, desk, "Twelve ships.\nSource: Harbour office")
    data = [
        *(each["callback_data"] for shown in (screen, card, preview) for each in shown.buttons),
        f"2wy:{question}",
        "2wd",
        "2wk:1:99",
        "2wc:1:1:3",
        "2wn:1:1",
    ]
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    his = server.world.private(carl)
    for person, chat in ((stranger, theirs), (carl, his)):
        hello = await asked(server, person, chat, "hello")
        for each in data:
            toast = await server.press_data(person, hello, each)
            if person is stranger:
                assert toast.text == screens.OLD_BUTTON
            else:
                refused = await server.next_message(chat)
                assert refused.text.startswith("Only an editor may do that")
        assert hello.text.startswith("Hello.")
    ada = await seated(server, store, "Ada", Role.EDITOR)
    hers = server.world.private(ada)
    hello = await asked(server, ada, hers, "hello")
    for each in preview.buttons:
        toast = await server.press_data(ada, hello, each["callback_data"])
        assert toast.text == resolutions.LATE
    assert (await asked_of(store, question)).state is Wait.WAITING
    assert await fact_of(store, 6) is None
    async with store.reading() as session:
        refusals = [each for each in await audit.newest(session, limit=100) if each.refused]
    assert {each.person for each in refusals} == {stranger.id, carl.id}


@pytest.mark.usefixtures("bot")
async def test_words_of_everybody_else_answer_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, question: int
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    dance = await asked(server, stranger, theirs, "/dance")
    for text in ("/desk", "/desk 1", "/DESK x"):
        assert (await asked(server, stranger, theirs, text)).text == dance.text
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    his = server.world.private(carl)
    for text in ("/desk", "/desk 1", "/desk x"):
        assert (await asked(server, carl, his, text)).text.startswith("Only an editor")
    group = server.world.supergroup("Town", owner, stranger)
    assert (await asked(server, owner, group, "/desk 1")).text == plain(NOT_THE_DESK)
    await server.say(stranger, group, "/desk")
    await server.quiet()
    assert len(server.sent(group)) == 1
    async with store.writing() as session:
        await story.move_desk(session, group.id)
    screen = await asked(server, owner, group, "/desk")
    await server.press(owner, screen, "Answer 1")
    card = await server.next_message(group)
    await server.say(stranger, group, "A hundred ships.\nSource: me", reply_to=card)
    assert (await server.next_message(group)).text.startswith("Hello.")  # a question like others
    await server.say(owner, group, "Twelve ships.\nSource: Harbour office", reply_to=card)
    preview = await server.next_message(group)
    assert preview.text.startswith("3 readers get this at once:")
    toast = await server.press(stranger, preview, "Publish")
    assert toast.text == screens.OLD_BUTTON
    assert (await asked_of(store, question)).state is Wait.WAITING


@pytest.mark.usefixtures("bot", "question")
async def test_old_and_repeated_buttons_do_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, readers: list[Chat]
) -> None:
    preview = await previewed(server, owner, desk, "Twelve ships.\nSource: Harbour office")
    toggle, publish = (each["callback_data"] for each in preview.buttons)
    await server.press(owner, preview, 0)
    for data in (toggle, publish, "2wt:1:3:9", "2wt:1", "2wp:99:1", "2wx:1", "2wa:999999999"):
        toast = await server.press_data(owner, preview, data)
        if data == "2wt:1:3:9":
            assert (await server.next_message(desk)).text.startswith("There are no words 10")
        else:
            assert toast.text in (resolutions.LATE, screens.OLD_BUTTON)
    now = preview.buttons[-1]["callback_data"]
    await server.press_data(owner, preview, now)
    await all_told(server, readers, "How many ships passed under it?\nTwelve ships.")
    assert (await server.press_data(owner, preview, now)).text == resolutions.LATE
    assert await fact_of(store, 7) is None


@pytest.mark.usefixtures("bot", "question")
async def test_an_editor_at_an_answer_may_still_ask(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await previewed(server, owner, desk, "Twelve ships.\nSource: Harbour office")
    assert (await asked(server, owner, desk, "answer 2")).text.startswith(
        "When was the bridge closed?\n"
    )
    card = await opened(server, owner, desk)
    await server.press(owner, card, "It is fact …")
    await server.next_message(desk)
    assert (await asked(server, owner, desk, "answer 2")).text.startswith(
        "When was the bridge closed?\n"
    )
    edited = await server.say(owner, desk, "hello")
    await server.next_message(desk)
    await server.edit(edited, "#3")
    await server.quiet()
    assert await fact_of(store, 6) is None


@pytest.mark.usefixtures("bot")
async def test_a_fresh_look_at_stale_facts_and_feedback(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    screen = await asked(server, owner, desk, "/desk")
    await server.press(owner, screen, "Fresh look")
    assert screen.text == "Nothing needs a fresh look."
    async with store.writing() as session:
        stale = await facts.by_id(session, 2)
        assert stale is not None
        await facts.annotate(session, [(2, replace(FactDraft.of(stale), check_by=AT))])
    for number in range(7):
        exchange = await exchanged(store, f"how wide is it {number}", told=((3, 1),))
        async with store.writing() as session:
            said = Feedback(exchange_id=exchange.id, fact_id=3, words=exchange.question, at=AT)
            await feedback.give(session, said)
    screen = await asked(server, owner, desk, "/desk")
    assert "For a fresh look: 1 fact is past its day, 7 readers said" in screen.text
    await server.press(owner, screen, "Fresh look")
    assert screen.text.startswith("Past their day\n• #2 When was the bridge closed? · since ")
    assert "“how wide is it 0” got #3 How long is the bridge?" in screen.text
    assert "how wide is it 5" not in screen.text
    assert screen.labels == ["Seen", "More", "The desk"]
    await server.press(owner, screen, "Seen")
    assert "how wide is it 0" not in screen.text
    assert "“how wide is it 6”" in screen.text
    async with store.reading() as session:
        assert await feedback.count(session) == 2
        (entry, *_) = await audit.newest(session, limit=1)
    assert (entry.action, entry.after) == ("feedback.seen", "feedback of 5 readers")


@pytest.mark.usefixtures("bot")
async def test_all_facts_are_paged(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    drafts = [FactDraft(key=f"k{n}", text=f"Fact {n}.") for n in range(20)]
    async with store.writing() as session:
        await facts.add_all(session, drafts, editor=None, at=AT)
    await bridge.withdraw(store, 1)
    screen = await asked(server, owner, desk, "/desk")
    await server.press(owner, screen, "All facts")
    assert screen.text.startswith("24 facts may be told, 1 withdrawn.\n#2 When was the bridge")
    assert "#5 Why did the bearing fail? Nobody has named a cause. (not known yet)" in screen.text
    assert screen.labels == ["Next", "The desk"]
    await server.press(owner, screen, "Next")
    await server.press(owner, screen, "Next")
    assert screen.labels == ["Before", "The desk"]
    assert "#25 Fact 19." in screen.text


def test_the_late_notice_fits_a_notice() -> None:
    assert len(resolutions.LATE) <= 200
