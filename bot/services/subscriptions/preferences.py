"""Subscribes chats: what they hear, when they wish to be left alone, what they follow."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, Final

from bot.clock import Clock, now
from bot.errors import SubscriptionError
from bot.services.answers.results import Place
from bot.services.subscriptions import time_zones
from db import story
from db.alerts import deliveries
from db.answers import exchanges
from db.engine import Database, Session
from db.facts import facts
from db.records import ChatKind, Fact, Status, Story
from db.records.alerts import Level, Subscription
from db.subscriptions import chats, subscriptions

FOLLOWS_KEPT: Final = 50
"""Facts that one chat may follow."""

SLIP: Final = 0.75
"""How alike a mistyped topic is to the one that was meant, 0..1."""

TOPICS_NAMED: Final = 60

ASKED_FOR: Final = timedelta(minutes=10)
"""How long the name of a city tells by which clock a chat lives, once that was asked."""

_CLOCK: Final = r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?"
_QUIET: Final = re.compile(rf"{_CLOCK}\s*(?:-|–|to|until|till)\s*{_CLOCK}", re.IGNORECASE)
_HOUR: Final = re.compile(_CLOCK, re.IGNORECASE)
_OFF: Final = frozenset({"off", "none", "no", "never"})
_AMOUNTS: Final = {
    **dict.fromkeys(("big", "on", "important"), Level.BIG),
    **dict.fromkeys(("every", "every update", "everything", "all"), Level.EVERY),
    **dict.fromkeys(("summary", "daily", "one summary", "digest"), Level.SUMMARY),
}
"""How much a chat hears, by what people write."""

LATEST_HOUR: Final = 24
LATEST_MINUTE: Final = 59


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a chat hears, as it stands."""

    subscription: Subscription | None  # None: nothing but what it follows
    followed: tuple[Fact, ...]
    topics: tuple[str, ...]  # of the story, the most used first
    story: Story
    asks_zone: bool = False  # whether a city would be understood as the chat's clock
    resumed: bool = False  # it was subscribed before, and its settings came back

    @property
    def zone(self) -> str:
        """The zone of the chat's hours; the story's while it has named none."""
        named = self.subscription.hours.zone if self.subscription else None
        return named or self.story.time_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoned:
    """A chat said by which clock it lives."""

    zone: str  # IANA
    at: datetime


