"""What operators are told of an incident; pure."""

from datetime import timedelta
from typing import Final

from bot.services.incidents import Incident, Report
from bot.views import markup
from bot.views.message import Message

_BEGUN: Final = {
    Incident.DATABASE: "The database cannot be read: see the log, then storydesk doctor.",
    Incident.OUTBOX: (
        "Alerts do not go out: {amount:,} messages are due, the oldest for five minutes and more."
    ),
    Incident.INBOX: "Updates wait: {amount:,} of them, the oldest for five minutes and more.",
    Incident.SET_ASIDE: (
        "{amount:,} updates could not be worked on and were set aside: see the log for why."
    ),
}
_OVER: Final = {
    Incident.DATABASE: "The database can be read again.",
    Incident.OUTBOX: "Alerts go out again.",
    Incident.INBOX: "No update waits for long any more.",
    Incident.SET_ASIDE: "No further update was set aside.",
}

HOURS_FROM: Final = 120
"""Minutes from which a span is given in hours."""


def report(told: Report) -> Message:
    """Return that an incident has begun, or is over and how long it lasted."""
    if not told.is_over:
        text = _BEGUN[told.incident].format(amount=told.amount)
        return Message(text_html=f"{markup.bold('Incident.')} {markup.escape(text)}")
    text = f"{_OVER[told.incident]} It lasted {_span(told.at - told.since)}."
    return Message(text_html=f"{markup.bold('Over.')} {markup.escape(text)}")


def _span(span: timedelta) -> str:
    minutes = max(1, round(span / timedelta(minutes=1)))
    if minutes < HOURS_FROM:
        return "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"
