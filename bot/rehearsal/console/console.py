"""Lines that are piped in, without blocking the event loop, and what else lines come from."""

import asyncio
import os
from collections import deque
from typing import Final, Protocol, TextIO

CHUNK: Final = 65_536


class Console(Protocol):
    """Where lines come from and text goes to."""

    def open(self) -> None:
        """Begin to read."""

    def close(self) -> None:
        """Stop reading; the files stay open."""

    async def next(self, prompt: str) -> str | None:
        """Return the next line without its end, None after the last."""

    def write(self, text: str) -> None:
        """Show `text`, above what is being typed."""


class Lines:
    """The lines of an open file: a pipe or a plain file."""

    def __init__(self, source: TextIO, output: TextIO) -> None:
        """Read from the descriptor of `source`; nothing may have been read from it before."""
        self._output = output
        self._descriptor = source.fileno()
        self._ready: deque[str] = deque()
        self._rest = b""
        self._is_ended = False
        self._woken = asyncio.Event()
        self._is_watched = False

    def open(self) -> None:
        """Begin to watch the descriptor."""
        try:
            asyncio.get_running_loop().add_reader(self._descriptor, self._read)
            self._is_watched = True
        except (PermissionError, NotImplementedError):
            # A plain file is always ready and cannot be watched; so it is read as a whole.
            while not self._is_ended:
                self._read()

    def close(self) -> None:
        """Stop watching; the descriptor stays open."""
        if self._is_watched:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._is_watched = False

    def write(self, text: str) -> None:
        """Write `text`."""
        self._output.write(text)
        self._output.flush()

    async def next(self, prompt: str) -> str | None:  # noqa: ARG002 - nobody types
        """Return the next line without its end, None after the last."""
        while not self._ready:
            if self._is_ended:
                return None
            self._woken.clear()
            await self._woken.wait()
        return self._ready.popleft()

    def _read(self) -> None:
        chunk = os.read(self._descriptor, CHUNK)
        if not chunk:
            self._is_ended = True
            self.close()
            lines = [self._rest] if self._rest else []
        else:
            *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._ready.extend(line.decode(errors="replace").rstrip("\r") for line in lines)
        self._woken.set()
