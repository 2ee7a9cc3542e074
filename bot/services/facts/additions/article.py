"""Goes through an article with its editor, sentence by sentence: each may become a fact."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.search.comparison import overlap
from bot.services import rights
from bot.services.answers.index_cache import IndexCache
from bot.services.facts import proposal_turns, single_values
from bot.services.facts.additions import article_state
from bot.services.facts.additions.article_state import ArticleState
from bot.services.files.sent_files import SentFile
from bot.services.rights import Acting, Actor
from bot.stories import article, decoding, reading
from bot.stories.schema import FIELD
from bot.stories.storyfile import Format
from db.desk import cards, proposals
from db.engine import Database, Session
from db.facts import facts
from db.records import Status
from db.records.desk import Card, CardKind, Proposal, ProposalKind, ProposalState, Role

LARGEST: Final = 500_000
"""Bytes of an article."""

SENTENCES: Final = 500
"""Sentences of an article that are gone through."""

_SOURCE: Final = re.compile(r"source\s*:\s*", re.IGNORECASE)

ARTICLE: Final = "article"  # the step of a proposal: an article is gone through


_Step: TypeAlias = Callable[[Acting, dict[str, Any]], Awaitable[None]]
"""What one press does, to the facts and to the notes of the proposal."""


class Articles:
    """Articles that editors send. Each method is one unit of work."""

    def __init__(self, database: Database, cache: IndexCache, *, clock: Clock = now) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def receive(self, actor: Actor, sent: SentFile) -> ArticleState | None:
        """Keep the sentences of an article and return the first; nothing becomes a fact yet.

        None, and nothing kept, where the file is no article but questions with their answers.

        Raises:
            NotAllowed: `actor` is no editor.
            DeskError: it is too large, cannot be fetched or read, or holds no sentence.
        """
        async with rights.looking(
            self._database, actor, Role.EDITOR, "article.send", at=self._clock()
        ):
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
        indexed = await self._cache.current()
        at = self._clock()
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
        notes = {
            "name": sent.name,
            "rows": [
                article_state.row(draft, like) for draft, like in zip(fitting, likes, strict=True)
            ],
            "at": 0,
            "taken": [],
            "skipped": 0,
            "left_out": 0,
            "too_long": len(drafts) - len(fitting),
        }
        async with rights.acting(
            self._database, actor, Role.EDITOR, "article.send", at=at
        ) as doing:
            proposal = await proposals.make(
                doing.session,
                chat_id=actor.place.chat_id,
                thread_id=actor.place.thread_id,
                editor=actor.person_id,
                kind=ProposalKind.IMPORT,
                step=ARTICLE,
                at=at,
                notes=notes,
            )
            await doing.record(after=f"{sent.name}: {len(fitting)} sentences")
            return await _sifted(doing.session, proposal)

    async def shown(self, proposal: Proposal, message_id: int) -> None:
        """Note which message shows an article, so that a reply to it is understood."""
        async with self._database.writing() as session:
            await proposals.shown(session, proposal.id, message_id)
            await cards.put(
                session,
                Card(
                    chat_id=proposal.chat_id,
                    message_id=message_id,
                    kind=CardKind.PROPOSAL,
                    about=proposal.id,
                ),
            )

    async def take(self, actor: Actor, proposal_id: int, turn: int) -> ArticleState | None:
        """Add the sentence that waits as a fact, and return the next.

        As all below: None when the button is old, forged or another's; NotAllowed when `actor` is
        no editor.
        """

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            await _add(doing, notes, [notes["rows"][notes["at"]]])
            notes["at"] += 1

        return await self._stepped(actor, proposal_id, turn, "fact.add", step)

    async def skip(self, actor: Actor, proposal_id: int, turn: int) -> ArticleState | None:
        """Leave the sentence that waits, and return the next."""

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            await doing.record(before=notes["rows"][notes["at"]]["text"])
            notes["at"] += 1
            notes["skipped"] += 1

        return await self._stepped(actor, proposal_id, turn, "sentence.skip", step)

    async def take_all(self, actor: Actor, proposal_id: int, turn: int) -> ArticleState | None:
        """Add every sentence that waits, is like no fact and says who says so.

        Returns the first of those that name nobody: they need an editor's eye. The end, if none.
        """

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            gone, rest = notes["rows"][: notes["at"]], notes["rows"][notes["at"] :]
            await _add(doing, notes, [row for row in rest if article_state.can_be_taken(row)])
            unsourced = [row for row in rest if row["like"] is None and not row["source"]]
            notes["left_out"] += sum(row["like"] is not None for row in rest)
            notes["rows"] = [*gone, *unsourced]

        return await self._stepped(actor, proposal_id, turn, "facts.add", step)

    async def stop(self, actor: Actor, proposal_id: int, turn: int) -> ArticleState | None:
        """Leave every sentence that waits, and return the end."""

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            notes["skipped"] += len(notes["rows"]) - notes["at"]
            notes["at"] = len(notes["rows"])
            await doing.record(after=notes["name"])

        return await self._stepped(actor, proposal_id, turn, "article.stop", step)

    async def ask(self, actor: Actor, message_id: int, question: str) -> ArticleState | None:
        """Give the sentence that waits the question that it answers, or its source.

        A source stands behind "Source:". None: no such message.

        Raises:
            DeskError: the question or the source is too long.
        """
        async with self._database.reading() as session:
            card = await cards.by_message(session, actor.place.chat_id, message_id)
            if card is None or card.kind is not CardKind.PROPOSAL:
                return None
            proposal = await proposals.by_id(session, card.about)
        if proposal is None or proposal.step != ARTICLE:
            return None
        question = " ".join(question.split())
        if not question:
            return None
        if named := _SOURCE.match(question):
            return await self._sourced(actor, proposal, question[named.end() :])
        if len(question) > FIELD["question"].limit:
            raise DeskError(
                f"That question has {len(question):,} characters, and at most "
                f"{FIELD['question'].limit} are kept: shorten it."
            )

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            row = notes["rows"][notes["at"]]
            await doing.record(before=row["question"], after=question)
            row["question"] = question

        return await self._stepped(actor, proposal.id, proposal.turn, "sentence.ask", step)

    async def _sourced(self, actor: Actor, proposal: Proposal, words: str) -> ArticleState | None:
        name, address = single_values.source(words)

        async def step(doing: Acting, notes: dict[str, Any]) -> None:
            row = notes["rows"][notes["at"]]
            await doing.record(before=row["source"], after=name)
            row["source"], row["source_url"] = name, address

        return await self._stepped(actor, proposal.id, proposal.turn, "sentence.source", step)

    async def _stepped(
        self, actor: Actor, proposal_id: int, turn: int, action: str, step: _Step
    ) -> ArticleState | None:
        at = self._clock()
        async with rights.acting(self._database, actor, Role.EDITOR, action, at=at) as doing:
            proposal = await proposals.by_id(doing.session, proposal_id)
            if proposal is None or not proposal_turns.is_theirs(
                proposal, actor, turn, step=ARTICLE
            ):
                return None
            notes = {**proposal.notes, "rows": [dict(row) for row in proposal.notes["rows"]]}
            await step(doing, notes)
            changes: dict[str, Any] = {"notes": notes}
            if notes["at"] >= len(notes["rows"]):
                changes |= {"state": ProposalState.DONE, "done_at": at}
            renewed = await proposals.advance(doing.session, proposal, at=at, **changes)
            assert renewed is not None  # noqa: S101 - nobody else writes in this transaction
            return await _sifted(doing.session, renewed)


async def _add(doing: Acting, notes: dict[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    session = doing.session
    taken = await facts.keys(session)
    drafts = article_state.keyed([article_state.draft_of(row) for row in rows], taken)
    numbers = await facts.add_all(session, drafts, editor=doing.actor.person_id, at=doing.at)
    for draft in drafts:
        number = numbers[draft.key]
        notes["taken"].append(number)
        await doing.record(fact_id=number, after=draft.text)


async def _sifted(session: Session, proposal: Proposal) -> ArticleState:
    like = article_state.like_of(proposal)
    fact = None if like is None else await facts.by_id(session, like)
    stands = fact is not None and fact.status is not Status.WITHDRAWN
    return article_state.sifted(proposal, fact if stands else None)
