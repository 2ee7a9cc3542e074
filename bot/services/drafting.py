"""Reads an editor's message into the fields of a fact. Pure.

A field that cannot be read is not guessed: it comes back as a trouble, a sentence that asks for it
again. What cannot be told apart at all is refused as a whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from bot.errors import DeskError
from bot.services import draft_fields
from bot.services.draft_fields import CALLED, WEIGHTS, Trouble
from db.records import FactDraft, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What a message gives: fields of a fact by name, and a sentence for each that it spoils."""

    given: Mapping[str, Any] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)

    def on(self, draft: FactDraft) -> FactDraft:
        """Return `draft` with what was given."""
        return replace(draft, **self.given)


EMPTY: Final = FactDraft(key="", text="")
"""A fact of which nothing is known yet."""

LABELS: Final = {
    "question": "question",
    "answer": "text",
    "text": "text",
    "source": "source",
    "link": "source_url",
    "status": "status",
    "when": "happened",
    "happened": "happened",
    "said": "as_of",
    "topics": "topics",
    "topic": "topics",
    "check": "check_by",
    "check by": "check_by",
    "next": "next_word",
    "weight": "weight",
}
"""The labels that a line may begin with, and the field that each stands for."""

_LABELLED: Final = re.compile(r"([^\W\d_]+(?: by)?)[ \t]*:(?!//)[ \t]*(.*)", re.IGNORECASE)
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ASKING: Final = re.compile(r"\?[\"”’)]*(?=\s|$)")


def cleaned(text: str) -> str:
    """Return `text` without what no field can hold, lines and their ends trimmed."""
    text = _UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def addition(text: str, now: datetime) -> Wished:
    """Return the fact that a message behind /add gives, written at `now` in the story's zone.

    Question first, then the answer, then labelled lines; or `question | answer | source`.

    Raises:
        DeskError: a label is not known or stands twice, or there are too many bars.
    """
    head, labelled = _split(cleaned(text))
    given = _barred(head, ("question", "text", "source")) if _has_bars(head) else _two(head)
    return _read(_joined(given, labelled), now)


def known_unknown(text: str, now: datetime) -> Wished:
    """Return what nobody knows yet, from `cause | what is known | next 18:00`; see `addition`."""
    head, labelled = _split(cleaned(text))
    given = _barred(head, ("question", "text", "next_word")) if _has_bars(head) else _two(head)
    wished = _read(_joined(given, labelled), now)
    return replace(wished, given={**wished.given, "status": Status.UNKNOWN})


def changes(text: str, now: datetime) -> Wished:
    """Return what a message changes in a draft: labelled lines, and other words as the answer.

    Raises:
        DeskError: as `addition`; or it changes nothing.
    """
    head, labelled = _split(cleaned(text))
    given = {"text": "\n".join(head)} if head else {}
    joined = _joined(given, labelled)
    if not joined:
        raise DeskError(
            "There is nothing in that: write the new answer, or a line such as Source: TASS."
        )
    return _read(joined, now, emptied=True)


def one(name: str, text: str, now: datetime) -> Wished:
    """Return the field `name` as somebody who was asked for it writes it.

    Labelled lines may stand for themselves here too, such as `Source: TASS` when asked who says so.
    """
    head, labelled = _split(cleaned(text), strict=False)
    given = {name: "\n".join(head)} if head else {}
    return _read(_joined(given, labelled), now)


def one_line(text: str) -> bool:
    """Return whether plain words are an addition: `question | answer | source`, nothing empty."""
    words = cleaned(text)
    parts = [part.strip() for part in words.split("|")]
    return "\n" not in words and len(parts) == 3 and all(parts)


def _split(text: str, *, strict: bool = True) -> tuple[list[str], dict[str, str]]:
    """Return the lines without a label, and the labelled ones by field."""
    head: list[str] = []
    labelled: dict[str, str] = {}
    for line in text.split("\n"):
        if line.casefold() in WEIGHTS:
            labelled["weight"] = line
            continue
        found = _LABELLED.fullmatch(line)
        name = LABELS.get(" ".join(found[1].casefold().split())) if found else None
        if found is None or name is None:
            if found is not None and strict:
                _refuse_slip(found[1])
            if line:
                head.append(line)
            continue
        if name in labelled:
            raise DeskError(f"“{found[1]}:” stands there twice: write it once and send it again.")
        labelled[name] = found[2].strip()
    return head, labelled


def _refuse_slip(label: str) -> None:
    """Refuse a label that is almost one of ours; other words before a colon are words."""
    near = get_close_matches(label.casefold(), LABELS, n=1, cutoff=0.8)
    if near:
        raise DeskError(
            f"“{label}:” is no label; did you mean “{near[0].title()}:”? Mend it and send it again."
        )


def _has_bars(head: list[str]) -> bool:
    return len(head) == 1 and "|" in head[0]


def _barred(head: list[str], names: tuple[str, ...]) -> dict[str, str]:
    parts = [part.strip() for part in head[0].split("|")]
    if len(parts) > len(names):
        raise DeskError(
            f"There are {len(parts)} parts between the bars, and at most {len(names)} are "
            "understood: write it without the other bars."
        )
    return {name: part for name, part in zip(names, parts, strict=False) if part}


def _two(head: list[str]) -> dict[str, str]:
    """Return question and answer: the question ends with its mark, else with the first line."""
    if not head:
        return {}
    last = next((place for place, line in enumerate(head) if line.endswith("?")), 0)
    question, text = " ".join(head[: last + 1]), "\n".join(head[last + 1 :])
    if not text and (asked := _ASKING.search(question)):
        question, text = question[: asked.end()], question[asked.end() :].strip()
    return {"question": question, "text": text} if text else {"question": question}


def _joined(given: dict[str, str], labelled: dict[str, str]) -> dict[str, str]:
    for name in given:
        if name in labelled:
            raise DeskError(
                f"The {CALLED.get(name, name)} stands there twice, with its label and without: "
                "write it once and send it again."
            )
    return {**given, **labelled}


def _read(texts: Mapping[str, str], now: datetime, *, emptied: bool = False) -> Wished:
    """Return the fields that `texts` are; empty ones count only where something is `emptied`."""
    given: dict[str, Any] = {}
    troubles: dict[str, str] = {}
    for name, text in texts.items():
        if not text:
            if emptied and name not in ("question", "text", "source"):
                given[name] = getattr(EMPTY, name)
            elif emptied:
                troubles[name] = f"A fact needs its {CALLED[name]}."
            continue
        try:
            given.update(draft_fields.read(name, text, now))
        except Trouble as trouble:
            troubles[name] = str(trouble)
            given.update(trouble.besides)
    return Wished(given=given, troubles=troubles)
