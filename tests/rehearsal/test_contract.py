"""What the Bot API refuses, in its words; each refusal is a violation."""

import random
from typing import Any

import pytest

from bot.rehearsal.api.fields import METHODS
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat
from tests.rehearsal.conftest import Raw


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(**parts: Any) -> dict[str, Any]:
    return {"text": "Yes", "callback_data": "y"} | parts


TEXTS = [
    ({"text": ""}, "message text is empty"),
    ({}, "message text is empty"),
    ({"text": " \n "}, "text must be non-empty"),
    ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "é" * 16_385}, "text is too long"),
    ({"text": "x", "parse_mode": "Wiki"}, "unsupported parse_mode"),
    (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ({"text": "x", "disable_notification": "maybe"}, "must be of type Boolean"),
    ({"text": "x", "message_thread_id": "one"}, "must be of type Number"),
    ({"text": "x", "colour": "red"}, "sendMessage has no parameter colour"),
    ({"text": "x", "link_preview_options": {"size": 1}}, "link_preview_options has no field"),
    ({"text": "x", "link_preview_options": "no"}, "can't parse link_preview_options"),
    ({"text": "x", "reply_parameters": {"id": 1}}, "reply_parameters has no field"),
    ({"text": "x", "reply_parameters": {"quote": "a"}}, "message identifier is not specified"),
    ({"text": "x", "entities": [{"type": "bold"}]}, "can't parse MessageEntity"),
    ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "outside"),
    ({"text": 5}, "must be of type String"),
    ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
]


@pytest.mark.parametrize(("parameters", "error"), TEXTS)
async def test_texts(
    api: RehearsalServer, raw: Raw, chat: Chat, parameters: dict[str, Any], error: str
) -> None:
    assert error in await raw.refused("sendMessage", chat_id=chat.id, **parameters)
    assert len(api.violations) == 1
    assert api.sent(chat) == []
    api.violations.clear()


async def test_nonsense_is_refused_and_never_breaks_the_server(
    api: RehearsalServer, raw: Raw, chat: Chat
) -> None:
    choose = random.Random(7)
    values: list[Any] = [chat.id, 1, -1, 0.5, "", "x", "{}", "[]", {}, [], [1], [[{}]], True]
    values += [{"type": 1}, {"inline_keyboard": [[{"text": "a", "copy_text": 1}]]}, [{"id": {}}]]
    methods = [method for method in METHODS if method != "getUpdates"]
    for _ in range(400):
        method = choose.choice(methods)
        known = METHODS[method]
        sent = {name: choose.choice(values) for name in known if choose.random() < 0.7}
        if "chat_id" in sent and choose.random() < 0.8:
            sent["chat_id"] = chat.id
        body = await raw(method, **sent)
        assert body["ok"] or body["error_code"] in (400, 403), (method, sent, body)
    assert api.violations
    api.violations.clear()


async def test_the_longest_text_passes(api: RehearsalServer, raw: Raw, chat: Chat) -> None:
    # Code points count, not bytes or UTF-16 units, and only after the markup is read.
    await raw("sendMessage", chat_id=chat.id, text=f"<b>{'😀' * 4096}</b>", parse_mode="HTML")
    assert len(api.sent(chat)[0].text) == 4096


