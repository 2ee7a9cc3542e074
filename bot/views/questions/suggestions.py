"""Readers' words that may become ways of asking, as the desk sees them; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.services.questions.suggestions import SHOWN, Decided, Listed, Page
from bot.views import markup
from bot.views.answers import messages
from bot.views.desk import lines
from bot.views.desk.inbox import THE_DESK, Words
from bot.views.message import Button, Message
from bot.views.presses import Press, press


@press("2vt")
@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Press):
    """Take a suggestion as a phrasing, and go on with the page (of this fact; 0 is all)."""

    number: int
    fact_id: int
    page: int


@press("2vn")
@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss(Press):
    """Dismiss a suggestion, and go on with the page (of this fact; 0 is all)."""

    number: int
    fact_id: int
    page: int


@press("2va")
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAll(Press):
    """Take all that a page showed; `seen` is the checksum of what that was."""

    fact_id: int
    page: int
    seen: int


@press("2vu")
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Press):
    """Take back what was decided about suggestions."""

    proposal_id: int
    turn: int


WORDS: Final = 160
"""Characters of readers' words in a line; none are kept that are longer."""

LABEL: Final = 100
"""Characters of a fact's question beside them."""

OUT_OF_DATE: Final = "That was decided already, or the list has changed since. Nothing happened."
TOO_LATE: Final = "Too late: that was more than a minute ago."


def page(shown: Page, *, decided: Decided | None = None, note: str = "") -> Message:
    """Return a page of readers' words, below what was just decided about some."""
    before = () if decided is None else _decided(decided)
    heading = _heading(shown)
    body = [_line(place, each) for place, each in enumerate(shown.listed, 1)]
    below = ("Take 1 and Not 1 are about the first; the next then comes first.",) * (
        len(shown.listed) > 1
    )
    text = (*(each for each in (note, *before) if each), heading, *body, *below)
    return lines.message(*text, buttons=_buttons(shown, decided))


def fitting(shown: Page) -> Message:
    """Return what readers asked before a fact came that fits it."""
    assert shown.fact is not None  # noqa: S101 - it is about one
    fit = "1 recent question fits" if shown.total == 1 else f"{shown.total} recent questions fit"
    return page(shown, note=f"{fit} #{shown.fact.id}. Should their words find it from now on?")


def fitting_several(questions: int, facts: int) -> Message:
    """Return how many questions of readers fit the facts that just came."""
    fit = "1 recent question fits" if questions == 1 else f"{questions} recent questions fit"
    new = "a new fact" if facts == 1 else f"{facts} new facts"
    words = Button(label="Readers' words", press=Words(fact_id=0, page=0))
    return lines.message(
        f"{fit} {new}.", "Should their words find it from now on?", buttons=(words,)
    )


def _heading(shown: Page) -> str:
    about = "" if shown.fact is None else f" on #{shown.fact.id}"
    if not shown.total:
        return f"Readers' words{about}: nothing to look at."
    pages = (shown.total - 1) // SHOWN + 1
    where = f", page {shown.page + 1} of {pages}" if pages > 1 else ""
    return f"Readers' words{about}: {shown.total} to look at{where}"


def _line(place: int, each: Listed) -> str:
    """Return what readers wrote, and the fact that they meant by it."""
    said = each.suggestion
    about = ["1 chat" if said.chats == 1 else f"{max(said.chats, 0)} chats"]
    about += ["counts already"] * said.counts
    about += [f"others meant #{number}" for number in said.others[:2]]
    label = markup.shorten(messages.label_of(each.fact), LABEL)
    return f"{place}. “{_said(each)}”: #{each.fact.id} · {label} ({', '.join(about)})"


def _decided(decided: Decided) -> tuple[str, ...]:
    if len(decided.taken) > 1:
        numbers = sorted({each.fact.id for each in decided.taken})
        facts = ", ".join(f"#{number}" for number in numbers)
        taken: tuple[str, ...] = (f"{len(decided.taken)} taken: they find {facts} from now on.",)
    else:
        taken = tuple(
            f"#{each.fact.id} is found by this as well: {_said(each)}" for each in decided.taken
        )
    return (
        *taken,
        *(f"Dismissed for #{each.fact.id}: {_said(each)}" for each in decided.dismissed),
        *_refused(decided.refused),
    )


def _refused(refused: Sequence[Listed]) -> tuple[str, ...]:
    """Return what was not taken; it still stands in the list below."""
    if not refused:
        return ()
    words = markup.shorten(refused[0].suggestion.words, LABEL)
    more = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
    return (f"Not taken, since another fact is asked so or theirs takes no more: {words}{more}",)


def _said(each: Listed) -> str:
    return markup.shorten(each.suggestion.words, WORDS)


def _buttons(shown: Page, decided: Decided | None) -> tuple[Button, ...]:
    """Return at most four buttons: about the first, about all, and one to go back or on."""
    here = {"fact_id": 0 if shown.fact is None else shown.fact.id, "page": shown.page}
    buttons: list[Button] = []
    if shown.listed:
        first = shown.listed[0].suggestion.id
        buttons += [
            Button(label="Take 1", press=Take(number=first, **here)),
            Button(label="Not 1", press=Dismiss(number=first, **here)),
        ]
    if len(shown.listed) > 1:
        every = TakeAll(seen=shown.seen, **here)
        buttons.append(Button(label=f"Take all {len(shown.listed)}", press=every))
    done = None if decided is None else decided.proposal
    if done is not None:
        undo = TakeBack(proposal_id=done.id, turn=done.turn)
        return (*buttons, Button(label="Undo", press=undo))
    if (shown.page + 1) * SHOWN < shown.total:
        following = Words(fact_id=here["fact_id"], page=shown.page + 1)
        return (*buttons, Button(label="More", press=following))
    return (*buttons, THE_DESK)
