"""The search measured on a public set: every story is an index of its own."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.evaluation.reading import PublicQuestion, PublicStory
from bot.search import Document, FactIndex, SentenceVectors, StoryLexicon, pipeline
from bot.search.ranking import measures

MEASURED_RANKS: Final = 10

FOLDS: Final = 5
"""Parts of a story's phrasings, each held out once and asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """What a search reached on one file. Shares are 0..1; None where nothing was asked for them."""

    stories: int
    facts: int
    questions: int  # that some fact answers
    top1: float | None
    top3: float | None
    mrr10: float | None
    auroc_off: float | None  # answerable against off-topic questions
    auroc_near: float | None  # answerable questions against those on the subject without an answer
    right_at_1: float | None  # right and told, where 1 % of off-topic questions get an answer
    right_at_5: float | None
    calibration: float | None  # expected error of the stated probability, over all questions
    brier: float | None
    cpu_ms_median: float | None  # of what the chat does for one question
    cpu_ms_p99: float | None


@dataclass(slots=True)
class Tally:
    """What was given for each question, as the figures need it."""

    ranks: list[int | None] = field(default_factory=list)
    answerable: list[float] = field(default_factory=list)  # confidences
    off: list[float] = field(default_factory=list)
    near: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def figures(self, *, stories: int, facts: int) -> PublicFigures:
        """Return the figures of everything tallied so far."""
        right = [rank == 1 for rank in self.ranks]
        every = [*self.answerable, *self.off, *self.near]
        true = [*right, *([False] * (len(self.off) + len(self.near)))]
        return PublicFigures(
            stories=stories,
            facts=facts,
            questions=len(self.ranks),
            top1=measures.top(self.ranks, 1),
            top3=measures.top(self.ranks, 3),
            mrr10=measures.reciprocal_rank(self.ranks, MEASURED_RANKS),
            auroc_off=measures.auroc(self.answerable, self.off),
            auroc_near=measures.auroc(self.answerable, self.near),
            right_at_1=measures.right_at(right, self.answerable, self.off, 0.01),
            right_at_5=measures.right_at(right, self.answerable, self.off, 0.05),
            calibration=measures.calibration_error(every, true),
            brier=measures.brier(every, true),
            cpu_ms_median=measures.percentile(self.cpu_ms, 50),
            cpu_ms_p99=measures.percentile(self.cpu_ms, 99),
        )


def measure(
    stories: Iterable[PublicStory], *, told: Callable[[int], None] | None = None
) -> PublicFigures:
    """Return the figures of the search; `told` hears after each story how many are done."""
    tally, count, facts = Tally(), 0, 0
    for count, story in enumerate(stories, start=1):
        index = FactIndex.build(story.documents, lexicon=story.lexicon, sentences=SentenceVectors())
        facts += len(story.documents)
        for question in story.questions:
            places, confidence = _asked(index, question.text, tally)
            hits = (at for at, place in enumerate(places, 1) if place in question.gold)
            tally.ranks.append(next(hits, None))
            tally.answerable.append(confidence)
        tally.off += [_asked(index, text, tally)[1] for text in story.off_topic]
        tally.near += [_asked(index, text, tally)[1] for text in story.near]
        if told is not None:
            told(count)
    return tally.figures(stories=count, facts=facts)


def held_out(documents: Sequence[Document], lexicon: StoryLexicon) -> tuple[PublicStory, ...]:
    """Return the story without every fifth phrasing, which is asked instead; five times over.

    Only the fact that a phrasing belongs to is its answer, though others may serve as well.
    """
    return tuple(_fold(fold, documents, lexicon) for fold in range(FOLDS))


def _fold(fold: int, documents: Sequence[Document], lexicon: StoryLexicon) -> PublicStory:
    kept, questions = [], []
    for place, document in enumerate(documents):
        ways = document.phrasings
        kept.append(
            replace(
                document,
                phrasings=tuple(way for at, way in enumerate(ways) if at % FOLDS != fold),
            )
        )
        gold = frozenset({place})
        questions += [PublicQuestion(text=way, gold=gold) for way in ways[fold::FOLDS]]
    return PublicStory(
        name=f"{fold + 1} of {FOLDS}",
        documents=tuple(kept),
        questions=tuple(questions),
        lexicon=lexicon,
    )


def _asked(index: FactIndex, question: str, tally: Tally) -> tuple[list[int], float]:
    """Return the best places for a question and the confidence in the first; 0 without any.

    The clock runs while the verdict is found as the chat finds it. Where that ranks nothing, or
    the parts of the message one by one, the whole message is ranked outside of the clock.
    """
    began = time.process_time()
    weighed = pipeline.weigh(index, question, None)
    tally.cpu_ms.append((time.process_time() - began) * 1000)
    judged = (
        weighed.judged[0] if len(weighed.judged) == 1 else pipeline.judge(index, question, None)
    )
    if judged is None:
        return [], 0.0
    return judged.ranked.places[:MEASURED_RANKS], judged.ranked.confidence
