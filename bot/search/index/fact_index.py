"""An immutable index of the facts, built from one revision of the story."""

import functools
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np

from bot.search import pipeline
from bot.search.evidence.columns import Floats
from bot.search.evidence.gathering import gather
from bot.search.evidence.retrieval import Found
from bot.search.index import candidates as index_candidates
from bot.search.index.classifier import Classifier
from bot.search.index.document import IndexedDocument, analyse
from bot.search.index.learned import Learned
from bot.search.index.postings import Postings
from bot.search.index.query import LENT, Query, QueryMaker
from bot.search.index.vocabulary import Vocabulary
from bot.search.index.wording import Reader
from bot.search.language.analyzer import STOP_WORDS, Analyzer, Token
from bot.search.language.lexicon import CompiledLexicon, StoryLexicon
from bot.search.language.spelling import Repairer
from bot.search.language.story_requests import Subject
from bot.search.meaning import word_vectors
from bot.search.meaning.text_vectors import Meanings, SentenceVectors
from bot.search.ranking.ranker import Profile, mix, profile
from bot.search.verdict import Context, Document, Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class FactIndex:
    """Documents that can be asked. A change gives a new index; the old one stays as it was."""

    revision: int
    documents: tuple[Document, ...]
    profile: Profile
    leaning: Profile  # the same for questions that lean on the last one
    _analyzer: Analyzer
    _lexicon: CompiledLexicon
    _vocabulary: Vocabulary
    _indexed: tuple[IndexedDocument, ...]
    _texts: Postings
    _asked: Postings
    _classifier: Classifier | None
    _sentences: SentenceVectors | None
    _meanings: Meanings | None
    _repairer: Repairer
    _queries: QueryMaker
    _places: Mapping[int, int]  # by document id
    subject: Subject = field(default_factory=Subject)  # a request for the whole story may name it

    @classmethod
    def build(
        cls,
        documents: Iterable[Document],
        *,
        lexicon: StoryLexicon | None = None,
        revision: int = 0,
        sentences: SentenceVectors | None = None,
        learned: Learned | None = None,
        subject: Subject | None = None,
    ) -> "FactIndex":
        """Return an index of `documents`, in their order. CPU work: call it off the event loop.

        What was `learned` before, under the same stamp, saves seconds where there are phrasings;
        with `sentences`, meanings count as evidence.
        """
        documents = tuple(documents)
        analyzer = Analyzer()
        vocabulary = Vocabulary(word_vectors.load())
        compiled = CompiledLexicon(lexicon or StoryLexicon(), analyzer)
        indexed = tuple(analyse(each, analyzer, vocabulary, compiled) for each in documents)
        reader = Reader(analyzer, compiled, word_vectors.load())
        texts = Postings.build([each.text for each in indexed], len(vocabulary))
        asked = Postings.build([each.asked for each in indexed], len(vocabulary))
        held, running = _held(texts, asked), _running(indexed, len(vocabulary))
        repairer = Repairer(_words(vocabulary, held), compiled.words)
        meanings, mixture = _meant(documents, sentences), mix(documents)
        return cls(
            revision=revision,
            documents=documents,
            profile=profile(mixture, meant=meanings is not None),
            leaning=profile(mixture, meant=meanings is not None, leaning=True),
            _analyzer=analyzer,
            _lexicon=compiled,
            _vocabulary=vocabulary,
            _indexed=indexed,
            _texts=texts,
            _asked=asked,
            _classifier=Classifier.build(documents, reader, learned),
            _sentences=sentences,
            _meanings=meanings,
            _repairer=repairer,
            _queries=QueryMaker(analyzer, vocabulary, compiled, repairer, held, running),
            _places={each.id: place for place, each in enumerate(documents)},
            subject=subject or Subject(),
        )

    def updated(
        self, changed: Iterable[Document], *, removed: Iterable[int] = (), revision: int
    ) -> "FactIndex":
        """Return a new index in which `changed` stand in for their older selves.

        CPU work: some 20 ms for one document of ten thousand, and 100 ms more where a classifier
        of some thousand phrasings is mended; where documents are removed the lists are built anew.
        """
        gone = set(removed)
        index = self._without(gone) if gone & self._places.keys() else self
        documents, indexed = list(index.documents), list(index._indexed)  # noqa: SLF001 - its own kind
        texts, asked = index._texts, index._asked  # noqa: SLF001
        places = dict(index._places)  # noqa: SLF001
        vocabulary = self._vocabulary
        for document in changed:
            fresh = analyse(document, self._analyzer, vocabulary, self._lexicon)
            place = places.setdefault(document.id, len(documents))
            documents[place:] = [document, *documents[place + 1 :]]
            indexed[place:] = [fresh, *indexed[place + 1 :]]
            texts = texts.replaced(place, fresh.text, len(vocabulary))
            asked = asked.replaced(place, fresh.asked, len(vocabulary))
        held, running = _held(texts, asked), _running(indexed, len(vocabulary))
        words, names = _words(vocabulary, held), self._lexicon.words
        known = self._repairer.words == words | names
        meanings, mixture = _meant(documents, self._sentences), mix(documents)
        repairer = self._repairer if known else Repairer(words, names)
        return replace(
            index,
            revision=revision,
            documents=tuple(documents),
            profile=profile(mixture, meant=meanings is not None),
            leaning=profile(mixture, meant=meanings is not None, leaning=True),
            _indexed=tuple(indexed),
            _texts=texts,
            _asked=asked,
            _places=places,
            _classifier=self._reclassified(documents),
            _meanings=meanings,
            _repairer=repairer,
            _queries=QueryMaker(self._analyzer, vocabulary, self._lexicon, repairer, held, running),
        )

    def on(self, subject: Subject) -> "FactIndex":
        """Return the index of the same facts for a story that is called or described so."""
        return self if subject == self.subject else replace(self, subject=subject)

    def apart(self) -> "FactIndex":
        """Return this index with a vocabulary of its own, to try out what may never be stored.

        What is added to it with `updated` leaves no trace in this one.
        """
        return replace(self, _vocabulary=self._vocabulary.copy())

    @property
    def learned(self) -> Learned | None:
        """Return what was learned last from all texts; None where there was little to learn."""
        return None if self._classifier is None else self._classifier.learned

    def ask(self, question: str, *, context: Context | None = None) -> Verdict:
        """Return the verdict on one message; `context` is the chat's last exchange while fresh."""
        return pipeline.ask(self, question, context)

    def query(self, question: str) -> Query:
        """Return a question as the index sees it."""
        return self._queries.make(question)

    def is_word(self, token: Token) -> bool:
        """Return whether the story or English knows a word."""
        return (
            not token.content
            or self._queries.number(token.stem) is not None
            or self._vocabulary.known_english(token.word)
        )

    @functools.cached_property
    def _own_questions(self) -> frozenset[str]:
        return frozenset(_folded(each.question or "", self._analyzer) for each in self.documents)

    def is_question_of_a_fact(self, message: str) -> bool:
        """Return whether a message is the very question of a fact."""
        return _folded(message, self._analyzer) in self._own_questions

    def has_word(self, token: Token) -> bool:
        """Return whether the story's texts have a word that counts as evidence."""
        return token.content and self._queries.number(token.stem) is not None

    def place_of(self, number: int) -> int | None:
        """Return where the document with this id stands, None where there is none (any more)."""
        return self._places.get(number)

    def find(self, question: str, *, earlier: Sequence[str] = ()) -> Found | None:
        """Return the best documents for a question, None where it holds nothing to search by.

        `earlier` is the chat's last question and that of the fact told, where this one leans.
        """
        query = self._queries.make(question)
        if earlier:
            query = self._queries.leaning(query, earlier)
        learned = self._learned(query, () if query.taken_over else earlier)
        if not query.terms and learned is not None:
            query = self._queries.small(query)
        if not query.terms or not self.documents:
            return None
        weights = index_candidates.weights(
            query, self._texts, self._asked, self._vocabulary, len(self.documents)
        )
        pool = index_candidates.pool(
            query,
            weights.rarity,
            self._texts,
            self._asked,
            self._vocabulary,
            learned,
            self._nearness(query, () if query.taken_over else earlier),
        )
        candidates = [self._indexed[place] for place in pool.places.tolist()]
        evidence = gather(query, weights, pool, candidates, self._vocabulary)
        return Found(query=query, weights=weights, places=pool.places, evidence=evidence)

    def nearness(self, question: str) -> Floats | None:
        """Return how near the sentence model finds a question to each document, (3, documents)."""
        return None if self._meanings is None else self._meanings.nearness(question)[0]

    def _learned(self, query: Query, earlier: Sequence[str]) -> Floats | None:
        if self._classifier is None:
            return None
        scores = self._classifier.scores(query.tokens)
        if earlier:
            lender = self._classifier.scores(self._queries.make(" ".join(earlier)).tokens)
            scores = scores + np.float32(LENT) * lender
        return scores

    def _nearness(self, query: Query, earlier: Sequence[str]) -> tuple[Floats, float] | None:
        if self._meanings is None:
            return None
        return self._meanings.nearness(" ".join((*earlier[:1], query.read)))

    def _without(self, gone: set[int]) -> "FactIndex":
        kept = [place for place, each in enumerate(self.documents) if each.id not in gone]
        documents = tuple(self.documents[place] for place in kept)
        indexed = tuple(self._indexed[place] for place in kept)
        return replace(
            self,
            documents=documents,
            _indexed=indexed,
            _texts=Postings.build([each.text for each in indexed], len(self._vocabulary)),
            _asked=Postings.build([each.asked for each in indexed], len(self._vocabulary)),
            _places={each.id: place for place, each in enumerate(documents)},
        )

    def _reclassified(self, documents: Sequence[Document]) -> Classifier | None:
        if self._classifier is not None:
            return self._classifier.updated(documents)
        return Classifier.build(
            documents, Reader(self._analyzer, self._lexicon, word_vectors.load())
        )


def _folded(text: str, analyzer: Analyzer) -> str:
    return " ".join(token.word for token in analyzer.tokens(text))


def _meant(documents: Sequence[Document], sentences: SentenceVectors | None) -> Meanings | None:
    return None if sentences is None else Meanings.build(documents, sentences)


def _held(texts: Postings, asked: Postings) -> frozenset[int]:
    return frozenset((*texts.held().tolist(), *asked.held().tolist()))


def _running(indexed: Sequence[IndexedDocument], terms: int) -> frozenset[int]:
    seen = np.zeros(terms, np.bool_)
    for each in indexed:
        seen[each.running] = True
    return frozenset(np.flatnonzero(seen).tolist())


def _words(vocabulary: Vocabulary, held: Set[int]) -> set[str]:
    """Return the words that a typing slip can have been meant for: those still written."""
    return {word for word, number in vocabulary.words() if number in held or word in STOP_WORDS}
