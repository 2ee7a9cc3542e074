"""Finds the waiting question that a new one is another wording of."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from bot.search import Document, FactIndex
from bot.search.comparison.same_question import same_question
from bot.services.answers.index_cache import words
from bot.services.questions.personal_data import REMOVED
from db.records import Lexicon

WORDINGS: Final = 20
"""Ways of asking of one waiting question that a new one is compared with: the first."""


class Grouping:
    """The index of the questions that wait, mended where they changed."""

    def __init__(self) -> None:
        self._documents: dict[int, Document] = {}
        self._lexicon: Lexicon | None = None
        self._index: FactIndex | None = None

    async def like(
        self, said: str, waiting: Mapping[int, Sequence[str]], lexicon: Lexicon
    ) -> int | None:
        """Return the waiting question that asks the same as `said`; None for none."""
        documents = {
            number: _document(number, [_asked(way) for way in ways])
            for number, ways in waiting.items()
        }
        return await asyncio.to_thread(self._like, _asked(said), documents, lexicon)

    def _like(self, said: str, documents: dict[int, Document], lexicon: Lexicon) -> int | None:
        if not documents:
            return None
        if self._index is None or self._lexicon != lexicon:
            self._index = FactIndex.build(documents.values(), lexicon=words(lexicon))
        elif self._documents != documents:
            self._index = self._index.updated(
                [each for number, each in documents.items() if self._documents.get(number) != each],
                removed=self._documents.keys() - documents.keys(),
                revision=self._index.revision + 1,
            )
        self._documents, self._lexicon = documents, lexicon
        return same_question(self._index, said)


def _asked(said: str) -> str:
    """Return what was asked, without the marks of what was taken out: these are nobody's words."""
    return said.replace(REMOVED, " ")


def _document(number: int, ways: Sequence[str]) -> Document:
    return Document(
        id=number, text=ways[0], question=ways[0], phrasings=tuple(ways[1 : WORDINGS + 1])
    )
