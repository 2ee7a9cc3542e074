"""Alerts and corrections as messages: pure, and the only place where their words are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.services.alerts.parcels import Change, Mistaken, Parcel, Summary
from bot.services.answers.results import Look
from bot.views import markup, screens
from bot.views.alerts import contrast
from bot.views.answers import messages
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import ChangeKind, ChatKind, Fact, FactVersion, Status
from db.records.alerts import AlertKind

LONGEST: Final = 300
"""Characters of the news and of what it replaces together: they are read on a lock screen."""

_NEWS: Final = 160
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
FEWER_ALERTS: Final = Button(label="Fewer alerts", press=FewerAlerts())

NO_LONGER: Final = "We no longer stand by this."


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
        buttons += (FEWER_ALERTS,)
    return Message(text_html=text, buttons=buttons)


def _posted(text: str, *, bot: str | None) -> str:
    """Return an alert for a channel, whose readers ask elsewhere: where, in the last line."""
    link = messages.deep_link(bot, "ask")
    return f"{text}\n{markup.link('Ask me about this story', link)}" if link else text


def look(shown: Look, *, bot: str | None = None) -> Message:
    """Return what changed since a chat last looked, on one screen."""
    message = Message(text_html=changed(shown, bot=bot), buttons=(messages.WHAT_WE_KNOW,))
    return messages.as_it_stood(message, shown.story, shown.at.date())


def changed(shown: Look, *, bot: str | None = None) -> str:
    """Return what changed since a chat last looked, or that nothing did."""
    since = screens.local(shown.since, shown.by_its_clock, shown.at.date())
    if shown.changes:
        return _summed(shown.changes, shown.more, f"changed since {since}", bot=bot)
    return markup.bold(f"Nothing changed since {since}.")


def corrected(
    change: Change, mistaken: Mistaken, at: datetime, *, bot: str | None = None
) -> Message:
    """Return what an earlier message that told the error becomes: the new first, the old folded.

    What else it told stands below, as it is now, and the buttons that still mean something.
    """
    today = at.date()
    stands = _stands(change.fact, today, bot=bot)
    if change.was is not None:
        said = markup.escape(f"Before that we said: {change.was.text}")
        stands += f"\n<blockquote expandable>{said}{_why(change.reason)}</blockquote>"
    for gone in mistaken.beside:
        if gone.status is Status.WITHDRAWN:
            said = f"We no longer stand by this: {messages.said(gone, _NEWS)}"
            stands += f"\n\n{markup.escape(said)}"
    room = markup.LONGEST - markup.length(markup.visible(stands)) - 2
    standing = [fact for fact in mistaken.beside if fact.status is not Status.WITHDRAWN]
    if standing:
        stands += "\n\n" + messages.all_told(standing, today, bot=bot, room=room)
    return Message(text_html=stands, buttons=_left(change.fact, mistaken))


def _left(fact: Fact, mistaken: Mistaken) -> tuple[Button, ...]:
    """Return the buttons that a corrected message keeps: those that still lead somewhere."""
    if mistaken.exchange_id is None:
        return (ALL_CHANGES, FEWER_ALERTS)
    buttons = []
    if mistaken.follows and fact.status is not Status.WITHDRAWN:
        buttons.append(messages.follow(fact))
    if mistaken.has_more:
        buttons.append(messages.not_what_i_asked(mistaken.exchange_id))
    return tuple(buttons)


def _stands(fact: Fact, today: date, *, bot: str | None) -> str:
    if fact.status is Status.WITHDRAWN:
        return markup.bold(NO_LONGER)
    return messages.told_html(fact, today, bot=bot)


def _changed(change: Change, today: date, *, bot: str | None) -> str:
    fact, was = change.fact, change.was
    asked = messages.above(fact, _ASKED)
    news, before = markup.shorten(fact.text, _NEWS - _ASKED if asked else _NEWS), None
    is_correction = change.kind is ChangeKind.CORRECTION
    if was is not None and was.text != fact.text:
        said, news = contrast.both(was.text, fact.text, LONGEST)
        before = f"{'We said' if is_correction else 'Before'}: {said}"
    elif was is not None and is_correction:
        before = _wrong_besides(was, fact, today)
    lines = [asked + markup.bold(news)]
    if before is not None:
        lines.append(markup.escape(before))
    lines.append(f"<i>{_below(change, today, bot=bot)}</i>")
    return "\n".join(lines)


def _withdrawn(change: Change) -> str:
    said = change.fact.text if change.was is None else change.was.text
    asked = messages.above(change.was or change.fact, _ASKED)
    lines = [
        asked + markup.bold(NO_LONGER),
        markup.escape(f"We said: {markup.shorten(said, LONGEST)}") + _why(change.reason),
        "<i>Withdrawn</i>",
    ]
    return "\n".join(lines)


def _why(reason: str | None, behind: str = "\n") -> str:
    """Return why something was withdrawn, to stand behind it; nothing where nobody said."""
    return f"{behind}{markup.escape(f'Why: {reason}')}" if reason else ""


def _wrong_besides(was: FactVersion, fact: Fact, today: date) -> str | None:
    """Return what was wrong where the answer itself reads as before; None where nothing shows."""
    if was.status is not fact.status:
        return f"We called it {was.status}."
    if was.source != fact.source:
        return f"We named {was.source} as the source." if was.source else "We named no source."
    if was.question != fact.question and was.question:
        return f"We gave that as the answer to: {markup.shorten(was.question, _ASKED)}"
    if was.as_of != fact.as_of and was.as_of:
        return f"We said that it was said on {messages.moment(was.as_of, today)}."
    if was.happened != fact.happened and was.happened:
        return f"We said that it happened on {messages.moment(was.happened, today)}."
    return None


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
    head, before = messages.said(fact, _NEWS), ""
    if change.kind is ChangeKind.WITHDRAWAL:
        return (
            f"{label}: we no longer stand by this: {markup.escape(head)}{_why(change.reason, ' ')}"
        )
    if change.kind is ChangeKind.CORRECTION and was is not None and was.text != fact.text:
        before, news = contrast.both(was.text, fact.text, LONGEST)
        head = messages.behind_its_question(fact, news)
    if fact.status in messages.STATUS_WORDS:
        label += f", {messages.STATUS_WORDS[fact.status].lower()}"
    text = f"{label}: {markup.link(head, messages.deep_link(bot, f'fact_{fact.id}'))}"
    return f"{text} We said: {markup.escape(before)}" if before else text


def _below(change: Change, today: date, *, bot: str | None) -> str:
    fact = change.fact
    said = messages.said_by(fact, today, most=40)
    link = messages.deep_link(bot, f"v_{fact.id}_{fact.version}")
    still_true = markup.link("still true?", link) if link else ""
    label, status = LABELS.get(change.kind, "Update"), messages.STATUS_WORDS.get(fact.status, "")
    return " · ".join(part for part in (label, status, said, still_true) if part)
