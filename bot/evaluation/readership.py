"""Readers who tap, and a desk that looks at their words: how a story without phrasings warms.

One part of a story's questions is asked by readers, each by a chat of its own; the other part is
only measured, so that nothing is measured that anybody was told. Readers slip, and so do editors.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from bot.errors import DeskError
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Found, Outcome, Place
from bot.services.desk.inbox import DeskInbox
from bot.services.questions import phrasing_candidates
from bot.services.questions.escalations import Escalations
from bot.services.questions.resolutions import Resolutions
from bot.services.questions.suggestions import Suggestions
from bot.services.rights import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the keys of the facts that answer it; none where nothing does."""

    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readership:
    """What the readers of one story ask."""

    stream: tuple[Asked, ...]  # asked again and again, some more often than others
    answerable: tuple[Asked, ...]  # measured
    near: tuple[Asked, ...]  # measured: about the story, and nothing answers them


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How often readers and editors do what; probabilities."""

    wrong_tap: float = 0.1  # another fact than the right one, or one where none is right
    objects: float = 0.5  # "Not what I asked", of who was told a wrong fact
    passes_on: float = 0.3  # of who got nothing
    looks: float = 0.5  # the share of all suggestions so far, the best, that editors decide
    notices: float = 0.9  # that a suggestion is wrong
    popularity: float = (
        0.7  # the n-th question is asked in proportion to n to the power of minus this
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The services that a question passes through, and the editor."""

    cache: IndexCache
    answering: ReaderAnswers
    passing_on: Escalations
    desking: DeskInbox
    resolving: Resolutions
    suggestions: Suggestions
    editor: Actor
    looks: bool = True  # False: the editor answers what is passed on, and looks at no words


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmth:
    """What a story reached after some questions; shares are 0..1 of the measured questions."""

    asked: int
    right: float
    offered: float  # "Which one?" with the right fact among the choices
    wrong: float
    near_told: float
    served: float | None  # readers' answerable questions since the last measure that were right
    taken: int  # phrasings that editors took so far; of those wrong ones
    taken_wrong: int
    hints: int  # that count just now without an editor


FIRST_CHAT: Final = 1_000_000

EVERY: Final = 25
"""Questions of readers between two looks of an editor."""


async def warmths(
    desk: Desk,
    readership: Readership,
    *,
    after: Sequence[int],
    random: Random,
    habits: Habits | None = None,
) -> list[Warmth]:
    """Return what the story reaches after so many questions of readers each."""
    play = _Play(desk, readership, random, habits or Habits())
    found = []
    for number in range(max(after) + 1):
        if number in after:
            await play.look()
            found.append(await play.measure(number))
        await play.ask(number)
        if number % EVERY == EVERY - 1:
            await play.look()
    return found


