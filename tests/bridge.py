"""A small story in a real database, and a search whose verdict the question itself spells out."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bot.search import Candidate, Context, Courtesy, Document, FactIndex, Outcome, Part, Verdict
from bot.search.language import story_requests
from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, FactDraft, Lexicon, Moment, Status, Weight
from tests.samples import AT

DRAFTS: Final = (
    FactDraft(
        key="opened",
        question="When was the bridge opened?",
        text="In 1931. The mayor cut the ribbon.",
        source="City archive",
        as_of=Moment.parse("2025-05-19"),
        weight=Weight.BIG,
        topics=("past",),
    ),
    FactDraft(
        key="closed",
        question="When was the bridge closed?",
        text="On 3 May, after an inspection.",
        source="Roads office",
        topics=("closure",),
    ),
    FactDraft(
        key="length",
        question="How long is the bridge?",
        text="It is 412 metres long.",
        topics=("past",),
    ),
    FactDraft(
        key="cost",
        question="What will the repair cost?",
        text="About nine million.",
        status=Status.REPORTED,
        source="The Herald <daily>",
    ),
    FactDraft(
        key="cause",
        question="Why did the bearing fail?",
        text="Nobody has named a cause.",
        status=Status.UNKNOWN,
        next_word="the report of 1 June",
    ),
)
"""Numbered from 1 in this order."""

NOT_COVERED: Final = FactDraft(
    key="war",
    question="Was the bridge bombed in the war?",
    text="It does not go back beyond the opening in 1931 of the present bridge.",
    status=Status.NOT_COVERED,
)
"""Where a test wants one; number 6 after those."""


async def build(path: Path) -> None:
    """Make a database at `path` that holds the story of the bridge."""
    database = await Database.open(path)
    try:
        await name(database, about="the bridge at Aldermere")
        await fill(database)
    finally:
        await database.close()


async def standing(database: Database, fact_id: int) -> Fact:
    """Return a fact as it stands."""
    async with database.reading() as session:
        fact = await facts.by_id(session, fact_id)
    assert fact is not None
    return fact


async def name(database: Database, *, about: str = "the bridge", time_zone: str = "UTC") -> None:
    """Call the story that of the bridge."""
    async with database.writing() as session:
        await story.save(
            session,
            title="The bridge",
            about=about,
            time_zone=time_zone,
            language="en",
            lexicon=Lexicon(),
        )


async def fill(database: Database) -> None:
    """Add the facts of the bridge."""
    async with database.writing() as session:
        await facts.add_all(session, DRAFTS, editor=None, at=AT)


async def add_a_gap(database: Database) -> Fact:
    """Add what the story of the bridge does not cover and return it."""
    async with database.writing() as session:
        return await facts.add(session, NOT_COVERED, editor=None, at=AT)


async def revise(database: Database, fact_id: int, text: str, **fields: Any) -> Fact:
    """Give a fact a new text, and other `fields`, and return it."""
    return await _change(database, fact_id, ChangeKind.UPDATE, text=text, **fields)


async def withdraw(database: Database, fact_id: int) -> Fact:
    """Withdraw a fact and return it."""
    return await _change(database, fact_id, ChangeKind.WITHDRAWAL, status=Status.WITHDRAWN)


def spelled_out(index: FactIndex, question: str, *, context: Context | None) -> Verdict:
    """Return the verdict that a message spells out, such as `answer 1`, `choose 1 2 | 3 4`.

    Each further line is one more question of the message, with what became of it: `missing who
    pays`, or `later who pays`.
    """
    first, *lines = question.split("\n")
    verdict = _spelled_out(index, first, context=context)
    parts = [Part(question="how long", outcome=verdict.outcome)]
    for line in lines:
        outcome, _, words = line.partition(" ")
        if outcome not in ("later", *Outcome):
            return verdict
        parts.append(Part(question=words, outcome=None if outcome == "later" else Outcome(outcome)))
    return replace(verdict, parts=tuple(parts) if lines else ())


def _spelled_out(index: FactIndex, question: str, *, context: Context | None) -> Verdict:
    """Return the verdict on one question.

    Numbers before the bar are told or offered, those behind it are further candidates. `again`
    tells what the last exchange told; `fail` raises. Requests for the whole story are understood.
    """
    word, _, rest = question.partition(" ")
    if word == "again":
        word, rest = "answer", " ".join(map(str, context.documents)) if context else ""
    if word == "fail":
        raise ValueError(f"no verdict on {question!r}")
    if word not in tuple(Outcome):
        request = story_requests.recognise(question, index.subject, index.is_word)
        if request is not None:
            return Verdict(outcome=Outcome.SCREEN, request=request)
        return Verdict(outcome=Outcome.SMALLTALK, courtesy=Courtesy.GREETING)
    first, _, others = rest.partition("|")
    chosen, further = _candidates(first), _candidates(others)
    return Verdict(
        outcome=Outcome(word),
        told=chosen if word in ("answer", "unknown") else (),
        choices=chosen if word == "choose" else (),
        candidates=(*chosen, *further),
    )


def _candidates(numbers: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(document=Document(id=int(number), text=""), score=1.0, confidence=0.8)
        for number in numbers.split()
        if number.isdigit()
    )


async def _change(database: Database, fact_id: int, kind: ChangeKind, **fields: Any) -> Fact:
    async with database.writing() as session:
        fact = await facts.by_id(session, fact_id)
        assert fact is not None
        revised = await facts.revise(
            session,
            fact_id,
            fact.version,
            replace(FactDraft.of(fact), **fields),
            kind=kind,
            reason=None,
            editor=None,
            at=AT,
        )
    assert revised is not None
    return revised
