"""The composition root: builds every part, opens and closes them in one place."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from telegram import Update
from telegram.error import InvalidToken, RetryAfter
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import BaseRequest

import handlers
from bot import desk, log, parts
from bot.clock import Clock, ClockWatch, now
from bot.errors import ConnectionFailed, SettingError
from bot.operations import upgrades
from bot.operations.metrics import MeasuredRequest, Metrics
from bot.operations.monitor import Monitor
from bot.receiving.intake import Intake
from bot.receiving.polling import POLL_SECONDS, Polling
from bot.receiving.webhook import Webhook
from bot.rehearsal.console.played import Played
from bot.search import FactIndex
from bot.services.answers.verdicts import Ask
from bot.services.rate_limits import RateLimits
from bot.services.updates import Body, Updates
from bot.services.vitals import VitalSigns
from bot.settings import TELEGRAM, Settings
from bot.telegram import menus
from bot.telegram.gate import Gate, Pace
from bot.telegram.http import AiohttpRequest, cause_of
from bot.telegram.outcomes import seconds_of
from bot.telegram.proxies import proxy_for, request_through
from bot.telegram.update_order import InOrder
from bot.views.desk import members
from db.engine import Database
from handlers import restarts
from handlers.context import SERVICES, Context, Desk, Services
from handlers.jobs import Jobs

logger = logging.getLogger(__name__)

READ_SECONDS: Final = 15.0
"""How long the answer to any other request may take."""

CONNECTIONS: Final = 256
"""Requests on their way at once: as many as chats are answered at once, so that those whose sending
hangs keep no other from being answered."""

LOOK_SECONDS: Final = 5.0
"""How often it is looked at whether the database is still there, and whether the clock was set."""

PATIENCE_SECONDS: Final = 120.0
"""For how long a server that does not answer at start is asked again."""


UPDATES: Final = ("message", "callback_query", "my_chat_member")
"""The kinds of update that are handled; others are not sent to us at all."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """A bot at work."""

    username: str | None
    address: str  # of the Bot API server
    first_secret: str | None = field(repr=False)  # makes the first owner; None: there is one
    _source: Polling | Webhook
    _database: Database
    _taking: "asyncio.Task[None]"
    _updates: "asyncio.Queue[object]"

    async def rested(self) -> None:
        """Wait until the bot has done with every update that it has fetched."""
        await self._updates.join()

    async def ended(self) -> None:
        """Wait while the bot works.

        Raises:
            ConnectionFailed: polling has ended for good, so nobody is answered any more.
            StoreGone: the database's file was deleted or replaced.
        """
        silent = asyncio.create_task(self._source.silence())
        gone = asyncio.create_task(_gone(self._database))
        try:
            await asyncio.wait((self._taking, silent, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            silent.cancel()
            gone.cancel()
        if gone.done() and not gone.cancelled():
            await gone
        if self._taking.done():
            await self._taking
            raise _rejected(self.address)
        raise ConnectionFailed(
            f"No updates were asked of {self.address} for some minutes: start the bot again."
        )


@asynccontextmanager
async def running(
    settings: Settings, *, ask: Ask = FactIndex.ask, clock: Clock = now
) -> AsyncIterator[Running]:
    """Run the bot while the block runs; `clock` is what it takes the time to be.

    Raises:
        SettingError: there is no token.
        StoreTaken: another running bot holds the database.
        StoreError: the database cannot be used.
        ConnectionFailed: the server refuses the token or cannot be reached.
    """
    if settings.token is None:
        raise SettingError(
            "There is no token: set STORYDESK_TOKEN to the one that @BotFather gave you."
        )
    token = settings.token.get_secret_value()
    log.hide(token)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            desk.stored(settings, alone=True, trial=upgrades.trial(settings, ask=ask, clock=clock))
        )
        proxy = proxy_for(settings.api_url, settings.proxy)
        asking = request_through(proxy, connections=1, read_timeout_s=POLL_SECONDS + 10)
        metrics = Metrics()
        request = MeasuredRequest(
            request_through(proxy, connections=CONNECTIONS, read_timeout_s=READ_SECONDS), metrics
        )
        for each in (asking, request):  # the library closes them only once it has connected
            stack.push_async_callback(each.shutdown)
        gate = Gate(Pace(per_second=settings.sends_per_second, burst=settings.burst))
        updates = Updates(database, keep=settings.keep, clock=clock)
        in_order = _in_order(gate, updates, metrics)
        application = _built(settings, token, asking, request, in_order)
        services = parts.services(
            database,
            application.bot,
            settings,
            ask,
            gate,
            clock,
            updates=updates,
            metrics=metrics,
        )
        application.bot_data[SERVICES] = services
        monitor = Monitor(
            metrics,
            VitalSigns(database, clock=clock),
            index_revision=lambda: services.answers.reader.revision,
        )
        if settings.monitor_port:
            await monitor.begin()
            await stack.enter_async_context(monitor.listening(settings.monitor_port))
        handlers.register(application)
        in_order.guard = handlers.entrance_of(
            application,
            services,
            RateLimits(
                per_person=settings.questions_per_person,
                per_group=settings.questions_per_group,
                clock=clock,
            ),
        )
        if doubtful := await services.alerts.deliveries.begin():
            logger.warning("%d alerts were on their way when the bot last ended", doubtful)
        await services.alerts.broadcasts.bring_forward()
        await services.desk.members.seat_owners()
        await services.questions.suggestions.begin()
        await _connected(application, settings.api_url)
        stack.push_async_callback(application.shutdown)
        await application.start()
        stack.push_async_callback(application.stop)
        # A long round ends early; what is left goes out next time.
        stack.callback(services.messenger.stop)
        stack.callback(services.waiting_readers.stop)
        stack.callback(services.alerts.deliveries.stop)
        stack.callback(in_order.stop)
        # Reads the facts: what is asked meanwhile waits at Telegram, where no kill loses it.
        await services.answers.reader.story()
        intake = Intake(updates, application.bot, _noting(metrics, application))
        left = await updates.unfinished()
        await intake.hand_on(left.waiting)
        source = _source(settings, token, asking, intake)
        taking = asyncio.create_task(source.run())
        stack.push_async_callback(_ended, taking)
        watching = asyncio.create_task(_watch_clock(ClockWatch(), application, services))
        stack.push_async_callback(_ended, watching)
        _decorate(application, services)
        _tell_interrupted(application, services, left.acted)
        monitor.is_answering = True
        name = services.messenger.username
        logger.info("answering as @%s", name)
        yield Running(
            username=name,
            address=settings.api_url,
            first_secret=await services.desk.invitations.first_link(),
            _source=source,
            _database=database,
            _taking=taking,
            _updates=application.update_queue,
        )


def rehearsing(settings: Settings) -> Callable[[str, str], AbstractAsyncContextManager[Played]]:
    """Return what runs the bot against a given server with a given token; see `running`."""

    @asynccontextmanager
    async def run(api_url: str, token: str) -> AsyncIterator[Played]:
        async with running(settings.against(api_url, token)) as bot:
            notice = members.first_link(bot.first_secret, bot=None)
            yield Played(rested=bot.rested, notice=notice)

    return run


async def serve(
    settings: Settings, *, tell: Callable[[str], None], leave: Callable[[], None]
) -> None:
    """Run the bot until the process is asked to end; raises as `running` and `Running.ended`.

    `tell` gets what only the person at the terminal may know; it must not be a log. `leave` ends
    the process where it is asked to end while it learns the facts: in a thread, which nobody can
    end, while nothing is open any more.
    """
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    stopping = asyncio.create_task(asked.wait())
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(stack.enter_async_context(running(settings)))
        await asyncio.wait((stopping, starting), return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()  # what it has opened, it closes
            await asyncio.gather(starting, return_exceptions=True)
            logger.info("stopping")
            leave()
            return
        try:
            bot = await starting
            if (notice := members.first_link(bot.first_secret, bot=bot.username)) is not None:
                tell(notice)
            ended = asyncio.create_task(bot.ended())
            await asyncio.wait((stopping, ended), return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                await ended
            ended.cancel()
            logger.info("stopping")
        finally:
            stopping.cancel()


def _noting(metrics: Metrics, application: Desk) -> Callable[[Update], Awaitable[None]]:
    """Return what hands updates on, and notes when each arrived."""

    async def hand_on(update: Update) -> None:
        metrics.arrived(update.update_id)
        await application.update_queue.put(update)

    return hand_on


def _in_order(gate: Gate, updates: Updates, metrics: Metrics) -> InOrder:
    """Return what works on updates: each chat's in order, and each until it is done."""

    @asynccontextmanager
    async def working(update: object) -> AsyncIterator[None]:
        assert isinstance(update, Update)  # noqa: S101 - nothing else is put into the queue
        log.update_id.set(update.update_id)  # of this task alone: each update has its own
        with gate.answering(), metrics.handling(update.update_id):
            async with updates.working(update.update_id):
                yield

    async def dropped(update: object) -> None:
        assert isinstance(update, Update)  # noqa: S101 - as above
        metrics.dropped(update.update_id)
        await updates.drop(update.update_id)

    return InOrder(working=working, dropped=dropped)


