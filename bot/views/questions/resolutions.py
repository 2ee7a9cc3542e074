"""How a waiting question is resolved, step by step; pure."""

from dataclasses import dataclass
from typing import Final

from bot.services.questions.resolution_steps import Resolution, Resolved, Step
from bot.views import markup
from bot.views.answers import messages
from bot.views.desk.inbox import THE_DESK
from bot.views.facts.changes import Undo
from bot.views.message import Button, Message, row_of
from bot.views.presses import Press, press
from db.records import Fact, FactDraft


@press("2wn")
@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutSource(Press):
    """Nobody in particular says so."""

    proposal_id: int
    turn: int


@press("2wc")
@dataclass(frozen=True, slots=True, kw_only=True)
class PickFact(Press):
    """This fact is the answer."""

    proposal_id: int
    turn: int
    fact_id: int


@press("2wt")
@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle(Press):
    """Tick these words of readers as a phrasing, or take the tick away."""

    proposal_id: int
    turn: int
    place: int


@press("2wp")
@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(Press):
    """Store the answer and tell the readers."""

    proposal_id: int
    turn: int


BOXES: Final = 3
"""Words that have a button of their own; the rest are ticked by their number."""

LATE: Final = "That was decided already, or has changed since. Nothing happened."
"""The notice for a button that was pressed twice, or is another editor's."""


def step(shown: Resolution) -> Message:
    """Return what an editor is asked next."""
    asked = markup.escape(markup.shorten(shown.question.question, 400))
    at = {"proposal_id": shown.proposal.id, "turn": shown.proposal.turn}
    match shown.step:
        case Step.TEXT:
            text = (
                f"{markup.bold('What is the answer?')} {asked}\n"
                "Write it in one message. Lines such as Source: TASS, Said: 19 May 14:20, "
                "Status: reported or Question: in better words may follow. /cancel drops it."
            )
            return Message(text_html=text)
        case Step.SOURCE:
            text = f"{markup.bold('Who says so?')} Write the source, such as: TASS."
            button = Button(label="Nobody in particular", press=WithoutSource(**at))
            return Message(text_html=text, buttons=(button,))
        case Step.FACT:
            text = (
                f"{markup.bold('Which fact is the answer?')} {asked}\n"
                "Press it, or write its number, such as #7. /cancel drops it."
            )
            picks = tuple(
                row_of(f"#{fact.id} {messages.label_of(fact)}", PickFact(**at, fact_id=fact.id))
                for fact in shown.closest
            )
            return Message(text_html=text, buttons=picks)
        case _:
            return _preview(shown, asked, at)


def resolved(done: Resolved) -> Message:
    """Return that a question has its answer, and who hears it."""
    who = "1 reader is" if done.readers == 1 else f"{done.readers} readers are"
    first = f"Published as #{done.fact.id}." if done.written else f"It is fact #{done.fact.id}."
    taught = ""
    if done.phrasings:
        words = "wording finds" if done.phrasings == 1 else "wordings find"
        taught = f" {done.phrasings} {words} it from now on."
    text = f"{markup.bold(first)} {who} being told.{taught}"
    said = markup.escape(markup.shorten(done.fact.text, 300))
    buttons: tuple[Button, ...] = (THE_DESK,)
    if done.written:
        undo = Undo(proposal_id=done.proposal.id, turn=done.proposal.turn)
        buttons = (Button(label="Undo", press=undo), THE_DESK)
    return Message(text_html=f"{text}\n{said}", buttons=buttons)


def _preview(shown: Resolution, asked: str, at: dict[str, int]) -> Message:
    today, draft = shown.at.date(), shown.proposal.draft
    readers = shown.question.waiting
    hear = f"{readers} {'reader gets' if readers == 1 else 'readers get'} this at once:"
    fact = shown.fact if shown.fact is not None else _as_fact(draft, shown)
    lines = [markup.bold(hear), messages.told_html(fact, today)]
    if shown.fact is None and fact.question:
        lines += ["", f"As the answer to: {markup.escape(markup.shorten(fact.question, 300))}"]
    else:
        lines += ["", f"As the answer to: {asked}"]
    if shown.offered:
        lines += ["", "Which of the readers' words should find it from now on?"]
        lines += [_box(place, words, shown) for place, words in enumerate(shown.offered)]
    hint = "Write numbers such as 1 3 to tick" if shown.offered else ""
    if shown.fact is None:
        hint += f"{', or' if hint else 'Write'} a line such as Question: … to reword"
    lines += ["", f"{hint}{'; ' if hint else ''}/cancel drops it."]
    boxes = tuple(
        row_of(_ticked(place, words, shown), Toggle(**at, place=place))
        for place, words in enumerate(shown.offered[:BOXES])
    )
    label = "Publish" if shown.fact is None else "Tell the readers"
    publish = Button(label=label, press=Publish(**at))
    return Message(text_html="\n".join(lines), buttons=(*boxes, publish))


def _box(place: int, words: str, shown: Resolution) -> str:
    tick = " (ticked)" if place in shown.ticked else ""
    return markup.escape(f"{place + 1}. {markup.shorten(words, 300)}{tick}")


def _ticked(place: int, words: str, shown: Resolution) -> str:
    return f"{'☑' if place in shown.ticked else '☐'} {markup.shorten(words, 60)}"


def _as_fact(draft: FactDraft | None, shown: Resolution) -> Fact:
    """Return a draft as readers will see it."""
    assert draft is not None  # noqa: S101 - the preview comes after the text
    return Fact(
        id=0,
        key=draft.key,
        version=1,
        text=draft.text,
        question=draft.question,
        source=draft.source,
        source_url=draft.source_url,
        as_of=draft.as_of,
        status=draft.status,
        changed_at=shown.at,
    )
