"""From one message to its answer: pure, given a committed state of the story."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.search import Candidate, Verdict
from bot.search.language import story_requests
from bot.services.answers.index_cache import Snapshot
from bot.services.answers.results import (
    Answer,
    Found,
    Look,
    Outcome,
    Overview,
    Request,
    Source,
    Whole,
)
from bot.services.facts.comparison.disagreement import rivals
from db.records import ChangeKind, Exchange, Fact, FactVersion, Status, Story, Weight

QUESTION_LENGTH: Final = 1000
"""Characters of a message that are read; nobody's question is longer."""

TOLD: Final = 3
CHOICES: Final = 3
"""Facts in one answer, and to choose from: more is no answer."""

NEWEST: Final = 3
"""Facts that tell the latest where nothing has changed."""

OVERVIEW_LENGTH: Final = 12
"""Facts of an overview; a screen shows fewer."""

_TELLING: Final = (Outcome.ANSWER, Outcome.CHOOSE, Outcome.UNKNOWN)

_OF_A_GAP: Final = {
    Status.UNKNOWN: Outcome.UNKNOWN,
    Status.NOT_COVERED: Outcome.NOT_COVERED,
}

_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def bounded(text: str) -> str:
    """Return `text` as it is read and kept: storable characters, at most 1,000, cut at a word."""
    text = _UNREADABLE.sub("", text).strip()
    if len(text) <= QUESTION_LENGTH:
        return text
    kept = text[:QUESTION_LENGTH]
    if not text[QUESTION_LENGTH].isspace():
        at_word = max(kept.rfind(" "), kept.rfind("\n"))
        if at_word > QUESTION_LENGTH // 2:
            return kept[:at_word].rstrip()
        while kept and unicodedata.combining(text[len(kept)]):  # do not tear a letter apart
            kept = kept[:-1]
    return kept.rstrip()


def is_surer(one: Verdict, other: Verdict) -> bool:
    """Return whether a verdict tells something, and is surer of it than another."""
    if not one.told:
        return False
    return not other.told or one.told[0].confidence > other.told[0].confidence


def considered(indexed: Snapshot, verdict: Verdict, question: str, at: datetime) -> Answer:
    """Return what the story, as indexed, has to say to `question`; nothing is recorded."""
    told = _found(indexed, verdict.told)[:TOLD]
    choices = _found(indexed, verdict.choices)[:CHOICES]
    first = [found.fact.id for found in (*told, *choices)]
    rest = [each for each in _found(indexed, verdict.candidates) if each.fact.id not in first]
    outcome = Outcome(verdict.outcome.value)
    if not told and not choices and outcome in _TELLING:
        outcome = Outcome.MISSING
    if outcome is Outcome.OFF_TOPIC and not indexed.facts:
        outcome = Outcome.MISSING  # nobody can tell yet what is not about the story
    if outcome is Outcome.UNKNOWN:
        outcome = outcome_of(found.fact for found in told)
    disputed = _with_rivals(outcome, told, choices, rest)
    if disputed:
        outcome, told, choices = Outcome.ANSWER, disputed, ()
        rest = [each for each in (*told, *rest) if each not in disputed]
    return Answer(
        exchange_id=None,
        question=question,
        outcome=outcome,
        told=told,
        choices=choices,
        candidates=(*told, *choices, *rest)[:5],
        courtesy=verdict.courtesy,
        parts=verdict.parts,
        disputed=bool(disputed),
        self_contained=verdict.self_contained and len(told) < 2,
        story=indexed.story,
        at=at,
    )


def _with_rivals(
    outcome: Outcome,
    told: Sequence[Found],
    choices: Sequence[Found],
    rest: Sequence[Found],
) -> tuple[Found, ...]:
    """Return the facts that answer the question differently; none where only one answer stands."""
    if outcome is Outcome.ANSWER and len(told) == 1:
        first, others = told[0], rest
    elif outcome is Outcome.CHOOSE:
        first, others = choices[0], choices[1:]
    else:
        return ()
    rival = rivals(first.fact, [each.fact for each in others])
    if not rival or (outcome is Outcome.CHOOSE and len(rival) < len(others)):
        return ()
    return (first, *(each for each in others if each.fact in rival))[:TOLD]


def telling(
    indexed: Snapshot,
    fact: Fact,
    question: str,
    at: datetime,
    *,
    exchange_id: int | None = None,
    offered: Sequence[int] = (),
) -> Answer:
    """Return the answer that tells this one fact, whatever was asked."""
    found = Found(fact=fact, confidence=1.0)
    others = (
        Found(fact=indexed.facts[number], confidence=0.0)
        for number in offered
        if number in indexed.facts and number != fact.id
    )
    return Answer(
        exchange_id=exchange_id,
        question=question,
        outcome=outcome_of([fact]),
        told=(found,),
        candidates=(found, *others),
        story=indexed.story,
        at=at,
    )


def outcome_of(told: Iterable[Fact]) -> Outcome:
    """Return what telling these facts comes to: an answer where one of them is no gap.

    Of gaps alone, "not known yet" where that is said of one of them.
    """
    outcomes = {_OF_A_GAP.get(fact.status, Outcome.ANSWER) for fact in told}
    return next(each for each in (Outcome.ANSWER, *_OF_A_GAP.values()) if each in outcomes)


