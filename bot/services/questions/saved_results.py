"""Saved questions beside what they get: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.answers import composition
from bot.services.answers.index_cache import Snapshot
from bot.services.answers.results import Answer, Outcome
from bot.services.answers.verdicts import Ask
from db.records import Fact
from db.records.desk import SavedQuestion


class Result(StrEnum):
    """What became of a saved question."""

    RIGHT = "right"  # told the fact that it should get, or declined where it should be
    OFFERED = "offered"  # "Which one?", the right fact among the choices
    WRONG = "wrong"  # told or offered other facts
    DECLINED = "declined"  # told nothing, though there is a fact that it should get


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A saved question with what it gets."""

    saved: SavedQuestion  # as it was before it was asked: with what it got when last run
    expected: Fact | None  # None: it should be declined, or its fact is no longer told
    outcome: Outcome
    told: tuple[Fact, ...]
    choices: tuple[Fact, ...]
    result: Result

    @property
    def first(self) -> int | None:
        """The number of the fact that is told first; None where none is."""
        return self.told[0].id if self.told else None

    @property
    def differs(self) -> bool:
        """Whether it gets something else than when it was last run."""
        last = self.saved
        ran = last.last_run_at is not None
        return ran and (last.last_outcome, last.last_fact_id) != (self.outcome, self.first)

    @property
    def gets(self) -> tuple[Outcome, tuple[int, ...], tuple[int, ...]]:
        """What it gets, to be compared: the outcome, the facts told, the facts offered."""
        return (
            self.outcome,
            tuple(fact.id for fact in self.told),
            tuple(fact.id for fact in self.choices),
        )


def judged(
    indexed: Snapshot, saved: Iterable[SavedQuestion], ask: Ask, at: datetime
) -> tuple[Judged, ...]:
    """Return what each question gets, each asked by itself. CPU work, for a thread."""
    found = []
    for each in saved:
        question = composition.bounded(each.question)
        verdict = ask(indexed.index, question, context=None)
        given = composition.considered(indexed, verdict, question, at)
        found.append(
            Judged(
                saved=each,
                expected=None if each.fact_id is None else indexed.facts.get(each.fact_id),
                outcome=given.outcome,
                told=tuple(one.fact for one in given.told),
                choices=tuple(one.fact for one in given.choices),
                result=_result(each, given),
            )
        )
    return tuple(found)


def count(every: Sequence[Judged], result: Result) -> int:
    """Return how many questions ended so."""
    return sum(each.result is result for each in every)


def _result(saved: SavedQuestion, given: Answer) -> Result:
    told = [found.fact.id for found in given.told]
    choices = [found.fact.id for found in given.choices]
    if saved.fact_id is None:
        is_declined = given.outcome is Outcome.NOT_COVERED or not (told or choices)
        return Result.RIGHT if is_declined else Result.WRONG
    if saved.fact_id in told:
        return Result.RIGHT
    if saved.fact_id in choices:
        return Result.OFFERED
    return Result.WRONG if told or choices else Result.DECLINED
