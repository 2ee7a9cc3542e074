"""Messages that a person passes on: their words are somebody else's."""

from bot.rehearsal.api.contract import Upload
from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world import sending
from bot.rehearsal.world.entities import completed
from bot.rehearsal.world.world import Chat, Message, Person


def forward(
    server: RehearsalServer,
    person: Person,
    chat: Chat,
    text: str,
    *,
    file: bytes | None = None,
    reply_to: Message | None = None,
) -> None:
    """Let `person` forward somebody's words to `chat`, or somebody's file with `text` its name."""
    upload = Upload(name=text, content=file or b"", mime="text/plain")
    media = sending.document(sending.keep(server.backend, upload), upload) if file else {}
    words = "" if file else text
    message = server.world.add(
        chat, person, text=words, entities=completed(words, []), media=media, reply_to=reply_to
    )
    author = server.world.person("Author")
    origin = {"type": "user", "date": message.date, "sender_user": author.json()}
    server.updates.put("message", message.json() | {"forward_origin": origin})
