"""Vectors of texts as stored: derived from the texts alone, by the model that made them."""

import hashlib
from collections.abc import Mapping, Set

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bulk import execute_each
from db.tables.derived import SentenceVectorRow


def digest(text: str) -> bytes:
    """Return what a text is known by: 16 bytes of its BLAKE2b."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


async def of_model(session: AsyncSession, model: str) -> Mapping[bytes, bytes]:
    """Return every vector of one model by the digest of its text."""
    query = select(SentenceVectorRow.digest, SentenceVectorRow.vector)
    rows = await session.execute(query.where(SentenceVectorRow.model == model))
    return {row.digest: row.vector for row in rows}


async def store(session: AsyncSession, model: str, vectors: Mapping[bytes, bytes]) -> None:
    """Store the vectors of one model by digest; those that are there stay as they are."""
    rows = [{"model": model, "digest": key, "vector": vector} for key, vector in vectors.items()]
    known = await _digests(session, model)
    new = (row for row in rows if row["digest"] not in known)
    await execute_each(session, insert(SentenceVectorRow), new)


async def keep_only(session: AsyncSession, model: str, used: Set[bytes]) -> None:
    """Drop what another model made, and the vectors of texts that are no longer used."""
    await session.execute(delete(SentenceVectorRow).where(SentenceVectorRow.model != model))
    gone = await _digests(session, model) - used
    one = delete(SentenceVectorRow).where(SentenceVectorRow.digest == bindparam("gone"))
    await execute_each(session, one, ({"gone": each} for each in gone))


async def _digests(session: AsyncSession, model: str) -> set[bytes]:
    query = select(SentenceVectorRow.digest).where(SentenceVectorRow.model == model)
    return set(await session.scalars(query))
