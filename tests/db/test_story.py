"""The story's name, words and revision."""

from db import story
from db.engine import Database
from db.records import Lexicon, Name, NameKind

WORDS = Lexicon(
    names=(Name(name="Vladimir Putin", kind=NameKind.PERSON, also=("Putin", "Путин")),),
    synonyms=(("truce", "ceasefire"),),
)
CALL = {"title": "The call", "about": "the call", "time_zone": "Europe/Kyiv", "language": "en"}


async def test_story_comes_back_as_saved(database: Database) -> None:
    async with database.writing() as session:
        saved = await story.save(session, **CALL, lexicon=WORDS)
    async with database.reading() as session:
        assert await story.get(session) == saved
    assert (saved.title, saved.lexicon, saved.revision, saved.lexicon_revision) == (
        "The call",
        WORDS,
        1,
        1,
    )


async def test_only_a_change_counts_and_the_lexicon_counts_apart(database: Database) -> None:
    async with database.writing() as session:
        await story.save(session, **CALL, lexicon=WORDS)
        same = await story.save(session, **CALL, lexicon=WORDS)
        assert (same.revision, same.lexicon_revision) == (1, 1)
        renamed = await story.save(session, **{**CALL, "title": "Talks"}, lexicon=WORDS)
        assert (renamed.revision, renamed.lexicon_revision) == (2, 1)
        fewer = await story.save_lexicon(session, Lexicon())
        assert (fewer.revision, fewer.lexicon_revision, fewer.title) == (3, 3, "Talks")


async def test_words_before_a_name_make_an_unnamed_story(database: Database) -> None:
    async with database.writing() as session:
        made = await story.save_lexicon(session, WORDS)
    assert (made.title, made.about, made.lexicon) == ("This story", "this story", WORDS)


async def test_bump_makes_the_story_it_counts_for(database: Database) -> None:
    async with database.writing() as session:
        assert [await story.bump(session) for _ in range(3)] == [1, 2, 3]
        assert await story.revision(session) == 3
