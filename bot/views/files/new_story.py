"""Another story, as its owner sees the way there; pure."""

from dataclasses import dataclass
from typing import Final

from bot.services.files import story_fields
from bot.services.files.new_story import Founded, Shelved, Step
from bot.views import markup
from bot.views.answers import messages
from bot.views.message import Button, Message, row_of
from bot.views.presses import Press, press
from db.records import Story


@press("2yb")
@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Press):
    """Begin a new story."""


@press("2yk")
@dataclass(frozen=True, slots=True, kw_only=True)
class BringBack(Press):
    """Bring back the story in this place of those that were put away."""

    place: int


@press("2yc")
@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Press):
    """Let the other story stand."""

    proposal_id: int
    turn: int


@press("2yd")
@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Press):
    """Leave the story as it is."""

    proposal_id: int
    turn: int


ASKS: Final = {
    story_fields.TITLE: "What is the story called? For example: The closed bridge.",
    story_fields.ABOUT: (
        "What is it about? Finish the sentence “I only follow …”, for example: the closed bridge "
        "at Aldermere and what comes of it."
    ),
    story_fields.PLACE: "Where does it take place? Its clock is the story's, for example: Lagos.",
}
FIRST_FACTS: Final = (
    "Give it its first facts: send me a spreadsheet or another file of questions and answers, or "
    "an article as a text file; or write /add with a question, its answer and who says so. What I "
    "don't have yet I say, and readers can pass it on to you."
)
DROPPED: Final = Message(text_html="<b>The story stays as it is.</b>")


def shown(given: Shelved) -> Message:
    """Return the story with what can be done about it."""
    story = given.story
    lines = [
        markup.bold(markup.shorten(story.title, 200)),
        markup.escape(f"About: {markup.shorten(story.about, 300)}"),
        markup.escape(
            f"Place: {story.time_zone}. Language: {story.language}. {messages.facts(given.total)}."
        ),
        "",
        "To change it, write /story and lines such as Title: …, About: …, Place: …",
    ]
    begin = Button(label="Begin a new story", press=Begin())
    back = (
        row_of(f"Bring back: {markup.shorten(each.title, 40)}", BringBack(place=place))
        for place, each in enumerate(given.kept)
    )
    return Message(text_html="\n".join(lines), buttons=(begin, *back))


def renamed(story: Story) -> Message:
    """Return that the story is called or described otherwise now."""
    about = markup.escape(messages.about(story))
    return Message(text_html=f"{markup.bold('Changed.')} I now say: I only follow {about}.")


def step(given: Founded, *, in_group: bool = False) -> Message:
    """Return what is asked next, what will happen, or that the other story stands."""
    if given.is_done:
        return _done(given)
    proposal = given.proposal
    at = {"proposal_id": proposal.id, "turn": proposal.turn}
    drop = Button(label="Leave it as it is", press=Drop(**at))
    if given.step in ASKS:
        text = markup.bold(ASKS[given.step])
        return Message(
            text_html=f"{text}\nReply to this message." if in_group else text, buttons=(drop,)
        )
    title = markup.shorten(given.note.title or "", 200)
    coming = f"The new story “{title}” begins without facts."
    if given.step is Step.BACK:
        coming = f"The story “{title}” comes back as it was put away."
    going = markup.shorten(given.story.title, 200)
    text = (
        f"{markup.bold('Begin another story?')} “{markup.escape(going)}” is put away with its "
        f"{messages.facts(given.total)}, its readers' questions and its subscribers, and can be "
        "brought back. "
        f"{markup.escape(coming)} The desk and its records stay. Nobody is told: subscribers hear "
        "nothing of another story unless they subscribe to it."
    )
    label = "Bring it back" if given.step is Step.BACK else "Begin the new story"
    return Message(text_html=text, buttons=(Button(label=label, press=Confirm(**at)), drop))


def _done(given: Founded) -> Message:
    about = markup.escape(messages.about(given.story))
    stands = f"I follow {about} now, with {messages.facts(given.total)}."
    lines = [
        f"{markup.bold('The story is another one now.')} {stands}",
        markup.escape(f"The one before was put away as {given.put_away}."),
    ]
    if not given.total:
        lines += ["", FIRST_FACTS]
    return Message(text_html="\n".join(lines))
