"""Places as people write them, and the clocks they keep."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SubscriptionError
from bot.services.subscriptions import time_zones
from bot.services.subscriptions.cities import PLACES


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        (" new  york. ", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("MÜNCHEN", "Europe/Berlin"),
        ("São Paulo", "America/Sao_Paulo"),
        ("St. John's", "America/St_Johns"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("Washington, D.C.", "America/New_York"),
        ("Paris, France", "Europe/Paris"),
        ("Birmingham, UK", "Europe/London"),
        ("Kiev", "Europe/Kyiv"),
        ("Bombay", "Asia/Kolkata"),
        ("Germany", "Europe/Berlin"),
        ("the Netherlands", "Europe/Amsterdam"),
        ("South Korea", "Asia/Seoul"),
        ("Turkey", "Europe/Istanbul"),
        ("utc", "UTC"),
        ("Etc/GMT-5", "Etc/GMT-5"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_place_has_a_clock(name: str, zone: str) -> None:
    assert time_zones.zone_of(name) == zone


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Portland", "such as Los Angeles or New York."),
        ("the United States", "such as New York, Chicago, Denver, Phoenix, Los Angeles, Anchorage"),
        ("Georgia", "such as New York or Tbilisi."),
    ],
)
def test_a_place_with_several_clocks_names_them(name: str, says: str) -> None:
    with pytest.raises(SubscriptionError, match="More than one clock fits") as raised:
        time_zones.zone_of(name)
    assert says in str(raised.value)


@pytest.mark.parametrize("words", ["", ",", "Istanbul?", "in Berlin", "hello", "general", "x" * 99])
def test_other_words_are_no_place(words: str) -> None:
    assert time_zones.named(words) == ()


def test_every_zone_of_the_database_is_found_by_its_name() -> None:
    for name in available_timezones() - {"Factory", "localtime"}:
        assert time_zones.named(name) != (), name


def test_our_own_places_are_found_and_none_repeats_the_database() -> None:
    for zone, places in PLACES.items():
        for place in places.split(", "):
            assert zone in time_zones._cities()[time_zones._folded(place)]
            assert time_zones._folded(place) != time_zones._folded(time_zones.city_of(zone)), place


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_place_or_not(text: str) -> None:
    assert set(time_zones.named(text)) <= available_timezones()


@pytest.mark.parametrize(
    ("name", "zone", "shown"),
    [
        ("UTC+3", "Etc/GMT-3", "UTC+3"),
        ("gmt-8", "Etc/GMT+8", "UTC-8"),
        ("+5:30", "Asia/Kolkata", "Kolkata"),
        ("Korea", "Asia/Seoul", "Seoul"),
    ],
)
def test_hours_from_utc_are_a_clock(name: str, zone: str, shown: str) -> None:
    assert time_zones.zone_of(name) == zone
    assert time_zones.city_of(zone) == shown


@pytest.mark.parametrize("word", ["every", "big", "off", "often", "topics", "6 o'clock"])
def test_everyday_words_are_no_misspelt_cities(word: str) -> None:
    with pytest.raises(SubscriptionError, match="name a big city of your zone"):
        time_zones.zone_of(word)


def test_a_country_with_several_clocks_asks_which() -> None:
    with pytest.raises(SubscriptionError, match="such as New York, Chicago, Denver"):
        time_zones.zone_of("USA")
