"""The terminal: what is piped in, what is seen. The echo bot of echo.py stands for the real one."""

import asyncio
import io
import os
import pty
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.rehearsal.api.backend import InlineAnswer, Toast
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.console import terminal as terminals
from bot.rehearsal.console.commands import Commands, Session
from bot.rehearsal.console.screen import Screen
from bot.rehearsal.world.world import Chat, Person
from tests.clocks import HANG_SECONDS

ROOT = Path(__file__).parents[2]
PLAY = (sys.executable, "-W", "error", "-m", "tests.rehearsal.echo")


async def played(typed: str) -> str:
    """Return what the terminal shows for lines from a pipe; it must end well."""
    process = await asyncio.create_subprocess_exec(
        *PLAY,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    shown, errors = await asyncio.wait_for(process.communicate(typed.encode()), HANG_SECONDS)
    assert (process.returncode, errors.decode()) == (0, "")
    return shown.decode()


def after(shown: str, prompt: str) -> list[str]:
    """Return the lines between `prompt` and the next one."""
    lines = shown.split(f"{prompt}\n", 1)[1].splitlines()
    end = next((at for at, line in enumerate(lines) if " › " in line), len(lines))
    return [line.strip() for line in lines[:end] if line.strip()]


async def test_without_input_a_greeting_is_played() -> None:
    shown = await played("")
    assert shown.splitlines()[:3] == [
        "Storydesk in rehearsal: the whole bot, here, without Telegram.",
        "Ask anything; 1, 2 … press a button; :help tells more; Ctrl-D quits.",
        "A story of your own: storydesk new, or /story once you run the desk.",
    ]
    assert after(shown, "reader › /start") == [
        "Storydesk",
        "I follow one story.",
        "Ask me about it.",
    ]
    assert "You asked: How long did the call last?" in shown
    assert "\033" not in shown


async def test_lines_are_asked_in_turn() -> None:
    shown = await played(
        "how <long>?\n1\n/help\n:help\n/press 1\n/inline word\n/commands\n/nonsense"
    )
    assert after(shown, "reader › how <long>?") == [
        "Storydesk",
        "You asked: how <long>?",
        "TASS, 19 May · still true? <https://example.org/v>",
        "│ Earlier: it was",
        "│ two hours",
        "[1] Tell me if this changes   [2] Not what I asked",
    ]
    assert after(shown, "reader › 1") == ["· Noted", "Storydesk (edited)", "You tapped follow:1"]
    assert after(shown, "reader › /help") == ["Storydesk", "This is the bot's own help."]
    assert after(shown, "reader › :help")[0].startswith("any text")
    assert after(shown, "reader › /press 1") == ["(there is no message with buttons here)"]
    assert after(shown, "reader › /inline word") == ["1. First", "today", "word"]
    assert after(shown, "reader › /commands") == ["default", "/help          What I can do"]
    assert "You asked: /nonsense" in shown


async def test_other_people_and_places() -> None:
    shown = await played(
        "/in group\nhello\n/ask one\n/as another-reader\n/in forum/Questions\n/ask two\n"
        ":chats\n/in private\n/start\n//quit now\n/quit\nnot reached\n"
    )
    assert after(shown, "reader in group › hello") == [
        "(unseen: in a group the bot gets only /commands, replies and @name)"
    ]
    assert "↳ /ask one" in after(shown, "reader in group › /ask one")
    assert "You asked: /ask two" in after(shown, "another-reader in forum/Questions › /ask two")
    assert after(shown, "another-reader in forum/Questions › :chats") == [
        "people: reader, another-reader",
        "chats:  private, group, forum/Questions",
        "now:    another-reader in forum/Questions",
    ]
    assert "I follow one story." in after(shown, "another-reader › /start")
    assert "You asked: /quit now" in after(shown, "another-reader › //quit now")
    assert "not reached" not in shown


async def test_a_file_that_cannot_be_sent_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\nIt rains.\n")
    shown = await played(f"/file\n/file {tmp_path}/none.csv\n/in group\n/file {tmp_path}/a.csv\n")
    assert after(shown, "reader › /file") == ["(which file? e.g. /file bridge.toml)"]
    (missing,) = after(shown, f"reader › /file {tmp_path}/none.csv")
    assert missing == f"({tmp_path}/none.csv: No such file or directory)"
    (unseen,) = after(shown, f"reader in group › /file {tmp_path}/a.csv")
    assert unseen == "(unseen: in a group the bot gets no files)"


async def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await asyncio.create_subprocess_exec(
            *PLAY,
            str(taken.getsockname()[1]),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        shown, errors = await asyncio.wait_for(process.communicate(), HANG_SECONDS)
    assert (process.returncode, shown) == (1, b"")
    assert errors.decode().count("\n") == 1
    assert "is in use" in errors.decode()


class Typist:
    """Who sits at a terminal: types keys and reads what stands there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._unread = ""

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    async def sees(self, *wanted: str) -> None:
        """Read on until each of these was shown, in this order."""
        for each in wanted:
            while each not in self._unread:
                reading = asyncio.to_thread(os.read, self._descriptor, 65_536)
                chunk = await asyncio.wait_for(reading, HANG_SECONDS)
                self._unread += chunk.decode(errors="replace")
            self._unread = self._unread.partition(each)[2]


@asynccontextmanager
async def at_a_terminal() -> AsyncIterator[tuple[Typist, asyncio.subprocess.Process]]:
    """Give who sits at a terminal, and what plays there."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *PLAY, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield Typist(ours), process
    finally:
        os.close(ours)
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("end", ["ctrl-d", "ctrl-c", "a signal", "quit"])
async def test_at_a_terminal(end: str) -> None:
    async with at_a_terminal() as (typist, process):
        await typist.sees("reader › ")
        typist.type("how long?\r")
        await typist.sees("You asked:\033[0m how long?", "reader › ")
        if end == "a signal":
            process.send_signal(signal.SIGINT)
        else:
            typist.type({"ctrl-d": "\x04", "ctrl-c": "\x03", "quit": "/quit\r"}[end])
        assert await asyncio.wait_for(process.wait(), HANG_SECONDS) == 0


async def test_a_line_is_edited_found_again_and_may_have_several() -> None:
    async with at_a_terminal() as (typist, process):
        left, up = "\x1b[D", "\x1b[A"
        await typist.sees("reader › ")
        typist.type("how lng?" + 3 * left + "o\r")
        await typist.sees("You asked:\033[0m how long?", "reader › ")
        typist.type(up + " and why?\r")
        await typist.sees("You asked:\033[0m how long? and why?", "reader › ")
        typist.type("one \\\r")
        await typist.sees("…")
        typist.type("two\r")
        await typist.sees("You asked:\033[0m one\r\n  two", "reader › ")
        pasted = "\x1b[200~three\nfour\x1b[201~"
        typist.type(pasted + "\r")
        await typist.sees("You asked:\033[0m three\r\n  four", "reader › ")
        typist.type("\x04")
        assert await asyncio.wait_for(process.wait(), HANG_SECONDS) == 0


async def test_what_comes_unasked_stands_above_what_is_being_typed() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as source, os.fdopen(os.dup(theirs), "w") as output:
        typist, terminal = Typist(ours), terminals.Terminal(source, output)
        terminal.open()
        line = asyncio.create_task(terminal.next("reader ›"))
        await typist.sees("reader ›")
        typist.type("how")
        await typist.sees("how")
        terminal.write("news\n")
        await typist.sees("news\r\n", "reader ›", "how")
        typist.type(" long\r")
        assert await line == "how long"
        terminal.close()
    os.close(ours)


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_long_lines_break_between_words() -> None:
    lines = Screen(Terminal()).text("word " * 40 + "x" * 200, [])
    assert all(len(line) <= 76 for line in lines)
    assert lines[0].endswith("word")
    assert "".join(lines).replace(" ", "") == "word" * 40 + "x" * 200


def test_nothing_steers_the_terminal() -> None:
    assert Screen(io.StringIO()).text("a\x9b2Jb\x7f", []) == ["a2Jb"]


def test_toasts_and_offers() -> None:
    output = io.StringIO()
    screen = Screen(output)
    reader = Person(id=1, first_name="reader")
    screen.toast(Toast(person=reader, text="Stop", is_alert=True, url="https://example.org"))
    screen.toast(Toast(person=reader))
    nothing = InlineAnswer(results=[], cache_s=1, is_personal=False, next_offset="", button=None)
    screen.inline(nothing)
    assert output.getvalue().splitlines() == [
        "  ! Stop",
        "  (opens https://example.org)",
        "  (the bot offers nothing)",
        "",
    ]


async def test_commands_that_cannot_be_done(api: RehearsalServer) -> None:
    commands = Commands(Session(api), Screen(io.StringIO()))
    for line, why in {
        "/as": "who",
        "/in": "where",
        "/press": "which button",
        "/press 1": "no message with buttons",
        ":reply x": "no message",
        "/fault 418": "which fault",
        "/fault 429 often": "which fault",
    }.items():
        with pytest.raises(ValueError, match=why):
            await commands.obey(line)
    await commands.obey("/in group")
    with pytest.raises(ValueError, match="group is no forum"):
        await commands.obey("/in group/Topic")


async def test_commands_change_the_world(api: RehearsalServer) -> None:
    session = Session(api)
    commands = Commands(session, Screen(io.StringIO()))
    assert not await commands.obey("")
    assert await commands.obey("7")  # no button 7: it is a message
    assert not await commands.obey("/block")
    assert session.person.has_blocked
    assert not await commands.obey("anybody there?")
    assert not await commands.obey("/unblock")
    assert not await commands.obey("/fault 429 2")
    assert not await commands.obey("/quit")
    assert session.is_over
    api.updates.clear()


async def test_a_message_elsewhere_says_where(api: RehearsalServer) -> None:
    session = Session(api)
    session.enter("forum/Questions")
    forum: Chat = session.chat
    message = api.world.add(forum, api.world.bot, text="x", thread=session.thread)
    assert session.elsewhere(message) == ""
    session.enter("private")
    assert session.elsewhere(message) == "to forum/Questions"


async def test_a_channel_is_opened_by_its_name(api: RehearsalServer) -> None:
    session = Session(api)
    session.enter("channel")
    assert session.chat is api.world.public("@channel")
    with pytest.raises(ValueError, match="no forum"):
        session.enter("channel/Topic")
