"""What a file would do that nobody may have meant is said before it does."""

from datetime import datetime

import pytest

from bot.services.files.cautions import Cleared, OtherStory, TwoAnswers
from bot.services.files.imports import Imported, Imports
from bot.stories.storyfile import Format
from db.engine import Database
from tests import bridge


@pytest.fixture
async def importing(database: Database, at: datetime) -> Imports:
    await bridge.fill(database)
    return Imports(database, lambda: at)


async def dry(importing: Imports, text: str, kind: Format = Format.CSV) -> Imported:
    return await importing.load(text.encode(), kind, name="desk.csv", dry_run=True)


async def test_one_question_with_two_answers_is_named_with_both_places(
    importing: Imports,
) -> None:
    text = (
        "question,text\nWho pays?,The town.\nwho pays,The state.\nHow long is the BRIDGE?,Long.\n"
    )
    done = await dry(importing, text)
    assert done.cautions == (
        TwoAnswers(question="who pays", one="line 2", other="line 3"),
        TwoAnswers(question="How long is the BRIDGE?", one="#3", other="line 4"),
    )


async def test_the_same_answer_twice_and_a_changed_fact_are_no_caution(
    importing: Imports,
) -> None:
    text = (
        "key,question,text\n,Who pays?,The town.\n,Who pays?,The town!\n"
        "length,How long is the bridge?,It is 413 metres long.\n"
    )
    assert (await dry(importing, text)).cautions == ()


async def test_fields_that_would_be_emptied_are_named(importing: Imports) -> None:
    text = "key,text,topics,phrasings\nopened,In 1931. The mayor cut the ribbon.,,\n"
    assert (await dry(importing, text)).cautions == (Cleared(field="topics", facts=(1,)),)
    text = "key,text\nopened,In 1931.\n"
    assert (await dry(importing, text)).cautions == ()


async def test_a_file_of_another_story_is_named_and_what_stays(
    importing: Imports, database: Database, at: datetime
) -> None:
    await bridge.name(database)
    other = '[story]\ntitle = "The flood"\n[[facts]]\ntext = "It rained."\n'
    assert (
        OtherStory(title="The bridge", facts=5)
        in (await dry(importing, other, Format.TOML)).cautions
    )
    renamed = (
        '[story]\ntitle = "The old bridge"\n[[facts]]\nkey = "length"\n'
        'text = "It is 412 metres long."\n'
    )
    assert (await dry(importing, renamed, Format.TOML)).cautions == ()
    rows = "".join(f"Is hall {n} open?,Hall {n} is.\n" for n in range(20))
    await importing.load(f"question,text\n{rows}".encode(), Format.CSV, name="halls.csv")
    foreign = "".join(f"Is road {n} open?,Road {n} is.\n" for n in range(6))
    done = await dry(importing, f"question,text\n{foreign}")
    assert done.cautions == (OtherStory(title="The bridge", facts=25),)
