"""From ranked candidates to a verdict: answer, choose, decline.

The thresholds are policy, not learning: what a wrong answer may cost against a declined one. They
were set on the bundled story's practice questions, so that about one answer in twenty is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.search.evidence.columns import COLUMN
from bot.search.ranking.ranker import Ranked
from bot.search.verdict import Candidate, Document, Outcome, Part, Verdict

ANSWER_FROM: Final = 0.4
"""Probability from which the first candidate is told where facts have few ways of asking."""

RICH_ANSWER_FROM: Final = 0.27
"""The same in a story with many: what it does not know is mostly on record as not known."""

LEANING_FROM: Final = 0.5
"""The same as ANSWER_FROM for a question that leans on the last one. Of six stories' follow-up
questions without other ways of asking, .13 got a wrong fact at .5 and .25 at .2, as many a right
one."""

RICH_LEANING_FROM: Final = 0.2
"""The same in a story with many ways of asking: what leans is about the story already."""

SURE_FROM: Final = 0.5
"""Probability from which the first is told even where another's phrasing fits better."""

CLOSE: Final = 0.6
"""Share of the first's weight that makes a second whose phrasing fits better a rival."""

EQUAL: Final = 0.85
"""Share of the first's weight that makes any second a rival: it may as well be meant."""

CHOOSE_FROM: Final = 0.15
"""Probability from which candidates are offered where none is told."""

OFFERED_SHARE: Final = 0.2
"""Share of the first's weight that an offered candidate has at least."""

OVERVIEW_FROM: Final = 0.25
"""Probability from which an overview is given: it may hold more than was wanted."""

OVERVIEW_SHARE: Final = 0.08
"""Share of the first's weight that a further fact of an overview has at least."""

UNKNOWN_FROM: Final = 0.2
"""Probability from which a known unknown is told rather than "I don't have that"."""

RELATED: Final = 0.25
"""Share of the question that a story with few ways of asking accounts for if it is about the story
at all: what is not there can be passed on, what is not the subject cannot."""

RICH_RELATED: Final = 0.5
"""The same in a story with many, whose words are many too."""

