"""Pages of questions with their answers below them → records; headings and other text aside."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.stories import article
from bot.stories.fields import shown
from bot.stories.formats import dates, headers
from bot.stories.notes import Note, PassagesLeftOut, Recognised, Shape
from bot.stories.storyfile import Faults, Raw, RawFile

LEAST_PAIRS: Final = 2
ANSWER_LIMIT: Final = 1_000
"""Characters of an answer that count when a page is told from an article."""

QUESTION_LIMIT: Final = 300
"""Characters of a line that can be a question."""

_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)[\s#]*$")
_UNDERLINE: Final = re.compile(r"\s{0,3}(?:=+|-{3,})\s*$")
_BULLET: Final = re.compile(r"\s*(?:>\s*)*(?:[-*+•–]\s+|(\d{1,3})[.)]\s+)")
_BOLD: Final = re.compile(r"(\*\*|__)(.+?)\1\s*:?")
_ASKED: Final = re.compile(
    r"[\W_]*(?:q|question)\s*\d{0,3}[\s*_]*[:.)][\s*_]*(?=\S)(.+)$", re.IGNORECASE
)
_ANSWERED: Final = re.compile(
    r"[\W_]*(?:a|answer)\s*\d{0,3}[\s*_]*[:.)][\s*_]*(.*)$", re.IGNORECASE
)
_BOTH: Final = re.compile(r"(.+?\?)[\s*_]+(?:a|answer)\s*\d{0,3}\s*:\s*(.+)$", re.IGNORECASE)
_ASKS: Final = re.compile(r"\?[\"'”’»)\]*_]*$")
_ENDS: Final = re.compile(r"[.!?…:][\"'”’»)\]*_]*$")
_BESIDE: Final = re.compile(r"[*_]*([A-Z][A-Za-z ]{2,24})[*_]*:[*_]*\s+(\S.*)$")
_ADDRESS: Final = re.compile(r"https?://\S+")


@dataclass(slots=True, kw_only=True)
class _Pair:
    """A question with what stands below it."""

    line: int
    level: int | None  # of its heading; None: it is none
    question: str
    explicit: bool  # it says that it is one: "Q: …"
    bold: bool = False
    paragraphs: list[str] = field(default_factory=list)
    beside: dict[str, object] = field(default_factory=dict)

    @property
    def belonging(self) -> int:
        """Characters that surely belong to it: of an answer as long as a fact may be, and below a
        line that nothing marks as a question, of the paragraph that follows."""
        marked = self.explicit or self.bold or self.level is not None
        answer = "".join(self.paragraphs if marked else self.paragraphs[:1])
        return len(self.question) + min(len(answer), ANSWER_LIMIT)

    @property
    def length(self) -> int:
        """Characters of it and all that stands below it."""
        return len(self.question) + len("".join(self.paragraphs))


@dataclass(slots=True, kw_only=True)
class Page:
    """What a page holds."""

    pairs: list[_Pair]
    others: list[str]  # paragraphs that belong to no question

    @property
    def answered(self) -> list[_Pair]:
        """The questions with an answer."""
        return [pair for pair in self.pairs if pair.paragraphs]

    @property
    def is_faq(self) -> bool:
        """Whether it asks and answers twice, and most of its text belongs to that."""
        inside = sum(pair.belonging for pair in self.answered)
        everything = sum(pair.length for pair in self.answered) + sum(map(len, self.others))
        return len(self.answered) >= LEAST_PAIRS and inside * 2 > everything


def parsed(text: str) -> Page:
    """Return the questions of a text or of Markdown, each with its answer, and the rest."""
    page = Page(pairs=[], others=[])
    reader = _Reader(page)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1):
        reader.take(line, following, number)
    reader.end()
    asked_again = {_same(pair.question) for pair in page.answered}
    # A list of the questions at the top, with links to the answers, is no question without one.
    page.pairs = [
        pair for pair in page.pairs if pair.paragraphs or _same(pair.question) not in asked_again
    ]
    return page


def read(
    page: Page, faults: Faults, *, shape: Shape = Shape.QUESTION_PAGE, counted: bool = False
) -> RawFile:
    """Return the records of a page; a question without an answer is a fault.

    With `counted` faults name the number of the question, where lines say nothing to its author.
    """
    if not page.answered:
        reason = (
            "no question with an answer below it was found; end each question with a question "
            "mark, on a line of its own, and write its answer below"
        )
        faults.add("the file", reason, spoils_all=True)
        return RawFile()
    facts = []
    for number, pair in enumerate(page.pairs, start=1):
        place = f"question {number}" if counted else f"line {pair.line}"
        if not pair.paragraphs:
            faults.add(place, f"the question {shown(pair.question)} has no answer below it")
            continue
        values: dict[str, object] = {
            "question": pair.question,
            "text": "\n".join(pair.paragraphs),
            **pair.beside,
        }
        facts.append(Raw(place=place, values=values))
    notes: list[Note] = [Recognised(shape=shape, questions=len(facts))]
    if page.others:
        notes.append(PassagesLeftOut(count=len(page.others), first=page.others[0]))
    return RawFile(facts=facts, notes=tuple(notes), loose=True)


class _Reader:
    """Goes through a page line by line."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pair: _Pair | None = None  # the question that text belongs to
        self._paragraph: list[str] = []
        self._begins = True  # whether a line begins something new

    def take(self, line: str, following: str, number: int) -> None:
        """Take the next line; `following` is the one after it."""
        bare = line.strip()
        heading = _HEADING.match(line)
        underlined = bool(bare) and bool(_UNDERLINE.match(following)) and not self._paragraph
        if not bare or _UNDERLINE.match(line):
            self._close()
        elif heading or underlined:
            level = len(heading[1]) if heading else (1 if "=" in following else 2)
            self._head(_unmarked(heading[2] if heading else bare), level, number)
        elif question := self._question(bare):
            self._ask(question, number, level=None, explicit=bool(_ASKED.match(bare)))
            self._page.pairs[-1].bold = bool(_BOLD.fullmatch(_BULLET.sub("", bare)))
        else:
            self._text(bare)

    def end(self) -> None:
        """Take the end of the page."""
        self._close()
        for pair in self._page.pairs:
            _take_beside(pair)

    def _head(self, title: str, level: int, number: int) -> None:
        self._close()
        explicit = _ASKED.match(title)
        if explicit or _is_question(title):
            asked = explicit[1] if explicit else title
            self._ask(asked, number, level=level, explicit=bool(explicit))
        elif self._pair is not None and self._pair.level is not None and level > self._pair.level:
            self._pair.paragraphs.append(title)
        else:
            self._pair = None

    def _question(self, bare: str) -> str | None:
        """Return the question that a line asks; None where it is no question by itself."""
        bullet = _BULLET.match(bare)
        explicit = _ASKED.match(bare)
        if explicit:
            return explicit[1]
        bold = _BOLD.fullmatch(_BULLET.sub("", bare))
        if not (self._begins or bullet or bold):
            return None
        plain = _unmarked(bold[2] if bold else bare)
        return plain if _is_question(plain) else None

    def _ask(self, question: str, number: int, *, level: int | None, explicit: bool) -> None:
        self._close()
        both = _BOTH.match(question)
        asked = _unmarked(both[1] if both else question)[:QUESTION_LIMIT]
        self._pair = _Pair(line=number, level=level, question=asked, explicit=explicit)
        self._page.pairs.append(self._pair)
        if both:
            self._paragraph.append(both[2])
        self._begins = True

    def _text(self, bare: str) -> None:
        answered = _ANSWERED.match(bare)
        if answered and self._pair is not None and (self._pair.explicit or ":" in bare[:12]):
            self._close()
            bare = answered[1]
        bullet = _BULLET.match(bare)
        if _beside(bare):
            self._close()
        elif bullet:
            self._close()
            bare = ("" if bullet[1] else "• ") + (bare if bullet[1] else _BULLET.sub("", bare))
        if bare:
            self._paragraph.append(bare)
        self._begins = not bare or bool(_ENDS.search(bare))

    def _close(self) -> None:
        """End the paragraph that is open."""
        text = " ".join(self._paragraph)
        self._paragraph = []
        self._begins = True
        if text:
            target = self._page.others if self._pair is None else self._pair.paragraphs
            target.append(text)