def missing(indexed: Snapshot, exchange: Exchange, at: datetime) -> Answer:
    """Return once more that no fact fits, with the candidates that the exchange has left."""
    told = {fact_id for fact_id, _ in exchange.told}
    left = (
        Found(fact=indexed.facts[number], confidence=0.0)
        for number in exchange.offered
        if number in indexed.facts and number not in told
    )
    return Answer(
        exchange_id=exchange.id,
        question=exchange.question,
        outcome=Outcome.MISSING,
        candidates=tuple(left),
        story=indexed.story,
        at=at,
    )


def overview(indexed: Snapshot, most_asked: Sequence[int], at: datetime) -> Overview:
    """Return what is most worth reading: what tells the whole, what is big, what many asked.

    Of each the first of every topic comes before the second of any, so that the whole story shows.
    """
    asked = {number: rank for rank, number in enumerate(most_asked)}
    order = sorted(
        indexed.facts.values(), key=lambda fact: (asked.get(fact.id, len(asked)), fact.id)
    )
    known = [fact for fact in order if not fact.status.is_gap]
    unknown = [fact for fact in order if fact.status is Status.UNKNOWN]
    return Overview(
        story=indexed.story,
        known=tuple(_ranked(indexed, known)),
        unknown=tuple(_ranked(indexed, unknown)),
        total=len(known),
        at=at,
    )


def _ranked(indexed: Snapshot, ordered: Sequence[Fact]) -> list[Fact]:
    """Return the first of these facts by importance, an overview's worth."""
    big = [fact for fact in ordered if fact.weight is Weight.BIG]
    of_all = [fact for fact in big if _is_about_all(indexed, fact)]
    ranked = (*of_all[:1], *_spread(big), *_spread(ordered))
    return list(dict.fromkeys(ranked))[:OVERVIEW_LENGTH]


def _is_about_all(indexed: Snapshot, fact: Fact) -> bool:
    """Return whether a fact answers what the story is about."""
    question, index = fact.question or "", indexed.index
    return story_requests.recognise(question, index.subject, index.is_word) is not None


def whole(
    indexed: Snapshot,
    request: Request,
    at: datetime,
    *,
    most_asked: Sequence[int] = (),
    look: Look | None = None,
) -> Whole:
    """Return what the story as a whole has to say to a request."""
    told = [fact for fact in indexed.facts.values() if not fact.status.is_gap]
    counted = Counter(fact.source for fact in told if fact.source)
    return Whole(
        request=request,
        overview=overview(indexed, most_asked, at),
        expected=_expected(indexed, at),
        sources=tuple(Source(name=name, facts=facts) for name, facts in counted.most_common()),
        newest=tuple(sorted(told, key=_recency, reverse=True)[:NEWEST]),
        changed_at=max((fact.changed_at for fact in told), default=None),
        look=look,
    )


def since(request: Request, current: Story, at: datetime) -> datetime | None:
    """Return from when on a request asks for changes; None: since the chat last looked."""
    if request.days is None:
        return None
    zone = ZoneInfo(current.time_zone)
    day = at.astimezone(zone).date() - timedelta(days=request.days)
    return datetime.combine(day, time(), zone)


def _expected(indexed: Snapshot, at: datetime) -> tuple[Fact, ...]:
    today = at.astimezone(ZoneInfo(indexed.story.time_zone)).date()
    facts = indexed.facts.values()
    dated = [(fact.happened.day, fact) for fact in facts if fact.happened is not None]
    ahead = [fact for day, fact in sorted(dated, key=lambda each: each[0]) if day > today]
    due = [fact for fact in facts if fact.status is Status.UNKNOWN and fact.next_word]
    return tuple(dict.fromkeys((*ahead, *due)))


def _recency(fact: Fact) -> tuple[date, bool, int]:
    """Return what sorts facts by their day, big ones and those filed first before the rest."""
    when = fact.happened or fact.as_of
    day = fact.changed_at.date() if when is None else when.day
    return (day, fact.weight is Weight.BIG, -fact.id)


def never_stood(history: Sequence[FactVersion]) -> bool:
    """Return whether a fact was taken back right after it was added, so never stood for readers."""
    *before, newest = history
    return newest.kind is ChangeKind.UNDO and all(
        each.status is not Status.WITHDRAWN for each in before
    )


def _spread(ordered: Iterable[Fact]) -> list[Fact]:
    seen: dict[str, int] = {}
    rounds: list[tuple[int, Fact]] = []
    for fact in ordered:
        topic = fact.topics[0] if fact.topics else ""
        seen[topic] = seen.get(topic, -1) + 1
        rounds.append((seen[topic], fact))
    return [fact for _, fact in sorted(rounds, key=lambda each: each[0])]


def _found(indexed: Snapshot, candidates: Iterable[Candidate]) -> tuple[Found, ...]:
    return tuple(
        Found(fact=indexed.facts[each.document.id], confidence=each.confidence)
        for each in candidates
        if each.document.id in indexed.facts
    )
