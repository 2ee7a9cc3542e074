"""Reads an editor's message into the fields of a fact: labelled lines, bars, plain words. Pure.

One grammar for all: what is added, what is changed, what is answered to readers. A field that
cannot be read is not guessed: it comes back as a trouble, a sentence that asks for it again. What
cannot be told apart at all is refused as a whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from bot.errors import DeskError
from bot.services.facts import values
from bot.services.facts.values import Trouble
from bot.stories.schema import FIELD, FIELDS, LABELS
from db.records import FactDraft, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a message gives: fields of a fact by name, and a sentence for each that it spoils."""

    given: Mapping[str, Any] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)

    def on(self, draft: FactDraft) -> FactDraft:
        """Return `draft` with what was given."""
        return replace(draft, **self.given)


EMPTY: Final = FactDraft(key="", text="")
"""A fact of which nothing is known yet."""

CLEARS: Final = "-"
"""Behind a label: empties the field."""

ANSWERS: Final = (Status.CONFIRMED, Status.REPORTED, Status.DISPUTED)
"""What an answer to readers may be; a known unknown answers nobody."""

_LABELLED: Final = re.compile(r"([^\W\d_]+(?: by| word)?)[ \t]*:(?!//)[ \t]*(.*)", re.IGNORECASE)
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ASKING: Final = re.compile(r"\?[\"”’)]*(?=\s|$)")
_PARAGRAPHS: Final = re.compile(r"\n{3,}")


def cleaned(text: str) -> str:
    """Return `text` without what no field can hold, lines and their ends trimmed."""
    text = _UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    return _PARAGRAPHS.sub("\n\n", text)


def addition(text: str, now: datetime) -> Parsed:
    """Return the fact that a message behind /add gives, written at `now` in the story's zone.

    Question first, then the answer, then labelled lines; or `question | answer | source`.

    Raises:
        DeskError: a label is not known or stands twice, or there are too many bars.
    """
    head, labelled = _split(text)
    given = _barred(head, ("question", "text", "source")) if _has_bars(head) else _two(head)
    return _read(_joined(given, labelled), now)


def known_unknown(text: str, now: datetime) -> Parsed:
    """Return what nobody knows yet, from `cause | what is known | next 18:00`; see `addition`."""
    head, labelled = _split(text)
    given = _barred(head, ("question", "text", "next_word")) if _has_bars(head) else _two(head)
    parsed = _read(_joined(given, labelled), now)
    return replace(parsed, given={**parsed.given, "status": Status.UNKNOWN})


def draft_changes(text: str, now: datetime) -> Parsed:
    """Return what a message changes in a draft: labelled lines, and other words as the answer.

    Raises:
        DeskError: as `addition`; or it changes nothing.
    """
    joined = _as_text(text)
    if not joined:
        raise DeskError(
            "There is nothing in that: write the new answer, or a line such as Source: TASS."
        )
    return _read(joined, now, needed=("question", "text", "source"))


def fact_changes(text: str, now: datetime) -> Mapping[str, Any]:
    """Return what a message changes in a fact, as `draft_changes`.

    Raises:
        DeskError: as `addition`; or a field cannot be read. It says that nothing changed.
    """
    try:
        return _sound(_read(_as_text(text), now, needed=("text", "status")))
    except DeskError as error:
        raise DeskError(f"Nothing changed: {error}") from None


def answer(text: str, now: datetime) -> Mapping[str, Any]:
    """Return the fields of an answer to readers: labelled lines, and other words as the answer.

    Raises:
        DeskError: as `addition`; or a field cannot be read, or is what no answer can be.
    """
    given = _sound(_read(_as_text(text), now, needed=("text", "status")))
    if given.get("status", ANSWERS[0]) not in ANSWERS:
        raise DeskError(
            f"“{given['status']}” is no status of an answer: write {', '.join(ANSWERS)}."
        )
    return given


