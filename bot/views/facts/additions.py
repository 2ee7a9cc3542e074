"""Additions as their author sees them: what is asked, the preview, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.facts import time_expressions
from bot.services.facts.additions import state
from bot.services.facts.additions.state import Addition, Step
from bot.services.facts.comparison.near_duplicates import NearDuplicate
from bot.stories import addresses
from bot.views import markup
from bot.views.answers import messages
from bot.views.desk import lines
from bot.views.desk.lines import secret_warning
from bot.views.facts.changes import Undo
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import Fact, FactDraft, Moment, Status, Weight
from db.records.desk import Proposal, ProposalState, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step(Press):
    """A step of an addition, from the turn at which the button was shown."""

    proposal_id: int
    turn: int


@press("2ap")
@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(_Step):
    """Make it a fact."""


@press("2as")
@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(_Step):
    """Hand it in."""


@press("2ac")
@dataclass(frozen=True, slots=True, kw_only=True)
class Change(_Step):
    """Something shall be different."""


@press("2ad")
@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(_Step):
    """Forget it."""


@press("2an")
@dataclass(frozen=True, slots=True, kw_only=True)
class IsNew(_Step):
    """It is new, whatever it resembles."""


@press("2ai")
@dataclass(frozen=True, slots=True, kw_only=True)
class Instead(_Step):
    """Change this fact instead."""

    fact_id: int


@press("2ak")
@dataclass(frozen=True, slots=True, kw_only=True)
class Skip(_Step):
    """Leave out what is asked for."""


@press("2al")
@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Press):
    """Show a draft that waits."""

    proposal_id: int


@press("2ab")
@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack(_Step):
    """Give a draft back to its author."""


ASKS: Final = {
    "question": "What will readers ask? For example: How long did the call last?",
    "text": "What is the answer? One or two sentences, 1,000 characters at most.",
    "source": "Who says so? For example: TASS, with a link if there is one.",
    "source_url": "What is the link?",
    "status": "How sure is it: confirmed, reported, disputed, unknown or not covered?",
    "weight": "Is it big or ordinary?",
    "as_of": "When did they say it? For example: 14:20, yesterday 18:00 or 19 May.",
    "happened": "When did it happen? For example: 19 May 14:20.",
    "next_word": "When is news expected? For example: 18:00, tomorrow, or after the inspection.",
    "check_by": "When must somebody look at it again? For example: tomorrow 9:00.",
    "topics": "What are its topics? Write them with commas between.",
}
ASKS_FOR_A_GAP: Final[Mapping[Status, Mapping[str, str]]] = {
    Status.UNKNOWN: {
        "question": "What is it that nobody knows yet? For example: Why did the talks end?",
        "text": "What is known about it so far?",
    },
    Status.NOT_COVERED: {
        "question": "What does this story not cover? For example: How did the war begin?",
        "text": "What does it not give, and what does it hold on it?",
    },
}
WHAT_CHANGES: Final = (
    "What shall be different? Write the new answer, or lines that begin with Question:, Source:, "
    "Status:, When:, Said:, Topics: or Check:. Big or Ordinary may stand alone on a line."
)
BEGUN_BEFORE: Final = (
    "What you had begun before waits: /add, /unknown or /uncovered goes on with it."
)
DROPPED: Final = Message(text_html="Dropped. Nothing was published.")


def addition(given: Addition, *, in_group: bool = False) -> Message:
    """Return the addition at its step: what is asked, what resembles it, or the preview."""
    proposal = given.proposal
    if given.fact is not None and proposal.state is ProposalState.DONE:
        return published(given)
    if proposal.state is ProposalState.DROPPED:
        return DROPPED
    if proposal.state is ProposalState.SUBMITTED:
        return _handed_in(given)
    if given.step.field is not None or given.step is Step.CHANGE:
        return _asked(given, in_group=in_group)
    return _resembling(given) if given.twins else _preview(given)


def published(given: Addition) -> Message:
    """Return the word that an addition is a fact now, with the fact in short."""
    fact = given.fact
    assert fact is not None  # noqa: S101 - looked at by the caller
    first = markup.first_sentence(fact.text)[0]
    lines = [
        markup.bold(f"Published as #{fact.id}."),
        markup.escape(markup.shorten(fact.question or "", 300)),
        markup.escape(markup.shorten(first, 300)),
    ]
    undo = Undo(proposal_id=given.proposal.id, turn=given.proposal.turn)
    return Message(
        text_html="\n".join(line for line in lines if line),
        buttons=(Button(label="Undo", press=undo),),
    )


def _handed_in(given: Addition) -> Message:
    here = {"proposal_id": given.proposal.id, "turn": given.proposal.turn}
    question = markup.shorten(name_of(given.proposal), 300)
    text = f"{markup.bold('Handed in.')} An editor publishes it.\n{markup.escape(question)}"
    return Message(text_html=text, buttons=(Button(label="Drop", press=Drop(**here)),))


def _asked(given: Addition, *, in_group: bool) -> Message:
    proposal, notes = given.proposal, given.notes
    here = {"proposal_id": proposal.id, "turn": proposal.turn}
    name = given.step.field
    ask = WHAT_CHANGES if name is None else ASKS[name]
    if name is not None:
        ask = ASKS_FOR_A_GAP.get(given.draft.status, {}).get(name, ask)
    trouble = notes.troubles.get(name or "")
    lines = [markup.escape(trouble)] if trouble else []
    lines.append(markup.bold(ask))
    if name != "question" and given.draft.question:
        lines.append(markup.escape(f"So far: {markup.shorten(given.draft.question, 300)}"))
    if in_group:
        lines.append("Reply to this message.")
    if given.another_waits:
        lines.append(BEGUN_BEFORE)
    drop = Button(label="Drop", press=Drop(**here))
    if name in state.needed(given.draft):
        return Message(text_html="\n".join(lines), buttons=(drop,))
    label = {None: "Leave it as it is", "as_of": "Just now"}.get(name, "Skip")
    skip = Button(label=label, press=Skip(**here))
    return Message(text_html="\n".join(lines), buttons=(skip, drop))


def _resembling(given: Addition) -> Message:
    here = {"proposal_id": given.proposal.id, "turn": given.proposal.turn}
    buttons = [Button(label="It is new", press=IsNew(**here))]
    if given.role.covers(Role.EDITOR):
        buttons += [
            Button(
                label=f"Change #{twin.fact.id} instead",
                press=Instead(**here, fact_id=twin.fact.id),
            )
            for twin in given.twins
        ]
    buttons.append(Button(label="Drop", press=Drop(**here)))
    parts = [twin_block(twin) for twin in given.twins]
    yours = f"{markup.bold('Yours says:')} {_cut(given.draft.text)}"
    return Message(text_html="\n\n".join([*parts, yours]), buttons=tuple(buttons))


def twin_block(twin: NearDuplicate, most: int = messages.FACT_LENGTH) -> str:
    """Return what a fact says that resembles an addition, in at most `most` characters of it."""
    label = messages.STATUS_WORDS.get(twin.fact.status)
    says = f"#{twin.fact.id} says{f' ({label.lower()})' if label else ''}:"
    text = f"{markup.bold(says)} {_cut(twin.fact.text, most)}"
    if twin.differs:
        text += f"\nThey differ in {lines.claims(twin.differs)}."
    return text


def _preview(given: Addition) -> Message:
    parts = []
    if given.notes.returned:
        parts.append(markup.escape(f"It came back: {given.notes.returned}"))
    parts.append(fact_block(given.draft, given.story.time_zone, given.at))
    parts.append("Not published yet.")
    if given.another_waits:
        parts[-1] += f" {BEGUN_BEFORE}"
    return Message(text_html="\n\n".join(parts), buttons=decide(given.proposal, given.role))


def decide(proposal: Proposal, role: Role) -> tuple[Button, ...]:
    """Return the buttons of a preview."""
    here = {"proposal_id": proposal.id, "turn": proposal.turn}
    first = Button(label="Submit", press=Submit(**here))
    if role.covers(Role.EDITOR):
        first = Button(label="Publish", press=Publish(**here))
    return (
        first,
        Button(label="Change something", press=Change(**here)),
        Button(label="Drop", press=Drop(**here)),
    )


def fact_block(draft: FactDraft, zone: str, at: datetime) -> str:
    """Return a draft as readers will see it, and below what they will not."""
    values = {each.name: getattr(draft, each.name) for each in fields(draft)}
    fact = Fact(id=0, version=0, changed_at=at, **values)
    question = "" if messages.above(fact) else markup.bold(draft.question or "")
    below = "\n".join(markup.escape(line) for line in _desk_lines(draft, zone))
    return "\n\n".join(
        part for part in (question, messages.told_html(fact, on_clock(at, zone).day), below) if part
    )


def _desk_lines(draft: FactDraft, zone: str) -> list[str]:
    """Return what only the desk sees, and every moment in words that nobody can misread."""
    check_by = None if draft.check_by is None else on_clock(draft.check_by, zone)
    times = (("Said", draft.as_of), ("Happened", draft.happened), ("Check by", check_by))
    lines = [
        f"{label}: {time_expressions.in_words(when)}" for label, when in times if when is not None
    ]
    if draft.source_url:
        lines.append(f"Link: {markup.shorten(draft.source_url, 500)}")
    if (secret := addresses.secret_in(draft.source_url)) is not None:
        lines.append(secret_warning(secret))
    if draft.topics:
        lines.append(f"Topics: {markup.shorten(', '.join(draft.topics), 600)}")
    if draft.weight is Weight.BIG:
        lines.append("Big news")
    return lines


def _cut(text: str, most: int = messages.FACT_LENGTH) -> str:
    return markup.escape(markup.shorten(text, most))


def name_of(proposal: Proposal) -> str:
    """Return the words that stand for an addition in a list."""
    draft = proposal.draft
    return (draft.question or draft.text) if draft is not None else ""


def on_clock(at: datetime, time_zone: str) -> Moment:
    """Return the minute of `at` on the clocks of a zone."""
    return time_expressions.of(at.astimezone(ZoneInfo(time_zone)))
