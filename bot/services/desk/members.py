"""Staffs the desk: who is on it, in what role, and where it works."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.rights import Actor, acting, looking, role_of
from db import story
from db.desk import audit, editors, proposals
from db.engine import Database, Session
from db.records import ChatKind, Story
from db.records.desk import Editor, Role
from db.subscriptions import chats

BUTTON_LASTS: Final = timedelta(minutes=10)
"""How long after it was shown a button may take somebody off the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is on the desk, the longest there first."""

    members: tuple[Editor, ...]
    names: Mapping[int, str]  # of all who ever were on it, by their numbers
    removable: frozenset[int]  # whom an owner can take off it
    by_settings: frozenset[int]  # named by STORYDESK_OWNERS
    seen_by: Role
    story: Story
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Somebody was taken off the desk."""

    editor: Editor
    dropped: int  # of what they were at


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The desk works somewhere else."""

    now: int | None  # the group; None: in private chats alone
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody who needs a menu of the desk's commands."""

    members: tuple[Editor, ...]
    desk_chat_id: int | None


class Members:
    """The people of the desk. Each method is one unit of work."""

    def __init__(
        self, database: Database, *, owners: Collection[int] = (), clock: Clock = now
    ) -> None:
        self._database = database
        self._owners = frozenset(owners)
        self._clock = clock

    async def role(self, actor: Actor) -> Role | None:
        """Return the role in which `actor` may act where they are; None outside the desk."""
        async with self._database.reading() as session:
            return await role_of(session, actor)

    async def may_settle(self, actor: Actor) -> bool:
        """Return whether an owner is in a group that is not the desk's, and may make it so."""
        if actor.place.kind is ChatKind.PRIVATE:
            return False
        async with self._database.reading() as session:
            if await role_of(session, actor) is not None:
                return False
            member = await editors.by_id(session, actor.person_id)
            return member is not None and member.role is Role.OWNER

    async def everybody(self) -> Staff:
        """Return all members, and the desk's group, for the program itself."""
        async with self._database.reading() as session:
            current = await story.get(session)
            return Staff(
                members=tuple(await editors.everybody(session)),
                desk_chat_id=None if current is None else current.desk_chat_id,
            )

    async def roster(self, actor: Actor) -> Roster:
        """Return who is on the desk; raises NotAllowed to all but editors."""
        return await self._roster(actor, Role.EDITOR, "editor.list")

    async def removable(self, actor: Actor) -> Roster:
        """Return who is on the desk, for choosing whom to remove; raises NotAllowed."""
        return await self._roster(actor, Role.OWNER, "editor.remove")

    async def remove(self, actor: Actor, whom: int | str) -> Removed:
        """Take a member off the desk, by their number or by their name as it is shown.

        What they were at is dropped, and the links that they made end.

        Raises:
            NotAllowed: only owners remove.
            DeskError: there is no such member, or they are needed.
        """
        at = self._clock()
        async with acting(
            self._database, actor, Role.OWNER, "editor.remove", at=at, while_closed=True
        ) as owner:
            session = owner.session
            members = await editors.everybody(session)
            member = _found(members, whom)
            self._check_not_needed(member, members)
            await editors.remove(session, member.id, at=at)
            await editors.end_invitations(session, made_by=member.id, at=at)
            dropped = await proposals.drop_open(session, member.id, at=at)
            await owner.record(before=f"{member.name}, {member.role}")
        return Removed(editor=member, dropped=dropped)

    async def remove_shown(self, actor: Actor, person_id: int, shown_at: datetime) -> Removed:
        """Take a member off the desk by a button shown at `shown_at`; raises as `remove`.

        An old button is refused: the person may have been invited anew since.
        """
        if not timedelta(0) <= self._clock() - shown_at <= BUTTON_LASTS:
            await self.removable(actor)  # nobody but an owner is told about buttons
            raise DeskError("That button is too old to take somebody off: write /remove again.")
        return await self.remove(actor, person_id)

    async def settle(self, actor: Actor) -> Moved:
        """Make the group in which `actor` writes the desk group.

        Raises:
            NotAllowed: only owners move the desk.
            DeskError: this is no group.
        """
        place, at = actor.place, self._clock()
        async with acting(
            self._database,
            actor,
            Role.OWNER,
            "desk.move",
            at=at,
            while_closed=True,
            anywhere=True,
        ) as owner:
            if place.kind not in (ChatKind.GROUP, ChatKind.SUPERGROUP):
                raise DeskError("This is no group: write /desk here in the one for the desk.")
            before = await _desk(owner.session)
            # Known chats take the desk with them when they become supergroups.
            await chats.remember(
                owner.session, chat_id=place.chat_id, kind=place.kind, title=place.title, at=at
            )
            await story.move_desk(owner.session, place.chat_id)
            await owner.record(before=_group(before), after=f"{place.title} ({place.chat_id})")
        return Moved(now=place.chat_id, before=before)

    async def unsettle(self, actor: Actor) -> Moved:
        """Let the desk work in private chats alone; raises as `settle`."""
        async with acting(
            self._database,
            actor,
            Role.OWNER,
            "desk.move",
            at=self._clock(),
            while_closed=True,
            anywhere=True,
        ) as owner:
            before = await _desk(owner.session)
            if before is None:
                raise DeskError("The desk works in no group: /desk here in a group changes that.")
            await story.move_desk(owner.session, None)
            await owner.record(before=_group(before), after="private chats")
        return Moved(now=None, before=before)

    async def seat_owners(self) -> None:
        """Make those whom the settings name owners, where they are not yet."""
        at = self._clock()
        async with self._database.writing() as session:
            for person in sorted(self._owners):
                member = await editors.by_id(session, person)
                if member is not None and member.role is Role.OWNER:
                    continue
                name = str(person) if member is None else member.name
                await editors.admit(
                    session, person, name=name, role=Role.OWNER, invited_by=None, at=at
                )
                await audit.record(
                    session,
                    at=at,
                    person=None,
                    name="the settings",
                    action="editor.admit",
                    after=f"{name}, owner",
                )

    async def _roster(self, actor: Actor, needs: Role, action: str) -> Roster:
        at = self._clock()
        async with looking(self._database, actor, needs, action, at=at) as session:
            members = await editors.everybody(session)
            return Roster(
                members=tuple(members),
                names=await editors.names(session),
                removable=frozenset(
                    member.id for member in members if self._needed(member, members) is None
                ),
                by_settings=self._owners,
                seen_by=await role_of(session, actor) or needs,
                story=await story.get(session) or story.UNNAMED,
                at=at,
            )

    def _check_not_needed(self, member: Editor, members: Collection[Editor]) -> None:
        why = self._needed(member, members)
        if why is not None:
            raise DeskError(why)

    def _needed(self, member: Editor, members: Collection[Editor]) -> str | None:
        """Return why a member cannot be removed; None where they can."""
        if member.id in self._owners:
            return (
                f"{member.name} is an owner by the setting STORYDESK_OWNERS and would be back at "
                "the next start: take the number out of the setting first."
            )
        if member.role is Role.OWNER and sum(each.role is Role.OWNER for each in members) == 1:
            return (
                f"{member.name} is the only owner of this desk: let another one in first, with "
                "/invite owner."
            )
        return None


def _found(members: Collection[Editor], whom: int | str) -> Editor:
    wanted = " ".join(str(whom).split()).casefold()
    those = [
        member
        for member in members
        if wanted in (str(member.id), " ".join(member.name.split()).casefold())
    ]
    if len(those) == 1:
        return those[0]
    if those:
        numbers = " or ".join(str(member.id) for member in those)
        raise DeskError(f"There are {len(those)} called {whom}: write /remove {numbers}.")
    raise DeskError(f"Nobody on the desk is {whom}: /editors lists who is, with their numbers.")


async def _desk(session: Session) -> int | None:
    current = await story.get(session)
    return None if current is None else current.desk_chat_id


def _group(chat_id: int | None) -> str:
    return "private chats" if chat_id is None else str(chat_id)
