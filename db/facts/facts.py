"""Facts: reading them, and the changes that make new versions.

Every change bumps the story's revision in the same transaction and marks the facts with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import story
from db.bulk import ROWS_AT_ONCE, execute_each
from db.facts import hints, phrasings
from db.records import TOLD_FIELDS, ChangeKind, Fact, FactDraft, FactVersion, Status
from db.tables.story import FactRow, StoryRow, VersionRow

DESK_FIELDS = ("weight", "topics", "check_by")
"""What only the desk and the search use; these and the phrasings change without a new version."""


async def all_current(session: AsyncSession) -> list[Fact]:
    """Return every fact as it stands, withdrawn ones included, by number."""
    return await _many_facts(session, _current().order_by(FactRow.id))


async def changed_since(session: AsyncSession, revision: int) -> list[Fact]:
    """Return the facts that changed after the story's `revision`, as they stand, by number.

    One that was withdrawn since is among them, with its status.
    """
    return await _facts(session, _current().where(FactRow.revision > revision).order_by(FactRow.id))


async def by_id(session: AsyncSession, fact_id: int) -> Fact | None:
    """Return the fact with this number; None if there is none."""
    found = await _facts(session, _current().where(FactRow.id == fact_id))
    return found[0] if found else None


async def by_ids(session: AsyncSession, numbers: Sequence[int]) -> dict[int, Fact]:
    """Return the facts with these numbers, as they stand, by number."""
    found: dict[int, Fact] = {}
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        part = numbers[start : start + ROWS_AT_ONCE]
        for fact in await _facts(session, _current().where(FactRow.id.in_(part))):
            found[fact.id] = fact
    return found


async def by_key(session: AsyncSession, key: str) -> Fact | None:
    """Return the fact with this key; None if there is none."""
    found = await _facts(session, _current().where(FactRow.key == key))
    return found[0] if found else None


async def with_status(session: AsyncSession, status: Status, *, limit: int) -> list[Fact]:
    """Return facts of this status, those changed last first."""
    query = _current().where(VersionRow.status == status)
    return await _facts(session, query.order_by(FactRow.revision.desc(), FactRow.id).limit(limit))


async def keys(session: AsyncSession) -> set[str]:
    """Return every key that is taken."""
    return set((await session.execute(select(FactRow.key))).scalars())


async def topics(session: AsyncSession) -> tuple[str, ...]:
    """Return the topics of all facts, the most used first."""
    counted = Counter[str]()
    for tags in (await session.execute(select(FactRow.topics))).scalars():
        counted.update(tags)
    return tuple(topic for topic, _ in counted.most_common())


async def count(session: AsyncSession) -> int:
    """Return how many facts there are, withdrawn ones included."""
    return (await session.execute(select(func.count()).select_from(FactRow))).scalar_one()


async def next_batch_id(session: AsyncSession) -> int:
    """Return an unused number for the versions and alerts of one import.

    Locks the story until the transaction ends, so that two imports never get the same.
    """
    await session.execute(select(StoryRow.id).with_for_update())
    newest = (await session.execute(select(func.max(VersionRow.batch_id)))).scalar_one()
    return (newest or 0) + 1


async def version(session: AsyncSession, fact_id: int, number: int) -> FactVersion | None:
    """Return one version of a fact as it was told; None if there is none."""
    rows = (
        await session.execute(
            _VERSIONS.where(VersionRow.fact_id == fact_id, VersionRow.version == number)
        )
    ).mappings()
    return next((FactVersion(**row) for row in rows), None)


async def history(session: AsyncSession, fact_id: int) -> list[FactVersion]:
    """Return every version of a fact, the oldest first; empty if there is no such fact."""
    rows = await session.execute(
        _VERSIONS.where(VersionRow.fact_id == fact_id).order_by(VersionRow.version)
    )
    return [FactVersion(**row) for row in rows.mappings()]


async def add(session: AsyncSession, draft: FactDraft, *, editor: int | None, at: datetime) -> Fact:
    """Store a new fact and return it with its number. Its key must be free (IntegrityError)."""
    numbers = await add_all(session, [draft], editor=editor, at=at)
    return await _existing(session, numbers[draft.key])


async def add_all(
    session: AsyncSession,
    drafts: Sequence[FactDraft],
    *,
    editor: int | None,
    at: datetime,
    batch_id: int | None = None,
) -> dict[str, int]:
    """Store new facts, numbered in the order given; return the number of each key.

    `batch_id` is that of the import which brings them.
    """
    if not drafts:
        return {}
    revision = await story.bump(session)
    rows = (
        {"key": draft.key, "version": 1, "revision": revision, **_values(draft, DESK_FIELDS)}
        for draft in drafts
    )
    await execute_each(session, insert(FactRow), rows)
    numbers: dict[str, int] = {}
    made = await session.stream(select(FactRow.key, FactRow.id).where(FactRow.revision == revision))
    async for part in made.partitions(ROWS_AT_ONCE):
        numbers.update(part)
    await _insert_versions(
        session,
        ((numbers[draft.key], 1, draft) for draft in drafts),
        kind=ChangeKind.NEW,
        reason=None,
        editor=editor,
        at=at,
        batch_id=batch_id,
    )
    asked = ((numbers[draft.key], draft.phrasings) for draft in drafts)
    await phrasings.add_all(session, asked)
    return numbers


async def revise(
    session: AsyncSession,
    fact_id: int,
    expected_version: int,
    draft: FactDraft,
    *,
    kind: ChangeKind,
    reason: str | None,
    editor: int | None,
    at: datetime,
) -> Fact | None:
    """Make `draft` the newest version of a fact and return the fact. Its key stays.

    None, and nothing changed, when the fact no longer stands at `expected_version`: somebody
    else was faster.
    """
    taken = await session.execute(
        update(FactRow)
        .where(FactRow.id == fact_id, FactRow.version == expected_version)
        .values(version=expected_version + 1)
        .returning(FactRow.id)
    )
    if taken.scalar_one_or_none() is None:
        return None
    await _insert_versions(
        session,
        [(fact_id, expected_version + 1, draft)],
        kind=kind,
        reason=reason,
        editor=editor,
        at=at,
    )
    await annotate(session, [(fact_id, draft)])
    return await _existing(session, fact_id)


async def revise_all(
    session: AsyncSession,
    changes: Sequence[tuple[Fact, FactDraft]],
    *,
    kind: ChangeKind,
    reason: str | None,
    editor: int | None,
    at: datetime,
    batch_id: int | None = None,
) -> None:
    """Give each fact, just read in this same transaction, a new version.

    `batch_id` is that of the import which brings them.
    """
    if not changes:
        return
    await execute_each(
        session,
        update(FactRow).where(FactRow.id == bindparam("number")).values(version=bindparam("next")),
        ({"number": fact.id, "next": fact.version + 1} for fact, _ in changes),
    )
    await _insert_versions(
        session,
        ((fact.id, fact.version + 1, draft) for fact, draft in changes),
        kind=kind,
        reason=reason,
        editor=editor,
        at=at,
        batch_id=batch_id,
    )
    await annotate(session, [(fact.id, draft) for fact, draft in changes])


async def annotate(session: AsyncSession, drafts: Sequence[tuple[int, FactDraft]]) -> None:
    """Set weight, topics, check-by and phrasings of facts by number, without new versions."""
    if not drafts:
        return
    revision = await story.bump(session)
    await execute_each(
        session,
        update(FactRow)
        .where(FactRow.id == bindparam("number"))
        .values(revision=revision, **{name: bindparam(name) for name in DESK_FIELDS}),
        ({"number": number, **_values(draft, DESK_FIELDS)} for number, draft in drafts),
    )
    await phrasings.replace_all(session, [(number, draft.phrasings) for number, draft in drafts])


async def add_phrasing(session: AsyncSession, fact_id: int, text: str) -> Fact | None:
    """Add one more way to ask and return the fact; None if there is no such fact.

    A phrasing that the fact has already changes nothing.
    """
    fact = await by_id(session, fact_id)
    if fact is None or text in fact.phrasings:
        return fact
    await phrasings.add(session, fact_id, text)
    revision = await story.bump(session)
    await session.execute(update(FactRow).where(FactRow.id == fact_id).values(revision=revision))
    return await _existing(session, fact_id)


_TOLD = [getattr(VersionRow, name) for name in TOLD_FIELDS]
_VERSIONS = select(
    VersionRow.fact_id,
    VersionRow.version,
    VersionRow.kind,
    VersionRow.reason,
    VersionRow.editor,
    VersionRow.at,
    *_TOLD,
)


def _current() -> Select[Any]:
    return select(
        FactRow.id,
        FactRow.key,
        FactRow.version,
        *[getattr(FactRow, name) for name in DESK_FIELDS],
        *_TOLD,
        VersionRow.at.label("changed_at"),
    ).join(
        VersionRow,
        (VersionRow.fact_id == FactRow.id) & (VersionRow.version == FactRow.version),
    )


async def _facts(session: AsyncSession, query: Select[Any]) -> list[Fact]:
    rows = (await session.execute(query)).mappings().all()
    numbers = [row["id"] for row in rows]
    asked = await phrasings.of_facts(session, numbers)
    shown = await hints.of_facts(session, numbers)
    return [_fact(row, asked, shown) for row in rows]


async def _many_facts(session: AsyncSession, query: Select[Any]) -> list[Fact]:
    """Return facts by the thousand, in parts between which the event loop gets its turn."""
    asked, shown = await phrasings.everything(session), await hints.everything(session)
    found: list[Fact] = []
    rows = (await session.stream(query)).mappings()
    async for part in rows.partitions(ROWS_AT_ONCE):
        found += [_fact(row, asked, shown) for row in part]
    return found


def _fact(
    row: Mapping[str, Any], asked: Mapping[int, list[str]], shown: Mapping[int, list[str]]
) -> Fact:
    number = row["id"]
    return Fact(phrasings=tuple(asked.get(number, ())), hints=tuple(shown.get(number, ())), **row)


async def _existing(session: AsyncSession, fact_id: int) -> Fact:
    fact = await by_id(session, fact_id)
    assert fact is not None  # noqa: S101 - written in this same transaction
    return fact


def _values(draft: FactDraft, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in names}


async def _insert_versions(
    session: AsyncSession,
    drafts: Iterable[tuple[int, int, FactDraft]],
    *,
    kind: ChangeKind,
    reason: str | None,
    editor: int | None,
    at: datetime,
    batch_id: int | None = None,
) -> None:
    common = {"kind": kind, "reason": reason, "editor": editor, "at": at, "batch_id": batch_id}
    await execute_each(
        session,
        insert(VersionRow),
        (
            {"fact_id": number, "version": version, **common, **_values(draft, TOLD_FIELDS)}
            for number, version, draft in drafts
        ),
    )
