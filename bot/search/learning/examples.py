"""Questions with known answers to learn from: public sets and the bundled story's own."""

import itertools
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.search.language.lexicon import Name, StoryLexicon
from bot.search.verdict import Document

GAPS = ("unknown", "not covered")
"""Statuses of what says why there is no answer."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question and the ids of the documents that answer it; none where nothing does."""

    text: str
    gold: frozenset[int]
    style: str  # answerable, off, near
    after: tuple[str, int] | None = None  # the question before, and the document told
    beside: int | None = None  # the document that answers nearly the same question


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Documents and questions on them."""

    name: str
    documents: tuple[Document, ...]
    lexicon: StoryLexicon
    examples: tuple[Example, ...]


def public(path: Path) -> Iterator[Collection]:
    """Yield the stories of a file in the format of the public question sets."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield collection(json.loads(line))


def collection(story: Mapping[str, Any]) -> Collection:
    """Return one story of a public set."""
    ids = {fact["id"]: number for number, fact in enumerate(story["facts"])}
    documents = tuple(
        Document(id=ids[fact["id"]], text=fact["text"], phrasings=tuple(fact.get("aliases", ())))
        for fact in story["facts"]
    )
    asked = [
        Example(
            text=question["text"],
            gold=frozenset(ids[gold] for gold in question["gold"]),
            style="answerable",
        )
        for question in story["questions"]
    ]
    asked += [_unanswerable(text, "off") for text in story.get("off_topic", ())]
    asked += [_unanswerable(text, "near") for text in story.get("adversarial", ())]
    return Collection(
        name=story["id"], documents=documents, lexicon=StoryLexicon(), examples=tuple(asked)
    )


def story(path: Path) -> tuple[tuple[Document, ...], StoryLexicon]:
    """Return the documents and the lexicon of a story file (TOML)."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    documents = tuple(
        Document(
            id=number,
            text=fact["text"],
            question=fact.get("question"),
            phrasings=tuple(fact.get("phrasings", ())),
            topics=tuple(fact.get("topics", ())),
            source=fact.get("source"),
            unknown=fact.get("status") in GAPS,
        )
        for number, fact in enumerate(data["facts"])
    )
    lexicon = StoryLexicon(
        names=tuple(
            Name(name=name["name"], kind=name["kind"], also=tuple(name.get("also", ())))
            for name in data.get("names", ())
        ),
        synonyms=tuple(tuple(group["words"]) for group in data.get("synonyms", ())),
    )
    return documents, lexicon


def plain(text: str) -> str:
    """Return `text` as it is scored: lower case, straight quotes."""
    return text.lower().translate(_QUOTES)


def right(must: Sequence[Sequence[str]], answer: str) -> bool:
    """Return whether an answer (as `plain` gives it) holds one substring of every group."""
    return all(any(part in answer for part in group) for group in must)


def own(path: Path, documents: Sequence[Document]) -> Iterator[Example]:
    """Yield the questions of a file of the story; a fact answers if it holds what it must."""
    answers = [plain(f"{document.text} {document.source or ''}") for document in documents]
    for line in path.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if not question["must"]:
            yield _unanswerable(question["q"], question["style"])
            continue
        gold = frozenset(
            document.id
            for document, answer in zip(documents, answers, strict=True)
            if not document.unknown and right(question["must"], answer)
        )
        if gold:
            yield Example(text=question["q"], gold=gold, style="answerable")


def held_out(
    documents: Sequence[Document], lexicon: StoryLexicon, folds: int
) -> Iterator[Collection]:
    """Yield the documents `folds` times, each time asked by the phrasings that were left out.

    One who asks for a known unknown asks a near question, and is to be told just that.
    """
    for fold in range(folds):
        yield Collection(
            name=f"fold {fold}",
            documents=tuple(
                replace(
                    document,
                    phrasings=tuple(
                        way for at, way in enumerate(document.phrasings) if at % folds != fold
                    ),
                )
                for document in documents
            ),
            lexicon=lexicon,
            examples=tuple(
                Example(
                    text=way,
                    gold=frozenset({document.id}),
                    style="near" if document.unknown else "answerable",
                )
                for document in documents
                for way in document.phrasings[fold::folds]
            ),
        )


def with_few_ways(collection: Collection, count: int) -> Collection:
    """Return a collection as a hurried editor leaves it: a question and `count` other ways each."""
    return replace(
        collection,
        name=f"{collection.name}, {count} phrasings",
        documents=tuple(_with_few(each, count) for each in collection.documents),
    )


def _with_few(document: Document, count: int) -> Document:
    ways = [way for way in (document.question, *document.phrasings) if way is not None]
    return replace(
        document, question=ways[0] if ways else None, phrasings=tuple(ways[1 : count + 1])
    )


def prepared(folder: Path, count: int) -> Collection:
    """Return a story of `tests/stories` with `count` phrasings a fact, asked by its readers.

    Where a question does not name the facts that answer it, those do that hold what it must.
    """
    keys, documents = _prepared(folder)
    answers = [plain(f"{document.question} {document.text}") for document in documents]
    asked = []
    file = folder / "questions.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else ()
    for line in lines:
        question = json.loads(line)
        if "turns" in question:
            continue
        if "facts" in question:
            gold = frozenset(keys[key] for key in question["facts"])
        else:
            must = question["must"]
            gold = frozenset(n for n, text in enumerate(answers) if must and right(must, text))
        unanswerable = question["style"] in ("near", "off", "chat")
        style = question["style"] if unanswerable else "answerable" if gold else "near"
        asked.append(Example(text=question["q"], gold=gold, style=style))
    return with_few_ways(
        Collection(
            name=folder.name, documents=documents, lexicon=StoryLexicon(), examples=tuple(asked)
        ),
        count,
    )


def left_out(folder: Path, count: int) -> Collection:
    """Return a story of `tests/stories` with `count` phrasings a fact, asked by its other ones."""
    _, documents = _prepared(folder)
    asked = tuple(
        Example(text=way, gold=frozenset({document.id}), style="answerable")
        for document in documents
        for way in document.phrasings[count:]
    )
    everything = Collection(
        name=folder.name, documents=documents, lexicon=StoryLexicon(), examples=asked
    )
    return with_few_ways(everything, count)


def lesson(path: Path, count: int) -> Collection:
    """Return a story of `tests/stories/lessons` with `count` phrasings a fact.

    It is asked by its other ones, and by questions that no fact answers.
    """
    story = json.loads(path.read_text(encoding="utf-8"))
    keys, documents = _documents(story["facts"])
    asked = [
        Example(text=way, gold=frozenset({document.id}), style="answerable")
        for document in documents
        for way in document.phrasings[count:]
    ]
    asked += [_unanswerable(text, "near") for text in story["near"]]
    asked += [
        replace(_unanswerable(each["question"], "near"), beside=keys[each["fact"]])
        for each in story.get("beside", ())
    ]
    everything = Collection(
        name=path.stem, documents=documents, lexicon=StoryLexicon(), examples=tuple(asked)
    )
    return with_few_ways(everything, count)


def follow_ups(path: Path, count: int) -> Collection:
    """Return a story, in a folder or a file of lessons, asked what leans on the question before."""
    if path.is_dir():
        keys, documents = _prepared(path)
        asked = list(_turns(path / "questions.jsonl", keys))
    else:
        story = json.loads(path.read_text(encoding="utf-8"))
        keys, documents = _documents(story["facts"])
        asked = [
            _follow_up(
                each["then"],
                frozenset(keys[key] for key in (each["answer"],) if key is not None),
                (each["first"], keys[each["fact"]]),
            )
            for each in story["follow"]
        ]
    everything = Collection(
        name=path.stem, documents=documents, lexicon=StoryLexicon(), examples=tuple(asked)
    )
    return with_few_ways(everything, count)


def _turns(path: Path, keys: Mapping[str, int]) -> Iterator[Example]:
    """Yield the later turns of the dialogues in a file, where the turn before has an answer."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    for turns in (json.loads(line).get("turns", ()) for line in lines):
        for before, turn in itertools.pairwise(turns):
            if before["facts"]:
                gold = frozenset(keys[key] for key in turn["facts"])
                yield _follow_up(turn["q"], gold, (before["q"], keys[before["facts"][0]]))


