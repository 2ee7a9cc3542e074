"""Who may do what: looked at in the transaction of every action, whatever way it came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import DeskError, NotAllowed
from bot.services.answers.results import Place
from db import story, updates
from db.desk import audit, editors
from db.engine import Database, Session
from db.records import ChatKind, Story
from db.records.desk import Editor, Role

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
    ) -> int:
        """Keep the action for ever, together with what it changed; return the entry's number."""
        return await audit.record(
            self.session,
            at=self.at,
            person=self.actor.person_id,
            name=self.actor.name,
            action=self.action,
            fact_id=fact_id,
            before=before,
            after=after,
        )

    async def refuse(self) -> None:
        """Record that the actor tried this on what is not theirs, though their role covers it."""
        await _keep_refusal(self.session, self.actor, self.action, self.at)


@asynccontextmanager
async def acting(
    database: Database,
    actor: Actor,
    needs: Role,
    action: str,
    *,
    at: datetime,
    while_closed: bool = False,
    anywhere: bool = False,
) -> AsyncIterator[Acting]:
    """Give the transaction in which `actor` may do `action`, such as "fact.add".

    An action that changes no fact is possible `while_closed`; one that moves the desk itself,
    `anywhere`, not only where the desk works.

    Raises:
        NotAllowed: they may not; nothing changed, and the attempt is recorded.
        DeskError: the story is closed; nothing changed.
    """
    async with database.writing() as session:
        member = await _member(session, actor, anywhere=anywhere)
        if member is not None and member.role.covers(needs):
            if not while_closed:
                _check_open(await story.get(session))
            if _renamed(actor, member):
                await editors.rename(session, member.id, actor.name)
            await updates.note_action(session)
            yield Acting(session=session, actor=actor, role=member.role, action=action, at=at)
            return
        refusal = await _refused(session, actor, needs, action, at)
    raise refusal


@asynccontextmanager
async def looking(
    database: Database, actor: Actor, needs: Role, action: str, *, at: datetime
) -> AsyncIterator[Session]:
    """Give a session that reads what `actor` may see; raises as `acting` does."""
    async with database.reading() as session:
        member = await _member(session, actor, anywhere=False)
        if member is not None and member.role.covers(needs) and not _renamed(actor, member):
            yield session
            return
    refusal = None
    async with database.writing() as session:
        member = await _member(session, actor, anywhere=False)
        if member is not None and member.role.covers(needs):
            await editors.rename(session, member.id, actor.name)
        else:
            refusal = await _refused(session, actor, needs, action, at)
    if refusal is not None:
        raise refusal
    async with database.reading() as session:
        yield session


async def role_of(session: Session, actor: Actor) -> Role | None:
    """Return the role in which `actor` may act where they are; None outside the desk.

    The desk works in private chats and in the desk group. Being in that group is no right.
    """
    member = await _member(session, actor, anywhere=False)
    return None if member is None else member.role


def role_at(place: Place, role: Role | None, desk_chat_id: int | None) -> Role | None:
    """Return the role in which a member of this role may act in a place; None outside the desk."""
    return role if place.kind is ChatKind.PRIVATE or place.chat_id == desk_chat_id else None


async def _member(session: Session, actor: Actor, *, anywhere: bool) -> Editor | None:
    member = await editors.by_id(session, actor.person_id)
    if member is None or anywhere or actor.place.kind is ChatKind.PRIVATE:
        return member
    current = await story.get(session)
    if current is not None and current.desk_chat_id == actor.place.chat_id:
        return member
    return None


def _renamed(actor: Actor, member: Editor) -> bool:
    return bool(actor.name) and editors.called(actor.name) != member.name


def _check_open(current: Story | None) -> None:
    if current is None or current.closed_at is None:
        return
    day = current.closed_at.astimezone(ZoneInfo(current.time_zone))
    raise DeskError(
        f"The story was closed on {day.day} {day:%B}, and nothing of it can be changed: "
        "an owner opens it again with /reopen."
    )


async def _keep_refusal(session: Session, actor: Actor, action: str, at: datetime) -> None:
    """Record an attempt, unless the person has filled the hour with them."""
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


async def _refused(
    session: Session, actor: Actor, needs: Role, action: str, at: datetime
) -> NotAllowed:
    await _keep_refusal(session, actor, action, at)
    role = await role_of(session, actor)
    if role is None:
        return NotAllowed("You are not on the desk.", stranger=True)
    asks = "ask an owner of this desk"
    if role is Role.CONTRIBUTOR:
        asks = "you draft new facts with /add, an editor publishes them. For more, " + asks
    return NotAllowed(
        f"Only {_A[needs]} may do that, and you are {_A[role]}: {asks}.", stranger=False
    )
