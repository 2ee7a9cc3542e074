"""The desk decides what becomes of the sends of a restored backup; nothing goes out before."""

from dataclasses import dataclass

from bot.clock import Clock, now
from bot.services.rights import Actor, acting
from db import story
from db.alerts import pending_sends
from db.desk import editors
from db.engine import Database
from db.facts import facts
from db.records.alerts import PendingSends
from db.records.desk import Role

SHOWN = 5
"""Facts that the message to the desk names; the other alerts are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the desk has to decide on, and where it is asked."""

    pending: PendingSends
    texts: tuple[str, ...]  # of the facts that the first alerts are about
    group: int | None  # the desk's, which is asked first
    members: tuple[int, ...]  # who are asked where there is no group


class PendingReview:
    """Sends under review. Each method is one unit of work."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def open(self) -> Review | None:
        """Return what waits for a decision; None where nothing does."""
        async with self._database.reading() as session:
            pending = await pending_sends.pending(session)
            if not pending.any:
                return None
            under_review = await pending_sends.alerts_under_review(session)
            numbers = dict.fromkeys(each.fact_id for each in under_review if each.fact_id)
            named = [await facts.by_id(session, number) for number in list(numbers)[:SHOWN]]
            current = await story.get(session)
            members = await editors.everybody(session)
        return Review(
            pending=pending,
            texts=tuple(fact.text for fact in named if fact is not None),
            group=None if current is None else current.desk_chat_id,
            members=tuple(each.id for each in members if each.role.covers(Role.EDITOR)),
        )

    async def release(self, actor: Actor) -> PendingSends | None:
        """Let all of it go out; None where nothing waits for a decision.

        Raises:
            NotAllowed: `actor` is no editor.
        """
        return await self._decide(actor, "alerts.release")

    async def drop(self, actor: Actor) -> PendingSends | None:
        """Let nothing of it go out; returns and raises as `release` does."""
        return await self._decide(actor, "alerts.drop")

    async def _decide(self, actor: Actor, action: str) -> PendingSends | None:
        at = self._clock()
        async with acting(
            self._database, actor, Role.EDITOR, action, at=at, while_closed=True
        ) as done:
            pending = await pending_sends.pending(done.session)
            if not pending.any:
                return None
            if action == "alerts.release":
                await pending_sends.release(done.session, at=at)
            else:
                await pending_sends.drop(done.session, at=at)
            await done.record(before=f"{pending.alerts} alerts, {pending.readers} readers")
        return pending
