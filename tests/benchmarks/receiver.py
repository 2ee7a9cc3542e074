"""A counting receiver: answers every send after 60 ms, or tells some to wait.

Run as `python -m tests.benchmarks.receiver SECONDS_PER_ANSWER SHARE_OF_FLOODS`; prints its port.
Faster than the rehearsal, and it remembers nothing.
"""

import asyncio
import json
import random
import sys
from typing import Final

_CHANCE: Final = random.Random(7)


class Receiver(asyncio.Protocol):
    """One connection, kept alive; requests come one after another on each."""

    def __init__(self, delay_s: float, floods: float) -> None:
        self._delay_s, self._floods = delay_s, floods
        self._buffer = b""
        self._came = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = 0
            for line in head.split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            self._answer(head.split(b" ", 2)[1])

    def _answer(self, path: bytes) -> None:
        self._came += 1
        if path.endswith(b"/getme"):
            me = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
            self._write(_ok(me))
            return
        loop = asyncio.get_running_loop()
        if self._floods and _CHANCE.random() < self._floods:
            wait = {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
            }
            body = json.dumps({**wait, "parameters": {"retry_after": 1}}).encode()
            loop.call_later(self._delay_s, self._write, body, b"429 Too Many Requests")
            return
        message = {"message_id": self._came, "date": 1, "chat": {"id": 1, "type": "private"}}
        loop.call_later(self._delay_s, self._write, _ok(message))

    def _write(self, body: bytes, status: bytes = b"200 OK") -> None:
        if self._transport is not None:
            head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % (status, len(body)) + body)


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


async def main(delay_s: float, floods: float) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiver(delay_s, floods), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the bench reads it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*map(float, sys.argv[1:])))
