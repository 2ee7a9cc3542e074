"""Phrasings: other ways readers ask for a fact. `db.facts.facts` counts their revisions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bulk import ROWS_AT_ONCE, execute_each
from db.tables.story import FactRow, PhrasingRow, VersionRow

NUMBERS_AT_ONCE: Final = 500
"""SQLite bounds the parameters of a statement; beyond this all phrasings are read."""


async def of_facts(session: AsyncSession, numbers: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the phrasings of these facts, in order, by the fact's number."""
    if len(numbers) > NUMBERS_AT_ONCE:
        return await everything(session)
    found = defaultdict[int, list[str]](list)
    for number, text in await session.execute(_ALL.where(PhrasingRow.fact_id.in_(numbers))):
        found[number].append(text)
    return found


async def holders(session: AsyncSession, text: str) -> list[int]:
    """Return the numbers of the facts that are asked in these words: question or phrasing.

    Case, spaces around and a question mark behind make no difference.
    """
    words = text.casefold().strip(" ?")
    known = select(PhrasingRow.fact_id, PhrasingRow.text)
    questions = (
        select(VersionRow.fact_id, VersionRow.question)
        .join(
            FactRow,
            (FactRow.id == VersionRow.fact_id) & (FactRow.version == VersionRow.version),
        )
        .where(VersionRow.question.is_not(None))
    )
    # Folded here: SQLite's lower() knows ASCII alone. A story has thousands of these, not millions.
    rows = [*await session.execute(known), *await session.execute(questions)]
    return sorted({number for number, each in rows if each.casefold().strip(" ?") == words})


async def everything(session: AsyncSession) -> Mapping[int, list[str]]:
    """Return all phrasings, in order, by the fact's number."""
    found = defaultdict[int, list[str]](list)
    rows = await session.stream(_ALL)
    async for part in rows.partitions(ROWS_AT_ONCE):  # the event loop gets its turn in between
        for number, text in part:
            found[number].append(text)
    return found


_ALL: Final = select(PhrasingRow.fact_id, PhrasingRow.text).order_by(
    PhrasingRow.fact_id, PhrasingRow.position
)


async def add(session: AsyncSession, fact_id: int, text: str) -> None:
    """Add one phrasing, which the fact must not have, after the others."""
    last = select(func.max(PhrasingRow.position)).where(PhrasingRow.fact_id == fact_id)
    position = (await session.execute(last)).scalar_one_or_none()
    await session.execute(
        insert(PhrasingRow).values(
            fact_id=fact_id, position=0 if position is None else position + 1, text=text
        )
    )


async def remove(session: AsyncSession, fact_id: int, text: str) -> None:
    """Take one phrasing away; nothing where the fact has no such one."""
    await session.execute(
        delete(PhrasingRow).where(PhrasingRow.fact_id == fact_id, PhrasingRow.text == text)
    )


async def add_all(session: AsyncSession, phrasings: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Store the phrasings of facts that have none yet, by the fact's number, each once."""
    await execute_each(
        session,
        insert(PhrasingRow),
        (
            {"fact_id": number, "position": position, "text": text}
            for number, texts in phrasings
            for position, text in enumerate(dict.fromkeys(texts))
        ),
    )


async def replace_all(
    session: AsyncSession, phrasings: Sequence[tuple[int, Iterable[str]]]
) -> None:
    """Store these phrasings of facts in place of what each has."""
    await execute_each(
        session,
        delete(PhrasingRow).where(PhrasingRow.fact_id == bindparam("number")),
        ({"number": number} for number, _ in phrasings),
    )
    await add_all(session, phrasings)
