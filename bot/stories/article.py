"""An article as sentences, each with its likely source, date and topics; pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from bot.calendar_words import MONTH_NAMES, MONTH_NUMBER, MONTHS
from bot.stories.speakers import likely_source
from db.records import FactDraft, Moment, Name, Status

LEAST_WORDS: Final = 3
"""A shorter sentence ("By our staff") states nothing."""

TOPICS: Final = 5
LONGEST_QUOTE: Final = 500
"""Characters of a quotation that is never divided; beyond, a quotation mark was forgotten."""

_SHORT_MONTHS: Final = [short for _, *others in MONTHS for short in others]
_NEVER_END: Final = re.compile(
    r"mrs?|ms|dr|prof|gen|col|capt|lt|maj|sgt|adm|gov|sen|rep|rev|hon|st|vs|etc|nos?|vol|fig|"
    rf"approx|dept|est|e\.g|i\.e|cf|{'|'.join(_SHORT_MONTHS)}"
)
"""Abbreviations after which the sentence goes on."""

_STARTS: Final = re.compile(
    r"the|an?|s?he|it|they|we|i|but|and|in|on|at|this|that|these|those|there|his|her|its|their|"
    r"according|after|before|when|while|however|if|as|both|no|one|some|many"
)
"""Words, with a capital, that show that an abbreviation such as U.S. or p.m. ended a sentence."""

_SPEAKING: Final = re.compile(
    r"(?:[\w.’'-]+\s+){0,4}(?:said|says|asked|told|added|wrote|replied|announced|warned)\b"
)
_ENDING: Final = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W_a-z])")
_LETTERS: Final = re.compile(r"(?:^|[\s(\"“'‘])(?:[^\W\d_]\.)+$")
_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»")
_MARKS: Final = re.compile(r"\*\*|__|`|!?\[([^\]]*)\]\([^)]*\)")
_BULLET: Final = re.compile(r"^\s*(?:>\s*|[-*+•]\s+|\d{1,3}[.)]\s+)+")
_HEADING: Final = re.compile(r"^\s*(?:#|=+\s*$|-{3,}\s*$)")
_NOTE: Final = re.compile(
    r"\W*(?:(?:(?:editor|publisher|author)['’]?s?['’]? note|note to (?:editors|readers)|correction|"
    r"clarification|read (?:more|also|next)|see also|"
    r"(?:additional )?reporting by|photo by)\W*[:–—]|"
    r"this (?:is a (?:developing|breaking)|story is (?:developing|being updated)|"
    r"(?:article|story|report) (?:has been|was|will be) (?:updated|corrected|amended))\b|"
    r"(?:sign up|subscribe) (?:to|for)\b)",
    re.IGNORECASE,
)
"""What begins a paragraph about the article rather than the news."""

_BREAK: Final = re.compile(r"\n[ \t]*\n")

_MONTH: Final = rf"(?:{'|'.join(MONTH_NAMES)}|(?:{'|'.join(_SHORT_MONTHS)})\.?)"
_DATES: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})\s+(?P<name>{_MONTH})(?!\w),?\s*(?P<year>\d{{4}})?", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})\s+(?P<day>\d{{1,2}})\b(?:,?\s*(?P<year>\d{{4}}))?", re.IGNORECASE
    ),
)
_SAID_ON: Final = re.compile(
    r"\b(?:said|told|announced|wrote|reported|stated)\b(?:\s+\w+){0,4}\s+$"
)


def proposed(text: str, names: Sequence[Name], today: date) -> tuple[FactDraft, ...]:
    """Return each sentence of an article, once, as a fact without a key or a question.

    `names` of the lexicon become topics; a date without a year is taken to be the last before
    `today`. A date in "said on …" is when it was said, any other when it took place.
    """
    drafts = []
    for sentence in dict.fromkeys(sentences(text)):
        said_on, took_place = _dates(sentence, today)
        drafts.append(
            FactDraft(
                key="",
                text=sentence,
                status=Status.REPORTED,
                source=likely_source(sentence),
                as_of=said_on,
                happened=took_place,
                topics=topics(sentence, names),
            )
        )
    return tuple(drafts)


def sentences(text: str) -> list[str]:
    """Return the sentences of plain text or Markdown, in order.

    Headings are left out, and what an editor says of the article itself.
    """
    found: list[str] = []
    for paragraph in _paragraphs(text.replace("\r\n", "\n").replace("\r", "\n")):
        if _NOTE.match(paragraph):
            continue
        found += [each for each in divided(paragraph) if len(each.split()) >= LEAST_WORDS]
    return found


def topics(sentence: str, names: Iterable[Name]) -> tuple[str, ...]:
    """Return the names of the lexicon that a sentence mentions, as tags, in the lexicon's order."""
    found = []
    for name in names:
        written = "|".join(re.escape(each) for each in (name.name, *name.also) if each)
        if re.search(rf"(?<!\w)(?:{written})(?!\w)", sentence):
            found.append(name.name.lower()[:60])
    return tuple(dict.fromkeys(found))[:TOPICS]


