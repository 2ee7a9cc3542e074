"""What is computed from the facts' texts and kept beside them, so that the next start is quick.

It may be lost at any time: it is computed again.
"""

import asyncio
from collections.abc import Sequence

from bot.search import Document, FactIndex, SentenceVectors, StoryLexicon
from bot.search.index import learned
from bot.search.index.learned import Learned
from bot.search.meaning import text_vectors
from bot.search.meaning.sentence_model import NAME as MODEL
from db.answers import learned_numbers, sentence_vectors
from db.engine import Database, Session


class DerivedData:
    """The vectors of texts, and what the classifier learned from all of them."""

    def __init__(self, *, meaning: bool) -> None:
        """Begin with nothing; without `meaning` no text gets a vector."""
        self.sentences = SentenceVectors() if meaning else None
        self._stored: Learned | None = None

    async def recall(
        self, session: Session, documents: Sequence[Document], lexicon: StoryLexicon
    ) -> Learned | None:
        """Take the stored vectors of the documents' texts; return what was learned from them."""
        if self.sentences is not None:
            stored = await sentence_vectors.of_model(session, MODEL)
            if stored:
                texts = text_vectors.texts(documents)
                found = ((text, stored.get(sentence_vectors.digest(text))) for text in texts)
                self.sentences.know({text: each for text, each in found if each is not None})
        stamp = await asyncio.to_thread(learned.stamp, lexicon)
        numbers = await learned_numbers.of_stamp(session, stamp)
        if numbers is not None:
            self._stored = await asyncio.to_thread(Learned.unpacked, numbers)
            return self._stored
        return None

    async def store(self, database: Database, index: FactIndex, lexicon: StoryLexicon) -> None:
        """Store what `index` computed since the last call, drop what it does not use."""
        await self._store_vectors(database, index)
        made = index.learned
        if made is None or made is self._stored:
            return
        stamp = await asyncio.to_thread(learned.stamp, lexicon)
        numbers = await asyncio.to_thread(made.packed)
        async with database.writing() as session:
            await learned_numbers.store(session, stamp, numbers)
        self._stored = made

    async def _store_vectors(self, database: Database, index: FactIndex) -> None:
        if self.sentences is None or not self.sentences.fresh:
            return
        fresh = self.sentences.stored_form()
        used = text_vectors.texts(index.documents)
        async with database.writing() as session:
            by_digest = {sentence_vectors.digest(text): each for text, each in fresh.items()}
            await sentence_vectors.store(session, MODEL, by_digest)
            await sentence_vectors.keep_only(
                session, MODEL, {sentence_vectors.digest(text) for text in used}
            )
        self.sentences.are_stored(fresh)
