"""What plain words of an editor may be for, and what becomes of what they are at.

A prompt asks for words. Words that come long after it, or that look like a reader's question, are
not taken for its answer unasked; a command that begins something else ends it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.clock import Clock, now
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.facts import parsing, proposal_turns
from bot.services.facts.additions import state
from bot.services.facts.additions import steps as addition_steps
from bot.services.facts.changes import state as change_state
from bot.services.facts.changes.state import Step
from bot.services.files import story_fields
from bot.services.questions import resolution_steps
from bot.services.questions.resolutions import LISTENING
from bot.services.rights import Actor, acting, role_of
from db.desk import proposals
from db.engine import Database, Session
from db.files import uploads
from db.questions import questions
from db.records import ChangeKind, ChatKind
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

SOON: Final = timedelta(minutes=10)
"""For how long words that are no question are taken for the answer to a prompt unasked."""

_DOUBTED: Final = "doubted"
"""The note of a prompt that keeps the words of which its editor is asked what they are for."""

_ASKING: Final = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|did|do|does|is|are|was|were|will|has|have|"
    r"can|could|should)\b[^.\n]*",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that an editor is at, with what it is called by."""

    proposal: Proposal
    name: str = ""  # of a file or an article, or the waiting question that it answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Words of which their writer has said what they are for."""

    words: str
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What a /cancel dropped, and what its editor is still at."""

    work: Work
    left: tuple[Work, ...]


class Prompts:
    """Looks at what editors are asked. Each method is one unit of work."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def doubt(self, actor: Actor, words: str, *, message_id: int) -> Work | None:
        """Return the prompt that these words may answer, where that must be asked; keep the words.

        None where nothing waits for words, or they are surely for it, or surely a question.
        """
        at = self._clock()
        async with self._database.reading() as session:
            if await role_of(session, actor) is None:
                return None
            prompt = await _listening(session, actor, at)
        if prompt is None or not await self._is_doubtful(prompt, words, at):
            return None
        async with self._database.writing() as session:
            kept = {"text": words, "message": message_id}
            await proposals.note(session, prompt, {**prompt.notes, _DOUBTED: kept})
            return await _work(session, prompt)

    async def meant(
        self, actor: Actor, proposal_id: int, message_id: int, *, is_answer: bool
    ) -> Meant | None:
        """Return the words that were kept of this message of the actor's, and keep them no longer.

        None for an old button, or one that was never theirs; for an answer, too, when the prompt
        waits no longer.
        """
        async with self._database.writing() as session:
            prompt = await proposals.by_id(session, proposal_id)
            place = (actor.person_id, actor.place.chat_id)
            if prompt is None or (prompt.editor, prompt.chat_id) != place:
                return None
            kept = prompt.notes.get(_DOUBTED)
            if kept is None or kept["message"] != message_id:
                return None
            is_open = prompt.state is ProposalState.OPEN
            if is_answer and not (is_open and awaits_words(prompt)):
                return None
            notes = {name: value for name, value in prompt.notes.items() if name != _DOUBTED}
            await proposals.note(session, prompt, notes)
            return Meant(words=str(kept["text"]), work=await _work(session, prompt))

    async def interrupt(self, actor: Actor) -> tuple[Work, ...]:
        """Let no prompt of the actor's in this chat take plain words any more.

        One to which nothing was answered yet is dropped, the others wait for a reply or a tap.
        Returns those that were dropped.
        """
        async with self._database.reading() as session:
            if await role_of(session, actor) is None:
                return ()
            mine = await proposals.open_of(session, actor.place.chat_id, actor.person_id)
            prompts = [each for each in mine if awaits_words(each) and not proposals.paused(each)]
        if not prompts:
            return ()
        at, dropped = self._clock(), []
        async with self._database.writing() as session:
            for each in prompts:
                if _is_unanswered(each):
                    await proposals.advance(session, each, at=at, state=ProposalState.DROPPED)
                    dropped.append(await _work(session, each))
                else:
                    await proposals.pause(session, each)
        return tuple(dropped)

    async def cancel(self, actor: Actor) -> Dropped | None:
        """Drop what the actor is at in this chat, whatever it is; None if there is nothing."""
        at = self._clock()
        async with acting(self._database, actor, Role.CONTRIBUTOR, "proposal.drop", at=at) as act:
            mine = await proposals.open_of(act.session, actor.place.chat_id, actor.person_id)
            if not mine:
                return None
            # What waits in silence is dropped after what the actor has before them.
            mine.sort(key=proposals.paused)
            works = [await _work(act.session, each) for each in mine]
            await addition_steps.dropped(act, mine[0])
            if mine[0].kind is ProposalKind.IMPORT:
                await uploads.drop(act.session, mine[0].id)
        return Dropped(work=works[0], left=tuple(works[1:]))

    async def _is_doubtful(self, prompt: Proposal, words: str, at: datetime) -> bool:
        if _asks_for_a_question(prompt):
            return at - prompt.touched_at > SOON
        plain = words.strip()
        if not resolution_steps.fits(prompt.step, plain):
            return False  # a number was asked for: this is a question
        if plain.endswith("?") and prompt.step == Step.PREVIEW:
            return False  # nobody asked for words there: it is a question
        if at - prompt.touched_at > SOON or plain.endswith("?"):
            return True
        if parsing.has_labels(plain):
            return False
        return _ASKING.fullmatch(plain) is not None or _is_known(await self._cache.current(), plain)