class _Play:
    """One run of readers and editors over one story."""

    def __init__(self, desk: Desk, readership: Readership, random: Random, habits: Habits) -> None:
        self._desk = desk
        self._readership = readership
        self._random = random
        self._habits = habits
        self._gold: Mapping[str, frozenset[str]] = {
            phrasing_candidates.said(each.text): each.gold for each in readership.stream
        }
        order = random.sample(readership.stream, len(readership.stream))
        self._stream = order
        self._often = [(place + 1) ** -habits.popularity for place in range(len(order))]
        self._served: list[bool] = []
        self._decided = self._taken = self._taken_wrong = 0

    async def ask(self, number: int) -> None:
        """Let a reader in a chat of their own ask, and do with the answer what readers do."""
        asked = self._random.choices(self._stream, self._often)[0]
        place = replace(self._desk.editor.place, chat_id=FIRST_CHAT + number)
        given = await self._desk.answering.answer(asked.text, place, message_id=1)
        exchange = given.exchange_id
        assert exchange is not None  # noqa: S101 - it was recorded
        told = _keys(given.told)
        if asked.gold:
            self._served.append(bool(told & asked.gold))
        match given.outcome:
            case Outcome.CHOOSE:
                if not await self._tap(exchange, given.choices, asked, place):
                    await self._other(exchange, asked, place, shown=len(given.choices))
            case Outcome.MISSING:
                if not await self._tap(exchange, given.candidates[:1], asked, place):
                    await self._pass_on(exchange, place)
            case _ if given.outcome.tells_facts and not told & asked.gold:
                if self._happens(self._habits.objects):
                    await self._other(exchange, asked, place, shown=0)

    async def look(self) -> None:
        """Let an editor answer what waits, and look at the best of the readers' words."""
        desk, editor = self._desk, self._desk.editor
        facts = (await desk.cache.current()).facts
        numbers = {fact.key: fact.id for fact in facts.values()}
        unknown = {fact.key for fact in facts.values() if fact.status.is_gap}
        while (shown := await desk.desking.desk(editor)).first:
            question = shown.first[0].question
            gold = self._gold.get(phrasing_candidates.said(question.question), frozenset())
            known = sorted(gold - unknown)
            if not known:
                await desk.desking.give_up(editor, question.id)
                continue
            step = (await desk.resolving.link(editor, question.id)).proposal
            named = await desk.resolving.pick(editor, step.id, step.turn, numbers[known[0]])
            assert named is not None  # noqa: S101 - nobody else is at it
            await desk.resolving.publish(editor, named.proposal.id, named.proposal.turn)
        if desk.looks:
            total = (await desk.suggestions.page(editor)).total
            share = math.ceil((self._decided + total) * self._habits.looks)
            for _ in range(share - self._decided):
                await self._decide()

    async def measure(self, number: int) -> Warmth:
        """Return what the measured questions get now."""
        answering, measured = self._desk.answering, self._readership
        right = offered = wrong = near = 0
        for each in measured.answerable:
            given = await answering.consider(each.text)
            told = _keys(given.told) if given.outcome.tells_facts else set()
            right += bool(told & each.gold)
            wrong += bool(told) and not told & each.gold
            offered += bool(_keys(given.choices) & each.gold)
        for each in measured.near:
            near += (await answering.consider(each.text)).outcome is Outcome.ANSWER
        facts = (await self._desk.cache.current()).facts.values()
        served = sum(self._served) / len(self._served) if self._served else None
        self._served = []
        many = len(measured.answerable) or 1
        return Warmth(
            asked=number,
            right=right / many,
            offered=offered / many,
            wrong=wrong / many,
            near_told=near / (len(measured.near) or 1),
            served=served,
            taken=self._taken,
            taken_wrong=self._taken_wrong,
            hints=sum(len(fact.hints) for fact in facts),
        )

    async def _tap(self, exchange: int, shown: Sequence[Found], asked: Asked, place: Place) -> bool:
        """Tap the right fact, or now and then another; False where the reader taps none."""
        right = [each.fact.id for each in shown if each.fact.key in asked.gold]
        others = [each.fact.id for each in shown if each.fact.key not in asked.gold]
        slips = bool(others) and self._happens(self._habits.wrong_tap)
        if not slips and not right:
            return False
        meant = self._random.choice(others) if slips else right[0]
        await self._desk.answering.choose(exchange, meant, chat_id=place.chat_id)
        return True

    async def _other(self, exchange: int, asked: Asked, place: Place, *, shown: int) -> None:
        """Say that something else was meant, and tap among what is offered then."""
        chat_id = place.chat_id
        offer = await self._desk.answering.other(exchange, chat_id=chat_id, shown=shown)
        assert offer is not None  # noqa: S101 - the exchange is this chat's
        found = [Found(fact=fact, confidence=0.0) for fact in offer.facts]
        if not await self._tap(exchange, found, asked, place):
            await self._pass_on(exchange, place)

    async def _pass_on(self, exchange: int, place: Place) -> None:
        if self._happens(self._habits.passes_on):
            await self._desk.passing_on.pass_on(exchange, chat_id=place.chat_id)

    async def _decide(self) -> None:
        """Take the best of the readers' words, or dismiss it where it is seen to be wrong."""
        suggestions, editor = self._desk.suggestions, self._desk.editor
        page = await suggestions.page(editor)
        if not page.listed:
            return
        self._decided += 1
        first = page.listed[0]
        number = first.suggestion.id
        right = first.fact.key in self._gold.get(first.suggestion.words, frozenset())
        if not right and self._happens(self._habits.notices):
            await suggestions.dismiss(editor, number)
            return
        try:
            await suggestions.take(editor, number)
        except DeskError:  # another fact is asked in these words by now
            await suggestions.dismiss(editor, number)
            return
        self._taken += 1
        self._taken_wrong += not right

    def _happens(self, probability: float) -> bool:
        return self._random.random() < probability


def _keys(found: Sequence[Found]) -> set[str]:
    return {each.fact.key for each in found}
