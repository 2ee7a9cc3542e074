"""`storydesk new` and `storydesk restore`: another story, from the command line."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot import clock, storage
from bot.errors import DeskError, SettingError, StoreError
from bot.services.files import new_story, story_fields
from db.errors import StoreFault
from db.records import Story

ASKS = {
    "title": "What is the story called",
    "about": "What is it about? I only follow",
    "place": "Where does it take place (its clock is the story's)",
}


def complete(
    given: Mapping[str, str | None], ask: Callable[[str], str] | None
) -> Mapping[str, str]:
    """Return a story's fields as they are stored; what is missing is asked for.

    Raises:
        SettingError: something is missing and nobody can be asked, or cannot be understood.
    """
    wished: dict[str, str] = {}
    for name, value in given.items():
        text = value
        if text is None:
            if ask is None:
                raise SettingError(
                    f'The story\'s {name} is missing: storydesk new --title "The closed bridge" '
                    '--about "the closed bridge at Aldermere" --place Lagos'
                )
            text = ask(ASKS[name])
        try:
            wished |= story_fields.fields_of(f"{name}: {' '.join(text.split())}")
        except DeskError as error:
            raise SettingError(str(error)) from None
    return wished


async def exchange(address: str, wished: Mapping[str, Any]) -> tuple[Story, str]:
    """Let another story stand; return it and the file of the one before.

    Raises:
        StoreTaken: a bot is running on the database; /story does it there.
        StoreError: the story cannot be put away, or the other not be read.
    """
    async with storage.opened(address, alone=True) as database:
        try:
            return await new_story.from_command_line(database, wished, at=clock.now())
        except StoreFault as fault:
            raise StoreError(str(fault)) from fault


def story_in(file: Path) -> Mapping[str, str]:
    """Return what brings back the story in a file; StoreError where there is no such file."""
    if not file.is_file():
        raise StoreError(f"The file {file} does not exist: name one that storydesk new wrote.")
    return {"file": str(file.resolve())}


def begun(done: tuple[Story, str]) -> str:
    """Return that a new story stands, and what to do first."""
    story, kept = done
    before = f" The one before was put away as {kept}." if kept else ""
    english = (
        "" if story.language == "en" else "Questions are understood in English alone as yet.\n"
    )
    return (
        f"“{story.title}” is the story now; it has no facts yet.{before}\n{english}"
        "Give it facts: storydesk import facts.csv, or start the bot and send it the file."
    )


def restored(done: tuple[Story, str]) -> str:
    """Return that an old story stands again."""
    story, kept = done
    return f"“{story.title}” is the story again. The one before was put away as {kept}."
