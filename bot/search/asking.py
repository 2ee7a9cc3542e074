"""The whole path from a message to a verdict."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.search import conversation, courtesy, decision, following, whole
from bot.search.columns import NAMES
from bot.search.decision import Judged
from bot.search.ranker import rank
from bot.search.verdict import Context, Courtesy, Outcome, Request, Verdict

if TYPE_CHECKING:
    from bot.search.index import FactIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A verdict with the rankings that it was read from."""

    verdict: Verdict
    judged: tuple[Judged, ...] = ()  # by question of the message; none where nothing was ranked


def ask(index: "FactIndex", message: str, context: Context | None) -> Verdict:
    """Return the verdict on one message."""
    return weigh(index, message, context).verdict


def weigh(index: "FactIndex", message: str, context: Context | None) -> Weighed:
    """Return the verdict on one message with the rankings behind it."""
    query = index.query(message)
    kind = courtesy.recognise(query.tokens, index.is_word)
    if kind not in (None, Courtesy.IDENTITY):
        return Weighed(verdict=Verdict(outcome=Outcome.SMALLTALK, courtesy=kind))
    request = whole.recognise(message, index.title, index.is_word)
    message = courtesy.without_opening(message)
    query = index.query(message)
    if context is not None and context.documents and conversation.doubts(query.tokens):
        return Weighed(verdict=replace(_again(index, context), request=request))
    if request is not None:
        return Weighed(verdict=_screen(request))
    if kind is not None:
        return Weighed(verdict=Verdict(outcome=Outcome.SMALLTALK, courtesy=kind))
    questions = conversation.parts(message)
    if len(questions) > 1:
        each = _each(index, questions, context)
        verdict = decision.both([weighed.verdict for weighed in each])
        if verdict is not None:
            verdict = replace(verdict, self_contained=False)
            judged = tuple(one for weighed in each for one in weighed.judged)
            return Weighed(verdict=verdict, judged=judged)
    found = judge(index, message, context)
    alone = conversation.question_alone(message)
    if alone is not None:
        other = judge(index, alone, context)
        if other is not None and (found is None or _surer(other, found)):
            found = other
    verdict = decision.decide(found, overview=found is not None and wants_overview(found))
    by_itself = len(questions) == 1 and not (found is not None and found.leaning)
    verdict = replace(verdict, self_contained=by_itself)
    return Weighed(verdict=verdict, judged=() if found is None else (found,))


def _screen(request: Request) -> Verdict:
    return Verdict(outcome=Outcome.SCREEN, request=request, self_contained=False)


def wants_overview(judged: Judged) -> bool:
    """Return whether the question, as it was understood, asks for the whole of something."""
    return conversation.wants_overview(judged.ranked.found.query.tokens)


def judge(index: "FactIndex", question: str, context: Context | None) -> Judged | None:
    """Return the ranked candidates for one question; None where it has nothing to search by.

    A question that seems to lean on the last one, and yet is surer by itself, stands by itself.
    """
    query = index.query(question)
    leans = bool(query.tokens) and conversation.leans(query.tokens, len(query.terms))
    after = alone = None
    if context is not None and leans:
        found = following.find(index, question, context)
        after = None if found is None else rank(found, index.leaning)
    if after is None or (query.terms and not conversation.only_names(query)):
        found = index.find(question)
        alone = None if found is None else rank(found, index.profile)
    leaning = after is not None and (alone is None or after.confidence >= alone.confidence)
    ranked = after if leaning else alone
    if ranked is None:
        return None
    richness = index.profile.richness
    return decision.judged(ranked, index.documents, NAMES, richness=richness, leaning=leaning)


def _each(index: "FactIndex", questions: list[str], context: Context | None) -> list[Weighed]:
    """Return the verdict on each question of one message; a later one may lean on an earlier."""
    verdicts = []
    for question in questions[: decision.MOST_TOLD]:
        found = judge(index, question, context)
        verdict = decision.decide(found)
        verdicts.append(Weighed(verdict=verdict, judged=() if found is None else (found,)))
        if verdict.told:
            context = Context(
                question=question, documents=tuple(each.document.id for each in verdict.told)
            )
    return verdicts


def _again(index: "FactIndex", context: Context) -> Verdict:
    """Return what was told last once more: its source stands under it."""
    places = [index.place_of(number) for number in context.documents]
    told = tuple(decision.certain(index.documents[place]) for place in places if place is not None)
    if not told:
        return Verdict(outcome=Outcome.SMALLTALK, courtesy=Courtesy.NOISE)
    unknown = all(each.document.unknown for each in told)
    return Verdict(
        outcome=Outcome.UNKNOWN if unknown else Outcome.ANSWER,
        told=told,
        candidates=told,
        self_contained=False,
    )


def _surer(one: Judged, other: Judged) -> bool:
    return one.first.confidence > other.first.confidence
