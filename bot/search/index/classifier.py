"""A classifier over the ways of asking: which fact a question's wording belongs to.

Each text of a fact is one wording. The likeness of two texts is the square of their wordings'
product, so that what agrees in several ways counts more than the sum. Kernel ridge regression from
the texts to their facts (one target a fact) learns what tells the facts apart, stop words included:
"how do I" and "why did" are evidence here. With very many texts the mean wording of each fact
stands in for it.
"""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.index import ridge
from bot.search.index.learned import Learned
from bot.search.index.ridge import Factor
from bot.search.index.wording import Floats, Places, Reader, Wording, Wordings
from bot.search.language.analyzer import Token
from bot.search.verdict import Document

PENALTY: Final = 0.3
"""Of the ridge, against texts whose likeness to themselves is 1; chosen on public intents."""

MOST_ROWS: Final = 8_000
"""Texts up to which the regression is solved (four seconds); then, up to MOST_MEANS, the means."""

MOST_MEANS: Final = 30_000

MOST_FACTS: Final = 2_000
"""Facts up to which there is a classifier: beyond, its table would outgrow its use."""

TEXT_WEIGHT: Final = 0.5
"""What the fact's own text counts for beside one way of asking."""

HINT_WEIGHT: Final = 0.3
"""What a way of asking that no editor has confirmed counts for."""

MOST_AMENDED: Final = 256
"""Texts come and gone up to which the regression is amended instead of solved anew."""

NEIGHBOURS: Final = 768
"""Texts most like those come and gone that are learned again with them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a fact, as far as the classifier is concerned."""

    document: int  # its id
    text: str
    importance: float

    @property
    def mark(self) -> int:
        """Return a number that tells the text and its importance, 64 bits."""
        whole = f"{self.importance} {self.text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "little")


@dataclass(frozen=True, eq=False)
class Amendment:
    """What texts that came and went since all was learned add to it."""

    more: Wordings  # those that came
    columns: Places  # by fact: its column in what was learned, -1 for a new one
    order: Places  # the texts of the first fact, of the second, …: those that came stand last
    starts: Places  # where those of each fact begin in it
    rows: Places  # the texts whose part changes
    change: Floats  # (rows, facts)


@dataclass(frozen=True, eq=False)
class Classifier:
    """Scores every fact by the wording of a question alone. Immutable."""

    _reader: Reader
    learned: Learned | None  # None where the means stand in
    amendment: Amendment | None = None  # None where nothing has changed
    _means: Floats | None = None  # (features, facts)

    @classmethod
    def build(
        cls, documents: Sequence[Document], reader: Reader, learned: Learned | None = None
    ) -> "Classifier | None":
        """Return the classifier; None where nobody says how facts are asked, or facts abound.

        What was `learned` before from nearly the same texts is used, and amended where they differ.
        """
        if len(documents) > MOST_FACTS or not any(d.question or d.phrasings for d in documents):
            return None
        each = [_texts(document) for document in documents]
        texts = list(itertools.chain.from_iterable(each))
        if len(texts) > MOST_MEANS:
            return None
        if learned is not None and len(texts) <= MOST_ROWS:
            return cls(reader, learned).updated(documents)
        owners = np.repeat(np.arange(len(each)), [len(of_document) for of_document in each])
        importance = np.array([text.importance for text in texts], np.float32)
        wordings = reader.of([text.text for text in texts])
        if len(texts) > MOST_ROWS:
            return cls(reader, None, None, _means(wordings, owners, importance, len(each)))
        return cls(
            reader,
            Learned(
                documents=np.array([document.id for document in documents], np.int64),
                owners=owners,
                marks=np.array([text.mark for text in texts], np.uint64),
                importance=importance,
                wordings=wordings,
                solution=_solved(wordings, owners, importance, len(each)),
            ),
        )

    def updated(self, documents: Sequence[Document]) -> "Classifier | None":
        """Return what `build` gives for `documents`, nearly, at once where few texts changed."""
        learned = self.learned
        each = [_texts(document) for document in documents]
        asked = sum(len(of_document) - 1 for of_document in each)
        if learned is None or not asked or asked + len(each) > MOST_ROWS or len(each) > MOST_FACTS:
            return self.build(documents, self._reader)
        order, come, gone = _compared(learned, each)
        if len(come) + len(gone) > MOST_AMENDED:
            return self.build(documents, self._reader)
        numbers = np.array([document.id for document in documents], np.int64)
        if not come and not len(gone) and np.array_equal(numbers, learned.documents):
            return replace(self, amendment=None)
        known = {number: column for column, number in enumerate(learned.documents.tolist())}
        columns = np.array([known.get(number, -1) for number in numbers.tolist()], np.int64)
        sizes = np.array([len(texts) for texts in each], np.int64)
        targets = np.zeros((len(come), len(each)), np.float32)
        places = {number: place for place, number in enumerate(numbers.tolist())}
        targets[np.arange(len(come)), [places[text.document] for text in come]] = 1
        more = self._reader.of([text.text for text in come])
        importance = np.array([text.importance for text in come], np.float32)
        rows, change = _amended(learned, columns, gone, more, importance, targets)
        amendment = Amendment(more, columns, order, np.cumsum(sizes) - sizes, rows, change)
        return replace(self, amendment=amendment)

    def scores(self, tokens: Sequence[Token]) -> Floats:
        """Return for each fact (2, facts) its score and the likeness of its nearest text, 0..1."""
        one = self._reader.one(tokens)
        if self._means is not None:
            products = one.row @ self._means
            return np.stack([products, np.square(products)])
        learned, amendment = self.learned, self.amendment
        assert learned is not None  # noqa: S101 - there is one where there are no means
        alike = ridge.likeness(learned.wordings.products(one))
        scores = learned.solution @ alike
        if amendment is None:
            return np.stack([scores, np.maximum.reduceat(alike, learned.starts)])
        alike = np.concatenate((alike, ridge.likeness(amendment.more.products(one))))
        scores = _in_columns(scores[None, :], amendment.columns)[0]
        scores += alike[amendment.rows] @ amendment.change
        return np.stack([scores, np.maximum.reduceat(alike[amendment.order], amendment.starts)])


