"""Files that editors sent: kept until they decide, so that a restart loses none."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.desk import Upload
from db.tables.desk import ProposalRow, UploadRow
from db.types import storable

NAME_LIMIT = 255


async def keep(session: AsyncSession, upload: Upload, *, at: datetime) -> None:
    """Store the file that a proposal is about."""
    await session.execute(
        insert(UploadRow).values(
            proposal_id=upload.proposal_id,
            name=storable(upload.name, NAME_LIMIT),
            data=upload.data,
            kept_since=at,
        )
    )


async def of_proposal(session: AsyncSession, proposal_id: int) -> Upload | None:
    """Return the file that a proposal is about; None where none is kept (any more)."""
    row = (
        await session.execute(
            select(UploadRow.name, UploadRow.data).where(UploadRow.proposal_id == proposal_id)
        )
    ).one_or_none()
    return None if row is None else Upload(proposal_id=proposal_id, name=row.name, data=row.data)


async def count_of(session: AsyncSession, editor: int) -> int:
    """Return how many files of an editor wait."""
    query = (
        select(func.count())
        .select_from(UploadRow)
        .join(ProposalRow, ProposalRow.id == UploadRow.proposal_id)
        .where(ProposalRow.editor == editor)
    )
    return (await session.execute(query)).scalar_one()


async def older(session: AsyncSession, than: datetime) -> Sequence[int]:
    """Return the proposals whose files have been kept since before `than`."""
    query = select(UploadRow.proposal_id).where(UploadRow.kept_since < than)
    return (await session.execute(query)).scalars().all()


async def drop(session: AsyncSession, proposal_id: int) -> None:
    """Forget the file that a proposal is about."""
    await session.execute(delete(UploadRow).where(UploadRow.proposal_id == proposal_id))
