"""Saved questions: kept, run, and set beside the last run."""

from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.questions.saved import SavedQuestions
from bot.services.questions.saved_impact import foreseen
from bot.services.questions.saved_results import Result
from bot.services.rights import Actor
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.questions import saved as saved_questions
from db.records import FactDraft, Outcome, Status
from db.records.desk import Role
from tests import bridge
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.samples import AT


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(database: Database) -> IndexCache:
    return IndexCache(database)


@pytest.fixture
def checking(database: Database, cache: IndexCache, clock: Clock) -> SavedQuestions:
    return SavedQuestions(database, cache, clock=clock)


@pytest.fixture
def answering(database: Database, cache: IndexCache, clock: Clock) -> ReaderAnswers:
    return ReaderAnswers(database, cache=cache, clock=clock)


@pytest.fixture
async def ada(database: Database) -> Actor:
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
    return await seat(database)


async def test_what_was_told_is_what_should_be_told(
    checking: SavedQuestions, answering: ReaderAnswers, database: Database, ada: Actor
) -> None:
    with pytest.raises(DeskError, match="Nothing was asked here yet"):
        await checking.save_answer(ada, None)
    given = await answering.answer("How long\nis the  bridge?", ada.place)
    assert given.exchange_id is not None
    await answering.delivered(given.exchange_id, 55)
    await answering.answer("thanks", ada.place)
    done = await checking.save_answer(ada, None)
    assert (done.question.question, done.question.fact_id) == ("How long is the bridge?", 3)
    assert done.fact is not None
    assert done.fact.id == 3
    assert (await checking.save_answer(ada, 55)).question == done.question
    again = await checking.save_exchange(ada, given.exchange_id)
    assert again is not None
    assert again.question == done.question
    with pytest.raises(DeskError, match="answers no question"):
        await checking.save_answer(ada, 56)
    async with database.reading() as session:
        newest = (await audit.newest(session, limit=3))[-1]
    assert (newest.action, newest.fact_id, newest.before, newest.after) == (
        "question.save",
        3,
        None,
        "How long is the bridge? → #3",
    )


async def test_what_was_declined_should_be_declined_unless_a_fact_is_named(
    checking: SavedQuestions, answering: ReaderAnswers, ada: Actor
) -> None:
    await answering.answer("recipe for pancakes", ada.place)
    assert (await checking.save_answer(ada, None)).question.fact_id is None
    assert (await checking.save_answer(ada, None, "#2")).question.fact_id == 2
    assert (await checking.save_answer(ada, None, "NONE")).question.fact_id is None
    with pytest.raises(DeskError, match="There is no fact #99"):
        await checking.save_answer(ada, None, "99")


async def test_a_question_back_is_not_what_should_be_told(
    database: Database, cache: IndexCache, clock: Clock, ada: Actor
) -> None:
    answering = ReaderAnswers(database, cache=cache, clock=clock, ask=bridge.spelled_out)
    checking = SavedQuestions(database, cache, ask=bridge.spelled_out, clock=clock)
    await answering.answer("choose 1 2", ada.place)
    with pytest.raises(DeskError, match="tap one first"):
        await checking.save_answer(ada, None)


async def test_a_run_judges_every_question_and_knows_the_last_one(
    database: Database, cache: IndexCache, clock: Clock, ada: Actor
) -> None:
    checking = SavedQuestions(database, cache, ask=bridge.spelled_out, clock=clock)
    for question, expected in (
        ("answer 3", "3"),
        ("answer 4 3", "3"),
        ("answer 4", "3"),
        ("choose 1 3", "3"),
        ("choose 1 2", "3"),
        ("missing | 3", "3"),
        ("unknown 5", "5"),
        ("missing", "none"),
        ("off_topic", "none"),
        ("choose 1 2 | 3", "none"),
    ):
        await checking.save(ada, question, expected)
    run = await checking.test(ada)
    assert run.before is None
    assert [each.result.value for each in run.judged] == [
        "right",
        "right",
        "wrong",
        "offered",
        "wrong",
        "declined",
        "right",
        "right",
        "right",
        "wrong",
    ]
    assert not any(each.differs for each in run.judged)
    clock.at += timedelta(hours=1)
    await bridge.withdraw(database, 4)
    second = await checking.run()
    assert second.before == AT
    assert [each.saved.question for each in second.judged if each.differs] == [
        "answer 4 3",
        "answer 4",
    ]
    changed = [each for each in second.judged if each.differs]
    assert [each.result for each in changed] == [Result.RIGHT, Result.DECLINED]
    third = await checking.run()
    assert (third.before, any(each.differs for each in third.judged)) == (clock.at, False)


