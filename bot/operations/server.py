"""What the Bot API server says of the token, the bot and the webhook, asked once. Reads only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from telegram.error import TelegramError

from bot.telegram.http import AiohttpRequest, cause_of
from bot.telegram.proxies import request_through

SECONDS: Final = 15.0
"""How long an answer may take."""

REFUSED: Final = (401, 404)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerView:
    """What the server said."""

    status: int  # of getMe; 0: it could not be reached
    trouble: str = ""  # why it could not be reached, or answered oddly
    bot: Mapping[str, Any] | None = None  # as getMe gives it
    webhook: Mapping[str, Any] | None = None  # as getWebhookInfo gives it
    date: datetime | None = None  # the server's clock as it answered

    @property
    def refuses_token(self) -> bool:
        """Whether the token is not, or no longer, one of the server's."""
        return self.status in REFUSED


async def look(api_url: str, token: str, *, proxy: str | None) -> ServerView:
    """Ask the server, through a proxy where one is given, who the bot is and how it is updated."""
    request = request_through(proxy, connections=1, read_timeout_s=SECONDS)
    await request.initialize()
    address = f"{api_url}/bot{token}"
    try:
        status, bot = await _result(request, f"{address}/getMe")
        date = _moment(request.server_date)
        if bot is None:
            return ServerView(status=status, trouble=f"status {status}", date=date)
        _, webhook = await _result(request, f"{address}/getWebhookInfo")
    except TelegramError as error:
        return ServerView(status=0, trouble=cause_of(error))
    finally:
        await request.shutdown()
    return ServerView(status=status, bot=bot, webhook=webhook, date=date)


async def chat_number(api_url: str, token: str, name: str, *, proxy: str | None) -> int | None:
    """Return the number of the person called `name`; None where the server gives it to no bot."""
    request = request_through(proxy, connections=1, read_timeout_s=SECONDS)
    await request.initialize()
    try:
        _, chat = await _result(request, f"{api_url}/bot{token}/getChat", chat_id=name)
    except TelegramError:
        return None
    finally:
        await request.shutdown()
    if chat is None or chat.get("type") != "private" or not isinstance(chat.get("id"), int):
        return None
    return int(chat["id"])


async def _result(
    request: AiohttpRequest, url: str, **fields: str
) -> tuple[int, Mapping[str, Any] | None]:
    status, body = await request.post_form(url, fields)
    try:
        answer = json.loads(body)
    except ValueError:
        return status, None
    result = answer.get("result") if isinstance(answer, dict) else None
    return status, result if isinstance(result, dict) else None


def _moment(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header or "").astimezone(UTC)
    except ValueError:
        return None
