"""What the receiver wrote down: each request with its times, and how often what came."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

from tests.receiver.faults import EFFECTIVE, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that came in; times are this machine's monotonic clock."""

    at: float  # when it was read whole
    answered: float  # when its answer was written, or its connection closed
    method: str  # in lower case
    chat_id: int
    message_id: int | None  # sent or edited; None: neither
    text: str
    ended: Kind
    told_before: float | None  # of a request in a flood wait: see `Stroke`

    @property
    def is_sent(self) -> bool:
        """Whether a new message stands in the chat because of it."""
        return self.method == "sendmessage" and self.ended in EFFECTIVE

    @property
    def is_shown(self) -> bool:
        """Whether its text stands in the chat because of it, in a new message or an edited one."""
        return self.ended in EFFECTIVE


def line(request: Request) -> str:
    """Return a request as one line of JSON."""
    values = astuple(request)
    return json.dumps(values)


def read(lines: Iterable[str | bytes]) -> list[Request]:
    """Return the requests in these lines."""
    names = tuple(Request.__dataclass_fields__)
    found = []
    for each in lines:
        values = dict(zip(names, json.loads(each), strict=True))
        found.append(Request(**{**values, "ended": Kind(values["ended"])}))
    return found


def busiest(times: Iterable[float], span: float) -> int:
    """Return the largest number of `times` in any window of `span` seconds."""
    ordered = sorted(times)
    return max(
        (bisect_left(ordered, at + span) - number for number, at in enumerate(ordered)), default=0
    )


def closest(times: Sequence[float]) -> float:
    """Return the shortest pause between two of `times`; infinite without two."""
    ordered = sorted(times)
    return min((b - a for a, b in pairwise(ordered)), default=float("inf"))