def own_follow_ups(path: Path, documents: Sequence[Document]) -> Iterator[Example]:
    """Yield the later turns of a file of dialogues; a fact answers if it holds what it must."""
    answers = [plain(f"{document.text} {document.source or ''}") for document in documents]

    def gold(must: Sequence[Sequence[str]]) -> frozenset[int]:
        return frozenset(
            document.id
            for document, answer in zip(documents, answers, strict=True)
            if must and not document.unknown and right(must, answer)
        )

    for line in path.read_text(encoding="utf-8").splitlines():
        for before, turn in itertools.pairwise(json.loads(line)["turns"]):
            told, answer = gold(before["must"]), gold(turn["must"])
            if told and (answer or not turn["must"]):
                yield _follow_up(turn["q"], answer, (before["q"], min(told)))


def _follow_up(text: str, gold: frozenset[int], after: tuple[str, int]) -> Example:
    return Example(text=text, gold=gold, style="answerable" if gold else "near", after=after)


def _prepared(folder: Path) -> tuple[dict[str, int], tuple[Document, ...]]:
    story = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return _documents(story["facts"])


def _documents(
    facts: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, int], tuple[Document, ...]]:
    """Return the documents of facts as they stand in a file, and the id of each by its key."""
    documents = tuple(
        Document(
            id=number,
            text=fact["text"],
            question=fact["question"],
            phrasings=tuple(fact["phrasings"]),
            source=fact.get("source"),
            unknown=fact.get("status") in GAPS,
        )
        for number, fact in enumerate(facts)
    )
    return {fact["key"]: number for number, fact in enumerate(facts)}, documents


def _unanswerable(text: str, style: str) -> Example:
    return Example(text=text, gold=frozenset(), style=style)
