"""What an editor does on the way of a change: begins it, writes, and presses buttons."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.errors import DeskError
from bot.services.dialogues.turns import Opening, Turn
from bot.services.facts import parsing, references, single_values
from bot.services.facts.changes import state, steps
from bot.services.facts.changes.state import Change, Note, Step
from bot.services.facts.references import Order
from db.facts import sources
from db.records import ChangeKind, Fact, FactDraft, Status

CHOSEN = (ChangeKind.UPDATE, ChangeKind.CORRECTION, ChangeKind.WORDING)
"""What an editor can call a change."""


async def edit(opening: Opening[Step, Note], order: Order) -> Change:
    """Return the change to the words of an /edit or of a reply to a card.

    Raises:
        DeskError: there is no such fact, it cannot be changed so, or nothing would change.
    """
    act = opening.act
    fact, words = await references.resolve(act.session, act.actor.place, order)
    await _refuse_withdrawn(opening, fact)
    turn = await _begun(opening, fact, Note())
    return await new_words(turn, words) if words else await steps.view(turn, fact)


async def status(opening: Opening[Step, Note], order: Order) -> Change:
    """Return the change of a fact's status; one that was withdrawn stands again by it.

    Raises:
        DeskError: there is no such fact or status, or the fact has it already.
    """
    act = opening.act
    fact, word = await references.resolve(act.session, act.actor.place, order)
    becomes = single_values.status(word, of=fact)
    wished = state.tidied(fact, replace(FactDraft.of(fact), status=becomes))
    return await _worded(await _begun(opening, fact, Note(kind=ChangeKind.UPDATE)), fact, wished)


async def correct(opening: Opening[Step, Note], fact_id: int) -> Change:
    """Return a correction of a fact that waits for the right words.

    Raises:
        DeskError: there is no such fact, or it was withdrawn.
    """
    fact = await references.existing(opening.act.session, fact_id)
    await _refuse_withdrawn(opening, fact)
    return await steps.view(await _begun(opening, fact, Note(kind=ChangeKind.CORRECTION)), fact)


async def new_words(turn: Turn[Step, Note], words: str) -> Change:
    """Go on with the words: to the kind, to the source, or to the preview.

    Raises:
        DeskError: they are too long, cannot be read, or say what the fact says already.
    """
    fact = await steps.fact_of(turn.act, turn.proposal)
    zone = ZoneInfo((await turn.parts.story()).time_zone)
    changes = parsing.fact_changes(words, turn.act.at.astimezone(zone))
    wished = state.tidied(fact, replace(FactDraft.of(fact), **changes))
    _refuse_nothing(fact, wished)
    return await _worded(turn, fact, wished)


async def source_named(turn: Turn[Step, Note], words: str) -> Change:
    """Go on to the preview with who says so."""
    return await _sourced(turn, single_values.source(words))


async def reason_given(turn: Turn[Step, Note], words: str) -> Change:
    """Say what was wrong in other words."""
    return await steps.step(turn.noting(reason=single_values.reason(words)), Step.PREVIEW)


async def resume(turn: Turn[Step, Note]) -> Change:
    """Return one's own open change as it is to be shown, such as one that began as an addition.

    Raises:
        DeskError: it would change nothing.
    """
    fact = await steps.fact_of(turn.act, turn.proposal)
    taken = turn if turn.proposal.draft is None else _taken_over(turn, fact)
    return await steps.view(taken, fact)


async def choose_kind(turn: Turn[Step, Note], kind: ChangeKind) -> Change | None:
    """Return the change called an update, a correction or a wording.

    A wording that is more than that stays where it was, with the objections to it.
    """
    if kind not in CHOSEN:
        return None
    fact = await steps.fact_of(turn.act, turn.proposal)
    turn = _taken_over(turn, fact)
    if fact.version != turn.proposal.base_version:
        return await steps.conflicted(turn, fact)
    if kind is ChangeKind.WORDING:
        against = await _objections(turn, fact)
        if against:
            return await steps.step(turn.noting(refused=against), Step.KIND)
    return await _called(turn, fact, kind)


async def choose_source(turn: Turn[Step, Note], number: int) -> Change | None:
    """Return the change said by the source offered under `number`; 0 is the same as before."""
    fact, offered = await steps.fact_of(turn.act, turn.proposal), turn.note.sources
    if number > len(offered) or (not number and fact.source is None):
        return None
    return await _sourced(turn, (offered[number - 1], None) if number else None)


async def insist(turn: Turn[Step, Note]) -> Change:
    """Return the change published over what somebody else made of the fact meanwhile.

    Where the kind no longer fits what stands now, it is asked for again; where the fact
    changed once more, the conflict is shown again.

    Raises:
        DeskError: the fact says the same already, or was withdrawn.
    """
    fact = await steps.fact_of(turn.act, turn.proposal)
    if fact.version != turn.note.theirs:
        return await steps.conflicted(turn, fact)
    if fact.status is Status.WITHDRAWN:
        before = await steps.stood_as(turn.act.session, fact)
        raise DeskError(
            f"#{fact.id} was withdrawn meanwhile: to stand by it again, "
            f"write /status {fact.id} {before}."
        )
    wished = state.patched(fact, steps.draft_of(turn.proposal), turn.note.changed or ())
    _refuse_nothing(fact, wished)
    turn = turn.drafting(wished, on=fact.version).noting(theirs=None)
    if turn.note.kind is None:
        return await steps.step(turn, Step.KIND)
    if turn.note.kind is ChangeKind.WORDING:
        against = await _objections(turn, fact)
        if against:
            return await steps.step(turn.noting(kind=None, refused=against), Step.KIND)
    return await steps.change(turn)


async def _begun(opening: Opening[Step, Note], fact: Fact, note: Note) -> Turn[Step, Note]:
    return await opening.begin(Step.WORDS, note, fact_id=fact.id, base_version=fact.version)


async def _worded(turn: Turn[Step, Note], fact: Fact, wished: FactDraft) -> Change:
    """Go on with the words known: to the kind, to the source, or to the preview."""
    names = state.changed_names(FactDraft.of(fact), wished)
    turn = turn.drafting(wished).noting(changed=names, refused=())
    if not state.is_told(names):
        return await steps.step(turn, Step.PREVIEW)
    if turn.note.kind is None:
        return await steps.step(turn, Step.KIND)
    return await _called(turn, fact, turn.note.kind)


async def _called(turn: Turn[Step, Note], fact: Fact, kind: ChangeKind) -> Change:
    """Go on with the kind known: to who says so, or to the preview."""
    turn = turn.noting(kind=kind, refused=())
    if kind is ChangeKind.WORDING:
        return await steps.step(turn, Step.PREVIEW)
    if "source" in (turn.note.changed or ()):
        return await _sourced(turn, None)
    known = await sources.recent(turn.act.session, limit=state.SOURCES_OFFERED + 1)
    most = state.SOURCES_OFFERED - (fact.source is not None)
    others = [each for each in known if each != fact.source][:most]
    return await steps.step(turn.noting(sources=tuple(others)), Step.SOURCE)


async def _sourced(turn: Turn[Step, Note], source: tuple[str, str | None] | None) -> Change:
    """Go on to the preview with who says so; None is the same source, or the one in the words."""
    fact, kind = await steps.fact_of(turn.act, turn.proposal), turn.note.kind
    assert kind is not None  # noqa: S101 - a source is asked for once the kind is known
    names = list(turn.note.changed or ())
    draft = state.sourced(
        steps.draft_of(turn.proposal),
        fact,
        source,
        kind=kind,
        changed=names,
        at=turn.act.at,
        time_zone=(await turn.parts.story()).time_zone,
    )
    said = ("source", "source_url", "as_of")
    names += [
        each for each in said if each not in names and getattr(draft, each) != getattr(fact, each)
    ]
    turn = turn.drafting(draft).noting(changed=tuple(names), sources=())
    return await steps.step(turn, Step.PREVIEW)


async def _objections(turn: Turn[Step, Note], fact: Fact) -> tuple[state.Objection, ...]:
    lexicon = (await turn.parts.story()).lexicon
    return state.objections(fact, steps.draft_of(turn.proposal), lexicon)


def _taken_over(turn: Turn[Step, Note], fact: Fact) -> Turn[Step, Note]:
    turn = steps.understood(turn, fact)
    if not turn.note.changed:
        _refuse_nothing(fact, FactDraft.of(fact))
    return turn


async def _refuse_withdrawn(opening: Opening[Step, Note], fact: Fact) -> None:
    if fact.status is Status.WITHDRAWN:
        before = await steps.stood_as(opening.act.session, fact)
        raise DeskError(
            f"#{fact.id} was withdrawn: to stand by it again, write /status {fact.id} {before}."
        )


def _refuse_nothing(fact: Fact, wished: FactDraft) -> None:
    """Raise DeskError where `wished` says what the fact says already."""
    if not state.changed_names(FactDraft.of(fact), wished):
        raise DeskError(f"Nothing changed: #{fact.id} says that already.")
