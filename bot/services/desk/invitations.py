"""Lets people onto the desk by one-time links, of whose secrets only a digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Actor, acting
from db import story
from db.desk import audit, editors
from db.engine import Database, Session
from db.records import ChatKind, Story
from db.records.desk import Editor, Invitation, Role

USUAL: Final = timedelta(hours=48)
FIRST: Final = timedelta(hours=24)
"""How long the link works that is printed at start."""
LONGEST_HOURS: Final = 168
SECRET_BYTES: Final = 32
TRIES: Final = 10
"""Links that do not work which one person may try within an hour."""

DOES_NOT_WORK: Final = (
    "That link lets nobody in: it was used, or it has run out, or it never did. "
    "Ask an owner of this desk for a new one."
)
"""The same for each reason, so that trying links teaches nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an owner wrote behind /invite."""

    role: Role = Role.EDITOR
    hours: int | None = None  # None: the usual time
    odd: str | None = None  # a word that is neither a role nor hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A new link, told once: its secret is nowhere stored."""

    secret: str
    invitation: Invitation
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What opening a link did."""

    editor: Editor
    changed: bool  # False: they could do as much before, and the link is unused still


class Invitations:
    """Makes links and lets in who opens them. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def first_link(self) -> str | None:
        """Return the secret of a new link for the first owner; None when there is an owner.

        Links that were printed before end.
        """
        at = self._clock()
        async with self._database.writing() as session:
            await editors.end_invitations(session, made_by=None, at=at)
            if any(member.role is Role.OWNER for member in await editors.everybody(session)):
                return None
            secret = secrets.token_urlsafe(SECRET_BYTES)
            await editors.invite(
                session,
                digest(secret),
                role=Role.OWNER,
                made_by=None,
                at=at,
                expires_at=at + FIRST,
            )
        return secret

    async def invite(self, actor: Actor, wish: Wish) -> Invited:
        """Return a new link.

        Raises:
            NotAllowed: only owners invite.
            DeskError: the wish is not understood, or others would read the link.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, "editor.invite", at=at, while_closed=True
        ) as owner:
            _check(wish, actor)
            lasts = USUAL if wish.hours is None else timedelta(hours=wish.hours)
            secret = secrets.token_urlsafe(SECRET_BYTES)
            invitation = await editors.invite(
                owner.session,
                digest(secret),
                role=wish.role,
                made_by=actor.person_id,
                at=at,
                expires_at=at + lasts,
            )
            hours = int(lasts.total_seconds() // 3600)
            await owner.record(after=f"a link for one {wish.role}, {hours} h")
            current = await story.get(owner.session) or story.UNNAMED
        return Invited(secret=secret, invitation=invitation, story=current)

    async def join(self, actor: Actor, secret: str) -> Joined:
        """Let `actor` in by a link and return who they are now.

        Raises:
            DeskError: the link lets nobody in, or too many such links were tried.
        """
        at = self._clock()
        async with self._database.writing() as session:
            joined = await _joined(session, actor, secret, at)
            if joined is not None:
                return joined
            tried = await audit.refusals(
                session, actor.person_id, since=at - timedelta(hours=1), action="editor.join"
            )
            if tried < TRIES:
                await audit.record(
                    session,
                    at=at,
                    person=actor.person_id,
                    name=actor.name,
                    action="editor.join",
                    refused=True,
                )
        raise DeskError(DOES_NOT_WORK)


def digest(secret: str) -> str:
    """Return what is stored of a link's secret: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _check(wish: Wish, actor: Actor) -> None:
    example = "for example /invite contributor 24"
    if actor.place.kind is not ChatKind.PRIVATE:
        raise DeskError("Whoever reads the link can use it: write /invite to me in a private chat.")
    if wish.odd is not None:
        raise DeskError(
            f"“{wish.odd}” is neither a role (contributor, editor, owner) nor a number of hours: "
            f"write {example}."
        )
    if wish.hours is not None and not 1 <= wish.hours <= LONGEST_HOURS:
        raise DeskError(
            f"A link works for 1 to {LONGEST_HOURS} hours, not for {wish.hours}: write {example}."
        )


async def _joined(session: Session, actor: Actor, secret: str, at: datetime) -> Joined | None:
    """Return what the link did; None, and nothing changed, for one that lets nobody in."""
    tried = await audit.refusals(
        session, actor.person_id, since=at - timedelta(hours=1), action="editor.join"
    )
    link = await editors.invitation(session, digest(secret))
    if tried >= TRIES or link is None or link.used_at is not None or link.expires_at <= at:
        return None
    inviter = None
    if link.made_by is not None:
        inviter = await editors.by_id(session, link.made_by)
        if inviter is None or inviter.role is not Role.OWNER:
            return None  # an owner no longer: nobody enters by their word
    member = await editors.by_id(session, actor.person_id)
    if member is not None and member.role.covers(link.role):
        return Joined(editor=member, changed=False)
    if not await editors.use(session, link.id, person=actor.person_id, at=at):
        return None
    joined = await editors.admit(
        session,
        actor.person_id,
        name=actor.name,
        role=link.role,
        invited_by=link.made_by,
        at=at,
    )
    origin = "printed at start" if inviter is None else f"of {inviter.name}"
    await audit.record(
        session,
        at=at,
        person=actor.person_id,
        name=joined.name,
        action="editor.join",
        before=None if member is None else str(member.role),
        after=f"{joined.role}, by a link {origin}",
    )
    return Joined(editor=joined, changed=True)