def _texts(document: Document) -> list[Text]:
    """Return a document's text, question, phrasings and hints."""
    asked = () if document.question is None else (document.question,)
    return [
        Text(document.id, document.text, TEXT_WEIGHT),
        *(Text(document.id, text, 1.0) for text in (*asked, *document.phrasings)),
        *(Text(document.id, text, HINT_WEIGHT) for text in document.hints),
    ]


def _solved(wordings: Wordings, owners: Places, importance: Floats, facts: int) -> Floats:
    """Return the solution of the regression, (facts, texts).

    As exact as half precision tells, in which it is kept: a second start answers as the first.
    """
    blocks = ridge.columns(wordings.rows(np.arange(len(wordings))), PENALTY / importance)
    targets = np.zeros((len(wordings), facts), np.float32)
    targets[np.arange(len(wordings)), owners] = 1
    solution = Factor.of(blocks).solved(targets).T.astype(np.float16)
    return np.ascontiguousarray(solution, np.float32)


def _compared(
    learned: Learned, each: Sequence[Sequence[Text]]
) -> tuple[Places, list[Text], Places]:
    """Return where the texts of all documents stand, which come, and the places of those gone.

    The texts that come stand behind the old ones.
    """
    owners = learned.documents[learned.owners].tolist()
    standing: dict[tuple[int, int], list[int]] = {}
    for place, key in enumerate(zip(owners, learned.marks.tolist(), strict=True)):
        standing.setdefault(key, []).append(place)
    order: list[int] = []
    come: list[Text] = []
    for text in itertools.chain.from_iterable(each):
        places = standing.get((text.document, text.mark))
        if places:
            order.append(places.pop())
        else:
            order.append(len(owners) + len(come))
            come.append(text)
    gone = sorted(place for places in standing.values() for place in places)
    return np.array(order, np.int64), come, np.array(gone, np.int64)


def _amended(
    learned: Learned,
    columns: Places,
    gone: Places,
    more: Wordings,
    importance: Floats,
    targets: Floats,
) -> tuple[Places, Floats]:
    """Return the texts whose part in the solution changes, and by how much, (texts, facts).

    Those that come stand behind the old ones; `importance` and `targets` are theirs.
    """
    old = learned.wordings
    fresh = more.rows(np.arange(len(more)))
    changed = np.concatenate((old.rows(gone), fresh))
    alike = np.zeros((len(changed), len(old)), np.float32)
    for row, wording in enumerate(changed):
        alike[row] = ridge.likeness(old.products(Wording.of(wording)))
    near = alike.max(axis=0, initial=0)
    near[gone] = -1
    nearest = np.argsort(-near, kind="stable")[: min(NEIGHBOURS, len(old) - len(gone))]
    lost = _in_columns(learned.solution.T[gone], columns)
    lack = targets - _in_columns(alike[len(gone) :] @ learned.solution.T, columns)
    lack += alike[len(gone) :, gone] @ lost
    change = ridge.step(
        np.concatenate((old.rows(nearest), fresh)),
        PENALTY / np.concatenate((learned.importance[nearest], importance)),
        np.concatenate((alike[: len(gone), nearest].T @ lost, lack)),
    )
    came = len(old) + np.arange(len(more))
    return np.concatenate((nearest, came, gone)), np.concatenate((change, -lost))


def _in_columns(table: Floats, columns: NDArray[np.int64]) -> Floats:
    """Return the columns of a table in another order; zeros for -1."""
    found: Floats = np.where(columns >= 0, table[:, columns], np.float32(0))
    return found


def _means(wordings: Wordings, owners: Places, importance: Floats, facts: int) -> Floats:
    """Return the mean wording of each fact, (features, facts)."""
    sums: list[Floats] = []
    ends = np.searchsorted(owners, np.arange(facts + 1))
    for start, stop in itertools.pairwise(ends.tolist()):
        worth = importance[start:stop]
        sums.append(worth @ wordings.rows(np.arange(start, stop)) / worth.sum())
    return np.ascontiguousarray(np.stack(sums).T)
