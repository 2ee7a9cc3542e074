"""Contributors' drafts: handed in, looked at, published or sent back with a reason."""

from datetime import timedelta

import pytest
import pytest_asyncio

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views.desk.lines import OLD_BUTTON as OLD
from bot.views.facts.additions import DROPPED
from bot.views.message import plain
from db import story
from db.desk import audit, proposals
from db.engine import Database
from db.facts import facts
from db.records import Fact
from db.records.desk import Proposal, ProposalState, Role
from tests import bridge
from tests.handlers.editor.conftest import asked, seated

OWNED = "/add Who owns the bridge?\nThe city of Aldermere.\nSource: City archive"


@pytest_asyncio.fixture
async def carl(server: RehearsalServer, store: Database) -> Person:
    return await seated(server, store, "Carl", Role.CONTRIBUTOR)


@pytest.fixture
def his(server: RehearsalServer, carl: Person) -> Chat:
    return server.world.private(carl)


@pytest_asyncio.fixture
async def draft(server: RehearsalServer, carl: Person, his: Chat, store: Database) -> Message:
    """A draft by Carl that was handed in, as he sees it."""
    preview = await asked(server, carl, his, OWNED)
    await server.press(carl, preview, "Submit")
    return preview


async def stored(store: Database) -> list[Fact]:
    async with store.reading() as session:
        return (await facts.all_current(session))[len(bridge.DRAFTS) :]


async def proposal(store: Database) -> Proposal:
    async with store.reading() as session:
        found = await proposals.by_id(session, 1)
    assert found is not None
    return found


async def opened(server: RehearsalServer, person: Person, chat: Chat) -> Message:
    """Return the list of drafts, turned into the first of them."""
    listed = await asked(server, person, chat, "/drafts")
    await server.press(person, listed, 0)
    return listed


async def test_an_editor_publishes_a_draft_and_its_author_hears_it(
    server: RehearsalServer, owner: Person, desk: Chat, draft: Message, his: Chat, store: Database
) -> None:
    assert draft.text == "Handed in. An editor publishes it.\nWho owns the bridge?"
    assert draft.labels == ["Drop"]
    listed = await asked(server, owner, desk, "/drafts")
    assert listed.text.startswith("1 draft waits to be published.\n• Who owns the bridge? (Carl, ")
    assert listed.labels == ["Who owns the bridge?"]
    await server.press(owner, listed, 0)
    assert listed.text.startswith(
        "A draft by Carl.\n\nWho owns the bridge?\nThe city of Aldermere.\nCity archive, "
    )
    assert listed.labels == ["Publish", "Send back"]
    await server.press(owner, listed, "Publish")
    assert listed.text.startswith("Published as #6.")
    heard = await server.next_message(his)
    assert heard.text == "Owner published your draft as #6: “Who owns the bridge?”"
    assert [fact.text for fact in await stored(store)] == ["The city of Aldermere."]
    async with store.reading() as session:
        record = (await audit.of_fact(session, 6, limit=5))[0]
        version = await facts.version(session, 6, 1)
    assert (record.name, record.action) == ("Owner", "fact.add")
    assert record.after is not None
    assert record.after.endswith("\nDrafted by Carl")
    assert version is not None
    assert version.editor == owner.id
    assert (await asked(server, owner, desk, "/drafts")).text == "No drafts wait to be published."


async def test_a_draft_goes_back_with_a_reason_and_comes_again(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    draft: Message,
    carl: Person,
    his: Chat,
    store: Database,
) -> None:
    shown = await opened(server, owner, desk)
    await server.press(owner, shown, "Send back")
    assert shown.text == "Why does it go back? Your next message here goes to its author."
    done = await asked(server, owner, desk, "The archive <says>\nsomething else.")
    assert done.text == "Sent back to Carl."
    back = await server.next_message(his)
    assert back.text.startswith(
        "Owner sent your draft back: The archive <says> something else.\n\nWho owns the bridge?"
    )
    assert back.labels == ["Submit", "Change something", "Drop"]
    assert (await server.press(carl, draft, "Drop")).text == OLD
    # Words of the editor are a reader's question again.
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    await server.say(carl, his, "The county.", reply_to=back)
    again = await server.next_message(his)
    assert again.text.startswith("It came back: The archive <says> something else.\n\nWho owns")
    await server.press(carl, again, "Submit")
    shown = await opened(server, owner, desk)
    assert "The county." in shown.text
    await server.press(owner, shown, "Publish")
    assert [fact.text for fact in await stored(store)] == ["The county."]


