"""The figures, as editors ask for them and as others do not get them."""

import io
import threading

import pytest
from PIL import Image

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.services.questions.statistics import Figures, Period
from bot.views import screens
from bot.views.desk import chart
from bot.views.message import plain
from db.desk import audit
from db.engine import Database
from db.records.desk import Role
from handlers.editor.desk.statistics import drawn, period_of
from tests.clocks import HANG_SECONDS
from tests.handlers.editor.conftest import asked, seated
from tests.views.desk.test_statistics import some

NO_SUCH = plain(screens.NO_SUCH_COMMAND)


async def questions(server: RehearsalServer, *words: str) -> None:
    reader = server.world.person("Reader")
    for each in words:
        await asked(server, reader, server.world.private(reader), each)


async def stats(server: RehearsalServer, owner: Person, desk: Chat, text: str = "/stats") -> str:
    """Return the words that come back."""
    return (await asked(server, owner, desk, text)).text


async def test_the_figures_stand_below_a_picture(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await questions(server, "answer 1", "answer 2", "unknown 5", "missing | 4", "off_topic", "hi")
    sent = await asked(server, owner, desk, "/stats")
    assert ": 5 questions. 2 answered, 1 not known yet, 0 not covered" in sent.text
    (photo,) = sent.media["photo"]
    picture = Image.open(io.BytesIO(server.backend.files[photo["file_id"]].content))
    picture.load()
    assert (picture.format, picture.width) == ("PNG", 1080)
    week = await stats(server, owner, desk, "/stats week")
    assert week.startswith("Seven days up to ")
    assert len(server.calls("sendPhoto")) == 2


async def test_without_questions_there_is_no_picture(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    assert ": 0 questions." in await stats(server, owner, desk, "/stats all")
    assert server.calls("sendPhoto") == []
    said = await stats(server, owner, desk, "/stats <yesterday>")
    assert said == "Write /stats, /stats week or /stats all."


async def test_the_numbers_come_where_a_picture_may_not(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    await questions(server, "answer 1")
    fault = faults.refusal(400, "Bad Request: not enough rights to send photos to the chat")
    server.faults.add(fault, method="sendPhoto")
    assert ": 1 question. 1 answered" in await stats(server, owner, desk)


async def test_a_picture_that_cannot_be_drawn_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Figures) -> bytes:
        raise OSError("no room for fonts")

    assert await drawn(some(), broken) is None
    assert "no picture was drawn: OSError" in caplog.text


async def test_readers_are_answered_while_a_picture_is_drawn(
    server: RehearsalServer,
    owner: Person,
    desk: Chat,
    store: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, released, draw = threading.Event(), threading.Event(), chart.draw

    def slow(counted: Figures) -> bytes:
        begun.set()
        assert released.wait(HANG_SECONDS)
        return draw(counted)

    monkeypatch.setattr(chart, "draw", slow)
    await questions(server, "answer 1")
    await server.say(owner, desk, "/stats")
    await server.until(begun.is_set)
    await questions(server, "answer 2")
    assert server.sent(desk) == []
    released.set()
    await server.next_message(desk)
    assert len(server.calls("sendPhoto")) == 1


def test_periods_are_understood() -> None:
    assert [period_of(word) for word in ("", " Week ", "ALL", "today")] == [
        Period.TODAY,
        Period.WEEK,
        Period.ALL,
        Period.TODAY,
    ]
    assert period_of("week all") is None


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, None])
async def test_others_do_not_see_the_figures(
    server: RehearsalServer, owner: Person, store: Database, role: Role | None
) -> None:
    ada = server.world.person("Ada") if role is None else await seated(server, store, "Ada", role)
    theirs = server.world.private(ada)
    said = NO_SUCH if role is None else "Only an editor may do that"
    await questions(server, "answer 1")
    for command in ("/stats", "/stats week", "/stats nonsense"):
        assert (await asked(server, ada, theirs, command)).text.startswith(said)
    assert server.calls("sendPhoto") == []
    async with store.reading() as session:
        entries = await audit.newest(session, limit=20)
    assert sum(each.refused and each.person == ada.id for each in entries) == 3


async def test_in_other_groups_and_in_edits_there_are_no_figures(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    group = server.world.supergroup("Town", owner)
    await server.say(owner, group, "/stats")
    said = await server.say(owner, desk, "answer 1")
    await server.next_message(desk)
    await server.edit(said, "/stats")
    await server.quiet()
    assert (server.sent(group), len(server.sent(desk))) == ([], 1)
