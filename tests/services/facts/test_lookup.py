"""What editors look up."""

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.lookup import SHOWN, FactLookup
from db.desk import cards
from db.engine import Database
from db.records import ChangeKind, Status
from db.records.desk import CardKind, Role
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.services.newsdesk import LATER, added, order, published, turn


@pytest.fixture
def finding(database: Database) -> FactLookup:
    return FactLookup(database, IndexCache(database), clock=Clock(LATER))


async def numbers(finding: FactLookup, words: str, person: int = 77) -> list[int]:
    return [each.id for each in (await finding.find(actor(person), words)).facts]


async def test_facts_are_found_by_number_status_and_words(
    database: Database, finding: FactLookup
) -> None:
    ada = await seat(database, role=Role.CONTRIBUTOR)
    await added(database)
    await added(
        database,
        key="width",
        question="How wide is it?",
        text="12 metres.",
        phrasings=(),
        topics=(),
    )
    await added(
        database,
        key="cost",
        question="What does it cost?",
        text="About nine million.",
        status=Status.DISPUTED,
        source="The Herald",
        phrasings=(),
        topics=("money",),
    )
    assert await numbers(finding, "#2") == [2]
    assert await numbers(finding, "3") == [3]
    assert await numbers(finding, "Disputed") == [3]
    assert await numbers(finding, "disputed.") == [3]
    assert await numbers(finding, "herald") == [3]
    assert await numbers(finding, "MONEY million") == [3]
    assert (await numbers(finding, "how long was the call"))[0] == 1
    assert (await numbers(finding, "width"))[0] == 2
    with pytest.raises(DeskError, match="/find sanctions"):
        await finding.find(ada, "  ")


async def test_withdrawn_facts_are_found_last(database: Database, finding: FactLookup) -> None:
    ada = await seat(database)
    await added(database)
    await added(database, key="again", text="About two and a half hours, he said.")
    withdrawing = Changes(database, clock=Clock(LATER))
    asked = await withdrawing.withdraw(ada, order("1 wrong"))
    await withdrawing.confirm(ada, *turn(asked))
    assert await numbers(finding, "withdrawn") == [1]
    assert await numbers(finding, "half hours") == [2, 1]


async def test_no_more_than_a_screenful_is_shown(database: Database, finding: FactLookup) -> None:
    await seat(database)
    for number in range(SHOWN + 3):
        await added(database, key=f"k{number}", text=f"Bridge number {number}.")
    assert len(await numbers(finding, "bridge")) == SHOWN


async def test_a_card_holds_the_history_and_who_made_it(
    database: Database, finding: FactLookup
) -> None:
    ada = await seat(database)
    await added(database)
    changing = Changes(database, clock=Clock(LATER))
    await published(changing, ada, "1 About three hours.", kind=ChangeKind.CORRECTION)
    card = await finding.card(ada, order("#1"))
    assert card.fact.text == "About three hours."
    assert [each.kind for each in card.history] == [ChangeKind.NEW, ChangeKind.CORRECTION]
    assert (card.names, card.told, card.never_stood) == ({77: "Ada"}, 0, False)
    await finding.shown(1, ada.place, message_id=9)
    async with database.reading() as session:
        kept = await cards.by_message(session, 77, 9)
    assert kept is not None
    assert (kept.kind, kept.about) == (CardKind.FACT, 1)
    assert (await finding.card(ada, order("", reply_to=9))).fact.id == 1


async def test_only_the_desk_looks_facts_up(database: Database, finding: FactLookup) -> None:
    await seat(database, role=Role.CONTRIBUTOR)
    await added(database)
    for somebody in (actor(99), actor(77, chat=-5)):
        with pytest.raises(NotAllowed):
            await finding.find(somebody, "call")
        with pytest.raises(NotAllowed):
            await finding.card(somebody, order("1"))
