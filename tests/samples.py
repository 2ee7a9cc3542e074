"""Values with the boring fields filled in."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from bot.services.answers.results import Answer, Courtesy, Found, Outcome
from db.records import ChangeKind, Fact, FactVersion, Story

AT = datetime(2025, 5, 20, 9, 0, tzinfo=UTC)


def a_story(**values: Any) -> Story:
    """Return a story."""
    usual = {
        "title": "The bridge",
        "about": "the bridge at Aldermere",
        "time_zone": "Europe/Kyiv",
        "language": "en",
        "revision": 1,
    }
    return Story(**{**usual, **values})


def a_fact(number: int = 7, **values: Any) -> Fact:
    """Return a fact with this number."""
    usual = {
        "id": number,
        "key": f"fact-{number}",
        "version": 1,
        "text": "About two and a half hours. That is the agency's figure.",
        "question": "How long did it last?",
        "changed_at": AT,
    }
    return Fact(**{**usual, **values})


def a_version(fact: Fact, text: str, **values: Any) -> FactVersion:
    """Return the version of a fact before this one, which said `text`."""
    usual = {each.name: getattr(fact, each.name, None) for each in fields(FactVersion)}
    usual |= {"version": fact.version - 1, "kind": ChangeKind.NEW, "at": AT, "text": text}
    return FactVersion(**{**usual, **values})


def found(facts: Sequence[Fact]) -> tuple[Found, ...]:
    """Return these facts as if a search had found them."""
    return tuple(Found(fact=fact, confidence=0.9) for fact in facts)


def an_answer(
    outcome: Outcome,
    *,
    told: Sequence[Fact] = (),
    choices: Sequence[Fact] = (),
    others: Sequence[Fact] = (),
    exchange_id: int | None = 3,
    courtesy: Courtesy | None = None,
    story: Story | None = None,
) -> Answer:
    """Return an answer to some question."""
    return Answer(
        exchange_id=exchange_id,
        question="how long",
        outcome=outcome,
        told=found(told),
        choices=found(choices),
        candidates=found([*told, *choices, *others]),
        courtesy=courtesy,
        story=story or a_story(),
        at=AT,
    )
