"""The people of the desk, and the links that let them in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.desk import Editor, Invitation, Role
from db.tables.desk import EditorRow, InvitationRow
from db.types import storable

NAME_LIMIT = 100


async def by_id(session: AsyncSession, person: int) -> Editor | None:
    """Return the member of the desk; None for everybody else, and for one who was removed."""
    row = (
        await session.execute(
            select(EditorRow).where(EditorRow.id == person, EditorRow.removed_at.is_(None))
        )
    ).scalar_one_or_none()
    return None if row is None else _editor(row)


async def roles(session: AsyncSession, persons: Collection[int]) -> dict[int, Role]:
    """Return the roles of those of `persons` who are on the desk."""
    rows = await session.execute(
        select(EditorRow.id, EditorRow.role).where(
            EditorRow.id.in_(persons), EditorRow.removed_at.is_(None)
        )
    )
    return {person: role for person, role in rows}  # noqa: C416 - dict() of rows has no types


async def everybody(session: AsyncSession) -> list[Editor]:
    """Return the members of the desk, the longest there first."""
    rows = await session.execute(
        select(EditorRow)
        .where(EditorRow.removed_at.is_(None))
        .order_by(EditorRow.since, EditorRow.id)
    )
    return [_editor(row) for row in rows.scalars()]


async def names(session: AsyncSession) -> dict[int, str]:
    """Return the names of all who are or were on the desk, by their numbers."""
    rows = await session.execute(select(EditorRow.id, EditorRow.name))
    return {person: name for person, name in rows}  # noqa: C416 - dict() of rows has no types


async def admit(
    session: AsyncSession,
    person: int,
    *,
    name: str,
    role: Role,
    invited_by: int | None,
    at: datetime,
) -> Editor:
    """Give a person a role at the desk and return them; a former member comes back."""
    name = called(name)
    values = {"name": name, "role": role, "invited_by": invited_by}
    known = await session.execute(
        update(EditorRow)
        .where(EditorRow.id == person)
        .values(**values, removed_at=None)
        .returning(EditorRow.since)
    )
    since = known.scalar_one_or_none()
    if since is None:
        since = at
        await session.execute(insert(EditorRow).values(id=person, since=at, **values))
    return Editor(id=person, name=name, role=role, invited_by=invited_by, since=since)


def called(name: str) -> str:
    """Return a name as it is stored."""
    return storable(name, NAME_LIMIT)


async def rename(session: AsyncSession, person: int, name: str) -> None:
    """Note how a member is called now."""
    await session.execute(update(EditorRow).where(EditorRow.id == person).values(name=called(name)))


async def remove(session: AsyncSession, person: int, *, at: datetime) -> bool:
    """Take a person off the desk; False if they were not on it."""
    gone = await session.execute(
        update(EditorRow)
        .where(EditorRow.id == person, EditorRow.removed_at.is_(None))
        .values(removed_at=at)
        .returning(EditorRow.id)
    )
    return gone.scalar_one_or_none() is not None


async def invite(
    session: AsyncSession,
    digest: str,
    *,
    role: Role,
    made_by: int | None,
    at: datetime,
    expires_at: datetime,
) -> Invitation:
    """Store an invitation under the digest of its secret and return it."""
    number = (
        await session.execute(
            insert(InvitationRow)
            .values(digest=digest, role=role, made_by=made_by, made_at=at, expires_at=expires_at)
            .returning(InvitationRow.id)
        )
    ).scalar_one()
    return Invitation(id=number, role=role, made_by=made_by, made_at=at, expires_at=expires_at)


async def invitation(session: AsyncSession, digest: str) -> Invitation | None:
    """Return the invitation with this digest, used or not; None if there is none."""
    row = (
        await session.execute(select(InvitationRow).where(InvitationRow.digest == digest))
    ).scalar_one_or_none()
    return None if row is None else _invitation(row)


async def use(session: AsyncSession, invitation_id: int, *, person: int, at: datetime) -> bool:
    """Use up an invitation; False, and nothing changed, when it is used or over."""
    used = await session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            InvitationRow.used_at.is_(None),
            InvitationRow.expires_at > at,
        )
        .values(used_by=person, used_at=at)
        .returning(InvitationRow.id)
    )
    return used.scalar_one_or_none() is not None


async def end_invitations(
    session: AsyncSession, *, made_by: int | None, at: datetime, role: Role | None = None
) -> None:
    """End the unused invitations of one maker (None: those printed at start), at once."""
    query = update(InvitationRow).where(
        InvitationRow.made_by.is_not_distinct_from(made_by),
        InvitationRow.used_at.is_(None),
        InvitationRow.expires_at > at,
    )
    if role is not None:
        query = query.where(InvitationRow.role == role)
    await session.execute(query.values(expires_at=at))


def _editor(row: EditorRow) -> Editor:
    return Editor(
        id=row.id, name=row.name, role=row.role, invited_by=row.invited_by, since=row.since
    )


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        id=row.id,
        role=row.role,
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_by=row.used_by,
        used_at=row.used_at,
    )
