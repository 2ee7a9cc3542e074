"""Values for tests; each call names only the fields that the test is about."""

from dataclasses import replace

from bot.services.answers.results import Place
from bot.services.rights import Actor
from db.desk import editors
from db.engine import Database
from db.records import ChatKind, FactDraft
from db.records.desk import Role
from tests.samples import AT

LENGTH = FactDraft(
    key="call-length",
    text="About two and a half hours.",
    question="How long did the call last?",
    phrasings=("how long did they talk", "duration of the call"),
    source="TASS",
    topics=("call",),
)


def draft(**fields: object) -> FactDraft:
    """Return a fact about the length of the call, with `fields` changed."""
    return replace(LENGTH, **fields)  # type: ignore[arg-type]


def actor(person: int = 77, *, chat: int | None = None, name: str = "Ada") -> Actor:
    """Return a person in their private chat, or in the group with the number `chat`."""
    kind = ChatKind.PRIVATE if chat is None else ChatKind.SUPERGROUP
    place = Place(chat_id=person if chat is None else chat, kind=kind)
    return Actor(person_id=person, name=name, place=place)


async def seat(
    database: Database, person: int = 77, role: Role = Role.EDITOR, *, name: str = "Ada"
) -> Actor:
    """Put a person on the desk and return them in their private chat."""
    async with database.writing() as session:
        await editors.admit(session, person, name=name, role=role, invited_by=None, at=AT)
    return actor(person, name=name)
