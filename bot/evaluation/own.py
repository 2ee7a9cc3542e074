"""The whole path measured on a story's own questions, each answered as the chat answers it."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot import asking
from bot.evaluation.reading import CHAT, NEAR, OFF, OwnQuestion, Turn
from bot.search import Context, FactIndex, Verdict
from bot.search.ranking import measures
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Answer, Found, Outcome
from bot.views import markup
from bot.views.answers import messages

_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


class Result(StrEnum):
    """What became of one question."""

    RIGHT = "right"  # told, and it is what was asked for; also "not known yet" where that is so
    WRONG = "wrong"  # told, and it does not
    OFFERED = "offered"  # "Which one?", the right fact among the choices
    ASKED_BACK = "asked_back"  # "Which one?", the right fact not among them
    KNOWN_UNKNOWN = "known_unknown"  # "Not known yet"
    DECLINED = "declined"  # "That is not part of this story", "I don't have that", a courtesy …


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswerable:
    """What became of the questions of one style that nothing answers. Shares are 0..1."""

    questions: int
    told: float  # were given a fact
    asked_back: float
    known_unknown: float
    not_covered: float  # got "That is not part of this story": declined, and told why


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigures:
    """What the bot reached on a story's own questions. Shares are 0..1; None without questions."""

    questions: int  # that the story answers, dialogues left out
    right: float | None
    right_or_offered: float | None  # counting a "Which one?" with the right fact among the choices
    wrong: float | None
    asked_back: float | None  # all that got a "Which one?"
    declined: float | None
    known_unknown: float | None
    facts_an_answer: float | None  # mean of those answerable questions that were told something
    near: Unanswerable | None
    off: Unanswerable | None
    chat: Unanswerable | None
    turns: int  # of dialogues
    turns_right: (
        float | None
    )  # a turn that nothing answers is right when no fact is told or offered
    cpu_ms_median: float | None  # of finding one verdict
    cpu_ms_p99: float | None


@dataclass(slots=True)
class Timed:
    """Asks the index, and notes the CPU time that it took."""

    cpu_ms: list[float] = field(default_factory=list)

    def __call__(self, index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        """Return the verdict on one message."""
        began = time.process_time()
        verdict = index.ask(question, context=context)
        self.cpu_ms.append((time.process_time() - began) * 1000)
        return verdict


async def measure(
    answering: ReaderAnswers, questions: Iterable[OwnQuestion], timed: Timed
) -> OwnFigures:
    """Return the figures of an `answering` that asks by way of `timed`."""
    answerable: Counter[Result] = Counter()
    unanswerable: dict[str, Counter[Outcome]] = {}
    turns: list[bool] = []
    facts: list[int] = []
    for question in questions:
        conversation = asking.Conversation(
            id=question.id, turns=tuple(turn.question for turn in question.turns)
        )
        answers = [each.answer for each in await asking.answered(answering, conversation)]
        pairs = list(zip(question.turns, answers, strict=True))
        if question.style is None:
            turns += [turn_is_right(turn, given) for turn, given in pairs]
            continue
        turn, given = pairs[0]
        if not turn.answerable:
            style = question.style if question.style in (OFF, CHAT) else NEAR
            unanswerable.setdefault(style, Counter())[given.outcome] += 1
            continue
        answerable[result(turn, given)] += 1
        if given.outcome is Outcome.ANSWER:
            facts.append(len(given.told))
    total = answerable.total()

    def share(*results: Result) -> float | None:
        return sum(answerable[each] for each in results) / total if total else None

    return OwnFigures(
        questions=total,
        right=share(Result.RIGHT),
        right_or_offered=share(Result.RIGHT, Result.OFFERED),
        wrong=share(Result.WRONG),
        asked_back=share(Result.OFFERED, Result.ASKED_BACK),
        declined=share(Result.DECLINED),
        known_unknown=share(Result.KNOWN_UNKNOWN),
        facts_an_answer=sum(facts) / len(facts) if facts else None,
        near=_unanswerable(unanswerable, NEAR),
        off=_unanswerable(unanswerable, OFF),
        chat=_unanswerable(unanswerable, CHAT),
        turns=len(turns),
        turns_right=sum(turns) / len(turns) if turns else None,
        cpu_ms_median=measures.percentile(timed.cpu_ms, 50),
        cpu_ms_p99=measures.percentile(timed.cpu_ms, 99),
    )


def result(turn: Turn, given: Answer) -> Result:
    """Return what became of a question that the story answers."""
    match given.outcome:
        case Outcome.ANSWER:
            return Result.RIGHT if fits(turn, given) else Result.WRONG
        case Outcome.CHOOSE:
            right = any(_offers(turn, given, found) for found in given.choices)
            return Result.OFFERED if right else Result.ASKED_BACK
        case Outcome.UNKNOWN:
            right = turn.facts is not None and fits(turn, given)
            return Result.RIGHT if right else Result.KNOWN_UNKNOWN
        case _:
            return Result.DECLINED


def turn_is_right(turn: Turn, given: Answer) -> bool:
    """Return whether one turn of a dialogue was answered right."""
    if not turn.answerable:
        return given.outcome not in (Outcome.ANSWER, Outcome.CHOOSE)
    return given.outcome in (Outcome.ANSWER, Outcome.UNKNOWN) and fits(turn, given)


def fits(turn: Turn, given: Answer) -> bool:
    """Return whether what was told is what was asked for."""
    if turn.facts is None:
        return holds(turn, _text(given))
    return any(found.fact.key in turn.facts for found in given.told)


def holds(turn: Turn, answer: str) -> bool:
    """Return whether an answer holds one piece of every group, in any case and with any quotes."""
    text = answer.lower().translate(_QUOTES)
    return all(any(piece in text for piece in group) for group in turn.must)


def _offers(turn: Turn, given: Answer, found: Found) -> bool:
    if turn.facts is None:
        return holds(turn, _shown(found, given.at.date()))
    return found.fact.key in turn.facts


def _text(given: Answer) -> str:
    """Return what was told, without the questions above it: their words are nobody's answer."""
    today = given.at.date()
    return "\n".join(_shown(found, today) for found in given.told)


def _shown(found: Found, today: date) -> str:
    show = messages.gap_html if found.fact.status.is_gap else messages.fact_html
    return markup.visible(show(found.fact, today))


def _unanswerable(outcomes: Mapping[str, Counter[Outcome]], style: str) -> Unanswerable | None:
    counted = outcomes.get(style)
    if counted is None:
        return None
    total = counted.total()
    return Unanswerable(
        questions=total,
        told=counted[Outcome.ANSWER] / total,
        asked_back=counted[Outcome.CHOOSE] / total,
        known_unknown=counted[Outcome.UNKNOWN] / total,
        not_covered=counted[Outcome.NOT_COVERED] / total,
    )
