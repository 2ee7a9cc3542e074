"""A fact as the desk sees it, and lists of facts; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.services.facts.changes import state
from bot.services.facts.lookup import FactCard, Finds
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk import lines
from bot.views.message import Message, row_of
from bot.views.presses import Press, press
from db.records import ChangeKind, Fact, FactVersion, Status

BUTTONS: Final = 4
VERSIONS: Final = 8
"""Versions that a card shows beside the one that stands."""

EXCERPT: Final = 160

_KINDS: Final = {
    ChangeKind.NEW: "new",
    ChangeKind.UPDATE: "update",
    ChangeKind.CORRECTION: "correction",
    ChangeKind.WORDING: "wording",
    ChangeKind.WITHDRAWAL: "withdrawal",
    ChangeKind.UNDO: "undo",
}


@press("2cf")
@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFact(Press):
    """Show a fact's card."""

    fact_id: int


def finds(found: Finds) -> Message:
    """Return the facts that were found, as a list with buttons for the first of them."""
    words = markup.shorten(found.words, 100)
    if not found.facts:
        return lines.message(f"No fact for: {words}", "Try other words, a number or a status.")
    buttons = tuple(
        row_of(f"#{fact.id} {messages.label_of(fact)}", ShowFact(fact_id=fact.id))
        for fact in found.facts[:BUTTONS]
    )
    shown = [f"Facts for: {words}", *(_line(fact) for fact in found.facts)]
    return lines.message(*shown, buttons=buttons)


def card(shown: FactCard) -> Message:
    """Return a fact with all that the desk knows of it, its history folded below."""
    fact = shown.fact
    top = [lines.heading(fact), lines.said(fact.text), "", *_fields(shown), _standing(shown)]
    below = "Reply to this with new words to change it."
    if fact.status is Status.WITHDRAWN:
        below = lines.stand_again(fact, state.stood_as(shown.history))
    first = lines.bounded(top)
    room = markup.LONGEST - markup.length(markup.visible(first)) - markup.length(below) - 2
    parts = [first, *_history(shown, room), markup.escape(below)]
    return Message(text_html="\n".join(parts))


def _line(fact: Fact) -> str:
    status = "" if fact.status is Status.CONFIRMED else f" ({fact.status})"
    said = markup.shorten(markup.first_sentence(fact.text)[0], 100)
    if not fact.question:
        return f"#{fact.id} · {said}{status}"
    return f"#{fact.id} · {markup.shorten(fact.question, 100)} {said}{status}"


def _fields(shown: FactCard) -> Iterator[str]:
    fact, today = shown.fact, shown.at.date()
    yield "Status: " + ("taken back" if shown.never_stood else fact.status.value)
    if fact.source or fact.as_of:
        when = messages.moment(fact.as_of, today) if fact.as_of else ""
        said = ", ".join(part for part in (markup.shorten(fact.source or "", 200), when) if part)
        yield f"Source: {said}"
    if fact.source_url:
        yield f"Link: {markup.shorten(fact.source_url, 200)}"
    if fact.happened:
        yield f"Happened: {messages.moment(fact.happened, today)}"
    if fact.next_word:
        yield f"Next word expected: {markup.shorten(fact.next_word, 200)}"
    yield f"Weight: {fact.weight.value}"
    if fact.topics:
        yield "Topics: " + markup.shorten(", ".join(fact.topics), 200)
    if fact.check_by:
        late = ", overdue" if fact.check_by < shown.at else ""
        yield f"Next look: {screens.local(fact.check_by, shown.story, today)}{late}"
    ways, times = len(fact.phrasings), shown.told
    yield f"Asked in {ways} other {'way' if ways == 1 else 'ways'}, told {_times(times)}."


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def _standing(shown: FactCard) -> str:
    """Return the line of the version that stands: who made it, when, and why."""
    newest = shown.history[-1]
    reason = f" Reason: {newest.reason}" if newest.reason else ""
    return f"{_version(newest, shown)}.{reason}"


def _history(shown: FactCard, room: int) -> list[str]:
    """Return the versions before the one that stands, the newest first, folded."""
    before = shown.history[-2::-1]
    if not before:
        return []
    older = f"And older ones: /history {shown.fact.id}"
    told = ["Before that:"]
    room -= len(told[0]) + len(older) + 2
    for each in before:
        reason = f" Reason: {markup.shorten(each.reason, 80)}" if each.reason else ""
        line = f"{_version(each, shown)}: {markup.shorten(each.text, EXCERPT)}{reason}"
        room -= markup.length(line) + 1
        if room < 0 or len(told) > VERSIONS:
            told.append(older)
            break
        told.append(line)
    return [f"<blockquote expandable>{markup.escape(chr(10).join(told))}</blockquote>"]


def _version(each: FactVersion, shown: FactCard) -> str:
    when = screens.local(each.at, shown.story, shown.at.date())
    who = "an import" if each.editor is None else shown.names.get(each.editor, "somebody")
    return f"Version {each.version}, {when}, {_KINDS[each.kind]} by {markup.shorten(who, 60)}"
