"""General English, as data: `data/english.toml`, read once.

Lists of words, number words, chat spellings, synonyms, and patterns that are matched on the words
of a text joined by spaces. Nothing here belongs to any story.
"""

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any


@functools.cache
def _data() -> Mapping[str, Any]:
    file = importlib.resources.files("bot.search").joinpath("data", "english.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """Return a list of words as a set."""
    return frozenset(_data()["words"][name].split())


def table(name: str) -> Mapping[str, str]:
    """Return a table from word to word: such as `cardinals` or `shorthand`."""
    entries: Mapping[str, str] = _data()[name]
    return entries


def synonyms() -> list[tuple[str, ...]]:
    """Return the groups of words that mean the same."""
    return [tuple(group.split()) for group in _data()["synonyms"]["groups"]]


def patterns(section: str) -> dict[str, re.Pattern[str]]:
    """Return the patterns of a section by name, in order; each matches whole words."""
    return {name: re.compile(rf"\b(?:{'|'.join(each)})\b") for name, each in _parts(section)}


def whole(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern that matches a whole message, opening words such as "and" aside."""
    alternatives = "|".join(dict(_parts(section))[name])
    return re.compile(rf"^(?:(?:and|but|so|ok) )*(?:{alternatives})$")


def _parts(section: str) -> list[tuple[str, Sequence[str]]]:
    return list(_data()[section].items())
