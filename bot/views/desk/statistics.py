"""The figures of the desk in words, short enough to stand below their picture; pure."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.services.questions.statistics import Figures, Period
from bot.views import markup
from bot.views.answers import messages
from bot.views.message import Message
from db.records import Moment, Outcome

LABELS: Final = {
    Outcome.ANSWER: "answered",
    Outcome.UNKNOWN: "not known yet",
    Outcome.NOT_COVERED: "not covered",
    Outcome.SCREEN: "about the story as a whole",
    Outcome.CHOOSE: "asked back which one",
    Outcome.MISSING: "declined",
    Outcome.OFF_TOPIC: "off topic",
}
"""What the outcomes of questions are called, in the order in which they are shown."""

QUESTION_LENGTH: Final = 90


def title(shown: Figures) -> str:
    """Return which time the figures are about."""
    here = shown.at.astimezone(ZoneInfo(shown.story.time_zone)).date()
    day = messages.moment(Moment(here), here)
    return {
        Period.TODAY: f"Today, {day}",
        Period.WEEK: f"Seven days up to {day}",
        Period.ALL: f"Everything up to {day}",
    }[shown.period]


def questions(count: int) -> str:
    """Return a number of questions in words."""
    return "1 question" if count == 1 else f"{count:,} questions"


def message(shown: Figures) -> Message:
    """Return the figures as text of at most 1,024 characters, for a message or a caption."""
    counts = ", ".join(
        f"{shown.counts.get(outcome, 0):,} {label}" for outcome, label in LABELS.items()
    )
    waiting = "1 reader waits" if shown.waiting == 1 else f"{shown.waiting:,} readers wait"
    lines = [
        f"{markup.bold(f'{title(shown)}: {questions(shown.asked)}.')} {markup.escape(counts)}.",
        f"{waiting} for an answer now. “Not what I asked” was said {_times(shown.wrong)}.",
    ]
    if shown.unanswered:
        lines += ["", markup.bold("Asked in vain")]
        lines += [
            markup.escape(f"• {markup.shorten(question, QUESTION_LENGTH)} ({_readers(count)})")
            for question, count in shown.unanswered
        ]
    return Message(text_html="\n".join(lines))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count:,} readers"
