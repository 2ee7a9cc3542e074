"""Adding facts from the chat: one message, a conversation, and what others get who try."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.entities import completed
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views.desk.lines import OLD_BUTTON as OLD
from bot.views.desk.prompts import NOTHING_OPEN
from bot.views.facts.additions import BEGUN_BEFORE
from bot.views.message import plain
from db import story
from db.desk import audit, cards, proposals
from db.engine import Database
from db.facts import facts
from db.records import Fact, Status, Weight
from db.records.desk import AuditEntry, CardKind, Proposal, ProposalKind, ProposalState, Role
from tests import bridge
from tests.clocks import Clock
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated

OWNED = "Who owns the bridge?\nThe city of Aldermere.\nSource: Roads office"


@pytest.fixture
def stranger(server: RehearsalServer) -> Person:
    return server.world.person("Stranger")


async def stored(store: Database) -> list[Fact]:
    async with store.reading() as session:
        return (await facts.all_current(session))[len(bridge.DRAFTS) :]


async def proposal(store: Database, number: int = 1) -> Proposal:
    async with store.reading() as session:
        found = await proposals.by_id(session, number)
    assert found is not None
    return found


async def records(store: Database) -> list[AuditEntry]:
    async with store.reading() as session:
        return [each for each in await audit.newest(session, limit=50) if each.person is not None]


def forwarded(server: RehearsalServer, person: Person, chat: Chat, text: str) -> None:
    """Let `person` pass on in `chat` what somebody else wrote."""
    message = server.world.add(chat, person, text=text, entities=completed(text, []))
    person.has_started = True
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": message.date}
    server.updates.put("message", message.json() | {"forward_origin": origin})


async def test_one_message_and_a_tap_make_a_fact(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    preview = await asked(
        server,
        owner,
        desk,
        f"/add {OWNED} https://roads.example/o\nTopics: past, law\nBig\nstatus: reported\n"
        "When: 3 May 2025\nSaid: 19 May 2025 14:20",
    )
    assert preview.text == (
        "Who owns the bridge?\n"
        "The city of Aldermere.\n"
        "Reported · Roads office, 19 May 2025 14:20\n\n"
        "Said: Monday 19 May 2025, 14:20\n"
        "Happened: Saturday 3 May 2025\n"
        "Link: https://roads.example/o\n"
        "Topics: past, law\n"
        "Big news\n\n"
        "Not published yet."
    )
    assert preview.labels == ["Publish", "Change something", "Drop"]
    assert await stored(store) == []
    toast = await server.press(owner, preview, "Publish")
    assert toast.text == ""
    assert preview.text == ("Published as #6.\nWho owns the bridge?\nThe city of Aldermere.")
    (fact,) = await stored(store)
    assert (fact.key, fact.status, fact.weight) == (
        "who-owns-the-bridge",
        Status.REPORTED,
        Weight.BIG,
    )
    done = await proposal(store)
    assert (done.state, done.fact_id, done.base_version) == (ProposalState.DONE, 6, None)
    assert done.notes["version"] == 1
    assert done.done_at is not None
    (record,) = await records(store)
    assert (record.action, record.fact_id, record.name) == ("fact.add", 6, "Owner")
    assert record.after == ("Who owns the bridge?\nThe city of Aldermere.\nSource: Roads office")
    async with store.reading() as session:
        card = await cards.by_message(session, desk.id, preview.id)
    assert card is not None
    assert (card.kind, card.about) == (CardKind.FACT, 6)


@pytest.mark.usefixtures("bot")
async def test_the_next_question_is_answered_from_it(
    server: RehearsalServer, owner: Person, desk: Chat, stranger: Person
) -> None:
    preview = await asked(server, owner, desk, f"/add {OWNED}")
    await server.press(owner, preview, "Publish")
    reader = server.world.private(stranger)
    answer = await asked(server, stranger, reader, "answer 6")
    assert answer.text.startswith("Who owns the bridge?\nThe city of Aldermere.\nRoads office, ")


async def test_one_line_needs_no_command(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, stranger: Person
) -> None:
    line = "Who owns the bridge? | The city. | Roads office"
    preview = await asked(server, owner, desk, line)
    assert preview.text.startswith("Who owns the bridge?\nThe city.\nRoads office, ")
    await server.press(owner, preview, "Publish")
    assert [fact.source for fact in await stored(store)] == ["Roads office"]
    reader = server.world.private(stranger)
    theirs = await asked(server, stranger, reader, line)
    assert theirs.text == "Hello. Ask me about the bridge at Aldermere."


async def test_what_is_missing_is_asked_for(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    source = await asked(server, owner, desk, "/add Who owns the bridge?\nThe city.")
    assert source.text == (
        "Who says so? For example: TASS, with a link if there is one.\nSo far: Who owns the bridge?"
    )
    assert source.labels == ["Drop"]
    link = await asked(server, owner, desk, "https://roads.example/o")
    assert link.text.startswith("I have the link, but not whose it is.\nWho says so?")
    preview = await asked(server, owner, desk, "Roads office")
    assert "Link: https://roads.example/o" in preview.text
    await server.press(owner, preview, "Publish")
    (fact,) = await stored(store)
    assert (fact.source, fact.source_url) == ("Roads office", "https://roads.example/o")


async def test_a_conversation_goes_on_after_a_restart(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start, story_file: Path
) -> None:
    said = ("/add", "Who owns the bridge?", "The city.")
    shown: list[Message] = []
    for text in said:
        async with start():
            shown.append(await asked(server, owner, desk, text))
    assert [message.text.split("?")[0] for message in shown] == [
        "What will readers ask",
        "What is the answer",
        "Who says so",
    ]
    async with start():
        when = await asked(server, owner, desk, "Roads office")
    assert when.text.startswith("When did they say it?")
    assert when.labels == ["Just now", "Drop"]
    async with start():
        await server.press(owner, when, "Just now")
        assert when.text.endswith("Not published yet.")
    async with start():
        await server.press(owner, when, "Publish")
        assert when.text.startswith("Published as #6.")
    store = await Database.open(story_file)
    assert [fact.text for fact in await stored(store)] == ["The city."]
    await store.close()


async def test_a_time_to_come_is_asked_again_with_the_time(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    again = await asked(server, owner, desk, f"/add {OWNED}\nSaid: 1 January 2199\nWhen: 5/4")
    assert again.text.startswith(
        "“1 January 2199” would be Tuesday 1 January 2199, which is still to come.\n"
        "When did they say it?"
    )
    event = await asked(server, owner, desk, "19 May 2025")
    assert event.text.startswith("“5/4” may be 5 April or 4 May: write the month as a word.")
    assert event.labels == ["Skip", "Drop"]
    await server.press(owner, event, "Skip")
    await server.press(owner, event, "Publish")
    (fact,) = await stored(store)
    assert (str(fact.as_of), fact.happened) == ("2025-05-19", None)


async def test_something_is_changed_before_it_is_published(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    preview = await asked(server, owner, desk, f"/add {OWNED}\nTopics: past")
    await server.press(owner, preview, "Change something")
    assert preview.text.startswith("What shall be different?")
    assert preview.labels == ["Leave it as it is", "Drop"]
    await server.press(owner, preview, "Leave it as it is")
    await server.press(owner, preview, "Change something")
    second = await asked(server, owner, desk, "The county.\nTopics:\nStatus: disputed")
    assert second.text.startswith("Who owns the bridge?\nThe county.\nDisputed · Roads office")
    assert "Topics" not in second.text
    # A reply to the preview changes too.
    await server.say(owner, desk, "Source: City archive", reply_to=second)
    third = await server.next_message(desk)
    assert "Disputed · City archive" in third.text
    old = await server.press(owner, second, "Publish")
    assert old.text == OLD
    await server.press(owner, third, "Publish")
    assert [fact.text for fact in await stored(store)] == ["The county."]


async def test_a_contradiction_is_shown_before_the_preview(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    twin = await asked(
        server, owner, desk, "/add How long is the bridge?\nIt is 512 metres long.\nSource: Herald"
    )
    assert twin.text == (
        "#3 says: It is 412 metres long.\nThey differ in a number.\n\n"
        "Yours says: It is 512 metres long."
    )
    assert twin.labels == ["It is new", "Change #3 instead", "Drop"]
    await server.press(owner, twin, "It is new")
    assert twin.labels == ["Publish", "Change something", "Drop"]
    await server.press(owner, twin, "Publish")
    assert [fact.key for fact in await stored(store)] == ["how-long-is-the-bridge"]


async def test_an_addition_becomes_a_change_of_the_fact_it_contradicts(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    twin = await asked(server, owner, desk, "/add How long is the bridge? | 512 metres. | Herald")
    await server.press(owner, twin, "Change #3 instead")
    assert "Was: It is 412 metres long.\nNow: 512 metres." in twin.text
    assert twin.labels == ["It moved on", "We had it wrong", "Only wording", "Drop"]
    change = await proposal(store)
    assert (change.kind, change.step, change.fact_id) == (ProposalKind.CHANGE, "kind", 3)
    assert (change.base_version, change.state) == (1, ProposalState.OPEN)
    assert change.draft is not None
    assert (change.draft.key, change.draft.source) == ("length", "Herald")
    assert await stored(store) == []


async def test_what_nobody_knows_yet_is_filed(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    preview = await asked(
        server, owner, desk, "/unknown Will the ferry run? | Nobody has said. | next tomorrow 18:00"
    )
    assert "Not known yet. Nobody has said. Next word expected: " in preview.text
    assert "18:00" in preview.text.partition("Check by: ")[2]
    await server.press(owner, preview, "Publish")
    (fact,) = await stored(store)
    assert (fact.status, fact.source) == (Status.UNKNOWN, None)
    assert fact.check_by is not None


async def test_a_known_unknown_is_asked_for_step_by_step(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    what = await asked(server, owner, desk, "/unknown")
    assert what.text.startswith("What is it that nobody knows yet?")
    known = await asked(server, owner, desk, "Will the ferry run?")
    assert known.text.startswith("What is known about it so far?")
    news = await asked(server, owner, desk, "Nobody has said.")
    assert (news.labels, news.text[:23]) == (["Skip", "Drop"], "When is news expected? ")
    await server.press(owner, news, "Skip")
    await server.press(owner, news, "Publish")
    (fact,) = await stored(store)
    assert (fact.status, fact.next_word) == (Status.UNKNOWN, None)


async def test_what_the_story_does_not_cover_is_filed(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    preview = await asked(
        server, owner, desk, "/uncovered Was it bombed? | It does not go back beyond 1931."
    )
    assert "That is not part of this story. It does not go back beyond 1931." in preview.text
    await server.press(owner, preview, "Publish")
    (fact,) = await stored(store)
    assert (fact.status, fact.source) == (Status.NOT_COVERED, None)


async def test_what_is_not_covered_is_asked_for_step_by_step(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    what = await asked(server, owner, desk, "/uncovered")
    assert what.text.startswith("What does this story not cover?")
    holds = await asked(server, owner, desk, "Was it bombed?")
    assert holds.text.startswith("What does it not give, and what does it hold on it?")
    preview = await asked(server, owner, desk, "It does not go back beyond 1931.")
    assert preview.labels[0] == "Publish"
    assert await stored(store) == []


async def test_cancel_drops_what_one_is_at(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    assert (await asked(server, owner, desk, "/cancel")).text == plain(NOTHING_OPEN)
    await asked(server, owner, desk, "/add")
    said = await asked(server, owner, desk, "/cancel")
    assert said.text == "Dropped: the new fact. Nothing was published."
    assert (await proposal(store)).state is ProposalState.DROPPED
    # Words are a reader's question again.
    answer = await asked(server, owner, desk, "answer 1")
    assert answer.text.startswith("When was the bridge opened?\nIn 1931.")


async def test_a_second_addition_lets_the_first_wait(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, clock: Clock
) -> None:
    await asked(server, owner, desk, "/add Who owns the bridge?")
    preview = await asked(server, owner, desk, "/add Who swam there? | Nobody. | City archive")
    assert preview.text.endswith(f"Not published yet. {BEGUN_BEFORE}")
    answer = await asked(server, owner, desk, "answer 1")  # not the answer to the first
    assert answer.text.startswith("When was the bridge opened?\nIn 1931.")
    clock.at += timedelta(seconds=1)
    again = await asked(server, owner, desk, "/add")
    assert again.text.endswith("So far: Who owns the bridge?")
    assert (await asked(server, owner, desk, "The city.")).text.startswith("Who says so?")
    assert await stored(store) == []


async def test_words_long_after_the_question_are_a_readers(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await asked(server, owner, desk, "/add")
    async with store.writing() as session:
        (begun,) = await proposals.open_of(session, desk.id, owner.id)
        await proposals.advance(session, begun, at=begun.touched_at - timedelta(hours=2))
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (f"/add {OWNED}\nSorce: x", "“Sorce:” is no label; did you mean “Source:”?"),
        (f"/add {OWNED}\nSource: x", "“Source:” stands there twice"),
        ("/add a | b | c | d", "There are 4 parts between the bars"),
        ("/unknown a | b | c | d", "There are 4 parts between the bars"),
    ],
)
async def test_bad_input_leaves_nothing_behind(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, text: str, refusal: str
) -> None:
    assert (await asked(server, owner, desk, text)).text.startswith(refusal)
    async with store.reading() as session:
        assert await proposals.open_of(session, desk.id, owner.id) == []
    assert await stored(store) == []


@pytest.mark.usefixtures("bot")
async def test_markup_in_words_stays_words(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    nasty = "<b>&lt; \"x\"</b> </i><a href='x'>"
    preview = await asked(
        server, owner, desk, f"/add {nasty}?\n{nasty}\nSource: {nasty}\nTopics: <b>"
    )
    assert preview.text.startswith(f"{nasty}?\n{nasty}\n{nasty}, ")
    assert "\nTopics: <b>\n" in preview.text
    await server.press(owner, preview, "Publish")
    assert preview.text == f"Published as #6.\n{nasty}?\n{nasty}"


async def test_to_a_stranger_there_is_no_desk(
    server: RehearsalServer, stranger: Person, store: Database, owner: Person, desk: Chat
) -> None:
    theirs = server.world.private(stranger)
    for text in (f"/add {OWNED}", "/add", "/unknown x", "/cancel", "/drafts"):
        assert (await asked(server, stranger, theirs, text)).text == plain(screens.NO_SUCH_COMMAND)
    preview = await asked(server, owner, desk, f"/add {OWNED}")
    anything = await asked(server, stranger, theirs, "answer 1")
    for data in ("2ap:1:1", "2as:1:1", "2ac:1:1", "2ad:1:1", "2an:1:1", "2ai:1:1:3", "2ak:1:1"):
        toast = await server.press_data(stranger, anything, data)
        assert toast.text == screens.OLD_BUTTON
    for data in ("2al:1", "2ab:1:1"):
        assert (await server.press_data(stranger, anything, data)).text == screens.OLD_BUTTON
    assert await stored(store) == []
    assert (await proposal(store)).turn == 1
    kept = await records(store)
    assert {(each.person, each.refused) for each in kept} == {(stranger.id, True)}
    assert {each.action for each in kept} == {
        "proposal.make",
        "proposal.drop",
        "proposal.see",
        "proposal.submit",
        "proposal.change",
        "proposal.send_back",
        "fact.add",
        "fact.update",
    }
    await server.press(owner, preview, "Publish")
    assert len(await stored(store)) == 1


async def test_another_editor_presses_in_vain(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await asked(server, owner, desk, f"/add {OWNED}")
    eve = await seated(server, store, "Eve", Role.EDITOR)
    hers = server.world.private(eve)
    anything = await asked(server, eve, hers, "answer 1")
    for data in ("2ap:1:1", "2as:1:1", "2ac:1:1", "2ad:1:1", "2an:1:1", "2ai:1:1:3", "2ak:1:1"):
        assert (await server.press_data(eve, anything, data)).text == OLD
    for data in ("2al:1", "2ab:1:1", "2ap:99:1", "2ap:1", "2ap:1:x", f"2ap:{2**63 - 1}:1"):
        assert (await server.press_data(eve, anything, data)).text == OLD
    assert (await server.press_data(eve, anything, "2azz")).text == screens.OLD_BUTTON
    assert await stored(store) == []
    assert (await proposal(store)).turn == 1
    assert len([each for each in await records(store) if each.refused]) == 7


async def test_a_button_works_once_and_at_its_turn(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    preview = await asked(server, owner, desk, f"/add {OWNED}")
    published = "2ap:1:1"
    for data in ("2ap:1:2", "2ap:1:0", "2an:1:1", "2ai:1:1:3", "2ak:1:1"):
        assert (await server.press_data(owner, preview, data)).text == OLD
    await server.press_data(owner, preview, published)
    for _ in range(2):
        assert (await server.press_data(owner, preview, published)).text == OLD
    assert (await server.press_data(owner, preview, "2ad:1:2")).text == OLD
    assert len(await stored(store)) == 1


async def test_forwarded_and_edited_words_add_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    forwarded(server, owner, desk, f"/add {OWNED}")
    assert (await server.next_message(desk)).text == plain(screens.NO_SUCH_COMMAND)
    first = await server.say(owner, desk, "/add")
    await server.next_message(desk)
    forwarded(server, owner, desk, "answer 1")
    assert (await server.next_message(desk)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    await server.edit(first, f"/add {OWNED}")
    await server.quiet()
    begun = await proposal(store)
    assert (begun.step, begun.turn) == ("ask:question", 1)
    assert await stored(store) == []


async def test_a_group_is_no_desk_until_it_is_one(
    server: RehearsalServer, owner: Person, store: Database, stranger: Person
) -> None:
    group = server.world.supergroup("Desk", owner)
    name = server.world.bot.username
    await server.say(owner, group, f"/add@{name} {OWNED}")
    await server.quiet()
    assert server.sent(group) == []
    async with store.writing() as session:
        await story.move_desk(session, group.id)
    ask = await asked(server, owner, group, f"/add@{name}")
    assert ask.text.endswith("Reply to this message.")
    await server.say(owner, group, "Who owns it?", reply_to=ask)
    answer = await server.next_message(group)
    assert answer.text.startswith("What is the answer?")
    source = await asked(server, owner, group, f"@{name} The city.")
    assert source.text.startswith("Who says so?")
    draft = (await proposal(store)).draft
    assert draft is not None
    assert draft.text == "The city."
    await server.say(stranger, group, "Me!", reply_to=source)
    await server.quiet()
    assert (await proposal(store)).step == "ask:source"


async def test_a_contributor_cannot_publish_by_a_forged_button(
    server: RehearsalServer, store: Database
) -> None:
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    his = server.world.private(carl)
    preview = await asked(server, carl, his, f"/add {OWNED}")
    assert preview.labels == ["Submit", "Change something", "Drop"]
    await server.press_data(carl, preview, "2ap:1:1")
    refusal = await server.next_message(his)
    assert refusal.text.startswith("Only an editor may do that, and you are a contributor")
    assert await stored(store) == []
    assert [(each.action, each.refused) for each in await records(store)] == [("fact.add", True)]
