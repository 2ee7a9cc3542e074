"""Run as `python -m tests.receiver`; prints its port.

Takes every method of the Bot API at any token, and requests of its own: POST /plan sets what goes
wrong, GET /count tells how many requests have come, GET /record gives them as lines of JSON; POST
/ask lets readers ask, GET /asked tells how long they waited.
"""

import asyncio
import json
import math
import time
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.receiver import faults, record
from tests.receiver.crowd import Crowd
from tests.receiver.faults import EFFECTIVE, Faults, Kind, Stroke
from tests.receiver.record import Request

LONGEST_POLL_S: Final = 10.0

_ME: Final = {"id": 1, "is_bot": True, "first_name": "Storydesk", "username": "receiver_bot"}


class Receiver:
    """Decides, counts, and knows what to answer; shared by all connections."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.came: list[Request] = []
        self.crowd = Crowd()
        self._messages = 0

    def own(self, path: str, body: bytes) -> bytes:
        """Return the answer to a request that is no method of the Bot API."""
        match path:
            case "/plan":
                self.faults = faults.decode(body)
                return b"{}"
            case "/count":
                return str(len(self.came)).encode()
            case "/record":
                return "\n".join(map(record.line, self.came)).encode()
            case "/ask":
                self.crowd.ask(**json.loads(body))
                return b"{}"
            case "/asked":
                return self.crowd.result()
        raise AssertionError(f"nobody knows {path}")

    def take(self, method: str, fields: dict[str, str], at: float) -> tuple[Stroke, int, bytes]:
        """Count a request; return what happens to it, and the status and body of its answer."""
        if "chat_id" not in fields:
            return faults.DONE, 200, _ok(_ME if method == "getme" else True)
        chat_id = int(fields["chat_id"])
        stroke = self.faults.strike(chat_id, at)
        number = None
        if "text" in fields and stroke.kind in EFFECTIVE:
            number = self._number(fields)
            self.crowd.heard(chat_id)
        late = stroke.seconds if stroke.kind is Kind.SLOW else 0.0
        self.came.append(
            Request(
                at=at,
                answered=at + self.faults.delay_s + late,
                method=method,
                chat_id=chat_id,
                message_id=number,
                text=fields.get("text", ""),
                ended=stroke.kind,
                told_before=stroke.told_before,
            )
        )
        return stroke, *_answer(stroke, chat_id, number)

    def _number(self, fields: dict[str, str]) -> int:
        if "message_id" in fields:
            return int(fields["message_id"])
        self._messages += 1
        return self._messages


class Connection(asyncio.Protocol):
    """One connection, kept alive; requests come one after another on each."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = b""
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
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._answer(head.split(b" ", 2)[1].decode(), body)

    def _answer(self, path: str, body: bytes) -> None:
        if not path.startswith("/bot"):
            self._write(200, self._receiver.own(path, body))
            return
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        method, at = path.rpartition("/")[2], time.monotonic()
        if method == "getupdates":
            self._poll(int(fields.get("offset", 0)))
            return
        stroke, status, answer = self._receiver.take(method, fields, at)
        wait = self._receiver.faults.delay_s
        if stroke.kind is Kind.SLOW:
            wait += stroke.seconds
        loop = asyncio.get_running_loop()
        if stroke.kind in (Kind.CUT, Kind.CUT_AFTER):
            loop.call_later(wait, self._cut)
        elif wait:
            loop.call_later(wait, self._write, status, answer)
        else:
            self._write(status, answer)

    def _poll(self, offset: int) -> None:
        """Give the updates that there are; where there are none, wait for some for a while."""
        crowd, loop = self._receiver.crowd, asyncio.get_running_loop()

        def give() -> None:
            self._write(200, _ok(crowd.updates(offset)))

        def wake() -> None:
            late.cancel()
            loop.call_soon(give)  # with all that are asked at the same moment

        if crowd.updates(offset):
            give()
        else:
            late = loop.call_later(LONGEST_POLL_S, crowd.wake)
            crowd.waiting = wake

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _write(self, status: int, body: bytes) -> None:
        if self._transport is not None:
            head = (
                b"HTTP/1.1 %d Said\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            self._transport.write(head % (status, len(body)) + body)


def _answer(stroke: Stroke, chat_id: int, number: int | None) -> tuple[int, bytes]:
    match stroke.kind:
        case Kind.FLOOD | Kind.BAN:
            seconds = math.ceil(stroke.seconds)
            return _refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        case Kind.GONE:
            return _refused(403, "Forbidden: bot was blocked by the user")
        case Kind.MOVED:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            return _refused(400, text, migrate_to_chat_id=faults.supergroup(chat_id))
        case Kind.BROKEN:
            return _refused(502, "Bad Gateway")
    if number is None:
        return 200, _ok(True)
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}
    return 200, _ok({"message_id": number, "date": 1, "chat": chat})


def _refused(status: int, description: str, **parameters: int) -> tuple[int, bytes]:
    envelope: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        envelope["parameters"] = parameters
    return status, json.dumps(envelope).encode()


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


async def main() -> None:
    """Serve until killed."""
    receiver = Receiver()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(receiver), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it reads it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
