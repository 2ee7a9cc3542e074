"""An immutable index of the facts, built from one revision of the story."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import asking, vectors
from bot.search.analyzer import Analyzer, Token
from bot.search.classifier import Classifier, Rows
from bot.search.evidence import NEAR_FROM, Floats, Pool, Weights, gather
from bot.search.found import Found
from bot.search.indexed import Indexed, analyse
from bot.search.lexicon import CompiledLexicon, StoryLexicon
from bot.search.postings import Postings
from bot.search.query import Query, QueryMaker
from bot.search.ranker import Profile, profile_name, profiles
from bot.search.repair import Repairer
from bot.search.verdict import Context, Document, Verdict
from bot.search.vocabulary import Vocabulary

POOL: Final = 64
"""Candidates that get the rich evidence; the right one is nearly always among them."""

LARGEST_EXPANDED: Final = 30_000
"""Terms up to which words that the story lacks are looked up by meaning in the whole vocabulary."""

LENT: Final = 0.4
"""What a term of the last question counts for in a question that leans on it."""

EXPANSION: Final = 4
"""Nearest terms of the story that stand in for a word that it lacks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FactIndex:
    """Documents that can be asked. A change gives a new index; the old one stays as it was."""

    revision: int
    documents: tuple[Document, ...]
    lexicon: CompiledLexicon
    _analyzer: Analyzer
    _vocabulary: Vocabulary
    _indexed: tuple[Indexed, ...]
    _texts: Postings
    _asked: Postings
    _classifier: Classifier | None
    _queries: QueryMaker
    _term_idf: Floats
    _places: Mapping[int, int]
    _profile: str

    @classmethod
    def build(
        cls,
        documents: Iterable[Document],
        *,
        lexicon: StoryLexicon | None = None,
        revision: int = 0,
    ) -> "FactIndex":
        """Return an index of `documents`, in their order. CPU work: call it off the event loop."""
        documents = tuple(documents)
        analyzer = Analyzer()
        vocabulary = Vocabulary(vectors.load())
        compiled = CompiledLexicon(lexicon or StoryLexicon(), analyzer)
        indexed = tuple(analyse(document, analyzer, vocabulary, compiled) for document in documents)
        return cls(
            revision=revision,
            documents=documents,
            lexicon=compiled,
            _analyzer=analyzer,
            _vocabulary=vocabulary,
            _indexed=indexed,
            _texts=Postings.build([document.text for document in indexed], len(vocabulary)),
            _asked=Postings.build([document.asked for document in indexed], len(vocabulary)),
            _classifier=Classifier.build(documents, Rows(analyzer, compiled, vectors.load())),
            _queries=_query_maker(analyzer, vocabulary, compiled),
            _term_idf=_term_idf(indexed, len(vocabulary)),
            _places={document.id: place for place, document in enumerate(documents)},
            _profile=_profile(documents),
        )

    def ask(self, question: str, *, context: Context | None = None) -> Verdict:
        """Return the verdict on one message; `context` is the chat's last exchange while fresh."""
        return asking.ask(self, question, context)

    @property
    def profile(self) -> Profile:
        """Return what evidence is worth in an index like this one."""
        return profiles()[self._profile]

    def query(self, question: str) -> Query:
        """Return a question as the index sees it."""
        return self._queries.make(question)

    def is_word(self, token: Token) -> bool:
        """Return whether the story or English knows a word."""
        return (
            not token.content
            or self._vocabulary.number(token.stem) is not None
            or self._vocabulary.known_english(token.word)
        )

    def place_of(self, number: int) -> int | None:
        """Return where the document with this id stands, None where there is none (any more)."""
        return self._places.get(number)

    def find(self, question: str, *, earlier: str | None = None) -> Found | None:
        """Return the best documents for a question, None where it holds nothing to search by.

        `earlier` is the chat's last question, where this one leans on it.
        """
        query = plain = self._queries.make(question)
        if earlier is not None:
            query = self._queries.lent(plain, earlier, LENT)
        if not query.terms or not self.documents:
            return None
        weights = self._weights(query)
        learned = None
        if self._classifier is not None:
            learned = self._classifier.scores(query.tokens)
            if earlier is not None:
                lender = self._classifier.scores(self._queries.make(earlier).tokens)
                learned = learned + LENT * lender
        pool = self._pool(query, weights, learned)
        evidence = gather(
            query, weights, pool, [self._indexed[place] for place in pool.places], self._vocabulary
        )
        return Found(query=query, weights=weights, places=pool.places, evidence=evidence)

    def _weights(self, query: Query) -> Weights:
        total = len(self.documents)
        holders = np.array(
            [
                max(
                    (
                        max(self._texts.holders(number), self._asked.holders(number))
                        for number, strength in term.matches
                        if strength == 1.0
                    ),
                    default=0,
                )
                for term in query.terms
            ],
            np.float32,
        )
        idf = np.log1p((total - holders + 0.5) / (holders + 0.5)).clip(min=0.05)
        rarity = idf / np.log1p((total + 0.5) / 0.5)
        corpus = np.array(
            [
                6.0 if term.concept else self._vocabulary.corpus_weight(term.word)
                for term in query.terms
            ],
            np.float32,
        )
        corpus *= np.array([term.scale for term in query.terms], np.float32)
        return Weights(
            rank=(corpus * np.sqrt(rarity)).astype(np.float32),
            decline=corpus,
            rarity=rarity.astype(np.float32),
            known=holders > 0,
        )

    def _pool(self, query: Query, weights: Weights, learned: Floats | None) -> Pool:
        total = len(self.documents)
        text, asked = np.zeros(total, np.float32), np.zeros(total, np.float32)
        own = np.zeros(total, np.uint64)
        ideal = 0.0
        expanded = self._expanded(query)
        for bit, matches in enumerate(expanded):
            ideal += float(weights.rarity[bit]) * 2.2
            for number, strength in matches:
                gain = strength * weights.rarity[bit]
                for postings, into in ((self._texts, text), (self._asked, asked)):
                    places = postings.documents_with(number)
                    if places.size:
                        into[places] += gain * postings.bm25(number, postings.average)
                    if into is text and strength > 0.5:
                        own[places] |= np.uint64(1 << bit)
        text /= max(ideal, 1e-6)
        asked /= max(ideal, 1e-6)
        score = text + asked
        if learned is not None:
            score = score + 2 * learned
        places = np.argpartition(-score, POOL)[:POOL] if total > POOL else np.arange(total)
        around = own.copy()
        around[1:] |= own[:-1]
        around[:-1] |= own[1:]
        far = around.copy()
        far[2:] |= own[:-2]
        far[:-2] |= own[2:]
        return Pool(
            far=far[places],
            term_idf=self._term_idf,
            places=places.astype(np.int64),
            bm25=text[places],
            asked_bm25=asked[places],
            around=around[places],
            own=own[places],
            classifier=np.zeros(len(places), np.float32) if learned is None else learned[places],
        )

    def _expanded(self, query: Query) -> list[Sequence[tuple[int, float]]]:
        """Return each term's matches; words that the story lacks get their nearest in meaning."""
        matches: list[Sequence[tuple[int, float]]] = [term.matches for term in query.terms]
        lacking = [
            place
            for place, term in enumerate(query.terms)
            if not term.matches and not term.word[:1].isdigit()
        ]
        if not lacking or len(self._vocabulary) > LARGEST_EXPANDED:
            return matches
        everything = np.arange(len(self._vocabulary))
        words = [query.terms[place].word for place in lacking]
        cosine = self._vocabulary.vectors_of(words) @ self._vocabulary.meanings(everything).T
        near: Floats = np.clip((cosine - NEAR_FROM) / (1 - NEAR_FROM), 0, 0.95)
        near[:, self._vocabulary.numeric(everything)] = 0
        for row, place in enumerate(lacking):
            best = np.argpartition(-near[row], EXPANSION)[:EXPANSION]
            matches[place] = [
                (int(number), float(near[row, number]))
                for number in best
                if near[row, number] > 0.1
            ]
        return matches


def _profile(documents: Sequence[Document]) -> str:
    asked = sum(len(each.phrasings) + (each.question is not None) for each in documents)
    return profile_name(asked / max(len(documents), 1))


def _term_idf(indexed: Sequence[Indexed], terms: int) -> Floats:
    held = np.zeros(terms, np.float32)
    for document in indexed:
        held[document.terms] += 1
    idf: Floats = np.log1p((len(indexed) - held + 0.5).clip(min=0.5) / (held + 0.5))
    return (idf / np.log1p((len(indexed) + 0.5) / 0.5)).astype(np.float32)


def _query_maker(
    analyzer: Analyzer, vocabulary: Vocabulary, lexicon: CompiledLexicon
) -> QueryMaker:
    words = {*vocabulary.words(), *lexicon.words}
    return QueryMaker(analyzer, vocabulary, lexicon, Repairer(words))