async def test_sending_back_is_thought_better_of(
    server: RehearsalServer, owner: Person, desk: Chat, draft: Message, store: Database
) -> None:
    shown = await opened(server, owner, desk)
    await server.press(owner, shown, "Send back")
    assert shown.labels == ["Keep it here"]
    await server.press(owner, shown, "Keep it here")
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    await server.press(owner, shown, "Publish")
    assert len(await stored(store)) == 1


async def test_words_long_after_send_back_are_a_readers(
    server: RehearsalServer, owner: Person, desk: Chat, draft: Message, store: Database
) -> None:
    shown = await opened(server, owner, desk)
    await server.press(owner, shown, "Send back")
    async with store.writing() as session:
        waiting = await proposal(store)
        await proposals.advance(session, waiting, at=waiting.touched_at - timedelta(hours=2))
    assert (await asked(server, owner, desk, "answer 1")).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    assert (await proposal(store)).state is ProposalState.SUBMITTED


async def test_a_contributor_sees_and_drops_only_their_own(
    server: RehearsalServer, draft: Message, carl: Person, his: Chat, store: Database
) -> None:
    dora = await seated(server, store, "Dora", Role.CONTRIBUTOR)
    hers = server.world.private(dora)
    nothing = await asked(server, dora, hers, "/drafts")
    assert nothing.text == "No drafts wait to be published."
    for data in ("2al:1", "2ad:1:2", "2as:1:2"):
        assert (await server.press_data(dora, nothing, data)).text == OLD
    for data in ("2ap:1:2", "2ab:1:2"):
        await server.press_data(dora, nothing, data)
        refusal = await server.next_message(hers)
        assert refusal.text.startswith("Only an editor may do that")
    assert (await proposal(store)).turn == 2
    assert await stored(store) == []
    async with store.reading() as session:
        kept = await audit.newest(session, limit=9)
    refused = [each.action for each in kept if each.refused]
    assert refused == ["proposal.send_back", "fact.add", "proposal.drop", "proposal.see"]
    mine = await opened(server, carl, his)
    assert mine.text.startswith("A draft by Carl.")
    assert mine.labels == ["Drop"]
    await server.press(carl, mine, "Drop")
    assert mine.text == plain(DROPPED)
    assert (await proposal(store)).state is ProposalState.DROPPED


async def test_two_editors_decide_once(
    server: RehearsalServer, owner: Person, desk: Chat, draft: Message, store: Database, his: Chat
) -> None:
    eve = await seated(server, store, "Eve", Role.EDITOR)
    hers = server.world.private(eve)
    one, other = await opened(server, owner, desk), await opened(server, eve, hers)
    await server.press(owner, one, "Publish")
    assert (await server.press(eve, other, "Publish")).text == OLD
    assert (await server.press(eve, other, "Send back")).text == OLD
    assert len(await stored(store)) == 1
    async with store.reading() as session:
        assert not any(each.refused for each in await audit.newest(session, limit=9))
    assert (await server.next_message(his)).text.startswith("Owner published")
    await server.quiet()
    assert len(server.sent(his)) == 2


async def test_a_draft_is_shown_with_the_fact_it_contradicts(
    server: RehearsalServer, owner: Person, desk: Chat, carl: Person, his: Chat
) -> None:
    twin = await asked(server, carl, his, "/add How long is the bridge? | 512 metres. | Herald")
    assert twin.labels == ["It is new", "Drop"]  # changing facts is an editor's
    await server.press_data(carl, twin, "2ai:1:2:3")
    assert (await server.next_message(his)).text.startswith("Only an editor may do that")
    await server.press(carl, twin, "It is new")
    await server.press(carl, twin, "Submit")
    shown = await opened(server, owner, desk)
    assert "512 metres." in shown.text
    assert shown.text.endswith("#3 says: It is 412 metres long.\nThey differ in a number.")


async def test_the_desks_group_hears_of_a_draft(
    server: RehearsalServer, owner: Person, carl: Person, his: Chat, store: Database
) -> None:
    group = server.world.supergroup("Desk", owner)
    async with store.writing() as session:
        await story.move_desk(session, group.id)
    preview = await asked(server, carl, his, OWNED)
    await server.press(carl, preview, "Submit")
    heard = await server.next_message(group)
    assert heard.text == ("Carl handed in a draft: “Who owns the bridge?” /drafts shows it.")
