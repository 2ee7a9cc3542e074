"""Eight stories that neither the sentence model nor the weights have seen.

Each fact is asked for in six other ways than its own; what no fact answers is asked too: what is
near the story, and what stands beside one of its facts, word for word but for what it asks for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.search import Context, FactIndex, Outcome, SentenceVectors, Verdict
from bot.search.learning import examples
from tests.benchmarks.sets import ROOT

STORIES: Final = ROOT / "tests" / "stories" / "unlearned"
PHRASINGS: Final = (0, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the questions of one sort, by outcome."""

    sort: str  # answerable, near, beside, leaning
    phrasings: int
    right: int
    wrong: int
    asked: int


def every() -> list[Path]:
    """Return the stories."""
    return sorted(STORIES.glob("*.json"))


def run(paths: Iterable[Path]) -> Iterator[Tally]:
    """Yield what became of each sort of question to all stories together."""
    stories = list(paths)
    for count in PHRASINGS:
        found: Counter[tuple[str, str]] = Counter()
        for path in stories:
            for sort, became in _outcomes(path, count):
                found[sort, became] += 1
        for sort in dict.fromkeys(sort for sort, _ in found):
            asked = sum(number for (each, _), number in found.items() if each == sort)
            yield Tally(
                sort=sort,
                phrasings=count,
                right=found[sort, "right"],
                wrong=found[sort, "wrong"],
                asked=asked,
            )


def _outcomes(path: Path, count: int) -> Iterator[tuple[str, str]]:
    collection = examples.lesson(path, count)
    index = FactIndex.build(collection.documents, sentences=SentenceVectors())
    for each in collection.examples:
        beside = "near" if each.beside is None else "beside"
        yield "answerable" if each.gold else beside, _became(index.ask(each.text), each.gold)
    for each in examples.follow_ups(path, count).examples:
        assert each.after is not None
        question, told = each.after
        context = Context(question=question, documents=(told,))
        yield "leaning", _became(index.ask(each.text, context=context), each.gold)


def _became(verdict: Verdict, gold: frozenset[int]) -> str:
    told = [each.document.id for each in verdict.told]
    if verdict.outcome is Outcome.ANSWER:
        return "right" if gold.intersection(told) else "wrong"
    if verdict.outcome is Outcome.UNKNOWN and gold.intersection(told):
        return "right"
    return "right" if not gold and not told else "declined"


def table(tallies: Iterable[Tally]) -> str:
    """Return the shares as lines to print; of what nothing answers, right is told no fact."""
    lines = ["questions                phrasings   asked   right   wrong"]
    for each in tallies:
        right, wrong = each.right / each.asked, each.wrong / each.asked
        lines.append(f"{each.sort:24} {each.phrasings:9} {each.asked:7} {right:7.3f} {wrong:7.3f}")
    return "\n".join(lines)
