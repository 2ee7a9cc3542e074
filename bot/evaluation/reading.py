"""Files of questions with known answers, as values. One JSON object a line, in two formats.

A public set: each line is a story with its own facts, `id`, `facts` [{`id`, `text`, `aliases`}],
`questions` [{`text`, `gold` [ids]}], `off_topic` and `adversarial` [texts that no fact answers].

A story's own questions: `id`, `q`, `style`, `must`, or `id` and `turns` [{`q`, `must`}]. `must`
lists groups of lower-case pieces: an answer is right when it holds one piece of every group, and
where there is no group nothing of the story answers. `facts` may stand in for it: the keys of the
facts that answer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from bot.errors import QuestionFileError
from bot.search import Document, StoryLexicon

OFF: Final = "off"
NEAR: Final = "near"
CHAT: Final = "chat"
"""Styles of questions that nothing answers; the other styles only say how one is worded."""

_STORY: Final = (
    '{"id": "s", "facts": [{"id": "f", "text": "…"}], "questions": [{"text": "…", "gold": ["f"]}]}'
)
_OWN: Final = '{"id": "1", "q": "How long did it last?", "style": "plain", "must": [["two hours"]]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicQuestion:
    """A question and the ids of the documents that answer it."""

    text: str
    gold: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStory:
    """One story of a public set."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[PublicQuestion, ...]
    off_topic: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    lexicon: StoryLexicon = field(default_factory=StoryLexicon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message, and what its answer must hold or which facts answer it."""

    question: str
    must: tuple[tuple[str, ...], ...] = ()
    facts: frozenset[str] | None = None  # keys of the facts that answer; None: by `must` alone

    @property
    def answerable(self) -> bool:
        """Whether anything of the story answers it."""
        return bool(self.must if self.facts is None else self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQuestion:
    """A question on the story in the database, or several that lean on one another."""

    id: str | int | None
    style: str | None  # None in a dialogue
    turns: tuple[Turn, ...]


Questions: TypeAlias = tuple[PublicStory, ...] | tuple[OwnQuestion, ...]


def read(path: Path) -> Questions:
    """Return what a file asks, in either format; its first line tells which.

    Raises:
        QuestionFileError: the file cannot be read or is empty, or a line is not understood; names
            the line.
    """
    rows = list(_rows(path))
    if not rows:
        raise QuestionFileError(f"The file {path} holds no questions: write {_OWN}.")
    first = rows[0][1]
    if "facts" in first and not {"q", "turns"} & first.keys():
        return tuple(_story(row, path, number) for number, row in rows)
    return tuple(_own(row, path, number) for number, row in rows)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise QuestionFileError(f"The file {path} is not UTF-8 text.") from None
    except OSError as error:
        raise QuestionFileError(f"The file {path} cannot be read: {error.strerror}.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _unclear(path, number, f"it is not JSON ({error})", _OWN) from None
        except RecursionError:
            raise _unclear(path, number, "it is nested too deeply", _OWN) from None
        if not isinstance(row, dict):
            raise _unclear(path, number, "it is not an object", _OWN)
        yield number, row


def _story(row: Mapping[str, Any], path: Path, number: int) -> PublicStory:
    try:
        ids: dict[str, int] = {}
        documents = []
        for place, fact in enumerate(_objects(row, "facts")):
            name = _text(fact, "id")
            if name in ids:
                raise _FaultError(f'two facts have the id "{name}"')
            ids[name] = place
            aliases = _texts(fact, "aliases")
            documents.append(Document(id=place, text=_text(fact, "text"), phrasings=aliases))
        questions = []
        for question in _objects(row, "questions"):
            gold = _texts(question, "gold")
            for name in gold:
                if name not in ids:
                    raise _FaultError(f'no fact has the id "{name}", which a question names')
            if not gold:
                raise _FaultError("a question has no gold: one without an answer is off_topic")
            questions.append(
                PublicQuestion(
                    text=_text(question, "text"), gold=frozenset(ids[name] for name in gold)
                )
            )
        return PublicStory(
            name=str(row.get("id", number)),
            documents=tuple(documents),
            questions=tuple(questions),
            off_topic=_texts(row, "off_topic"),
            near=_texts(row, "adversarial"),
        )
    except _FaultError as fault:
        raise _unclear(path, number, str(fault), _STORY) from None


def _own(row: Mapping[str, Any], path: Path, number: int) -> OwnQuestion:
    try:
        name = row.get("id")
        if isinstance(name, bool) or not isinstance(name, str | int | None):
            raise _FaultError('"id" is neither text nor a number')
        if "turns" in row:
            turns = tuple(_turn(turn) for turn in _objects(row, "turns"))
            if not turns:
                raise _FaultError('"turns" is empty')
            return OwnQuestion(id=name, style=None, turns=turns)
        turn = _turn(row)
        style = _text(row, "style") if "style" in row else ("plain" if turn.answerable else OFF)
        return OwnQuestion(id=name, style=style, turns=(turn,))
    except _FaultError as fault:
        raise _unclear(path, number, str(fault), _OWN) from None


def _turn(row: Mapping[str, Any]) -> Turn:
    if "facts" in row:
        return Turn(question=_text(row, "q"), facts=frozenset(_texts(row, "facts")))
    groups = row.get("must")
    if not isinstance(groups, list) or not all(
        isinstance(group, list) and group and all(isinstance(piece, str) for piece in group)
        for group in groups
    ):
        raise _FaultError('"must" is not a list of lists of texts')
    return Turn(question=_text(row, "q"), must=tuple(tuple(group) for group in groups))


class _FaultError(Exception):
    """What is wrong with a line."""


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise _FaultError(f'there is no text under "{name}"')
    return value


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _FaultError(f'"{name}" is not a list of texts')
    return tuple(value)


def _objects(row: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = row.get(name)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _FaultError(f'"{name}" is not a list of objects')
    return value


def _unclear(path: Path, number: int, fault: str, example: str) -> QuestionFileError:
    return QuestionFileError(
        f"Line {number} of {path} is not understood, {fault}: write {example}."
    )
