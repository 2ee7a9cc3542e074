"""Sending, editing, replying, deleting: through python-telegram-bot, as the bot does it."""

import pytest
from telegram import (
    Bot,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


async def test_a_message_comes_back_as_people_see_it(
    api: RehearsalServer, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "<b>Two &amp; a half</b>", "HTML", reply_markup=YES)
    assert (sent.text, sent.text_html) == ("Two & a half", "<b>Two &amp; a half</b>")
    assert sent.reply_markup == YES
    assert sent.from_user
    assert sent.from_user.id == bot.id
    [seen] = api.sent(chat)
    assert (seen.text, seen.source, seen.labels) == (
        "Two & a half",
        "<b>Two &amp; a half</b>",
        ["Yes"],
    )


async def test_next_message_returns_each_once(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "one")
    await bot.send_message(chat.id, "two")
    assert [(await api.next_message(chat)).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(TimeoutError, match="a message of the bot in reader did not happen in"):
        await api.next_message(chat, timeout_s=0.05)


async def test_preview_and_silence_are_kept(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "x", disable_web_page_preview=True, disable_notification=True)
    [seen] = api.sent(chat)
    assert seen.link_preview == {"is_disabled": True}
    assert seen.is_silent


async def test_an_edit_without_keyboard_removes_it(
    api: RehearsalServer, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "one", reply_markup=YES)
    edited = await bot.edit_message_text("two", chat.id, sent.message_id)
    assert isinstance(edited, Message)
    assert edited.edit_date
    assert edited.reply_markup is None
    assert api.sent(chat)[0].text == "two"
    assert [event.kind for event in api.events] == ["sent", "edited"]


async def test_the_same_again_is_not_an_edit(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "<b>one</b>", "HTML", reply_markup=YES)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text(
            "<b>one</b>", chat.id, sent.message_id, parse_mode="HTML", reply_markup=YES
        )
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=YES)
    await bot.edit_message_text("one", chat.id, sent.message_id, reply_markup=YES)  # not bold
    await bot.edit_message_reply_markup(chat.id, sent.message_id)


async def test_what_cannot_be_edited(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    assert chat.person
    theirs = await api.say(chat.person, chat, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", chat.id, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", chat.id, 999)
    with pytest.raises(BadRequest, match="Message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="none")


async def test_replies(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    assert chat.person
    asked = await api.say(chat.person, chat, "how long?")
    sent = await bot.send_message(chat.id, "long", reply_parameters=ReplyParameters(asked.id))
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "how long?"
    assert sent.reply_to_message.reply_to_message is None


async def test_a_reply_to_nothing(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(999))
    gone = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(chat.id, "x", reply_parameters=gone)).reply_to_message is None


async def test_deleting(api: RehearsalServer, bot: Bot, chat: Chat, reader: Person) -> None:
    sent = await bot.send_message(chat.id, "x")
    assert await bot.delete_message(chat.id, sent.message_id)
    assert api.sent(chat) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(chat.id, sent.message_id)
    group = api.world.group("group", reader)
    theirs = await api.say(reader, group, "/hello")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, theirs.id)
    await api.add_bot(reader, group, status="administrator")
    assert await bot.delete_message(group.id, theirs.id)


async def test_old_messages_cannot_be_deleted(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "x")
    api.sent(chat)[0].date -= 48 * 3600 + 5
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(chat.id, sent.message_id)


async def test_strangers_and_unknown_chats(api: RehearsalServer, bot: Bot) -> None:
    stranger = api.world.private(api.world.person("stranger"))
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(12345, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message("@nowhere", "x")


async def test_blocking(api: RehearsalServer, bot: Bot, chat: Chat, reader: Person) -> None:
    await api.block(reader)
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    await api.unblock(reader)
    await bot.send_message(chat.id, "x")
    blocked, unblocked = [update.my_chat_member for update in await bot.get_updates()]
    assert blocked
    assert unblocked
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert (unblocked.old_chat_member.status, unblocked.new_chat_member.status) == (
        "kicked",
        "member",
    )
    reader.is_deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(chat.id, "x")


async def test_leaving_and_being_thrown_out(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    group = api.world.supergroup("group", reader)
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")
    await api.add_bot(reader, group)
    await bot.send_message(group.id, "x")
    await api.remove_bot(reader, group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    statuses = [
        update.my_chat_member.new_chat_member.status
        for update in await bot.get_updates()
        if update.my_chat_member
    ]
    assert statuses == ["left", "member", "kicked"]


async def test_a_chat_without_the_right_to_write(
    api: RehearsalServer, bot: Bot, reader: Person
) -> None:
    group = api.world.group("group", reader)
    group.bot_may_write = False
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(group.id, "x")


async def test_a_group_becomes_a_supergroup(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    group = api.world.group("group", reader)
    moved = await api.migrate(group)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == moved.id
    await bot.send_message(migrated.value.new_chat_id, "x")
    news = [update.message for update in await bot.get_updates()]
    assert [(m.migrate_to_chat_id, m.migrate_from_chat_id) for m in news if m] == [
        (moved.id, None),
        (None, group.id),
    ]


async def test_message_numbers_of_groups_and_supergroups(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    group, big = api.world.group("g", reader), api.world.supergroup("s", reader)
    numbers = [(await bot.send_message(c.id, "x")).message_id for c in (chat, group, big, chat)]
    assert numbers[1] == numbers[0] + 1
    assert numbers[3] == numbers[1] + 1
    assert numbers[2] == 1


async def test_topics(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    forum = api.world.supergroup("forum", reader, is_forum=True)
    thread = api.world.topic(forum, "Questions", by=reader)
    await api.say(reader, forum, "/ask", thread=thread)
    [update] = await bot.get_updates()
    assert update.message
    assert (update.message.message_thread_id, update.message.is_topic_message) == (thread, True)
    # Every message of a topic replies to the one that opened it, though nobody replied.
    assert update.message.reply_to_message
    assert update.message.reply_to_message.forum_topic_created
    sent = await bot.send_message(forum.id, "x", message_thread_id=thread)
    assert sent.message_thread_id == thread
    replied = await bot.send_message(
        forum.id, "x", reply_parameters=ReplyParameters(update.message.message_id)
    )
    assert replied.message_thread_id == thread
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=999)


async def test_channels(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    channel = api.world.channel("news", reader)
    sent = await bot.send_message(channel.id, "x")
    assert sent.from_user is None
    assert sent.sender_chat
    assert sent.sender_chat.id == channel.id
    await api.say(reader, channel, "post")
    [update] = await bot.get_updates()
    assert update.channel_post
    await bot.edit_message_text("y", channel.id, sent.message_id)
    await api.add_bot(reader, channel, status="member")
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.send_message(channel.id, "x")


async def test_a_public_channel_is_found_by_its_name(
    api: RehearsalServer, bot: Bot, reader: Person
) -> None:
    channel = api.world.channel("News", reader, username="the_news")
    found = await bot.get_chat("@The_News")
    assert (found.id, found.type, found.username) == (channel.id, "channel", "the_news")
    assert (await bot.send_message("@the_news", "x")).chat.id == channel.id
    place = await bot.get_chat_member(channel.id, api.world.bot.id)
    assert isinstance(place, ChatMemberAdministrator)
    assert place.can_post_messages
    channel.bot_may_write = False
    place = await bot.get_chat_member(channel.id, api.world.bot.id)
    assert isinstance(place, ChatMemberAdministrator)
    assert not place.can_post_messages
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat("@nobody_here")


async def test_pinning_and_rights(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    group = api.world.supergroup("group", reader)
    sent = await bot.send_message(group.id, "x")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages"):
        await bot.pin_chat_message(group.id, sent.message_id)
    await api.add_bot(reader, group, status="administrator")
    assert await bot.pin_chat_message(group.id, sent.message_id)
    full = await bot.get_chat(group.id)
    assert full.pinned_message
    assert full.pinned_message.message_id == sent.message_id
    with pytest.raises(BadRequest, match="Message to pin not found"):
        await bot.pin_chat_message(group.id, 99)


async def test_members(api: RehearsalServer, bot: Bot, chat: Chat, reader: Person) -> None:
    other = api.world.person("another-reader")
    group = api.world.group("group", reader, other)
    assert (await bot.get_chat_member(group.id, reader.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, other.id)).status == "member"
    await api.add_bot(reader, group, status="administrator")
    assert [one.user.id for one in await bot.get_chat_administrators(group.id)] == [reader.id]
    assert (await bot.get_chat(chat.id)).first_name == "reader"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.id, 1)
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(chat.id)
    with pytest.raises(BadRequest, match="Chat can't be left"):
        await bot.leave_chat(chat.id)


async def test_typing(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    await bot.send_chat_action(chat.id, "typing")
    assert [event.kind for event in api.events] == ["typing"]


async def test_profile(api: RehearsalServer, bot: Bot) -> None:
    await bot.set_my_commands([("now", "What we know")], language_code="en")
    assert [c.command for c in await bot.get_my_commands(language_code="en")] == ["now"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(language_code="en")
    assert await bot.get_my_commands(language_code="en") == ()
    await bot.set_my_description("long")
    await bot.set_my_short_description("short")
    assert (await bot.get_my_description("de")).description == "long"
    assert (await bot.get_my_short_description()).short_description == "short"
    assert (await bot.get_my_name()).name == "Storydesk"
    await bot.set_my_name("Desk")
    assert (await bot.get_my_name()).name == "Desk"
    me = await bot.get_me()
    assert (me.supports_inline_queries, me.can_read_all_group_messages) == (False, False)
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook("https://example.org")
    assert await bot.set_webhook("")
    assert (await bot.get_webhook_info()).url == ""
