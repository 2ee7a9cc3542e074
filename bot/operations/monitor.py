"""Health and metrics over HTTP, on this machine alone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.errors import PortTaken
from bot.operations.metrics import CHARSET, CONTENT_TYPE, Metrics
from bot.services.vitals import VitalSigns
from db.errors import StoreFault

logger = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
SECONDS: Final = 5.0
"""How long the database may take before the bot counts as not ready."""


class Monitor:
    """Answers /live, /ready and /metrics."""

    def __init__(
        self, metrics: Metrics, vitals: VitalSigns, *, index_revision: Callable[[], int]
    ) -> None:
        self._metrics = metrics
        self._vitals = vitals
        self._index_revision = index_revision
        self.is_answering = False
        """Whether updates are taken in."""

    async def begin(self) -> None:
        """Count questions from now on."""
        await self._vitals.count()

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[int]:
        """Listen while the block runs; port 0 takes any. Gives the port.

        Raises:
            PortTaken: something else listens there.
        """
        application = web.Application()
        application.router.add_get("/live", self._live)
        application.router.add_get("/ready", self._ready)
        application.router.add_get("/metrics", self._scraped)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, HOST, port).start()
            except OSError as error:
                raise PortTaken(
                    f"Nothing can listen at {HOST}:{port} ({error.strerror}): set "
                    "STORYDESK_MONITOR_PORT to another port."
                ) from None
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    async def _live(self, _: web.Request) -> web.Response:
        return web.Response(text="live\n")

    async def _ready(self, _: web.Request) -> web.Response:
        if not self.is_answering:
            return web.Response(status=503, text="not ready: starting\n")
        try:
            async with asyncio.timeout(SECONDS):
                await self._vitals.read()
        except (StoreFault, TimeoutError) as error:
            logger.warning("not ready: %s", type(error).__name__)
            return web.Response(status=503, text="not ready: the database cannot be read\n")
        return web.Response(text="ready\n")

    async def _scraped(self, _: web.Request) -> web.Response:
        try:
            vitals = await self._vitals.count()
        except StoreFault:
            return web.Response(status=503, text="the database cannot be read\n")
        body = self._metrics.text(vitals, index_revision=self._index_revision())
        return web.Response(body=body, content_type=CONTENT_TYPE, charset=CHARSET)
