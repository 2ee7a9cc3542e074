"""What an editor is at, by name: what their words may be for, and what was dropped; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.services.desk.prompts import Dropped, Work
from bot.services.facts.additions import article_state
from bot.services.facts.additions import state as additions
from bot.services.facts.changes import state as changes
from bot.services.files import new_story
from bot.services.questions import resolution_steps
from bot.views import markup
from bot.views.desk import lines
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records.desk import ProposalKind

NAME: Final = 80
LEFT: Final = 5
"""Pieces of work that are named beside the one that was dropped."""


@press("2qw")
@dataclass(frozen=True, slots=True, kw_only=True)
class IsAnswer(Press):
    """These words are for the prompt."""

    proposal_id: int
    message_id: int


@press("2qq")
@dataclass(frozen=True, slots=True, kw_only=True)
class IsQuestion(Press):
    """These words are a question like any reader's."""

    proposal_id: int
    message_id: int


NOTHING_OPEN: Final = Message(text_html="There is nothing to drop.")
A_QUESTION: Final = "A question"

_ASKED: Final[Mapping[str, str]] = {
    changes.Step.WORDS: "New words for #{}",
    changes.Step.SOURCE: "The source for #{}",
    changes.Step.PREVIEW: "What was wrong with #{}",
    changes.Step.REASON: "Why #{} is withdrawn",
    changes.Step.ECHOES: "Other words for that fact",
    resolution_steps.Step.TEXT: "The answer for those who wait",
    resolution_steps.Step.SOURCE: "The source of that answer",
    resolution_steps.Step.FACT: "The fact for those who wait",
    new_story.Step.TITLE: "The new story's title",
    new_story.Step.ABOUT: "What the new story is about",
    new_story.Step.PLACE: "The new story's place",
    additions.Step.ASK_QUESTION: "The new fact's question",
    additions.Step.ASK_TEXT: "The new fact's answer",
    additions.Step.ASK_SOURCE: "The new fact's source",
}
"""What is asked for at the steps of all dialogues, which no two of them have in common."""


def doubt(work: Work, words: str, *, message_id: int) -> Message:
    """Return the question what an editor's words are for, with a button for each answer."""
    about = {"proposal_id": work.proposal.id, "message_id": message_id}
    said = markup.escape(f"“{markup.shorten(' '.join(words.split()), 300)}”")
    return Message(
        text_html=f"{markup.bold(f'{asked_of(work)}, or a question?')}\n{said}",
        buttons=(
            Button(label=asked_of(work), press=IsAnswer(**about)),
            Button(label=A_QUESTION, press=IsQuestion(**about)),
        ),
    )


def taken(label: str, words: str) -> Message:
    """Return what an editor's words were taken for."""
    return lines.message(f"{label}:", markup.shorten(" ".join(words.split()), 300))


def dropped(given: Dropped) -> Message:
    """Return what a /cancel dropped, and what its editor is still at."""
    parts = [f"Dropped: {name_of(given.work)}. Nothing was published."]
    if given.left:
        names = [name_of(each) for each in given.left[:LEFT]]
        if rest := len(given.left) - len(names):
            names.append(f"{rest} more")
        parts.append(f"Still open: {'; '.join(names)}. /cancel drops the next one.")
    return lines.message(*parts)


def ended(work: Work) -> Message:
    """Return what is left of a prompt that another command has ended."""
    return lines.message(f"Ended, since you went on with something else: {name_of(work)}.")


def asked_of(work: Work) -> str:
    """Return what an editor was asked to write."""
    asked = _ASKED.get(work.proposal.step, "More of the new fact")
    return asked.format(work.proposal.fact_id)


def name_of(work: Work) -> str:
    """Return what an editor is at, for the middle of a sentence."""
    proposal, name = work.proposal, markup.shorten(work.name, NAME)
    match proposal.kind:
        case ProposalKind.CHANGE:
            return f"the change of #{proposal.fact_id}"
        case ProposalKind.WITHDRAW:
            return f"the withdrawal of #{proposal.fact_id}"
        case ProposalKind.IMPORT:
            is_article = proposal.step in tuple(article_state.Step)
            return f"{'the article' if is_article else 'the file'} {name}".rstrip()
        case ProposalKind.STORY:
            return f"the other story{f' “{name}”' if name else ''}"
        case _ if proposal.step in tuple(resolution_steps.Step):
            return f"the answer to “{name}”"
    draft = proposal.draft
    said = markup.shorten((draft.question or draft.text) if draft else "", NAME)
    return f"the new fact{f' “{said}”' if said else ''}"