def awaits_words(proposal: Proposal) -> bool:
    """Return whether its editor was asked for words, paused or not."""
    match proposal.kind:
        case ProposalKind.CHANGE:
            reason = proposal.step == Step.PREVIEW
            corrects = change_state.kind_of(proposal) is ChangeKind.CORRECTION
            return proposal.step in (Step.WORDS, Step.SOURCE, Step.ECHOES) or (reason and corrects)
        case ProposalKind.WITHDRAW:
            return proposal.step == Step.REASON
        case ProposalKind.STORY:
            return proposal.step in story_fields.ASKED
        case ProposalKind.ADD if resolution_steps.QUESTION in proposal.notes:
            steps = (resolution_steps.TEXT, resolution_steps.SOURCE, resolution_steps.FACT)
            return proposal.step in steps
        case ProposalKind.ADD:
            return state.is_begun(proposal)
        case _:
            return False


async def _listening(session: Session, actor: Actor, at: datetime) -> Proposal | None:
    """Return the prompt that takes the actor's plain words here: the newest, while it is fresh."""
    place = actor.place
    mine = await proposals.open_of(session, place.chat_id, actor.person_id)
    newest = max(mine, key=lambda each: each.id, default=None)
    private = place.kind is ChatKind.PRIVATE
    if newest is not None and private and not _is_plain_addition(newest):
        return newest if awaits_words(newest) and _listens(newest, at) else None
    for each in mine:
        if each.kind is not ProposalKind.ADD:
            return None
        if _is_plain_addition(each) and awaits_words(each) and not proposals.paused(each):
            return each if _listens(each, at) and each.thread_id == place.thread_id else None
    return None


def _listens(prompt: Proposal, at: datetime) -> bool:
    answers = resolution_steps.QUESTION in prompt.notes
    patience = LISTENING if answers else proposal_turns.WAITS
    return not proposals.paused(prompt) and at - prompt.touched_at <= patience


def _is_plain_addition(proposal: Proposal) -> bool:
    return state.is_addition(proposal) and resolution_steps.QUESTION not in proposal.notes


def _is_unanswered(prompt: Proposal) -> bool:
    """Return whether nothing of what a prompt asks for was given: nothing is lost with it."""
    if prompt.kind is ProposalKind.STORY:
        return not any(name in prompt.notes for name in story_fields.ASKED)
    if _is_plain_addition(prompt):
        return False  # `/add` goes on with it
    return prompt.draft is None


def _asks_for_a_question(prompt: Proposal) -> bool:
    return _is_plain_addition(prompt) and state.asked_field(prompt) == "question"


def _is_known(indexed: Snapshot, words: str) -> bool:
    """Return whether a fact is asked for in just these words."""
    wanted = _folded(words)
    known: Iterable[str | None] = (
        each
        for fact in indexed.facts.values()
        for each in (fact.question, *fact.phrasings, *fact.hints)
    )
    return bool(wanted) and any(_folded(each) == wanted for each in known if each)


def _folded(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()


async def _work(session: Session, proposal: Proposal) -> Work:
    name: Any = proposal.notes.get("name", "")
    number = proposal.notes.get(resolution_steps.QUESTION)
    if number is not None:
        asked = await questions.by_id(session, number)
        name = "" if asked is None else asked.question
    elif proposal.kind is ProposalKind.IMPORT and not name:
        upload = await uploads.of_proposal(session, proposal.id)
        name = "" if upload is None else upload.name
    elif proposal.kind is ProposalKind.STORY:
        name = proposal.notes.get(story_fields.TITLE, "")
    return Work(proposal=proposal, name=str(name))
