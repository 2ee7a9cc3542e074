"""How a change, a withdrawal and an undo look at the desk; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.services.facts.changes.state import Change, Step
from bot.stories import addresses
from bot.stories.schema import FIELD
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.desk import lines
from bot.views.facts import echoes, withdrawals
from bot.views.message import Button, Message, row_of
from bot.views.presses import Press, press
from db.records import ChangeKind, Fact, Status
from db.records.desk import ProposalKind, ProposalState

KINDS: Final = {1: ChangeKind.UPDATE, 2: ChangeKind.CORRECTION, 3: ChangeKind.WORDING}
"""What the number of a `Kind` press means."""

VALUE: Final = 120
"""Characters of a field other than the answer, before and after."""


@press("2ck")
@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Press):
    """It moved on, we had it wrong, or it is only the wording: see `KINDS`."""

    proposal_id: int
    turn: int
    kind: int


@press("2cs")
@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Press):
    """This source says so; 0 is the same as before."""

    proposal_id: int
    turn: int
    number: int


@press("2cp")
@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(Press):
    """Publish the change."""

    proposal_id: int
    turn: int


@press("2cd")
@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Press):
    """Let go of the change."""

    proposal_id: int
    turn: int


@press("2cm")
@dataclass(frozen=True, slots=True, kw_only=True)
class Insist(Press):
    """Publish the change over what somebody else made of the fact meanwhile."""

    proposal_id: int
    turn: int


@press("2ct")
@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTheirs(Press):
    """Leave what somebody else made of the fact, and let go of the change."""

    proposal_id: int
    turn: int


@press("2cu")
@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Press):
    """Take back what was published."""

    proposal_id: int
    turn: int


@press("2ce")
@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Press):
    """Correct the fact, now that it is too late to take it back."""

    fact_id: int


GOES_ON: Final = lines.message("This goes on below.")


def change(shown: Change) -> Message:
    """Return a change, or a withdrawal, with what is asked about it now."""
    state = shown.proposal.state
    if state is ProposalState.DROPPED:
        stays = lines.said(shown.was.text)
        return lines.message(f"Dropped. #{shown.was.id} stays as it is: {stays}")
    if state is ProposalState.DONE:
        return _done(shown)
    if shown.step is Step.ECHOES:
        return echoes.current(shown)
    if shown.proposal.kind is ProposalKind.WITHDRAW:
        return withdrawals.withdrawal(shown)
    match shown.step:
        case Step.WORDS:
            return _words(shown)
        case Step.KIND:
            return _kind(shown)
        case Step.SOURCE:
            return _source(shown)
        case Step.CONFLICT:
            return _conflict(shown)
        case _:
            return _preview(shown)


def kept(shown: Change) -> Message:
    """Return that what somebody else made of the fact stays."""
    return lines.message(f"Kept. #{shown.was.id} says: {lines.said(shown.was.text)}")


def _words(shown: Change) -> Message:
    asks = "Write the new words." if shown.kind is None else "Write what is right."
    says = f"It says now: {lines.said(shown.was.text)}"
    return lines.message(lines.heading(shown.was), says, asks, buttons=(_drop(shown),))


_IF_FILLED: Final = {
    Status.UNKNOWN: "Nobody knows it yet, that says. If it is known now",
    Status.NOT_COVERED: "The story does not cover it, that says. If it does now",
}


def _kind(shown: Change) -> Message:
    number, turn = shown.proposal.id, shown.proposal.turn
    labels = {1: "It moved on", 2: "We had it wrong", 3: "Only wording"}
    parts = [lines.heading(shown.was), *_was_and_now(shown)]
    if shown.objections:
        del labels[3]
        parts.append("It is not only the wording:")
        parts += [
            f"• {each.what}: {_value(each.was)} before, {_value(each.now)} now."
            for each in shown.objections
        ]
    if shown.was.status is shown.now.status and shown.was.status in _IF_FILLED:
        parts.append(f"{_IF_FILLED[shown.was.status]}, add: Status: confirmed")
    parts.append("Did the world move on, or did we have it wrong?")
    buttons = tuple(
        Button(label=label, press=Kind(proposal_id=number, turn=turn, kind=kind))
        for kind, label in labels.items()
    )
    return lines.message(*parts, buttons=(*buttons, _drop(shown)))


def _source(shown: Change) -> Message:
    number, turn = shown.proposal.id, shown.proposal.turn
    offered = [
        (place, source)
        for place, source in enumerate(shown.sources, start=1)
        if markup.clean(source)
    ]
    if shown.was.source:
        offered.insert(0, (0, f"Same source: {shown.was.source}"))
    buttons = [
        row_of(label, Source(proposal_id=number, turn=turn, number=place))
        for place, label in offered
    ]
    return lines.message(
        lines.heading(shown.was),
        *_was_and_now(shown),
        "Who says so? Tap, or write it.",
        buttons=(*buttons, _drop(shown)),
    )


def _preview(shown: Change) -> Message:
    names: dict[ChangeKind | None, str] = {
        ChangeKind.UPDATE: "an update",
        ChangeKind.CORRECTION: "a correction",
        ChangeKind.WORDING: "another wording",
    }
    what = names.get(shown.kind, "a note for the desk alone")
    parts = [f"#{shown.was.id} gets {what}.", *_was_and_now(shown)]
    if shown.kind is ChangeKind.CORRECTION:
        parts.append(f"What was wrong: {shown.reason} Write other words to say it otherwise.")
    parts += echoes.listed(shown)
    press = Publish(proposal_id=shown.proposal.id, turn=shown.proposal.turn)
    publish = Button(label="Publish", press=press)
    text = lines.bounded(parts)
    if shown.kind is not None:
        text += "\n\n" + _as_told(shown)
    return Message(text_html=text, buttons=(publish, *echoes.buttons(shown), _drop(shown)))


def _as_told(shown: Change) -> str:
    """Return the fact as readers will see it."""
    now = shown.now
    fact = Fact(
        id=shown.was.id,
        key=shown.was.key,
        version=shown.was.version + 1,
        text=now.text,
        question=now.question,
        source=now.source,
        source_url=now.source_url,
        as_of=now.as_of,
        status=now.status,
        next_word=now.next_word,
        changed_at=shown.at,
    )
    seen = "Readers will see:\n" + messages.told_html(fact, shown.at.date())
    secret = addresses.secret_in(now.source_url)
    return seen if secret is None else f"{seen}\n\n{markup.escape(lines.secret_warning(secret))}"


def _conflict(shown: Change) -> Message:
    number, turn = shown.proposal.id, shown.proposal.turn
    said = f"It says now: {lines.said(shown.was.text)}"
    if shown.was.status is Status.WITHDRAWN:
        said = "It is withdrawn now."
    return lines.message(
        f"{shown.by} changed #{shown.was.id} meanwhile.",
        said,
        f"Yours: {lines.said(shown.now.text)}",
        *_fields(shown),
        buttons=(
            Button(label="Mine after all", press=Insist(proposal_id=number, turn=turn)),
            Button(label="Keep theirs", press=KeepTheirs(proposal_id=number, turn=turn)),
            _drop(shown),
        ),
    )


def _done(shown: Change) -> Message:
    fact = shown.was
    version = shown.note.version or fact.version
    said: dict[ChangeKind | None, str] = {
        ChangeKind.UPDATE: f"Published. #{fact.id} is updated, version {version}.",
        ChangeKind.CORRECTION: f"Published. #{fact.id} is corrected, version {version}.",
        ChangeKind.WORDING: f"Published. #{fact.id} has another wording, version {version}.",
        ChangeKind.WITHDRAWAL: f"Withdrawn. #{fact.id} is not told any more.",
    }
    noted = f"Noted. Readers are told the same of #{fact.id} as before."
    parts = [said.get(shown.kind, noted)]
    if shown.kind is ChangeKind.WITHDRAWAL:
        parts += [f"It said: {lines.said(shown.now.text)}", f"Reason: {shown.reason}"]
    else:
        parts += [f"It says: {lines.said(shown.now.text)}", *_fields(shown)]
    if shown.kind is ChangeKind.CORRECTION:
        parts.append(f"What was wrong: {shown.reason}")
    parts += echoes.listed(shown)
    if shown.kind is not None:
        parts.append(lines.told(shown.told, "before"))
    undo = Undo(proposal_id=shown.proposal.id, turn=shown.proposal.turn)
    return lines.message(*parts, buttons=(Button(label="Undo", press=undo),))


def _was_and_now(shown: Change) -> list[str]:
    parts = []
    if shown.was.text != shown.now.text:
        parts = [f"Was: {lines.said(shown.was.text)}", f"Now: {lines.said(shown.now.text)}"]
    return [*parts, *_fields(shown)]


def _fields(shown: Change) -> Iterable[str]:
    """Return what changes beside the answer, a line each."""
    today = shown.at.date()
    for name in shown.changed:
        was, now = getattr(shown.was, name), getattr(shown.now, name)
        if name == "text" or was == now:
            continue
        label = f"The {FIELD[name].called}"
        if name == "check_by":
            was, now = (when and screens.local(when, shown.story, today) for when in (was, now))
        elif name in ("as_of", "happened"):
            was, now = (when and messages.moment(when, today) for when in (was, now))
        yield f"{label}: {_value(was)} before, {_value(now)} now."


def _value(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
    return markup.shorten(text, VALUE) or "nothing"


def _drop(shown: Change) -> Button:
    drop = Drop(proposal_id=shown.proposal.id, turn=shown.proposal.turn)
    return Button(label="Drop", press=drop)
