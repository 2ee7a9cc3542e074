"""Bytes → text, in whatever way programs store letters."""

import codecs
import re
import unicodedata
from typing import Final

from bot.stories.notes import Encoding, EncodingAssumed, Note
from bot.stories.storyfile import Faults

SAMPLE: Final = 4_000
"""Bytes at the beginning from which it is told what they are."""

_MANY: Final = 0.3
"""Share of zero bytes at every second place from which a text is UTF-16: half of it in Latin."""

_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EXAMPLE: Final = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
EXAMPLE_LIMIT: Final = 30
NO_TEXT: Final = (
    "this is no text and no spreadsheet that I can read; save it as .xlsx or as CSV (UTF-8) and "
    "send that"
)
DAMAGED: Final = (
    "a letter is damaged here; save the file again as CSV (UTF-8) or as plain text, and send that"
)

FOREIGN: Final = (
    "its letters are stored in a way that I cannot tell; save it as .xlsx or as CSV (UTF-8), and "
    "send that"
)


def decoded(data: bytes, faults: Faults) -> tuple[str, tuple[Note, ...]] | None:
    """Return the text and what was assumed; None, with a fault, where it is no text."""
    wide = _wide(data)
    if wide is not None:
        return _noted(data, wide, Encoding.UTF_16, faults)
    try:
        text, first = data.decode("utf-8-sig"), 0
    except UnicodeDecodeError as error:
        text, first = None, error.start
    controls = len(_BINARY.findall(data[:SAMPLE]))
    if text is not None and controls * 5 <= len(data[:SAMPLE]):
        return text, ()
    if controls:
        faults.add("the file", NO_TEXT, spoils_all=True)
        return None
    if _is_damaged(data):
        line = data.count(b"\n", 0, first) + 1
        faults.add(f"line {line}", DAMAGED, spoils_all=True)
        return None
    return _noted(data, "cp1252", Encoding.WINDOWS_1252, faults)


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 the bytes are; None where they are not."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:SAMPLE]
    half = len(sample) // 2
    if half < 4:
        return None
    low, high = sample[1::2].count(0) / half, sample[::2].count(0) / half
    if low >= _MANY and high < low / 10:
        return "utf-16-le"
    return "utf-16-be" if high >= _MANY and low < high / 10 else None


def _noted(
    data: bytes, codec: str, encoding: Encoding, faults: Faults
) -> tuple[str, tuple[Note, ...]] | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        faults.add("the file", DAMAGED.replace("here", "in it"), spoils_all=True)
        return None
    if encoding is Encoding.WINDOWS_1252 and _is_foreign(text):
        faults.add("the file", FOREIGN, spoils_all=True)
        return None
    found = _EXAMPLE.search(text)
    example = found[0][:EXAMPLE_LIMIT] if found else ""
    return text, (EncodingAssumed(encoding=encoding, example=example),)


def _is_foreign(text: str) -> bool:
    """Return whether most letters would be accented ones, as of no language in this encoding."""
    letters = [each for each in text[:SAMPLE] if each.isalpha()]
    return sum(each > "\x7f" for each in letters) * 2 > len(letters)


def _is_damaged(data: bytes) -> bool:
    """Return whether most letters beyond ASCII are good UTF-8, so that it was once all of it."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("�")
    good = sum(character > "\x7f" for character in text) - broken
    letters = sum(unicodedata.category(each)[0] == "L" for each in text if each > "\x7f")
    return good > 0 and (good >= broken or letters >= broken)
