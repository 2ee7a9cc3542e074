"""Echoes of an error: other facts that still say what was wrong in one. Pure.

A wrong number, date or name seldom stands in one fact alone. What a correction takes out of a fact
is looked for in all others; those about the same thing come first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.services.facts.comparison.mentions import Mention, Mentions, Sort, replaced
from db.records import Fact, FactDraft, Lexicon, Status

MOST: Final = 10
"""Echoes that an editor is taken through, the likest first: each is a tap."""

ABOUT_THE_SAME: Final = {Sort.QUANTITY: 1, Sort.DATE: 3, Sort.NAME: 3}
"""Words that a fact must share with the wrong one besides: names and days stand everywhere."""


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
    mentions = Mentions(lexicon)
    wrong, right = _wrong(mentions, was, now)
    if not wrong:
        return []
    subject = mentions.stems(f"{was.question or ''} {was.text}")
    ranked = []
    for fact in others:
        if fact.id == was.id or fact.status is Status.WITHDRAWN:
            continue
        held = [each for each in mentions.of(fact.text) if each.what in wrong]
        if not held:
            continue
        shared = len(subject & mentions.stems(f"{fact.question or ''} {fact.text}"))
        if shared >= min(ABOUT_THE_SAME[each.sort] for each in held):
            ranked.append((-shared, fact.id, _echo(fact, held, right)))
    ranked.sort(key=lambda each: each[:2])
    return [echo for *_, echo in ranked[:MOST]]


def _wrong(
    mentions: Mentions, was: Fact, now: FactDraft | None
) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return what was wrong, and the right words for each where they are plain."""
    before = mentions.of(was.text)
    if now is None:
        return frozenset(each.what for each in before if each.sort is Sort.QUANTITY), {}
    after = mentions.of(now.text)
    gone, come = _without(before, after), _without(after, before)
    # What is only left out was not wrong; where nothing came instead, a figure or a day was.
    sorts = {each.sort for each in come} or {Sort.QUANTITY, Sort.DATE}
    wrong = [each for each in gone if each.sort in sorts]
    right: dict[str, str] = {}
    for sort in sorts:
        old = [each for each in wrong if each.sort is sort]
        new = [each for each in come if each.sort is sort]
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            right |= {one.what: now.text[other.start : other.stop] for one, other in pairs}
    return frozenset(each.what for each in wrong), right


def _without(these: Iterable[Mention], others: Iterable[Mention]) -> list[Mention]:
    known = {each.what for each in others}
    return list({each.what: each for each in these if each.what not in known}.values())


def _echo(fact: Fact, held: list[Mention], right: Mapping[str, str]) -> Echo:
    first = held[0]
    text = replaced(fact.text, held, right) if all(each.what in right for each in held) else None
    return Echo(fact=fact, says=fact.text[first.start : first.stop], text=text)
