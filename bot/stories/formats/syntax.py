"""What is wrong with the signs of a TOML or JSON file, in words for people who know neither."""

import re
from typing import Final

SHOWN: Final = 40
"""Characters of a line that a fault repeats."""

LINES_LIMIT: Final = 250_000
"""Lines of a file with a fact in each at most."""

CELLS_LIMIT: Final = 3_000_000
"""Cells of a table at most."""

TOO_LONG: Final = f"it has more than {LINES_LIMIT:,} lines or {CELLS_LIMIT:,} cells; split it"
LONG_NUMBER: Final = "a number in it is too long to be meant; put it in quotation marks"
LONG_KEY: Final = (
    "a name in it has many parts with dots between them; write each field as a plain name, for "
    'example text = "It rained."'
)
TOO_MANY: Final = "it holds more lists and records than any story does; split it"
NESTED: Final = "it is nested too deeply: a bracket is missing or too many"

_TOML: Final = (
    ("Expected '=' after a key", 'write a field as name = "value"'),
    (
        "Invalid value",
        'put the value in straight quotation marks, for example text = "It rained."',
    ),
    ("Illegal character", "the quotation mark that ends the text is missing, or a tab is in it"),
    ("Expected ']]'", "a fact begins with [[facts]], two brackets on each side"),
    ("Expected ']'", "the closing bracket ] is missing"),
    ("Cannot overwrite", "this field stands twice in one fact; keep one of them"),
    ("Cannot declare", "this part stands twice; keep one of them"),
    ("Expected newline", "only one field stands on a line, and texts in quotation marks"),
    ("Unescaped", "write a backslash in a text twice, or put the text in single quotation marks"),
)
"""The beginning of the reader's message → what to do."""

_TOML_ENDS: Final = (
    ("Unclosed", "a list is not closed; put ] where it ends"),
    ("", "a quotation mark or a bracket is open; close it where the text ends"),
)


def toml(message: str, text: str) -> tuple[str, str]:
    """Return the place and what is wrong there, from the message of Python's reader of TOML."""
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    if found is None:
        what = next(todo for begins, todo in _TOML_ENDS if message.startswith(begins))
        return "the end of the file", what
    what = next(
        (todo for begins, todo in _TOML if message.startswith(begins)),
        'a line is [[facts]], or a field such as text = "It rained."',
    )
    number = int(found[1])
    return f"line {number}", _here(text.split("\n")[number - 1], what)


def json_(message: str, position: int, text: str) -> str:
    """Return what is wrong at a place of a JSON text, from the message of Python's reader."""
    if position >= len(text.rstrip()) or message.startswith("Unterminated"):
        return "the file ends in the middle; save or download it once more"
    begin = text.rfind("\n", 0, position) + 1
    line = text[begin:].partition("\n")[0]
    near = line[max(0, position - begin - SHOWN // 2) :]
    what = (
        "a comma, a quotation mark or a bracket is missing or too many before this; save or "
        "download the file once more"
    )
    return _here(near, what)


def _here(line: str, what: str) -> str:
    line = line.strip()
    shown = line if len(line) <= SHOWN else line[:SHOWN] + "…"
    return f"here stands {shown!r}; {what}" if shown else what
