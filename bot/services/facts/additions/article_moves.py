"""What an editor does with an article: takes its sentences as facts, or leaves them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.errors import DeskError
from bot.services.dialogues.turns import Opening, Turn
from bot.services.facts import single_values
from bot.services.facts.additions import article_state
from bot.services.facts.additions.article_state import ArticleState, Note, Sentence, Step
from bot.stories.schema import FIELD
from db.facts import facts
from db.records import Status
from db.records.desk import ProposalState

_SOURCE: Final = re.compile(r"source\s*:\s*", re.IGNORECASE)


async def keep(opening: Opening[Step, Note], note: Note) -> ArticleState:
    """Keep the sentences of an article and return the first."""
    turn = await opening.begin(Step.SENTENCE, note)
    await opening.act.record(after=f"{note.name}: {len(note.rows)} sentences")
    return await _sifted(turn)


async def take(turn: Turn[Step, Note]) -> ArticleState:
    """Add the sentence that waits as a fact, and return the next."""
    turn = await _add(turn, turn.note.rows[turn.note.at : turn.note.at + 1])
    return await _onward(turn.noting(at=turn.note.at + 1))


async def skip(turn: Turn[Step, Note]) -> ArticleState:
    """Leave the sentence that waits, and return the next."""
    note = turn.note
    await turn.act.record(before=note.rows[note.at].text)
    return await _onward(turn.noting(at=note.at + 1, skipped=note.skipped + 1))


async def take_all(turn: Turn[Step, Note]) -> ArticleState:
    """Add every sentence that waits, is like no fact and says who says so.

    Returns the first of those that name nobody: they need an editor's eye. The end, if none.
    """
    note = turn.note
    gone, rest = note.rows[: note.at], note.rows[note.at :]
    turn = await _add(turn, [each for each in rest if each.can_be_taken])
    unsourced = [each for each in rest if each.like is None and not each.source]
    alike = sum(each.like is not None for each in rest)
    return await _onward(turn.noting(left_out=note.left_out + alike, rows=(*gone, *unsourced)))


async def stop(turn: Turn[Step, Note]) -> ArticleState:
    """Leave every sentence that waits, and return the end."""
    note = turn.note
    await turn.act.record(after=note.name)
    left = len(note.rows) - note.at
    return await _onward(turn.noting(at=len(note.rows), skipped=note.skipped + left))


async def ask(turn: Turn[Step, Note], words: str) -> ArticleState | None:
    """Give the sentence that waits the question that it answers, or its source.

    A source stands behind "Source:". None: there are no words.

    Raises:
        DeskError: the question or the source is too long.
    """
    question, waiting = " ".join(words.split()), turn.note.rows[turn.note.at]
    if not question:
        return None
    if named := _SOURCE.match(question):
        name, address = single_values.source(question[named.end() :])
        await turn.under("sentence.source").act.record(before=waiting.source, after=name)
        return await _said(turn, replace(waiting, source=name, source_url=address))
    if len(question) > FIELD["question"].limit:
        raise DeskError(
            f"That question has {len(question):,} characters, and at most "
            f"{FIELD['question'].limit} are kept: shorten it."
        )
    await turn.act.record(before=waiting.question, after=question)
    return await _said(turn, replace(waiting, question=question))


async def _said(turn: Turn[Step, Note], sentence: Sentence) -> ArticleState:
    rows, at = turn.note.rows, turn.note.at
    return await _onward(turn.noting(rows=(*rows[:at], sentence, *rows[at + 1 :])))


async def _onward(turn: Turn[Step, Note]) -> ArticleState:
    if turn.note.current is None:
        return await _sifted(await turn.end(ProposalState.DONE))
    return await _sifted(await turn.go(Step.SENTENCE))


async def _add(turn: Turn[Step, Note], rows: Sequence[Sentence]) -> Turn[Step, Note]:
    act = turn.act
    drafts = article_state.keyed([each.draft for each in rows], await facts.keys(act.session))
    numbers = await facts.add_all(act.session, drafts, editor=act.actor.person_id, at=act.at)
    for draft in drafts:
        await act.record(fact_id=numbers[draft.key], after=draft.text)
    added = (numbers[draft.key] for draft in drafts)
    return turn.noting(taken=(*turn.note.taken, *added))


async def _sifted(turn: Turn[Step, Note]) -> ArticleState:
    current, fact = turn.note.current, None
    if current is not None and current.like is not None:
        fact = await facts.by_id(turn.act.session, current.like)
    stands = fact is not None and fact.status is not Status.WITHDRAWN
    return article_state.sifted(turn.proposal, turn.note, fact if stands else None)
