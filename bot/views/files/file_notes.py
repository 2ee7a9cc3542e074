"""How a file was read, and what to look at in it, in sentences for an editor."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from bot.services.files.cautions import (
    Caution,
    Cleared,
    Contradiction,
    OtherStory,
    SecretShown,
    TwoAnswers,
)
from bot.stories import notes
from bot.stories.notes import Encoding, Note, Shape
from bot.views import markup
from bot.views.alerts import contrast
from bot.views.desk import lines

WORDS: Final = 60
"""Characters of a text that a sentence repeats."""

NAMED: Final = 8
"""Columns or numbers that a sentence names."""

CAUTIONS_SHOWN: Final = 6
CUTS_SHOWN: Final = 4

_SHAPES: Final = {
    Shape.QUESTION_PAGE: "a page of questions and answers",
    Shape.WEB_PAGE: "a web page of questions and answers",
    Shape.FAQ_DATA: "the FAQ data of a web page",
    Shape.AZURE: "an Azure question list (QnA Maker)",
    Shape.QNABOT: "a QnABot question list",
    Shape.LIST: "a list of questions and answers",
}
_FIELDS: Final = {
    "text": "answer",
    "source_url": "link of the source",
    "as_of": "day on which it was said",
    "happened": "day on which it happened",
    "next_word": "time of the next word",
    "check_by": "day to look again",
}
_SIGNS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}


def sentences(read: Iterable[Note]) -> list[str]:
    """Return how a file was read, one sentence a note; what needs an answer, or goes
    without saying, is not among them."""
    told: list[str] = []
    cuts = 0
    for note in read:
        if isinstance(note, notes.AnswerCut):
            cuts += 1
            if cuts > CUTS_SHOWN:
                continue
        say = _SAY.get(type(note))
        if say is not None and (sentence := say(note)):
            told.append(sentence)
    if cuts > CUTS_SHOWN:
        told.append(f"{cuts - CUTS_SHOWN:,} more answers were cut at 1,000 characters.")
    return told


def warnings(found: Iterable[Caution]) -> list[str]:
    """Return what to look at before the file comes in, one sentence each."""
    every = [_caution(each) for each in found]
    more = len(every) - CAUTIONS_SHOWN
    return [*every[:CAUTIONS_SHOWN], *([f"And {more:,} more like these."] if more > 0 else [])]


def question(unclear: notes.DatesUnclear) -> str:
    """Return what is asked of days that can mean two things."""
    return (
        f"Dates such as {markup.shorten(unclear.example, WORDS)} ({unclear.place}) can mean two "
        f"days: is it {day_first(unclear)} or {month_first(unclear)}?"
    )


def day_first(unclear: notes.DatesUnclear) -> str:
    """Return the day that is meant where the day comes first, as `5 June`."""
    return f"{unclear.day_first.day} {unclear.day_first:%B}"


def month_first(unclear: notes.DatesUnclear) -> str:
    """Return the day that is meant where the month comes first, as `May 6`."""
    return f"{unclear.month_first:%B} {unclear.month_first.day}"


def _recognised(note: notes.Recognised) -> str:
    return f"It is {_SHAPES[note.shape]}: {_many(note.questions, 'question')}."


def _encoding(note: notes.EncodingAssumed) -> str:
    told = f"Its letters were read as {note.encoding}"
    if note.encoding is Encoding.WINDOWS_1252 and note.example:
        return f"{told}, for example “{note.example}”: drop the file if that looks wrong."
    return f"{told}."


def _separator(note: notes.SeparatorAssumed) -> str:
    sign = _SIGNS.get(note.separator, f"the sign {note.separator}")
    return f"Its columns were divided at {sign}."


def _sheet(note: notes.SheetTaken) -> str:
    others = _named(note.others)
    return f"The sheet “{markup.shorten(note.name, WORDS)}” was read; left out: {others}."


def _above(note: notes.RowsAbove) -> str:
    return f"{_many(note.rows, 'row')} above the names of the columns left out."


def _assumed(_: notes.ColumnsAssumed) -> str:
    return (
        "No name of a column is known: the one that asks was read as question, the other as answer."
    )


def _taken(note: notes.ColumnsTaken) -> str:
    called = [(name, _FIELDS.get(field, field)) for name, field in note.pairs]
    pairs = [
        f"“{markup.shorten(name, WORDS)}” as {field}"
        for name, field in called
        if name.casefold() != field
    ]
    return f"Columns were read so: {', '.join(pairs[:NAMED])}." if pairs else ""


def _left_out(note: notes.ColumnsLeftOut) -> str:
    return f"Left out, since they are no part of a fact: {_named(note.columns)}."


def _dates(note: notes.DatesAssumed) -> str:
    order = note.order.value.replace("-", " ")
    return f"Dates were read {order}: {note.example} as {_day(note.day)}."


def _markup(note: notes.MarkupRemoved) -> str:
    return f"Markup was taken out of {_many(note.texts, 'text')}."


def _links(note: notes.LinksTaken) -> str:
    told = []
    if note.kept:
        told.append(f"{_many(note.kept, 'link')} in answers became the source's link.")
    if note.left_out_count:
        named = _named(note.left_out, note.left_out_count)
        told.append(f"{_many(note.left_out_count, 'link')} found no place: {named}.")
    return " ".join(told)


def _divided(note: notes.ListsDivided) -> str:
    sign = _SIGNS.get(note.sign, note.sign)
    return f"Lists in {_many(note.cells, 'cell')} were divided at {sign}."


def _joined(note: notes.RowsJoined) -> str:
    return (
        f"{note.rows:,} rows became {_many(note.facts, 'fact')}: rows with one answer are ways of "
        "asking it."
    )


def _cut(note: notes.AnswerCut) -> str:
    asked, rest = markup.shorten(note.question, WORDS), markup.shorten(note.left_out, WORDS)
    return (
        f"The answer to “{asked}” ({note.place}) was too long; its last {len(note.left_out):,} "
        f"characters are left out, from “{rest}” on."
    )


def _passages(note: notes.PassagesLeftOut) -> str:
    first = markup.shorten(note.first, WORDS)
    return f"Left out, since no question stands above: {_many(note.count, 'passage')} (“{first}”)."


def _spellings(note: notes.SpellingsRead) -> str:
    return f"Read whatever their capitals: {_named(note.words)}."


_SAY: Final[dict[type, Callable[[Any], str]]] = {
    notes.Recognised: _recognised,
    notes.EncodingAssumed: _encoding,
    notes.SeparatorAssumed: _separator,
    notes.SheetTaken: _sheet,
    notes.RowsAbove: _above,
    notes.ColumnsAssumed: _assumed,
    notes.ColumnsTaken: _taken,
    notes.ColumnsLeftOut: _left_out,
    notes.DatesAssumed: _dates,
    notes.MarkupRemoved: _markup,
    notes.LinksTaken: _links,
    notes.ListsDivided: _divided,
    notes.RowsJoined: _joined,
    notes.AnswerCut: _cut,
    notes.PassagesLeftOut: _passages,
    notes.SpellingsRead: _spellings,
}


def _caution(caution: Caution) -> str:
    match caution:
        case TwoAnswers(question=asked, one=one, other=other):
            return f"“{markup.shorten(asked, WORDS)}” has two answers: {one} and {other}."
        case Contradiction(text=text, fact=number, stands=stands, differs=differs):
            said, other = contrast.both(stands, text, 2 * WORDS)
            return (
                f"“{other}” stands against “{said}” (#{number}): "
                f"they differ in {lines.claims(differs)}."
            )
        case Cleared(field=field, facts=numbers):
            named = _named([f"#{number}" for number in numbers], len(numbers))
            return f"It would clear the {_FIELDS.get(field, field)} of {named}."
        case SecretShown(name=name, places=places):
            return (
                f"Links hold “{markup.shorten(name, WORDS)}=”, which looks like a secret that "
                f"every reader would get: {_named(places)}."
            )
        case OtherStory(title=title, facts=facts):
            stay = f"The {facts:,} facts" if facts > 1 else "The one fact"
            of_what = f" of “{markup.shorten(title, WORDS)}”" if title else ""
            return f"It seems to be another story. {stay}{of_what} stay; these are added to them."


def _named(names: Iterable[str], count: int | None = None) -> str:
    given = list(names)
    shown = ", ".join(markup.shorten(name, WORDS) for name in given[:NAMED])
    more = (len(given) if count is None else count) - min(len(given), NAMED)
    return f"{shown} and {more:,} more" if more > 0 else shown


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
