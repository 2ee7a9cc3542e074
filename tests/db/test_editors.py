"""The people of the desk and the links that let them in."""

from datetime import timedelta

from db.desk import editors
from db.engine import Database
from db.records.desk import Role
from tests.factories import seat
from tests.samples import AT

HOUR = timedelta(hours=1)


async def test_a_former_member_comes_back_in_a_new_role(database: Database) -> None:
    async with database.writing() as session:
        first = await editors.admit(session, 7, name="Ada", role=Role.OWNER, invited_by=None, at=AT)
        await editors.remove(session, 7, at=AT + HOUR)
        assert await editors.by_id(session, 7) is None
        assert await editors.everybody(session) == []
        back = await editors.admit(
            session, 7, name="Ada L.", role=Role.EDITOR, invited_by=8, at=AT + 2 * HOUR
        )
        await editors.rename(session, 7, "A. L.")
        (member,) = await editors.everybody(session)
    assert first.since == back.since == member.since == AT
    assert (member.name, member.role, member.invited_by) == ("A. L.", Role.EDITOR, 8)


async def test_an_invitation_lets_in_one_person_once_and_in_time(database: Database) -> None:
    async with database.writing() as session:
        made = await editors.invite(
            session, "d1", role=Role.EDITOR, made_by=7, at=AT, expires_at=AT + HOUR
        )
        assert await editors.invitation(session, "d2") is None
        assert await editors.invitation(session, "d1") == made
        assert not await editors.use(session, made.id, person=8, at=AT + HOUR)
        assert await editors.use(session, made.id, person=8, at=AT)
        assert not await editors.use(session, made.id, person=9, at=AT)
        used = await editors.invitation(session, "d1")
    assert used is not None
    assert (used.used_by, used.used_at) == (8, AT)


async def test_ended_invitations_are_of_no_use(database: Database) -> None:
    async with database.writing() as session:
        for digest, role, maker in (("a", Role.OWNER, None), ("b", Role.EDITOR, 7)):
            await editors.invite(
                session, digest, role=role, made_by=maker, at=AT, expires_at=AT + HOUR
            )
        await editors.end_invitations(session, made_by=None, at=AT)
        ended, other = [await editors.invitation(session, digest) for digest in "ab"]
        assert ended is not None
        assert other is not None
        assert not await editors.use(session, ended.id, person=8, at=AT)
        assert await editors.use(session, other.id, person=8, at=AT)


async def test_names_of_former_members_are_known(database: Database) -> None:
    await seat(database, 7, name="Ada")
    await seat(database, 8, name="Bob")
    async with database.writing() as session:
        await editors.remove(session, 8, at=AT)
        assert await editors.names(session) == {7: "Ada", 8: "Bob"}
