"""What subscribers see of their subscription: pure, and the only place of its words."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.subscriptions import time_zones
from bot.services.subscriptions.preferences import Wishes, Zoned
from bot.views import markup
from bot.views.answers import messages
from bot.views.answers.messages import about
from bot.views.message import Button, Message, row_of
from bot.views.presses import Press, press
from bot.views.screens import GET_ALERTS, line
from db.records import Fact
from db.records.alerts import Level

FOLLOWS_SHOWN: Final = 10
UNFOLLOW_BUTTONS: Final = 2
TOPICS_SHOWN: Final = 60


@press("1s")
@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe(Press):
    """Hear as much as this: 0 big news, 1 every update, 2 one summary a day."""

    level: int


@press("1e")
@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe(Press):
    """Hear nothing more."""


@press("1u")
@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollow(Press):
    """Hear no more when this fact changes."""

    fact_id: int


LEVELS: Final = (Level.BIG, Level.EVERY, Level.SUMMARY)
"""In the order of their numbers in `Subscribe`."""

STOPPED: Final = line("You hear nothing more from me unless you ask. /subscribe brings it back.")
NOT_SUBSCRIBED: Final = line("You get no alerts. /subscribe gets you the big news.")
ADMINISTRATORS_UNKNOWN: Final = (
    "I cannot see just now who administers this group: try again in a minute."
)
ADMINISTRATORS_ONLY: Final = "Only administrators of this group switch its alerts."
FOLLOWED: Final = "You will hear when this changes. /alerts lists what you follow."
ASKING: Final = "If you live by another clock, answer with your city."
CANNOT_FOLLOW: Final = "I don't have that any more."


def subscribed(wishes: Wishes) -> Message:
    """Return what a chat hears now, with the ways to hear more or less."""
    if wishes.subscription is None:
        return alerts(wishes)
    text = f"{markup.bold(_amount(wishes))} {markup.escape(_hours(wishes))}".strip()
    if wishes.resumed:
        topics = wishes.subscription.topics
        kept = f" Only about: {', '.join(topics)}." if topics else ""
        text += " " + markup.escape(f"Hours and topics are as you had set them before.{kept}")
    return Message(text_html=text, buttons=_levels(wishes))


def alerts(wishes: Wishes) -> Message:
    """Return everything that a chat hears and follows, and how to change it."""
    lines = [markup.bold(_amount(wishes)), markup.escape(_hours(wishes))]
    if wishes.subscription is not None and wishes.subscription.topics:
        lines.append(markup.escape(f"Only about: {', '.join(wishes.subscription.topics)}."))
    if wishes.followed:
        lines += ["", markup.bold("You hear when these change")]
        lines += [f"• {markup.escape(_name(fact))}" for fact in wishes.followed[:FOLLOWS_SHOWN]]
        if more := len(wishes.followed) - FOLLOWS_SHOWN:
            lines += [f"And {more} more."] if more > 0 else []
    lines += ["", markup.escape(_how(wishes))]
    ends = tuple(
        row_of(f"Stop following: {_name(fact)}", Unfollow(fact_id=fact.id))
        for fact in wishes.followed[:UNFOLLOW_BUTTONS]
    )
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return Message(text_html=text.strip(), buttons=(*ends, *_levels(wishes))[:4])


def zoned(told: Zoned) -> Message:
    """Return by which clock a chat lives now, and what it shows, so that a mistake is seen."""
    there = told.at.astimezone(ZoneInfo(told.zone))
    return line(
        f"Your clock is that of {time_zones.city_of(told.zone)}, "
        f"where it is {_clock(there.time())}. "
        "/alerts and a city changes it."
    )


def _amount(wishes: Wishes) -> str:
    subscription = wishes.subscription
    if subscription is None:
        return "You get no alerts." if not wishes.followed else "You get no news alerts."
    if wishes.story.closed_at is not None:
        return "The story is closed: you hear only if something in it is corrected."
    match subscription.level:
        case Level.BIG:
            return f"You get big news about {about(wishes.story)}."
        case Level.EVERY:
            return f"You get every update about {about(wishes.story)}."
        case Level.SUMMARY:
            at = _clock(subscription.summary_at)
            return f"You get one summary a day, at {at}, when something has changed."


def _hours(wishes: Wishes) -> str:
    subscription = wishes.subscription
    if subscription is None:
        return ""
    hours, zone = subscription.hours, time_zones.city_of(wishes.zone)
    asking = f" {ASKING}" if wishes.asks_zone else ""
    if hours.quiet_from is None or hours.quiet_to is None:
        return f"No quiet hours. Your clock is that of {zone}.{asking}"
    span = f"{_clock(hours.quiet_from)} to {_clock(hours.quiet_to)}"
    return f"Nothing sounds from {span} by the clock of {zone}.{asking}"


def _how(wishes: Wishes) -> str:
    if wishes.subscription is None:
        return "/subscribe gets you the big news."
    parts = [
        "To change it, write:",
        "/alerts Berlin: your clock",
        "/alerts quiet 22-7: no sound in these hours",
        "/alerts at 18:00: one summary a day",
    ]
    if wishes.topics:
        parts.append(f"/alerts topics {wishes.topics[0]}: only about this topic")
        named = ", ".join(wishes.topics[:TOPICS_SHOWN])
        more = len(wishes.topics) - TOPICS_SHOWN
        parts += ["", f"Topics: {named}{f' and {more} more' if more > 0 else ''}."]
    return "\n".join(parts)


def _levels(wishes: Wishes) -> tuple[Button, ...]:
    """Return the buttons to hear another amount, and to stop."""
    subscription = wishes.subscription
    if subscription is None:
        return (GET_ALERTS,)
    labels = ("Big news only", "Every update", f"One summary at {_clock(subscription.summary_at)}")
    others = tuple(
        Button(label=label, press=Subscribe(level=number))
        for number, (level, label) in enumerate(zip(LEVELS, labels, strict=True))
        if level is not subscription.level
    )
    return (*others, Button(label="Stop", press=Unsubscribe()))


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _name(fact: Fact) -> str:
    return markup.shorten(messages.label_of(fact), 120)
