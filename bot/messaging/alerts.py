"""Alerts and corrections as messages: pure, and the only place where their words are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.messaging import markup, screens, views
from bot.messaging.message import Button, Message
from bot.messaging.presses import Press, press
from bot.services.answers import Look
from bot.services.parcels import Change, Mistaken, Parcel, Summary
from db.records import ChangeKind, ChatKind, Fact, Status
from db.records.alerts import AlertKind

LONGEST: Final = 300
"""Characters of an alert: it is read on a lock screen."""

_NEWS: Final = 160
_WAS: Final = 80
_ASKED: Final = 70

SUMMED: Final = 10
"""Changes that a summary or a look names."""

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


@press("1a")
@dataclass(frozen=True, slots=True, kw_only=True)
class AllChanges(Press):
    """Show what changed since this chat last looked."""


ALL_CHANGES: Final = Button(label="All changes", press=AllChanges())


def alert(parcel: Parcel, *, bot: str | None = None) -> Message:
    """Return the message of one parcel: the news, what it replaces, who says so and the label."""
    match parcel.tells:
        case Summary() as summary:
            today = parcel.at.date()
            head = f"changed since {screens.local(summary.since, parcel.story, today)}"
            if parcel.alert.is_import and not parcel.also:
                head = "changed just now"
            text = _summed(summary.changes, summary.more, head, bot=bot)
        case Change(kind=ChangeKind.WITHDRAWAL) as change:
            text = _withdrawn(change)
        case Change() as change:
            text = _changed(change, parcel.at.date(), bot=bot)
    if parcel.delivery.kind is ChatKind.CHANNEL:
        return Message(text_html=_posted(text, bot=bot))
    buttons: tuple[Button, ...] = (ALL_CHANGES,)
    if parcel.alert.kind is not AlertKind.CORRECTION:
        buttons += (Button(label="Fewer alerts", press=FewerAlerts()),)
    return Message(text_html=text, buttons=buttons)


def _posted(text: str, *, bot: str | None) -> str:
    """Return an alert for a channel, whose readers ask elsewhere: where, in the last line."""
    link = views.deep_link(bot, "ask")
    return f"{text}\n{markup.link('Ask me about this story', link)}" if link else text


def look(shown: Look, *, bot: str | None = None) -> Message:
    """Return what changed since a chat last looked, on one screen."""
    message = Message(text_html=changed(shown, bot=bot), buttons=(views.WHAT_WE_KNOW,))
    return views.as_it_stood(message, shown.story, shown.at.date())


def changed(shown: Look, *, bot: str | None = None) -> str:
    """Return what changed since a chat last looked, or that nothing did."""
    since = screens.local(shown.since, shown.story, shown.at.date())
    if shown.changes:
        return _summed(shown.changes, shown.more, f"changed since {since}", bot=bot)
    return markup.bold(f"Nothing changed since {since}.")


def corrected(
    change: Change, mistaken: Mistaken, at: datetime, *, bot: str | None = None
) -> Message:
    """Return what an earlier message that told the error becomes: the new first, the old folded.

    What else it told stands below, as it is now.
    """
    parts = [_stands(change.fact, at.date(), bot=bot)]
    if change.was is not None:
        said = markup.escape(f"Before that we said: {change.was.text}")
        parts[0] += f"\n<blockquote expandable>{said}</blockquote>"
    parts += [_stands(fact, at.date(), bot=bot) for fact in mistaken.beside]
    return Message(text_html="\n\n".join(parts))


def _stands(fact: Fact, today: date, *, bot: str | None) -> str:
    if fact.status is Status.WITHDRAWN:
        return markup.bold("We no longer stand by this.")
    return views.told_html(fact, today, bot=bot)


def _changed(change: Change, today: date, *, bot: str | None) -> str:
    fact, was = change.fact, change.was
    asked = views.above(fact, _ASKED)
    lines = [asked + markup.bold(markup.shorten(fact.text, _NEWS - _ASKED if asked else _NEWS))]
    if was is not None and was.text != fact.text:
        before = markup.shorten(markup.first_sentence(was.text)[0], _WAS)
        said = "We said" if change.kind is ChangeKind.CORRECTION else "Before"
        lines.append(markup.escape(f"{said}: {before}"))
    lines.append(f"<i>{_below(change, today, bot=bot)}</i>")
    return "\n".join(lines)


def _withdrawn(change: Change) -> str:
    said = change.fact.text if change.was is None else change.was.text
    asked = views.above(change.was or change.fact, _ASKED)
    lines = [
        asked + markup.bold("We no longer stand by this."),
        markup.escape(f"We said: {markup.shorten(said, _NEWS)}"),
        "<i>Withdrawn</i>",
    ]
    return "\n".join(lines)


def _summed(changes: Sequence[Change], more: int, head: str, *, bot: str | None) -> str:
    shown, count = changes[:SUMMED], len(changes) + more
    things = "One thing" if count == 1 else f"{count:,} things"
    lines = [markup.bold(f"{things} {head}.")]
    lines += ["• " + _line(change, bot=bot) for change in shown]
    if count > len(shown):
        lines.append(markup.escape(f"And {count - len(shown):,} more: ask in your own words."))
    return "\n".join(lines)


def _line(change: Change, *, bot: str | None) -> str:
    fact, was = change.fact, change.was
    label = "Answered" if change.answers else LABELS.get(change.kind, "Update")
    head = views.said(fact, _NEWS)
    if change.kind is ChangeKind.WITHDRAWAL:
        return f"{label}: we no longer stand by this: {markup.escape(head)}"
    if fact.status in views.STATUS_WORDS:
        label += f", {views.STATUS_WORDS[fact.status].lower()}"
    text = f"{label}: {markup.link(head, views.deep_link(bot, f'fact_{fact.id}'))}"
    if change.kind is ChangeKind.CORRECTION and was is not None and was.text != fact.text:
        before = markup.shorten(markup.first_sentence(was.text)[0], _WAS)
        text += f" We said: {markup.escape(before)}"
    return text


def _below(change: Change, today: date, *, bot: str | None) -> str:
    fact = change.fact
    source = markup.link(markup.shorten(fact.source or "", 40), fact.source_url)
    as_of = markup.escape(views.moment(fact.as_of, today)) if fact.as_of else ""
    said = ", ".join(part for part in (source, as_of) if part)
    link = views.deep_link(bot, f"v_{fact.id}_{fact.version}")
    still_true = markup.link("still true?", link) if link else ""
    label, status = LABELS.get(change.kind, "Update"), views.STATUS_WORDS.get(fact.status, "")
    return " · ".join(part for part in (label, status, said, still_true) if part)
