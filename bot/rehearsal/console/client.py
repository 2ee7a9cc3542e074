"""A terminal on the rehearsal: type as a reader, see what the bot does."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, TextIO, TypeAlias

from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.console.commands import Commands, Session
from bot.rehearsal.console.console import Console, Lines
from bot.rehearsal.console.played import Played
from bot.rehearsal.console.screen import Screen
from bot.rehearsal.world.world import Message

RunBot: TypeAlias = Callable[[str, str], AbstractAsyncContextManager[Played]]
"""Takes the server's address and the token; runs the bot as long as the context is open."""

GREETING: Final = (
    "Storydesk in rehearsal: the whole bot, here, without Telegram.",
    "Ask anything; 1, 2 … press a button; :help tells more; Ctrl-D quits.",
    "A story of your own: storydesk new, or /story once you run the desk.",
)
SCRIPT: Final = ("/start", "How long did the call last?")
"""What is played if there is no input at all."""

GOES_ON: Final = "\\"
"""At the end of a line: the message goes on in the next."""

MORE: Final = "  … "
"""What stands before such a line."""

PATIENCE_S: Final = 20.0
"""How long an answer may take before the client says that there is none."""

PIPED_PATIENCE_S: Final = 600.0
"""The same where nobody types: a script would rather have the answer."""

QUIET_S: Final = 0.25


async def rehearse(
    run_bot: RunBot,
    *,
    port: int = 0,
    token: str = TOKEN,
    goes_on: bool = False,
    source: TextIO | None = None,
    output: TextIO | None = None,
) -> int:
    """Play the bot to whoever types into `source`; return the exit code.

    `source` and `output` are standard input and output unless given. With `goes_on` the people and
    groups of an earlier rehearsal are there still.

    Raises:
        PortTaken: the port is in use.
    """
    source, output = source or sys.stdin, output or sys.stdout
    server = await RehearsalServer.start(token=token, port=port)
    if goes_on:
        server.world.go_on()
    try:
        async with run_bot(server.url, token) as bot:
            server.rested = bot.rested
            await Client(server, source, output).play(bot.notice)
    finally:
        await server.stop()
    return 0


def _console(source: TextIO, output: TextIO) -> Console:
    if not (source.isatty() and output.isatty()):
        return Lines(source, output)
    from bot.rehearsal.console.terminal import Terminal  # its library takes half a second to import

    return Terminal(source, output)


class Client:
    """One session at the terminal."""

    def __init__(self, server: RehearsalServer, source: TextIO, output: TextIO) -> None:
        """Read lines from `source` and write screens to `output`."""
        self._server = server
        self._is_typed = source.isatty()
        self._console = _console(source, output)
        server.patience_s = PATIENCE_S if self._is_typed else PIPED_PATIENCE_S
        self._screen = Screen(output, self._console.write)
        self._session = Session(server)
        self._commands = Commands(self._session, self._screen)
        self._shown = len(server.events)

    async def play(self, notice: str | None = None) -> None:
        """Greet, then send what is typed until it ends. Ctrl-C ends it as well."""
        for line in (*GREETING, *([notice] if notice else [])):
            self._screen.line(line)
        self._screen.line()
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in one
        playing = asyncio.create_task(self._play())
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(signal.SIGINT, playing.cancel)
        showing = asyncio.create_task(self._show_always())
        try:
            await playing
        except asyncio.CancelledError:
            if task.cancelling():
                raise
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.remove_signal_handler(signal.SIGINT)
            self._console.close()
            if self._is_typed:
                self._screen.line()

    async def _play(self) -> None:
        self._console.open()
        if not self._is_typed:
            await self._play_piped()
            return
        while not self._session.is_over:
            line = await self._message()
            if line is None:
                return
            await self._obey(line)

    async def _play_piped(self) -> None:
        """Ask each line in turn; without any, play the script."""
        line = await self._message()
        script = list(SCRIPT) if line is None else []
        while not self._session.is_over:
            if script:
                line = script.pop(0)
            if line is None:
                return
            if line.strip():
                self._screen.asked(self._session.who, line)
                await self._obey(line)
            line = None if script else await self._message()

    async def _message(self) -> str | None:
        """Return the next message: a line, and those that it goes on in. None after the last."""
        lines: list[str] = []
        prompt = self._screen.prompt(self._session.who)
        while (line := await self._console.next(prompt)) is not None:
            if not line.endswith(GOES_ON):
                return "\n".join([*lines, line])
            lines.append(line[: -len(GOES_ON)].rstrip())
            prompt = MORE
        return "\n".join(lines) if lines else None

    async def _obey(self, line: str) -> None:
        """Do what a line asks for and wait until the bot has answered."""
        before = self._answers
        try:
            expects = await self._commands.obey(line.strip())
        except ValueError as error:
            self._screen.note(str(error))
            return
        except TimeoutError:
            self._screen.note("the bot did not answer the tap")
            return
        if expects:
            await self._settle(before)
        self._show()

    async def _settle(self, before: int) -> None:
        """Wait until the bot rests."""
        await self._server.quiet(seconds=QUIET_S)
        if self._answers == before:
            self._screen.note("no answer")

    @property
    def _answers(self) -> int:
        """How often the bot has shown something; "typing" is not yet an answer."""
        return sum(event.kind != "typing" for event in self._server.events)

    async def _show_always(self) -> None:
        """Show what the bot does whenever it does it: alerts come unasked."""
        while True:
            self._show()
            await self._server.backend.change(timeout_s=60.0)

    def _saved(self, message: Message) -> str:
        """Save the picture that a message carries and return where; nothing for none."""
        if not self._is_typed or not (photo := message.media.get("photo")):
            return ""
        upload = self._server.backend.files[photo[-1]["file_id"]]
        folder = Path(tempfile.gettempdir(), "storydesk-pictures")
        folder.mkdir(exist_ok=True)
        path = folder / f"{os.getpid()}-{message.id}{Path(upload.name).suffix or '.png'}"
        path.write_bytes(upload.content)
        return str(path)

    def _show(self) -> None:
        events = self._server.events[self._shown :]
        self._shown += len(events)
        for event in events:
            if event.toast:
                self._screen.toast(event.toast)
            elif event.message and event.kind in ("sent", "edited"):
                self._session.remember(event.message)
                where = self._session.elsewhere(event.message)
                is_edit = event.kind == "edited"
                picture = self._saved(event.message)
                self._screen.message(event.message, where=where, is_edit=is_edit, picture=picture)
            elif event.kind == "deleted":
                self._screen.note("the bot deleted a message")
