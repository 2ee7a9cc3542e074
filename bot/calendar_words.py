"""The names of months and weekdays in English, with the ways of shortening them."""

from typing import Final

MONTHS: Final = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
WEEKDAYS: Final = (
    ("monday", "mon"),
    ("tuesday", "tues", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thurs", "thur", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)
MONTH_NAMES: Final = tuple(names[0] for names in MONTHS)
WEEKDAY_NAMES: Final = tuple(names[0] for names in WEEKDAYS)
MONTH_NUMBER: Final = {name: place for place, names in enumerate(MONTHS, 1) for name in names}
"""From every name of a month, 1 for January."""

WEEKDAY_NUMBER: Final = {name: place for place, names in enumerate(WEEKDAYS) for name in names}
"""From every name of a weekday, 0 for Monday, as in `datetime`."""
