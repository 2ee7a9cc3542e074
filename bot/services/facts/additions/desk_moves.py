"""What becomes of additions: published at once by an editor, or as a draft that was handed in."""

from dataclasses import dataclass, replace
from typing import Final

from bot.services.dialogues.turns import Turn, summary
from bot.services.facts import parsing
from bot.services.facts.additions import steps
from bot.services.facts.additions.state import Addition, Notes, Notice, Step
from bot.services.facts.changes import state as changes
from bot.services.rights import Actor
from db.facts import facts
from db.records import FactDraft, Story
from db.records.desk import Proposal, ProposalKind, ProposalState

REASON_LIMIT: Final = 500
"""Characters of the reason why a draft is sent back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Drafts that wait for an editor."""

    waiting: tuple[Proposal, ...]  # the oldest first
    own: bool  # only the actor's own, who is a contributor
    story: Story


async def publish(turn: Turn[Step, Notes]) -> Addition | None:
    """Make a fact of one's own addition, or of a draft that was handed in.

    If a fact that says nearly the same has appeared since the preview, that is shown first.
    """
    if turn.proposal.state is ProposalState.OPEN:
        twins = await steps.twins_of(turn)
        if twins:
            return await steps.at_twins(turn, twins)
    done, fact = await steps.publish(turn)
    return _told(replace(await steps.shown(done), fact=fact), turn.act.actor)


async def submit(turn: Turn[Step, Notes]) -> Addition:
    """Hand a draft in, for an editor to publish."""
    await turn.act.record(after=summary(turn.proposal.draft))
    given = await steps.shown(await turn.end(ProposalState.SUBMITTED))
    desk, actor = given.story.desk_chat_id, turn.act.actor
    if desk is None or desk == actor.place.chat_id:
        return given
    return _telling(given, actor, chat_id=desk, thread_id=None)


async def instead(turn: Turn[Step, Notes], fact_id: int) -> Addition | None:
    """Turn one's own addition into a change of the fact that says nearly the same."""
    fact, draft = await facts.by_id(turn.act.session, fact_id), turn.proposal.draft
    if fact is None or draft is None or fact_id not in turn.note.twins:
        return None
    became = await turn.become(
        ProposalKind.CHANGE,
        changes.Step.KIND,
        changes.Note(),
        fact_id=fact.id,
        base_version=fact.version,
        draft=_in_new_words(FactDraft.of(fact), draft),
    )
    return replace(await steps.addition(turn.parts, became), fact=fact)


async def look(turn: Turn[Step, Notes]) -> Addition:
    """Return a draft that waits, with the facts that say nearly the same.

    If its reader was writing why it goes back, they no longer are.
    """
    if turn.note.returning == turn.act.actor.person_id:
        turn = await turn.noting(returning=None, returning_chat=None).go(Step.PREVIEW)
    # What its author has seen and thought new, whoever decides has yet to see.
    twins = await steps.twins_of(turn.noting(seen=()))
    return replace(await steps.shown(turn), twins=twins)


async def send_back(turn: Turn[Step, Notes]) -> Addition:
    """Wait for the reason why a draft is sent back."""
    actor = turn.act.actor
    noted = turn.noting(returning=actor.person_id, returning_chat=actor.place.chat_id)
    return await steps.shown(await noted.go(Step.REASON))


async def give_reason(turn: Turn[Step, Notes], text: str) -> Addition | None:
    """Send a draft back with this reason."""
    reason = " ".join(parsing.cleaned(text).split())[:REASON_LIMIT]
    if not reason:
        return None
    await turn.act.record(before=summary(turn.proposal.draft), after=reason)
    noted = turn.noting(returned=reason, returning=None, returning_chat=None)
    given = await steps.shown(await noted.go(Step.PREVIEW, state=ProposalState.OPEN))
    return _told(given, turn.act.actor)


def _told(given: Addition, actor: Actor) -> Addition:
    """Return what was done, with the word to the author where somebody else did it."""
    proposal = given.proposal
    if proposal.editor == actor.person_id:
        return given
    return _telling(given, actor, chat_id=proposal.chat_id, thread_id=proposal.thread_id)


def _telling(given: Addition, actor: Actor, *, chat_id: int, thread_id: int | None) -> Addition:
    told = Notice(
        chat_id=chat_id,
        thread_id=thread_id,
        proposal=given.proposal,
        by=actor.name,
        zone=given.story.time_zone,
        fact=given.fact,
    )
    return replace(given, notices=(told,))


def _in_new_words(fact: FactDraft, words: FactDraft) -> FactDraft:
    """Return the fact as the new words would have it; what they do not say stays."""
    return replace(
        fact,
        text=words.text,
        status=words.status,
        source=words.source,
        source_url=words.source_url,
        as_of=words.as_of,
        happened=words.happened or fact.happened,
        next_word=words.next_word,
        check_by=words.check_by or fact.check_by,
        topics=tuple(dict.fromkeys((*fact.topics, *words.topics))),
    )
