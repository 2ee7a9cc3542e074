"""What an editor is at, by name: what their words may be for, and what was dropped; pure."""

from dataclasses import dataclass
from typing import Final

from bot.services.desk.prompts import Dropped, Work
from bot.services.facts.additions import state
from bot.services.facts.changes.state import Step
from bot.services.files import story_fields
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

_OF_A_CHANGE: Final = {
    Step.WORDS: "New words for #{}",
    Step.SOURCE: "The source for #{}",
    Step.PREVIEW: "What was wrong with #{}",
    Step.REASON: "Why #{} is withdrawn",
    Step.ECHOES: "Other words for that fact",
}
_OF_AN_ANSWER: Final = {
    resolution_steps.TEXT: "The answer for those who wait",
    resolution_steps.SOURCE: "The source of that answer",
    resolution_steps.FACT: "The fact for those who wait",
}
_OF_A_STORY: Final = {
    story_fields.TITLE: "The new story's title",
    story_fields.ABOUT: "What the new story is about",
    story_fields.PLACE: "The new story's place",
}
_OF_A_FACT: Final = {
    "question": "The new fact's question",
    "text": "The new fact's answer",
    "source": "The new fact's source",
}


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
    proposal = work.proposal
    if proposal.kind in (ProposalKind.CHANGE, ProposalKind.WITHDRAW):
        return _OF_A_CHANGE[Step(proposal.step)].format(proposal.fact_id)
    if proposal.kind is ProposalKind.STORY:
        return _OF_A_STORY[proposal.step]
    if resolution_steps.QUESTION in proposal.notes:
        return _OF_AN_ANSWER[proposal.step]
    return _OF_A_FACT.get(state.asked_field(proposal) or "", "More of the new fact")


def name_of(work: Work) -> str:
    """Return what an editor is at, for the middle of a sentence."""
    proposal, name = work.proposal, markup.shorten(work.name, NAME)
    match proposal.kind:
        case ProposalKind.CHANGE:
            return f"the change of #{proposal.fact_id}"
        case ProposalKind.WITHDRAW:
            return f"the withdrawal of #{proposal.fact_id}"
        case ProposalKind.IMPORT:
            return f"{'the article' if 'rows' in proposal.notes else 'the file'} {name}".rstrip()
        case ProposalKind.STORY:
            return f"the other story{f' “{name}”' if name else ''}"
        case _ if resolution_steps.QUESTION in proposal.notes:
            return f"the answer to “{name}”"
    draft = proposal.draft
    said = markup.shorten((draft.question or draft.text) if draft else "", NAME)
    return f"the new fact{f' “{said}”' if said else ''}"
