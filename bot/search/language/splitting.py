"""The questions of one message: set apart by sentences, lines, numbers, commas and "and"."""

import re
from collections.abc import Iterator
from typing import Final

MOST: Final = 8
"""Questions of one message that are looked at; what comes behind belongs to the last."""

_WORD: Final = r"(?:(?:who|what|when|where|why|how)s?|whom|whose|which)"
_AUXILIARY: Final = r"(?:is|are|was|were|did|does|do|has|have|had|will|can|could|would|should)"
_SUBJECTS: Final = (
    r"(?:i|we|you|he|she|it|they|there|the|this|that|my|our|your|his|her|their|any\w*)"
)
_ASKED_OF: Final = rf"{_AUXILIARY}\s+{_SUBJECTS}\b"
"""A question without a question word: "can I", "is the"."""

_BEFORE: Final = (
    r"(?:(?:and|n|but|so|also|then|ok|well|plus|btw|by the way|please|pls|hi|hello|sir|madam"
    r"|firstly?|secondly?|thirdly?|lastly|finally|next)\W+)*"
)
"""What may stand before the words with which a question opens."""

_FROM: Final = r"(?:(?:from|to|by|for|with|in|at|on|of|about|since|until)\s+)?"
_WORD_ASKED: Final = (
    rf"{_FROM}(?:(?:(?:who|what|how)s?|whom|whose|which)\b"
    rf"|(?:when|where|why)s?\b(?=\s+(?:{_AUXILIARY}|else)\b|\W*$)|(?:when|where|why)s\b)"
)
"""A question word that opens a question: "when they met" only says when."""

_ABBREVIATED: Final = "".join(rf"(?<!\b{title}\.)" for title in ("Mr", "Mrs", "Ms", "Dr", "St"))
_SENTENCE: Final = re.compile(
    rf"(?<=[?!;:])\s+|(?<=\?)(?=\w)|(?<=[a-z]\.){_ABBREVIATED}\s+(?=[A-Z])|\n+"
)
_AND: Final = r"(?:and|n|plus|or|&)\s+"
_JOINT: Final = re.compile(
    rf"(?:\s*[,;]\s*(?:{_AND})?|\s+{_AND})(?={_BEFORE}(?:{_WORD_ASKED}|{_ASKED_OF}))"
    rf"|\s*,\s*(?:{_AND})?(?={_AUXILIARY}\s+\w+\s+\w)",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(rf"^\W*{_BEFORE}{_FROM}(?:{_WORD}|{_AUXILIARY})\b", re.IGNORECASE)
_WH: Final = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)
_NUMBER: Final = re.compile(
    rf"(?:^|(?<=\s))\(?(\d{{1,2}}|[a-h])(?:[.)]\s*(?=\w)|\s+(?=(?:{_WORD}|{_AUXILIARY})\s))",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^[ \t]*[-•*–][ \t]*(?=\w)", re.MULTILINE)
"""What stands before the items of a list: numbers or letters anywhere, bullets before lines."""


def parts(message: str) -> list[str]:
    """Return the questions that a message holds, one or several; a lone question whole."""
    items = _listed(message)
    asked = items or [piece for piece in _pieces(message) if _asks(piece)]
    if len(asked) < 2:
        return [message]
    return [*asked[: MOST - 1], " ".join(asked[MOST - 1 :])] if len(asked) > MOST else asked


def question_alone(message: str) -> str | None:
    """Return the one sentence of several that asks, None where there is no such one."""
    sentences = [piece for piece in _SENTENCE.split(message.strip()) if piece.strip()]
    asking = [piece for piece in sentences if piece.rstrip().endswith("?")]
    return asking[0] if len(sentences) > 1 and len(asking) == 1 else None


def _listed(message: str) -> list[str]:
    """Return the items of a list, be they questions or mere words; nothing where there is none."""
    marks = list(_BULLET.finditer(message))
    if len(marks) < 2:
        marks = list(_NUMBER.finditer(message))
        counted = [mark[1] for mark in marks]
        if counted not in (list("123456789"[: len(marks)]), list("abcdefgh"[: len(marks)])):
            return []
    if len(marks) < 2:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(message)]
    items = [message[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return [item.strip(" \t\n,;") for item in items]


def _pieces(message: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(message.strip()):
        pieces = [piece.strip() for piece in _JOINT.split(sentence)]
        whole = all(_asks(piece) for piece in pieces)
        yield from pieces if whole else [sentence.strip()]


def _asks(piece: str) -> bool:
    opens = _QUESTION.match(piece) or piece.endswith("?")
    asks = opens or (_WH.search(piece) and not piece.endswith("."))
    return bool(asks) and any(character.isalnum() for character in piece)
