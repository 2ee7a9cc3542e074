"""Who may do what: looked at in the transaction of every action, whatever way it came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import NotAllowed
from bot.services.answers import Place
from db import audit, editors, story
from db.engine import Database, Session
from db.records import ChatKind
from db.records.desk import Role

REFUSALS_KEPT: Final = 20
"""Refusals of one person within an hour that are recorded; more would only fill the disk."""

_A: Final = {Role.CONTRIBUTOR: "a contributor", Role.EDITOR: "an editor", Role.OWNER: "an owner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts, and where."""

    person_id: int
    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A permitted action: the transaction that it happens in, and who acts in what role."""

    session: Session
    actor: Actor
    role: Role
    action: str
    at: datetime

    async def record(
        self, *, fact_id: int | None = None, before: str | None = None, after: str | None = None
    ) -> None:
        """Keep the action for ever, together with what it changed."""
        await audit.record(
            self.session,
            at=self.at,
            person=self.actor.person_id,
            name=self.actor.name,
            action=self.action,
            fact_id=fact_id,
            before=before,
            after=after,
        )


@asynccontextmanager
async def acting(
    database: Database, actor: Actor, needs: Role, action: str, *, at: datetime
) -> AsyncIterator[Acting]:
    """Give the transaction in which `actor` may do `action`, such as "fact.add".

    Raises:
        NotAllowed: they may not; nothing changed, and the attempt is recorded.
    """
    async with database.writing() as session:
        role = await role_of(session, actor)
        if role is not None and role.covers(needs):
            yield Acting(session=session, actor=actor, role=role, action=action, at=at)
            return
        refusal = await _refused(session, actor, needs, action, at)
    raise refusal


@asynccontextmanager
async def looking(
    database: Database, actor: Actor, needs: Role, action: str, *, at: datetime
) -> AsyncIterator[Session]:
    """Give a session that reads what `actor` may see; raises as `acting` does."""
    async with database.reading() as session:
        role = await role_of(session, actor)
        if role is not None and role.covers(needs):
            yield session
            return
    async with database.writing() as session:
        refusal = await _refused(session, actor, needs, action, at)
    raise refusal


async def role_of(session: Session, actor: Actor) -> Role | None:
    """Return the role in which `actor` may act where they are; None outside the desk.

    The desk works in private chats and in the desk group. Being in that group is no right.
    """
    member = await editors.by_id(session, actor.person_id)
    if member is None:
        return None
    if actor.place.kind is ChatKind.PRIVATE:
        return member.role
    current = await story.get(session)
    if current is not None and current.desk_chat_id == actor.place.chat_id:
        return member.role
    return None


async def _refused(
    session: Session, actor: Actor, needs: Role, action: str, at: datetime
) -> NotAllowed:
    hour = at - timedelta(hours=1)
    if await audit.refusals(session, actor.person_id, since=hour) < REFUSALS_KEPT:
        await audit.record(
            session,
            at=at,
            person=actor.person_id,
            name=actor.name,
            action=action,
            refused=True,
        )
    role = await role_of(session, actor)
    if role is None:
        return NotAllowed("You are not on the desk.", stranger=True)
    return NotAllowed(
        f"Only {_A[needs]} may do that, and you are {_A[role]}: ask an owner of this desk.",
        stranger=False,
    )
