"""A question, made ready for the index: repaired, its names found, its terms weighed."""

import functools
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from bot.search.index.vocabulary import CONCEPT, Sort, Vocabulary
from bot.search.language import conversation, english
from bot.search.language.analyzer import STOP_WORDS, Analyzer, Token, is_negated
from bot.search.language.lexicon import CompiledLexicon, Mention, NameKind
from bot.search.language.question_kind import Kind, kind_of
from bot.search.language.spelling import SHORTHAND, Repairer, function_word

SYNONYM_STRENGTH: Final = 0.9
"""How well a word matches its synonym, where an equal word matches with 1."""

_QUESTION_WORDS: Final = english.words("question")

LENT: Final = 0.3
"""What a term of the last question counts for in one that leans on it; set on the story's practice
dialogues."""

REMEMBERED: Final = 64
"""Queries kept: one message is looked at several times on its way to a verdict."""

MOST_TERMS: Final = 24
"""Terms of a question that are weighed; the rest of a long message adds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTerm:
    """One word or name of a question that counts as evidence."""

    word: str
    matches: tuple[tuple[int, float], ...]  # (term number, strength 0..1) in the story
    concept: NameKind | None  # the kind of a name of the lexicon
    repaired: float  # similarity to what was typed; 1 where nothing was mended
    strange: bool  # neither the story nor English knows it
    capital: bool  # typed with a capital inside a sentence
    sort: Sort = Sort.WORD
    scale: float = 1.0  # less for a term that the last exchange lends


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the index sees it."""

    text: str
    read: str  # the text with its slips mended, for whoever reads sentences
    tokens: tuple[Token, ...]  # all of them, repaired, in order
    terms: tuple[QueryTerm, ...]
    running: tuple[int, ...]  # the number of every token, -1 for one that the story lacks
    head: int  # the term that follows the question word: what is asked for
    kind: Kind
    negated: bool
    wordless: bool = False  # it has no content word: its terms are stop words
    taken_over: bool = False  # the last question, with this one's names for those of their sort

    @property
    def surfaces(self) -> list[str]:
        """Return the terms as words; a name is its last word."""
        return [term.word.rsplit(" ", 1)[-1].lstrip(CONCEPT) for term in self.terms]


