"""What editors see of an alert before it goes and while it does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.alerts.audience import Reach
from bot.services.alerts.controls import Progress
from bot.views import markup, screens
from bot.views.facts.changes import Correct
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records.alerts import AlertState, Tally


@press("2lh")
@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Press):
    """Hold an alert back, or stop it for those who have not heard it."""

    alert_id: int


@press("2ls")
@dataclass(frozen=True, slots=True, kw_only=True)
class SendNow(Press):
    """Let a held alert go out at once."""

    alert_id: int


@press("2lc")
@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOn(Press):
    """Send a stopped alert to those who have not heard it."""

    alert_id: int


TOO_LATE: Final = "Too late: everybody has heard it, or it was stopped already."


def progress(seen: Progress) -> Message:
    """Return how far an alert has come, with what can still be done about it."""
    number = seen.alert.id
    match seen.alert.state:
        case AlertState.HELD if seen.left:
            return Message(
                text_html=_preview(seen),
                buttons=(
                    Button(label="Hold", press=Hold(alert_id=number)),
                    Button(label="Send now", press=SendNow(alert_id=number)),
                ),
            )
        case AlertState.HELD | AlertState.DUE | AlertState.SENDING:
            return Message(
                text_html=markup.bold(_so_far(seen)),
                buttons=(Button(label="Stop", press=Hold(alert_id=number)),),
            )
        case AlertState.STOPPED | AlertState.REVIEW:
            return Message(
                text_html=markup.bold(_stopped(seen)),
                buttons=(Button(label="Carry on", press=CarryOn(alert_id=number)), *_amends(seen)),
            )
        case AlertState.SUPERSEDED:
            text = "A newer change of the same fact took its place."
            so_far = f" {_so_far(seen)}" if seen.tally.total else ""
            return Message(text_html=markup.escape(text + so_far))
        case AlertState.DONE:
            return Message(text_html=markup.escape(_proof(seen)))


def _preview(seen: Progress) -> str:
    lines = [markup.bold(_goes_out(seen))]
    if seen.reach is not None:
        lines.append(markup.escape(_whom(seen.reach, of_import=seen.alert.is_import)))
    text = " ".join(lines)
    if seen.asked:
        asked = "; ".join(
            f"“{markup.shorten(each.question, 80)}” ({_count(each.chats, 'chat')})"
            for each in seen.asked
        )
        text += "\n" + markup.escape(f"Answers that change: {asked}.")
    return text


def _stopped(seen: Progress) -> str:
    if not seen.tally.total:
        return "Held back. Nobody has heard it."
    return f"Stopped. {_so_far(seen)}"


def _amends(seen: Progress) -> tuple[Button, ...]:
    """Return the button that corrects a stopped alert for those who have heard it."""
    if not seen.tally.sent or seen.alert.fact_id is None:
        return ()
    label = f"Correct it for the {seen.tally.sent:,}"
    return (Button(label=label, press=Correct(fact_id=seen.alert.fact_id)),)


def _goes_out(seen: Progress) -> str:
    loud = "at any hour, without a sound at night" if seen.alert.urgent else "outside quiet hours"
    seconds = max(1, round(seen.left.total_seconds()))
    return f"Goes out in {_count(seconds, 'second')}, {loud}."


def _whom(reach: Reach, *, of_import: bool) -> str:
    text = f"To {_count(reach.subscribers, 'subscriber')}"
    if reach.followers:
        what = "what changed" if of_import else "this fact"
        text += f" and {_count(reach.followers, 'chat')} following {what}"
    if reach.told:
        what = "is withdrawn" if of_import else "it replaces"
        text += f"; first to {_count(reach.told, 'chat')} told what {what}"
    return text + "."


def _so_far(seen: Progress) -> str:
    if not seen.tally.total:
        return "On its way."
    if seen.alert.state in (AlertState.HELD, AlertState.DUE):
        return f"Sent {seen.tally.sent:,} so far."  # nobody has counted all yet
    text = f"Sent {seen.tally.sent:,} of {seen.tally.total:,}."
    if seen.waiting and seen.waits_until is not None:
        wait = "waits" if seen.waiting == 1 else "wait"
        text += f" {seen.waiting:,} {wait} until {_when(seen, seen.waits_until)}."
    return text


def _when(seen: Progress, at: datetime) -> str:
    """Return a moment on the story's clock; the time alone where it is today or tonight."""
    zone = ZoneInfo(seen.story.time_zone)
    there = at.astimezone(zone)
    if at - seen.at < timedelta(hours=20):
        return f"{there:%H:%M}"
    return screens.local(at, seen.story, seen.at.date())


def _proof(seen: Progress) -> str:
    told, everybody = seen.told, seen.tally
    if not told.total:
        return _reached(everybody)
    first = f"Told what it replaces: {_lower(_reached(told))}"
    others = everybody.total - told.total
    if not others:
        return first
    news = f"{everybody.sent - told.sent:,} of {others:,}"
    return f"{first} Others: reached {news}."


def _reached(tally: Tally) -> str:
    text = f"Reached {tally.sent:,} of {tally.total:,}."
    if tally.gone:
        have = "has" if tally.gone == 1 else "have"
        text += f" {tally.gone:,} {have} blocked the bot or left."
    if tally.refused:
        text += f" {tally.refused:,} could not be reached."
    if tally.edited:
        text += f" {_count(tally.edited, 'message')} edited."
    if tally.unsure:
        text += f" Of {_count(tally.unsure, 'chat')} nobody knows whether it came once."
    return text


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
