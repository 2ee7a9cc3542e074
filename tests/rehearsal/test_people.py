"""What people do and what of it the bot sees."""

import asyncio

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Person

BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Yes", callback_data="yes")],
        [InlineKeyboardButton("More", url="https://example.org/")],
    ]
)


async def only(bot: Bot) -> Update:
    [update] = await bot.get_updates(timeout=50)
    return update


async def test_commands_and_mentions_are_marked(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await api.say(reader, chat, f"/now 😀 @{bot.username}")
    message = (await only(bot)).message
    assert message
    assert message.from_user
    assert message.from_user.first_name == "reader"
    marked = message.parse_entities()
    assert list(marked.values()) == ["/now", f"@{bot.username}"]


async def test_deep_links(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    await api.open_bot(reader, "fact_7")
    message = (await only(bot)).message
    assert message
    assert message.text == "/start fact_7"
    with pytest.raises(ValueError, match="a link cannot carry 'fact 7'"):
        await api.open_bot(reader, "fact 7")


async def test_privacy_mode(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    group = api.world.supergroup("group", reader)
    sent = await bot.send_message(group.id, "hello")
    own = api.sent(group)[0]
    assert sent.message_id == own.id
    unseen = [
        await api.say(reader, group, text)
        for text in ("hello", "see /now", "/now@another_bot", "@somebody", "a@b.org")
    ]
    assert not any(message.is_seen_by_bot for message in unseen)
    seen = [
        await api.say(reader, group, "/now"),
        await api.say(reader, group, f"/now@{bot.username}"),
        await api.say(reader, group, f"tell me, @{bot.username}"),
        await api.say(reader, group, "and then?", reply_to=own),
    ]
    assert all(message.is_seen_by_bot for message in seen)
    assert len(await bot.get_updates()) == 4
    await api.add_bot(reader, group, status="administrator")
    assert (await api.say(reader, group, "hello")).is_seen_by_bot
    await api.remove_bot(reader, group)
    assert not (await api.say(reader, group, "/now")).is_seen_by_bot


async def test_edits_by_people(api: RehearsalServer, bot: Bot, chat: Chat, reader: Person) -> None:
    message = await api.say(reader, chat, "how lnog")
    await api.edit(message, "how long")
    first, second = await bot.get_updates()
    assert first.message
    assert second.edited_message
    assert second.edited_message.text == "how long"
    assert second.edited_message.edit_date


async def test_long_texts_come_in_parts(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await api.say(reader, chat, "x" * 5000)
    lengths = [
        len(update.message.text or "") for update in await bot.get_updates() if update.message
    ]
    assert lengths == [4096, 904]
    with pytest.raises(ValueError, match="no empty message"):
        await api.say(reader, chat, " \n")


async def test_a_tap_and_its_answer(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=BUTTONS)
    tap = asyncio.create_task(api.press(reader, api.sent(chat)[0], "Yes"))
    query = (await only(bot)).callback_query
    assert query
    assert (query.data, query.from_user.id) == ("yes", reader.id)
    assert query.message
    assert query.message.message_id == api.sent(chat)[0].id
    await query.answer("Noted", show_alert=True)
    toast = await tap
    assert (toast.text, toast.is_alert, toast.person) == ("Noted", True, reader)


async def test_a_link_button_stays_with_the_person(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=BUTTONS)
    toast = await api.press(reader, api.sent(chat)[0], 1)
    assert toast.url == "https://example.org/"
    assert api.updates.pending == []
    with pytest.raises(ValueError, match="there is no button 5"):
        await api.press(reader, api.sent(chat)[0], 5)


async def test_a_tap_that_is_not_answered(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=BUTTONS)
    with pytest.raises(TimeoutError):
        await api.press(reader, api.sent(chat)[0], timeout_s=0.02)


async def test_old_taps_cannot_be_answered(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=BUTTONS)
    tap = asyncio.create_task(api.press_data(reader, api.sent(chat)[0], "forged"))
    query = (await only(bot)).callback_query
    assert query
    assert query.data == "forged"
    api.backend.taps[query.id].expires -= 151
    with pytest.raises(BadRequest, match=r"(?i)query is too old and response timeout expired"):
        await query.answer()
    with pytest.raises(BadRequest, match=r"(?i)query id is invalid"):
        await bot.answer_callback_query("1")
    tap.cancel()


async def test_inline(api: RehearsalServer, bot: Bot, reader: Person) -> None:
    group = api.world.group("group", reader)
    asked = asyncio.create_task(api.inline(reader, "how long"))
    query = (await only(bot)).inline_query
    assert query
    assert query.query == "how long"
    content = InputTextMessageContent("<b>Two hours</b>", parse_mode="HTML")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Still true?", callback_data="v")]])
    result = InlineQueryResultArticle("7", "Length", content, reply_markup=keyboard)
    button = InlineQueryResultsButton("Open", start_parameter="all")
    await query.answer([result], cache_time=5, button=button)
    offered = await asked
    assert (offered.results[0]["title"], offered.cache_s) == ("Length", 5)

    message = await api.choose(reader, group, offered)
    assert (message.text, message.via_bot) == ("Two hours", api.world.bot)
    seen, chosen = await bot.get_updates(offset=-2)
    assert seen.message
    assert chosen.chosen_inline_result
    assert chosen.chosen_inline_result.inline_message_id == message.inline_id
    edited = await bot.edit_message_text("Three", inline_message_id=message.inline_id)
    assert edited is True
    assert message.text == "Three"
    assert message.markup is None


async def test_old_inline_queries_cannot_be_answered(
    api: RehearsalServer, bot: Bot, reader: Person
) -> None:
    asked = asyncio.create_task(api.inline(reader, "x"))
    query = (await only(bot)).inline_query
    assert query
    api.backend.inline_queries[query.id].expires -= 31
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer([])
    asked.cancel()


async def test_taps_on_inline_messages(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    await bot.send_message(chat.id, "x", reply_markup=BUTTONS)
    message = api.sent(chat)[0]
    message.inline_id = "inline-1"
    tap = asyncio.create_task(api.press(reader, message))
    query = (await only(bot)).callback_query
    assert query
    assert (query.message, query.inline_message_id) == (None, "inline-1")
    await query.answer()
    await tap


async def test_a_deleted_message_is_gone(
    api: RehearsalServer, bot: Bot, chat: Chat, reader: Person
) -> None:
    message = await api.say(reader, chat, "x")
    await api.delete(message)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(chat.id, "y", reply_to_message_id=message.id)


async def test_waiting_for_rest(api: RehearsalServer, bot: Bot, chat: Chat) -> None:
    assert await api.quiet(seconds=0.02)
    assert chat.person
    await api.say(chat.person, chat, "x")
    assert not await api.quiet(seconds=0.02, timeout_s=0.1)
    await bot.get_updates()
    assert await api.quiet(seconds=0.02)
