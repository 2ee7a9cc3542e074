"""The whole path from a message to a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.search.evidence.columns import NAMES
from bot.search.index.query import Query
from bot.search.language import conversation, follow_ups, small_talk, splitting, story_requests
from bot.search.language.question_kind import Kind
from bot.search.ranking import decision
from bot.search.ranking.decision import Judged
from bot.search.ranking.ranker import rank
from bot.search.verdict import Context, Courtesy, Outcome, Part, Request, Verdict

if TYPE_CHECKING:
    from bot.search.index.fact_index import FactIndex


_NOTHING: Final = Verdict(outcome=Outcome.MISSING)


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
    if small_talk.is_bare_number(message):
        return Weighed(verdict=Verdict(outcome=Outcome.SMALLTALK, courtesy=Courtesy.NOISE))
    query = index.query(message)
    kind = small_talk.recognise(query.tokens, index.is_word)
    if kind not in (None, Courtesy.IDENTITY):
        return Weighed(verdict=Verdict(outcome=Outcome.SMALLTALK, courtesy=kind))
    request = _request(index, message)
    message = small_talk.without_opening(message)
    query = index.query(message)
    if context is not None and context.documents and conversation.doubts(query.tokens):
        return Weighed(verdict=replace(_again(index, context), request=request))
    if request is not None:
        return Weighed(verdict=_screen(request))
    if kind is not None:
        return Weighed(verdict=Verdict(outcome=Outcome.SMALLTALK, courtesy=kind))
    questions = splitting.parts(message)
    several = _several(index, questions, context) if len(questions) > 1 else None
    if several is not None and several.verdict.told:
        return several
    found = judge(index, message, context)
    alone = splitting.question_alone(message)
    if alone is not None:
        other = judge(index, alone, context)
        if other is not None and (found is None or _surer(other, found)):
            found = other
    verdict = decision.decide(found, overview=found is not None and wants_overview(found))
    if several is not None and not verdict.told:
        return several
    by_itself = len(questions) == 1 and not (found is not None and found.leaning)
    verdict = replace(verdict, self_contained=by_itself)
    return Weighed(verdict=verdict, judged=() if found is None else (found,))


def may_lean(index: "FactIndex", message: str) -> bool:
    """Return whether the verdict on a message may depend on the chat's last exchange."""
    message = small_talk.without_opening(message)
    if conversation.doubts(index.query(message).tokens):
        return True
    alone = splitting.question_alone(message)
    questions = {message, *splitting.parts(message), *([] if alone is None else [alone])}
    return any(_leans(index.query(question)) for question in questions)


def _leans(query: Query) -> bool:
    return bool(query.tokens) and conversation.leans(query.tokens, len(query.terms))


def _request(index: "FactIndex", message: str) -> Request | None:
    """Return what a message asks of the story as a whole, or its only question does.

    What stands before such a question must have nothing to do with the story, or it is about that.
    """
    request = story_requests.recognise(message, index.subject, index.is_word)
    if request is not None and index.is_question_of_a_fact(message):
        return None
    alone = None if request is not None else splitting.question_alone(message)
    if alone is None:
        return request
    before = index.query(message.replace(alone, " "))
    if any(index.has_word(token) for token in before.tokens if not story_requests.is_beside(token)):
        return None
    return story_requests.recognise(alone, index.subject, index.is_word)


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
    leans = _leans(query)
    after = alone = None
    if context is not None and leans:
        found = follow_ups.find(index, question, context)
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


def _several(
    index: "FactIndex", questions: Sequence[str], context: Context | None
) -> Weighed | None:
    """Return the verdict on a message of several questions; None where it comes to one.

    A later question may lean on an earlier one of the message, and only the first on the last
    exchange. What asks for a screen is to be asked alone.
    """
    parts: list[tuple[Part, Verdict]] = []
    judged: list[Judged] = []
    for question in questions:
        query = index.query(question)
        leans = bool(parts) and conversation.leans(query.tokens, len(query.terms))
        screen = story_requests.recognise(question, index.subject, index.is_word) is not None
        if small_talk.recognise(query.tokens, index.is_word) is not None:
            continue
        if leans and (screen or _says_nothing(query)):  # a doubt: the source stands below the fact
            parts += [(replace(part, question=question), each) for part, each in parts[-1:]]
            continue
        if screen or sum(part.told for part, _ in parts) >= decision.MOST_TOLD:
            parts.append((Part(question=question, outcome=None), _NOTHING))
            continue
        if leans and conversation.points_back(query.tokens) and not parts[-1][0].told:
            before, _ = parts.pop()
            question = f"{before.question} {question}"
        found = judge(index, question, context)
        verdict = decision.decide(found)
        judged += [] if found is None else [found]
        parts.append((Part(question=question, outcome=verdict.outcome), verdict))
        context = None
        if verdict.told:
            documents = tuple(each.document.id for each in verdict.told)
            context = Context(question=question, documents=documents)
    several = decision.several(parts)
    return None if several is None else Weighed(verdict=several, judged=tuple(judged))


def _says_nothing(query: Query) -> bool:
    """Return whether a question only asks for a yes to the one before: "Is this true?"."""
    return query.kind is Kind.YES_NO and not any(token.content for token in query.tokens)


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
