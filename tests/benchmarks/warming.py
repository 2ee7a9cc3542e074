"""Cold stories: facts without phrasings, readers' questions, and which facts answer which."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.clock import now
from bot.evaluation import reading
from bot.evaluation.readership import Asked, Desk, Habits, Readership, Warmth, warmths
from bot.search.learning import examples
from bot.search.learning.learn import LEARNED
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.services.desk.inbox import DeskInbox
from bot.services.questions.escalations import Escalations
from bot.services.questions.resolutions import Resolutions
from bot.services.questions.suggestions import Suggestions
from bot.services.rights import Actor
from bot.stories import reading as stories
from bot.stories.storyfile import Format
from db import story
from db.desk import editors
from db.engine import Database
from db.facts import facts
from db.records import ChatKind, FactDraft, Lexicon, Status
from db.records.desk import Role
from tests.benchmarks.sets import BUNDLED, OWN_QUESTIONS, ROOT

STORIES: Final = ROOT / "tests" / "stories"
AFTER: Final = (0, 50, 200, 500)
"""Questions of readers after which a story is measured."""

EDITOR: Final = 77
SEED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStory:
    """A story as it is before anybody asked."""

    name: str
    about: str
    facts: tuple[FactDraft, ...]  # without phrasings
    readership: Readership


def read(folder: Path) -> ColdStory:
    """Return the story in a folder: `facts.json` and `questions.jsonl`.

    Readers ask one half of the questions, and what was meant for phrasings; the other half is
    measured.
    """
    told = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines if line.strip()]
    ways = [
        Asked(text=way, gold=frozenset([each["key"]]))
        for each in told["facts"]
        for way in each.get("phrasings", ())
    ]
    asked = [
        (each["style"], Asked(text=each["q"], gold=frozenset(each["facts"])))
        for each in questions
        if "turns" not in each
    ]
    return ColdStory(
        name=folder.name,
        about=told["story"]["about"],
        facts=tuple(_draft(each) for each in told["facts"]),
        readership=_halved(asked, ways),
    )


def bundled() -> ColdStory:
    """Return the bundled story without its phrasings; a fact answers what its text holds."""
    file = stories.read(BUNDLED.read_bytes(), Format.TOML, name="call.toml", time_zone="UTC")
    drafts = tuple(replace(entry.draft(), phrasings=()) for entry in file.entries)
    documents, _ = examples.story(BUNDLED)
    keys = {each.id: draft.key for each, draft in zip(documents, drafts, strict=True)}
    asked = [
        (each.style, Asked(text=each.text, gold=frozenset(keys[number] for number in each.gold)))
        for path in sorted(OWN_QUESTIONS.glob("questions_[abc].jsonl"))
        for each in examples.own(path, documents)
    ]
    return ColdStory(name="call", about="the call", facts=drafts, readership=_halved(asked, ()))


def every() -> list[ColdStory]:
    """Return the stories with readers' questions that nothing was learned from."""
    found = sorted(path.parent for path in STORIES.glob("*/questions.jsonl"))
    return [read(folder) for folder in found if folder.name not in LEARNED]


def run(
    cold: Sequence[ColdStory],
    *,
    after: Sequence[int] = AFTER,
    at_once: bool = True,
    looks: bool = True,
    seed: int = SEED,
    habits: Habits | None = None,
) -> list[list[Warmth]]:
    """Return what each story reaches, by story, after so many questions each.

    Without `looks` no editor looks at readers' words; without `at_once` they count for nothing
    before one does.
    """

    async def warmed(each: ColdStory) -> list[Warmth]:
        with tempfile.TemporaryDirectory() as folder:
            database = await Database.open(Path(folder) / "cold.sqlite3")
            try:
                await _store(database, each)
                desk = _desk(database, at_once=at_once, looks=looks)
                asked, random = each.readership, Random(seed)
                return await warmths(desk, asked, after=after, random=random, habits=habits)
            finally:
                await database.close()

    return [asyncio.run(warmed(each)) for each in cold]


def table(cold: Sequence[ColdStory], found: Sequence[Sequence[Warmth]]) -> str:
    """Return the figures as a table: each story, and the mean of all.

    `served` is the share of readers' own questions that were answered right at once since the line
    above: some of them had been asked before. All else is of questions that nobody asked.
    """
    head = (
        f"{'':<16}{'asked':>6}{'right':>8}{'offered':>9}{'wrong':>8}{'near told':>11}{'served':>8}"
    )
    lines = [f"{head}{'taken':>8}{'of those wrong':>16}{'hints':>7}"]
    for each, warmth in zip(cold, found, strict=True):
        lines += [_row(each.name, one) for one in warmth]
    if len(found) > 1:
        lines += [_row("mean", _mean(each)) for each in zip(*found, strict=True)]
    return "\n".join(lines)


async def _store(database: Database, cold: ColdStory) -> None:
    async with database.writing() as session:
        await story.save(
            session,
            title=cold.name,
            about=cold.about,
            time_zone="UTC",
            language="en",
            lexicon=Lexicon(),
        )
        await facts.add_all(session, cold.facts, editor=None, at=now())
        await editors.admit(
            session, EDITOR, name="Ada", role=Role.EDITOR, invited_by=None, at=now()
        )


def _desk(database: Database, *, at_once: bool, looks: bool) -> Desk:
    cache = IndexCache(database)
    place = Place(chat_id=EDITOR, kind=ChatKind.PRIVATE)
    return Desk(
        cache=cache,
        answering=ReaderAnswers(database, cache=cache, at_once=at_once),
        passing_on=Escalations(database, cache),
        desking=DeskInbox(database, cache),
        resolving=Resolutions(database, cache, at_once=at_once),
        suggestions=Suggestions(database, cache, keep=timedelta(days=30), at_once=at_once),
        editor=Actor(person_id=EDITOR, name="Ada", place=place),
        looks=looks,
    )


def _halved(asked: Sequence[tuple[str, Asked]], ways: Sequence[Asked]) -> Readership:
    """Return every other question of each style as one that readers ask; the rest is measured."""
    by_style: dict[str, list[Asked]] = {}
    for style, each in asked:
        by_style.setdefault(style, []).append(each)
    stream = [each for every in by_style.values() for each in every[::2]]
    measured = [(style, each) for style, every in by_style.items() for each in every[1::2]]
    return Readership(
        stream=(*ways, *stream),
        answerable=tuple(each for _, each in measured if each.gold),
        near=tuple(each for style, each in measured if style == reading.NEAR and not each.gold),
    )


def _draft(row: dict[str, Any]) -> FactDraft:
    return FactDraft(
        key=row["key"],
        text=row["text"],
        question=row["question"],
        source=row.get("source"),
        status=Status(row.get("status", "confirmed")),
    )


def _mean(several: Sequence[Warmth]) -> Warmth:
    def of(name: str) -> float:
        return float(sum(getattr(each, name) for each in several)) / len(several)

    return Warmth(
        asked=several[0].asked,
        right=of("right"),
        offered=of("offered"),
        wrong=of("wrong"),
        near_told=of("near_told"),
        served=None if several[0].served is None else of("served"),
        taken=round(of("taken")),
        taken_wrong=round(of("taken_wrong")),
        hints=round(of("hints")),
    )


def _row(name: str, each: Warmth) -> str:
    shares = f"{each.right:>8.3f}{each.offered:>9.3f}{each.wrong:>8.3f}{each.near_told:>11.3f}"
    shares += "       –" if each.served is None else f"{each.served:>8.3f}"
    return f"{name:<16}{each.asked:>6}{shares}{each.taken:>8}{each.taken_wrong:>16}{each.hints:>7}"
