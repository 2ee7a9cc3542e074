"""Links let in one person, once, in time, with no more than their maker may give."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.desk import invitations
from bot.services.desk.invitations import DOES_NOT_WORK, TRIES, Invitations, Wish
from bot.services.desk.members import Members
from db.desk import audit, editors
from db.engine import Database
from db.records.desk import AuditEntry, Editor, Role
from tests.clocks import Clock
from tests.factories import actor, seat
from tests.samples import AT

OWNER, ADA, BEN = 7, 77, 78


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(database: Database, clock: Clock) -> Invitations:
    return Invitations(database, clock=clock)


async def member(database: Database, person: int) -> Editor | None:
    async with database.reading() as session:
        return await editors.by_id(session, person)


async def records(database: Database) -> list[AuditEntry]:
    async with database.reading() as session:
        return await audit.newest(session, limit=100)


async def test_a_link_lets_in_one_person_in_its_role(
    database: Database, links: Invitations
) -> None:
    owner = await seat(database, OWNER, Role.OWNER, name="Olga")
    made = await links.invite(owner, Wish(role=Role.CONTRIBUTOR, hours=2))
    assert made.invitation.expires_at == AT + timedelta(hours=2)
    joined = await links.join(actor(ADA), made.secret)
    assert joined.changed
    ada = await member(database, ADA)
    assert ada is not None
    assert (ada.name, ada.role, ada.invited_by, ada.since) == ("Ada", Role.CONTRIBUTOR, OWNER, AT)
    with pytest.raises(DeskError, match="lets nobody in"):
        await links.join(actor(BEN, name="Ben"), made.secret)
    assert await member(database, BEN) is None
    refused, entered, invited = await records(database)
    assert (refused.action, refused.person, refused.refused) == ("editor.join", BEN, True)
    assert entered.after == "contributor, by a link of Olga"
    assert (invited.action, invited.after) == (
        "editor.invite",
        "a link for one contributor, 2 h",
    )


async def test_secrets_are_long_and_not_stored(database: Database, links: Invitations) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    made = [await links.invite(owner, Wish()) for _ in range(3)]
    assert len({each.secret for each in made}) == 3
    assert all(len(each.secret) >= 43 for each in made)
    content = b"".join(
        path.read_bytes() for path in database.path.parent.glob(f"{database.path.name}*")
    )
    assert invitations.digest(made[0].secret).encode() in content
    assert not any(each.secret.encode() in content for each in made)


async def test_every_bad_link_is_refused_in_the_same_words(
    database: Database, links: Invitations, clock: Clock
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    used, late = await links.invite(owner, Wish()), await links.invite(owner, Wish(hours=1))
    await links.join(actor(ADA), used.secret)
    clock.at += timedelta(hours=1)
    said = set()
    for secret in (used.secret, late.secret, "x" * 43, "", "join", "\ud800"):
        with pytest.raises(DeskError) as error:
            await links.join(actor(BEN), secret)
        said.add(str(error.value))
    assert said == {DOES_NOT_WORK}
    assert await member(database, BEN) is None


async def test_whoever_tries_too_often_has_to_wait(
    database: Database, links: Invitations, clock: Clock
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    made = await links.invite(owner, Wish())
    for number in range(TRIES + 3):
        with pytest.raises(DeskError):
            await links.join(actor(BEN), f"guess-{number}")
    with pytest.raises(DeskError):
        await links.join(actor(BEN), made.secret)
    assert sum(entry.refused for entry in await records(database)) == TRIES
    assert (await links.join(actor(ADA), (await links.invite(owner, Wish())).secret)).changed
    clock.at += timedelta(hours=1, seconds=1)
    assert (await links.join(actor(BEN), made.secret)).changed


async def test_of_many_who_open_it_at_once_one_gets_in(
    database: Database, links: Invitations
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    made = await links.invite(owner, Wish())
    tried = await asyncio.gather(
        *(links.join(actor(100 + number), made.secret) for number in range(12)),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, BaseException) for each in tried) == 1
    async with database.reading() as session:
        assert len(await editors.everybody(session)) == 2


async def test_a_role_is_raised_and_never_lowered(database: Database, links: Invitations) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    ada = await seat(database, ADA, Role.EDITOR)
    lower, same, higher = [
        await links.invite(owner, Wish(role=role))
        for role in (Role.CONTRIBUTOR, Role.EDITOR, Role.OWNER)
    ]
    for made in (lower, same):
        joined = await links.join(ada, made.secret)
        assert not joined.changed
        assert joined.editor.role is Role.EDITOR
    assert (await links.join(ada, higher.secret)).editor.role is Role.OWNER
    assert (await records(database))[0].before == "editor"
    # What changed nothing is unused: somebody else may still come in by it.
    assert (await links.join(actor(BEN), lower.secret)).changed


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CONTRIBUTOR, None])
async def test_only_owners_invite(
    database: Database, links: Invitations, role: Role | None
) -> None:
    somebody = actor(ADA) if role is None else await seat(database, ADA, role)
    for wish in (Wish(), Wish(role=Role.OWNER), Wish(odd="nonsense")):
        with pytest.raises(NotAllowed) as refused:
            await links.invite(somebody, wish)
        assert refused.value.stranger is (role is None)
    assert all(entry.refused for entry in await records(database))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(hours=0), "not for 0"),
        (Wish(hours=169), "not for 169"),
        (Wish(odd="boss"), "“boss” is neither"),
    ],
)
async def test_a_wish_that_is_not_understood_makes_no_link(
    database: Database, links: Invitations, wish: Wish, said: str
) -> None:
    owner = await seat(database, OWNER, Role.OWNER)
    with pytest.raises(DeskError, match=said):
        await links.invite(owner, wish)
    assert await records(database) == []


async def test_the_links_of_a_removed_owner_end(
    database: Database, links: Invitations, clock: Clock
) -> None:
    owner, ada = await seat(database, OWNER, Role.OWNER), await seat(database, ADA, Role.OWNER)
    made = await links.invite(ada, Wish())
    await Members(database, clock=clock).remove(owner, ADA)
    with pytest.raises(DeskError):
        await links.join(actor(BEN), made.secret)


async def test_the_links_of_one_who_owns_no_longer_let_nobody_in(
    database: Database, links: Invitations
) -> None:
    ada = await seat(database, ADA, Role.OWNER)
    made = await links.invite(ada, Wish())
    await seat(database, ADA, Role.EDITOR)
    with pytest.raises(DeskError):
        await links.join(actor(BEN), made.secret)


async def test_the_first_link_makes_one_owner_and_each_start_ends_the_one_before(
    database: Database, links: Invitations, clock: Clock
) -> None:
    before, now = await links.first_link(), await links.first_link()
    assert before is not None
    assert now is not None
    with pytest.raises(DeskError):
        await links.join(actor(BEN), before)
    joined = await links.join(actor(ADA), now)
    assert (joined.editor.role, joined.editor.invited_by) == (Role.OWNER, None)
    assert await links.first_link() is None


async def test_a_printed_link_ends_after_a_day_or_with_another_owner(
    database: Database, links: Invitations, clock: Clock
) -> None:
    printed = await links.first_link()
    assert printed is not None
    clock.at += timedelta(hours=24)
    with pytest.raises(DeskError):
        await links.join(actor(BEN), printed)
    renewed = await links.first_link()
    assert renewed is not None
    await seat(database, OWNER, Role.OWNER)  # by the settings, at the next start
    assert await links.first_link() is None
    with pytest.raises(DeskError):
        await links.join(actor(BEN), renewed)
