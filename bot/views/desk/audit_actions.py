"""What the records call actions, and what they kept of them, in words and on the story's clock."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from bot.services.desk.audit import Difference
from bot.stories.schema import FIELDS
from bot.views import screens
from bot.views.answers import messages
from db.records import Moment, Story

ACTIONS: Final = {
    "alert.carry_on": "an alert about a fact goes on",
    "alert.send": "an alert about a fact sent at once",
    "alert.stop": "an alert about a fact held back or stopped",
    "alerts.drop": "sends of a restored backup dropped",
    "alerts.release": "sends of a restored backup released",
    "article.send": "an article read",
    "article.stop": "the rest of an article left",
    "audit.read": "the records",
    "backup.restore": "a backup restored",
    "channel.begin": "choice of a channel",
    "channel.end": "end of the channel",
    "channel.read": "the channel",
    "desk.move": "move of the desk",
    "desk.see": "the desk",
    "editor.admit": "admission",
    "editor.invite": "invitation",
    "editor.join": "joining by a link",
    "editor.list": "list of the desk",
    "editor.remove": "removal",
    "fact.add": "new fact",
    "fact.annotate": "a note on a fact, for the desk alone",
    "fact.change": "change of a fact",
    "fact.correct": "correction of a fact",
    "fact.find": "search for facts",
    "fact.history": "history of a fact",
    "fact.phrase": "another way of asking for a fact",
    "fact.see": "the card of a fact",
    "fact.still": "a fresh look at a fact",
    "fact.undo": "a change of a fact taken back",
    "fact.update": "update of a fact",
    "fact.withdraw": "withdrawal of a fact",
    "fact.wording": "other words for a fact",
    "facts.add": "sentences of an article taken as facts",
    "facts.export": "export of the facts",
    "facts.import": "import of facts",
    "feedback.seen": "a look at what readers had not asked",
    "file.compare": "a file compared with the facts",
    "file.drop": "a file dropped",
    "file.send": "a file read",
    "proposal.change": "more words for a draft",
    "proposal.drop": "a draft dropped",
    "proposal.make": "a draft begun",
    "proposal.see": "a look at a draft",
    "proposal.send_back": "a draft sent back",
    "proposal.submit": "a draft handed in",
    "question.answer": "a fact told to waiting readers",
    "question.forget": "a saved question forgotten",
    "question.give_up": "readers told that the desk could not find out",
    "question.save": "a question saved",
    "question.test": "test of the saved questions",
    "question.unknown": "waiting readers told that a fact is not known yet",
    "sentence.ask": "a question for a sentence",
    "sentence.skip": "a sentence left out",
    "sentence.source": "a source for a sentence",
    "stats.read": "figures",
    "story.begin": "another story",
    "story.close": "closing of the story",
    "story.close.asked": "wish to close the story",
    "story.keep": "the story stays open",
    "story.rename": "the story's name, subject or place",
    "story.reopen": "reopening of the story",
    "story.show": "a look at the story's name",
    "why": "a look at why an answer was given",
    "words.dismiss": "dismissal of readers' words",
    "words.see": "readers' words",
}
"""What actions are called; a number takes the place of “a fact”."""

KINDS: Final = {"wording": "other words", "undo": "taken back"}
"""What kinds of version are called; the others by their own word."""

ASKED_AND_TOLD: Final = ("question.answer", "question.unknown", "question.give_up")
"""Of these the records keep the question and what was told to it: nothing was changed there."""

HEADINGS: Final = {each.name: each.heading for each in FIELDS}
_KEPT: Final = HEADINGS | {"reason": "Why"}
"""What the records keep of a fact, each on a line of its own."""

_LINE: Final = re.compile(rf"({'|'.join(_KEPT)}): ?(.*)")
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:\d\d", re.ASCII
)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", re.ASCII)


def action_of(action: str, fact_id: int | None = None) -> str:
    """Return an action in words, with the number of the fact that it was about."""
    name = ACTIONS.get(action, action.replace(".", " ").replace("_", " "))
    if fact_id is None:
        return name
    number = f"#{fact_id}"
    return name.replace("a fact", number, 1) if "a fact" in name else f"{name} {number}"


def differences(before: str | None, after: str | None) -> Iterator[Difference]:
    """Yield what differs in what the records kept of an action: a fact's fields, or plain text."""
    if before is None or after is None:
        yield Difference(field="", before=_joined(before), after=_joined(after))
        return
    was, now = _fields(before), _fields(after)
    for name in {**was, **now}:
        if was.get(name) != now.get(name):
            label = "" if name == "text" and len(was) == len(now) == 1 else _KEPT[name]
            yield Difference(field=label, before=was.get(name), after=now.get(name))


def value(text: str, story: Story, today: date) -> str:
    """Return a kept value as people read it: a time on the story's clock, all else as it is."""
    try:
        if _INSTANT.fullmatch(text):
            return screens.local(datetime.fromisoformat(text), story, today)
        if _MOMENT.fullmatch(text):
            return messages.moment(Moment.parse(text), today)
    except ValueError:
        pass  # no such day: it is text
    return text


def _fields(kept: str) -> dict[str, str]:
    """Return what was kept of a fact, by field; what stands before the first field is its text."""
    text: list[str] = []
    found: dict[str, str] = {}
    for line in kept.splitlines():
        if field := _LINE.fullmatch(line):
            found[field[1]] = field[2]
        else:
            text.append(line)
    return {"text": "\n".join(text), **found}


def _joined(kept: str | None) -> str | None:
    if kept is None:
        return None
    fields = _fields(kept)
    text = fields.pop("text")
    return " · ".join([text, *(f"{_KEPT[name]}: {said}" for name, said in fields.items())])
