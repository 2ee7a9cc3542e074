"""Alerts and corrections as messages: pure, and the only place where their words are written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.messaging import markup, screens, views
from bot.messaging.message import Button, Message
from bot.messaging.presses import Press, press
from bot.services.parcels import Change, Parcel, Summary
from db.records import ChangeKind, Status
from db.records.alerts import AlertKind

LONGEST: Final = 300
"""Characters of an alert: it is read on a lock screen."""

_NEWS: Final = 160
_WAS: Final = 80

SUMMED: Final = 10
"""Changes that a summary names."""

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
    match parcel.tells:
        case Summary() as summary:
            text = _summary(summary, parcel, bot=bot)
        case Change(kind=ChangeKind.WITHDRAWAL) as change:
            text = _withdrawn(change)
        case Change() as change:
            text = _changed(change, parcel.at.date(), bot=bot)
    buttons: tuple[Button, ...] = (views.WHAT_WE_KNOW,)
    if parcel.alert.kind is not AlertKind.CORRECTION:
        buttons += (Button(label="Fewer alerts", press=FewerAlerts()),)
    return Message(text_html=text, buttons=buttons)


def corrected(change: Change, at: datetime, *, bot: str | None = None) -> Message:
    """Return what an earlier message that told the error becomes: the new first, the old folded."""
    if change.kind is ChangeKind.WITHDRAWAL:
        now = markup.bold("We no longer stand by this.")
    elif change.fact.status is Status.UNKNOWN:
        now = views.unknown_html(change.fact, at.date(), bot=bot)
    else:
        now = views.fact_html(change.fact, at.date(), bot=bot)
    if change.was is None:
        return Message(text_html=now)
    said = markup.escape(f"Before that we said: {change.was.text}")
    return Message(text_html=f"{now}\n<blockquote expandable>{said}</blockquote>")


def _changed(change: Change, today: date, *, bot: str | None) -> str:
    fact, was = change.fact, change.was
    lines = [markup.bold(markup.shorten(fact.text, _NEWS))]
    if was is not None and was.text != fact.text:
        before = markup.shorten(markup.first_sentence(was.text)[0], _WAS)
        said = "We said" if change.kind is ChangeKind.CORRECTION else "Before"
        lines.append(markup.escape(f"{said}: {before}"))
    lines.append(f"<i>{_below(change, today, bot=bot)}</i>")
    return "\n".join(lines)


def _withdrawn(change: Change) -> str:
    said = change.fact.text if change.was is None else change.was.text
    lines = [
        markup.bold("We no longer stand by this."),
        markup.escape(f"We said: {markup.shorten(said, _NEWS)}"),
        "<i>Withdrawn</i>",
    ]
    return "\n".join(lines)


def _summary(summary: Summary, parcel: Parcel, *, bot: str | None) -> str:
    shown, count = summary.changes[:SUMMED], len(summary.changes) + summary.more
    things = "One thing" if count == 1 else f"{count:,} things"
    since = screens.local(summary.since, parcel.story, parcel.at.date())
    head = f"{things} changed since {since}."
    if parcel.alert.kind is AlertKind.NEWS:  # an import: all of it at once
        head = f"{things} {'is' if count == 1 else 'are'} new or changed."
    lines = [markup.bold(head)]
    lines += ["• " + _line(change, bot=bot) for change in shown]
    if count > len(shown):
        lines.append(markup.escape(f"And {count - len(shown):,} more: ask in your own words."))
    return "\n".join(lines)


def _line(change: Change, *, bot: str | None) -> str:
    label = LABELS.get(change.kind, "Update")
    head = markup.shorten(markup.first_sentence(change.fact.text)[0], _NEWS)
    if change.kind is ChangeKind.WITHDRAWAL:
        return f"{label}: we no longer stand by this: {markup.escape(head)}"
    link = views.deep_link(bot, f"fact_{change.fact.id}")
    text = f"{label}: {markup.link(head, link)}"
    if change.kind is ChangeKind.CORRECTION and change.was is not None:
        before = markup.shorten(markup.first_sentence(change.was.text)[0], _WAS)
        text += f" We said: {markup.escape(before)}"
    return text


def _below(change: Change, today: date, *, bot: str | None) -> str:
    fact = change.fact
    source = markup.link(markup.shorten(fact.source or "", 40), fact.source_url)
    as_of = markup.escape(views.moment(fact.as_of, today)) if fact.as_of else ""
    said = ", ".join(part for part in (source, as_of) if part)
    link = views.deep_link(bot, f"v_{fact.id}_{fact.version}")
    still_true = markup.link("still true?", link) if link else ""
    label = LABELS.get(change.kind, "Update")
    return " · ".join(part for part in (label, said, still_true) if part)
