"""What the receiver does to requests, and how what it wrote down is counted."""

import pytest

from tests.receiver import record
from tests.receiver.faults import DONE, Fault, Faults, Kind, decode, encode
from tests.receiver.record import Request, busiest, closest
from tests.receiver.running import receiving


def kinds(faults: Faults, *requests: tuple[int, float]) -> list[Kind]:
    """Return how requests to these chats at these moments end."""
    return [faults.strike(chat, at).kind for chat, at in requests]


def test_a_flood_wait_covers_its_chat_until_it_is_over() -> None:
    flood = Fault(kind=Kind.FLOOD, chats=frozenset({5}), seconds=2)
    faults = Faults(plan=(flood,), delay_s=0.5)
    came = ((5, 10.0), (6, 10.1), (5, 12.4), (5, 12.6))
    assert kinds(faults, *came) == [Kind.FLOOD, Kind.DONE, Kind.FLOOD, Kind.DONE]


def test_what_comes_in_a_wait_is_known_to_have_been_told() -> None:
    faults = Faults(plan=(Fault(kind=Kind.FLOOD, seconds=2),), delay_s=0.5)
    assert faults.strike(5, 10.0).told_before is None
    in_flight, breach = faults.strike(5, 10.2), faults.strike(5, 11.0)
    assert in_flight.told_before == pytest.approx(-0.3)
    assert breach.told_before == pytest.approx(0.5)
    assert breach.seconds == pytest.approx(1.5)


def test_a_ban_covers_everybody_once() -> None:
    faults = Faults(plan=(Fault(kind=Kind.BAN, after=1, seconds=1),))
    came = ((1, 0.0), (2, 0.1), (3, 1.0), (1, 1.2), (2, 1.3))
    assert kinds(faults, *came) == [Kind.DONE, Kind.BAN, Kind.BAN, Kind.DONE, Kind.DONE]


def test_chance_strikes_the_same_chats_every_time() -> None:
    plan = (Fault(kind=Kind.BROKEN, chance=0.1),)
    came = [(chat, 0.0) for chat in range(2_000)]
    struck = kinds(Faults(plan=plan, seed=3), *came)
    assert struck == kinds(Faults(plan=plan, seed=3), *reversed(came))[::-1]
    assert struck != kinds(Faults(plan=plan, seed=4), *came)
    assert 150 < struck.count(Kind.BROKEN) < 250


def test_a_fault_strikes_each_chat_as_often_as_it_says() -> None:
    faults = Faults(plan=(Fault(kind=Kind.CUT, times=2), Fault(kind=Kind.BROKEN)))
    assert kinds(faults, *[(5, 0.0)] * 4) == [Kind.CUT, Kind.CUT, Kind.BROKEN, Kind.DONE]
    assert faults.strike(6, 0.0).kind is Kind.CUT


def test_a_plan_arrives_as_it_was_sent() -> None:
    plan = (Fault(kind=Kind.FLOOD, chats=frozenset({2, -7}), seconds=1.5, times=None),)
    got = decode(encode(plan, seed=4, delay_s=0.06))
    assert (got.plan, got.seed, got.delay_s) == (plan, 4, 0.06)
    assert got.strike(3, 0.0) is DONE


def test_windows_and_pauses_are_counted() -> None:
    times = [0.0, 0.4, 0.9, 1.0, 1.2, 5.0]
    assert (busiest(times, 1.0), busiest([], 1.0)) == (4, 0)
    assert closest(times) == pytest.approx(0.1)
    assert closest([1.0]) == float("inf")


def test_a_record_is_read_as_it_was_written() -> None:
    request = Request(
        at=1.25,
        answered=1.5,
        method="sendmessage",
        chat_id=-5,
        message_id=7,
        text="<b>News</b>\nmore",
        ended=Kind.SLOW,
        told_before=None,
    )
    assert record.read([record.line(request)]) == [request]
    assert request.is_sent


async def test_a_receiver_runs_and_counts() -> None:
    async with receiving() as receiver:
        assert (await receiver.count(), await receiver.record()) == (0, [])
