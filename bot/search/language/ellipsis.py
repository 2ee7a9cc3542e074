"""Whether an answer leans on its question: "Yes.", "412 metres.", "It opened in 1931."

Such a text is true under its own question alone; under another it misleads. It stands by itself
when it is a sentence, begins with no word that points back, and names what the question is about.
In doubt it leans: a question too many above an answer does no harm.
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

from bot.search.language import english
from bot.search.language.analyzer import Analyzer, Token, straight
from bot.search.meaning import wordnet

NAMED: Final = 0.5
"""Share of what a question is about that a text which stands by itself names at least; set on the
facts of half of the small stories, labelled by hand."""

_AUXILIARIES: Final = english.words("auxiliaries")
_ANSWERS: Final = english.words("answers")
_POINTING: Final = english.words("pointing")
_POINTING_ALONE: Final = english.words("pointing_alone")
_EXPLETIVE: Final = english.words("expletive")
_ASKING: Final = english.words("asking")
_YES_NO: Final = re.compile(rf"^\W*(?:{'|'.join(english.words('yes_no'))})(?:\s*[^\w\s]|\s*$)")
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\W_a-z])")


@functools.lru_cache(maxsize=50_000)
def leans(text: str, question: str) -> bool:
    """Return whether `text` can be misunderstood by somebody who does not read `question`."""
    # Without the dots of "U.S.", which end no sentence.
    first = _analyzer().tokens(_SENTENCE.split(straight(text.strip()), maxsplit=1)[0])
    if not first or answers_yes_or_no(text) or first[0].word in _ANSWERS or _points_back(first):
        return True
    return not _is_sentence(first) or leaves_out(text, question)


@functools.lru_cache(maxsize=50_000)
def leaves_out(text: str, question: str) -> bool:
    """Return whether `text` names too little of what `question` is about."""
    asked = {
        token.stem
        for token in _analyzer().tokens(question)
        if token.content and token.word not in _ASKING
    }
    named = {token.stem for token in _analyzer().tokens(text)}
    return not asked or len(asked & named) < NAMED * len(asked)


def answers_yes_or_no(text: str) -> bool:
    """Return whether a text begins with a yes or a no to something that it does not say."""
    return _YES_NO.match(text.lower()) is not None


def _points_back(tokens: Sequence[Token]) -> bool:
    first, *rest = [token.word for token in tokens]
    if first in _POINTING_ALONE:
        return not rest or _is_finite(rest[0])
    if first == "it" and rest and rest[0] in _AUXILIARIES and _EXPLETIVE.intersection(rest[1:4]):
        return False
    return first in _POINTING


def _is_sentence(tokens: Sequence[Token]) -> bool:
    """Return whether something is said of something: a finite verb stands after the first word."""
    return any(_is_finite(token.word) for token in tokens[1:])


@functools.lru_cache(maxsize=50_000)
def _is_finite(word: str) -> bool:
    """Return whether a word is more often a verb than a noun, and no participle in -ing."""
    if word in _AUXILIARIES:
        return True
    if word.endswith("ing"):
        return False
    net = wordnet.load()
    often = dict.fromkeys(wordnet.PARTS, 0.0)
    for number, part in net.lemmas(word):
        often[part] += sum(times for _, times in net.uses(number, part))
    return often[wordnet.VERB] > often[wordnet.NOUN]


@functools.cache
def _analyzer() -> Analyzer:
    return Analyzer()
