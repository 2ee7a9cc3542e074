"""Since which version a fact says what it says: who was told one from then on was told that."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.records import ChangeKind
from db.tables.story import VersionRow


async def of_version(session: AsyncSession, fact_id: int, version: int) -> int:
    """Return the first version of a fact that said the same as `version`, if in other words."""
    this = and_(VersionRow.fact_id == fact_id, VersionRow.version == version)
    since = await session.scalar(select(of_versions(this).c.since))
    return 1 if since is None else int(since)


def of_versions(these: ColumnElement[bool]) -> Subquery:
    """Return the rows (fact_id, since) for `these` versions, at most one of each fact.

    Before a version of other words stands one that said the same; an undo says again what stood
    two versions before it, and what it took back was something else.
    """
    walked = (
        select(VersionRow.fact_id, VersionRow.version, VersionRow.kind)
        .where(these)
        .cte("walked", recursive=True)
    )
    earlier = aliased(VersionRow)
    steps: ColumnElement[Any] = case(
        (walked.c.kind == ChangeKind.WORDING, 1),
        (and_(walked.c.kind == ChangeKind.UNDO, walked.c.version > 2), 2),
        (walked.c.kind == ChangeKind.UNDO, 1),
        else_=0,
    )
    walked = walked.union_all(
        select(earlier.fact_id, earlier.version, earlier.kind).join(
            walked,
            and_(
                earlier.fact_id == walked.c.fact_id,
                earlier.version == walked.c.version - steps,
                steps > 0,
            ),
        )
    )
    first = func.min(walked.c.version).label("since")
    return select(walked.c.fact_id, first).group_by(walked.c.fact_id).subquery()