KEYBOARDS = [
    (keyboard([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
    (keyboard([button(callback_data="é" * 33)]), "BUTTON_DATA_INVALID"),
    (keyboard([button(callback_data="")]), "Text buttons are unallowed"),
    (keyboard([{"text": "only"}]), "Text buttons are unallowed"),
    (keyboard([button(text=" ")]), "button text must be non-empty"),
    (keyboard([{"callback_data": "y"}]), 'Field "text" must be of type String'),
    (keyboard([button(url="https://example.org")]), "does one thing"),
    (keyboard([{"text": "a", "url": "not a link"}]), "Wrong HTTP URL"),
    (keyboard([{"text": "a", "url": "http://localhost/x"}]), "Wrong HTTP URL"),
    (keyboard([{"text": "a", "copy_text": {"text": "x" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
    (keyboard([button(color="red")]), "has no field color"),
    (keyboard([button()] * 9), "REPLY_MARKUP_TOO_LONG"),
    (keyboard(*[[button()]] * 101), "REPLY_MARKUP_TOO_LONG"),
    ({"inline_keyboard": [button()]}, "must be an Array of Arrays"),
    ({"rows": []}, "can't parse reply keyboard markup JSON object"),
    ("[", "can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "error"), KEYBOARDS)
async def test_keyboards(
    api: RehearsalServer, raw: Raw, chat: Chat, markup: Any, error: str
) -> None:
    refused = await raw.refused("sendMessage", chat_id=chat.id, text="x", reply_markup=markup)
    assert error in refused
    assert len(api.violations) == 1
    api.violations.clear()


async def test_the_largest_keyboard_passes(api: RehearsalServer, raw: Raw, chat: Chat) -> None:
    rows = [[button(callback_data="x" * 64)] * 8] * 12
    await raw("sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard(*rows, []))
    assert len(api.sent(chat)[0].buttons) == 96


OTHERS = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": "me"}, "must be of type Number"),
    ("editMessageText", {"text": "x"}, "chat_id is empty"),
    ("editMessageText", {"text": "x", "chat_id": 1}, "message identifier is not specified"),
    (
        "editMessageText",
        {"text": "x", "chat_id": 1, "message_id": 1, "reply_markup": {"force_reply": True}},
        "inline keyboard expected",
    ),
    ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", {"callback_query_id": "1", "url": "no link"}, "URL_INVALID"),
    ("sendChatAction", {"chat_id": 1, "action": "dancing"}, "wrong parameter action"),
    ("setMyCommands", {"commands": [{"command": "Big", "description": "d"}]}, "COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "ok", "description": ""}]}, "DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "ok"}]}, "can't parse BotCommand"),
    (
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "d"} for n in range(101)]},
        "longer than 100",
    ),
    ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, "BotCommandScope"),
    ("setMyCommands", {"commands": [], "language_code": "eng"}, "invalid language code"),
    ("setMyDescription", {"description": "x" * 513}, "too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "too long"),
    ("setMyName", {"name": "x" * 65}, "too long"),
    ("getFile", {}, "file_id not specified"),
]


@pytest.mark.parametrize(("method", "parameters", "error"), OTHERS)
async def test_other_methods(
    api: RehearsalServer, raw: Raw, method: str, parameters: dict[str, Any], error: str
) -> None:
    assert error in await raw.refused(method, **parameters)
    assert len(api.violations) == 1
    api.violations.clear()


def article(**parts: Any) -> dict[str, Any]:
    content = {"message_text": "x"}
    return {"type": "article", "id": "1", "title": "t", "input_message_content": content} | parts


INLINE = [
    ({"results": [article(id=str(n)) for n in range(51)]}, "too many inline query results"),
    ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
    ({"results": [article(id="x" * 65)]}, "RESULT_ID_INVALID"),
    ({"results": [article(title="")]}, 'Can\'t find field "title"'),
    ({"results": [article(input_message_content={})]}, "content is not specified"),
    ({"results": [article(input_message_content={"message_text": ""})]}, "non-empty"),
    ({"results": [article(hide=1)]}, "has no field hide"),
    ({"results": [{"type": "game", "id": "1"}]}, "type article only"),
    ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    ({"results": [], "button": {"text": "Go"}}, "an action"),
    ({"results": [], "button": {"text": "Go", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
]


@pytest.mark.parametrize(("parameters", "error"), INLINE)
async def test_inline_answers(
    api: RehearsalServer, raw: Raw, parameters: dict[str, Any], error: str
) -> None:
    assert error in await raw.refused("answerInlineQuery", inline_query_id="1", **parameters)
    assert len(api.violations) == 1
    api.violations.clear()
