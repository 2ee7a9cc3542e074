"""The records of the desk as messages, and the buttons below them; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.services.desk.audit import Difference, Event, History, Trail
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk import audit_actions
from bot.views.desk.members import name_of
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import Story
from db.records.desk import AuditEntry

ROOM: Final = 3800
"""Characters of one message that are filled; Telegram takes 4,096."""

WORDS_SHOWN: Final = 120
EVENTS_SHOWN: Final = 5


@press("2ra")
@dataclass(frozen=True, slots=True, kw_only=True)
class Older(Press):
    """Show entries of the audit older than this one; 0 shows the newest."""

    before: int


@press("2rh")
@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFrom(Press):
    """Show what happened to a fact, but for the newest `skip` events."""

    fact_id: int
    skip: int


def trail(shown: Trail) -> Message:
    """Return entries of the audit, with a button for older ones."""
    if not shown.entries:
        return Message(text_html="<b>Nothing was done at the desk yet.</b>")
    blocks = list(_within(_entry(each, shown.story, shown.at.date()) for each in shown.entries))
    cut = len(blocks) < len(shown.entries)
    buttons = []
    if shown.has_older or cut:
        last = shown.entries[len(blocks) - 1]
        buttons.append(Button(label="Older", press=Older(before=last.id)))
    if not shown.from_newest:
        buttons.append(Button(label="Newest", press=Older(before=0)))
    heading = "What was done at the desk, the newest first"
    return Message(text_html="\n".join((markup.bold(heading), *blocks)), buttons=tuple(buttons))


def history(shown: History) -> Message:
    """Return what happened to a fact, a few events at a time."""
    fact = shown.fact
    label = markup.shorten(messages.label_of(fact), 200)
    heading = f"{markup.bold(f'Fact #{fact.id}, version {fact.version}.')} {markup.escape(label)}"
    today = shown.at.date()
    some = shown.events[:EVENTS_SHOWN]
    blocks = list(_within(_event(each, shown.story, today) for each in some))
    following = shown.skip + len(blocks)
    buttons = []
    if following < shown.total:
        buttons.append(Button(label="Older", press=HistoryFrom(fact_id=fact.id, skip=following)))
    if shown.skip:
        buttons.append(Button(label="Newest", press=HistoryFrom(fact_id=fact.id, skip=0)))
    return Message(text_html="\n\n".join((heading, *blocks)), buttons=tuple(buttons))


def _entry(entry: AuditEntry, story: Story, today: date) -> str:
    refused = "refused: " if entry.refused else ""
    first = f"{_when_and_who(entry.at, entry.name, story, today)}: "
    first += f"{refused}{audit_actions.action_of(entry.action, entry.fact_id)}"
    said = _changed(entry.action, entry.before, entry.after, story, today)
    return markup.escape(f"• {first}. {said}".rstrip())


def _changed(action: str, before: str | None, after: str | None, story: Story, today: date) -> str:
    """Return what the records kept of an action, field by field."""
    if action in audit_actions.ASKED_AND_TOLD and before and after:
        return f"“{_short(before, WORDS_SHOWN)}”: “{_short(after, WORDS_SHOWN)}”"
    shown = (
        _difference(each, WORDS_SHOWN, story, today)
        for each in audit_actions.differences(before, after)
    )
    return " ".join(each for each in shown if each)


def _event(event: Event, story: Story, today: date) -> str:
    what = audit_actions.action_of(event.what)
    if event.version is not None:
        what = f"version {event.version}, {audit_actions.KINDS.get(event.what, event.what)}"
    if event.refused:
        what = f"refused: {what}"
    lines = [markup.escape(f"{_when_and_who(event.at, event.who, story, today)}: {what}.")]
    most = (2 if len(event.differences) <= 4 else 1) * WORDS_SHOWN
    for each in event.differences:
        if each.field:
            named = replace(each, field=audit_actions.HEADINGS.get(each.field, each.field))
            lines.append(markup.escape(_difference(named, most, story, today)))
        elif said := _changed(event.what, each.before, each.after, story, today):
            lines.append(markup.escape(said))
    if event.reason:
        lines.append(markup.escape(f"Why: {_short(event.reason, 2 * WORDS_SHOWN)}"))
    return "\n".join(lines)


def _difference(changed: Difference, most: int, story: Story, today: date) -> str:
    """Return what changed in words that need no formatting."""
    name = f"{changed.field}: " if changed.field else ""
    before, after = (
        None if each is None else _short(audit_actions.value(each, story, today), most)
        for each in (changed.before, changed.after)
    )
    if before is None:
        return "" if after is None else f"{name}“{after}”"
    if after is None:
        return f"{name}Was “{before}”{', now empty' if changed.field else ''}."
    return f"{name}Was “{before}”, now “{after}”."


def _short(text: str, most: int) -> str:
    return markup.shorten(" ".join(text.split()), most)


def _when_and_who(at: datetime, who: str, story: Story, today: date) -> str:
    return f"{screens.local(at, story, today)}, {name_of(who)}"


def _within(blocks: Iterable[str]) -> Iterator[str]:
    """Yield blocks while they fit one message; the first always does."""
    room = ROOM
    for number, block in enumerate(blocks):
        room -= markup.length(markup.visible(block)) + 2
        if room < 0 and number:
            return
        yield block
