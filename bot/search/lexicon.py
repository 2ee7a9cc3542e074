"""Names and synonyms of one story, as the search uses them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

NameKind: TypeAlias = Literal["person", "place", "body", "event", "thing"]


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
