"""An article that is gone through, as its proposal keeps it; pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

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


class Step(StrEnum):
    """Where an article stands."""

    SENTENCE = "article"  # a sentence waits to be taken or left


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article, with what was read out of it."""

    text: str
    question: str | None = None
    source: str | None = None
    source_url: str | None = None
    as_of: Moment | None = None
    happened: Moment | None = None
    topics: tuple[str, ...] = ()
    like: int | None = None  # the number of a fact that says much the same

    @classmethod
    def of(cls, draft: FactDraft, like: int | None) -> "Sentence":
        """Return the sentence of a draft."""
        return cls(
            text=draft.text,
            question=draft.question,
            source=draft.source,
            as_of=draft.as_of,
            happened=draft.happened,
            topics=draft.topics,
            like=like,
        )

    @property
    def draft(self) -> FactDraft:
        """The fact that it would be, without a key."""
        return FactDraft(
            key="",
            text=self.text,
            status=Status.REPORTED,
            question=self.question,
            source=self.source,
            source_url=self.source_url,
            as_of=self.as_of,
            happened=self.happened,
            topics=self.topics,
        )

    @property
    def can_be_taken(self) -> bool:
        """Whether it may become a fact unread: it is new and says who says so."""
        return self.like is None and bool(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """How far an article was gone through."""

    name: str
    rows: tuple[Sentence, ...]
    at: int = 0  # the place of the sentence that waits
    taken: tuple[int, ...] = ()  # numbers of the facts that were added
    skipped: int = 0
    left_out: int = 0  # at the end: because they are much like facts
    too_long: int = 0  # sentences that no fact can hold

    @property
    def current(self) -> Sentence | None:
        """The sentence that waits; None at the end."""
        return self.rows[self.at] if self.at < len(self.rows) else None


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


def sifted(proposal: Proposal, note: Note, like: Fact | None) -> ArticleState:
    """Return how far an article has come; `like` is the fact that its sentence is like."""
    current = note.current
    return ArticleState(
        proposal=proposal,
        name=note.name,
        draft=None if current is None else current.draft,
        like=like,
        position=note.at + 1,
        total=len(note.rows),
        new=sum(each.can_be_taken for each in note.rows[note.at :]),
        taken=note.taken,
        skipped=note.skipped,
        left_out=note.left_out,
        too_long=note.too_long,
    )
