"""Importing: new, changed and unchanged facts, all of them or none."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.errors import StoryFileError
from bot.services.files.cautions import Cleared
from bot.services.files.imports import Imported, Imports
from bot.stories.storyfile import Format
from db import story
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Name, NameKind, Status


@pytest.fixture
def importing(database: Database, at: datetime) -> Imports:
    return Imports(database, lambda: at)


def result(**counts: object) -> Imported:
    values: dict[str, object] = {
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "story_changed": False,
        "dry_run": False,
        **counts,
    }
    return Imported(**values)  # type: ignore[arg-type]


async def load(importing: Imports, text: str, kind: Format = Format.JSONL) -> Imported:
    return await importing.load(text.encode(), kind, name="story")


ONE = '{"key": "a", "text": "A.", "question": "What?", "phrasings": ["p"], "source": "TASS"}\n'
TWO = '{"key": "b", "text": "B."}\n'


async def test_new_facts_get_their_first_version(
    importing: Imports, database: Database, at: datetime
) -> None:
    assert await load(importing, ONE + TWO) == result(new=2)
    async with database.reading() as session:
        a, b = await facts.all_current(session)
        (version,) = await facts.history(session, a.id)
        assert await story.revision(session) == 1
    assert (a.key, b.key) == ("a", "b")
    assert (version.kind, version.editor, version.at) == (ChangeKind.NEW, None, at)


async def test_only_what_changed_gets_a_new_version(importing: Imports, database: Database) -> None:
    await load(importing, ONE + TWO)
    changed = TWO.replace("B.", "Other.")
    assert await load(importing, ONE + changed) == result(changed=1, unchanged=1)
    async with database.reading() as session:
        a, b = await facts.all_current(session)
        assert (a.version, b.version, b.text) == (1, 2, "Other.")
        assert [each.kind for each in await facts.history(session, b.id)] == [
            ChangeKind.NEW,
            ChangeKind.UPDATE,
        ]


async def test_the_same_file_again_changes_nothing(importing: Imports, database: Database) -> None:
    keyless = '{"text": "It rained."}\n{"text": "It rained."}\n'
    assert await load(importing, keyless) == result(new=2)
    assert await load(importing, keyless) == result(unchanged=2)
    async with database.reading() as session:
        assert await story.revision(session) == 1


async def test_new_phrasings_are_no_new_version(importing: Imports, database: Database) -> None:
    await load(importing, ONE)
    assert await load(importing, ONE.replace('"p"', '"p", "q"')) == result(changed=1)
    async with database.reading() as session:
        (fact,) = await facts.all_current(session)
        assert (fact.version, fact.phrasings) == (1, ("p", "q"))
        assert [each.id for each in await facts.changed_since(session, 1)] == [fact.id]


async def test_fields_the_file_does_not_name_stay_and_empty_ones_are_cleared(
    importing: Imports, database: Database
) -> None:
    await load(importing, ONE)
    done = await load(importing, "key,text,source\na,A.,\n", Format.CSV)
    assert done == result(changed=1, cautions=(Cleared(field="source", facts=(1,)),))
    async with database.reading() as session:
        (fact,) = await facts.all_current(session)
    assert (fact.question, fact.phrasings, fact.source) == ("What?", ("p",), None)


async def test_withdrawal_is_called_one(importing: Imports, database: Database) -> None:
    await load(importing, ONE)
    await load(importing, ONE.replace('"key"', '"status": "withdrawn", "key"'))
    async with database.reading() as session:
        (fact,) = await facts.all_current(session)
        assert fact.status is Status.WITHDRAWN
        assert (await facts.history(session, fact.id))[-1].kind is ChangeKind.WITHDRAWAL


async def test_one_fault_keeps_everything_out(importing: Imports, database: Database) -> None:
    with pytest.raises(StoryFileError, match="line 2: text is missing"):
        await load(importing, ONE + '{"key": "b"}')
    async with database.reading() as session:
        assert await story.get(session) is None
        assert await facts.count(session) == 0


async def test_dry_run_counts_and_changes_nothing(importing: Imports, database: Database) -> None:
    await load(importing, ONE)
    text = (ONE.replace("A.", "Other.") + TWO).encode()
    done = await importing.load(text, Format.JSONL, name="story", dry_run=True)
    assert done == result(new=1, changed=1, dry_run=True)
    async with database.reading() as session:
        assert [fact.text for fact in await facts.all_current(session)] == ["A."]
        assert await story.revision(session) == 1


async def test_story_and_words_come_with_toml(importing: Imports, database: Database) -> None:
    text = (
        '[story]\ntitle = "Call"\n[[names]]\nname = "Putin"\nkind = "person"\n'
        '[[synonyms]]\nwords = ["truce", "ceasefire"]\n'
    )
    assert await load(importing, text, Format.TOML) == result(story_changed=True)
    assert await load(importing, text, Format.TOML) == result()
    assert await load(importing, '[story]\nlanguage = "uk"', Format.TOML) == result(
        story_changed=True
    )
    async with database.reading() as session:
        stored = await story.get(session)
    assert stored is not None
    assert (stored.title, stored.about, stored.language) == ("Call", "this story", "uk")
    assert stored.lexicon.names == (Name(name="Putin", kind=NameKind.PERSON),)
    assert stored.lexicon.synonyms == (("truce", "ceasefire"),)


async def test_times_without_a_zone_are_the_storys(importing: Imports, database: Database) -> None:
    await load(importing, '[story]\ntime_zone = "Europe/Kyiv"', Format.TOML)
    await load(importing, "text,check_by\nA.,2025-05-20 18:00\n", Format.CSV)
    async with database.reading() as session:
        (fact,) = await facts.all_current(session)
    assert str(fact.check_by) == "2025-05-20 15:00:00+00:00"


async def test_bundled_story_goes_into_an_empty_database_only(
    importing: Imports, database: Database
) -> None:
    first = await importing.load_bundled_if_empty()
    assert first is not None
    assert first.new >= 8
    assert await importing.load_bundled_if_empty() is None
    async with database.reading() as session:
        assert await facts.count(session) == first.new


async def test_database_of_somebodys_own_facts_is_left_alone(
    importing: Imports, database: Database
) -> None:
    await load(importing, ONE)
    assert await importing.load_bundled_if_empty() is None
    async with database.reading() as session:
        assert await facts.count(session) == 1


async def test_file_that_cannot_be_read_is_one_sentence(importing: Imports, tmp_path: Path) -> None:
    with pytest.raises(StoryFileError, match=r"none\.csv cannot be read: No such file"):
        await importing.load_file(tmp_path / "none.csv")
    with pytest.raises(StoryFileError, match="cannot be read: Is a directory"):
        await importing.load_file(tmp_path, Format.CSV)