async def test_a_withdrawn_fact_is_never_right(
    checking: SavedQuestions, database: Database, ada: Actor
) -> None:
    await checking.save(ada, "How long is the bridge?", "3")
    await bridge.withdraw(database, 3)
    (each,) = (await checking.test(ada)).judged
    assert each.expected is None
    assert each.result is not Result.RIGHT


async def test_only_editors_save_run_and_forget(
    checking: SavedQuestions, answering: ReaderAnswers, database: Database, ada: Actor
) -> None:
    given = await answering.answer("How long is the bridge?", ada.place)
    assert given.exchange_id is not None
    stored = (await checking.save(ada, "How long is the bridge?", "3")).question
    carl = await seat(database, 8, Role.CONTRIBUTOR)
    for nobody in (carl, actor(66), actor(ada.person_id, chat=-5)):
        for tried in (
            checking.save(nobody, "x", "none"),
            checking.save_answer(nobody, None),
            checking.save_exchange(nobody, given.exchange_id),
            checking.forget(nobody, stored.id),
            checking.test(nobody),
        ):
            with pytest.raises(NotAllowed):
                await tried
    eve = await seat(database, 9)
    assert await checking.save_exchange(eve, given.exchange_id) is None
    assert (await checking.forget(ada, stored.id)).question == "How long is the bridge?"
    with pytest.raises(DeskError, match=r"no saved question 1"):
        await checking.forget(ada, stored.id)
    async with database.reading() as session:
        assert await saved_questions.everything(session) == []


@pytest.mark.parametrize("expected", ["", "seven", "²", "-1", "9" * 20])
async def test_what_names_no_fact_saves_nothing(
    checking: SavedQuestions, database: Database, ada: Actor, expected: str
) -> None:
    with pytest.raises(DeskError, match="Reply /save to an answer"):
        await checking.save(ada, "how long", expected)
    with pytest.raises(DeskError, match="Reply /save to an answer"):
        await checking.save(ada, " \n", "3")
    async with database.reading() as session:
        assert await saved_questions.everything(session) == []


async def test_what_a_change_would_alter_is_known_beforehand(
    checking: SavedQuestions,
    answering: ReaderAnswers,
    database: Database,
    cache: IndexCache,
    ada: Actor,
) -> None:
    async def altered(wished: FactDraft, fact_id: int | None = None) -> list[tuple[str, int, str]]:
        found = await foreseen(database, cache, wished, fact_id=fact_id, at=AT)
        return [
            (each.after.saved.question, each.after.first or 0, each.after.result.value)
            for each in found
        ]

    zeppelin = FactDraft(
        key="zeppelin",
        question="Where did the quixotic zeppelin land?",
        text="The quixotic zeppelin landed on the pier.",
    )
    assert await altered(zeppelin) == []
    await checking.save(ada, "How long is the bridge?", "3")
    await checking.save(ada, "Where did the quixotic zeppelin land?", "none")
    before = await cache.current()
    assert await altered(zeppelin) == [("Where did the quixotic zeppelin land?", 6, "wrong")]
    assert await altered(FactDraft(key="x", question="Who painted it?", text="A painter.")) == []
    length = before.facts[3]
    gone = FactDraft(key=length.key, text=length.text, status=Status.WITHDRAWN)
    ((question, first, result),) = await altered(gone, 3)
    assert question == "How long is the bridge?"
    assert first != 3
    assert result != "right"
    # Nothing of it stays: the story answers as before.
    assert await cache.current() is before
    assert (
        before.index.query("quixotic").terms
        == (await IndexCache(database).current()).index.query("quixotic").terms
    )
    given = await answering.consider("Where did the quixotic zeppelin land?")
    assert given.outcome is not Outcome.ANSWER
    assert (await answering.consider("How long is the bridge?")).told[0].fact.id == 3
