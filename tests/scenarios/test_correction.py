"""A correction overtakes the news: whoever was told the error hears it first, come what may."""

from collections import Counter
from pathlib import Path
from typing import Final

from sqlalchemy import insert

from bot.services.answers.results import Outcome
from db.answers import exchanges
from db.records import ChangeKind, Fact, Weight
from db.records.alerts import Level
from db.tables.story import ChatRow
from tests.receiver.faults import Fault, Kind
from tests.receiver.record import Request
from tests.receiver.running import receiving
from tests.scale import sized
from tests.scenarios.stage import LONG_AGO, Stage, seen, staged, subscribe

PEOPLE: Final = range(1, sized(1_000, 2_000) + 1)
ALERTED: Final = frozenset(PEOPLE[::10])
"""They were told the error by an alert: they alone hear every update."""

STRANGERS: Final = range(10_001, 10_001 + sized(200, 500))
ASKED: Final = frozenset(PEOPLE[1::20]) | frozenset(STRANGERS)
"""They were told it by an answer; not all of them are subscribers."""

BLOCKED: Final = frozenset({*range(1, 400, 20), *range(2, 402, 20)})
FLOODED: Final = frozenset({*range(401, 800, 20), *range(402, 802, 20)})
BROKEN: Final = frozenset({801, 821, 841, 802, 822, 842})
CUT: Final = frozenset({901, 921, 902, 922, *range(10_001, 10_006)})

ANSWER: Final = 1_000_000
"""The number of the message that told the error to a chat, less the chat's own."""


async def test_all_who_were_told_the_error_hear_the_correction_before_the_news(
    tmp_path: Path,
) -> None:
    async with (
        receiving() as receiver,
        staged(tmp_path / "story.sqlite3", receiver.url) as stage,
    ):
        await subscribe(stage.database, set(PEOPLE) - ALERTED)
        await subscribe(stage.database, ALERTED, level=Level.EVERY)
        fact = await stage.fact("length", weight=Weight.ORDINARY)
        async with stage.at_work():
            wrong = await stage.change(fact, "The wrong length.")
            await answered(stage, wrong)
            await stage.settled()
            before = await receiver.record()
            await receiver.plan(
                Fault(kind=Kind.GONE, chats=BLOCKED, times=None),
                Fault(kind=Kind.FLOOD, chats=FLOODED, seconds=2),
                Fault(kind=Kind.BROKEN, chats=BROKEN),
                Fault(kind=Kind.CUT, chats=CUT),
            )
            correction = ChangeKind.CORRECTION
            await stage.change(wrong, "The right length.", correction, weight=Weight.BIG)
            await stage.settled()
        came = (await receiver.record())[len(before) :]
    told = ALERTED | ASKED
    assert {request.chat_id for request in before} == ALERTED
    everybody_hears_it_once(came)
    answers_that_told_the_error_are_edited(came)
    who_blocked_the_bot_is_tried_once(came)
    the_news_waits_for_the_correction(came, told - BLOCKED)


async def answered(stage: Stage, wrong: Fact) -> None:
    """Let an answer have told the error to those who asked."""
    async with stage.database.writing() as session:
        connection = await session.connection()
        await connection.execute(insert(ChatRow), [seen(number) for number in STRANGERS])
        for chat in sorted(ASKED):
            number = await exchanges.record(
                session,
                chat_id=chat,
                thread_id=None,
                question="How long is it?",
                outcome=Outcome.ANSWER,
                told=[(wrong.id, wrong.version)],
                question_message_id=ANSWER + chat - 1,
                asked_at=LONG_AGO,
            )
            await exchanges.delivered(session, number, ANSWER + chat)


def everybody_hears_it_once(came: list[Request]) -> None:
    heard = Counter(request.chat_id for request in came if request.is_sent)
    assert heard == dict.fromkeys((set(PEOPLE) | set(STRANGERS)) - BLOCKED, 1)


def the_news_waits_for_the_correction(came: list[Request], told: frozenset[int]) -> None:
    """No request to anybody else starts while somebody who can be reached does not know yet."""
    others = told | BLOCKED
    last = max(n for n, each in enumerate(came) if each.chat_id in told and each.is_sent)
    early = [each.chat_id for each in came[:last] if each.chat_id not in others]
    assert early == []
    assert any(each.chat_id not in others for each in came[last:])


def answers_that_told_the_error_are_edited(came: list[Request]) -> None:
    edited = {
        (request.chat_id, request.message_id)
        for request in came
        if request.method == "editmessagetext" and request.is_shown
    }
    assert edited >= {(chat, ANSWER + chat) for chat in ASKED - BLOCKED}


def who_blocked_the_bot_is_tried_once(came: list[Request]) -> None:
    tries = Counter(request.chat_id for request in came if request.chat_id in BLOCKED)
    assert set(tries.values()) == {1}
