"""Whatever an owner types behind the commands of people and records, an answer comes back."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from db import story
from db.desk import editors
from db.engine import Database
from tests.handlers.editor.conftest import asked

WORDS = (
    "<b>x</b> & </i> &amp; {0} %s",
    '"; DROP TABLE editors; --',
    "٣ ４２ ²",  # digits that are not ASCII
    "-1",
    "0",
    "9" * 400,
    "\u202e\u200b\ufeff",
    "\U0001f9d1\u200d\U0001f4bb" * 300,
    "a\nb\tc\rd",
    "x" * 3900,
    "/invite owner",
    "here",
)
COMMANDS = ("invite", "editors", "remove", "history", "audit", "stats", "close", "reopen", "desk")


@pytest.mark.parametrize("command", COMMANDS)
async def test_odd_words_are_answered_and_change_nothing(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    caplog: pytest.LogCaptureFixture,
    command: str,
) -> None:
    for words in WORDS:
        said = await asked(server, owner, desk, f"/{command} {words}")
        assert said.text
        assert len(said.labels) <= 4
    assert "was not handled" not in caplog.text
    async with store.reading() as session:
        assert [member.id for member in await editors.everybody(session)] == [owner.id]
        current = await story.get(session)
    assert current is not None
    assert (current.closed_at, current.desk_chat_id) == (None, None)
