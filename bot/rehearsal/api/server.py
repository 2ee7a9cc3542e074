"""The HTTP server: requests in, envelopes out, faults between."""

import asyncio
import errno
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from aiohttp import web

from bot.errors import PortTaken
from bot.rehearsal.api.backend import Backend, Request
from bot.rehearsal.api.contract import Upload, checked
from bot.rehearsal.api.faults import Fault
from bot.rehearsal.api.fields import BY_LOWER_CASE
from bot.rehearsal.api.methods import METHODS
from bot.rehearsal.api.refusals import Refused, Violated, bad
from bot.rehearsal.world.people import People
from bot.rehearsal.world.world import Person

TOKEN: Final = "700000001:rehearsal-on-this-machine-only"  # noqa: S105 - opens nothing
"""The token of the rehearsal's bot."""

USERNAME: Final = "storydesk_rehearsal_bot"
LARGEST_REQUEST: Final = 60 * 1024 * 1024
"""Bytes of a whole request; beyond that comes 413."""


class RehearsalServer(People):
    """The Bot API on loopback, with the people who use it. Make one with `start()`."""

    def __init__(self, backend: Backend, token: str, runner: web.AppRunner) -> None:
        """Serve `backend` to the bot that knows `token`; `start()` calls this."""
        super().__init__(backend)
        self.token = token
        self.url = ""
        """What stands before /bot<token>."""
        self._runner = runner
        self._closing = asyncio.Event()

    @classmethod
    async def start(
        cls,
        *,
        token: str = TOKEN,
        port: int = 0,
        host: str = "127.0.0.1",
        now: Callable[[], float] = time.time,
    ) -> "RehearsalServer":
        """Return a server that listens; port 0 takes any that is free.

        `now` is the clock of Telegram's side in seconds since 1970: it dates messages and lets
        updates grow old.

        Raises:
            PortTaken: something else listens on the port, or it may not be opened.
        """
        number = int(token.partition(":")[0])
        bot = Person(id=number, first_name="Storydesk", username=USERNAME, is_bot=True)
        application = web.Application(client_max_size=LARGEST_REQUEST)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        server = cls(Backend(bot, now=now), token, runner)
        for pattern in ("/bot{token}/{method}", "/bot{token}/test/{method}"):
            application.router.add_route("*", pattern, server._serve)
        application.router.add_get("/file/bot{token}/{folder}/{file}", server._download)
        application.router.add_route("*", "/{tail:.*}", server._nothing_here)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise _taken(host, port, error) from None
        server.url = f"http://{host}:{runner.addresses[0][1]}"
        return server

    async def stop(self) -> None:
        """End polls and delays, then close every connection."""
        self._closing.set()
        self.updates.close()
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one method call."""
        if request.match_info["token"] != self.token:
            return _answer(Refused(401, "Unauthorized"))
        method = BY_LOWER_CASE.get(request.match_info["method"].lower())
        if method is None:
            return _answer(Refused(404, "Not Found: method not found"))
        is_poll = method == "getUpdates"
        self.backend.busy += not is_poll
        try:
            return await self._obey(method, request)
        finally:
            self.backend.busy -= not is_poll
            self.backend.ended += not is_poll

    async def _obey(self, method: str, request: web.Request) -> web.StreamResponse:
        """Check the parameters, let faults strike, do what the method does."""
        try:
            raw, files = await _parameters(request)
        except Refused as refusal:
            return _answer(refusal)
        broken: Violated | None = None
        parameters = raw
        try:
            parameters = checked(method, raw, files)
        except Violated as violated:
            broken = violated
        self.requests.append(Request(method=method, parameters=parameters, at=time.monotonic()))
        self.backend.changed()
        fault = self.faults.strike(method, parameters)
        if fault and not fault.is_after_effect and (early := await self._strike(fault, request)):
            return early
        response = await self._act(method, parameters, broken)
        if fault and fault.repeats_updates:
            self._repeat(response)
        if fault and fault.is_after_effect and (late := await self._strike(fault, request)):
            return late
        return response

    async def _act(
        self, method: str, parameters: dict[str, Any], broken: Violated | None
    ) -> web.Response:
        """Return the method's answer: its result or the reason why not."""
        try:
            if broken:
                raise broken
            if method == "getUpdates":
                result: Any = await self.updates.fetch(
                    offset=parameters.get("offset", 0),
                    limit=parameters.get("limit", 100),
                    timeout_s=parameters.get("timeout", 0),
                    allowed=parameters.get("allowed_updates"),
                )
            else:
                result = METHODS[method](self.backend, parameters)
        except Refused as refusal:
            if isinstance(refusal, Violated):
                self.violations.append(f"{method}: {refusal.description}")
            return _answer(refusal)
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            # A value deep inside an object has the wrong type; the real server names the place.
            self.violations.append(f"{method}: not understood: {error!r}")
            return _answer(bad("can't parse the parameters of the request"))
        finally:
            self.backend.changed()
        return web.json_response({"ok": True, "result": result})

    async def _strike(self, fault: Fault, request: web.Request) -> web.Response | None:
        """Do the harm; return the answer that replaces the method's own, if one does."""
        if fault.released is not None:
            await self._unless_closing(fault.released.wait())
        if fault.delay_s:
            await self._unless_closing(asyncio.sleep(fault.delay_s))
        if fault.is_cut:
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fault.status is None:
            return None
        if fault.body is not None:
            kind = "text/html" if fault.body.startswith(b"<") else "application/json"
            return web.Response(status=fault.status, body=fault.body, content_type=kind)
        return _answer(Refused(fault.status, fault.description, parameters=fault.parameters))

    async def _unless_closing(self, pause: Coroutine[Any, Any, object]) -> None:
        """Wait for the end of `pause`, or of the server."""
        ends = [asyncio.ensure_future(pause), asyncio.ensure_future(self._closing.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ends:
                each.cancel()

    def _repeat(self, response: web.Response) -> None:
        body = json.loads(response.text or "{}")
        self.updates.deliver_twice([update["update_id"] for update in body.get("result", [])])

    async def _download(self, request: web.Request) -> web.Response:
        """Give out a file that getFile has named."""
        if request.match_info["token"] != self.token:
            return _answer(Refused(401, "Unauthorized"))
        upload = self.backend.files.get(request.match_info["file"])
        if upload is None:
            return _answer(Refused(404, "Not Found"))
        return web.Response(body=upload.content, content_type="application/octet-stream")

    async def _nothing_here(self, _request: web.Request) -> web.Response:
        return _answer(Refused(404, "Not Found"))


async def _parameters(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the parameters and files of a request, wherever they stand in it.

    Raises:
        Refused: the body is too large or is not JSON though it says so.
    """
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            if not isinstance(body, dict):
                raise bad("can't parse JSON object")
            return raw | body, files
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as content:
                    files[name] = Upload(
                        name=value.filename, content=content.read(), mime=value.content_type
                    )
            else:
                raw[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad("can't parse the request's body") from None
    return raw, files


def _answer(refusal: Refused) -> web.Response:
    retry_after = (refusal.parameters or {}).get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.json_response(refusal.envelope(), status=refusal.status, headers=headers)


def _taken(host: str, port: int, error: OSError) -> PortTaken:
    why = "is in use" if error.errno == errno.EADDRINUSE else "cannot be opened"
    return PortTaken(
        f"Port {port} on {host} {why}; end the program that holds it, or choose another port, "
        f"e.g. --port {8081 if port != 8081 else 8082} (0 takes any that is free)."
    )
