"""The channel: chosen by an owner, posted to at any hour, lost and found again."""

import pytest

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person
from bot.services.alerts.announcements import announce_change
from bot.views.alerts import channel as views
from bot.views.message import plain
from db.alerts import channels
from db.desk import audit
from db.engine import Database
from db.records import ChangeKind
from db.records.desk import Role
from tests import bridge
from tests.handlers.conftest import Runs
from tests.handlers.editor.conftest import asked, seated
from tests.samples import AT

pytestmark = pytest.mark.usefixtures("bot")

BEGUN = (
    "In @Bridge_News I post every update about the bridge at Aldermere. At any hour, without a "
    "sound from 22:00 to 07:00 by the clock of UTC. /channel off ends it."
)


@pytest.fixture
def news(server: RehearsalServer, owner: Person) -> Chat:
    return server.world.channel("Bridge news", owner, username="Bridge_News")


async def changed(
    store: Database, fact_id: int, text: str, kind: ChangeKind = ChangeKind.UPDATE
) -> None:
    """Change a fact as an editor would, with the hold already over."""
    was = await bridge.standing(store, fact_id)
    now = await bridge.revise(store, fact_id, text)
    async with store.writing() as session:
        await announce_change(session, now, was=was, kind=kind, editor=7, at=AT)


@pytest.mark.parametrize(
    "named", ["@bridge_news", "https://t.me/bridge_news", "@Bridge_News every"]
)
async def test_alerts_are_posted_with_a_link_to_ask_and_without_buttons(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database, named: str
) -> None:
    assert (await asked(server, owner, desk, "/channel")).text == plain(views.NONE)
    assert (await asked(server, owner, desk, f"/channel {named}")).text == BEGUN
    await changed(store, 3, "It is 413 metres long.")
    post = await server.next_message(news)
    assert post.text == (
        "How long is the bridge?\nIt is 413 metres long.\nBefore: It is 412 metres long.\n"
        "Update · The desk, checked 20 May 2025 · still true?\n"
        "Ask me about this story"
    )
    name = server.world.bot.username
    assert f'<a href="https://t.me/{name}?start=ask">Ask me about this story</a>' in post.source
    assert post.buttons == []
    assert (await asked(server, owner, desk, "/channel")).text == BEGUN
    async with store.reading() as session:
        kept = [each.action for each in await audit.newest(session, limit=9)]
    assert "channel.begin" in kept


async def test_a_correction_follows_its_error_into_the_channel(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database
) -> None:
    await asked(server, owner, desk, "/channel @bridge_news")
    await changed(store, 3, "It is 413 metres long.")
    await server.next_message(news)
    await server.quiet()
    await changed(store, 3, "It is 414 metres long.", ChangeKind.CORRECTION)
    await server.until(lambda: all("414" in post.text for post in server.sent(news)))
    wrong, right = server.sent(news)
    assert "Before that we said: It is 413 metres long." in wrong.text
    assert right.reply_to is not None
    assert right.reply_to.id == wrong.id


async def test_big_news_alone(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database, runs: Runs
) -> None:
    told = await asked(server, owner, desk, "/channel @bridge_news big")
    assert told.text.startswith("In @Bridge_News I post the big news about")
    await changed(store, 3, "It is 413 metres long.")
    await changed(store, 1, "In 1932.")
    assert (await server.next_message(news)).text.startswith(
        "When was the bridge opened?\nIn 1932."
    )
    await runs.pass_("alerts")
    assert len(server.sent(news)) == 1


async def test_nothing_more_is_posted_where_it_was_ended_or_moved_from(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database, runs: Runs
) -> None:
    other = server.world.channel("Other", owner, username="other_news")
    await asked(server, owner, desk, "/channel @bridge_news")
    await changed(store, 3, "It is 413 metres long.")
    await server.next_message(news)
    moved = await asked(server, owner, desk, "/channel @other_news")
    assert "@Bridge_News gets nothing more." in moved.text
    await changed(store, 3, "It is 414 metres long.", ChangeKind.CORRECTION)
    assert (await server.next_message(other)).text.startswith("How long is the bridge?\nIt is 414")
    ended = await asked(server, owner, desk, "/channel off")
    assert ended.text.startswith("I post nothing more in @other_news.")
    await changed(store, 3, "It is 415 metres long.", ChangeKind.CORRECTION)
    await runs.pass_("alerts")
    assert [len(server.sent(chat)) for chat in (news, other)] == [1, 1]
    again = await asked(server, owner, desk, "/channel off")
    assert again.text == "I post in no channel: /channel @name begins it."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("@nobody_here", "I find no public channel called @nobody_here"),
        ("@town_talk", "@town_talk is no channel: a group gets alerts"),
        ("@mute_news", "I am not an administrator of @mute_news who may post: add me there"),
        ("@strange_news", "I am not an administrator of @strange_news who may post: add me there"),
        ("@bridge_news loud", plain(views.NOT_UNDERSTOOD)),
        ("<b>", plain(views.NOT_UNDERSTOOD)),
    ],
)
async def test_what_stands_in_the_way_is_told(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database, words: str, says: str
) -> None:
    group = server.world.supergroup("Town", owner)
    group.username = "town_talk"
    server.world.channel("Mute", owner, username="mute_news").bot_may_write = False
    strange = server.world.channel("Strange", owner, username="strange_news")
    del strange.members[server.world.bot.id]
    assert (await asked(server, owner, desk, f"/channel {words}")).text.startswith(says)
    async with store.reading() as session:
        assert await channels.current(session) is None


@pytest.mark.parametrize("method", ["getChat", "getChatMember"])
async def test_a_silent_telegram_changes_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database, method: str
) -> None:
    server.faults.add(faults.page(), method=method)
    told = await asked(server, owner, desk, "/channel @bridge_news")
    assert told.text.startswith("Telegram does not tell me about")
    assert (await asked(server, owner, desk, "/channel @bridge_news")).text == BEGUN


async def test_a_channel_that_is_lost_is_seen_and_found_again(
    server: RehearsalServer, owner: Person, desk: Chat, news: Chat, store: Database
) -> None:
    await asked(server, owner, desk, "/channel @bridge_news")
    await server.remove_bot(owner, news)
    await server.quiet()
    await changed(store, 3, "It is 413 metres long.")
    shown = await asked(server, owner, desk, "/channel")
    assert shown.text.startswith("I cannot post in @Bridge_News any more, since ")
    assert shown.text.endswith("then write /channel @Bridge_News again.")
    await server.add_bot(owner, news, status="administrator")
    assert (await asked(server, owner, desk, "/channel @bridge_news")).text == BEGUN
    await changed(store, 3, "It is 414 metres long.")
    assert (await server.next_message(news)).text.startswith("How long is the bridge?\nIt is 414")


async def test_an_editor_may_not_and_nothing_is_looked_up_for_them(
    server: RehearsalServer, news: Chat, store: Database
) -> None:
    ed = await seated(server, store, "Ed", Role.EDITOR)
    refused = await asked(server, ed, server.world.private(ed), "/channel @bridge_news")
    assert refused.text.startswith("Only an owner may do that")
    assert server.calls("getChat") == []