class QueryMaker:
    """Makes queries for one index.

    `held` are the terms of its texts and ways of asking, `running` all words of its texts.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        vocabulary: Vocabulary,
        lexicon: CompiledLexicon,
        repairer: Repairer,
        held: Set[int],
        running: Set[int],
    ) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._repairer = repairer
        self._held = held
        self._running = running
        self.make = functools.lru_cache(maxsize=REMEMBERED)(self._made)

    def _made(self, question: str) -> Query:
        """Return the query for one question."""
        repaired = [self._repaired(token) for token in self._analyzer.tokens(question)]
        tokens = tuple(token for token, _ in repaired)
        return self._of(question, tokens, [score for _, score in repaired])

    def _of(self, question: str, tokens: tuple[Token, ...], similarity: Sequence[float]) -> Query:
        mentions = self._lexicon.mentions(tokens)
        terms: dict[str, QueryTerm] = {}
        asked = next((n for n, token in enumerate(tokens) if token.word in _QUESTION_WORDS), 0)
        head = None
        for place, mention in _with_mentions(tokens, mentions):
            term = self._term(tokens, place, mention, similarity[place])
            if term is not None:
                terms.setdefault(term.word, term)
                if head is None and place > asked and len(terms) <= MOST_TERMS:
                    head = list(terms).index(term.word)
        return Query(
            text=question,
            read=_read(question, self._analyzer.tokens(question), tokens),
            tokens=tokens,
            terms=tuple(terms.values())[:MOST_TERMS],
            running=tuple(
                -1 if number is None or number not in self._running else number
                for number in (self._vocabulary.number(token.stem) for token in tokens)
            ),
            head=head or 0,
            kind=kind_of(tokens),
            negated=is_negated(tokens),
        )

    def leaning(self, query: Query, earlier: Sequence[str]) -> Query:
        """Return `query` understood from earlier questions, the one most to be leaned on first.

        A message that only names somebody ("and the other team?") takes an earlier question over,
        its own names put in the place of those of the same sort. To any other the terms of the
        earlier questions are lent at a part of their weight.
        """
        if conversation.only_names(query):
            for question in earlier:
                understood = self._taken_over(query, self.make(question))
                if understood is not None:
                    return understood
        lender = self.make(" ".join(earlier))
        own = {term.word for term in query.terms}
        lent = tuple(
            replace(term, scale=LENT, strange=False, capital=False)
            for term in lender.terms
            if term.word not in own
        )
        return replace(query, terms=(*query.terms, *lent)[:MOST_TERMS])

    def _taken_over(self, query: Query, lender: Query) -> Query | None:
        """Return the lender with the query's names in it; None where it has none of their sort."""
        tokens = list(lender.tokens)
        for mention in self._lexicon.mentions(query.tokens):
            replaced = self._lexicon.last_like(mention, tokens)
            if replaced is not None:
                tokens[replaced] = query.tokens[mention.start : mention.stop]
        if tokens == list(lender.tokens) or conversation.only_names(lender):
            return None
        understood = self._of(query.text, tuple(tokens), [1.0] * len(tokens))
        return replace(understood, taken_over=True)

    def small(self, query: Query) -> Query:
        """Return a query without any content word with its stop words for terms instead.

        "What's going on?" says nothing but them, and may still be somebody's way of asking.
        """
        words = dict.fromkeys(token.word for token in query.tokens)
        terms = tuple(
            QueryTerm(
                word=word, matches=(), concept=None, repaired=1.0, strange=False, capital=False
            )
            for word in words
        )
        return replace(query, terms=terms[:MOST_TERMS], wordless=True)

    def number(self, stem: str) -> int | None:
        """Return the number of a term, None for one that no document of the index holds."""
        number = self._vocabulary.number(stem)
        return number if number in self._held else None

    def _term(
        self, tokens: Sequence[Token], place: int, mention: Mention | None, similarity: float
    ) -> QueryTerm | None:
        token = tokens[place]
        if mention is not None:
            number = self.number(mention.concept)
            if number is not None:
                return QueryTerm(
                    word=mention.concept,
                    matches=((number, 1.0),),
                    concept=mention.kind,
                    sort=Sort.NAME,
                    repaired=similarity,
                    strange=False,
                    capital=False,
                )
        if not token.content:
            return None
        matches = []
        number = self.number(token.stem)
        if number is not None:
            matches.append((number, 1.0))
        for synonym in self._lexicon.synonyms(token.stem):
            other = self.number(synonym)
            if other is not None:
                matches.append((other, SYNONYM_STRENGTH))
        return QueryTerm(
            word=token.word,
            matches=tuple(matches),
            concept=None,
            repaired=similarity,
            strange=not matches and not self._vocabulary.known_english(token.word),
            capital=token.capital and place > 0,
            sort=self._vocabulary.sort(token.stem, token.word, capital=token.capital and place > 0),
        )

    def _repaired(self, token: Token) -> tuple[Token, float]:
        word = token.word
        if word in STOP_WORDS or self._repairer.knows(word) or word[0].isdigit():
            return token, 1.0
        if word in SHORTHAND:
            return self._as(token, SHORTHAND[word]), 1.0
        if self._vocabulary.known_english(word) or self.number(token.stem) is not None:
            return token, 1.0
        function = function_word(word)
        if function is not None and len(word) <= 4:
            return self._as(token, function), 1.0
        meant = self._repairer.meant(word)
        if function is not None and (meant is None or meant[1] <= 1 - 1 / len(word)):
            return self._as(token, function), 1.0
        if meant is not None:
            return self._as(token, meant[0]), meant[1]
        return token, 1.0

    def _as(self, token: Token, word: str) -> Token:
        meant = self._analyzer.tokens(word)
        return replace(meant[0], capital=token.capital) if meant else token


def _read(text: str, typed: Sequence[Token], read: Sequence[Token]) -> str:
    """Return a text with the words in it that were mended."""
    if len(typed) != len(read):
        return " ".join(token.word for token in read)
    for before, after in zip(typed, read, strict=True):
        if before.word != after.word:
            text = re.sub(rf"\b{re.escape(before.word)}\b", after.word, text, flags=re.IGNORECASE)
    return text


def _with_mentions(
    tokens: Sequence[Token], mentions: Sequence[Mention]
) -> list[tuple[int, Mention | None]]:
    """Return each place of a token outside all names, and each name once, in order."""
    covered = {
        place
        for mention in mentions
        if not mention.made_of_names
        for place in range(mention.start, mention.stop)
    }
    places: list[tuple[int, Mention | None]] = [
        (place, None) for place in range(len(tokens)) if place not in covered
    ]
    places += [(mention.start, mention) for mention in mentions]
    return sorted(places, key=lambda entry: entry[0])
