"""Records what readers were told, and what carried it: all that wait at once, at one go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.services.answers import composition, whats_new
from bot.services.answers.index_cache import Snapshot
from bot.services.answers.results import Answer, Outcome, Place, Request, Screen
from bot.services.batches import Batches
from db import story, updates
from db.answers import exchanges
from db.answers.exchanges import Recording
from db.engine import Database, Session
from db.records import Chat
from db.subscriptions import chats


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """An answer that nobody has got yet."""

    given: Answer
    snapshot: Snapshot  # what it was read from
    place: Place
    message_id: int | None  # of the question
    request: Request | None = None  # of a screen
    checked: bool = True  # whether it must be true of the story as last committed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    """Something to be written for the update at work, which the batch must be told of."""

    update_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record(_Noted):
    answer: Unrecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply(_Noted):
    exchange_id: int
    message_id: int


class Recorder:
    """Stores answers and what carried them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: Batches[_Record, Answer | None] = Batches(self._record)
        self._replies: Batches[_Reply, None] = Batches(self._deliver)

    async def record(self, answer: Unrecorded) -> Answer | None:
        """Return an answer as it was recorded; None where the story has changed meanwhile."""
        return await self._answers.do(_Record(answer=answer, update_id=_update_id()))

    async def delivered(self, exchange_id: int, message_id: int) -> None:
        """Note which message carries an answer; with that the update at work is done."""
        reply = _Reply(exchange_id=exchange_id, message_id=message_id, update_id=_update_id())
        await self._replies.do(reply)
        updates.settled()

    async def _record(self, records: Sequence[_Record]) -> list[Answer | None]:
        async with self._database.writing(shared=True) as session:
            revision = await story.revision(session)
            kept = [
                (each, await _with_screen(session, each.answer))
                for each in records
                if not each.answer.checked or each.answer.snapshot.revision == revision
            ]
            await chats.remember_all(session, [_chat(each.answer) for each, _ in kept])
            recordings = [one for each, given in kept for one in _recordings(given, each.answer)]
            numbers = iter(await exchanges.record_all(session, recordings))
            told: dict[int, Answer] = {}
            notes: dict[int, int] = {}
            for each, given in kept:
                rest = next(numbers) if given.rest is not None else None
                number = next(numbers)
                told[id(each)] = replace(given, exchange_id=number, rest_id=rest)
                if each.update_id is not None:
                    notes[each.update_id] = number
            await updates.note_answers(session, notes)
        return [told.get(id(each)) for each in records]

    async def _deliver(self, replies: Sequence[_Reply]) -> list[None]:
        carried = {each.exchange_id: each.message_id for each in replies}
        done = [each.update_id for each in replies if each.update_id is not None]
        async with self._database.writing(shared=True) as session:
            await exchanges.delivered_all(session, carried)
            if done:
                await updates.finish(session, done)
        return [None] * len(replies)


def _update_id() -> int | None:
    work = updates.work()
    return None if work is None else work.update_id


async def _with_screen(session: Session, answer: Unrecorded) -> Answer:
    return await with_screen(
        session, answer.snapshot, answer.request, answer.given, chat_id=answer.place.chat_id
    )


async def with_screen(
    session: Session,
    snapshot: Snapshot,
    request: Request | None,
    given: Answer,
    *,
    chat_id: int | None = None,
) -> Answer:
    """Return an answer with what the screen shows that the message asked for, if it did."""
    if request is None:
        return given
    look = None
    if request.screen is Screen.NEWS:
        since = composition.since(request, given.story, given.at)
        look = await whats_new.look(session, chat_id, given.at, since=since)
    asked = await exchanges.most_asked(session, limit=composition.OVERVIEW_LENGTH)
    whole = composition.whole(snapshot, request, given.at, most_asked=asked, look=look)
    return replace(given, whole=whole)


def _chat(answer: Unrecorded) -> Chat:
    place, at = answer.place, answer.given.at
    return Chat(id=place.chat_id, kind=place.kind, title=place.title, first_seen=at, last_seen=at)


def _recordings(given: Answer, answer: Unrecorded) -> list[Recording]:
    """Return what is stored of an answer; first, as an exchange of their own, its missing parts.

    They come before it, because it is what the next question may lean on.
    """
    stored = Recording(
        chat_id=answer.place.chat_id,
        thread_id=answer.place.thread_id,
        question=given.question,
        outcome=given.outcome,
        told=[(found.fact.id, found.fact.version) for found in given.told],
        offered=[found.fact.id for found in given.candidates],
        question_message_id=answer.message_id,
        asked_at=given.at,
        confidence=given.candidates[0].confidence if given.candidates else None,
        self_contained=given.self_contained,
    )
    if given.rest is None:
        return [stored]
    rest = replace(
        stored,
        question=given.rest,
        outcome=Outcome.MISSING,
        told=(),
        offered=(),
        confidence=None,
    )
    return [rest, stored]
