"""Subscribing, and alerts as they reach the phone."""

from dataclasses import replace

import pytest

from bot.rehearsal.api import faults
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.services.alerts.announcements import announce_change
from bot.services.subscriptions.preferences import ASKED_FOR
from bot.views import subscriptions as views
from bot.views.message import plain
from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft
from db.records.alerts import Level, Subscription
from db.subscriptions import subscriptions
from tests import bridge
from tests.clocks import Clock
from tests.handlers.conftest import Runs
from tests.samples import AT

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def reader(server: RehearsalServer) -> Person:
    return server.world.person("Reader")


@pytest.fixture
def private(server: RehearsalServer, reader: Person) -> Chat:
    return server.world.private(reader)


async def asked(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    await server.say(person, chat, text)
    return await server.next_message(chat)


async def subscription(store: Database, chat: Chat) -> Subscription | None:
    async with store.reading() as session:
        return await subscriptions.of_chat(session, chat.id)


async def changed(
    store: Database, fact_id: int, text: str, kind: ChangeKind = ChangeKind.CORRECTION
) -> Fact:
    """Change a fact as an editor would, with the hold already over."""
    was = await bridge.standing(store, fact_id)
    now = await bridge.revise(store, fact_id, text)
    async with store.writing() as session:
        # Long ago, so that the hold is over.
        await announce_change(session, now, was=was, kind=kind, editor=7, at=AT)
    return now


async def test_one_command_subscribes_and_buttons_change_the_amount(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "/subscribe")
    assert answer.text == (
        "You get big news about the bridge at Aldermere. "
        "Nothing sounds from 22:00 to 07:00 by the clock of UTC. "
        "If you live by another clock, answer with your city."
    )
    assert answer.labels == ["Every update", "One summary at 18:00", "Stop"]
    await server.press(reader, answer, "Every update")
    await server.quiet()
    found = await subscription(store, private)
    assert found is not None
    assert found.level is Level.EVERY
    shown = server.sent(private)[-1]
    assert shown.text.startswith("You get every update")
    await server.press(reader, shown, "Stop")
    await server.quiet()
    assert server.sent(private)[-1].text == plain(views.STOPPED)
    assert await subscription(store, private) is None


async def test_a_link_and_the_first_screen_get_alerts_too(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await server.open_bot(reader, "subscribe")
    assert (await server.next_message(private)).text.startswith("You get big news")
    await asked(server, reader, private, "/stop")
    welcome = await asked(server, reader, private, "/start")
    assert welcome.labels[-1] == "Get alerts"
    await server.press(reader, welcome, "Get alerts")
    assert await subscription(store, private) is not None


async def test_stop_ends_everything_whatever_it_is_called(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    for command in ("/stop", "/unsubscribe"):
        await asked(server, reader, private, "/subscribe")
        assert (await asked(server, reader, private, command)).text == plain(views.STOPPED)
        assert await subscription(store, private) is None
    again = await asked(server, reader, private, "/stop")
    assert again.text == plain(views.NOT_SUBSCRIBED)


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("Berlin", "22:00 to 07:00 by the clock of Berlin"),
        ("america/new_york", "by the clock of New York"),
        ("new york", "by the clock of New York"),
        ("quiet 23-6:30", "Nothing sounds from 23:00 to 06:30"),
        ("quiet 10pm to 7 am", "Nothing sounds from 22:00 to 07:00"),
        ("quiet off", "No quiet hours."),
        ("at 8", "one summary a day, at 08:00"),
        ("at 6pm", "one summary a day, at 18:00"),
        ("topics past", "Only about: past."),
    ],
)
async def test_alerts_take_plain_words(
    server: RehearsalServer, reader: Person, private: Chat, words: str, shows: str
) -> None:
    assert shows in (await asked(server, reader, private, f"/alerts {words}")).text
    assert shows in (await asked(server, reader, private, "/alerts")).text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("quiet never ever", "I don't understand the hours 'never ever': write /alerts quiet 22-7"),
        ("quiet 25-7", "There is no time 25: hours go from 0 to 24"),
        ("at noon", "I don't understand the time 'noon'"),
        ("topics weather", "The story has no topic 'weather': it has "),
        ("topics pasr", "The story has no topic 'pasr': did you mean past?"),
        ("Berlyn", "did you mean Berlin?"),
        ("<b>", "I don't understand '<b>': write /alerts every, /alerts big, /alerts off"),
        ("weekly", "I don't understand 'weekly': write /alerts every"),
        ("quiet 7-7", "From 07:00 to 07:00 there is no time: write two different hours"),
    ],
)
async def test_what_is_not_understood_changes_nothing(
    server: RehearsalServer,
    reader: Person,
    private: Chat,
    store: Database,
    words: str,
    says: str,
) -> None:
    assert says in (await asked(server, reader, private, f"/alerts {words}")).text
    assert await subscription(store, private) is None


