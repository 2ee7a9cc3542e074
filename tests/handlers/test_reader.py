"""What readers write, and what comes back over the wire."""

import asyncio

import pytest

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views.message import plain
from db.answers import exchanges
from db.engine import Database
from db.records import Exchange, Outcome
from db.subscriptions import chats
from tests import bridge

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def reader(server: RehearsalServer) -> Person:
    return server.world.person("Reader")


@pytest.fixture
def private(server: RehearsalServer, reader: Person) -> Chat:
    return server.world.private(reader)


@pytest.fixture
def group(server: RehearsalServer, reader: Person) -> Chat:
    return server.world.supergroup("Town", reader)


async def asked(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    await server.say(person, chat, text)
    return await server.next_message(chat)


async def last_exchange(store: Database, chat: Chat) -> Exchange:
    async with store.reading() as session:
        found = await exchanges.by_id(session, await exchanges.count(session))
    assert found is not None
    assert found.chat_id == chat.id
    return found


async def test_any_text_in_a_private_chat_is_answered(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "answer 1 | 2")
    await server.quiet()
    assert (
        answer.text == "When was the bridge opened?\nIn 1931. The mayor cut the ribbon.\n"
        "City archive, 19 May 2025 · still true?"
    )
    assert answer.labels == ["Tell me if this changes", "Not what I asked"]
    assert answer.reply_to is None
    request = server.calls("sendMessage")[0].parameters
    assert request["link_preview_options"]["is_disabled"]
    exchange = await last_exchange(store, private)
    assert exchange.told == ((1, 1),)
    assert exchange.reply_message_id == answer.id


async def test_names_are_not_kept(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await asked(server, reader, private, "answer 1")
    async with store.reading() as session:
        chat = await chats.by_id(session, private.id)
    assert chat is not None
    assert chat.title is None


async def test_which_one_turns_into_the_answer(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    which = await asked(server, reader, private, "choose 1 2 3 | 4")
    assert which.text == "Which one?"
    assert which.labels == [
        "When was the bridge opened?",
        "When was the bridge closed?",
        "How long is the bridge?",
        "Something else",
    ]
    toast = await server.press(reader, which, 1)
    assert toast.text == ""
    assert which.text.startswith(
        "When was the bridge closed?\nOn 3 May, after an inspection.\nRoads office"
    )
    assert which.labels == ["Not what I asked"]
    assert len(server.sent(private)) == 1
    assert (await last_exchange(store, private)).told == ((2, 1),)


async def test_something_else_offers_the_rest(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    which = await asked(server, reader, private, "choose 1 2 | 4")
    await server.press(reader, which, "Something else")
    assert which.text == "Did you mean this?"
    assert which.labels == ["What will the repair cost?", "Pass it on"]
    await server.press(reader, which, 0)
    assert which.text.startswith(
        "What will the repair cost?\nAbout nine million.\n"
        "Reported · The Herald <daily>, checked 20 May 2025 · still true?"
    )


async def test_not_what_i_asked_offers_the_next_two(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "answer 1 | 2 3 4")
    await server.press(reader, answer, "Not what I asked")
    assert answer.text == "Did you mean one of these?"
    assert answer.labels == [
        "When was the bridge closed?",
        "How long is the bridge?",
        "Pass it on",
    ]
    assert (await last_exchange(store, private)).outcome is Outcome.MISSING
    await server.press(reader, answer, 1)
    assert answer.text.startswith("How long is the bridge?\nIt is 412 metres long.")


async def test_what_is_not_known_is_said_so(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    answer = await asked(server, reader, private, "unknown 5")
    assert answer.text.startswith(
        "Why did the bearing fail?\nNot known yet. Nobody has named a cause."
    )
    missing = await asked(server, reader, private, "missing | 4")
    assert missing.text == "I don't have that."
    assert missing.labels == ["What will the repair cost?", "Pass it on"]
    elsewhere = await asked(server, reader, private, "off_topic")
    assert elsewhere.text == "I only follow the bridge at Aldermere."
    await server.press(reader, elsewhere, "What we know")
    overview = await server.next_message(private)
    assert overview.text.startswith("What we know\n• When was the bridge opened? In 1931.")
    assert "What nobody knows yet\n• Why did the bearing fail?" in overview.text


async def test_the_first_contact_offers_three_questions(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    await server.open_bot(reader)
    welcome = await server.next_message(private)
    assert welcome.text.startswith("I answer questions about the bridge at Aldermere.")
    assert len(welcome.labels) == 4
    assert welcome.labels[-1] == "Get alerts"
    await server.press(reader, welcome, 0)
    answer = await server.next_message(private)
    assert answer.text.startswith("When was the bridge opened?\nIn 1931.")
    assert server.world.find(private, welcome.id) is not None


async def test_deep_links_open_a_fact_and_a_version(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await server.open_bot(reader, "fact_2")
    assert (await server.next_message(private)).text.startswith(
        "When was the bridge closed?\nOn 3 May"
    )
    await server.open_bot(reader, "v_2_1")
    assert (await server.next_message(private)).text.startswith("Yes, as checked on 20 May 2025.")
    await bridge.revise(store, 2, "On 4 May.")
    await server.open_bot(reader, "v_2_1")
    changed = await server.next_message(private)
    assert changed.text.startswith(
        "Not any more: it changed on 20 May 2025 09:00.\n"
        "Before: When was the bridge closed?\nOn 3 May, after an inspection."
    )
    await bridge.withdraw(store, 2)
    await server.open_bot(reader, "v_2_1")
    withdrawn = (
        "No. Withdrawn on 20 May 2025 09:00.\nWe said: When was the bridge closed?\nOn 3 May"
    )
    assert (await server.next_message(private)).text.startswith(withdrawn)
    await server.open_bot(reader, "fact_2")
    assert (await server.next_message(private)).text.startswith("No. Withdrawn on 20 May 2025")
    await server.open_bot(reader, "fact_99")
    assert (await server.next_message(private)).text == "I don't have that."
    await server.open_bot(reader, "nonsense")
    assert (await server.next_message(private)).text.startswith("I answer questions")


async def test_commands_answer(server: RehearsalServer, reader: Person, private: Chat) -> None:
    shown = await asked(server, reader, private, "/help")
    assert shown.text.startswith("Ask in your own words. I follow the bridge at Aldermere.")
    assert (await asked(server, reader, private, "/now")).text.startswith("What we know")
    assert (await asked(server, reader, private, "/ask")).text == plain(screens.ASK_HOW)
    assert (await asked(server, reader, private, "/ask answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    unknown = await asked(server, reader, private, "/dance")
    assert unknown.text == plain(screens.NO_SUCH_COMMAND)


async def test_wordless_messages_get_one_line_and_captions_are_read(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    await server.send_document(reader, private, "a.txt", b"x")
    assert (await server.next_message(private)).text == plain(screens.ONLY_TEXT)
    await server.send_document(reader, private, "a.txt", b"x", caption="answer 1")
    assert (await server.next_message(private)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )


async def test_an_album_is_one_message(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    for caption in ("answer 1", "", ""):
        await server.send_document(reader, private, "a.txt", b"x", caption=caption, album="7")
    for _ in range(3):
        await server.send_document(reader, private, "a.txt", b"x", album="8")
    await server.quiet()
    answer, once = server.sent(private)
    assert answer.text.startswith("When was the bridge opened?\nIn 1931.")
    assert once.text == plain(screens.ONLY_TEXT)


async def test_in_a_group_the_bot_speaks_only_when_asked(
    server: RehearsalServer, reader: Person, group: Chat
) -> None:
    await server.say(reader, group, "answer 1")
    question = await server.say(reader, group, "/ask answer 1")
    answer = await server.next_message(group)
    assert answer.reply_to is question
    follow_up = await server.say(reader, group, "again", reply_to=answer)
    replied = await server.next_message(group)
    assert (replied.reply_to, replied.text) == (follow_up, answer.text)
    name = server.world.bot.username
    for text in (f"@{name} answer 2", f"answer 2 @{(name or '').upper()}"):
        mentioned = await asked(server, reader, group, text)
        assert mentioned.text.startswith("When was the bridge closed?\nOn 3 May")
    await server.say(reader, group, "/dance")
    await server.quiet()
    assert len(server.sent(group)) == 4


async def test_ask_as_a_reply_answers_the_message_replied_to(
    server: RehearsalServer, reader: Person, group: Chat
) -> None:
    somebody = server.world.person("Somebody")
    words = await server.say(somebody, group, "answer 1")
    await server.say(reader, group, "/ask", reply_to=words)
    assert (await server.next_message(group)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )


async def test_answers_stay_in_their_forum_topic(server: RehearsalServer, reader: Person) -> None:
    forum = server.world.supergroup("Town", reader, is_forum=True)
    thread = server.world.topic(forum, "Bridge", by=reader)
    await server.say(reader, forum, "/ask choose 1 2", thread=thread)
    which = await server.next_message(forum)
    assert which.thread == thread
    await server.press(reader, which, 0)
    assert which.text.startswith("When was the bridge opened?\nIn 1931.")
    other = server.world.topic(forum, "Other", by=reader)
    await server.say(reader, forum, "/ask again", thread=other)
    assert (await server.next_message(forum)).text == "I don't have that."


async def test_a_group_that_migrates_keeps_its_exchanges(
    server: RehearsalServer, reader: Person, store: Database
) -> None:
    old = server.world.group("Town", reader)
    await asked(server, reader, old, "/ask answer 1")
    new = await server.migrate(old)
    await server.quiet()
    assert (await last_exchange(store, new)).told == ((1, 1),)
    answer = await asked(server, reader, new, "/ask again")
    assert answer.text.startswith("When was the bridge opened?\nIn 1931.")


async def test_a_migration_between_question_and_answer_is_followed(
    server: RehearsalServer, reader: Person
) -> None:
    old = server.world.group("Town", reader)
    new = server.world.supergroup("Town", reader)
    server.faults.add(faults.migrated(new.id))
    await server.say(reader, old, "/ask answer 1")
    assert (await server.next_message(new)).text.startswith("When was the bridge opened?\nIn 1931.")


async def test_the_bot_says_how_to_ask_when_it_is_let_in(
    server: RehearsalServer, reader: Person, group: Chat
) -> None:
    await server.remove_bot(reader, group)
    await server.add_bot(reader, group)
    assert (await server.next_message(group)).text == plain(screens.GREETED)
    await server.add_bot(reader, group, status="administrator")
    await server.quiet()
    assert len(server.sent(group)) == 1


@pytest.mark.parametrize(
    "data", ["1c:1:4", "1c:77:1", "1o:77:0", "1c:1", "nonsense", "1f:99999999999999999999"]
)
async def test_forged_buttons_are_refused_politely(
    server: RehearsalServer, reader: Person, private: Chat, data: str
) -> None:
    which = await asked(server, reader, private, "choose 1 2")
    toast = await server.press_data(reader, which, data)
    assert toast.text == screens.OLD_BUTTON
    assert which.text == "Which one?"


async def test_a_button_of_another_chat_is_refused(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    which = await asked(server, reader, private, "choose 1 2")
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    hello = await asked(server, stranger, theirs, "hello")
    data = which.buttons[0]["callback_data"]
    assert (await server.press_data(stranger, hello, data)).text == screens.OLD_BUTTON
    assert hello.text.startswith("Hello.")


async def test_a_second_tap_changes_nothing(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    which = await asked(server, reader, private, "choose 1 2")
    data = which.buttons[0]["callback_data"]
    for _ in range(2):
        assert (await server.press_data(reader, which, data)).text == ""
    assert (await last_exchange(store, private)).told == ((1, 1),)
    assert len(server.sent(private)) == 1


async def test_a_deleted_message_is_sent_anew_when_its_button_was_pressed(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    which = await asked(server, reader, private, "choose 1 2")
    await server.delete(which)
    await server.press(reader, which, 0)
    assert (await server.next_message(private)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )


async def test_edited_messages_and_other_bots_are_left_alone(
    server: RehearsalServer, reader: Person, private: Chat, group: Chat
) -> None:
    question = await server.say(reader, private, "answer 1")
    await server.next_message(private)
    await server.edit(question, "answer 2")
    other = server.world.person("Other")
    other.is_bot = True
    await server.say(other, group, "/ask answer 1")
    await server.quiet()
    assert len(server.sent(private)) == 1
    assert server.sent(group) == []


async def test_a_fault_of_ours_is_logged_without_words_and_apologised_for(
    server: RehearsalServer, reader: Person, group: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    question = await server.say(reader, group, "/ask fail because my name is Zebulon")
    apology = await server.next_message(group)
    assert apology.text == plain(screens.SORRY)
    assert apology.reply_to is question
    assert "ValueError" in caplog.text
    assert "Traceback" in caplog.text
    assert "Zebulon" not in caplog.text


async def test_one_chat_is_answered_in_order_and_others_beside_it(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    held = faults.held(answered := asyncio.Event())
    server.faults.add(held, match=lambda p: p["chat_id"] == private.id)
    for number in (1, 2, 3):
        await server.say(reader, private, f"answer {number}")
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    await asked(server, stranger, theirs, "answer 1")
    assert server.sent(private) == []
    answered.set()
    texts = [(await server.next_message(private)).text.split("?")[0].split()[-1] for _ in range(3)]
    assert texts == ["opened", "closed", "bridge"]


async def test_a_burst_is_answered_in_order_while_others_are_served(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    for number in range(60):
        await server.say(reader, private, f"answer {number % 3 + 1}")
    stranger = server.world.person("Stranger")
    await asked(server, stranger, server.world.private(stranger), "answer 1")
    assert len(server.sent(private)) < 40
    texts = [(await server.next_message(private)).text for _ in range(60)]
    firsts = [text.split("\n")[0].split()[-1] for text in texts]
    assert firsts == ["opened?", "closed?", "bridge?"] * 20


async def test_whatever_is_typed_gets_an_answer(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    for text in ("<b>", "&lt;", "😀" * 2000, "x" * 4096, "\u202e\u200b", "%s {0} `*_[", "'; --"):
        assert (await asked(server, reader, private, text)).text.startswith("Hello.")


@pytest.mark.parametrize(
    "fault",
    [
        faults.flood(1),
        faults.broken(502),
        faults.page(502),
        faults.cut(),
        faults.refusal(400, "Bad Request: can't parse entities: Unclosed start tag"),
    ],
    ids=lambda fault: fault.name,
)
async def test_an_answer_survives_a_hiccup(
    server: RehearsalServer, reader: Person, private: Chat, fault: faults.Fault
) -> None:
    server.faults.add(fault)
    answer = await asked(server, reader, private, "answer 4")
    assert answer.text.startswith(
        "What will the repair cost?\nAbout nine million.\nReported · The Herald <daily>"
    )


async def test_a_reader_who_blocks_the_bot_hurts_nobody(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    server.faults.add(faults.blocked())
    await server.say(reader, private, "answer 1")
    await server.quiet()
    assert server.sent(private) == []
    assert (await asked(server, reader, private, "answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
