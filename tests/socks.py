"""A little SOCKS5 server (RFC 1928, 1929): real sockets, with or without a name and a password."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

_NO_AUTHENTICATION: Final = 0
_PASSWORD: Final = 2
_REFUSED: Final = 0xFF


@dataclass(kw_only=True)
class SocksServer:
    """Carries connections to where they want to go, and keeps where that was."""

    name: str | None = None
    password: str = ""
    reply: int = 0  # another number refuses every connection, such as 5: nothing listens there
    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            if await self._greeted(reader, writer):
                await self._carry(reader, writer)
        writer.close()

    async def _greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = _NO_AUTHENTICATION if self.name is None else _PASSWORD
        writer.write(bytes([5, wanted if wanted in offered else _REFUSED]))
        if wanted not in offered or wanted == _NO_AUTHENTICATION:
            return wanted in offered
        await reader.readexactly(1)
        given = [
            (await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)
        ]
        fits = given == [self.name, self.password]
        writer.write(bytes([1, 0 if fits else 1]))
        return fits

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, _, kind = await reader.readexactly(4)
        if kind == 1:
            host = ".".join(map(str, await reader.readexactly(4)))
        else:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append((host, port))
        writer.write(bytes([5, self.reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        if self.reply:
            return
        there, answers = await asyncio.open_connection(host, port)
        await asyncio.gather(_pipe(reader, answers), _pipe(there, writer))


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()


@asynccontextmanager
async def socks_server(**settings: object) -> AsyncIterator[SocksServer]:
    """Run a server on a free port of this machine while the block runs."""
    socks = SocksServer(**settings)  # type: ignore[arg-type]
    server = await asyncio.start_server(socks.serve, "127.0.0.1", 0)
    socks.port = server.sockets[0].getsockname()[1]
    try:
        yield socks
    finally:
        server.close()
