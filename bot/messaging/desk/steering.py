"""What editors see of an alert before it goes and while it does."""

from dataclasses import dataclass
from typing import Final

from bot.messaging import markup
from bot.messaging.message import Button, Message
from bot.messaging.presses import Press, press
from bot.services.steering import Progress
from db.records.alerts import AlertState


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
                text_html=f"{markup.bold(_goes_out(seen))} {markup.escape(_whom(seen))}",
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
        case AlertState.STOPPED:
            return Message(
                text_html=markup.bold(f"Stopped. {_so_far(seen)}"),
                buttons=(Button(label="Carry on", press=CarryOn(alert_id=number)),),
            )
        case AlertState.SUPERSEDED:
            text = "A newer change of the same fact took its place."
            return Message(text_html=markup.escape(f"{text} {_so_far(seen)}"))
        case AlertState.DONE:
            return Message(text_html=markup.escape(_proof(seen)))


def _goes_out(seen: Progress) -> str:
    loud = "at any hour, without a sound at night" if seen.alert.urgent else "outside quiet hours"
    seconds = max(1, round(seen.left.total_seconds()))
    return f"Goes out in {_count(seconds, 'second')}, {loud}."


def _whom(seen: Progress) -> str:
    reach = seen.reach
    text = f"To {_count(reach.subscribers, 'subscriber')}"
    of_import = seen.alert.is_import
    if reach.followers:
        what = "what changed" if of_import else "this fact"
        text += f" and {_count(reach.followers, 'chat')} following {what}"
    if reach.told:
        what = "is withdrawn" if of_import else "it replaces"
        text += f"; first to {_count(reach.told, 'chat')} told what {what}"
    return text + "."


def _so_far(seen: Progress) -> str:
    return f"Sent {seen.tally.sent:,} of {seen.tally.total:,}."


def _proof(seen: Progress) -> str:
    tally = seen.tally
    text = f"Reached {tally.sent:,} of {tally.total:,}."
    if tally.gone:
        have = "has" if tally.gone == 1 else "have"
        text += f" {tally.gone:,} {have} blocked the bot or left."
    if tally.refused:
        text += f" {tally.refused:,} could not be reached."
    return text


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
