"""`storydesk ask`: questions from the command line, answered by what answers in the chat."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import SettingError, StoryFileError
from bot.services.answers.explanations import Explanations
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Answer, Found, Outcome
from bot.services.arrivals import LEANED_ON
from bot.views.answers import explanations, messages, story_overview
from bot.views.message import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Questions that lean on one another, under the name that the file gave them."""

    id: str | int | None  # None: asked on the command line
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One turn, answered."""

    id: str | int | None
    turn: int  # from 1
    question: str
    answer: Answer
    ms: float  # that finding the answer took


def conversations(question: str | None, path: Path | None) -> list[Conversation]:
    """Return what the command line asks: one question, or the lines of a file.

    Raises:
        SettingError: there is neither or both.
        StoryFileError: the file cannot be read, or a line is not understood; names the line.
    """
    if path is not None and question is None:
        return list(conversations_in(path))
    if question is not None and path is None:
        return [Conversation(id=None, turns=(question,))]
    raise SettingError(
        'There is nothing to ask, or too much: storydesk ask "How long did it last?", '
        "or storydesk ask --file questions.jsonl."
    )


def conversations_in(path: Path) -> Iterator[Conversation]:
    """Yield the conversations of a file, one JSON object a line; empty lines are passed over.

    Raises:
        StoryFileError: the file cannot be read, or a line is not understood; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise StoryFileError(f"The file {path} is not UTF-8 text.") from None
    except OSError as error:
        raise StoryFileError(f"The file {path} cannot be read: {error.strerror}.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _conversation(line, path, number)


async def answered(answering: ReaderAnswers, conversation: Conversation) -> list[Asked]:
    """Return the answers to the turns of one conversation, leaving no trace in the database."""
    before: Answer | None = None
    done: list[Asked] = []
    for turn, question in enumerate(conversation.turns, start=1):
        began = time.perf_counter()
        given = await answering.consider(question, after=before)
        ms = (time.perf_counter() - began) * 1000
        done.append(
            Asked(id=conversation.id, turn=turn, question=question, answer=given, ms=round(ms, 2))
        )
        if given.outcome in LEANED_ON:
            before = given
    return done


async def explained(
    answering: ReaderAnswers, explaining: Explanations, conversation: Conversation
) -> list[str]:
    """Return for each turn of a conversation what it is told and why, as a person reads it."""
    before: Answer | None = None
    done = []
    for asked in await answered(answering, conversation):
        reasons = await explaining.explain(asked.question, after=before)
        done.append(f"{explanations.text(reasons)}\n\n{as_text(asked)}\n")
        if asked.answer.outcome in LEANED_ON:
            before = asked.answer
    return done


def as_json(asked: Asked) -> str:
    """Return one answer as one line of JSON."""
    given = asked.answer
    line: dict[str, Any] = {
        "id": asked.id,
        "turn": asked.turn,
        "question": asked.question,
        "outcome": given.outcome.value,
        "text": plain(story_overview.answer(given)),
        "facts": _facts(given.told) if given.outcome is Outcome.ANSWER else [],
    }
    if given.outcome is Outcome.UNKNOWN and given.told:
        line["known_unknown"] = _facts(given.told)[0]
    if given.outcome is Outcome.NOT_COVERED and given.told:
        line["not_covered"] = _facts(given.told)[0]
    if given.whole is not None:
        line["screen"] = given.whole.request.screen.value
    if given.parts:
        line["parts"] = [
            {"question": part.question, "outcome": part.outcome and part.outcome.value}
            for part in given.parts
        ]
    line["candidates"] = [
        fact | {"question": found.fact.question}
        for fact, found in zip(_facts(given.candidates), given.candidates, strict=True)
    ]
    line["ms"] = asked.ms
    # What cannot be written as UTF-8 came from outside and goes back as an escape.
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def as_text(asked: Asked) -> str:
    """Return one answer as a person reads it, with the choices that buttons would be."""
    message = story_overview.answer(asked.answer)
    choices = [f"  {n}. {messages.label_of(c.fact)}" for n, c in enumerate(asked.answer.choices, 1)]
    return "\n".join([plain(message), *choices])


def _facts(found: tuple[Found, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.fact.id,
            "key": each.fact.key,
            "text": each.fact.text,
            "source": each.fact.source,
            "confidence": round(each.confidence, 4),
        }
        for each in found
    ]


def _conversation(line: str, path: Path, number: int) -> Conversation:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise _unclear(path, number, f"it is not JSON ({error})") from None
    except RecursionError:
        raise _unclear(path, number, "it is nested too deeply") from None
    if not isinstance(item, dict):
        raise _unclear(path, number, "it is not an object")
    turns = item.get("turns", [item])
    if not isinstance(turns, list) or not turns:
        raise _unclear(path, number, '"turns" is not a list of questions')
    questions = [turn.get("q") if isinstance(turn, dict) else None for turn in turns]
    if not all(isinstance(question, str) for question in questions):
        raise _unclear(path, number, 'a question has no text under "q"')
    name = item.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        raise _unclear(path, number, '"id" is neither text nor a number')
    return Conversation(id=name, turns=tuple(map(str, questions)))


def _unclear(path: Path, number: int, fault: str) -> StoryFileError:
    return StoryFileError(
        f"Line {number} of {path} is not understood, {fault}: "
        'write {"id": "1", "q": "How long did it last?"}.'
    )
