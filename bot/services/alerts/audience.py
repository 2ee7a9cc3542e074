"""Counts whom an alert will reach, before it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.alerts.broadcasts import hears, themes_of
from db.alerts import recipients
from db.answers import told_chats
from db.engine import Session
from db.facts import changes, facts
from db.records.alerts import Alert, AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom an alert will reach, in chats."""

    subscribers: int
    followers: int
    told: int  # were told the version that is corrected; they hear it first

    @property
    def anybody(self) -> bool:
        """Whether anybody hears it."""
        return self.subscribers + self.followers + self.told > 0


async def reach(session: Session, pair: Sequence[Alert]) -> Reach:
    """Return whom an alert will reach, with the corrections that were announced beside it."""
    alert = pair[0]
    fact = None if alert.fact_id is None else await facts.by_id(session, alert.fact_id)
    themes = await themes_of(session, alert, fact)
    wishes = await recipients.audiences(session) if themes else []
    followers = told = 0
    if alert.is_import:
        followers, told = await changes.count_listeners(session, alert)
    elif fact is not None and alert.kind is AlertKind.NEWS:
        followers = await recipients.count_followers(session, fact.id)
    for each in pair:
        if each.kind is AlertKind.CORRECTION:
            told += await told_chats.count(session, each)
    return Reach(
        subscribers=sum(
            wish.count for wish in wishes if any(hears(wish, theme) for theme in themes)
        ),
        followers=followers,
        told=told,
    )
