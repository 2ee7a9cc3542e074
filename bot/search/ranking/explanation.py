"""Why a message got its verdict: the evidence, the signs and the thresholds, as values to be shown.

What is told here is read from the very ranking that the verdict was read from; nothing is weighed
a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.search import pipeline
from bot.search.evidence.columns import NAMES
from bot.search.index.fact_index import FactIndex
from bot.search.index.query import Query
from bot.search.index.vocabulary import CONCEPT
from bot.search.language.analyzer import Analyzer
from bot.search.language.lexicon import NameKind
from bot.search.language.question_kind import Kind
from bot.search.ranking import decision
from bot.search.ranking.decision import Judged
from bot.search.ranking.ranker import SIGNS, Profile, Ranked
from bot.search.verdict import Context, Document, Outcome, Verdict

NEGLIGIBLE: Final = 0.005
"""A share in a sum that nobody needs to read of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of evidence, or one sign, and what it adds to its sum."""

    name: str  # of `columns.NAMES` or of `ranker.SIGNS`
    value: float
    worth: float

    @property
    def share(self) -> float:
        """What it adds."""
        return self.value * self.worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the best candidates; its score is the sum of its parts and of what the chat lends."""

    document: Document
    score: float
    probability: float  # 0..1, that it answers the question
    parts: tuple[Part, ...]  # the weightiest first, those that add nothing left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A word as it was typed and as it was read."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFound:
    """A name of the story's lexicon, found under any of its aliases."""

    name: str  # in lower case
    kind: NameKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A question as the index reads it."""

    text: str
    kind: Kind
    mended: tuple[Mended, ...]
    names: tuple[NameFound, ...]
    strange: tuple[str, ...]  # words that neither the story nor English knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A number that the decision looks at, beside its threshold."""

    name: str  # of the threshold in `decision`, in lower case
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether the number reaches the threshold."""
        return self.value >= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was found for one question, and why the first is as probable as it is."""

    understood: Understood
    contenders: tuple[Contender, ...]  # best first
    bias: float  # what the sum of signs starts from
    signs: tuple[Part, ...]  # the weightiest first; the probability is the logistic of the sum
    probability: float  # 0..1, that the first answers
    values: Mapping[str, float]  # evidence of the first, and signs, by name, whatever they add
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a message got its verdict."""

    understood: Understood  # the message as a whole
    rankings: tuple[Ranking, ...]  # by question of the message; none where nothing was ranked
    verdict: Verdict


def explain(index: FactIndex, message: str, *, context: Context | None = None) -> Explanation:
    """Return why `message` gets the verdict that `index.ask` gives it."""
    weighed = pipeline.weigh(index, message, context)
    query = index.query(message)
    overview = len(weighed.judged) == 1 and pipeline.wants_overview(weighed.judged[0])
    return Explanation(
        understood=_understood(query),
        rankings=tuple(
            _ranking(each, _weights(index, each), weighed.verdict, overview=overview)
            for each in weighed.judged
        ),
        verdict=weighed.verdict,
    )


def _weights(index: FactIndex, judged: Judged) -> Profile:
    return index.leaning if judged.leaning else index.profile


def _ranking(judged: Judged, profile: Profile, verdict: Verdict, *, overview: bool) -> Ranking:
    ranked = judged.ranked
    evidence = ranked.found.evidence.table[ranked.order[0]].tolist() if judged.candidates else []
    values = dict(zip(NAMES, evidence, strict=False)) | dict(
        zip(SIGNS, ranked.signs.tolist(), strict=True)
    )
    return Ranking(
        understood=_understood(ranked.found.query),
        contenders=tuple(
            _contender(ranked, rank, candidate.document, profile)
            for rank, candidate in enumerate(judged.candidates)
        ),
        bias=profile.bias,
        signs=_parts(SIGNS, ranked.signs.tolist(), profile.signs.tolist()),
        probability=ranked.confidence,
        values=values,
        checks=tuple(_checks(judged, verdict, overview=overview)),
    )


def _contender(ranked: Ranked, rank: int, document: Document, profile: Profile) -> Contender:
    row = ranked.order[rank]
    values = ranked.found.evidence.table[row].tolist()
    worth = profile.worth.tolist()
    return Contender(
        document=document,
        score=float(ranked.scores[row]),
        probability=ranked.probability(rank),
        parts=_parts(NAMES, values, worth),
    )


def _parts(
    names: Sequence[str], values: Sequence[float], worths: Sequence[float]
) -> tuple[Part, ...]:
    parts = [
        Part(name=name, value=value, worth=worth)
        for name, value, worth in zip(names, values, worths, strict=True)
    ]
    telling = [part for part in parts if abs(part.share) >= NEGLIGIBLE]
    return tuple(sorted(telling, key=lambda part: -abs(part.share)))


def _checks(judged: Judged, verdict: Verdict, *, overview: bool) -> Iterable[Check]:
    """Yield the numbers that the decision may have looked at, each beside its threshold."""
    first = judged.first
    sure = first.confidence
    if overview:
        yield Check(name="overview_from", value=sure, limit=decision.OVERVIEW_FROM)
    if first.document.unknown:
        yield Check(name="unknown_from", value=sure, limit=decision.UNKNOWN_FROM)
    else:
        yield Check(name="answer_from", value=sure, limit=judged.answer_from)
        yield Check(name="choose_from", value=sure, limit=decision.CHOOSE_FROM)
        if len(judged.candidates) > 1:
            shares = judged.ranked.shares[judged.ranked.order]
            second = float(shares[1]) / max(float(shares[0]), 1e-9)
            yield Check(name="sure_from", value=sure, limit=decision.SURE_FROM)
            yield Check(name="close", value=second, limit=decision.CLOSE)
    if verdict.outcome in (Outcome.MISSING, Outcome.OFF_TOPIC):
        foreign = float(judged.ranked.signs[SIGNS.index("foreign")])
        yield Check(name="related", value=1 - foreign, limit=judged.related_from)


def _understood(query: Query) -> Understood:
    typed = Analyzer().tokens(query.text)
    return Understood(
        text=query.text,
        kind=query.kind,
        mended=tuple(
            Mended(typed=before.word, read=after.word)
            for before, after in zip(typed, query.tokens, strict=False)
            if before.word != after.word
        ),
        names=tuple(
            NameFound(name=term.word.removeprefix(CONCEPT), kind=term.concept)
            for term in query.terms
            if term.concept is not None and term.scale == 1.0
        ),
        strange=tuple(term.word for term in query.terms if term.strange),
    )
