"""An editor sends a file and gets one back; everybody else sends it in vain."""

import threading
from datetime import datetime

import pytest

from bot.rehearsal.api import faults as broken
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.search.meaning.text_vectors import SentenceVectors
from bot.services.files import dry_run
from bot.services.files.dry_run import Planned, Prepared
from bot.views import screens
from bot.views.message import plain
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.files import uploads
from db.records.alerts import Level
from db.records.desk import Role
from db.subscriptions import subscriptions
from handlers.editor import progress_line
from tests import bridge
from tests.clocks import HANG_SECONDS
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated
from tests.handlers.editor.forwarding import forward
from tests.stories.formats.builders import workbook

FACTS = (
    b"key,question,text\n"
    b"length,How long is the bridge?,It is 413 metres long.\n"
    b"height,How high is <b>it</b>?,31 metres & more.\n"
    b"paint,,\n"
)
SHOWN = (
    "bridge.csv would add 1 fact and change 1. 0 unchanged, 1 refused.\n\n"
    "New:\n• How high is it? 31 metres & more.\n\n"
    "Changed:\n• #3 Was: It is 412 metres long. Now: It is 413 metres long.\n\n"
    "Refused:\n• line 4: text is missing\n\n"
    "How it was read:\n• Markup was taken out of 1 text.\n\n"
    "Nothing is stored yet. Import takes all but the refused; to have those too, tap Drop, mend "
    "the file and send it again. Those who follow a fact that changes, or were told one that is "
    "withdrawn, hear of it either way."
)


async def sent(
    server: RehearsalServer,
    person: Person,
    chat: Chat,
    data: bytes = FACTS,
    name: str = "bridge.csv",
) -> Message:
    await server.send_document(person, chat, name, data)
    return await server.next_message(chat)


async def text_of(store: Database, key: str) -> str | None:
    async with store.reading() as session:
        fact = await facts.by_key(session, key)
    return None if fact is None else fact.text


