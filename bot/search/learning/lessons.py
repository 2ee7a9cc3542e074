"""What there is to learn from: questions with known answers, ready with their evidence.

Each public set stands for one sort of store: sentences without questions (`squad_tune`), intents
with a few ways of asking each (`clinc150_k5`), answers with one question each (`stackfaq`). Each
story is learned as its editor typed it, with no other way of asking, with one and with three. What
must be declined are its own near and off-topic questions, questions to the other stories, and its
facts' own questions with one particular swapped.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from bot.search.evidence.retrieval import Found
from bot.search.index.fact_index import FactIndex
from bot.search.language import follow_ups
from bot.search.learning import examples
from bot.search.learning.examples import Collection, Example
from bot.search.learning.fitting import Case
from bot.search.learning.pairs import pairs
from bot.search.meaning.text_vectors import SentenceVectors
from bot.search.ranking.ranker import mix
from bot.search.verdict import Context

PHRASINGS: Final = (0, 1, 3)
"""Other ways of asking a fact that a story is learned with."""

BEGINNINGS: Final = (5, 10, 20)
"""Facts of a story that has just begun."""

AFTER_ANOTHER: Final = 12
"""Questions a story that do not lean on the one before and are asked after it."""

EXERCISES: Final = 140
"""Questions a story that is only learned from, with each count of phrasings."""

BEGUN: Final = 60
"""Questions a story that has just begun."""

STRANGE: Final = 60
"""Questions to other stories that a story learns to decline."""

SETS: Final = {"squad_tune": 60, "clinc150_k5": 500, "stackfaq": 700}
"""Questions a story of each public set: enough of each, none outweighs the others."""

ARTICLES: Final = 16
"""Stories of one public set, the last ones: `tune_sentences` takes the first."""

FOREIGN: Final = {"clinc150_k5": 350, "stackfaq": 100, "squad_tune": 350}
"""Questions on anything else that the bundled story learns to decline."""

WEIGHTS: Final = {
    "squad_tune": 0.3,
    "clinc150_k5": 0.4,
    "stackfaq": 0.4,
    "phrasings": 0.25,
    "exercises": 0.2,
    "beginnings": 0.3,
    "strange": 1.0,
    "pairs": 2.0,
    "kept": 3.0,
    "foreign": 3.6,
    "kept out": 0.05,
}
"""What a question of each sort counts for beside one of a story's readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A collection, and what its questions count for."""

    collection: Collection
    group: str  # what is left out together
    weight: float = 1.0
    near: float = 2.0  # what a near question counts for beside an answerable one
    off: float = 1.0
    order_only: bool = False  # its questions are not readers' own: no part in the probability
    any_unknown: bool = False  # nobody says which known unknown a near question is for
    swaps: bool = False  # its facts' own questions, swapped, are learned too


def public(folder: Path) -> Iterator[Lesson]:
    """Yield the public sets, clean and with typing slips."""
    for name, most in SETS.items():
        for sort, share in (("", 1.0), (".typo", 0.5)):
            for each in list(examples.public(folder / f"{name}{sort}.jsonl"))[-ARTICLES:]:
                asked = _sampled(each, round(most * share))
                for cut in (0, 2, 4) if name == "clinc150_k5" else (None,):
                    shown = asked if cut is None else examples.with_few_ways(asked, cut)
                    yield Lesson(
                        collection=shown,
                        group=name,
                        weight=WEIGHTS[name],
                        swaps=name != "squad_tune" and not sort and not cut,
                    )


def stories(folders: Sequence[Path]) -> Iterator[Lesson]:
    """Yield each story of `folders` with few ways of asking, asked by readers and by the rest."""
    for folder in folders:
        for count in PHRASINGS:
            yield Lesson(
                collection=examples.prepared(folder, count), group=folder.name, swaps=count < 2
            )
            if count < max(PHRASINGS):
                asked = examples.left_out(folder, count)
                yield Lesson(collection=asked, group=folder.name, weight=WEIGHTS["phrasings"])


def exercises(files: Sequence[Path]) -> Iterator[Lesson]:
    """Yield each story that is only learned from, with few ways of asking."""
    for path in files:
        for count in PHRASINGS:
            asked = _sampled(examples.lesson(path, count), EXERCISES)
            yield Lesson(
                collection=asked, group=path.stem, weight=WEIGHTS["exercises"], swaps=count < 2
            )


def beginnings(paths: Sequence[Path], chance: random.Random) -> Iterator[Lesson]:
    """Yield each story as it is when few facts are known: what asks for the others is near."""
    for path in paths:
        of_story = examples.left_out if path.is_dir() else examples.lesson
        for size in BEGINNINGS:
            yield Lesson(
                collection=_sampled(_beginning(of_story(path, 0), size, chance), BEGUN),
                group=path.stem,
                weight=WEIGHTS["beginnings"],
                near=1.0,
            )


def _beginning(collection: Collection, size: int, chance: random.Random) -> Collection:
    """Return some facts of a collection, asked for as often as others that it does not hold."""
    kept = chance.sample(collection.documents, size)
    places = {document.id: place for place, document in enumerate(kept)}
    moved = [
        replace(
            each,
            gold=frozenset(places[one] for one in each.gold if one in places),
            beside=None if each.beside is None else places.get(each.beside),
        )
        for each in collection.examples
    ]
    known = [each for each in moved if each.gold]
    others = [replace(each, style="near") for each in moved if not each.gold]
    asked = (*known, *chance.sample(others, min(len(known), len(others))))
    documents = tuple(replace(each, id=place) for place, each in enumerate(kept))
    return replace(collection, documents=documents, examples=asked)


