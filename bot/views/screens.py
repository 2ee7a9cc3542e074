"""The screens that are no answers, and the single lines; pure, like the answers."""

import math
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.alerts.parcels import Change
from bot.services.answers.results import Overview, Standing
from bot.services.rate_limits import Excess, Limited
from bot.views import markup
from bot.views.answers import messages
from bot.views.message import Button, Message, row_of
from bot.views.presses import GetAlerts, Show
from db.records import ChangeKind, Fact, Moment, Story

COMMANDS: Final = (
    ("ask", "Ask a question, here or in a group"),
    ("now", "What we know, and what nobody knows yet"),
    ("new", "What changed since you last looked"),
    ("subscribe", "Get alerts when the story changes"),
    ("alerts", "What you hear, and when"),
    ("stop", "Hear nothing more"),
    ("help", "What I do and how to ask"),
)
"""The command menu: name and what it does."""

GET_ALERTS: Final = Button(label="Get alerts", press=GetAlerts())

KNOWN_SHOWN: Final = 6
UNKNOWN_SHOWN: Final = 4
STARTERS_SHOWN: Final = 3

SENTENCE: Final = 300
"""Characters of a fact's first sentence on a screen: whole, so that no figure is cut off."""


def welcome(overview: Overview) -> Message:
    """Return the first screen: what the bot does, and three questions to begin with."""
    text = (
        f"<b>I answer questions about {markup.escape(messages.about(overview.story))}.</b> "
        "Editors have checked every fact. I say who said so and when, and I say so when I don't "
        "have it.\n\n"
        f"Ask in your own words.{_when_empty(overview)}"
    )
    starters = [fact for fact in overview.known if fact.question][:STARTERS_SHOWN]
    questions = tuple(row_of(messages.label_of(fact), Show(fact_id=fact.id)) for fact in starters)
    return Message(text_html=text, buttons=(*questions, GET_ALERTS))


def _when_empty(overview: Overview) -> str:
    if overview.known or overview.unknown:
        return ""
    return " There are no facts yet: what I am asked now I can pass on to the editors."


def help_text(story: Story, *, bot: str | None = None) -> Message:
    """Return how to ask, in private and in groups."""
    mention = f", or mention @{markup.escape(bot)}" if bot else ""
    return Message(
        text_html=(
            "<b>Ask in your own words.</b> "
            f"I follow {markup.escape(messages.about(story))}. I answer only with facts that "
            "editors have checked, and name the source.\n\n"
            f"In a group: write /ask and your question, reply to one of my messages{mention}.\n\n"
            "/now shows what we know and what nobody knows yet, /new what changed since you last "
            "looked. /subscribe tells you when the story changes, /stop ends that."
        ),
        buttons=(messages.WHAT_WE_KNOW,),
    )


def overview(shown: Overview, *, bot: str | None = None) -> Message:
    """Return what we know and what we don't, on one screen."""
    return messages.as_it_stood(_overview(shown, bot=bot), shown.story, shown.at.date())


def _overview(shown: Overview, *, bot: str | None) -> Message:
    known = shown.known[:KNOWN_SHOWN]
    unknown = shown.unknown[:UNKNOWN_SHOWN]
    if not known and not unknown:
        return Message(text_html=markup.bold("Nothing yet. The desk has not added any facts."))
    lines = []
    if known:
        lines = [markup.bold("What we know"), *(_known_line(fact, bot=bot) for fact in known)]
        if rest := shown.total - len(known):
            facts = "fact" if rest == 1 else "facts"
            lines.append(markup.escape(f"And {rest} more {facts}: ask in your own words."))
    if unknown:
        lines += ["", markup.bold("What nobody knows yet")]
        lines += ["• " + linked(fact, bot=bot) for fact in unknown]
    return Message(text_html="\n".join(lines).strip())


def standing(stands: Standing, *, bot: str | None = None) -> Message:
    """Return whether what somebody holds is still true, what was wrong, and what stands now."""
    return messages.as_it_stood(_standing(stands, bot=bot), stands.story, stands.at.date())


def _standing(stands: Standing, *, bot: str | None) -> Message:
    if stands.fact is None and stands.change is None:
        return Message(
            text_html=markup.bold("I don't have that."), buttons=(messages.WHAT_WE_KNOW,)
        )
    lines = [markup.bold(_became(stands)), *_held(stands.change)]
    if stands.fact is None:
        return Message(text_html="\n".join(lines), buttons=(messages.WHAT_WE_KNOW,))
    now = messages.told_html(stands.fact, stands.at.date(), bot=bot)
    return Message(text_html="\n".join(lines) + f"\n\n{now}")