class Subscriptions:
    """What a chat wishes to hear. Each method is one unit of work and returns what holds then."""

    def __init__(self, database: Database, *, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    async def wishes(self, place: Place) -> Wishes:
        """Return what a chat hears."""
        async with self._database.reading() as session:
            return await _wishes(session, place.chat_id, self._clock())

    async def subscribe(self, place: Place, level: Level | None = None) -> Wishes:
        """Subscribe a chat, to big news unless it says more, or change how much it hears.

        At its first subscription a private chat is asked by which clock it lives; never again.
        """
        at = self._clock()
        async with self._database.writing() as session:
            await _remember(session, place, at)
            resumed = await subscriptions.has_ended(session, place.chat_id)
            await _begin(session, place, at, level=level or Level.BIG)
            if level is not None:
                await subscriptions.change(session, place.chat_id, {"level": level})
            return replace(await _wishes(session, place.chat_id, at), resumed=resumed)

    async def unsubscribe(self, place: Place) -> bool:
        """Tell a chat nothing more, not even what it follows; False if it heard nothing."""
        at = self._clock()
        async with self._database.writing() as session:
            ended = await subscriptions.end(session, place.chat_id, at=at)
            await deliveries.drop_waiting(session, place.chat_id, at=at)
            return await subscriptions.unfollow(session, place.chat_id) > 0 or ended

    async def change(self, place: Place, words: str) -> Wishes:
        """Change a chat's hours, zone or topics as `words` say, subscribing it where it is not.

        `quiet 22-7`, `quiet off`, `at 18:00`, `topics call, talks`, `topics all`, `Berlin`.

        Raises:
            SubscriptionError: the words are not understood; says what is.
        """
        at = self._clock()
        async with self._database.writing() as session:
            changes = understood(words, topics=await facts.topics(session))
            await _remember(session, place, at)
            await _begin(session, place, at, asks="zone" not in changes)
            await subscriptions.change(session, place.chat_id, changes)
            return await _wishes(session, place.chat_id, at)

    async def told_zone(self, place: Place, words: str, *, replied: bool) -> Zoned | None:
        """Set the clock of a chat that was asked for it and answers with a place.

        None where `words` are anything else, or where nobody asks any more: they are a question
        then. What has `replied` to the asking is an answer at any time.

        Raises:
            SubscriptionError: the place has more than one clock; names them.
        """
        if not time_zones.named(words):
            return None
        at = self._clock()
        async with self._database.writing() as session:
            standing = await subscriptions.of_chat(session, place.chat_id)
            if standing is None or standing.asked_zone_at is None:
                return None
            if not replied and not await _asks(session, standing, at):
                return None
            zone = time_zones.zone_of(words)
            await subscriptions.change(session, place.chat_id, {"zone": zone})
        return Zoned(zone=zone, at=at)

    async def follow(self, place: Place, fact_id: int) -> bool:
        """Tell a chat when a fact changes; False if there is no such fact to follow.

        Raises:
            SubscriptionError: the chat follows too many already.
        """
        at = self._clock()
        async with self._database.writing() as session:
            fact = await facts.by_id(session, fact_id)
            if fact is None or fact.status is Status.WITHDRAWN:
                return False
            followed = await subscriptions.followed(session, place.chat_id)
            if len(followed) >= FOLLOWS_KEPT and fact_id not in followed:
                raise SubscriptionError(
                    f"You follow {FOLLOWS_KEPT} facts, which is as many as I keep: "
                    "end one in /alerts first."
                )
            await _remember(session, place, at)
            await subscriptions.follow(
                session, place.chat_id, fact_id, thread_id=place.thread_id, at=at
            )
            return True

    async def unfollow(self, place: Place, fact_id: int) -> Wishes:
        """Tell a chat no more when a fact changes."""
        async with self._database.writing() as session:
            await subscriptions.unfollow(session, place.chat_id, fact_id)
            return await _wishes(session, place.chat_id, self._clock())

    async def topic_lost(self, chat_id: int, thread_id: int) -> None:
        """Tell a group in its general topic what was told in one that is closed or gone."""
        async with self._database.writing() as session:
            await subscriptions.leave_topic(session, chat_id, thread_id)


def understood(words: str, *, topics: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a subscription that `words` change, and their values.

    Raises:
        SubscriptionError: the words are not understood; says what is.
    """
    words = " ".join(words.split())
    amount = _AMOUNTS.get(words.lower().removesuffix(" news").removesuffix(" updates"))
    if amount is not None:
        return {"level": amount}
    if _HOUR.fullmatch(words):
        return {"summary_at": _time(words), "level": Level.SUMMARY}
    verb, _, rest = words.partition(" ")
    match verb.lower():
        case "quiet":
            return _quiet(rest.strip())
        case "at":
            return {"summary_at": _time(rest.strip()), "level": Level.SUMMARY}
        case "topics" | "topic":
            return {"topics": _chosen(rest, topics)}
        case "zone":
            return {"zone": time_zones.zone_of(rest.strip())}
        case _ if time_zones.is_like_one(words):
            return {"zone": time_zones.zone_of(words)}
        case _:
            raise SubscriptionError(
                f"I don't understand {words[:40]!r}: write /alerts every, /alerts big, "
                "/alerts off, /alerts at 18:00 for one summary a day, /alerts quiet 22-7, "
                "/alerts topics and a topic, or a city for your clock."
            )


def _quiet(words: str) -> dict[str, Any]:
    if words.lower() in _OFF:
        return {"quiet_from": None, "quiet_to": None}
    found = _QUIET.fullmatch(words)
    if found is None:
        raise SubscriptionError(
            f"I don't understand the hours {words[:40]!r}: write /alerts quiet 22-7, "
            "or /alerts quiet off."
        )
    begins, ends = _clock(*found.groups()[:3]), _clock(*found.groups()[3:])
    if begins == ends:
        raise SubscriptionError(
            f"From {begins:%H:%M} to {ends:%H:%M} there is no time: write two different hours, "
            "such as /alerts quiet 22-7, or /alerts quiet off."
        )
    return {"quiet_from": begins, "quiet_to": ends}


def _time(words: str) -> time:
    found = _HOUR.fullmatch(words)
    if found is None:
        raise SubscriptionError(
            f"I don't understand the time {words[:40]!r}: write /alerts at 18:00."
        )
    return _clock(*found.groups())


def _clock(hour: str, minute: str | None, half: str | None) -> time:
    number = int(hour)
    if half is not None and 1 <= number <= 12:
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    if number > LATEST_HOUR or int(minute or 0) > LATEST_MINUTE:
        written = f"{hour}:{minute}" if minute else hour
        raise SubscriptionError(
            f"There is no time {written}: hours go from 0 to 24, for example /alerts quiet 22-7 or "
            "/alerts at 18:00."
        )
    return time(number % LATEST_HOUR, int(minute or 0))


def _chosen(words: str, topics: tuple[str, ...]) -> tuple[str, ...]:
    wanted = [each.lower() for each in re.split(r"[,\s]+", words) if each]
    if wanted == ["all"]:
        return ()
    by_name = {topic.lower(): topic for topic in topics}
    for each in wanted:
        if each not in by_name:
            has = ", ".join(topics[:TOPICS_NAMED]) or "none yet"
            more = f" and {len(topics) - TOPICS_NAMED} more" if len(topics) > TOPICS_NAMED else ""
            near = get_close_matches(each, by_name, n=1, cutoff=SLIP)
            hint = f"did you mean {by_name[near[0]]}?" if near else f"it has {has}{more}."
            raise SubscriptionError(f"The story has no topic {each[:40]!r}: {hint}")
    return tuple(dict.fromkeys(by_name[each] for each in wanted))


async def _begin(
    session: Session, place: Place, at: datetime, *, level: Level = Level.BIG, asks: bool = True
) -> None:
    asks_zone = asks and place.kind is ChatKind.PRIVATE
    await subscriptions.begin(
        session,
        place.chat_id,
        thread_id=place.thread_id,
        level=level,
        at=at,
        asks_zone=asks_zone,
    )


async def _asks(session: Session, standing: Subscription, at: datetime) -> bool:
    """Return whether a chat is still being asked by which clock it lives: a question ends that."""
    asked = standing.asked_zone_at
    if asked is None or standing.hours.zone is not None:
        return False
    if asked < standing.since or at - asked > ASKED_FOR:
        return False
    return await exchanges.last(session, standing.chat_id, None, asked) is None


async def _wishes(session: Session, chat_id: int, at: datetime) -> Wishes:
    followed = [
        await facts.by_id(session, number)
        for number in await subscriptions.followed(session, chat_id)
    ]
    standing = await subscriptions.of_chat(session, chat_id)
    return Wishes(
        subscription=standing,
        followed=tuple(fact for fact in followed if fact is not None),
        topics=await facts.topics(session),
        story=await story.get(session) or story.UNNAMED,
        asks_zone=standing is not None and await _asks(session, standing, at),
    )


async def _remember(session: Session, place: Place, at: datetime) -> None:
    await chats.remember(session, chat_id=place.chat_id, kind=place.kind, title=place.title, at=at)
