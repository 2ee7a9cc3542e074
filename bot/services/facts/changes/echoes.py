"""Echoes of an error: other facts that still say what was wrong in one. Pure.

A wrong number, date or name seldom stands in one fact alone. What a correction takes out of a fact
is looked for in all others; those about the same thing come first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.search.comparison.reading import Claim, ClaimKind, TextReader, reader
from bot.services.answers.index_cache import words
from db.records import Fact, FactDraft, Lexicon, Status

MOST: Final = 10
"""Echoes that an editor is taken through, the likest first: each is a tap."""

SHARED_WORDS: Final = 1
"""Words that a fact which repeats a number or a time must share with the wrong one besides."""

SHARED_WORDS_BESIDE_A_NAME: Final = 3
"""The same of a name or a day: these are in facts about everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A fact that says what was wrong in another."""

    fact: Fact
    says: str  # the wrong words as they stand in it
    text: str | None  # what it would say with the right ones; None: they cannot be put in by rule


class Decision(StrEnum):
    """What an editor wants done with a fact that says the same error."""

    OPEN = "open"
    TAKEN = "taken"  # it is corrected, or withdrawn, with the other
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoed:
    """A fact that says the same error as the one which a proposal is about."""

    fact: Fact  # as it stands
    version: int  # that says it
    says: str  # the wrong words as they stand in it
    text: str | None  # what it would say; None: an editor has to write it
    decision: Decision


def echoes(
    was: Fact, now: FactDraft | None, others: Iterable[Fact], lexicon: Lexicon
) -> list[Echo]:
    """Return the facts that hold what `now` takes out of `was`, the likest first, at most `MOST`.

    None: the fact is withdrawn, and every quantity of it is wrong.
    """
    texts = reader(words(lexicon))
    wrong, right = _wrong(texts, was, now)
    if not wrong:
        return []
    subject = _subject(texts, was)
    ranked = []
    for fact in others:
        if fact.id == was.id or fact.status is Status.WITHDRAWN:
            continue
        repeated = [each for each in _claims(texts, fact.text) if each.what in wrong]
        if not repeated:
            continue
        shared = len(subject & _subject(texts, fact))
        if shared >= min(_least_shared(each) for each in repeated):
            ranked.append((-shared, fact.id, _echo(fact, repeated, right)))
    ranked.sort(key=lambda each: each[:2])
    return [echo for *_, echo in ranked[:MOST]]


def _claims(texts: TextReader, text: str) -> list[Claim]:
    """Return the numbers, dates and names in `text` that may be wrong elsewhere, too."""
    return [
        claim
        for claim in texts.read(text).claims
        if claim.kind is not ClaimKind.NEGATION and claim.counts and not claim.is_relative
    ]


def _subject(texts: TextReader, fact: Fact) -> frozenset[str]:
    """Return the words that say what a fact is about."""
    return texts.read(f"{fact.question or ''} {fact.text}").subject


def _is_figure(claim: Claim) -> bool:
    return claim.kind is ClaimKind.NUMBER or claim.is_time


def _least_shared(claim: Claim) -> int:
    return SHARED_WORDS if _is_figure(claim) else SHARED_WORDS_BESIDE_A_NAME


def _wrong(
    texts: TextReader, was: Fact, now: FactDraft | None
) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return what was wrong, and the right words for each where they are plain."""
    before = _claims(texts, was.text)
    if now is None:
        return frozenset(each.what for each in before if _is_figure(each)), {}
    after = _claims(texts, now.text)
    gone, come = _without(before, after), _without(after, before)
    # What is only left out was not wrong; where nothing came instead, a figure or a day was.
    kinds = {each.kind for each in come} or {ClaimKind.NUMBER, ClaimKind.DATE}
    wrong = [each for each in gone if each.kind in kinds]
    right: dict[str, str] = {}
    for kind in kinds:
        old = [each for each in wrong if each.kind is kind]
        new = [each for each in come if each.kind is kind]
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            right |= {one.what: now.text[other.start : other.stop] for one, other in pairs}
    return frozenset(each.what for each in wrong), right


def _without(these: Iterable[Claim], others: Iterable[Claim]) -> list[Claim]:
    known = {each.what for each in others}
    return list({each.what: each for each in these if each.what not in known}.values())


def _echo(fact: Fact, repeated: list[Claim], right: Mapping[str, str]) -> Echo:
    first = repeated[0]
    text = None
    if all(each.what in right for each in repeated):
        text = _replaced(fact.text, repeated, right)
    return Echo(fact=fact, says=fact.text[first.start : first.stop], text=text)


def _replaced(text: str, claims: Iterable[Claim], right: Mapping[str, str]) -> str:
    """Return `text` with each claim in the right words; of two in one place the wider."""
    until = len(text)
    for claim in sorted(claims, key=lambda each: (-each.stop, each.start)):
        if claim.stop <= until:
            text = text[: claim.start] + right[claim.what] + text[claim.stop :]
            until = claim.start
    return text
