"""An article in the chat, one sentence at a time."""

from dataclasses import dataclass
from typing import Final

from bot.services.facts.additions.article_state import ArticleState
from bot.views import markup
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import FactDraft

LIKE: Final = 300
"""Characters of a fact that a sentence is much like."""


@press("2fk")
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSentence(Press):
    """Add the sentence that is shown as a fact."""

    proposal_id: int
    turn: int


@press("2fs")
@dataclass(frozen=True, slots=True, kw_only=True)
class SkipSentence(Press):
    """Leave the sentence that is shown."""

    proposal_id: int
    turn: int


@press("2fa")
@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAll(Press):
    """Add every sentence that waits, is new and says who says so."""

    proposal_id: int
    turn: int


@press("2fe")
@dataclass(frozen=True, slots=True, kw_only=True)
class StopSifting(Press):
    """Leave every sentence that waits."""

    proposal_id: int
    turn: int


def sentence(shown: ArticleState) -> Message:
    """Return the sentence that waits, as the fact it would be; at the end, what became of all."""
    if shown.draft is None:
        return _end(shown)
    head = f"{_name(shown)}, sentence {shown.position:,} of {shown.total:,}"
    blocks = [markup.bold(head), _fact(shown.draft)]
    if shown.like is not None:
        like = f"Much like #{shown.like.id}: {markup.shorten(shown.like.text, LIKE)}"
        blocks.append(markup.escape(like))
    asks = "Reply with the question that it answers, or take it without one."
    if not shown.draft.source:
        asks += " Reply with Source: and a name to say who says so."
    if shown.draft.question:
        asks = "Reply with another question to change it."
    blocks.append(markup.escape(asks))
    ids = {"proposal_id": shown.proposal.id, "turn": shown.proposal.turn}
    buttons = [
        Button(label="Take", press=TakeSentence(**ids)),
        Button(label="Skip", press=SkipSentence(**ids)),
    ]
    if shown.new > 1:
        label = f"Take all {shown.new:,} with a source"
        buttons.append(Button(label=label, press=TakeAll(**ids)))
    buttons.append(Button(label="Stop here", press=StopSifting(**ids)))
    return Message(text_html="\n\n".join(blocks), buttons=tuple(buttons))


def _end(shown: ArticleState) -> Message:
    added = len(shown.taken)
    text = "1 fact added" if added == 1 else f"{added:,} facts added"
    if added:
        first, last = min(shown.taken), max(shown.taken)
        text += f" (#{first})" if added == 1 else f" (#{first} to #{last})"
    text += f", {shown.skipped:,} skipped"
    if shown.left_out:
        text += f", {shown.left_out:,} left out because they are much like facts that stand"
    if shown.too_long:
        text += f", {shown.too_long:,} too long for a fact"
    head = markup.bold(f"{_name(shown)} is done.")
    return Message(text_html=f"{head} {markup.escape(text)}.")


def _fact(draft: FactDraft) -> str:
    parts = []
    if draft.question:
        parts.append(f"Question: {draft.question}")
    parts.append(draft.text)
    below = [f"Source: {draft.source or 'none found'}"]
    if draft.as_of is not None:
        below.append(f"Said: {draft.as_of}")
    if draft.happened is not None:
        below.append(f"When: {draft.happened}")
    if draft.topics:
        below.append(f"Topics: {', '.join(draft.topics)}")
    return "\n".join(markup.escape(part) for part in (*parts, " · ".join(below)))


def _name(shown: ArticleState) -> str:
    return markup.shorten(shown.name, 80)