def dialogues(
    paths: Sequence[Path], story: Path, files: Sequence[Path], chance: random.Random
) -> Iterator[Lesson]:
    """Yield every story asked what leans on the question before, and what does not.

    `paths` are stories with few ways of asking, `files` dialogues on the bundled `story`.
    """
    for path in paths:
        for count in PHRASINGS[::2]:
            leaning = examples.follow_ups(path, count)
            of_story = examples.prepared if path.is_dir() else examples.lesson
            by_itself = _after_another(of_story(path, count), chance)
            asked = replace(leaning, examples=(*leaning.examples, *by_itself))
            yield Lesson(collection=asked, group=path.stem, near=1.0)
    documents, lexicon = examples.story(story)
    turns = [each for path in files for each in examples.own_follow_ups(path, documents)]
    yield Lesson(
        collection=Collection(
            name="call", documents=documents, lexicon=lexicon, examples=tuple(turns)
        ),
        group="call",
        weight=WEIGHTS["kept"],
        near=1.0,
    )


def _after_another(collection: Collection, chance: random.Random) -> Iterator[Example]:
    """Yield some of the questions of a collection, each after a question on something else."""
    known = [each for each in collection.documents if each.question and not each.unknown]
    for example in chance.sample(collection.examples, min(AFTER_ANOTHER, len(collection.examples))):
        told = chance.choice(known)
        if told.id not in example.gold:
            yield replace(example, after=(told.question or "", told.id))


def strange(folders: Sequence[Path], chance: random.Random) -> Iterator[Lesson]:
    """Yield each story asked what is asked of the others."""
    asked = {
        folder.name: [each.text for each in examples.left_out(folder, 0).examples]
        for folder in folders
    }
    for folder in folders:
        others = [text for name, texts in asked.items() if name != folder.name for text in texts]
        some = chance.sample(others, min(STRANGE, len(others)))
        for count in PHRASINGS[::2]:
            yield Lesson(
                collection=replace(
                    examples.prepared(folder, count),
                    examples=tuple(
                        Example(text=each, gold=frozenset(), style="off") for each in some
                    ),
                ),
                group=folder.name,
                weight=WEIGHTS["strange"],
            )


def bundled(story: Path, questions: Sequence[Path], qa: Path) -> Iterator[Lesson]:
    """Yield the bundled story, kept as a story should be.

    Cut down to few ways of asking it teaches nothing: the
    sentence model was tuned on its phrasings.
    """
    documents, lexicon = examples.story(story)
    asked = tuple(each for path in questions for each in examples.own(path, documents))
    kept = Collection(name="call", documents=documents, lexicon=lexicon, examples=asked)
    yield Lesson(collection=kept, group="call", weight=WEIGHTS["kept"], any_unknown=True)
    foreign = replace(kept, examples=tuple(_foreign(qa)))
    yield Lesson(collection=foreign, group="call", weight=WEIGHTS["foreign"])
    for fold in examples.held_out(documents, lexicon, 4):
        yield Lesson(
            collection=_sampled(fold, 700),
            group="call",
            weight=WEIGHTS["kept out"],
            order_only=True,
        )


def _foreign(qa: Path) -> Iterator[Example]:
    chance = random.Random(5)  # noqa: S311 - repeatable, no secret
    for name, count in FOREIGN.items():
        texts = [
            example.text
            for collection in examples.public(qa / f"{name}.jsonl")
            for example in collection.examples
            if example.gold
        ]
        for text in chance.sample(texts, count):
            yield Example(text=text, gold=frozenset(), style="off")


def cases(lessons: Sequence[Lesson], vectors: SentenceVectors | None) -> Iterator[Case]:
    """Yield every question of some lessons with its evidence."""
    for lesson in lessons:
        yield from _cases(lesson, vectors)


def _cases(lesson: Lesson, vectors: SentenceVectors | None) -> Iterator[Case]:
    collection = lesson.collection
    index = FactIndex.build(collection.documents, lexicon=collection.lexicon, sentences=vectors)
    unknown = np.array([document.unknown for document in collection.documents])
    shares = mix(collection.documents)
    swapped = pairs(collection.documents) if lesson.swaps else []
    if vectors is not None:
        vectors.remember(
            [*(each.text for each in collection.examples), *(each.swapped for each in swapped)]
        )

    def case(example: Example, weight: float, not_told: int | None = None) -> Case | None:
        found = _found(index, example)
        if found is None:
            return None
        right = np.isin(found.places, list(example.gold))
        return Case(
            example,
            found,
            right,
            unknown[found.places],
            shares,
            collection.name,
            weight,
            not_told,
            lesson.order_only,
            lesson.any_unknown and example.style == "near" and not example.gold,
            example.after is not None,
        )

    made = [case(each, lesson.weight * _weight(lesson, each)) for each in collection.examples]
    for pair in swapped:
        own = frozenset({pair.document})
        place = index.place_of(pair.document)
        weight = lesson.weight * WEIGHTS["pairs"]
        made.append(case(Example(text=pair.swapped, gold=frozenset(), style="near"), weight, place))
        made.append(case(Example(text=pair.asked, gold=own, style="answerable"), weight, place))
    yield from (each for each in made if each is not None)


def _found(index: FactIndex, example: Example) -> Found | None:
    if example.after is None:
        return index.find(example.text)
    question, told = example.after
    return follow_ups.find(index, example.text, Context(question=question, documents=(told,)))


def _weight(lesson: Lesson, example: Example) -> float:
    if example.gold:
        return 1.0
    return lesson.near if example.style == "near" else lesson.off


def _sampled(collection: Collection, most: int) -> Collection:
    shuffled = list(collection.examples)
    random.Random(3).shuffle(shuffled)  # noqa: S311 - repeatable, no secret
    return replace(collection, examples=tuple(shuffled[:most]))