def _built(
    settings: Settings,
    token: str,
    asking: AiohttpRequest,
    request: BaseRequest,
    in_order: InOrder,
) -> Desk:
    # PTB's coming way to tell durations; without it every flood wait warns.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    bot: ExtBot[None] = ExtBot(
        token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=asking,
    )
    return (
        Application.builder()
        .bot(bot)
        .context_types(ContextTypes(context=Context))
        .updater(None)  # `bot.receiving` asks for updates: it stores them before it confirms them
        .concurrent_updates(in_order)
        .job_queue(Jobs())
        .build()
    )


async def _connected(application: Desk, address: str) -> None:
    """Learn who the bot is; a server that is down for a moment is asked again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = 1.0
    while True:
        try:
            await application.initialize()
        except InvalidToken as refused:
            await application.bot.shutdown()
            raise _rejected(address, str(refused.__cause__ or "")) from None
        except asyncio.CancelledError:  # Ctrl+C while the server is away
            await application.bot.shutdown()
            raise
        except Exception as error:  # noqa: BLE001 - a reply that PTB cannot read raises anything
            wait = seconds_of(error) if isinstance(error, RetryAfter) else pause
            if time.monotonic() + wait > deadline:
                await application.bot.shutdown()
                raise ConnectionFailed(
                    f"The Bot API at {address} cannot be reached ({cause_of(error)}): "
                    "check STORYDESK_API_URL and this machine's network."
                ) from None
            logger.warning("%s does not answer (%s), asked again", address, cause_of(error))
            await asyncio.sleep(wait)
            pause = min(30.0, pause * 1.5)
        else:
            return


def _source(
    settings: Settings, token: str, asking: AiohttpRequest, intake: Intake
) -> Polling | Webhook:
    """Return what updates come by."""
    address = f"{settings.api_url}/bot{token}"
    if not settings.webhook_url:
        return Polling(asking, address, intake, kinds=UPDATES)
    host, port = settings.webhook_socket
    return Webhook(
        asking, address, intake, url=settings.webhook_url, host=host, port=port, kinds=UPDATES
    )


async def _gone(database: Database) -> None:
    """Wait until the file of the database is gone; raises StoreGone then."""
    while True:
        database.check_present()
        await asyncio.sleep(LOOK_SECONDS)


async def _watch_clock(watch: ClockWatch, application: Desk, services: Services) -> None:
    """Let what is due go out in time, however the clock is set."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if set_by := watch.look():
            try:
                await clock_was_set(set_by, application, services)
            except Exception:
                logger.exception("alerts wait for the time that was set back")


