"""A desk with an owner, an editor and a contributor, each in a private chat with the bot."""

from pathlib import Path

import pytest

from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.settings import Settings
from db.engine import Database
from db.records.desk import Role
from tests.factories import seat


@pytest.fixture
def owner(server: RehearsalServer) -> Person:
    return server.world.person("Owner")


@pytest.fixture
def settings(server: RehearsalServer, story_file: Path, owner: Person) -> Settings:
    return Settings(database=str(story_file), owners=(owner.id,)).against(server.url, TOKEN)


@pytest.fixture
def desk(server: RehearsalServer, owner: Person) -> Chat:
    """The owner's private chat."""
    return server.world.private(owner)


async def seated(server: RehearsalServer, store: Database, name: str, role: Role) -> Person:
    """Return a person who is on the desk in `role`."""
    person = server.world.person(name)
    await seat(store, person.id, role, name=name)
    return person


async def asked(server: RehearsalServer, person: Person, chat: Chat, text: str) -> Message:
    """Say `text` and return what the bot says to it."""
    await server.say(person, chat, text)
    return await server.next_message(chat)
