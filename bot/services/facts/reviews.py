"""Keeps facts in order: other ways of asking, and when to look again. Readers are told the same."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.facts import phrasings, references, time_expressions
from bot.services.facts.references import Order
from bot.services.facts.time_expressions import Direction, Unclear
from bot.services.rights import Acting, Actor, acting
from db import story
from db.engine import Database
from db.facts import facts
from db.records import Fact, FactDraft, Story
from db.records.desk import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrased:
    """A way of asking, as it was taken up."""

    fact: Fact
    phrasing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A fact that was looked at again and still stands."""

    fact: Fact
    story: Story
    at: datetime


class Reviews:
    """What changes without a new version. Each method is one unit of work.

    All raise NotAllowed for whoever is no editor.
    """

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def phrase(self, actor: Actor, order: Order) -> Phrased:
        """Return the fact with one more way of asking for it.

        Raises:
            DeskError: the words are missing or too long, this or another fact has them already,
                or the fact has as many as it can hold.
        """
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "fact.phrase", at=at) as done:
            fact, words = await references.resolve(done.session, actor.place, order)
            phrasings.refuse_withdrawn(fact)
            if not words:
                raise DeskError(
                    f"In which other words is it asked? Write them: /phrase {fact.id} how long "
                    "were they on the phone"
                )
            phrased, phrasing = await phrasings.add(done, fact, words)
            return Phrased(fact=phrased, phrasing=phrasing)

    async def still(self, actor: Actor, order: Order) -> Checked:
        """Return a fact as checked again; what behind the number says when to look next.

        Without a time nobody need look again.

        Raises:
            DeskError: there is no such fact, or no coming time behind it.
        """
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "fact.still", at=at) as done:
            fact, words = await references.resolve(done.session, actor.place, order)
            phrasings.refuse_withdrawn(fact)
            told = await story.get(done.session) or story.UNNAMED
            again = _next_look(words, at.astimezone(ZoneInfo(told.time_zone)))
            return await _checked(done, fact, told, again)

    async def stands(self, actor: Actor, fact_id: int, *, version: int, due: int) -> Checked:
        """Return a fact as checked again, by the button of a reminder; nobody need look again.

        Raises:
            DeskError: it has changed since that `version`, or another look than the one `due`
                (seconds since 1970) was arranged: the button tells of something else.
        """
        at = self._clock()
        async with acting(self._database, actor, Role.EDITOR, "fact.still", at=at) as done:
            fact = await references.existing(done.session, fact_id)
            phrasings.refuse_withdrawn(fact)
            if fact.check_by is None or int(fact.check_by.timestamp()) != due:
                raise DeskError(f"Nothing changed: #{fact.id} was looked at meanwhile.")
            if fact.version != version:
                raise DeskError(
                    f"Nothing changed: #{fact.id} says something else by now, see /fact {fact.id}."
                )
            told = await story.get(done.session) or story.UNNAMED
            return await _checked(done, fact, told, None)


async def _checked(done: Acting, fact: Fact, told: Story, again: datetime | None) -> Checked:
    await facts.annotate(done.session, [(fact.id, replace(FactDraft.of(fact), check_by=again))])
    await done.record(
        fact_id=fact.id, before=_shown(fact.check_by), after=_shown(again) or "checked"
    )
    return Checked(fact=replace(fact, check_by=again), story=told, at=done.at)


def _next_look(words: str, there: datetime) -> datetime | None:
    lead = "next look"
    when = words.strip()
    if when.lower().startswith(lead):
        when = when[len(lead) :].strip(" :")
        when = when[3:] if when.lower().startswith("at ") else when
    if not when:
        return None
    try:
        return time_expressions.instant(
            time_expressions.read(when, there, Direction.FUTURE), there.tzinfo
        )
    except Unclear as unclear:
        raise DeskError(
            f"Nothing changed: the next look is “{when[:40]}”, which {unclear}: write a coming "
            "time, such as 18:00, tomorrow 9:00 or in 2 hours."
        ) from None


def _shown(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="minutes")