MOST_TOLD: Final = 3
MOST_CHOICES: Final = 3
MOST_CANDIDATES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Ranked candidates with the documents they stand for."""

    ranked: Ranked
    candidates: tuple[Candidate, ...]
    richness: float = 0.0  # of the story's ways of asking, 0..1
    leaning: bool = False  # understood from the last exchange

    @property
    def answer_from(self) -> float:
        """Return the probability from which the best candidate is told."""
        poor, rich = ANSWER_FROM, RICH_ANSWER_FROM
        if self.leaning:
            poor, rich = LEANING_FROM, RICH_LEANING_FROM
        return poor + self.richness * (rich - poor)

    @property
    def related_from(self) -> float:
        """Return the share of the question from which it is about the story."""
        return RELATED + self.richness * (RICH_RELATED - RELATED)

    @property
    def first(self) -> Candidate:
        """Return the best candidate."""
        return self.candidates[0]


def judged(
    ranked: Ranked,
    documents: Sequence[Document],
    evidence: Sequence[str],
    *,
    richness: float = 0.0,
    leaning: bool = False,
) -> Judged:
    """Return the best candidates of a ranking as they leave the search."""
    rows = ranked.order[:MOST_CANDIDATES]
    table = ranked.found.evidence.table
    return Judged(
        ranked=ranked,
        richness=richness,
        leaning=leaning,
        candidates=tuple(
            Candidate(
                document=documents[int(ranked.found.places[row])],
                score=float(ranked.scores[row]),
                confidence=ranked.probability(rank),
                evidence=dict(zip(evidence, table[row].tolist(), strict=True)),
            )
            for rank, row in enumerate(rows)
        ),
    )


def certain(document: Document) -> Candidate:
    """Return a document that needs no ranking: the reader has just been told it."""
    return Candidate(document=document, score=0.0, confidence=1.0)


def decide(found: Judged | None, *, overview: bool = False) -> Verdict:
    """Return the verdict on one question."""
    if found is None or not found.candidates:
        return Verdict(outcome=Outcome.OFF_TOPIC)
    first = found.first
    if overview and not first.document.unknown and first.confidence >= OVERVIEW_FROM:
        return _told(Outcome.ANSWER, _overview(found), found)
    if first.document.unknown:
        if first.confidence >= UNKNOWN_FROM:
            return _told(Outcome.UNKNOWN, (first,), found)
        return _declined(found)
    told = first.confidence >= found.answer_from
    if told and (found.leaning or not _rivalled(found)):
        return _told(Outcome.ANSWER, (first,), found)
    choices = _choices(found)
    if first.confidence >= CHOOSE_FROM and len(choices) > 1:
        return Verdict(outcome=Outcome.CHOOSE, choices=choices, candidates=found.candidates)
    return _told(Outcome.ANSWER, (first,), found) if told else _declined(found)


def several(parts: Sequence[tuple[Part, Verdict]]) -> Verdict | None:
    """Return one verdict for several questions of a message; None where they come to one.

    What was told to any of them is told, each once. Where nothing was, a question that is to be
    chosen for is, if it is the only one; else all are declined together.
    """
    told = {one.document.id: one for part, each in parts if part.told for one in each.told[:1]}
    kept = tuple(told.values())[:MOST_TOLD]
    if len(parts) < 2 or (len(kept) == 1 and all(part.told for part, _ in parts)):
        return None
    named = tuple(part for part, _ in parts)
    if kept:
        gaps = all(each.document.unknown for each in kept)
        outcome = Outcome.UNKNOWN if gaps else Outcome.ANSWER
        return Verdict(
            outcome=outcome, told=kept, candidates=kept, parts=named, self_contained=False
        )
    verdicts = [each for _, each in parts]
    choosing = [each for each in verdicts if each.outcome is Outcome.CHOOSE]
    if len(choosing) == 1:
        return replace(choosing[0], parts=named, self_contained=False)
    off = all(each.outcome is Outcome.OFF_TOPIC for each in verdicts)
    outcome = Outcome.OFF_TOPIC if off else Outcome.MISSING
    candidates = {one.document.id: one for each in verdicts for one in each.candidates[:1]}
    return Verdict(
        outcome=outcome,
        candidates=tuple(candidates.values())[:MOST_CANDIDATES],
        parts=named,
        self_contained=False,
    )


def _rivalled(found: Judged) -> bool:
    """Return whether the evidence disagrees: a second is close, another's phrasing fits best."""
    shares = found.ranked.shares[found.ranked.order]
    if len(shares) < 2 or shares[1] < CLOSE * shares[0]:
        return False
    if shares[1] >= EQUAL * shares[0]:
        return True
    if found.first.confidence >= SURE_FROM:
        return False
    fits = found.ranked.found.evidence.table[:, COLUMN["asked_fit"]]
    return bool(fits[found.ranked.order[0]] < fits.max())


def _choices(found: Judged) -> tuple[Candidate, ...]:
    shares = found.ranked.shares[found.ranked.order]
    return tuple(
        candidate
        for candidate, share in zip(found.candidates[:MOST_CHOICES], shares, strict=False)
        if share >= OFFERED_SHARE * shares[0] and not candidate.document.unknown
    )


def _overview(found: Judged) -> tuple[Candidate, ...]:
    shares = found.ranked.shares[found.ranked.order]
    return tuple(
        candidate
        for candidate, share in zip(found.candidates, shares, strict=False)
        if share >= OVERVIEW_SHARE * shares[0] and not candidate.document.unknown
    )[:MOST_TOLD]


def _told(outcome: Outcome, told: tuple[Candidate, ...], found: Judged) -> Verdict:
    return Verdict(outcome=outcome, told=told, candidates=found.candidates)


def _declined(found: Judged) -> Verdict:
    matches = found.ranked.found.evidence.best_match.max(axis=1)
    weight = found.ranked.found.weights.decline
    related = float(weight[matches >= 0.5].sum()) >= found.related_from * float(weight.sum())
    outcome = Outcome.MISSING if related else Outcome.OFF_TOPIC
    return Verdict(outcome=outcome, candidates=found.candidates)
