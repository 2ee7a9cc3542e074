"""A webhook: Telegram brings updates, and hears that they came once they are stored."""

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import TelegramError

from bot.errors import ConnectionFailed
from bot.receiving.intake import Intake
from bot.telegram.http import AiohttpRequest, cause_of

logger = logging.getLogger(__name__)

LARGEST_BODY: Final = 1 << 20
"""Bytes of an update; Telegram's are far smaller, files are fetched apart."""

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS: Final = 40
"""That Telegram may open at once; its own default."""

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0
_REFUSED: Final = (400, 401, 404)


class Webhook:
    """Listens for updates behind a proxy that speaks HTTPS.

    Whoever does not bring the secret is turned away; it is made anew at every start.
    """

    def __init__(
        self,
        request: AiohttpRequest,
        address: str,
        intake: Intake,
        *,
        url: str,
        host: str,
        port: int,
        kinds: Sequence[str],
    ) -> None:
        """Prepare; `address` is the bot's own, token and all, `url` where Telegram finds us."""
        self._request = request
        self._address = address
        self._intake = intake
        self._url = url
        self._host = host
        self._port = port
        self._kinds = json.dumps(list(kinds))
        self._secret = secrets.token_urlsafe(32)

    async def run(self) -> None:
        """Listen until cancelled.

        Raises:
            ConnectionFailed: the port is taken, or Telegram refuses the address or the token.
        """
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post(urlsplit(self._url).path or "/", self._take)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=5.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, self._host, self._port).start()
            except OSError as error:
                raise ConnectionFailed(
                    f"Nothing can listen at {self._host}:{self._port} ({error.strerror}): "
                    "set STORYDESK_WEBHOOK_LISTEN to another address."
                ) from None
            await self._announce()
            logger.info("updates are taken at %s:%d", self._host, self._port)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def silence(self) -> None:
        """Wait for ever: nobody can tell a quiet night from a webhook that is not reached."""
        await asyncio.Event().wait()

    async def _take(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return web.Response(status=403)
        try:
            body = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        await self._intake.room()
        await self._intake.take([body])
        return web.Response()

    async def _announce(self) -> None:
        """Tell Telegram where to bring updates."""
        fields = {
            "url": self._url,
            "secret_token": self._secret,
            "allowed_updates": self._kinds,
            "max_connections": str(CONNECTIONS),
        }
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                status, _ = await self._request.post_form(f"{self._address}/setWebhook", fields)
            except TelegramError as error:
                logger.warning("the webhook was not set: %s", cause_of(error))
                status = 0
            if 200 <= status <= 299:
                return
            if status in _REFUSED:
                raise ConnectionFailed(
                    f"Telegram refuses the webhook {self._url} (status {status}): "
                    "check STORYDESK_WEBHOOK_URL, which must be reachable by https://."
                )
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, pause * 1.5)
