"""An article that is gone through, as its proposal keeps it; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.stories import reading
from db.records import Fact, FactDraft, Moment, Status
from db.records.desk import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """How far an article has come."""

    proposal: Proposal
    name: str
    draft: FactDraft | None  # the sentence that waits; None at the end
    like: Fact | None  # a fact that says much the same, as it stands
    position: int  # of that sentence, from 1
    total: int
    new: int  # sentences that wait, are like no fact and name their source; this one included
    taken: tuple[int, ...]  # numbers of the facts that were added
    skipped: int
    left_out: int  # at the end: because they are much like facts
    too_long: int  # sentences that no fact can hold


def row(draft: FactDraft, like: int | None) -> dict[str, Any]:
    """Return a sentence as JSON, `like` being the number of a fact that says much the same."""
    return {
        "text": draft.text,
        "question": draft.question,
        "source": draft.source,
        "as_of": None if draft.as_of is None else str(draft.as_of),
        "happened": None if draft.happened is None else str(draft.happened),
        "topics": list(draft.topics),
        "like": like,
    }


def draft_of(kept: Mapping[str, Any]) -> FactDraft:
    """Return the fact that a sentence would be, without a key."""
    return FactDraft(
        key="",
        text=kept["text"],
        status=Status.REPORTED,
        question=kept["question"],
        source=kept["source"],
        source_url=kept.get("source_url"),
        as_of=Moment.parse(kept["as_of"]) if kept["as_of"] else None,
        happened=Moment.parse(kept["happened"]) if kept["happened"] else None,
        topics=tuple(kept["topics"]),
    )


def keyed(drafts: Iterable[FactDraft], taken: Collection[str]) -> list[FactDraft]:
    """Return the drafts, each with a key of its own that is not `taken`."""
    used, found = set(taken), []
    for draft in drafts:
        base = reading.made_key(draft.question or draft.text)
        key, number = base, 2
        while key in used:
            key, number = f"{base}-{number}", number + 1
        used.add(key)
        found.append(replace(draft, key=key))
    return found


def can_be_taken(row: Mapping[str, Any]) -> bool:
    """Return whether a sentence may become a fact unread: it is new and says who says so."""
    return row["like"] is None and bool(row["source"])


def like_of(proposal: Proposal) -> int | None:
    """Return the number of the fact that the sentence that waits is like."""
    notes = proposal.notes
    like: int | None = notes["rows"][notes["at"]]["like"] if _waits(proposal) else None
    return like


def sifted(proposal: Proposal, like: Fact | None) -> ArticleState:
    """Return how far an article has come; `like` is the fact of `like_of`."""
    notes = proposal.notes
    rows, at = notes["rows"], notes["at"]
    return ArticleState(
        proposal=proposal,
        name=notes["name"],
        draft=draft_of(rows[at]) if _waits(proposal) else None,
        like=like,
        position=at + 1,
        total=len(rows),
        new=sum(can_be_taken(each) for each in rows[at:]),
        taken=tuple(notes["taken"]),
        skipped=notes["skipped"],
        left_out=notes["left_out"],
        too_long=notes["too_long"],
    )


def _waits(proposal: Proposal) -> bool:
    return bool(proposal.notes["at"] < len(proposal.notes["rows"]))
