"""Quiet hours on the chat's own clock, over its changes too."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.subscriptions.quiet_hours import quiet_until
from db.records.alerts import Hours

NIGHT = Hours(zone="Europe/Berlin", quiet_from=time(22), quiet_to=time(7))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2025-05-19 19:59", None),  # 21:59 in Berlin
        ("2025-05-19 20:00", "2025-05-20 05:00"),
        ("2025-05-20 04:59", "2025-05-20 05:00"),
        ("2025-05-20 05:00", None),
        # Clocks go forward on 30 March: that night ends an hour earlier in UTC.
        ("2025-03-29 21:00", "2025-03-30 05:00"),
        ("2025-03-30 04:59", "2025-03-30 05:00"),
        ("2025-03-28 21:00", "2025-03-29 06:00"),
        # And back on 26 October: it begins in summer time and ends in winter time.
        ("2025-10-25 20:00", "2025-10-26 06:00"),
        ("2025-10-26 05:59", "2025-10-26 06:00"),
        ("2025-10-26 20:59", None),
        ("2025-10-26 21:00", "2025-10-27 06:00"),
    ],
)
def test_a_night_in_berlin(at: str, until: str | None) -> None:
    expected = None if until is None else utc(until)
    assert quiet_until(NIGHT, utc(at), zone="UTC") == expected


def test_hours_within_a_day_and_of_the_storys_zone() -> None:
    nap = Hours(zone=None, quiet_from=time(13), quiet_to=time(15))
    assert quiet_until(nap, utc("2025-05-19 10:30"), zone="Europe/Kyiv") == utc("2025-05-19 12:00")
    assert quiet_until(nap, utc("2025-05-19 10:30"), zone="UTC") is None


@pytest.mark.parametrize("hours", [(None, None), (time(7), None), (time(7), time(7))])
def test_no_quiet_hours(hours: tuple[time | None, time | None]) -> None:
    loud = Hours(zone=None, quiet_from=hours[0], quiet_to=hours[1])
    assert quiet_until(loud, utc("2025-05-19 03:00"), zone="UTC") is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.times(),
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_quiet_ends_within_a_day_and_a_change_of_the_clocks(
    at: datetime, begins: time, ends: time, zone: str
) -> None:
    hours = Hours(zone=zone, quiet_from=begins, quiet_to=ends)
    until = quiet_until(hours, at, zone="UTC")
    if until is not None:
        assert timedelta(0) < until - at <= timedelta(hours=25)