def _is_question(text: str) -> bool:
    """Return whether all that a line says is asked."""
    if not _ASKS.search(text) or len(text) > QUESTION_LIMIT:
        return False
    return all(_ASKS.search(sentence) for sentence in article.divided(text))


def _unmarked(text: str) -> str:
    """Return a line without bullet, number, emphasis and links."""
    text = _BULLET.sub("", text, count=1)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"\*\*|__|`", "", text).split()).strip("*_ ")


def _take_beside(pair: _Pair) -> None:
    """Take the last lines of an answer that say who says so, where or when, out of its text."""
    while len(pair.paragraphs) > 1 and (found := _beside(pair.paragraphs[-1])):
        name, value = found
        if name in pair.beside:
            return
        pair.beside[name] = value
        pair.paragraphs.pop()


def _beside(line: str) -> tuple[str, str] | None:
    """Return the field that a line such as "Source: the mayor" gives; None where it gives none."""
    found = _BESIDE.match(line)
    if found is None:
        return None
    name, value = headers.meaning(found[1]).field, found[2].strip().rstrip(".")
    fits = (
        (name == "source" and len(value) <= QUESTION_LIMIT)
        or (name == "source_url" and _ADDRESS.fullmatch(value))
        or (name == "as_of" and dates.read(value) is not None)
    )
    return (name, value) if name and fits else None


def _same(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
