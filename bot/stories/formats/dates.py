"""Days as spreadsheets and people write them; what can mean two things is decided once a file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from bot.calendar_words import MONTH_NUMBER, WEEKDAY_NUMBER
from bot.stories.fields import shown
from bot.stories.notes import DateOrder, DatesAssumed, DatesUnclear, Note
from bot.stories.storyfile import Faults, Raw, RawFile

FIELDS: Final = ("as_of", "happened", "check_by")

LEAST_GIVEN: Final = 3
"""Days of a column from which it is judged as a whole."""

_NAMES: Final = rf"(?P<name>{'|'.join(MONTH_NUMBER)})\.?"
_WEEKDAY: Final = rf"(?:(?:{'|'.join(WEEKDAY_NUMBER)})\.?,?\s+)?"
_CLOCK: Final = (
    r"(?:(?:,|\s+at)?[\sT]+(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.]\d\d(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?)?"
)
_NAMED: Final = (
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+(?:of\s+)?{_NAMES},?[\s-]+"
        rf"(?P<year>\d{{4}}|\d\d){_CLOCK}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WEEKDAY}{_NAMES}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}",
        re.IGNORECASE,
    ),
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}})[./-](?P<month>\d{{1,2}})[./-](?P<day>\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_NUMERIC: Final = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[./-])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d\d){_CLOCK}",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numeric:
    """A day written as three numbers."""

    text: str
    place: str
    day_first: date | None  # None: no day of the calendar
    month_first: date | None
    by_sign: bool  # dots, which stand after the day wherever they are used
    clock: time | None

    @property
    def only(self) -> DateOrder | None:
        """The order that it must have; None where both are possible, or neither."""
        if self.day_first is None:
            return DateOrder.MONTH_FIRST
        return DateOrder.DAY_FIRST if self.by_sign or self.month_first is None else None

    @property
    def is_open(self) -> bool:
        """Whether it can be two different days."""
        return self.only is None and self.day_first != self.month_first

    def read(self, order: DateOrder) -> date | datetime | None:
        """Return the day, or the minute, in this order."""
        day = self.day_first if order is DateOrder.DAY_FIRST else self.month_first
        return _with_clock(day, self.clock)


def settled(raw: RawFile, order: DateOrder | None, faults: Faults) -> RawFile:
    """Return the records with their days read; notes what was assumed, or cannot be known.

    A column in which one day decides the order is read in it, the others as the file's other
    columns; where nothing decides, as `order` says, and without it as day first, with a note
    that asks.
    """
    numeric = {field: _numerics(raw.facts, field) for field in FIELDS}
    orders, notes = _orders(numeric, order, faults)
    if faults.spoil_all:
        return raw
    facts = [_with_days(each, orders) for each in raw.facts]
    _check_columns(facts, faults)
    return replace(raw, facts=facts, notes=(*raw.notes, *notes))


def read(text: str, order: DateOrder = DateOrder.DAY_FIRST) -> date | datetime | None:
    """Return the day, or the minute, that `text` names; None where it names none."""
    text = " ".join(text.split())
    if _ISO.fullmatch(text):
        try:
            minute = datetime.fromisoformat(text).replace(second=0, microsecond=0)
        except ValueError:
            return None
        # Programs write a day as its midnight, with the seconds.
        return minute.date() if re.search(r"\D00:00:00(?:\.0+)?Z?$", text) else minute
    if (numeric := _numeric(text, "")) is not None:
        return numeric.read(numeric.only or order)
    for form in (_YEAR_FIRST, *_NAMED):
        if found := form.fullmatch(text):
            given = found.groupdict()
            name = given.get("name")
            month = MONTH_NUMBER.get(name.casefold()) if name else int(given["month"])
            day = None if month is None else _day(given["year"], month, int(given["day"]))
            return _with_clock(day, _clock(found))
    return None


def _orders(
    numeric: Mapping[str, Sequence[_Numeric]], order: DateOrder | None, faults: Faults
) -> tuple[dict[str, DateOrder], list[Note]]:
    """Return the order of each field's days, and what is to be said of it."""
    found: dict[str, DateOrder] = {}
    for field, days in numeric.items():
        deciding = {only: each for each in reversed(days) if (only := each.only) is not None}
        if len(deciding) > 1 and any(each.is_open for each in days):
            one, other = (deciding[each] for each in DateOrder)
            reason = (
                f"{shown(one.text)} and, at {other.place}, {shown(other.text)} put day and month "
                "in different order: write all days of the column in one"
            )
            faults.add(one.place, reason, spoils_all=True)
        elif deciding:
            found[field] = next(iter(deciding))
    elsewhere = set(found.values())
    shared = order or (elsewhere.pop() if len(elsewhere) == 1 else None)
    open_: list[_Numeric] = []
    for field, days in numeric.items():
        if field not in found:
            open_ += [each for each in days if each.is_open]
            found[field] = shared or DateOrder.DAY_FIRST
    if open_ and shared is None:
        return found, [_question(open_[0])]
    return found, _assumed(numeric, found)