async def clock_was_set(set_by: timedelta, application: Desk, services: Services) -> None:
    """Log that the clock was set; where it was set back, let jobs and alerts not wait for it."""
    way = "back" if set_by < timedelta(0) else "forward"
    logger.warning("the clock of this machine was set %s by %s", way, abs(set_by))
    if set_by < timedelta(0):
        queue = application.job_queue
        assert isinstance(queue, Jobs)  # noqa: S101 - given to the builder
        moved = await services.alerts.broadcasts.bring_forward()
        queue.begin_again(now())
        logger.info("%d alerts and deliveries do not wait for the time that was set back", moved)


async def _ended(task: asyncio.Task[None]) -> None:
    """End a task; what it did is no longer of interest."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _decorate(application: Desk, services: Services) -> None:
    """Register menus and descriptions beside everything else, and again what was put off."""
    queue = application.job_queue
    assert queue is not None  # noqa: S101 - given to the builder

    async def dress(_: Context) -> None:
        current = await services.answers.reader.story()
        staff = await services.desk.members.everybody()
        wait = await menus.dress(application.bot, current, staff)
        if wait is not None:
            queue.run_once(dress, timedelta(seconds=wait), name="dress again")

    queue.run_once(dress, timedelta(0), name="dress")


def _tell_interrupted(application: Desk, services: Services, acted: Sequence[Body]) -> None:
    async def tell(_: Context) -> None:
        await restarts.tell(acted, application.bot, services)

    assert application.job_queue is not None  # noqa: S101 - as above
    application.job_queue.run_once(tell, timedelta(0), name="interrupted")


def _rejected(address: str, reason: str = "") -> ConnectionFailed:
    """Return that a server refuses the token, or that there is none at this address.

    Telegram says "Not Found" of an address that is none of its own, and of a token that lacks a
    part; of a token that was taken back it says "Unauthorized".
    """
    if address.endswith("/bot"):
        return ConnectionFailed(
            f"There is no Bot API at {address}: set STORYDESK_API_URL to what stands before "
            f"/bot<token>, here {address.removesuffix('/bot')}."
        )
    if reason == "Not Found" and address != TELEGRAM:
        return ConnectionFailed(
            f"The server at {address} knows no such bot: check that STORYDESK_API_URL is what "
            "stands before /bot<token>, then that STORYDESK_TOKEN is the current one of @BotFather."
        )
    return ConnectionFailed(
        f"The Bot API at {address} does not accept the token: "
        "take the current one from @BotFather and set STORYDESK_TOKEN to it."
    )
