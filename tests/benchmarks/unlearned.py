"""Eight stories that neither the sentence model nor the weights have seen.

Each fact is asked for in six other ways than its own; what no fact answers is asked too: what is
near the story, and what stands beside one of its facts, word for word but for what it asks for.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.search import Context, FactIndex, Outcome, SentenceVectors, Verdict
from bot.search.learning import examples
from bot.search.learning.examples import Example
from tests.benchmarks.sets import ROOT

STORIES: Final = ROOT / "tests" / "stories" / "unlearned"
PHRASINGS: Final = (0, 3)
BOUNDS: Final = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
"""Between which what is told with some confidence is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of one question."""

    sort: str  # answerable, near, beside, leaning
    phrasings: int
    became: str  # right, wrong, declined
    confidence: float  # of the fact told; 0 where none was


def every() -> list[Path]:
    """Return the stories."""
    return sorted(STORIES.glob("*.json"))


def run(paths: Iterable[Path]) -> Iterator[Asked]:
    """Yield what became of each question to some stories, with few ways of asking and more."""
    stories = list(paths)
    for count in PHRASINGS:
        for path in stories:
            yield from _of_story(path, count)


def _of_story(path: Path, count: int) -> Iterator[Asked]:
    collection = examples.lesson(path, count)
    index = FactIndex.build(collection.documents, sentences=SentenceVectors())

    def asked(each: Example, sort: str, context: Context | None = None) -> Asked:
        verdict = index.ask(each.text, context=context)
        told = verdict.outcome is Outcome.ANSWER
        return Asked(
            sort=sort,
            phrasings=count,
            became=_became(verdict, each.gold),
            confidence=verdict.told[0].confidence if told else 0.0,
        )

    for each in collection.examples:
        beside = "near" if each.beside is None else "beside"
        yield asked(each, "answerable" if each.gold else beside)
    for each in examples.follow_ups(path, count).examples:
        assert each.after is not None
        question, fact = each.after
        yield asked(each, "leaning", Context(question=question, documents=(fact,)))


def _became(verdict: Verdict, gold: frozenset[int]) -> str:
    told = [each.document.id for each in verdict.told]
    if verdict.outcome is Outcome.ANSWER:
        return "right" if gold.intersection(told) else "wrong"
    if verdict.outcome is Outcome.UNKNOWN and gold.intersection(told):
        return "right"
    return "right" if not gold and not told else "declined"


def table(every_asked: Iterable[Asked]) -> str:
    """Return the shares as lines to print; of what nothing answers, right is told no fact."""
    rows = list(every_asked)
    lines = ["questions                phrasings   asked   right   wrong"]
    for sort, phrasings in dict.fromkeys((each.sort, each.phrasings) for each in rows):
        became = Counter(
            each.became for each in rows if (each.sort, each.phrasings) == (sort, phrasings)
        )
        asked = became.total()
        right, wrong = became["right"] / asked, became["wrong"] / asked
        lines.append(f"{sort:24} {phrasings:9} {asked:7} {right:7.3f} {wrong:7.3f}")
    for low, high in itertools.pairwise(BOUNDS):
        told = [each.became == "right" for each in rows if low <= each.confidence < high]
        if told:
            share = f"{sum(told) / len(told):.2f} right of {len(told)}"
            lines.append(f"told with {low:.1f} to {min(high, 1):.1f}: {share}")
    return "\n".join(lines)
