"""How sending ends: what Telegram and the network say, in our words."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

logger = logging.getLogger(__name__)


class Delivery(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    UNCHANGED = "unchanged"  # an edit to what stands there already
    GONE = "gone"  # blocked, left, deleted: nobody is there to read
    REFUSED = (
        "refused"  # it is not taken: no right to write there, a mistake of ours, a lost message
    )
    FAILED = "failed"  # it was not sent
    UNSURE = "unsure"  # nobody knows whether it was sent
    LATER = "later"  # told to wait, and nobody waits for it: it was not sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How sending or editing ended."""

    delivery: Delivery
    message_id: int | None = None  # DELIVERED only
    wait: timedelta | None = None  # LATER only
    chat_id: int  # where it went: another than asked for when a group had migrated


def seconds_of(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks to wait."""
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def told_to_wait(chat_id: int, seconds: float) -> Sent:
    """Return the outcome of a send that must wait; it was not made."""
    logger.info("told to wait %.0f s", seconds)
    return Sent(delivery=Delivery.LATER, chat_id=chat_id, wait=timedelta(seconds=seconds))


def says(error: BadRequest, fragment: str) -> bool:
    """Return whether Telegram's reason holds `fragment`, which is in small letters."""
    return fragment in str(error).lower()  # PTB changes the case of what Telegram says


def meaning(error: BadRequest | Forbidden | InvalidToken) -> Delivery:
    """Return what a refusal means for the message."""
    match error:
        case Forbidden():
            return Delivery.GONE
        case InvalidToken():
            return Delivery.FAILED
        case _ if says(error, "not modified"):
            return Delivery.UNCHANGED
        case _ if says(error, "chat not found"):
            return Delivery.GONE
    logger.warning("refused: %s", error)
    return Delivery.REFUSED


TRIED_AGAIN: Final = (Delivery.FAILED, Delivery.UNSURE)
"""What an answer is sent again after."""

TOPIC_GONE: Final = ("message thread not found", "topic_closed", "topic_deleted")
"""What Telegram says of a forum's topic in which nothing can be written any more."""