async def test_a_file_is_shown_then_imported_then_told_to_readers(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    run = await sent(server, owner, desk)
    assert run.text == SHOWN
    assert run.labels == ["Import", "Import and tell subscribers", "Drop"]
    assert await text_of(store, "height") is None
    toast = await server.press(owner, run, "Import")
    assert toast.text == ""
    await server.until(lambda: run.text.startswith("bridge.csv is imported."))
    assert run.text == (
        "bridge.csv is imported. 1 new fact (#6), 1 changed, 0 unchanged, 1 refused."
    )
    assert run.labels == []
    assert await text_of(store, "height") == "31 metres & more."
    reader = server.world.person("Reader")
    answer = await asked(server, reader, server.world.private(reader), "answer 6")
    assert answer.text.startswith("How high is it?\n31 metres & more.")


async def test_subscribers_are_told_after_the_hold_or_at_once(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    reader = server.world.person("Reader")
    theirs = server.world.private(reader)
    for text in ("/subscribe every", "/alerts quiet off"):
        await asked(server, reader, theirs, text)
    async with store.writing() as session:
        await subscriptions.change(session, reader.id, {"level": Level.EVERY})
    run = await sent(server, owner, desk)
    await server.press(owner, run, "Import and tell subscribers")
    steering = await server.next_message(desk)
    assert steering.text.startswith("Goes out in ")
    assert steering.text.endswith("outside quiet hours. To 1 subscriber.")
    assert steering.labels == ["Hold", "Send now"]
    assert run.text.startswith("bridge.csv is imported.")
    await server.press(owner, steering, "Hold")
    await server.until(lambda: steering.labels == ["Carry on"])
    await server.press(owner, steering, "Carry on")
    assert (await server.next_message(theirs)).text == (
        "2 things changed just now.\n"
        "• Update: How long is the bridge? It is 413 metres long.\n"
        "• New: How high is it? 31 metres & more."
    )
    await server.until(lambda: steering.text == "Reached 1 of 1.")


async def test_a_file_that_is_dropped_leaves_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    run = await sent(server, owner, desk)
    await server.press(owner, run, "Drop")
    assert run.text == "bridge.csv is dropped. Nothing was imported."
    async with store.reading() as session:
        assert await uploads.count_of(session, owner.id) == 0
        actions = [entry.action for entry in await audit.newest(session, limit=2)]
    assert actions == ["file.drop", "file.send"]
    assert await text_of(store, "length") == "It is 412 metres long."


async def test_the_decision_outlives_a_restart(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start
) -> None:
    async with start():
        run = await sent(server, owner, desk)
    async with start():
        await server.press(owner, run, "Import")
        await server.until(lambda: run.text.startswith("bridge.csv is imported."))
        answer = await asked(server, owner, desk, "answer 3")
        assert answer.text.startswith("How long is the bridge?\nIt is 413 metres long.")


async def test_a_story_that_moved_on_is_shown_again(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    run = await sent(server, owner, desk)
    await bridge.revise(store, 3, "It is 420 metres long.")
    await server.press(owner, run, "Import")
    await server.until(lambda: "420" in run.text)
    assert run.text.startswith(
        "Nothing was imported: the story has changed since you looked. bridge.csv would add"
    )
    assert "• #3 Was: It is 420 metres long. Now: It is 413 metres long." in run.text
    await server.press(owner, run, "Import")
    await server.until(lambda: run.text.startswith("bridge.csv is imported."))
    assert await text_of(store, "length") == "It is 413 metres long."


async def test_old_and_forged_buttons_do_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    editor = await seated(server, store, "Eve", Role.EDITOR)
    theirs = server.world.private(editor)
    greeting = await asked(server, editor, theirs, "answer 1")
    run = await sent(server, owner, desk)
    data = run.buttons[0]["callback_data"]
    for person, message, forged in (
        (owner, run, "2fi:1:2"),
        (owner, run, "2fi:2:1"),
        (owner, run, "2fi:1"),
        (owner, run, "2fi:1:-1"),
        (owner, run, "2fi:one:1"),
        (owner, run, "2ft:1:2"),
        (editor, greeting, data.replace("2fi", "2ft")),
        (owner, run, "2fd:9:1"),
        (editor, greeting, data),
        (editor, greeting, data.replace("2fi", "2fd")),
    ):
        assert (await server.press_data(person, message, forged)).text == screens.OLD_BUTTON
    assert run.text == SHOWN
    await server.press(owner, run, "Import")
    await server.until(lambda: run.text.startswith("bridge.csv is imported."))
    assert (await server.press_data(owner, run, data)).text == screens.OLD_BUTTON
    assert await text_of(store, "length") == "It is 413 metres long."


async def test_a_stranger_is_treated_as_if_there_were_no_desk(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    run = await sent(server, owner, desk)
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    assert (await sent(server, stranger, theirs)).text == plain(screens.ONLY_TEXT)
    assert (await asked(server, stranger, theirs, "/export")).text == plain(screens.NO_SUCH_COMMAND)
    answer = await asked(server, stranger, theirs, "answer 1")
    for button in run.buttons:
        data = button["callback_data"]
        assert (await server.press_data(stranger, answer, data)).text == screens.OLD_BUTTON
    assert run.text == SHOWN
    assert await text_of(store, "length") == "It is 412 metres long."
    async with store.reading() as session:
        refused = [each.action for each in await audit.newest(session, limit=9) if each.refused]
    assert refused == ["file.drop", "facts.import", "facts.import", "facts.export"]


async def test_a_contributor_hears_whose_business_it_is(
    server: RehearsalServer, store: Database
) -> None:
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    chat = server.world.private(carl)
    refusal = (
        "Only an editor may do that, and you are a contributor: you draft new facts with /add, "
        "an editor publishes them. For more, ask an owner of this desk."
    )
    assert (await sent(server, carl, chat)).text == refusal
    assert (await asked(server, carl, chat, "/export csv")).text == refusal
    assert server.calls("getFile") == []


async def test_forwarded_and_edited_files_and_other_groups_order_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    document = await server.send_document(owner, desk, "bridge.csv", FACTS)
    run = await server.next_message(desk)
    await server.edit(document, "again")
    forward(server, owner, desk, "bridge.csv", file=FACTS)
    assert (await server.next_message(desk)).text == plain(screens.ONLY_TEXT)
    forward(server, owner, desk, "/export")
    assert (await server.next_message(desk)).text == plain(screens.NO_SUCH_COMMAND)
    group = server.world.supergroup("Town", owner)
    await server.send_document(owner, group, "bridge.csv", FACTS, reply_to=run)
    await server.say(owner, group, "/export")
    await server.quiet()
    assert server.sent(group) == []
    assert len(server.sent(desk)) == 3
    async with store.reading() as session:
        assert await uploads.count_of(session, owner.id) == 1


async def test_what_cannot_be_read_is_said_in_one_message(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    refused = await sent(server, owner, desk, b"%PDF", "article.pdf")
    assert refused.text.startswith("I cannot read article.pdf: send a spreadsheet as .xlsx")
    refused = await sent(server, owner, desk, b"[[facts", "a<b>.toml")
    assert refused.text.startswith("Nothing was imported from a<b>.toml.")
    refused = await sent(server, owner, desk, b"key,text\na,\n", "a.csv")
    assert refused.text == (
        "Nothing in a.csv can be imported. 0 unchanged, 1 refused.\n\n"
        "Refused:\n• line 2: text is missing"
    )
    assert refused.labels == []
    server.faults.add(broken.refusal(400, "Bad Request: file is too big"), method="getFile")
    refused = await sent(server, owner, desk)
    assert refused.text == ("Telegram does not give out bridge.csv just now: send it once more.")


async def test_hundreds_of_faults_fit_one_message(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    rows = b"".join(b'{"text": "' + b"&<" * 400 + b'", "status": "%d"}\n' % n for n in range(300))
    good = b"".join(b'{"text": "' + b"&<%d" % n * 200 + b'"}\n' for n in range(9))
    refused = await sent(server, owner, desk, rows + good, "x" * 90 + ".jsonl")
    assert "and 290 more" in refused.text
    assert "and 6 more" in refused.text
    assert len(refused.text) <= 4096


async def test_progress_is_shown_while_it_lasts(
    server: RehearsalServer, owner: Person, desk: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, prepared = threading.Event(), dry_run.prepared

    def slow(planned: Planned, at: datetime, sentences: SentenceVectors | None) -> Prepared:
        assert seen.wait(HANG_SECONDS)
        return prepared(planned, at, sentences)

    monkeypatch.setattr(dry_run, "prepared", slow)
    monkeypatch.setattr(progress_line, "SECONDS_BETWEEN", 0.01)
    lines = "\n".join(f"Is door {n} open?,Door {n} is shut <&." for n in range(120))
    run = await sent(server, owner, desk, f"question,text\n{lines}".encode(), "doors.csv")
    await server.until(lambda: "would add" in run.text)
    before = len(server.calls("editMessageText"))
    await server.press(owner, run, "Import")
    await server.until(lambda: run.text == "Preparing the answers of doors.csv.")
    seen.set()
    await server.until(lambda: "is imported" in run.text)
    edits = server.calls("editMessageText")[before:]
    assert all("doors.csv" in edit.parameters["text"] for edit in edits)


@pytest.mark.parametrize("kind", ["", "toml", " JSON", ".jsonl", "csv"])
async def test_the_facts_come_back_as_a_file(
    server: RehearsalServer, owner: Person, desk: Chat, kind: str
) -> None:
    given = await asked(server, owner, desk, f"/export {kind}".strip())
    suffix = kind.strip(" .").lower() or "toml"
    assert given.media["document"]["file_name"].endswith(f".{suffix}")
    assert given.text.startswith("5 facts, withdrawn ones included.")
    upload = server.backend.files[given.media["document"]["file_id"]]
    assert b"It is 412 metres long." in upload.content
    again = await sent(server, owner, desk, upload.content, upload.name)
    assert again.text == (f"{upload.name} would change nothing. 5 unchanged, 0 refused.")


async def test_a_format_that_is_none_is_named(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    refused = await asked(server, owner, desk, "/export <xlsx>")
    assert refused.text.startswith("'<xlsx>' is no format: write one of toml, json, jsonl, csv")


SPREADSHEET = [
    ("Question", "Answer", "Alternate questions", "Date", "Editor's initials"),
    ("How wide is the bridge?", "It is 9 metres wide.", "width of it|how broad", "5/6/2025", "AB"),
]


async def test_a_spreadsheet_answers_readers_after_two_taps(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    run = await sent(server, owner, desk, workbook(("FAQ", SPREADSHEET)), "desk.xlsx")
    assert run.text == (
        "desk.xlsx would add 1 fact and change 0. 0 unchanged, 0 refused.\n\n"
        "New:\n• How wide is the bridge? It is 9 metres wide.\n\n"
        "How it was read:\n"
        "• Columns were read so: “Alternate questions” as phrasings, “Date” as day on which it was "
        "said.\n"
        "• Left out, since they are no part of a fact: Editor's initials.\n"
        "• Lists in 1 cell were divided at bars (|).\n\n"
        "Nothing is stored yet. Dates such as 5/6/2025 (row 2) can mean two days: is it 5 June or "
        "May 6?"
    )
    assert run.labels == ["5/6/2025 is 5 June", "5/6/2025 is May 6", "Drop"]
    settle = run.buttons[0]["callback_data"]
    assert (await server.press_data(owner, run, "2fi:1:1")).text == ""
    await server.quiet()
    assert run.labels[-1] == "Drop"
    await server.press(owner, run, "5/6/2025 is May 6")
    await server.until(lambda: "Import" in run.labels)
    assert "Dates were read month first: 5/6/2025 as 6 May 2025." in run.text
    assert (await server.press_data(owner, run, settle)).text == screens.OLD_BUTTON
    await server.press(owner, run, "Import")
    await server.until(lambda: run.text.startswith("desk.xlsx is imported."))
    answer = await asked(server, owner, desk, "answer 6")
    assert answer.text.startswith("How wide is the bridge?\nIt is 9 metres wide.")


async def test_an_faq_page_becomes_facts_and_no_question_is_one(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    page = b"Q: Who pays?\nA: The town.\n\nQ: Who repairs it?\nA: A firm from Alder.\n"
    run = await sent(server, owner, desk, page, "faq.txt")
    assert run.text.startswith("faq.txt would add 2 facts and change 0.")
    assert "• It is a page of questions and answers: 2 questions." in run.text
    await server.press(owner, run, "Import")
    await server.until(lambda: run.text.startswith("faq.txt is imported."))
    assert await text_of(store, "who-pays") == "The town."
    assert len(server.calls("getFile")) == 1


async def test_what_to_look_at_stands_above_what_is_new(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    rows = b"question,text\nWho pays?,The town.\nWho pays?,The <state>.\n"
    run = await sent(server, owner, desk, rows)
    look = "Look first:\n• “Who pays?” has two answers: line 2 and line 3.\n\nNew:"
    assert look in run.text


async def test_everything_that_can_be_said_of_a_file_fits_one_message(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    answer = "It is a rather long sentence, and it goes on for a while & more. " * 30
    page = "".join(f"## Is door {n % 30} open {'again ' * 30}?\n{n} {answer}\n" for n in range(60))
    run = await sent(server, owner, desk, page.encode(), "x" * 90 + ".md")
    assert "were cut at 1,000 characters" in run.text
    assert len(run.text) <= 4096


@pytest.fixture(autouse=True)
def _at_work(request: pytest.FixtureRequest) -> None:
    if "start" not in request.fixturenames or "store" in request.fixturenames:
        request.getfixturevalue("bot")
