"""Which field of a fact the name of a column means, in the words of people and other tools."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.stories.storyfile import FACT_FIELDS

_WORDS: Final = {
    "key": "fact key, slug, qid",
    "question": "faq, faq question, canonical question, main question, question text, questions",
    "text": (
        "answer, fact, statement, reply, response, answer text, faq answer, the answer, answers"
    ),
    "source": "who says so, said by, according to, attribution, source name, sources, credit",
    "source_url": (
        "url, link, web address, address, source link, reference, reference link, links, urls, "
        "source address, more information"
    ),
    "as_of": (
        "date, said on, said, updated, last updated, date updated, last modified, reported on, "
        "published, publication date, publish date, date published, stated on, "
        "date of source, as at, dates"
    ),
    "happened": "when, event date, date of event, took place, took place on, happened on",
    "status": "certainty, confirmation, fact status, how sure",
    "weight": "news weight, loudness",
    "topics": "topic, tags, tag, category, categories, section, sections, theme, themes, subject",
    "next_word": "next, next update, next news, news expected, expected, next word expected",
    "check_by": "check again, review by, review date, review on, recheck, look again, check on",
    "phrasings": (
        "phrasing, alternate question, alternate questions, alternate phrasing, "
        "alternate phrasings, alternative question, alternative questions, alternative phrasing, "
        "alternative phrasings, alternatives, alternative, other questions, other phrasings, "
        "other ways of asking, other wordings, variants, variations, variant, similar questions, "
        "utterances, question variants, question variations, also asked, also asked as, "
        "synonymous questions, suggested questions"
    ),
}
MEANINGS: Final = {field.replace("_", " "): field for field in FACT_FIELDS} | {
    word.strip(): field for field, words in _WORDS.items() for word in words.split(",")
}
"""Name of a column, small and with single spaces → the field that it means."""

_OTHER_WORDS: Final = (
    "notes, note, comment, comments, author, editor, metadata, data, id, no, number, owner, "
    "initials, rate, internal notes, internal, remark, remarks, checked, done, state, priority, "
    "count, score, context, reviewed, reviewer, verified, confidence"
)
OTHERS: Final = frozenset(word.strip() for word in _OTHER_WORDS.split(","))
"""Names that people give to columns of their own; none of them is a field misspelt."""

PAIR: Final = {"q": "question", "a": "text"}
"""What these letters mean where both of them are names."""

LEAST: Final = 5
"""Letters of a name from which one slip in it is forgiven."""

NEAR: Final = 0.72
"""Likeness from which a field is named that may have been meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What the name of a column means."""

    field: str | None = None
    near: str | None = None  # the field that may have been meant, where none is meant surely


def meaning(name: str) -> Meaning:
    """Return which field `name` means, whatever its capitals, signs and one slip of the hand."""
    words = plain(name)
    if words in MEANINGS:
        return Meaning(field=MEANINGS[words])
    if words in OTHERS or len(words) < LEAST:
        return Meaning()
    for known, field in MEANINGS.items():
        if _one_slip(words, known):
            return Meaning(field=field)
    close = get_close_matches(words, MEANINGS, n=1, cutoff=NEAR)
    return Meaning(near=MEANINGS[close[0]]) if close else Meaning()


def meanings(names: Sequence[str]) -> list[Meaning]:
    """Return what each of the names beside one another means; Q and A do so only together."""
    together = {"q", "a"} <= {plain(name) for name in names}
    return [
        Meaning(field=PAIR[plain(name)]) if together and plain(name) in PAIR else meaning(name)
        for name in names
    ]


def plain(name: str) -> str:
    """Return a name in small letters, words apart: `AlsoAsked 2` → `also asked`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.sub(r"[\W_]+", " ", apart.replace("'", "").replace("’", "").casefold()).strip()
    return re.sub(r" ?\d+$", "", words)


def _one_slip(one: str, other: str) -> bool:
    """Return whether a letter is missing, too many, wrong, or two change places."""
    if abs(len(one) - len(other)) > 1:
        return False
    shorter = min(len(one), len(other))
    head = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    left, right = one[head : len(one) - tail], other[head : len(other) - tail]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
