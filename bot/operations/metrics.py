"""Metrics for Prometheus: what the running bot did, and how its work stands."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from telegram.error import BadRequest
from telegram.request import BaseRequest, RequestData

from bot.search import Context, FactIndex, Verdict
from bot.services.answers.verdicts import Ask
from bot.telegram.http import NotSent, ServerFailed
from db.records.vitals import Vitals

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput  # the library gives its signature no public name

CONTENT_TYPE: Final = "text/plain"
CHARSET: Final = "utf-8"

WAIT: Final = "wait"
HANDLE: Final = "handle"
SEARCH: Final = "search"
SEND: Final = "send"
STAGES: Final = (WAIT, HANDLE, SEARCH, SEND)
"""From an update's arrival to its turn; the whole work on it; asking the index; one request."""

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SENDING: Final = ("send", "edit")
"""With this begin the methods whose requests carry a message."""

ARRIVED_MOST: Final = 10_000
"""Updates whose arrival is remembered."""


class Metrics:
    """One registry; the only place that knows the client's classes."""

    def __init__(self, *, clock: Callable[[], float] = time.perf_counter) -> None:
        """Count from nothing; `clock` counts in seconds."""
        # A second series for each, which nobody reads. The client gives the function no type.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._clock = clock
        self._arrived: dict[int, float] = {}
        registry = self._registry = CollectorRegistry()
        self._questions = Counter(
            "storydesk_questions",
            "Questions, by what became of them.",
            ["outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "storydesk_stage_seconds",
            "Seconds that a stage took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        for stage in STAGES:
            self._seconds.labels(stage)
        self._sends = Counter(
            "storydesk_sends",
            "Requests that carry a message, by outcome.",
            ["outcome"],
            registry=registry,
        )
        self._flood = Counter(
            "storydesk_flood_wait_seconds", "Seconds that Telegram said to wait.", registry=registry
        )
        self._gauges = {
            name: Gauge(f"storydesk_{name}", text, registry=registry)
            for name, text in _GAUGES.items()
        }

    def arrived(self, update_id: int) -> None:
        """Note that an update is stored and waits for its turn."""
        while len(self._arrived) >= ARRIVED_MOST:
            del self._arrived[next(iter(self._arrived))]
        self._arrived[update_id] = self._clock()

    def dropped(self, update_id: int) -> None:
        """Note that an update gets no turn."""
        self._arrived.pop(update_id, None)

    @contextmanager
    def handling(self, update_id: int) -> Iterator[None]:
        """Time the work on an update, and how long it waited."""
        arrived = self._arrived.pop(update_id, None)
        if arrived is not None:
            self._seconds.labels(WAIT).observe(self._clock() - arrived)
        with self._timed(HANDLE):
            yield

    def timed(self, ask: Ask) -> Ask:
        """Return `ask`, timed. It is called in a thread."""

        def asked(index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
            with self._timed(SEARCH):
                return ask(index, question, context=context)

        return asked

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begun = self._clock()
        try:
            yield
        finally:
            self._seconds.labels(stage).observe(self._clock() - begun)

    def sent(self, outcome: str, seconds: float) -> None:
        """Count one request that carried a message."""
        self._sends.labels(outcome).inc()
        self._seconds.labels(SEND).observe(seconds)

    def flooded(self, seconds: float) -> None:
        """Count the seconds that the server said to wait."""
        self._flood.inc(seconds)

    def text(self, vitals: Vitals, *, index_revision: int) -> bytes:
        """Return everything in Prometheus' text format, with how the work stands."""
        for outcome, count in vitals.asked.items():
            self._questions.labels(outcome.value).inc(count)
        for name, value in {
            "outbox_messages": vitals.outbox,
            "outbox_age_seconds": _age(vitals.outbox_since, vitals.at),
            "alerts_under_review": vitals.under_review,
            "inbox_updates": vitals.inbox,
            "inbox_lag_seconds": _age(vitals.inbox_since, vitals.at),
            "updates_set_aside": vitals.set_aside,
            "story_revision": vitals.revision,
            "index_revision": index_revision,
            "subscribers": vitals.subscribers,
            "waiting_readers": vitals.waiting_readers,
        }.items():
            self._gauges[name].set(value)
        return generate_latest(self._registry)


_GAUGES: Final = {
    "outbox_messages": "Messages of alerts that are due and not sent.",
    "outbox_age_seconds": "Seconds since the oldest of them was due.",
    "alerts_under_review": "Alerts of a restored backup that wait for the desk.",
    "inbox_updates": "Updates that are stored and not done with.",
    "inbox_lag_seconds": "Seconds since the oldest of them was received.",
    "updates_set_aside": "Updates that could not be worked on.",
    "story_revision": "Revision of the story as last committed.",
    "index_revision": "Revision of the story that questions are answered from.",
    "subscribers": "Chats that hear alerts.",
    "waiting_readers": "Readers who wait for the desk.",
}


class MeasuredRequest(BaseRequest):
    """Requests to the Bot API by another's way; those that carry a message are counted."""

    def __init__(self, request: BaseRequest, metrics: Metrics) -> None:
        """Let `request` do the work."""
        self._request = request
        self._metrics = metrics

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless a request says otherwise."""
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Open what does the work."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Close what does the work."""
        await self._request.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        write_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        connect_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        pool_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return and raise what the request without measures does."""
        counted = url.rpartition("/")[2].startswith(_SENDING)
        begun, outcome = time.perf_counter(), "unsure"
        try:
            status, body = await self._request.do_request(
                url,
                method,
                request_data,
                read_timeout,
                write_timeout,
                connect_timeout,
                pool_timeout,
            )
            outcome = _outcome(status)
        except NotSent:
            outcome = "not_sent"
            raise
        except ServerFailed:
            outcome = "failed"
            raise
        except BadRequest:
            outcome = "refused"
            raise
        finally:
            if counted:
                self._metrics.sent(outcome, time.perf_counter() - begun)
        if status == _FLOOD:
            self._metrics.flooded(_told_to_wait(body))
        return status, body


_FLOOD: Final = 429


def _outcome(status: int) -> str:
    match status:
        case _ if 200 <= status <= 299:
            return "sent"
        case 403:
            return "gone"
        case 429:
            return "flood"
        case _ if 400 <= status <= 499:
            return "refused"
    return "failed"


def _told_to_wait(body: bytes) -> float:
    try:
        seconds = json.loads(body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        return 0.0
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 0.0


def _age(since: datetime | None, at: datetime) -> float:
    return 0.0 if since is None else max(0.0, (at - since).total_seconds())
