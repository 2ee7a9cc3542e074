"""What editors write, and what comes back; what everybody else gets for the same words."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.views import screens
from bot.views.message import plain
from tests.handlers.editor.conftest import asked

pytestmark = pytest.mark.usefixtures("bot")


async def test_why_explains_the_last_answer_in_the_chat(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    nothing = await asked(server, owner, desk, "/why")
    assert nothing.text.startswith("Nothing was asked here yet.")
    await asked(server, owner, desk, "answer 3")
    await asked(server, owner, desk, "choose 1 2 how long is the bridge")
    reasons = await asked(server, owner, desk, "/why")
    assert reasons.text.startswith("“choose 1 2 how long is the bridge”\nAsks for: a duration.")
    assert "Nearest: #3 “How long is the bridge?”, " in reasons.text
    assert len(reasons.text) <= 4096


async def test_why_explains_a_question_without_recording_it(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    reasons = await asked(server, owner, desk, "/why how long is the brigde?")
    assert "Read as: brigde → bridge" in reasons.text
    assert "Told. Nearest: #3 “How long is the bridge?”, " in reasons.text
    assert "For it: it is asked for in nearly these words" in reasons.text
    assert (await asked(server, owner, desk, "/why")).text.startswith("Nothing was asked")


async def test_to_a_stranger_why_is_an_unknown_command(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    await asked(server, owner, desk, "answer 3")
    stranger = server.world.person("Stranger")
    theirs = server.world.private(stranger)
    await asked(server, stranger, theirs, "answer 1")
    dance = await asked(server, stranger, theirs, "/dance")
    for text in ("/why", "/why how long is the bridge?", "/WHY", "/why@storydesk_bot"):
        refused = await asked(server, stranger, theirs, text)
        assert refused.text == dance.text == plain(screens.NO_SUCH_COMMAND)
        assert refused.labels == dance.labels


async def test_in_a_group_nobody_is_told_why(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    group = server.world.supergroup("Town", owner)
    await server.say(owner, group, "/why how long is the bridge?")
    await server.say(owner, group, f"/why@{server.world.bot.username}")
    await server.quiet()
    assert server.sent(group) == []
