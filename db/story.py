"""The one story: its name, its words and its revision number."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records import UNNAMED as UNNAMED
from db.records import Lexicon, Story
from db.tables.story import StoryRow


async def get(session: AsyncSession) -> Story | None:
    """Return the story; None while nothing at all is stored."""
    row = (await session.execute(select(StoryRow))).scalar_one_or_none()
    if row is None:
        return None
    return Story(
        title=row.title,
        about=row.about,
        time_zone=row.time_zone,
        language=row.language,
        revision=row.revision,
        lexicon=row.lexicon,
        lexicon_revision=row.lexicon_revision,
        closed_at=row.closed_at,
        desk_chat_id=row.desk_chat_id,
    )


async def revision(session: AsyncSession) -> int:
    """Return the revision number; 0 while nothing at all is stored."""
    return (await session.execute(select(StoryRow.revision))).scalar_one_or_none() or 0


async def bump(session: AsyncSession) -> int:
    """Count one change of what can be answered and return the new revision.

    The number is committed, or forgotten, together with the change. A missing story is made.
    """
    number = (
        await session.execute(
            update(StoryRow).values(revision=StoryRow.revision + 1).returning(StoryRow.revision)
        )
    ).scalar_one_or_none()
    if number is not None:
        return number
    await _insert(session, UNNAMED, revision=1, lexicon_revision=0)
    return 1


async def save(
    session: AsyncSession,
    *,
    title: str,
    about: str,
    time_zone: str,
    language: str,
    lexicon: Lexicon,
) -> Story:
    """Name the story and set its words; return it. No change gives no new revision."""
    wished = Story(
        title=title,
        about=about,
        time_zone=time_zone,
        language=language,
        lexicon=lexicon,
        revision=0,
    )
    stored = await get(session)
    if stored is None:
        await _insert(session, wished, revision=1, lexicon_revision=1)
    elif _content(stored) != _content(wished):
        number = await bump(session)
        changed = number if stored.lexicon != lexicon else stored.lexicon_revision
        await session.execute(update(StoryRow).values(**_content(wished), lexicon_revision=changed))
    story = await get(session)
    assert story is not None  # noqa: S101 - written above, in this transaction
    return story


async def begin(
    session: AsyncSession, *, title: str, about: str, time_zone: str, language: str
) -> Story:
    """Name a new story, without words of its own, and return it. Every answer looks anew."""
    number = await bump(session)
    await session.execute(
        update(StoryRow).values(
            title=title,
            about=about,
            time_zone=time_zone,
            language=language,
            lexicon=Lexicon(),
            lexicon_revision=number,
            closed_at=None,
            compared_up_to=0,
        )
    )
    begun = await get(session)
    assert begun is not None  # noqa: S101 - written above, in this transaction
    return begun


async def compared_up_to(session: AsyncSession) -> int:
    """Return the number of the newest fact that recent questions were compared with."""
    query = select(StoryRow.compared_up_to)
    return (await session.execute(query)).scalar_one_or_none() or 0


async def compare_up_to(session: AsyncSession, fact_id: int) -> None:
    """Note that recent questions were compared with all facts up to this one."""
    await session.execute(update(StoryRow).values(compared_up_to=fact_id))


async def close(session: AsyncSession, at: datetime | None) -> None:
    """End the story as of `at`, or open it again with None. A new revision: answers look else."""
    await bump(session)
    await session.execute(update(StoryRow).values(closed_at=at))


async def move_desk(session: AsyncSession, chat_id: int | None) -> None:
    """Let the desk work in this group; None: in private chats alone."""
    if await get(session) is None:
        await bump(session)
    await session.execute(update(StoryRow).values(desk_chat_id=chat_id))


async def save_lexicon(session: AsyncSession, lexicon: Lexicon) -> Story:
    """Set the story's words alone and return the story."""
    current = await get(session) or UNNAMED
    return await save(
        session,
        title=current.title,
        about=current.about,
        time_zone=current.time_zone,
        language=current.language,
        lexicon=lexicon,
    )


def _content(story: Story) -> dict[str, object]:
    names = ("title", "about", "time_zone", "language", "lexicon")
    return {name: getattr(story, name) for name in names}


async def _insert(
    session: AsyncSession, story: Story, *, revision: int, lexicon_revision: int
) -> None:
    await session.execute(
        insert(StoryRow).values(
            id=1, revision=revision, lexicon_revision=lexicon_revision, **_content(story)
        )
    )
