"""Which fact an editor means: the number that they wrote, or the card that they reply to."""

import re
from dataclasses import dataclass
from typing import Final

from bot.errors import DeskError
from bot.services.answers.results import Place
from db.desk import cards, proposals
from db.engine import Session
from db.facts import facts
from db.records import Fact
from db.records.desk import CardKind

_MARKED: Final = re.compile(r"#(\d{1,9})(?!\w)[:,]?\s*(.*)", re.DOTALL | re.ASCII)
_BARE: Final = re.compile(r"#?(\d{1,9})(?!\w)[:,]?\s*(.*)", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What stands behind a command, or in a reply to a card."""

    command: str  # such as "edit": names itself where the number is missing
    words: str
    reply_to: int | None = None  # the message that it replies to


async def resolve(session: Session, place: Place, order: Order) -> tuple[Fact, str]:
    """Return the fact that is meant, and the words without its number.

    In a reply to a card the card tells the fact, unless the words begin with "#7": "7" may be the
    first word of what is said.

    Raises:
        DeskError: no fact is named, or there is none with that number.
    """
    number = await shown_by(session, place, order.reply_to)
    pattern = _BARE if number is None else _MARKED
    words = order.words.strip()
    if named := pattern.fullmatch(words):
        number, words = int(named[1]), named[2].strip()
    if number is None:
        raise DeskError(
            f"Which fact? Write its number, for example /{order.command} 7, or reply to its card."
        )
    return await existing(session, number), words


async def existing(session: Session, number: int) -> Fact:
    """Return the fact with this number.

    Raises:
        DeskError: there is none.
    """
    fact = await facts.by_id(session, number)
    if fact is None:
        raise DeskError(f"There is no fact #{number}: look for it with /find and a few words.")
    return fact


async def shown_by(session: Session, place: Place, message_id: int | None) -> int | None:
    """Return the number of the fact that a message of the bot is about; None for all others."""
    if message_id is None:
        return None
    card = await cards.by_message(session, place.chat_id, message_id)
    if card is not None and card.kind is CardKind.PROPOSAL:
        proposal = await proposals.by_id(session, card.about)
        return None if proposal is None else proposal.fact_id
    return card.about if card is not None and card.kind is CardKind.FACT else None


async def carded(session: Session, place: Place, message_id: int | None) -> int | None:
    """Return the number of the fact whose card a message of the bot is; None for all others."""
    card = None
    if message_id is not None:
        card = await cards.by_message(session, place.chat_id, message_id)
    return card.about if card is not None and card.kind is CardKind.FACT else None