@pytest.mark.parametrize(
    ("words", "shows"),
    [("every", "every update"), ("at 18:00", "one summary a day"), ("Berlin", "clock of Berlin")],
)
async def test_words_behind_subscribe_are_taken(
    server: RehearsalServer, reader: Person, private: Chat, words: str, shows: str
) -> None:
    assert shows in (await asked(server, reader, private, f"/subscribe {words}")).text
    await asked(server, reader, private, "/stop")
    again = await asked(server, reader, private, "/subscribe")
    assert ". Hours and topics are as you had set them before." in again.text


async def test_what_changed_is_dated_by_the_chats_own_clock(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    await asked(server, reader, private, "/subscribe")
    await asked(server, reader, private, "/new")
    here = (await asked(server, reader, private, "/new")).text
    await asked(server, reader, private, "/alerts UTC+9")
    there = (await asked(server, reader, private, "/new")).text
    assert here.startswith("Nothing changed since ")
    assert here != there


async def test_in_groups_only_administrators_switch_alerts(
    server: RehearsalServer, reader: Person, store: Database
) -> None:
    admin = server.world.person("Admin")
    group = server.world.supergroup("Town", admin, reader)
    group.members[admin.id], group.members[reader.id] = "creator", "member"
    name = server.world.bot.username
    refused = await asked(server, reader, group, f"/subscribe@{name}")
    assert refused.text == views.ADMINISTRATORS_ONLY
    assert await subscription(store, group) is None
    shown = await asked(server, admin, group, f"/subscribe@{name}")
    toast = await server.press(reader, shown, "Stop")
    assert toast.text == views.ADMINISTRATORS_ONLY
    assert await subscription(store, group) is not None
    await server.press(admin, shown, "Stop")
    assert await subscription(store, group) is None


async def test_news_says_what_it_replaces_and_who_says_so(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await asked(server, reader, private, "/alerts quiet off")
    await changed(store, 1, "In 1932.")
    alert = await server.next_message(private)
    assert alert.text == (
        "When was the bridge opened?\nIn 1932.\nWe said: In 1931. The mayor cut the ribbon.\n"
        "Correction · City archive, 19 May 2025 · still true?"
    )
    assert alert.labels == ["All changes", "Fewer alerts"]
    assert len(alert.text) <= 300
    await server.press(reader, alert, "Fewer alerts")
    assert (await server.next_message(private)).text.startswith("You get big news")


async def test_an_alert_of_what_is_not_confirmed_says_so(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "answer 4")
    await server.press(reader, answer, "Tell me if this changes")
    await changed(store, 4, "About ten million.", ChangeKind.UPDATE)
    alert = await server.next_message(private)
    assert (
        alert.text.splitlines()[-1]
        == "Update · Reported · The Herald <daily>, checked 20 May 2025 · still true?"
    )


async def test_a_forums_alerts_go_to_the_topic_where_they_were_asked_for(
    server: RehearsalServer, reader: Person, store: Database
) -> None:
    forum = server.world.supergroup("Town", reader, is_forum=True)
    topic = server.world.topic(forum, "Bridge", by=reader)
    name = server.world.bot.username
    for words in ("/subscribe", "/alerts", "/new"):
        await server.say(reader, forum, f"{words}@{name}", thread=topic)
        assert (await server.next_message(forum)).thread == topic
    await server.say(reader, forum, f"/alerts@{name} quiet off")
    await server.next_message(forum)
    await changed(store, 1, "In 1932.")
    alert = await server.next_message(forum)
    assert alert.text.startswith("When was the bridge opened?\nIn 1932.")
    assert alert.thread == topic
    await server.press(reader, alert, "All changes")
    assert (await server.next_message(forum)).thread == topic


async def test_whoever_was_told_the_error_hears_the_correction_at_their_question(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    answer = await asked(server, reader, private, "answer 1")
    question = answer.id - 1
    await server.quiet()
    await changed(store, 1, "In 1932.")
    heard = await server.next_message(private)
    assert heard.text.startswith("When was the bridge opened?\nIn 1932.\nWe said: In 1931.")
    assert heard.reply_to is not None
    assert heard.reply_to.id == question
    await server.until(lambda: answer.text.startswith("When was the bridge opened?\nIn 1932."))
    assert "Before that we said: In 1931. The mayor cut the ribbon." in answer.text
    await server.quiet()
    assert len(server.calls("sendMessage")) == 2


async def test_edits_that_were_told_to_wait_come_after_the_wait_and_the_others_not_again(
    server: RehearsalServer,
    reader: Person,
    private: Chat,
    store: Database,
    clock: Clock,
    runs: Runs,
) -> None:
    older, newer = [await asked(server, reader, private, "answer 1") for _ in range(2)]
    await server.quiet()
    server.faults.add(
        faults.flood(1),
        method="editMessageText",
        match=lambda sent: int(sent["message_id"]) == older.id,
    )
    await changed(store, 1, "In 1932.")
    correction = await server.next_message(private)
    await server.until(lambda: len(server.calls("editMessageText")) == 2)
    await server.quiet()  # it is noted
    clock.pass_(0.9)
    await runs.pass_("alerts")
    assert older.text.startswith("When was the bridge opened?\nIn 1931.")
    clock.pass_(0.1)
    await server.until(lambda: older.text.startswith("When was the bridge opened?\nIn 1932."))
    assert newer.text.startswith("When was the bridge opened?\nIn 1932.")
    assert correction.reply_to is not None
    assert correction.reply_to.id == newer.id - 1
    await server.quiet()
    edits = [int(call.parameters["message_id"]) for call in server.calls("editMessageText")]
    assert edits == [newer.id, older.id, older.id]
    assert len(server.calls("sendMessage")) == 3


async def test_an_alert_that_was_told_to_wait_comes_after_the_wait(
    server: RehearsalServer,
    reader: Person,
    private: Chat,
    store: Database,
    clock: Clock,
    runs: Runs,
) -> None:
    await asked(server, reader, private, "/alerts quiet off")
    server.faults.add(faults.flood(1), method="sendMessage")
    await changed(store, 1, "In 1932.")
    await server.until(lambda: len(server.calls("sendMessage")) == 2)
    await server.quiet()  # it is noted
    clock.pass_(0.9)
    await runs.pass_("alerts")
    assert len(server.calls("sendMessage")) == 2
    clock.pass_(0.1)
    await server.next_message(private)
    await runs.pass_("alerts")
    assert len(server.calls("sendMessage")) == 3


async def test_who_blocked_the_bot_is_left_alone_until_they_write(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, runs: Runs
) -> None:
    await asked(server, reader, private, "/alerts quiet off")
    server.faults.add(faults.blocked(), method="sendMessage")
    await changed(store, 1, "In 1932.")
    await server.until(lambda: len(server.calls("sendMessage")) == 2)
    await changed(store, 1, "In 1933.")
    await runs.pass_("alerts")
    assert len(server.calls("sendMessage")) == 2
    await asked(server, reader, private, "answer 3")
    await changed(store, 1, "In 1934.")
    assert (await server.next_message(private)).text.startswith(
        "When was the bridge opened?\nIn 1934."
    )


async def test_a_group_that_migrates_hears_the_alert_where_it_is_now(
    server: RehearsalServer, reader: Person, store: Database
) -> None:
    group = server.world.group("Town", reader)
    await asked(server, reader, group, f"/subscribe@{server.world.bot.username}")
    await asked(server, reader, group, f"/alerts@{server.world.bot.username} quiet off")
    moved = server.world.supergroup("Town", reader)
    server.faults.add(
        faults.migrated(moved.id), match=lambda sent: int(sent["chat_id"]) == group.id, times=None
    )
    await changed(store, 1, "In 1932.")
    alert = await server.next_message(moved)
    assert alert.text.startswith("When was the bridge opened?\nIn 1932.")
    assert await subscription(store, group) is None
    assert await subscription(store, moved) is not None
    server.faults.clear()
    await changed(store, 1, "In 1933.")
    assert (await server.next_message(moved)).text.startswith(
        "When was the bridge opened?\nIn 1933."
    )


async def test_a_reader_follows_one_fact_and_ends_it(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, runs: Runs
) -> None:
    answer = await asked(server, reader, private, "answer 3")
    toast = await server.press(reader, answer, "Tell me if this changes")
    assert toast.text == views.FOLLOWED
    await changed(store, 1, "In 1932.", ChangeKind.UPDATE)
    await changed(store, 3, "It is 413 metres long.", ChangeKind.UPDATE)
    assert (await server.next_message(private)).text.startswith(
        "How long is the bridge?\nIt is 413 metres long."
    )
    listed = await asked(server, reader, private, "/alerts")
    assert "You hear when these change\n• How long is the bridge?" in listed.text
    await server.press(reader, listed, "Stop following: How long is the bridge?")
    await changed(store, 3, "It is 414 metres long.", ChangeKind.UPDATE)
    await runs.pass_("alerts")
    assert server.sent(private)[-1].text.startswith("You get no alerts.")


async def test_new_tells_what_changed_since_this_chat_last_looked(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, clock: Clock
) -> None:
    assert (await asked(server, reader, private, "/new")).text.startswith("Nothing changed since")
    await changed_now(store, clock, 1, "In 1932.")
    shown = await asked(server, reader, private, "/new")
    assert shown.text.splitlines()[1:] == [
        "• Correction: When was the bridge opened? In 1932. "
        "We said: In 1931. The mayor cut the ribbon."
    ]
    assert shown.labels == ["What we know"]
    assert (await asked(server, reader, private, "/new")).text.startswith("Nothing changed since")


async def test_an_alert_leads_to_all_changes_and_stays(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, clock: Clock
) -> None:
    await asked(server, reader, private, "/alerts quiet off")
    await asked(server, reader, private, "/new")
    await changed_now(store, clock, 3, "It is 413 metres long.")
    await changed(store, 1, "In 1932.")
    alert = await server.next_message(private)
    await server.press(reader, alert, "All changes")
    assert (
        "Correction: How long is the bridge? It is 413 metres long."
        in (await server.next_message(private)).text
    )
    assert alert in server.sent(private)
    assert alert.text.startswith("When was the bridge opened?\nIn 1932.")


async def test_anybody_in_a_group_looks_with_the_groups_own_memory(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, clock: Clock
) -> None:
    admin = server.world.person("Admin")
    group = server.world.supergroup("Town", admin, reader)
    await changed_now(store, clock, 1, "In 1932.")
    await asked(server, reader, private, "/new")
    shown = await asked(server, reader, group, f"/new@{server.world.bot.username}")
    assert "Correction: When was the bridge opened? In 1932." in shown.text
    assert shown.reply_to is not None
    again = await server.press_data(reader, shown, "1a")
    assert again.text == ""
    assert (await server.next_message(group)).text.startswith("Nothing changed since")


async def test_a_look_that_did_not_arrive_is_shown_again(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, clock: Clock
) -> None:
    await changed_now(store, clock, 1, "In 1932.")
    server.faults.add(faults.blocked(), method="sendMessage")
    await server.say(reader, private, "/new")
    await server.until(lambda: len(server.calls("sendMessage")) == 1)
    assert "In 1932." in (await asked(server, reader, private, "/new")).text


@pytest.mark.parametrize("city", ["Munich", "europe/berlin", "Germany", "Berlin."])
async def test_a_city_after_the_first_subscription_sets_the_clock(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, city: str
) -> None:
    await asked(server, reader, private, "/subscribe")
    said = await asked(server, reader, private, city)
    assert said.text == (
        "Your clock is that of Berlin, where it is 14:00. /alerts and a city changes it."
    )
    found = await subscription(store, private)
    assert found is not None
    assert found.hours.zone == "Europe/Berlin"
    assert views.ASKING not in (await asked(server, reader, private, "/alerts")).text
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")


async def test_a_city_is_a_question_where_nobody_asked(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")
    await asked(server, reader, private, "/alerts Berlin")
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")
    found = await subscription(store, private)
    assert found is not None
    assert found.hours.zone == "Europe/Berlin"


async def test_another_question_ends_the_asking_but_a_reply_is_an_answer(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    asking = await asked(server, reader, private, "/subscribe")
    await asked(server, reader, private, "answer 3")
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")
    await server.say(reader, private, "Istanbul", reply_to=asking)
    assert (await server.next_message(private)).text.startswith("Your clock is that of Istanbul")


async def test_ten_minutes_later_a_city_is_a_question(
    server: RehearsalServer, reader: Person, private: Chat, clock: Clock
) -> None:
    await asked(server, reader, private, "/subscribe")
    clock.pass_(ASKED_FOR.total_seconds() + 1)
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")


async def test_a_place_with_several_clocks_is_asked_again(
    server: RehearsalServer, reader: Person, private: Chat
) -> None:
    await asked(server, reader, private, "/subscribe")
    said = await asked(server, reader, private, "United States")
    assert said.text.startswith("More than one clock fits 'United States'")
    said = await asked(server, reader, private, "Chicago")
    assert said.text.startswith("Your clock is that of Chicago")


async def test_the_clock_is_asked_for_once_and_in_private_alone(
    server: RehearsalServer, reader: Person, private: Chat, clock: Clock
) -> None:
    shown = await asked(server, reader, private, "/subscribe")
    await server.press(reader, shown, "Every update")
    await server.quiet()
    assert views.ASKING in server.sent(private)[-1].text
    clock.pass_(1)
    await asked(server, reader, private, "/stop")
    assert views.ASKING not in (await asked(server, reader, private, "/subscribe")).text
    assert (await asked(server, reader, private, "Istanbul")).text.startswith("Hello")
    group = server.world.group("Town", reader)
    name = server.world.bot.username
    assert views.ASKING not in (await asked(server, reader, group, f"/subscribe@{name}")).text


async def changed_now(store: Database, clock: Clock, fact_id: int, text: str) -> None:
    """Correct a fact a minute from now, without an alert."""
    clock.pass_(60)
    async with store.writing() as session:
        fact = await facts.by_id(session, fact_id)
        assert fact is not None
        await facts.revise(
            session,
            fact_id,
            fact.version,
            replace(FactDraft.of(fact), text=text),
            kind=ChangeKind.CORRECTION,
            reason=None,
            editor=None,
            at=clock(),
        )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("every", "You get every update"),
        ("big", "You get big news"),
        ("6pm", "You get one summary a day, at 18:00"),
        ("at 6 pm", "You get one summary a day, at 18:00"),
        ("UTC+3", "by the clock of UTC+3"),
        ("off", "You get no alerts"),
    ],
)
async def test_what_people_write_behind_alerts_is_understood(
    server: RehearsalServer, reader: Person, private: Chat, words: str, says: str
) -> None:
    assert says in (await asked(server, reader, private, f"/alerts {words}")).text


async def test_asking_how_things_stand_changes_nothing(
    server: RehearsalServer, reader: Person, private: Chat, store: Database
) -> None:
    await asked(server, reader, private, "/alerts topics past")
    for words in ("topics", "quiet"):
        shown = (await asked(server, reader, private, f"/alerts {words}")).text
        assert "Only about: past." in shown
        assert "\n\n\n" not in shown
    await asked(server, reader, private, "/stop")
    again = (await asked(server, reader, private, "/subscribe")).text
    assert again.endswith("Hours and topics are as you had set them before. Only about: past.")
    async with store.writing() as session:
        await story.close(session, AT)
    closed = (await asked(server, reader, private, "/subscribe")).text
    assert closed.startswith("The story is closed: you hear only if something in it is corrected.")


async def test_who_unblocks_the_bot_hears_the_next_alert(
    server: RehearsalServer, reader: Person, private: Chat, store: Database, runs: Runs
) -> None:
    await asked(server, reader, private, "/subscribe every")
    await server.block(reader)
    await changed(store, 1, "In 1932.")
    await runs.pass_("alerts", 3)
    await server.unblock(reader)
    await server.quiet()
    await changed(store, 1, "In 1933.")
    assert "In 1933." in (await server.next_message(private)).text


@pytest.mark.parametrize("sign", ["/alerts", "hello"])
async def test_whoever_writes_again_hears_the_next_alert(
    server: RehearsalServer,
    reader: Person,
    private: Chat,
    store: Database,
    runs: Runs,
    sign: str,
) -> None:
    await asked(server, reader, private, "/subscribe every")
    server.faults.add(faults.blocked(), method="sendMessage")
    await changed(store, 1, "In 1932.")
    await runs.pass_("alerts", 3)
    await asked(server, reader, private, sign)
    await changed(store, 1, "In 1933.")
    assert "In 1933." in (await server.next_message(private)).text


async def test_a_group_that_allowed_nothing_for_a_while_hears_the_next_alert(
    server: RehearsalServer, reader: Person, store: Database, runs: Runs
) -> None:
    group = server.world.group("Neighbours", reader)
    await asked(server, reader, group, f"/subscribe@{server.world.bot.username} every")
    refused = "Bad Request: not enough rights to send text messages to the chat"
    server.faults.add(faults.refusal(400, refused), method="sendMessage")
    await changed(store, 1, "In 1932.")
    await runs.pass_("alerts", 3)
    await changed(store, 1, "In 1933.")
    assert "In 1933." in (await server.next_message(group)).text


@pytest.mark.parametrize("reason", ["TOPIC_CLOSED", "message thread not found"])
async def test_what_was_told_in_a_topic_comes_to_the_group_when_that_is_closed(
    server: RehearsalServer, reader: Person, store: Database, reason: str
) -> None:
    group = server.world.group("Neighbours", reader)
    await asked(server, reader, group, f"/subscribe@{server.world.bot.username} every")
    async with store.writing() as session:
        await subscriptions.change(session, group.id, {"thread_id": 77})
    server.faults.add(faults.refusal(400, f"Bad Request: {reason}"), method="sendMessage")
    await changed(store, 1, "In 1932.")
    assert "In 1932." in (await server.next_message(group)).text
    found = await subscription(store, group)
    assert found is not None
    assert found.thread_id is None
