"""Alerts and corrections as messages: pure, and the only place where their words are written."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.messaging import markup, views
from bot.messaging.message import Button, Message
from bot.messaging.presses import Press, press
from bot.services.delivering import Parcel
from db.records import ChangeKind, Fact, FactVersion, Status
from db.records.alerts import AlertKind

LONGEST: Final = 300
"""Characters of an alert: it is read on a lock screen."""

_NEWS: Final = 160
_WAS: Final = 80

LABELS: Final = {
    ChangeKind.NEW: "New",
    ChangeKind.UPDATE: "Update",
    ChangeKind.CORRECTION: "Correction",
    ChangeKind.WITHDRAWAL: "Withdrawn",
}


@press("1l")
@dataclass(frozen=True, slots=True, kw_only=True)
class FewerAlerts(Press):
    """Show how much this chat hears, to change it."""


def alert(parcel: Parcel, *, bot: str | None = None) -> Message:
    """Return the message of one parcel: the news, what it replaces, who says so and the label."""
    text = (
        _withdrawn(parcel)
        if parcel.alert.change is ChangeKind.WITHDRAWAL
        else _changed(parcel, bot=bot)
    )
    buttons: tuple[Button, ...] = (views.WHAT_WE_KNOW,)
    if parcel.alert.kind is AlertKind.NEWS:
        buttons += (Button(label="Fewer alerts", press=FewerAlerts()),)
    return Message(text_html=text, buttons=buttons)


def corrected(parcel: Parcel, *, bot: str | None = None) -> Message:
    """Return what an earlier message that told the error becomes: the new first, the old folded."""
    today = parcel.at.date()
    if parcel.alert.change is ChangeKind.WITHDRAWAL:
        now = markup.bold("We no longer stand by this.")
    elif parcel.fact.status is Status.UNKNOWN:
        now = views.unknown_html(parcel.fact, today, bot=bot)
    else:
        now = views.fact_html(parcel.fact, today, bot=bot)
    if parcel.was is None:
        return Message(text_html=now)
    said = markup.escape(f"Before that we said: {parcel.was.text}")
    return Message(text_html=f"{now}\n<blockquote expandable>{said}</blockquote>")


def _changed(parcel: Parcel, *, bot: str | None) -> str:
    fact, was = parcel.fact, parcel.was
    lines = [markup.bold(markup.shorten(fact.text, _NEWS))]
    if was is not None and was.text != fact.text:
        before = markup.shorten(markup.first_sentence(was.text)[0], _WAS)
        lines.append(markup.escape(f"{_said(parcel)}: {before}"))
    lines.append(f"<i>{_below(fact, parcel, bot=bot)}</i>")
    return "\n".join(lines)


def _withdrawn(parcel: Parcel) -> str:
    said = parcel.was.text if isinstance(parcel.was, FactVersion) else parcel.fact.text
    lines = [
        markup.bold("We no longer stand by this."),
        markup.escape(f"We said: {markup.shorten(said, _NEWS)}"),
        "<i>Withdrawn</i>",
    ]
    return "\n".join(lines)


def _said(parcel: Parcel) -> str:
    return "We said" if parcel.alert.change is ChangeKind.CORRECTION else "Before"


def _below(fact: Fact, parcel: Parcel, *, bot: str | None) -> str:
    label = LABELS.get(parcel.alert.change or ChangeKind.UPDATE, "Update")
    said = ", ".join(part for part in (_source(fact), _as_of(fact, parcel.at.date())) if part)
    link = views.deep_link(bot, f"v_{fact.id}_{fact.version}")
    still_true = markup.link("still true?", link) if link else ""
    return " · ".join(part for part in (label, said, still_true) if part)


def _source(fact: Fact) -> str:
    return markup.link(markup.shorten(fact.source or "", 40), fact.source_url)


def _as_of(fact: Fact, today: date) -> str:
    return markup.escape(views.moment(fact.as_of, today)) if fact.as_of else ""
