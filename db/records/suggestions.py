"""Frozen values that leave the database: readers' words that may become ways of asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Vote(StrEnum):
    """How a chat came to stand for a suggestion, or against it."""

    CHOICE = "choice"  # a tap at "Which one?"
    OTHER = "other"  # a tap on what was offered instead, or as the closest
    DESK = "desk"  # an editor answered the chat's question with the fact
    ADDITION = "addition"  # the fact came later, and fits what the chat had asked
    AGAINST = "against"  # "Not what I asked", said of the fact


TAPS = (Vote.CHOICE, Vote.OTHER)


class SuggestionState(StrEnum):
    """What the desk made of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"  # it is a phrasing now
    DISMISSED = "dismissed"  # for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A way of asking for a fact that readers showed, without personal data."""

    id: int
    fact_id: int
    words: str
    state: SuggestionState
    counts: bool  # the search uses it already, with low weight
    chats: int  # that showed it, less those that said otherwise
    others: tuple[int, ...]  # facts for which other readers meant the same words
    seen_at: datetime  # when a reader showed it last