def _question(day: _Numeric) -> DatesUnclear:
    assert day.day_first is not None  # noqa: S101 - both are days of the calendar
    assert day.month_first is not None  # noqa: S101
    return DatesUnclear(
        example=day.text,
        place=day.place,
        day_first=day.day_first,
        month_first=day.month_first,
    )


def _assumed(
    numeric: Mapping[str, Sequence[_Numeric]], orders: Mapping[str, DateOrder]
) -> list[Note]:
    notes: dict[DateOrder, DatesAssumed] = {}
    for field, days in numeric.items():
        for each in days:
            order = each.only or orders[field]
            day = each.read(order)
            if day is not None and order not in notes:
                only = day.date() if isinstance(day, datetime) else day
                notes[order] = DatesAssumed(order=order, example=each.text, day=only)
    return list(notes.values())


def _with_days(record: Raw, orders: Mapping[str, DateOrder]) -> Raw:
    days = {
        field: day
        for field in FIELDS
        if isinstance(value := record.values.get(field), str)
        and value
        and not (field == "check_by" and _ISO.fullmatch(value.strip()))
        and (day := read(value, orders[field])) is not None
    }
    return replace(record, values={**record.values, **days}) if days else record


def _check_columns(facts: Sequence[Raw], faults: Faults) -> None:
    """Note one fault, not one a record, where no value of a field is a day."""
    for field in ("as_of", "happened"):
        given = [value for raw in facts if (value := raw.values.get(field)) not in (None, "")]
        if len(given) < LEAST_GIVEN or not all(
            isinstance(value, str) and value.strip() for value in given
        ):
            continue
        reason = (
            f"{field} holds {shown(given[0])} and the like, none of which is a day such as "
            "2025-05-19: write days, or call the column otherwise"
        )
        faults.add("the file", reason, spoils_all=True)


def _numerics(facts: Iterable[Raw], field: str) -> list[_Numeric]:
    found = []
    for raw in facts:
        value = raw.values.get(field)
        if isinstance(value, str) and (day := _numeric(value.strip(), raw.place_of(field))):
            found.append(day)
    return found


def _numeric(text: str, place: str) -> _Numeric | None:
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    day_first, month_first = _day(found["year"], two, one), _day(found["year"], one, two)
    if day_first == month_first is None:
        return None
    return _Numeric(
        text=text,
        place=place,
        day_first=day_first,
        month_first=month_first,
        by_sign=found["sign"] == ".",
        clock=_clock(found),
    )


def _day(year: str, month: int, day: int) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        clock = time(hour, int(found["minute"]))
    except ValueError:
        return None
    # Spreadsheets show a day without a time as its midnight.
    return None if clock == time(0) and found["half"] is None else clock


def _with_clock(day: date | None, clock: time | None) -> date | datetime | None:
    return day if day is None or clock is None else datetime.combine(day, clock)
