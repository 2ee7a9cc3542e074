"""Time zones by the names that people give them: cities, countries, and the zones' own."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import SubscriptionError
from bot.services.subscriptions.cities import COUNTRIES, PLACES

LONGEST: Final = 60
"""Characters of a place's name."""

NAMED: Final = 8
"""Clocks that are named to whoever must choose between them."""

_AREAS: Final = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Europe", "Indian", "Pacific"}
)
"""Zones of these are named after places, others also after offsets or parts of a country."""

SHORTEST_GUESSED: Final = 5
"""Letters of the shortest place that is guessed from another spelling."""

CLOSE: Final = 0.8
"""How alike the spellings must be; 1 is the same. Everyday words are no misspelt cities."""

_FIXED: Final = "Etc/GMT"
_OFFSET: Final = re.compile(
    r"(?:utc|gmt)?\s*([+\-−])\s*(1[0-4]|0?\d)(?::?([0-5]\d))?", re.IGNORECASE
)
_DROPPED: Final = re.compile(r"[.'’!]")
_SPACED: Final = re.compile(r"[\s_-]+")
_BRACKETS: Final = re.compile(r"(.+) \((.+)\)(.*)")
_SAMPLES: Final = tuple(
    datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=days) for days in range(0, 364, 7)
)
"""Moments at which two zones that keep the same clock agree."""


def zone_of(name: str) -> str:
    """Return the IANA zone that a city, a country or a zone's own name means.

    Raises:
        SubscriptionError: none is known by this name, or several are; offers the likeliest.
    """
    found = named(name)
    if len(found) == 1:
        return found[0]
    if found:
        *others, last = map(city_of, found[:NAMED])
        raise SubscriptionError(
            f"More than one clock fits {name[:40]!r}: name a city whose clock is yours, such as "
            f"{', '.join(others)} or {last}."
        )
    near = _nearest(name)
    hint = (
        f"did you mean {near.title()}?"
        if near
        else "name a big city of your zone, such as Berlin, the zone, such as Europe/Berlin, or "
        "its hours, such as UTC+3."
    )
    raise SubscriptionError(f"I know no time zone called {name[:40]!r}: {hint}")


def is_like_one(name: str) -> bool:
    """Return whether a name is that of a place, or nearly: what else is meant is no zone."""
    return bool(named(name)) or _nearest(name) is not None


def _nearest(name: str) -> str | None:
    """Return the city or country whose name is nearly this one; None where none is."""
    known = [each for each in (*_cities(), *_countries()) if len(each) >= SHORTEST_GUESSED]
    near = get_close_matches(_folded(name[:LONGEST]), known, n=1, cutoff=CLOSE)
    return near[0] if near else None


def named(name: str) -> tuple[str, ...]:
    """Return the zones that a name may mean, one for each clock; none for a name of nothing."""
    if len(name) > LONGEST:
        return ()
    whole = _folded(name)
    if offset := _OFFSET.fullmatch(name.strip()):
        return _at_offset(offset)
    if found := _placed(whole.replace(",", "")):
        return _clocks(found)
    if whole in _zones():
        return (_zones()[whole],)
    city, _, country = (part.strip() for part in whole.partition(","))
    theirs = {_rules(zone) for zone in _placed(country)}
    return _clocks([zone for zone in _cities().get(city, ()) if _rules(zone) in theirs])


def city_of(zone: str) -> str:
    """Return the city that a zone is named after, or `UTC+3`, for people to read."""
    if zone.startswith(_FIXED):
        # The database names these from the other side: Etc/GMT-3 is three hours ahead.
        return "UTC" + zone.removeprefix(_FIXED).translate(str.maketrans("+-", "-+"))
    return zone.rpartition("/")[2].replace("_", " ")


def _at_offset(offset: re.Match[str]) -> tuple[str, ...]:
    """Return the zone that is so far from UTC all year round; none where there is none."""
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    span = timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1)
    fixed = f"{_FIXED}{'-' if span > timedelta(0) else '+'}{hours}"
    if not minutes and fixed in available_timezones():
        return (fixed,)
    current = (zone for _, zone in _table("zone.tab", 0, 2))
    return next(((zone,) for zone in current if set(_rules(zone)) == {span}), ())


def _placed(folded: str) -> tuple[str, ...]:
    return _cities().get(folded) or _countries().get(folded) or ()


def _clocks(zones: Sequence[str]) -> tuple[str, ...]:
    """Return the first of those zones that keep the same clock."""
    first: dict[object, str] = {}
    for zone in zones:
        first.setdefault(_rules(zone), zone)
    return tuple(first.values())


@lru_cache(maxsize=1024)
def _rules(zone: str) -> tuple[timedelta | None, ...]:
    there = ZoneInfo(zone)
    return tuple(at.astimezone(there).utcoffset() for at in _SAMPLES)


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Return the zones by their own names."""
    return {_folded(name): name for name in available_timezones() - {"Factory", "localtime"}}


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, tuple[str, ...]]:
    """Return the zones by the cities they are named after, and by the places of our own table."""
    current = [zone for _, zone in _table("zone.tab", 0, 2)]
    found = defaultdict[str, list[str]](list)
    for zone in current:
        found[_folded(city_of(zone))].append(zone)
    for zone, places in PLACES.items():
        for place in places.split(", "):
            found[_folded(place)].append(zone)
    former = sorted(set(_zones().values()) - set(current))
    for zone in former:
        if zone.partition("/")[0] in _AREAS:
            found.setdefault(_folded(city_of(zone)), [zone])
    return {city: tuple(zones) for city, zones in found.items()}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, tuple[str, ...]]:
    """Return the zones of each country, the most populous first."""
    by_code = defaultdict[str, list[str]](list)
    for code, zone in _table("zone.tab", 0, 2):
        by_code[code].append(zone)
    found = defaultdict[str, list[str]](list)
    for code, name in _table("iso3166.tab", 0, 1):
        for each in _names(name):
            found[_folded(each)] += by_code[code]
    for country, names in COUNTRIES.items():
        for each in names.split(", "):
            found[_folded(each)] = found[_folded(country)]
    return {country: tuple(zones) for country, zones in found.items() if zones}


def _names(country: str) -> set[str]:
    """Return how a country of the table may be called: `Korea (South)` is South Korea too."""
    found = _BRACKETS.fullmatch(country)
    names = {country} if found is None else {found[1] + found[3], f"{found[2]} {found[1]}"}
    return names | {f"the {name}" for name in names}


def _table(name: str, *columns: int) -> Iterator[tuple[str, ...]]:
    """Give columns of a table of the time zone database."""
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            cells = line.split("\t")
            yield tuple(cells[column] for column in columns)


def _folded(name: str) -> str:
    """Return a name without what people leave out or write differently: case, accents, signs."""
    bare = "".join(
        each
        for each in unicodedata.normalize("NFKD", name.replace("&", " and "))
        if not unicodedata.combining(each)
    )
    return _SPACED.sub(" ", _DROPPED.sub("", bare)).strip().casefold()
