"""Changing facts from the chat, over the wire."""

from pathlib import Path

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views.desk.lines import OLD_BUTTON as OUT_OF_DATE
from bot.views.message import plain
from db import story
from db.desk import audit, proposals
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, FactVersion, Status
from db.records.desk import AuditEntry, ProposalState, Role
from tests.clocks import Clock
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated

COMMANDS = (
    "/find bridge",
    "/fact 3",
    "/edit 3 It is 500 metres long.",
    "/status 3 disputed",
    "/withdraw 3 wrong",
    "/phrase 3 how far is it across",
    "/still 3",
    "/undo",
)


async def fact(store: Database, number: int = 3) -> Fact:
    async with store.reading() as session:
        found = await facts.by_id(session, number)
    assert found is not None
    return found


async def history(store: Database, number: int = 3) -> list[FactVersion]:
    async with store.reading() as session:
        return await facts.history(session, number)


async def records(store: Database) -> list[AuditEntry]:
    async with store.reading() as session:
        return (await audit.newest(session, limit=100))[::-1]


async def said(
    server: RehearsalServer, person: Person, chat: Chat, words: str, to: Message
) -> Message:
    """Reply to a message of the bot and return what the bot says to it."""
    await server.say(person, chat, words, reply_to=to)
    return await server.next_message(chat)


async def corrected(server: RehearsalServer, owner: Person, desk: Chat) -> Message:
    """Correct the length of the bridge and return the message that says so."""
    change = await asked(
        server, owner, desk, "/edit 3 It is 421 metres long.\nSource: City archive"
    )
    await server.press(owner, change, "We had it wrong")
    await server.press(owner, change, "Publish")
    return change


