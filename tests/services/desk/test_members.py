"""Who is on the desk, who leaves it, and where it works."""

from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.desk.members import BUTTON_LASTS, Members
from bot.services.rights import acting
from db import story
from db.desk import audit, editors, proposals
from db.engine import Database
from db.records.desk import ProposalKind, ProposalState, Role
from db.subscriptions import chats
from tests.factories import actor, seat
from tests.samples import AT

OWNER, ADA, BEN, GROUP = 7, 77, 78, -1001


@pytest.fixture
def staffing(database: Database) -> Members:
    return Members(database, clock=lambda: AT)


async def on_the_desk(database: Database) -> list[int]:
    async with database.reading() as session:
        return sorted(member.id for member in await editors.everybody(session))


async def test_the_list_tells_who_invited_whom_and_who_can_go(
    database: Database, staffing: Members
) -> None:
    owner = await seat(database, OWNER, Role.OWNER, name="Olga")
    async with database.writing() as session:
        await editors.admit(
            session, ADA, name="Ada", role=Role.EDITOR, invited_by=OWNER, at=AT + timedelta(1)
        )
    roster = await staffing.roster(owner)
    assert [member.name for member in roster.members] == ["Olga", "Ada"]
    assert roster.names[OWNER] == "Olga"
    assert roster.removable == {ADA}
    assert roster.seen_by is Role.OWNER
    assert (await staffing.roster(actor(ADA))).seen_by is Role.EDITOR


async def test_a_removed_editor_loses_their_rights_and_what_they_were_at(
    database: Database, staffing: Members
) -> None:
    owner, ada = await seat(database, OWNER, Role.OWNER), await seat(database, ADA)
    async with database.writing() as session:
        made = [
            await proposals.make(
                session,
                chat_id=who,
                thread_id=None,
                editor=who,
                kind=ProposalKind.ADD,
                step="text",
                at=AT,
            )
            for who in (ADA, ADA, OWNER)
        ]
    removed = await staffing.remove(owner, ADA)
    assert (removed.editor.name, removed.dropped) == ("Ada", 2)
    with pytest.raises(NotAllowed) as refused:
        async with acting(database, ada, Role.CONTRIBUTOR, "fact.add", at=AT):
            pass
    assert refused.value.stranger
    async with database.writing() as session:
        states = [await proposals.by_id(session, each.id) for each in made]
        # A button of a dropped one is from an older turn.
        assert await proposals.advance(session, made[0], at=AT) is None
        entries = await audit.newest(session, limit=5)
    assert [each.state for each in states if each] == [
        ProposalState.DROPPED,
        ProposalState.DROPPED,
        ProposalState.OPEN,
    ]
    assert ("editor.remove", "Ada, editor") in [(each.action, each.before) for each in entries]


async def test_a_member_is_named_by_number_or_by_name(
    database: Database, staffing: Members
) -> None:
    owner = await seat(database, OWNER, Role.OWNER, name="Olga")
    await seat(database, ADA, name="Ada  Lovelace")
    await seat(database, BEN, name="Ben")
    await seat(database, 79, name="ben")
    assert (await staffing.remove(owner, "ada lovelace")).editor.id == ADA
    with pytest.raises(DeskError, match=f"write /remove {BEN} or 79"):
        await staffing.remove(owner, "BEN")
    with pytest.raises(DeskError, match="Nobody on the desk is 77"):
        await staffing.remove(owner, ADA)
    assert await on_the_desk(database) == [OWNER, BEN, 79]


async def test_the_last_owner_and_those_of_the_settings_stay(database: Database) -> None:
    olga, ada = await seat(database, OWNER, Role.OWNER, name="Olga"), actor(ADA)
    with pytest.raises(DeskError, match="the only owner"):
        await Members(database, clock=lambda: AT).remove(olga, OWNER)
    staffing = Members(database, owners=[ADA], clock=lambda: AT)
    await staffing.seat_owners()
    with pytest.raises(DeskError, match="STORYDESK_OWNERS"):
        await staffing.remove(olga, ADA)
    assert (await staffing.roster(ada)).removable == {OWNER}
    await staffing.remove(olga, OWNER)  # of their own accord
    assert await on_the_desk(database) == [ADA]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, None])
async def test_only_owners_remove_and_move_the_desk(
    database: Database, staffing: Members, role: Role | None
) -> None:
    await seat(database, OWNER, Role.OWNER)
    ada = actor(ADA) if role is None else await seat(database, ADA, role)
    in_group = actor(ADA, chat=GROUP)
    for tried in (
        staffing.remove(ada, OWNER),
        staffing.remove(ada, "nobody at all"),
        staffing.remove_shown(ada, OWNER, AT),
        staffing.remove_shown(ada, OWNER, AT - timedelta(days=1)),
        staffing.removable(ada),
        staffing.settle(ada),
        staffing.unsettle(ada),
    ):
        with pytest.raises(NotAllowed) as refused:
            await tried
        assert refused.value.stranger is (role is None)
    with pytest.raises(NotAllowed) as refused:
        await staffing.settle(in_group)
    assert refused.value.stranger  # the desk is not there, whoever they are elsewhere
    assert OWNER in await on_the_desk(database)
    async with database.reading() as session:
        assert (await story.get(session)) is None
        assert all(entry.refused for entry in await audit.newest(session, limit=50))


async def test_an_old_button_removes_nobody(database: Database, staffing: Members) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    await seat(database, ADA)
    for shown_at in (AT - BUTTON_LASTS - timedelta(seconds=1), AT + timedelta(seconds=1)):
        with pytest.raises(DeskError, match="too old"):
            await staffing.remove_shown(owner, ADA, shown_at)
    assert await on_the_desk(database) == [OWNER, ADA]
    await staffing.remove_shown(owner, ADA, AT)
    with pytest.raises(DeskError, match="Nobody on the desk"):
        await staffing.remove_shown(owner, ADA, AT)


async def test_the_desk_moves_into_a_group_and_follows_it(
    database: Database, staffing: Members
) -> None:
    await seat(database, OWNER, Role.OWNER)
    await seat(database, ADA)
    there = actor(OWNER, chat=GROUP)
    with pytest.raises(DeskError, match="This is no group"):
        await staffing.settle(actor(OWNER))
    with pytest.raises(DeskError, match="works in no group"):
        await staffing.unsettle(there)
    assert await staffing.role(actor(ADA, chat=GROUP)) is None
    moved = await staffing.settle(there)
    assert (moved.now, moved.before) == (GROUP, None)
    assert await staffing.role(actor(ADA, chat=GROUP)) is not None
    async with database.writing() as session:
        await chats.move(session, GROUP, -1002)
    assert await staffing.role(actor(ADA, chat=GROUP)) is None
    assert await staffing.role(actor(ADA, chat=-1002)) is not None
    assert (await staffing.everybody()).desk_chat_id == -1002
    gone = await staffing.unsettle(actor(OWNER))
    assert (gone.now, gone.before) == (None, -1002)
    assert await staffing.role(actor(ADA, chat=-1002)) is None


async def test_a_member_is_called_as_when_they_last_acted(
    database: Database, staffing: Members
) -> None:
    await seat(database, OWNER, Role.OWNER, name="7")
    await staffing.settle(actor(OWNER, chat=GROUP, name="Olga"))
    roster = await staffing.roster(actor(OWNER, name="Olga"))
    assert roster.members[0].name == "Olga"
