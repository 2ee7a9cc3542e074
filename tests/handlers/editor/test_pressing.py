"""Members of the desk who type a button out instead of pressing it."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.telegram.standing_buttons import CHATS, MESSAGES, StandingButtons
from bot.views import screens
from db.engine import Database
from db.facts import facts
from tests.handlers.editor.conftest import asked

LONGER = "It is 421 metres long."


@pytest.mark.usefixtures("bot")
async def test_a_correction_is_typed_from_beginning_to_end(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    change = await asked(server, owner, desk, f"/edit 3 {LONGER}")
    assert "We had it wrong" in change.labels
    for words, then in (("we had it wrong", "City archive"), ("City archive", "Publish")):
        await server.say(owner, desk, words)
        await server.quiet()
        assert then in change.labels
    assert f"Now: {LONGER}" in change.text
    await server.say(owner, desk, "Publish")
    await server.quiet()
    async with store.reading() as session:
        fact = await facts.by_id(session, 3)
    assert fact is not None
    assert (fact.text, fact.version) == (LONGER, 2)


@pytest.mark.usefixtures("bot")
async def test_words_press_only_what_stands_and_only_their_own(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    change = await asked(server, owner, desk, f"/edit 3 {LONGER}")
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    await asked(server, stranger, theirs, "Only wording")  # a question like any other
    assert "Only wording" in change.labels
    await server.say(owner, desk, "Drop")
    await server.quiet()
    assert change.labels == []
    answer = await asked(server, owner, desk, "We had it wrong")  # stands nowhere any more
    assert answer.text != screens.OLD_BUTTON
    async with store.reading() as session:
        fact = await facts.by_id(session, 3)
    assert fact is not None
    assert fact.version == 1


def test_what_is_kept_is_bounded() -> None:
    from bot.views.facts import additions
    from bot.views.message import Button, Message

    below = Message(
        text_html="x", buttons=(Button(label="Drop", press=additions.Drop(proposal_id=1, turn=1)),)
    )
    standing = StandingButtons()
    for number in range(CHATS + 5):
        standing.note(number, 1, below)
    assert standing.find(0, "drop") is None
    assert standing.find(CHATS, " DROP ") is not None
    for number in range(2, MESSAGES + 3):
        standing.note(CHATS, number, below)
    found = standing.find(CHATS, "drop")
    assert found is not None
    assert found.message_id == MESSAGES + 2
    standing.note(CHATS, found.message_id, Message(text_html="x"))
    found = standing.find(CHATS, "drop")
    assert found is not None
    assert found.message_id == MESSAGES + 1
