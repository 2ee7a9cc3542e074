"""Question lists of QnA Maker and of the custom question answering that followed it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.stories.formats import headers
from bot.stories.notes import Note, Recognised, RowsJoined, Shape
from bot.stories.storyfile import Raw, RawFile

_MARKS: Final = frozenset(
    ("metadata", "suggested questions", "is context only", "prompts", "qna id")
)
LEAST_WORDS: Final = 4
"""Words of an answer from which rows without a number are joined for having the same."""

_FILE: Final = re.compile(r"(?i)editorial|[^/]*\.(?:docx?|xlsx?|pdf|tsv|txt|html?|qna)")
_ADDRESS: Final = re.compile(r"(?i)https?://\S+")


def is_export(names: Iterable[str]) -> bool:
    """Return whether the columns are those of such a list."""
    plain = {headers.plain(name) for name in names}
    return {"question", "answer"} <= plain and bool(plain & _MARKS)


def numbers(names: Sequence[str]) -> int:
    """Return the place of the column whose number tells which rows are one; -1: there is none."""
    return next((n for n, name in enumerate(names) if headers.plain(name) == "qna id"), -1)


def joined(raw: RawFile) -> RawFile:
    """Return the records with the rows that share an answer as one fact, asked in several ways.

    A source that is an address becomes one; the name of a file or "Editorial" is no source.
    """
    facts: dict[str, Raw] = {}
    for number, each in enumerate(raw.facts):
        values = dict(each.values)
        answer = str(values.get("text", "")).strip()
        values["text"] = answer.replace("\\n", "\n")
        record = replace(each, values=_sourced(values))
        # Short answers such as "Yes." may answer many questions.
        alone = len(answer.split()) < LEAST_WORDS
        group = each.group or (f"row {number}" if alone else answer)
        facts[group] = _with_phrasing(facts[group], record) if group in facts else record
    rows = len(raw.facts)
    notes: list[Note] = [Recognised(shape=Shape.AZURE, questions=rows)]
    if len(facts) < rows:
        notes.append(RowsJoined(rows=rows, facts=len(facts)))
    return replace(raw, facts=list(facts.values()), notes=(*notes, *raw.notes))


def _with_phrasing(known: Raw, other: Raw) -> Raw:
    phrasings = known.values.get("phrasings")
    more = [other.values.get("question"), *_listed(other.values.get("phrasings"))]
    asked = [each for each in more if each and each != known.values.get("question")]
    kept = list(dict.fromkeys([*_listed(phrasings), *asked]))
    return replace(known, values={**known.values, "phrasings": kept})


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sourced(values: dict[str, object]) -> dict[str, object]:
    source = values.get("source")
    if "phrasings" in values:
        # The tool's suggestions are a list of its own making, empty as a rule: "[]".
        items = _listed(values["phrasings"])
        values["phrasings"] = [each for each in items if not str(each).startswith(("[", "{"))]
        if not values["phrasings"]:
            del values["phrasings"]
    if not isinstance(source, str):
        return values
    kept = {name: value for name, value in values.items() if name != "source"}
    if _ADDRESS.fullmatch(source.strip()):
        return {**kept, "source_url": kept.get("source_url") or source.strip()}
    return kept if not source.strip() or _FILE.fullmatch(source.strip()) else values
