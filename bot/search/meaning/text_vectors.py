"""What whole texts mean: sentence vectors of the facts' texts, and how near a question is to each.

A vector depends on its text alone. Those that are known already, from a store, are used; the
others are computed, and kept apart so that they can be stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Floats
from bot.search.meaning import sentence_model
from bot.search.verdict import Document

HINTED: Final = 0.9
"""What nearness to a hint counts for: nobody at the desk has said that it asks for the fact."""

WELL_PHRASED: Final = 6.0
"""Ways of asking a fact from which the model adds nothing: such a story does not ask it."""

MOST_FACTS: Final = 2_000
"""Facts up to which texts get vectors: 15 ms of CPU and 768 bytes each."""


class SentenceVectors:
    """Vectors of texts: those known from before, and those computed since."""

    def __init__(
        self,
        known: Mapping[str, NDArray[np.float16]] | None = None,
        *,
        load: Callable[[], sentence_model.SentenceModel] = sentence_model.load,
    ) -> None:
        """Take the vectors of texts that are known; the model is loaded when it is first needed."""
        self._known = dict(known or {})
        self._load = load
        self.fresh: dict[str, NDArray[np.float16]] = {}

    def know(self, stored: Mapping[str, bytes]) -> None:
        """Take the vectors of texts that were stored, as `stored_form` gave them."""
        known = {text: np.frombuffer(each, np.float16) for text, each in stored.items()}
        self._known = {**known, **self._known}

    def stored_form(self) -> dict[str, bytes]:
        """Return the vectors that were computed and not yet stored, by text: 768 bytes each."""
        return {text: vector.tobytes() for text, vector in self.fresh.items()}

    def are_stored(self, texts: Iterable[str]) -> None:
        """Take note that the vectors of these texts are stored."""
        for text in texts:
            self.fresh.pop(text, None)

    def of(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of texts, (texts, dimensions). CPU work where they are not known."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            computed = self._load().vectors(missing).astype(np.float16)
            found = dict(zip(missing, computed, strict=True))
            self._known.update(found)
            self.fresh.update(found)
        rows = [self._known[text] for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), sentence_model.DIMENSIONS)

    def of_question(self, text: str) -> Floats:
        """Return the vector of a reader's words, (dimensions,); only those remembered are kept."""
        if text in self._known:
            return self._known[text].astype(np.float32)
        vector: Floats = self._load().vectors([text])[0]
        return vector

    def remember(self, texts: Sequence[str]) -> None:
        """Compute the vectors of texts that will be asked, together: several times faster."""
        self.of(texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """The vectors of all texts of an index."""

    vectors: SentenceVectors
    asked: Floats  # (ways of asking, dimensions)
    asked_of: NDArray[np.int64]  # the document that each belongs to
    asked_worth: Floats  # 1, or HINTED
    texts: Floats  # (documents, dimensions): of the answer alone
    whole: Floats  # (documents, dimensions): of question and answer together
    centre: Floats  # (dimensions,): the mean of all, unit length

    @classmethod
    def build(cls, documents: Sequence[Document], vectors: SentenceVectors) -> "Meanings | None":
        """Return the vectors of the documents' texts; None where the model is not worth asking.

        CPU work where vectors are not known yet: some 30 ms for a fact with its question.
        """
        if not is_asked(documents):
            return None
        ways = [_ways(document) for document in documents]
        whole = vectors.of([_whole(document) for document in documents])
        mean = whole.mean(axis=0)
        return cls(
            vectors=vectors,
            asked=vectors.of([way for asked in ways for way in asked]),
            asked_worth=np.array(
                [
                    HINTED if way in document.hints else 1.0
                    for asked, document in zip(ways, documents, strict=True)
                    for way in asked
                ],
                np.float32,
            ),
            asked_of=np.repeat(np.arange(len(documents)), [len(asked) for asked in ways]),
            texts=vectors.of([document.text for document in documents]),
            whole=whole,
            centre=(mean / max(float(np.linalg.norm(mean)), 1e-6)).astype(np.float32),
        )

    def nearness(self, question: str) -> tuple[Floats, float]:
        """Return how near a question is to each document, and to the story as a whole.

        Cosines, (3, documents): to the nearest way of asking, to the answer, to both together.
        """
        vector = self.vectors.of_question(question)
        asked = np.zeros(len(self.texts), np.float32)
        np.maximum.at(asked, self.asked_of, self.asked @ vector * self.asked_worth)
        near = np.stack([asked, self.texts @ vector, self.whole @ vector])
        return near.astype(np.float32), float(self.centre @ vector)


def is_asked(documents: Sequence[Document]) -> bool:
    """Return whether the sentence model adds anything to what the documents' words tell."""
    ways = sum(len(_ways(document)) for document in documents)
    return 0 < len(documents) <= MOST_FACTS and ways <= WELL_PHRASED * len(documents)


def texts(documents: Sequence[Document]) -> set[str]:
    """Return every text of the documents that has a vector."""
    if not is_asked(documents):
        return set()
    found = {way for document in documents for way in _ways(document)}
    found.update(document.text for document in documents)
    found.update(_whole(document) for document in documents)
    return found


def _ways(document: Document) -> tuple[str, ...]:
    question = () if document.question is None else (document.question,)
    return (*question, *document.phrasings, *document.hints)


def _whole(document: Document) -> str:
    """Return question and answer together: a short answer alone hardly means anything."""
    return " ".join((*_ways(document)[:1], document.text))
