"""Goes through an article with its editor, sentence by sentence: each may become a fact."""

import asyncio
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import DeskError
from bot.search.comparison import overlap
from bot.services.dialogues import notes
from bot.services.dialogues.dialogue import Button, Dialogue, Listens, Move, Start, Typed
from bot.services.facts.additions import article_moves
from bot.services.facts.additions.article_state import ArticleState, Note, Sentence, Step
from bot.services.files.sent_files import SentFile
from bot.services.rights import Actor, looking
from bot.stories import article, decoding, reading
from bot.stories.schema import FIELD
from bot.stories.storyfile import Format
from db.engine import Session
from db.records.desk import Proposal, ProposalKind, ProposalState, Role

LARGEST: Final = 500_000
"""Bytes of an article."""

SENTENCES: Final = 500
"""Sentences of an article that are gone through."""

_AT: Final = (Step.SENTENCE,)
_DONE: Final = (ProposalState.DONE,)


class Articles(Dialogue[ArticleState]):
    """Articles that editors send."""

    kinds = (ProposalKind.IMPORT,)
    states = Step
    note = Note
    said = Move("sentence.ask")
    words = (Typed(Step.SENTENCE, Listens.REPLIES, article_moves.ask, _AT),)

    keep = Start(article_moves.keep, Move("article.send", to=_AT))
    take = Button(article_moves.take, Move("fact.add", at=_AT, to=_AT, ends=_DONE))
    skip = Button(article_moves.skip, Move("sentence.skip", at=_AT, to=_AT, ends=_DONE))
    take_all = Button(article_moves.take_all, Move("facts.add", at=_AT, to=_AT, ends=_DONE))
    stop = Button(article_moves.stop, Move("article.stop", at=_AT, ends=_DONE))

    @classmethod
    async def name_of(cls, session: Session, proposal: Proposal) -> str:  # noqa: ARG003 - kept
        """Return the name of its file."""
        return notes.read(Note, proposal.notes).name

    async def receive(self, actor: Actor, sent: SentFile) -> ArticleState | None:
        """Keep the sentences of an article and return the first; nothing becomes a fact yet.

        None, and nothing kept, where the file is no article but questions with their answers.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: it is too large, cannot be fetched or read, or holds no sentence.
        """
        async with looking(self._database, actor, Role.EDITOR, "article.send", at=self._clock()):
            pass
        data = await sent.fetched(reading.FILE_LIMIT)
        if await asyncio.to_thread(decoding.holds_facts, data, Format.of(sent.name)):
            return None
        if len(data) > LARGEST:
            raise DeskError(
                f"{sent.name} has {len(data) / 1e6:,.1f} MB, and at most {LARGEST / 1e6:g} MB of "
                "an article can be sent here: split it."
            )
        text = decoding.text(data)
        if text is None:
            raise DeskError(
                f"{sent.name} is no text that I can read: save it as plain text and send it again."
            )
        indexed, at = await self.indexed(), self._clock()
        today = at.astimezone(ZoneInfo(indexed.story.time_zone)).date()
        names = indexed.story.lexicon.names
        drafts = await asyncio.to_thread(article.proposed, text, names, today)
        fitting = [draft for draft in drafts if len(draft.text) <= FIELD["text"].limit]
        if not fitting:
            raise DeskError(f"{sent.name} holds no sentence that could be a fact.")
        if len(fitting) > SENTENCES:
            raise DeskError(
                f"{sent.name} has {len(fitting):,} sentences, and at most {SENTENCES} are gone "
                "through at once: split it."
            )
        texts = [draft.text for draft in fitting]
        found = await asyncio.to_thread(overlap.largest_overlaps, indexed.index, texts)
        likes = [None if each is None else each.document.id for each in found]
        note = Note(
            name=sent.name,
            rows=tuple(map(Sentence.of, fitting, likes)),
            too_long=len(drafts) - len(fitting),
        )
        return await self.keep(actor, note)
