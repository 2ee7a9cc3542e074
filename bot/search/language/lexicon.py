"""Names and synonyms: which words stand for the same person, place, body or thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from bot.search.index.vocabulary import CONCEPT
from bot.search.language import english
from bot.search.language.analyzer import Analyzer, Token

NameKind: TypeAlias = Literal["person", "place", "body", "event", "thing"]

_SORTS: Final[dict[NameKind, str]] = {"body": "place"}
"""A kind of name that is spoken of like another: "Moscow" is a place and a government."""

LONGEST_NAME: Final = 6
"""Words of the longest alias that is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Somebody or something of the story, with every other name it goes by."""

    name: str
    kind: NameKind
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLexicon:
    """The words of one story."""

    names: tuple[Name, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text: the tokens from `start` up to `stop`."""

    start: int
    stop: int
    concept: str  # the term that stands for the name
    kind: NameKind

    @property
    def sort(self) -> str:
        """Return which names can stand in its place: those of one sort."""
        return _SORTS.get(self.kind, self.kind)

    @property
    def made_of_names(self) -> bool:
        """Return whether the words of the name count beside the name itself."""
        return self.kind not in ("person", "place") and self.stop - self.start > 1


class CompiledLexicon:
    """Aliases and synonyms, ready to be looked up by stems."""

    def __init__(self, lexicon: StoryLexicon, analyzer: Analyzer) -> None:
        self._aliases: dict[tuple[str, ...], tuple[str, NameKind]] = {}
        self._beginnings: set[str] = set()
        self._groups: dict[str, set[int]] = {}
        self._members: list[tuple[str, ...]] = []
        self.words: set[str] = set()
        for name in lexicon.names:
            concept = CONCEPT + name.name.lower()
            for alias in (name.name, *name.also):
                tokens = analyzer.tokens(alias)[:LONGEST_NAME]
                stems = tuple(token.stem for token in _trimmed(tokens))
                if stems:
                    self._beginnings.add(stems[0])
                    self._aliases.setdefault(stems, (concept, name.kind))
                self.words.update(token.word for token in tokens if token.content)
        for group in (*english.synonyms(), *lexicon.synonyms):
            self._add_group(group, analyzer)

    def mentions(self, tokens: Sequence[Token]) -> list[Mention]:
        """Return the names in a text, the longest wherever several begin.

        Inside the name of an event, a body or a thing the names it is made of are found too:
        "the Trump–Zelensky row" speaks of both.
        """
        if not self._aliases:
            return []
        return self._within(tokens, 0, len(tokens), LONGEST_NAME)

    def _within(self, tokens: Sequence[Token], place: int, end: int, longest: int) -> list[Mention]:
        found = []
        while place < end:
            mention = self._at(tokens, place, min(end, place + longest))
            if mention is None:
                place += 1
                continue
            found.append(mention)
            if mention.made_of_names:
                inner = mention.stop - mention.start - 1
                found += self._within(tokens, mention.start, mention.stop, inner)
            place = mention.stop
        return found

    def _at(
        self, tokens: Sequence[Token], place: int, end: int, like: Mention | None = None
    ) -> Mention | None:
        """Return the longest name at `place`; only another of the sort of `like`, where given."""
        if tokens[place].stem not in self._beginnings:
            return None
        for stop in range(end, place, -1):
            entry = self._aliases.get(tuple(token.stem for token in tokens[place:stop]))
            if entry and (stop - place > 1 or tokens[place].content):
                found = Mention(place, stop, *entry)
                if like is None or (found.concept != like.concept and found.sort == like.sort):
                    return found
        return None

    def last_like(self, mention: Mention, tokens: Sequence[Token]) -> slice | None:
        """Return where `tokens` last name another of the same sort, inside other names too.

        "Russian" is found in "the Russian president": the counterpart of "and the Ukrainian one?".
        """
        for start in reversed(range(len(tokens))):
            found = self._at(tokens, start, min(len(tokens), start + LONGEST_NAME), mention)
            if found is not None:
                return slice(found.start, found.stop)
        return None

    def synonyms(self, stem: str) -> Iterable[str]:
        """Return the stems that mean the same as `stem`, itself left out."""
        for group in self._groups.get(stem, ()):
            for member in self._members[group]:
                if member != stem:
                    yield member

    def groups(self, stem: str) -> list[str]:
        """Return a label for each group of synonyms that a stem is in."""
        return [f"~{group}" for group in self._groups.get(stem, ())]

    def _add_group(self, group: Sequence[str], analyzer: Analyzer) -> None:
        stems = []
        for phrase in group:
            content = [token.stem for token in analyzer.tokens(phrase) if token.content]
            if len(content) == 1:
                stems.append(content[0])
        members = tuple(dict.fromkeys(stems))
        if len(members) > 1:
            number = len(self._members)
            self._members.append(members)
            for stem in members:
                self._groups.setdefault(stem, set()).add(number)


def _trimmed(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return an alias without a leading article."""
    if len(tokens) > 1 and tokens[0].word in ("the", "a", "an"):
        return tokens[1:]
    return tokens
