"""What the tests of the desk's services share: a story of one fact, and steps in short."""

from datetime import timedelta
from typing import Final

from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.state import Change
from bot.services.facts.references import Order
from bot.services.rights import Actor
from db.desk import audit
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, FactVersion
from db.records.desk import AuditEntry
from tests.factories import draft
from tests.samples import AT

LATER: Final = AT + timedelta(hours=1)
"""When the desk is at work on what was added at the usual moment."""


async def added(database: Database, **fields: object) -> Fact:
    """Return a new fact: the length of the call, with `fields` changed."""
    async with database.writing() as session:
        return await facts.add(session, draft(**fields), editor=None, at=AT)


async def fact(database: Database, number: int = 1) -> Fact:
    async with database.reading() as session:
        found = await facts.by_id(session, number)
    assert found is not None
    return found


async def history(database: Database, number: int = 1) -> list[FactVersion]:
    async with database.reading() as session:
        return await facts.history(session, number)


async def records(database: Database) -> list[AuditEntry]:
    """Return the records, the oldest first."""
    async with database.reading() as session:
        return (await audit.newest(session, limit=1000))[::-1]


def order(words: str, *, command: str = "edit", reply_to: int | None = None) -> Order:
    return Order(command=command, words=words, reply_to=reply_to)


def turn(change: Change | None) -> tuple[int, int]:
    """Return what a button under the change carries."""
    assert change is not None
    return change.proposal.id, change.proposal.turn


async def published(
    changing: Changes,
    actor: Actor,
    words: str,
    *,
    kind: ChangeKind = ChangeKind.UPDATE,
) -> Change:
    """Return a change taken from its words to its end, said by the same source."""
    change = await changing.edit(actor, order(words))
    chosen = await changing.choose_kind(actor, *turn(change), kind)
    assert chosen is not None
    if kind is not ChangeKind.WORDING:
        chosen = await changing.choose_source(actor, *turn(chosen), 0)
    done = await changing.publish(actor, *turn(chosen))
    assert done is not None
    return done
