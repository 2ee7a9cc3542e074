"""Rights are looked at where the action happens, and a refusal is kept."""

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.rights import REFUSALS_KEPT, Actor, acting, looking
from db import story
from db.desk import audit, editors
from db.engine import Database
from db.records.desk import AuditEntry, Role
from tests.factories import actor, seat
from tests.samples import AT

GROUP = -1001


async def entries(database: Database) -> list[AuditEntry]:
    async with database.reading() as session:
        return await audit.newest(session, limit=100)


async def tried(database: Database, somebody: Actor, needs: Role) -> bool:
    """Return whether `somebody` may do what `needs` may; both ways of asking must agree."""
    try:
        async with acting(database, somebody, needs, "fact.add", at=AT):
            pass
    except NotAllowed:
        with pytest.raises(NotAllowed):
            async with looking(database, somebody, needs, "fact.see", at=AT):
                pass
        return False
    async with looking(database, somebody, needs, "fact.see", at=AT):
        return True


@pytest.mark.parametrize("has", list(Role))
@pytest.mark.parametrize("needs", list(Role))
async def test_a_role_covers_those_below_it(database: Database, has: Role, needs: Role) -> None:
    ada = await seat(database, 7, has)
    order = [Role.CONTRIBUTOR, Role.EDITOR, Role.OWNER]
    assert await tried(database, ada, needs) is (order.index(has) >= order.index(needs))


async def test_what_is_done_is_kept_with_what_changed(database: Database) -> None:
    ada = await seat(database, 7, Role.EDITOR)
    async with acting(database, ada, Role.EDITOR, "fact.add", at=AT) as done:
        await done.record(fact_id=3, before=None, after="It is long.")
    (entry,) = await entries(database)
    assert (entry.person, entry.name, entry.action) == (7, "Ada", "fact.add")
    assert (entry.fact_id, entry.after, entry.refused) == (3, "It is long.", False)


async def test_a_failed_action_leaves_no_record(database: Database) -> None:
    ada = await seat(database, 7, Role.EDITOR)

    async def fail() -> None:
        async with acting(database, ada, Role.EDITOR, "fact.add", at=AT) as done:
            await done.record(after="half a fact")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await entries(database) == []


async def test_a_stranger_and_a_member_are_told_different_things(database: Database) -> None:
    carl = await seat(database, 8, Role.CONTRIBUTOR)
    with pytest.raises(NotAllowed) as stranger:
        async with acting(database, actor(9), Role.CONTRIBUTOR, "fact.add", at=AT):
            pass
    with pytest.raises(NotAllowed, match="Only an editor may do that") as member:
        async with acting(database, carl, Role.EDITOR, "fact.add", at=AT):
            pass
    assert stranger.value.stranger
    assert not member.value.stranger


async def test_one_who_was_removed_has_no_rights(database: Database) -> None:
    ada = await seat(database, 7, Role.OWNER)
    async with database.writing() as session:
        assert await editors.remove(session, 7, at=AT)
        assert not await editors.remove(session, 7, at=AT)
    assert not await tried(database, ada, Role.CONTRIBUTOR)


async def test_the_desk_works_in_private_and_in_its_one_group(database: Database) -> None:
    await seat(database, 7, Role.OWNER)
    there = actor(7, chat=GROUP)
    assert not await tried(database, there, Role.CONTRIBUTOR)
    async with database.writing() as session:
        await story.move_desk(session, GROUP)
    assert await tried(database, there, Role.OWNER)
    assert not await tried(database, actor(9, chat=GROUP), Role.CONTRIBUTOR)
    assert not await tried(database, actor(7, chat=GROUP - 1), Role.CONTRIBUTOR)


async def test_a_person_cannot_fill_the_records_with_refusals(database: Database) -> None:
    for _ in range(REFUSALS_KEPT + 5):
        with pytest.raises(NotAllowed):
            async with acting(database, actor(9), Role.EDITOR, "fact.add", at=AT):
                pass
    kept = await entries(database)
    assert len(kept) == REFUSALS_KEPT
    assert all(each.refused for each in kept)


async def test_a_closed_story_refuses_changes_and_says_how_to_go_on(database: Database) -> None:
    ada = await seat(database, 7, Role.OWNER)
    async with database.writing() as session:
        await story.close(session, AT)
    for role in Role:
        with pytest.raises(DeskError, match=r"closed on 20 May.*/reopen"):
            async with acting(database, ada, role, "fact.add", at=AT) as done:
                await done.record(after="It is long.")
    with pytest.raises(NotAllowed):  # who has no right is not told about the story
        async with acting(database, actor(9), Role.CONTRIBUTOR, "fact.add", at=AT):
            pass
    async with acting(database, ada, Role.OWNER, "editor.x", at=AT, while_closed=True) as done:
        await done.record()
    assert [(entry.action, entry.refused) for entry in await entries(database)] == [
        ("editor.x", False),
        ("fact.add", True),
    ]
    async with database.writing() as session:
        await story.close(session, None)
    async with acting(database, ada, Role.EDITOR, "fact.add", at=AT):
        pass


async def test_looking_renames_too(database: Database) -> None:
    await seat(database, 7, Role.OWNER, name="7")
    renamed = actor(7, name="Olga " * 30)
    for _ in range(2):
        async with looking(database, renamed, Role.EDITOR, "editor.list", at=AT) as session:
            (member,) = await editors.everybody(session)
        assert member.name == ("Olga " * 30)[:100]
    assert await entries(database) == []
