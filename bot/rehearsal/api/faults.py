"""Faults on demand: what goes wrong, at which method, how many times."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

Match: TypeAlias = Callable[[dict[str, Any]], bool]
"""Tells from a request's parameters whether the fault strikes it."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to fail. Make it with the functions below and adjust it with `after()`."""

    name: str
    status: int | None = None
    """Answer with this status; None lets the method's own answer through."""
    description: str = ""
    parameters: dict[str, int] | None = None
    body: bytes | None = None
    """Sent instead of JSON; HTML unless empty."""
    delay_s: float = 0.0
    released: asyncio.Event | None = None
    """Until it is set, there is no answer."""
    is_cut: bool = False
    """The connection is closed without an answer."""
    repeats_updates: bool = False
    """What getUpdates hands out now comes once more, though it is confirmed."""
    is_after_effect: bool = False
    """Whether the method does its work first."""

    def after(self) -> "Fault":
        """Return the same fault, striking after the method has done its work."""
        return replace(self, is_after_effect=True)


def refusal(status: int, description: str, **parameters: int) -> Fault:
    """Return an error answer in Telegram's envelope."""
    return Fault(
        name=str(status), status=status, description=description, parameters=parameters or None
    )


def flood(retry_after_s: int) -> Fault:
    """Return 429 with the number of seconds to wait; 0 sends no number."""
    if not retry_after_s:
        return refusal(429, "Too Many Requests: retry after 0")
    text = f"Too Many Requests: retry after {retry_after_s}"
    return refusal(429, text, retry_after=retry_after_s)


def blocked() -> Fault:
    """Return 403, as from somebody who has blocked the bot."""
    return refusal(403, "Forbidden: bot was blocked by the user")


def deactivated() -> Fault:
    """Return 403, as from an account that is gone."""
    return refusal(403, "Forbidden: user is deactivated")


def kicked() -> Fault:
    """Return 403, as from a group that removed the bot."""
    return refusal(403, "Forbidden: bot was kicked from the supergroup chat")


def unauthorized() -> Fault:
    """Return 401, as for a revoked token."""
    return refusal(401, "Unauthorized")


def conflict() -> Fault:
    """Return 409, as when a second bot polls."""
    return refusal(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def migrated(chat_id: int) -> Fault:
    """Return 400 with the supergroup that the group has become."""
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return refusal(400, text, migrate_to_chat_id=chat_id)


def broken(status: int = 500) -> Fault:
    """Return a server error as JSON."""
    names = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    return refusal(status, names.get(status, "Gateway Timeout"))


def page(status: int = 502) -> Fault:
    """Return an HTML page with this status; 200 is what a captive portal would say."""
    return Fault(name="page", status=status, body=b"<html><h1>Something else</h1></html>")


def empty(status: int = 503) -> Fault:
    """Return this status with nothing in the body."""
    return Fault(name="empty", status=status, body=b"")


def odd(body: bytes) -> Fault:
    """Return 200 with a JSON body of your own, such as `{"ok":true}` or `[]`."""
    return Fault(name="odd", status=200, body=body)


def slow(seconds: float) -> Fault:
    """Return the method's own answer late; `slow(9).after()` does the work first."""
    return Fault(name="slow", delay_s=seconds)


def held(released: asyncio.Event) -> Fault:
    """Return the method's own answer when `released` is set, and not before."""
    return Fault(name="held", released=released)


def cut() -> Fault:
    """Close the connection without an answer; `cut().after()` does the work first."""
    return Fault(name="cut", is_cut=True)


def doubled() -> Fault:
    """Deliver the updates of one getUpdates twice."""
    return Fault(name="doubled", repeats_updates=True)


@dataclass(kw_only=True)
class Planned:
    """A fault that waits for its requests."""

    fault: Fault
    method: str
    match: Match | None
    left: int | None
    """How many times it will still strike; None for ever."""
    struck: int = 0


class Faults:
    """The faults that are planned; the first that fits a request strikes."""

    def __init__(self) -> None:
        """Begin without any."""
        self._planned: list[Planned] = []

    def add(
        self,
        fault: Fault,
        *,
        method: str = "sendMessage",
        match: Match | None = None,
        times: int | None = 1,
        skip: int = 0,
    ) -> Planned:
        """Plan `fault` for the next `times` requests to `method` that `match`; return its record.

        `method` may be "*" for all, `times` None for ever. The first `skip` requests that would
        be struck pass unharmed.
        """
        if skip:
            self._planned.append(
                Planned(fault=Fault(name="none"), method=method.lower(), match=match, left=skip)
            )
        planned = Planned(fault=fault, method=method.lower(), match=match, left=times)
        self._planned.append(planned)
        return planned

    def clear(self) -> None:
        """Forget all planned faults."""
        self._planned.clear()

    def strike(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        """Return the fault that hits this request, and count it; None if it passes."""
        for planned in self._planned:
            if planned.left == 0 or planned.method not in ("*", method.lower()):
                continue
            if planned.match and not planned.match(parameters):
                continue
            if planned.left is not None:
                planned.left -= 1
            planned.struck += 1
            return planned.fault
        return None