@pytest.mark.usefixtures("bot")
async def test_a_correction_is_one_message_and_three_taps(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    card = await asked(server, owner, desk, "/fact 1")
    assert card.text.startswith(
        "#1 · When was the bridge opened?\nIn 1931. The mayor cut the ribbon."
    )
    change = await said(server, owner, desk, "In 1932. The mayor cut the ribbon.", card)
    assert change.text == (
        "#1 · When was the bridge opened?\n"
        "Was: In 1931. The mayor cut the ribbon.\n"
        "Now: In 1932. The mayor cut the ribbon.\n"
        "Did the world move on, or did we have it wrong?"
    )
    assert change.labels == ["It moved on", "We had it wrong", "Only wording", "Drop"]
    await server.press(owner, change, "We had it wrong")
    assert change.text.endswith("Who says so? Tap, or write it.")
    assert change.labels == [
        "Same source: City archive",
        "The Herald <daily>",
        "Roads office",
        "Drop",
    ]
    await server.press(owner, change, 0)
    assert change.labels == ["Publish", "Drop"]
    assert "What was wrong: We said: In 1931. The mayor cut the ribbon." in change.text
    assert change.text.endswith(
        "Readers will see:\nWhen was the bridge opened?\n"
        "In 1932. The mayor cut the ribbon.\nCity archive, 19 May 2025"
    )
    toast = await server.press(owner, change, "Publish")
    assert toast.text == ""
    assert change.text.startswith("Published. #1 is corrected, version 2.")
    published = change
    assert change.labels == ["Undo"]
    newest = (await history(store, 1))[-1]
    assert (newest.kind, newest.text, newest.editor) == (
        ChangeKind.CORRECTION,
        "In 1932. The mayor cut the ribbon.",
        owner.id,
    )
    answer = await asked(server, owner, desk, "answer 1")
    assert answer.text.startswith("When was the bridge opened?\nIn 1932.")
    assert len(server.sent(desk)) == 3
    again = await said(server, owner, desk, "In 1933.", published)
    assert again.text.startswith("#1 · When was the bridge opened?\nWas: In 1932.")


@pytest.mark.usefixtures("bot")
async def test_only_wording_is_refused_in_words(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    change = await asked(server, owner, desk, "/edit 3 The length is 421 metres.")
    await server.press(owner, change, "Only wording")
    assert "It is not only the wording:\n• number: 412 before, 421 now." in change.text
    assert change.labels == ["It moved on", "We had it wrong", "Drop"]
    await server.press(owner, change, "Drop")
    assert change.text == "Dropped. #3 stays as it is: It is 412 metres long."
    assert change.labels == []
    wording = await asked(server, owner, desk, "/edit #3 The length is 412 metres.")
    await server.press(owner, wording, "Only wording")
    await server.press(owner, wording, "Publish")
    assert [each.kind for each in await history(store)] == [ChangeKind.NEW, ChangeKind.WORDING]


@pytest.mark.usefixtures("bot")
async def test_the_source_and_what_was_wrong_can_be_typed(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    change = await asked(server, owner, desk, "/edit 3 It is 421 metres long.")
    await server.press(owner, change, "We had it wrong")
    preview = await asked(server, owner, desk, "The surveyor")
    assert "The surveyor" in preview.text
    await server.quiet()
    assert change.text == "This goes on below."
    assert change.labels == []
    better = await said(server, owner, desk, "We had measured one lane only.", preview)
    await server.press(owner, better, "Publish")
    newest = (await history(store))[-1]
    assert (newest.source, newest.reason) == ("The surveyor", "We had measured one lane only.")


@pytest.mark.usefixtures("bot")
async def test_a_withdrawal_takes_a_reason_and_a_tap(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    card = await asked(server, owner, desk, "#3")
    asks = await said(server, owner, desk, "/withdraw", card)
    assert asks.text.endswith("Why is it withdrawn? Write the reason: readers are told it.")
    confirm = await asked(server, owner, desk, "Nobody measured it.")
    assert confirm.labels == ["Withdraw", "Drop"]
    assert "Reason, which readers are told: Nobody measured it." in confirm.text
    assert (await fact(store)).status is Status.CONFIRMED
    await server.press(owner, confirm, "Withdraw")
    assert confirm.text.startswith("Withdrawn. #3 is not told any more.")
    assert (await fact(store)).status is Status.WITHDRAWN
    again = await asked(server, owner, desk, "/withdraw 3 again")
    assert again.text == "#3 is withdrawn already: see /fact 3."
    card = await asked(server, owner, desk, "/fact 3")
    assert "\nStatus: withdrawn\n" in card.text
    await server.press(owner, confirm, "Undo")
    assert confirm.text == "Undone. #3 stands again: It is 412 metres long."
    assert (await fact(store)).status is Status.CONFIRMED


@pytest.mark.usefixtures("bot")
async def test_undo_within_the_minute_and_afterwards(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, clock: Clock
) -> None:
    done = await corrected(server, owner, desk)
    clock.pass_(59)
    await server.press(owner, done, "Undo")
    assert done.text == "Undone. #3 is as it was before: It is 412 metres long."
    assert [each.kind for each in await history(store)][-1] is ChangeKind.UNDO
    again = await asked(server, owner, desk, "/undo")
    assert again.text == "There is nothing of yours here that can be undone."
    done = await corrected(server, owner, desk)
    by_command = await asked(server, owner, desk, "/undo")
    assert by_command.text.startswith("Undone. #3")
    await server.quiet()
    assert (done.text, done.labels) == (by_command.text, [])
    done = await corrected(server, owner, desk)
    await asked(server, owner, desk, "answer 3")
    clock.pass_(61)
    await server.press(owner, done, "Undo")
    assert done.text.startswith("Not undone: #3 was published more than a minute ago.")
    assert "\n1 chat was told it since, in answers or alerts.\n" in done.text
    await server.press(owner, done, "Correct it")
    asks = await server.next_message(desk)
    assert asks.text.endswith("Write what is right.")
    source = await asked(server, owner, desk, "It is 413 metres long.")
    await server.press(owner, source, 0)
    await server.press(owner, source, "Publish")
    newest = (await history(store))[-1]
    assert (newest.kind, newest.text) == (ChangeKind.CORRECTION, "It is 413 metres long.")
    assert newest.reason == "We said: It is 421 metres long."


@pytest.mark.usefixtures("bot")
async def test_of_two_editors_the_second_sees_both_wordings(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    bob = await seated(server, store, "Bob", Role.EDITOR)
    his = server.world.private(bob)
    late = await asked(server, owner, desk, "/edit 3 It is 430 metres long.\nSource: My tape")
    await server.press(owner, late, "It moved on")
    await corrected(server, bob, his)
    await server.press(owner, late, "Publish")
    assert late.text.startswith(
        "Bob changed #3 meanwhile.\n"
        "It says now: It is 421 metres long.\n"
        "Yours: It is 430 metres long.\n"
        "The source: City archive before, My tape now."
    )
    assert late.labels == ["Mine after all", "Keep theirs", "Drop"]
    await server.press(owner, late, "Mine after all")
    assert late.text.startswith("Published. #3 is updated, version 3.")
    other = await asked(server, owner, desk, "/edit 3 It is 440 metres long.\nSource: My tape")
    await corrected(server, bob, his)
    await server.press(owner, other, "It moved on")
    await server.press(owner, other, "Keep theirs")
    assert other.text == "Kept. #3 says: It is 421 metres long."
    assert [each.text for each in await history(store)] == [
        "It is 412 metres long.",
        "It is 421 metres long.",
        "It is 430 metres long.",
        "It is 421 metres long.",
    ]


@pytest.mark.usefixtures("bot")
async def test_finding_and_keeping(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    found = await asked(server, owner, desk, "/find reported")
    assert found.text == (
        "Facts for: reported\n#4 · What will the repair cost? About nine million. (reported)"
    )
    assert found.labels == ["#4 What will the repair cost?"]
    await server.press(owner, found, 0)
    card = await server.next_message(desk)
    assert card.text.startswith("#4 · What will the repair cost?")
    phrased = await said(server, owner, desk, "/phrase how dear will it be", card)
    assert phrased.text.startswith("#4 is found by this as well: how dear will it be")
    taken = await asked(server, owner, desk, "/phrase 3 How dear will it be?")
    assert "#4 is asked in these words" in taken.text
    checked = await said(server, owner, desk, "/still next look in 2 hours", card)
    assert "\nNext look: " in checked.text
    status = await said(server, owner, desk, "/status confirmed", card)
    assert "The status: reported before, confirmed now." in status.text
    await server.press(owner, status, 0)
    await server.press(owner, status, "Publish")
    after = await fact(store, 4)
    assert (after.status, after.phrasings) == (Status.CONFIRMED, ("how dear will it be",))
    nothing = await asked(server, owner, desk, "/find xyzzy")
    assert nothing.text.startswith("No fact for: xyzzy")


@pytest.mark.usefixtures("bot")
async def test_a_card_folds_its_history_and_is_true_as_plain_text(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    bob = await seated(server, store, "Bob", Role.EDITOR)
    await corrected(server, bob, server.world.private(bob))
    card = await asked(server, owner, desk, "/fact #3")
    assert "Version 2, " in card.text
    assert "correction by Bob. Reason: We said: It is 412 metres long." in card.text
    assert "\nBefore that:\nVersion 1, " in card.text
    assert "new by an import: It is 412 metres long." in card.text
    assert [each.type for each in card.entities] == ["bold", "expandable_blockquote"]
    assert card.text.endswith("Reply to this with new words to change it.")


async def test_a_change_goes_on_after_a_restart(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start, story_file: Path
) -> None:
    async with start():
        waits = await asked(server, owner, desk, "/edit 3")
        assert waits.text.endswith("Write the new words.")
    async with start():
        change = await asked(server, owner, desk, "It is 421 metres long.")
        await server.press(owner, change, "We had it wrong")
    async with start():
        preview = await asked(server, owner, desk, "The surveyor")
    async with start():
        await server.press(owner, preview, "Publish")
    async with start():
        await server.press(owner, preview, "Undo")
        assert preview.text.startswith("Undone. #3")
    database = await Database.open(story_file)
    kinds = [each.kind for each in await history(database)]
    await database.close()
    assert kinds == [ChangeKind.NEW, ChangeKind.CORRECTION, ChangeKind.UNDO]


@pytest.mark.usefixtures("bot")
async def test_to_a_stranger_there_is_no_desk(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    for command in COMMANDS:
        refused = await asked(server, stranger, theirs, command)
        assert refused.text == plain(screens.NO_SUCH_COMMAND)
    change = await asked(server, owner, desk, "/edit 3 It is 500 metres long.")
    for button in change.buttons:
        toast = await server.press_data(stranger, change, button["callback_data"])
        assert toast.text == screens.OLD_BUTTON
    answer = await asked(server, stranger, theirs, "#3")
    assert "412" not in answer.text
    assert len(await history(store)) == 1
    refusals = [each for each in await records(store) if each.refused]
    assert len(refusals) == len(COMMANDS) + 4
    assert {each.person for each in refusals} == {stranger.id}


@pytest.mark.usefixtures("bot")
async def test_a_contributor_sees_facts_and_changes_none(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    his = server.world.private(carl)
    card = await asked(server, carl, his, "/fact 3")
    assert card.text.startswith("#3 · How long is the bridge?")
    for command in COMMANDS[2:]:
        refused = await asked(server, carl, his, command)
        assert refused.text.startswith("Only an editor may do that")
    refused = await said(server, carl, his, "It is 500 metres long.", card)
    assert refused.text.startswith("Only an editor may do that")
    answer = await asked(server, carl, his, "answer 3")
    assert answer.text.startswith("How long is the bridge?\nIt is 412 metres long.")
    assert len(await history(store)) == 1
    assert len([each for each in await records(store) if each.refused]) == 7


@pytest.mark.usefixtures("bot")
async def test_in_a_group_that_is_not_the_desks_nothing_happens(
    server: RehearsalServer, owner: Person, store: Database
) -> None:
    group = server.world.supergroup("Town", owner)
    for command in COMMANDS:
        await server.say(owner, group, command)
    await server.quiet()
    assert server.sent(group) == []
    assert len(await history(store)) == 1


@pytest.mark.usefixtures("bot")
async def test_in_the_desks_group_each_has_their_own_buttons(
    server: RehearsalServer, owner: Person, store: Database
) -> None:
    bob = await seated(server, store, "Bob", Role.EDITOR)
    group = server.world.supergroup("Desk", owner, bob)
    async with store.writing() as session:
        await story.move_desk(session, group.id)
    change = await asked(server, owner, group, "/edit 3 It is 421 metres long.")
    assert change.reply_to is not None
    toast = await server.press(bob, change, "We had it wrong")
    assert toast.text == OUT_OF_DATE
    await server.press(owner, change, "We had it wrong")
    refused = await said(server, bob, group, "Bob's tape", change)
    assert refused.text.startswith("That is somebody else's to decide.")
    assert change.text.endswith("Who says so? Tap, or write it.")
    preview = await said(server, owner, group, "The surveyor", change)
    await server.press(owner, preview, "Publish")
    assert (await fact(store)).source == "The surveyor"
    stranger = server.world.person("Stranger")
    toast = await server.press(stranger, preview, "Undo")
    assert toast.text == screens.OLD_BUTTON
    toast = await server.press(bob, preview, "Undo")
    assert toast.text == OUT_OF_DATE
    assert (await fact(store)).version == 2


@pytest.mark.usefixtures("bot")
async def test_old_repeated_and_forged_buttons_change_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    bob = await seated(server, store, "Bob", Role.EDITOR)
    his = server.world.private(bob)
    change = await asked(server, owner, desk, "/edit 3 It is 421 metres long.\nSource: A")
    wrong = change.buttons[1]["callback_data"]
    await server.press(owner, change, "We had it wrong")
    publish = change.buttons[0]["callback_data"]
    elsewhere = await asked(server, bob, his, "/fact 3")
    for person, message, data in (
        (owner, change, wrong),
        (bob, elsewhere, publish),
        (bob, elsewhere, publish.replace("2cp", "2cd")),
        (owner, change, publish.replace("2cp", "2cw")),
        (owner, change, publish.replace("2cp", "2cu")),
        (owner, change, publish.replace("2cp", "2cm")),
        (owner, change, "2cp:99:1"),
        (owner, change, "2cp:1:99999999999"),
        (owner, change, "2ck:1:2:9"),
        (owner, change, "2cs:1:2:9"),
        (owner, change, "2cp:-1:x"),
    ):
        toast = await server.press_data(person, message, data)
        assert toast.text == OUT_OF_DATE, data
    nobodys = await server.press_data(owner, change, "2c")
    assert nobodys.text == screens.OLD_BUTTON
    assert len(await history(store)) == 1
    assert change.labels == ["Publish", "Drop"]
    await server.press(owner, change, "Publish")
    toast = await server.press_data(owner, change, publish)
    assert toast.text == OUT_OF_DATE
    assert len(await history(store)) == 2
    refused = [each.name for each in await records(store) if each.refused]
    assert refused == ["Bob", "Bob"]
    async with store.reading() as session:
        kept = await proposals.by_id(session, 1)
    assert kept is not None
    assert kept.state is ProposalState.DONE


@pytest.mark.usefixtures("bot")
async def test_forwarded_and_edited_messages_order_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    card = await asked(server, owner, desk, "/fact 3")
    words = await server.say(owner, desk, "answer 3")
    await server.next_message(desk)
    await server.edit(words, "/edit 3 It is 500 metres long.")
    await forwarded(server, owner, desk, "/edit 3 It is 500 metres long.")
    await forwarded(server, owner, desk, "It is 500 metres long.", reply_to=card)
    await server.quiet()
    async with store.reading() as session:
        assert await proposals.open_of(session, desk.id, owner.id) == []
    assert len(await history(store)) == 1


async def forwarded(
    server: RehearsalServer,
    person: Person,
    chat: Chat,
    words: str,
    *,
    reply_to: Message | None = None,
) -> None:
    """Pass on what somebody else wrote."""
    origin = {"type": "hidden_user", "sender_user_name": "Mallory", "date": 1_700_000_000}
    message = server.world.add(chat, person, text=words, reply_to=reply_to)
    body = message.json() | {"forward_origin": origin}
    if words.startswith("/"):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
    server.backend.updates.put("message", body)


@pytest.mark.usefixtures("bot")
async def test_bad_input_is_answered_and_leaves_nothing_half_written(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    for words, says in (
        ("/edit", "Which fact?"),
        ("/edit 99 words", "There is no fact #99"),
        ("/edit 3 It is 412 metres long.", "Nothing changed: #3 says that already."),
        ("/edit 3\nStatus: <b>sure</b>", "The status “<b>sure</b>” is none of"),
        ("/status 3", "Nothing changed: write the status behind the number"),
        ("/still 3 one day", "the next look is “one day”"),
        ("/phrase 3", "In which other words is it asked?"),
        ("/find", "Write words of the fact"),
        ("/withdraw nonsense", "Which fact?"),
        ("/fact 99999999999999999999", "Which fact?"),
    ):
        answer = await asked(server, owner, desk, words)
        assert says in answer.text
    async with store.reading() as session:
        assert await proposals.open_of(session, desk.id, owner.id) == []
    entries = [each for each in await records(store) if each.person == owner.id]
    assert entries == []