def _became(stands: Standing) -> str:
    """Return whether it is still true, and since when it is not."""
    today, change = stands.at.date(), stands.change
    if change is None or stands.changed_at is None:
        there = (stands.checked_at or stands.at).astimezone(ZoneInfo(stands.story.time_zone))
        return f"Yes, as checked on {messages.moment(Moment(there.date()), today)}."
    when = local(stands.changed_at, stands.story, today)
    match change.kind:
        case ChangeKind.CORRECTION:
            return f"No. Corrected on {when}."
        case ChangeKind.WITHDRAWAL:
            return f"No. Withdrawn on {when}."
        case _ if change.answers:
            return f"It is known since {when}."
        case _:
            return f"Not any more: it changed on {when}."


def _held(change: Change | None) -> list[str]:
    """Return what a version said that does not stand any more, and why it was withdrawn."""
    if change is None or change.was is None:
        return []
    said = "Before" if change.kind is ChangeKind.UPDATE else "We said"
    lines = [f"{said}: {messages.above(change.was)}{markup.escape(change.was.text)}"]
    return [*lines, f"Why: {markup.escape(change.reason)}"] if change.reason else lines


def line(text: str) -> Message:
    """Return one plain sentence as a message."""
    return Message(text_html=markup.escape(markup.shorten(text, markup.LONGEST)))


def local(at: datetime, story: Story, today: date) -> str:
    """Return `at` on the story's clock, as `19 May 14:20`."""
    there = at.astimezone(ZoneInfo(story.time_zone))
    return messages.moment(Moment(there.date(), there.time()), today)


ASK_HOW: Final = line("Write your question after /ask, for example: /ask how long did it last?")
GREETED: Final = line("Write /ask and your question, and I answer here.")
ONLY_TEXT: Final = line("I can only read text. Ask me in words.")
NOT_YOUR_COMMAND: Final = line("That command is forwarded: write it yourself, and I do it.")
NO_SUCH_COMMAND: Final = line("I don't know that command. Ask me in your own words, or see /help.")
NOTHING_TO_PRESS: Final = Message(
    text_html="There is no such button here. Ask in your own words, and press what stands below "
    "the answer."
)
OLD_BUTTON: Final = "That button is no longer in use. Ask again in your own words."
SORRY: Final = line("Something went wrong here. Please ask again in a minute.")


TOO_MUCH_AT_ONCE: Final = line(
    "That was too much at once: I did not look at all of it. Send what I did not answer again, a "
    "little at a time."
)


def too_much(excess: Excess) -> Message:
    """Return that somebody asks too much, and when they are answered again."""
    seconds = max(1, math.ceil(excess.left.total_seconds()))
    what = f"{excess.most} {'taps' if excess.is_tap else 'questions'} a minute"
    until = f"{seconds} seconds, and until then I leave the rest alone."
    if excess.limited is Limited.GROUP:
        return line(f"That is more than {what} in this group. I answer here again in {until}")
    return line(f"That is more than {what}. I answer you again in {until}")


def interrupted(words: str | None) -> Message:
    """Return that a reply was lost while what it was about was done; None: a button was pressed."""
    said = f"“{markup.shorten(words, 100)}”" if words else "your last tap"
    return line(
        f"I was restarted just after {said} took effect, so my reply may be missing. What was done "
        "is in /audit; what you are at is kept, and /cancel drops it."
    )


def _known_line(fact: Fact, *, bot: str | None) -> str:
    said = markup.shorten(markup.first_sentence(fact.text)[0], SENTENCE)
    label = messages.STATUS_WORDS.get(fact.status)
    after = f" ({label.lower()})" if label else ""
    if not fact.question:
        return "• " + markup.link(said, messages.deep_link(bot, f"fact_{fact.id}")) + after
    return f"• {linked(fact, bot=bot)} {markup.escape(said)}{after}"


def linked(fact: Fact, *, bot: str | None) -> str:
    """Return the question of a fact, or its first words, as a link that opens it."""
    name = markup.shorten(messages.label_of(fact), 120)
    return markup.link(name, messages.deep_link(bot, f"fact_{fact.id}"))
