"""Lines that somebody types at a terminal, which can be edited and found again."""

import os
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.output.vt100 import Vt100_Output


class Terminal:
    """Lines that somebody types, edits and finds again with the arrow keys."""

    def __init__(self, source: TextIO, output: TextIO) -> None:
        """Take over a terminal when it is opened."""
        self._source = source
        self._output = output
        self._session: PromptSession[str] | None = None

    def open(self) -> None:
        """Begin to read keys. What the terminal sends unasked is never waited for."""
        output = Vt100_Output.from_pty(self._output, term=os.environ.get("TERM"))
        output.enable_cpr = False
        self._session = PromptSession(
            history=InMemoryHistory(), input=create_input(self._source), output=output
        )

    def close(self) -> None:
        """Forget the lines."""
        self._session = None

    async def next(self, prompt: str) -> str | None:
        """Return the next line; Ctrl-D and Ctrl-C are its end."""
        assert self._session is not None  # noqa: S101 - it was opened
        try:
            return await self._session.prompt_async(ANSI(prompt), handle_sigint=False)
        except (EOFError, KeyboardInterrupt):
            return None

    def write(self, text: str) -> None:
        """Show `text` above the line that is being typed."""
        if (session := self._session) is not None and session.app.is_running:
            run_in_terminal(lambda: self._put(text))
        else:
            self._put(text)

    def _put(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()
