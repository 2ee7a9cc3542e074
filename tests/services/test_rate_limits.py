"""How much one may ask: said once, by person and by group, and forgotten in time."""

from datetime import timedelta

from bot.services.rate_limits import REMEMBERED, SHARE, WINDOW, Limited, RateLimits
from tests.clocks import Clock


def limits(clock: Clock, person: int = 3, group: int = 6) -> RateLimits:
    return RateLimits(per_person=person, per_group=group, clock=clock)


def test_what_is_too_much_is_said_once_until_the_minute_is_over(clock: Clock) -> None:
    asked = limits(clock)
    assert [asked.count(7) for _ in range(3)] == [None] * 3
    clock.pass_(20)
    first, *others = [asked.count(7) for _ in range(50)]
    assert first is not None
    assert (first.limited, first.most, first.left) == (
        Limited.PERSON,
        3,
        WINDOW - timedelta(seconds=20),
    )
    assert first.is_first
    assert [each is not None and each.is_first for each in others] == [False] * 49
    assert asked.count(8) is None
    clock.pass_(40)
    assert asked.count(7) is None


def test_a_clock_that_is_set_back_silences_nobody(clock: Clock) -> None:
    asked = limits(clock)
    assert [asked.count(7) for _ in range(9)].count(None) == 3
    clock.pass_(-7200)
    assert asked.count(7) is None


def test_one_member_leaves_room_for_the_others_of_a_group(clock: Clock) -> None:
    asked = limits(clock, person=100, group=6)
    answered = [asked.count(7, -1) for _ in range(50)].count(None)
    assert answered == 6 // SHARE
    assert asked.count(8, -1) is None
    assert asked.count(7, -2) is None  # elsewhere the person may go on
    every = [asked.count(person, -1) for person in range(20, 40)]
    assert every.count(None) == 3
    said = [each.limited for each in every if each is not None and each.is_first]
    assert said == [Limited.GROUP]  # not to each of them


def test_one_person_with_many_groups_has_one_limit(clock: Clock) -> None:
    asked = limits(clock, person=20, group=20)
    every = [asked.count(7, -group) for group in range(1, 71)]
    assert every.count(None) == 20
    assert sum(each is not None and each.is_first for each in every) == 1


def test_taps_are_counted_apart_and_nothing_without_limits(clock: Clock) -> None:
    asked = limits(clock)
    assert [asked.count(7, is_tap=True) for _ in range(20)].count(None) == 9
    assert asked.count(7) is None
    free = limits(clock, person=0, group=0)
    assert [free.count(7, -1) for _ in range(1_000)].count(None) == 1_000


def test_many_persons_do_not_stay_in_memory(clock: Clock) -> None:
    asked = limits(clock)
    for person in range(3 * REMEMBERED):
        asked.count(person, -person - 1)
    assert len(asked._windows) <= REMEMBERED
    assert asked.count(3 * REMEMBERED - 1) is None  # the newest are counted on
