"""What the desk sees: one module of texts and presses for each part of its work."""

from dataclasses import dataclass
from typing import Final

from db.records.desk import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the desk."""

    name: str
    role: Role  # the least that may use it
    meaning: str


COMMANDS: Final = (
    Command(name="add", role=Role.CONTRIBUTOR, meaning="Add a fact"),
    Command(name="unknown", role=Role.CONTRIBUTOR, meaning="File what nobody knows yet"),
    Command(name="uncovered", role=Role.CONTRIBUTOR, meaning="File what the story does not cover"),
    Command(name="find", role=Role.CONTRIBUTOR, meaning="Find facts by words"),
    Command(name="fact", role=Role.CONTRIBUTOR, meaning="Show a fact: /fact 7"),
    Command(name="drafts", role=Role.CONTRIBUTOR, meaning="Drafts that wait to be published"),
    Command(name="cancel", role=Role.CONTRIBUTOR, meaning="Drop what you are at"),
    Command(name="desk", role=Role.EDITOR, meaning="Waiting questions, stale facts, figures"),
    Command(name="edit", role=Role.EDITOR, meaning="Change a fact: /edit 7 new words"),
    Command(name="withdraw", role=Role.EDITOR, meaning="Withdraw a fact: /withdraw 7 reason"),
    Command(name="phrase", role=Role.EDITOR, meaning="Add a way of asking: /phrase 7 words"),
    Command(name="words", role=Role.EDITOR, meaning="Readers' words that may find a fact"),
    Command(name="status", role=Role.EDITOR, meaning="Change how sure a fact is"),
    Command(name="still", role=Role.EDITOR, meaning="Checked again: /still 7"),
    Command(name="undo", role=Role.EDITOR, meaning="Take back your last change, within a minute"),
    Command(name="history", role=Role.EDITOR, meaning="What was done to a fact: /history 7"),
    Command(name="audit", role=Role.EDITOR, meaning="What was done at the desk"),
    Command(name="stats", role=Role.EDITOR, meaning="Figures, and a picture"),
    Command(name="save", role=Role.EDITOR, meaning="Save a question with its fact"),
    Command(name="test", role=Role.EDITOR, meaning="Run the saved questions"),
    Command(name="export", role=Role.EDITOR, meaning="The facts as a file"),
    Command(name="why", role=Role.EDITOR, meaning="Why a question is answered as it is"),
    Command(name="editors", role=Role.EDITOR, meaning="Who is on the desk"),
    Command(name="invite", role=Role.OWNER, meaning="A one-time link for a new member"),
    Command(name="remove", role=Role.OWNER, meaning="Take somebody off the desk"),
    Command(name="channel", role=Role.OWNER, meaning="Post alerts in a channel: /channel @name"),
    Command(name="story", role=Role.OWNER, meaning="The story: its name, another one, an old one"),
    Command(name="close", role=Role.OWNER, meaning="End the story"),
    Command(name="reopen", role=Role.OWNER, meaning="Open the story again"),
)
"""Every command of the desk, in the order of the menu."""
