"""Reminders of facts that must be looked at again, and the tap that says they still stand; pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.services.facts.reminders import Due, Reminder
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk.inbox import LookFresh
from bot.views.facts.cards import ShowFact
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import Story

SAID: Final = 300
"""Characters of what a fact says; of several facts, each gets its share of a short message."""

BUTTONS: Final = 3
"""Facts that can be said to stand by a tap; the fourth button shows all."""


@press("2cl")
@dataclass(frozen=True, slots=True, kw_only=True)
class StillTrue(Press):
    """This version of a fact, due at this moment, still stands."""

    fact_id: int
    version: int
    due: int  # seconds since 1970


def reminder(shown: Reminder) -> Message:
    """Return what must be looked at again: a few facts with their words, the others counted."""
    due, today = shown.first, shown.at.date()
    what = "fact is" if shown.count == 1 else "facts are"
    parts = [markup.bold(f"{shown.count:,} {what} due for another look.")]
    parts += [_due(each, shown.story, today, SAID // len(due) + 100) for each in due]
    if rest := shown.count - len(due):
        parts.append(markup.escape(f"And {rest:,} more: /desk, then Fresh look."))
    number = due[0].fact.id
    parts.append(
        f"Still so: /still {number}, or /still {number} next look tomorrow 9:00. "
        f"Changed: /edit {number} and the new words."
    )
    return Message(text_html="\n\n".join(parts), buttons=_buttons(shown))


def _due(each: Due, story: Story, today: date, room: int) -> str:
    fact = each.fact
    assert fact.check_by is not None  # noqa: S101 - that is why it is due
    asked = f"{markup.shorten(fact.question, 120)} " if fact.question else ""
    lines = [f"#{fact.id} · {asked}{markup.shorten(fact.text, room)}"]
    as_of = messages.moment(fact.as_of, today) if fact.as_of else ""
    said = ", ".join(part for part in (markup.shorten(fact.source or "", 80), as_of) if part)
    dates = [f"Said: {said}."] if said else []
    dates.append(f"Last checked: {screens.local(each.checked_at, story, today)}.")
    dates.append(f"Due since: {screens.local(fact.check_by, story, today)}.")
    return "\n".join(markup.escape(line) for line in (*lines, " ".join(dates)))


def _buttons(shown: Reminder) -> tuple[Button, ...]:
    if shown.count == 1:
        fact = shown.first[0].fact
        show = Button(label=f"Show #{fact.id}", press=ShowFact(fact_id=fact.id))
        return (Button(label="Still true", press=_still(shown.first[0])), show)
    taps = tuple(
        Button(label=f"#{each.fact.id} is still true", press=_still(each))
        for each in shown.first[:BUTTONS]
    )
    return (*taps, Button(label="Fresh look", press=LookFresh(page=0)))


def _still(each: Due) -> StillTrue:
    fact = each.fact
    assert fact.check_by is not None  # noqa: S101 - that is why it is due
    return StillTrue(fact_id=fact.id, version=fact.version, due=int(fact.check_by.timestamp()))
