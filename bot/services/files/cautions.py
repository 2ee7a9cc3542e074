"""What an editor should look at before a file comes in: pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.search.comparison.reading import ClaimKind
from bot.services.answers.index_cache import Snapshot
from bot.services.facts.comparison.near_duplicates import near_duplicates
from bot.stories import addresses
from bot.stories.storyfile import Entry, StoryFile
from db.records import Fact, FactDraft, Status, Story

WELL_FILLED: Final = 20
"""Facts from which a story is told from the story of a file by what both ask."""

LEAST_ENTRIES: Final = 5
SHARED: Final = 0.05
"""Share of a file's facts that the story must know, below which they may be another story's."""

SHARED_RENAMED: Final = 0.5
"""The same where the file gives the story another title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoAnswers:
    """One question is answered in two ways."""

    question: str
    one: str  # where: a place in the file, or `#7`
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A fact would stand beside one that says otherwise, as /add would warn."""

    text: str
    fact: int  # the number of the one that stands
    stands: str  # what it says
    differs: tuple[ClaimKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A field of stored facts would be emptied."""

    field: str
    facts: tuple[int, ...]  # their numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherStory:
    """The file seems to be of another story than the one that is stored, whose facts stay."""

    title: str
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretShown:
    """Links hold what looks like a secret, which whoever reads the facts would get."""

    name: str  # such as `token`
    places: tuple[str, ...]


Caution: TypeAlias = TwoAnswers | Contradiction | Cleared | OtherStory | SecretShown


def cautions(
    file: StoryFile,
    stored: Story | None,
    current: Iterable[Fact],
    changed: Iterable[tuple[Fact, FactDraft]],
) -> tuple[Caution, ...]:
    """Return what is worth a look, the gravest first; `changed` facts with what they would be."""
    standing = {fact.key: fact for fact in current if fact.status is not Status.WITHDRAWN}
    other = _other_story(file, stored, standing)
    return (
        *(() if other is None else (other,)),
        *_secrets(file.entries),
        *_cleared(changed),
        *_two_answers(file.entries, standing),
    )


def contradictions(new: Iterable[FactDraft], snapshot: Snapshot) -> Iterable[Contradiction]:
    """Yield the facts that would stand beside one which says otherwise. CPU work, for a thread."""
    for draft in new:
        if not draft.status.is_answer:
            continue
        for twin in near_duplicates(draft, snapshot):
            if twin.differs and not twin.fact.status.is_gap:
                yield Contradiction(
                    text=draft.text,
                    fact=twin.fact.id,
                    stands=twin.fact.text,
                    differs=twin.differs,
                )


def _other_story(
    file: StoryFile, stored: Story | None, standing: Mapping[str, Fact]
) -> OtherStory | None:
    if stored is None or not standing or not file.entries:
        return None
    asked = {_plain(fact.question) for fact in standing.values() if fact.question}
    known = sum(
        entry.key in standing or _plain(entry.given.get("question")) in asked
        for entry in file.entries
    )
    share = known / len(file.entries)
    title = file.story.get("title", stored.title)
    renamed = title != stored.title and share < SHARED_RENAMED
    foreign = len(standing) >= WELL_FILLED and len(file.entries) >= LEAST_ENTRIES and share < SHARED
    return OtherStory(title=stored.title, facts=len(standing)) if renamed or foreign else None


def _cleared(changed: Iterable[tuple[Fact, FactDraft]]) -> Iterable[Cleared]:
    """Yield the fields that would be emptied, each with the facts that would lose it."""
    found: dict[str, list[int]] = {}
    for fact, draft in changed:
        for name in FactDraft.__dataclass_fields__:
            if getattr(fact, name) and getattr(draft, name) in (None, "", ()):
                found.setdefault(name, []).append(fact.id)
    for name, numbers in found.items():
        yield Cleared(field=name, facts=tuple(numbers))


def _secrets(entries: Sequence[Entry]) -> Iterable[SecretShown]:
    """Yield what looks like a secret in the links, each with the places where it stands."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        name = addresses.secret_in(entry.given.get("source_url"))
        if name is not None:
            found.setdefault(name, []).append(entry.place)
    for name, places in found.items():
        yield SecretShown(name=name, places=tuple(places))


def _two_answers(entries: Sequence[Entry], standing: Mapping[str, Fact]) -> Iterable[TwoAnswers]:
    """Yield each question that the file answers otherwise than before, in itself or in a fact."""
    replaced = {entry.key for entry in entries}
    first: dict[str, tuple[str, str]] = {
        _plain(fact.question): (f"#{fact.id}", _plain(fact.text))
        for key, fact in standing.items()
        if fact.question and key not in replaced
    }
    for entry in entries:
        fact = standing.get(entry.key)
        question = entry.given.get("question", fact.question if fact else None)
        if not question or entry.given.get("status") is Status.WITHDRAWN:
            continue
        where, text = first.setdefault(
            _plain(question), (entry.place, _plain(entry.given.get("text")))
        )
        if text != _plain(entry.given.get("text")):
            yield TwoAnswers(question=question, one=where, other=entry.place)


def _plain(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").casefold().replace("’", "").replace("'", "")))
