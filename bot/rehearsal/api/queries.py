"""Methods that answer taps on buttons and inline queries."""

from typing import Any, Final

from bot.rehearsal.api.backend import Backend, Event, InlineAnswer, Toast
from bot.rehearsal.api.contract import formatted
from bot.rehearsal.api.refusals import bad, violation
from bot.rehearsal.world import keyboards
from bot.rehearsal.world.entities import checked_link

TOO_LATE: Final = "query is too old and response timeout expired or query ID is invalid"
OFFSET_BYTES: Final = 64
ID_BYTES: Final = 64
START_CHARACTERS: Final = 64
ARTICLE: Final = frozenset(
    [
        "type",
        "id",
        "title",
        "input_message_content",
        "reply_markup",
        "url",
        "description",
        "thumbnail_url",
        "thumbnail_width",
        "thumbnail_height",
    ]
)
CONTENT: Final = frozenset(["message_text", "parse_mode", "entities", "link_preview_options"])
UNPARSED: Final = "can't parse inline query result: "


def answer_callback_query(backend: Backend, parameters: dict[str, Any]) -> bool:
    """End the waiting of the person who tapped a button, perhaps with a short text."""
    url = parameters.get("url")
    if url and checked_link(url) is None:
        raise violation("URL_INVALID")
    tap = backend.taps.get(parameters["callback_query_id"])
    if tap is None or tap.expires <= backend.world.now():
        raise bad(TOO_LATE)
    toast = Toast(
        person=tap.person,
        text=parameters.get("text", ""),
        is_alert=parameters.get("show_alert", False),
        url=url,
    )
    if not tap.answer.done():  # the first answer is the one that is seen
        tap.answer.set_result(toast)
        backend.record(Event(kind="answered", toast=toast))
    return True


def answer_inline_query(backend: Backend, parameters: dict[str, Any]) -> bool:
    """Offer results to a person who types after the bot's name."""
    results = parameters["results"]
    for result in results:
        _check_result(result)
    if len({result["id"] for result in results}) != len(results):
        raise violation("RESULT_ID_DUPLICATE")
    if len(parameters.get("next_offset", "").encode()) > OFFSET_BYTES:
        raise violation("NEXT_OFFSET_INVALID")
    _check_button(parameters.get("button"))
    asked = backend.inline_queries.get(parameters["inline_query_id"])
    if asked is None or asked.expires <= backend.world.now():
        raise bad(TOO_LATE)
    answer = InlineAnswer(
        results=results,
        cache_s=parameters.get("cache_time", 300),
        is_personal=parameters.get("is_personal", False),
        next_offset=parameters.get("next_offset", ""),
        button=parameters.get("button"),
    )
    if not asked.answer.done():
        asked.answer.set_result(answer)
        backend.changed()
    return True


def _check_result(result: Any) -> None:
    if not isinstance(result, dict) or result.get("type") != "article":
        raise violation(f"{UNPARSED}this rehearsal knows results of type article only")
    if unknown := sorted(set(result) - ARTICLE):
        raise violation(f"an article has no field {', '.join(unknown)}")
    if not 1 <= len(str(result.get("id", "")).encode()) <= ID_BYTES:
        raise violation("RESULT_ID_INVALID")
    if not result.get("title"):
        raise violation(f'{UNPARSED}Can\'t find field "title"')
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise violation(f"{UNPARSED}input message content is not specified")
    if unknown := sorted(set(content) - CONTENT):
        raise violation(f"a text has no field {', '.join(unknown)}")
    formatted(content["message_text"], content.get("parse_mode"), content.get("entities"))
    keyboards.inline(result.get("reply_markup"))


def _check_button(button: dict[str, Any] | None) -> None:
    if not button:
        return
    start = button.get("start_parameter")
    if not button.get("text") or (start is None and "web_app" not in button):
        raise violation("can't parse inline query results button: a text and an action are needed")
    if start is not None and not is_start(start):
        raise violation("START_PARAM_INVALID")


def is_start(parameter: str) -> bool:
    """Tell whether `parameter` may follow /start in a link."""
    spelled = parameter.replace("_", "").replace("-", "")
    is_short = 1 <= len(parameter) <= START_CHARACTERS
    return is_short and parameter.isascii() and (not spelled or spelled.isalnum())