def one(name: str, text: str, now: datetime) -> Parsed:
    """Return the field `name` as somebody who was asked for it writes it.

    Labelled lines may stand for themselves here too, such as `Source: TASS` when asked who says so.
    """
    head, labelled = _split(text, strict=False)
    given = {name: "\n".join(head)} if head else {}
    return _read(_joined(given, labelled), now)


def one_line(text: str) -> bool:
    """Return whether plain words are an addition: `question | answer | source`, nothing empty."""
    words = cleaned(text)
    parts = [part.strip() for part in words.split("|")]
    return "\n" not in words and len(parts) == 3 and all(parts)


def has_labels(text: str) -> bool:
    """Return whether a line of a message is a labelled one: it is for the desk, no question."""
    return any(_labelled(line) is not None for line in cleaned(text).split("\n"))


def _labelled(line: str) -> tuple[str, str] | None:
    """Return the field that a line stands for, and its value; None for plain words."""
    if values.weight_named(line) is not None:
        return "weight", line
    found = _LABELLED.fullmatch(line)
    name = LABELS.get(" ".join(found[1].casefold().split())) if found else None
    return None if found is None or name is None else (name, found[2].strip())


def _split(text: str, *, strict: bool = True) -> tuple[list[str], dict[str, str]]:
    """Return the lines without a label, paragraphs kept, and the labelled ones by field."""
    head: list[str] = []
    labelled: dict[str, str] = {}
    for line in cleaned(text).split("\n"):
        found = _labelled(line)
        if found is None:
            if strict:
                _refuse_slip(line)
            head.append(line)
            continue
        name, value = found
        if name in labelled:
            label = line.partition(":")[0].strip()
            raise DeskError(f"“{label}:” stands there twice: write it once and send it again.")
        labelled[name] = value
    lines = _PARAGRAPHS.sub("\n\n", "\n".join(head).strip("\n"))
    return lines.split("\n") if lines else [], labelled


def _refuse_slip(line: str) -> None:
    """Refuse a label that is almost one of ours; other words before a colon are words."""
    found = _LABELLED.fullmatch(line)
    near = get_close_matches(found[1].casefold(), LABELS, n=1, cutoff=0.8) if found else []
    if found is not None and near:
        raise DeskError(
            f"“{found[1]}:” is no label; did you mean “{near[0].title()}:”? "
            "Mend it and send it again."
        )


def _as_text(text: str) -> dict[str, str]:
    head, labelled = _split(text)
    return _joined({"text": "\n".join(head)} if head else {}, labelled)


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
    question = " ".join(line for line in head[: last + 1] if line)
    text = "\n".join(head[last + 1 :]).strip()
    if not text and (asked := _ASKING.search(question)):
        question, text = question[: asked.end()], question[asked.end() :].strip()
    return {"question": question, "text": text} if text else {"question": question}


def _joined(given: dict[str, str], labelled: dict[str, str]) -> dict[str, str]:
    for name in given:
        if name in labelled:
            raise DeskError(
                f"The {FIELD[name].called} stands there twice, with its label and without: "
                "write it once and send it again."
            )
    return {**given, **labelled}


def _read(
    texts: Mapping[str, str], now: datetime, *, needed: tuple[str, ...] | None = None
) -> Parsed:
    """Return the fields that `texts` are, in the order of the schema: what is said itself holds.

    Empty ones empty the field where fields may be emptied: all but the `needed` ones.
    """
    given: dict[str, Any] = {}
    troubles: dict[str, str] = {}
    for name in (each.name for each in FIELDS if each.name in texts):
        text = texts[name]
        if text in ("", CLEARS):
            if needed is not None and name not in needed:
                given[name] = getattr(EMPTY, name)
            elif needed is not None:
                troubles[name] = f"A fact needs its {FIELD[name].called}."
            continue
        try:
            given.update(values.read(name, text, now))
        except Trouble as trouble:
            troubles[name] = str(trouble)
            given.update(trouble.besides)
    return Parsed(given=given, troubles=troubles)


def _sound(parsed: Parsed) -> Mapping[str, Any]:
    if parsed.troubles:
        raise DeskError(" ".join(parsed.troubles.values()))
    return parsed.given
