"""What comes twice, and what a process that ended left behind."""

import json

from sqlalchemy import insert

from bot.rehearsal.api.server import RehearsalServer
from bot.settings import Settings
from db.engine import Database
from db.records.updates import UpdateState
from db.tables.updates import UpdateRow
from tests.conftest import NOON
from tests.handlers.conftest import Start


async def test_an_update_that_comes_again_is_answered_once(
    server: RehearsalServer, start: Start
) -> None:
    person = server.world.person("Reader")
    chat = server.world.private(person)
    async with start():
        await server.say(person, chat, "answer 1")
        await server.quiet()
        server.updates.repeat()
        await server.quiet()
    server.updates.repeat()
    async with start():
        await server.quiet()
    assert len(server.sent(chat)) == 1


async def test_a_question_left_behind_is_answered_and_an_action_is_told_of(
    server: RehearsalServer, settings: Settings, start: Start
) -> None:
    person = server.world.person("Ada")
    chat = server.world.private(person)
    who = {"id": person.id, "is_bot": False, "first_name": "Ada"}
    where = {"id": chat.id, "type": "private", "first_name": "Ada"}

    def row(number: int, text: str, state: UpdateState) -> dict[str, object]:
        date = int(NOON.timestamp())
        message = {"message_id": number, "date": date, "chat": where, "from": who, "text": text}
        body = json.dumps({"update_id": number, "message": message})
        return {"id": number, "body": body, "state": state, "received_at": NOON}

    async with start():
        await server.say(person, chat, "answer 3")
        await server.next_message(chat)
    database = await Database.open(settings.database)
    async with database.writing() as session:
        rows = [
            row(1, "/still 1 <b>", UpdateState.ACTED),
            row(2, "answer 1", UpdateState.WAITING),
        ]
        await session.execute(insert(UpdateRow), rows)
    await database.close()
    async with start():
        told = [(await server.next_message(chat)).text for _ in range(2)]
        await server.quiet()
    async with start():
        await server.quiet()
    assert len(server.sent(chat)) == 3
    [restarted] = [text for text in told if "I was restarted" in text]
    assert restarted.startswith("I was restarted just after “/still 1 <b>” took effect")
    assert any("In 1931." in text for text in told)
