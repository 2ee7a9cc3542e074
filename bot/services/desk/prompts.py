"""What plain words of an editor may be for, and what becomes of what they are at.

A prompt asks for words. Words that come long after it, or that look like a reader's question, are
not taken for its answer unasked; a command that begins something else ends it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.dialogues import dialogue
from bot.services.dialogues.dialogue import Listens
from bot.services.dialogues.turns import DOUBTED, Parts
from bot.services.facts import parsing
from bot.services.rights import Actor, acting, role_of
from db.desk import proposals
from db.engine import Database, Session
from db.records.desk import Proposal, ProposalState, Role

SOON: Final = timedelta(minutes=10)
"""For how long words that are no question are taken for the answer to a prompt unasked."""

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
            prompt = await dialogue.listening(session, actor, at=at)
        if prompt is None or not await self._is_doubtful(prompt, words, at):
            return None
        async with self._database.writing() as session:
            kept = {"text": words, "message": message_id}
            await proposals.note(session, prompt, {**prompt.notes, DOUBTED: kept})
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
            kept = prompt.notes.get(DOUBTED)
            if kept is None or kept["message"] != message_id:
                return None
            is_open = prompt.state is ProposalState.OPEN
            if is_answer and not (is_open and dialogue.awaits_words(prompt)):
                return None
            notes = {name: value for name, value in prompt.notes.items() if name != DOUBTED}
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
            prompts = [
                each for each in mine if dialogue.awaits_words(each) and not proposals.paused(each)
            ]
        if not prompts:
            return ()
        at, dropped = self._clock(), []
        async with self._database.writing() as session:
            for each in prompts:
                part = dialogue.of(each)
                if part is not None and part.is_unanswered(each):
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
            await dialogue.cancel(Parts(act=act), mine[0])
        return Dropped(work=works[0], left=tuple(works[1:]))

    async def _is_doubtful(self, prompt: Proposal, words: str, at: datetime) -> bool:
        listens, plain = dialogue.listens(prompt), words.strip()
        if listens is Listens.A_QUESTION:
            return at - prompt.touched_at > SOON
        part = dialogue.of(prompt)
        if listens is Listens.FITTING or (part is not None and not part.fits(prompt, plain)):
            return False  # something else was asked for: this is a question
        if plain.endswith("?") and listens is Listens.OFFERED:
            return False  # nobody asked for words there: it is a question
        if at - prompt.touched_at > SOON or plain.endswith("?"):
            return True
        if parsing.has_labels(plain):
            return False
        return _ASKING.fullmatch(plain) is not None or _is_known(await self._cache.current(), plain)


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
    part = dialogue.of(proposal)
    return Work(
        proposal=proposal, name="" if part is None else await part.name_of(session, proposal)
    )
