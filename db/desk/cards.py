"""Cards: messages of the bot that show something which a reply to them is about."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.records.desk import Card, CardKind
from db.tables.desk import CardRow


async def put(session: AsyncSession, card: Card) -> None:
    """Note what a message shows; an edited message may show something else than before."""
    await session.execute(
        delete(CardRow).where(
            CardRow.chat_id == card.chat_id, CardRow.message_id == card.message_id
        )
    )
    await session.execute(
        insert(CardRow).values(
            chat_id=card.chat_id, message_id=card.message_id, kind=card.kind, about=card.about
        )
    )


async def by_message(session: AsyncSession, chat_id: int, message_id: int) -> Card | None:
    """Return what a message of the bot shows; None if it is no card."""
    row = (
        await session.execute(
            select(CardRow).where(CardRow.chat_id == chat_id, CardRow.message_id == message_id)
        )
    ).scalar_one_or_none()
    if row is None:
        return None
    return Card(
        chat_id=row.chat_id,
        message_id=row.message_id,
        kind=CardKind(row.kind),
        about=row.about,
    )
