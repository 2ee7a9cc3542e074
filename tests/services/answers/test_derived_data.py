"""What was learned from the texts is kept beside them, and learned again where it does not fit."""

from collections.abc import Sequence

import pytest

from bot.search import FactIndex
from bot.search.index import classifier
from bot.services.answers.index_cache import IndexCache
from db import story
from db.answers import learned_numbers
from db.engine import Database
from db.records import Lexicon
from tests import bridge


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many texts each regression was solved for, as the test goes on."""
    solved: list[int] = []
    solve = classifier._solved

    def counting(wordings: Sequence[object], *given: object) -> object:
        solved.append(len(wordings))
        return solve(wordings, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(classifier, "_solved", counting)
    return solved


async def started(database: Database) -> FactIndex:
    """Return the index of a process that starts, and let it store what it computed."""
    cache = IndexCache(database, meaning=False)
    index = (await cache.current()).index
    await cache.store_derived()
    return index


async def test_a_restart_learns_nothing_again(database: Database, solved: list[int]) -> None:
    await bridge.fill(database)
    first = await started(database)
    assert len(solved) == 1

    second = await started(database)

    assert len(solved) == 1
    question = "how long is the bridge"
    assert second.ask(question) == first.ask(question)


async def test_a_fact_changed_meanwhile_is_learned_with_the_rest(
    database: Database, solved: list[int]
) -> None:
    await bridge.fill(database)
    await started(database)
    await bridge.revise(database, 1, "Quite green.", question="What colour are the lamps?")

    index = await started(database)

    told = index.ask("what colour are the lamps").told
    assert [each.document.text for each in told] == ["Quite green."]
    assert len(solved) == 1


async def test_another_lexicon_makes_it_learn_anew(database: Database, solved: list[int]) -> None:
    await bridge.fill(database)
    await started(database)
    async with database.writing() as session:
        await story.save_lexicon(session, Lexicon(synonyms=(("bridge", "crossing"),)))

    await started(database)

    assert len(solved) == 2


@pytest.mark.parametrize("numbers", [b"", b"damaged"])
async def test_damaged_numbers_are_learned_anew(
    database: Database, solved: list[int], numbers: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bridge.fill(database)
    await started(database)
    real = learned_numbers.of_stamp

    async def damaged(*given: object) -> bytes | None:
        return None if await real(*given) is None else numbers  # type: ignore[arg-type]

    monkeypatch.setattr(learned_numbers, "of_stamp", damaged)
    index = await started(database)

    assert len(solved) == 2
    assert index.ask("how long is the bridge").told