def _paragraphs(text: str) -> Iterable[str]:
    """Yield paragraphs on one line each: lines of a file without blank ones are paragraphs,
    unless most of them end in the middle of a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    whole = sum(line.rstrip().endswith((".", "!", "?", "…", '"', "”", "’", ")")) for line in lines)
    if not _BREAK.search(text.strip()) and whole * 2 >= len(lines):
        blocks = lines
    else:
        blocks = _BREAK.split(text)
    for block in blocks:
        parts: list[str] = []
        for line in block.split("\n"):
            if _HEADING.match(line):
                continue
            if parts and _BULLET.match(line):
                yield _plain(parts)
                parts = []
            parts.append(_BULLET.sub("", line))
        if parts:
            yield _plain(parts)


def _plain(lines: Iterable[str]) -> str:
    joined = _MARKS.sub(lambda match: match[1] or "", " ".join(lines))
    return " ".join(joined.split())


def divided(paragraph: str) -> Iterable[str]:
    """Yield the sentences of one paragraph."""
    quoted = [
        match.span()
        for match in _QUOTED.finditer(paragraph)
        if match.end() - match.start() <= LONGEST_QUOTE
    ]
    start = 0
    for ending in _ENDING.finditer(paragraph):
        end = ending.end()
        if any(begin < end < close for begin, close in quoted):
            continue
        if _goes_on(paragraph[start:end], paragraph[end:].lstrip()):
            continue
        yield paragraph[start:end].strip()
        start = end
    if rest := paragraph[start:].strip():
        yield rest


def _goes_on(head: str, rest: str) -> bool:
    """Return whether the mark at the end of `head` ends no sentence, since `rest` goes on."""
    bare = head.rstrip("\"'”’»)]")
    if len(bare) < len(head):
        # "Are you serious?" Vance asked.
        return bare.endswith(("?", "!", "…")) and bool(_SPEAKING.match(rest))
    if not bare.endswith("."):
        return False
    last = bare.rsplit(None, 1)[-1].lstrip("(\"“'‘«[").rstrip(".").lower()
    if _NEVER_END.fullmatch(last):
        return True
    if _LETTERS.search(bare) or last in ("p.m", "a.m"):
        following = re.match(r"[\"'“‘«(\[]*([^\W_]+)", rest)
        return following is None or not _STARTS.fullmatch(following[1].lower())
    return last.isdigit() and len(head.split()) == 1  # "1. First …"


def _dates(sentence: str, today: date) -> tuple[Moment | None, Moment | None]:
    """Return the first day that a sentence names: as when it was said, or as when it took place."""
    found = [match for dates in _DATES for match in dates.finditer(sentence)]
    for match in sorted(found, key=lambda each: each.start()):
        moment = _moment(match, today)
        if moment is not None:
            said = _SAID_ON.search(sentence[: match.start()])
            return (moment, None) if said else (None, moment)
    return None, None


def _moment(match: re.Match[str], today: date) -> Moment | None:
    given = match.groupdict()
    name = (given.get("name") or "").casefold().rstrip(".")
    month = MONTH_NUMBER.get(name) if name else int(given["month"])
    if month is None:  # a letter that only case-folds to another
        return None
    try:
        day = date(int(given["year"] or today.year), month, int(given["day"]))
        if given["year"] is None and day > today:
            day = day.replace(year=day.year - 1)
    except ValueError:  # 31 June, or 29 February of another year
        return None
    return Moment(day)
