"""Answers as messages: pure, and the only place where their words are written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.answers import standalone
from bot.services.answers.results import Answer, Courtesy, Offer, Outcome
from bot.stories import addresses
from bot.views import markup
from bot.views.answers import unanswered_parts
from bot.views.message import Button, Message, plain, row_of
from bot.views.presses import Choose, Follow, Other, PassOn, PassOnRest, ShowOverview
from db.records import UNNAMED, Fact, FactVersion, Moment, Status, Story

__all__ = ["answer", "deep_link", "fact_html", "moment", "offer", "plain"]

FACT_LENGTH: Final = 1000
"""Characters that one fact may take; the record allows no more, an imported file might."""

ABOUT_LENGTH: Final = 300
"""Characters of what the story is about, within a sentence."""

DESK: Final = "The desk"
"""Who says what no source was named for."""

SOURCE_LENGTH: Final = 200
"""Characters of a source's name."""

SAID_QUESTION: Final = 120
"""Characters of a question in one line with its answer."""

QUESTION_LENGTH: Final = 300
"""Characters of a question above its answer."""

STATUS_WORDS: Final = {
    Status.REPORTED: "Reported",
    Status.DISPUTED: "Disputed",
    Status.UNKNOWN: "Not known yet",
    Status.NOT_COVERED: "Not covered",
    Status.WITHDRAWN: "Withdrawn",
}
GAP_LEADS: Final = {
    Status.UNKNOWN: "Not known yet.",
    Status.NOT_COVERED: "That is not part of this story.",
}
"""The first sentence of what says why there is no answer."""

TELLING: Final = (Outcome.ANSWER, Outcome.UNKNOWN, Outcome.NOT_COVERED, Outcome.MISSING)
"""Outcomes that say something of the story as it stands."""

DISPUTED: Final = "These do not agree; each stands with its own source."
"""Below answers to one question that contradict each other."""

NOTHING_FOUND: Final = "I don't have that."
PASSING: Final = "Pass it on"
WHAT_WE_KNOW: Final = Button(label="What we know", press=ShowOverview())


def answer(given: Answer, *, bot: str | None = None, follows: bool = False) -> Message:
    """Return the message that tells `given`; `bot` is its user name, for the links back to it.

    With `follows`, the reader may ask to be told when the one fact changes.
    """
    message = _answer(given, bot=bot, follows=follows)
    if given.outcome not in TELLING:
        return message
    return as_it_stood(message, given.story, given.at.date())


def as_it_stood(message: Message, story: Story, today: date) -> Message:
    """Return `message` with a last line saying that the story was closed, if it was."""
    if story.closed_at is None:
        return message
    day = moment(Moment(story.closed_at.astimezone(ZoneInfo(story.time_zone)).date()), today)
    below = f"<i>The story was closed on {day}; this is how it stood.</i>"
    return replace(message, text_html=f"{message.text_html}\n\n{below}")


def _answer(given: Answer, *, bot: str | None, follows: bool) -> Message:
    match given.outcome:
        case Outcome.ANSWER:
            return _telling(given, _follow(given, follows=follows), bot=bot)
        case Outcome.UNKNOWN:
            return _telling(given, pass_on("Tell me when it is known", given), bot=bot)
        case Outcome.NOT_COVERED:
            return _telling(given, pass_on(PASSING, given), bot=bot)
        case Outcome.CHOOSE:
            return _which(given)
        case Outcome.MISSING:
            return _missing(given)
        case Outcome.OFF_TOPIC:
            text = markup.escape(f"I only follow {about(given.story)}.")
            return Message(text_html=text, buttons=(WHAT_WE_KNOW,))
        case Outcome.SMALLTALK | Outcome.SCREEN:
            text = courtesy_line(given.courtesy, about(given.story))
            return Message(text_html=markup.escape(text))


def _telling(given: Answer, first: tuple[Button, ...], *, bot: str | None) -> Message:
    named = unanswered_parts.named(given.parts)
    room = markup.LONGEST - markup.length(markup.visible(named)) - len(DISPUTED) - 4
    facts = [found.fact for found in given.told]
    told = all_told(facts, given.at.date(), bot=bot, room=room)
    if given.disputed:
        told += f"\n\n<i>{markup.escape(DISPUTED)}</i>"
    if given.rest_id is not None:
        press = PassOnRest(exchange_id=given.rest_id)
        first = (Button(label="Pass on the rest", press=press),)
    elif given.parts:
        first = ()
    text = f"{told}\n\n{named}" if named else told
    return Message(text_html=text, buttons=(*first, *_not_what_i_asked(given)))


def offer(offered: Offer) -> Message:
    """Return the message for a reader who was told something else than they asked for."""
    passing = Button(label=PASSING, press=PassOn(exchange_id=offered.exchange_id))
    if not offered.facts:
        text = markup.bold("I don't have anything closer.")
        return Message(text_html=text, buttons=(passing, WHAT_WE_KNOW))
    one = len(offered.facts) == 1
    choices = tuple(
        row_of(label_of(fact), Choose(exchange_id=offered.exchange_id, fact_id=fact.id))
        for fact in offered.facts
    )
    text = "Did you mean this?" if one else "Did you mean one of these?"
    return Message(text_html=markup.bold(text), buttons=(*choices, passing))


def told_html(fact: Fact, today: date, *, bot: str | None = None, most: int = FACT_LENGTH) -> str:
    """Return a fact as a reader is told it, whatever its status, below its question if need be.

    Of its text, `most` characters.
    """
    show = gap_html if fact.status.is_gap else fact_html
    question = _line_above(standalone.question_of_answer(fact), QUESTION_LENGTH)
    return f"{question}{show(fact, today, bot=bot, most=most)}"


def all_told(facts: Sequence[Fact], today: date, *, bot: str | None, room: int) -> str:
    """Return facts below one another; their texts are cut where there is no `room` for all."""

    def told(most: int) -> str:
        return "\n\n".join(told_html(fact, today, bot=bot, most=most) for fact in facts)

    whole = told(FACT_LENGTH)
    over = markup.length(markup.visible(whole)) - room
    if over <= 0:
        return whole
    longest = max(markup.length(fact.text) for fact in facts)
    return told(max(1, min(longest, FACT_LENGTH) - over))


def above(fact: Fact | FactVersion, most: int = QUESTION_LENGTH) -> str:
    """Return the line that stands above a text that leans on its question; nothing for others."""
    return _line_above(standalone.question_above(fact), most)


def _line_above(question: str | None, most: int) -> str:
    return "" if not question else f"<i>{markup.escape(markup.shorten(question, most))}</i>\n"


def said(fact: Fact, most: int) -> str:
    """Return what a fact says in one line of plain text, behind the question that it leans on."""
    return markup.shorten(behind_its_question(fact, markup.first_sentence(fact.text)[0]), most)


def behind_its_question(fact: Fact, text: str) -> str:
    """Return `text`, which is of `fact`, behind the question that it leans on, if it does."""
    question = standalone.question_above(fact)
    return text if question is None else f"{markup.shorten(question, SAID_QUESTION)} {text}"


def fact_html(fact: Fact, today: date, *, bot: str | None = None, most: int = FACT_LENGTH) -> str:
    """Return one fact: its first sentence in bold, who says so and when in italics below."""
    head, rest = markup.first_sentence(markup.shorten(fact.text, most))
    text = " ".join(part for part in (markup.bold(head), markup.escape(rest)) if part)
    return f"{text}\n<i>{_below(fact, today, bot=bot)}</i>"


def gap_html(fact: Fact, today: date, *, bot: str | None = None, most: int = FACT_LENGTH) -> str:
    """Return why there is no answer: not known yet or not covered, what is, and when news comes."""
    lead = markup.bold(GAP_LEADS[fact.status])
    parts = [lead, markup.escape(markup.shorten(fact.text, most))]
    if fact.next_word and fact.status is Status.UNKNOWN:
        expected = markup.shorten(fact.next_word, 200).rstrip(".")
        parts.append(markup.escape(f"Next word expected: {expected}."))
    text = " ".join(part for part in parts if part)
    return f"{text}\n<i>{_below(fact, today, bot=bot, status=False)}</i>"


def moment(when: Moment, today: date) -> str:
    """Return `19 May` or `19 May 14:20`; with the year where it is not the year of `today`."""
    text = f"{when.day.day} {when.day:%B}"
    if when.day.year != today.year:
        text += f" {when.day.year}"
    return text if when.minute is None else f"{text} {when.minute:%H:%M}"


def label_of(fact: Fact) -> str:
    """Return the words that stand for `fact` on a button or in a list."""
    return markup.clean(fact.question or "") or markup.first_sentence(fact.text)[0] or fact.key


def facts(count: int) -> str:
    """Return a number of facts in words."""
    return "1 fact" if count == 1 else f"{count:,} facts"


def deep_link(bot: str | None, start: str) -> str | None:
    """Return the address that opens the bot with `start`; None while its name is not known."""
    return f"https://t.me/{bot}?start={start}" if bot else None


def courtesy_line(courtesy: Courtesy | None, about: str) -> str:
    """Return the one line that answers small talk; no fact is ever in it."""
    match courtesy:
        case Courtesy.GREETING:
            return f"Hello. Ask me about {about}."
        case Courtesy.THANKS:
            return "You're welcome."
        case Courtesy.FAREWELL:
            return "Goodbye."
        case Courtesy.IDENTITY:
            return f"I'm a bot. Editors check what I say, and I only follow {about}."
        case Courtesy.ABUSE:
            return "Understood. I stay with the facts; ask whenever you like."
        case _:
            return "Ask me anything about this story, in your own words."


def about(story: Story) -> str:
    """Return what the story is about, to end a sentence with: its description, else its title."""
    described = markup.clean(story.about)
    if described and described != UNNAMED.about:
        return markup.shorten(described, ABOUT_LENGTH).rstrip(".")
    title = markup.clean(story.title)
    return f"the story “{title}”" if title and title != UNNAMED.title else "one news story"


def said_by(fact: Fact, today: date, *, most: int = SOURCE_LENGTH) -> str:
    """Return who says so and when, as HTML; of what names nobody or no day, that the desk does.

    A fact stands because an editor looked at it, which its version dates.
    """
    leads_to = addresses.other_host(fact.source or "", fact.source_url) if fact.source_url else None
    shown = f" ({leads_to})" if leads_to else ""  # a name is no promise of where its link leads
    name = markup.shorten(fact.source or DESK, max(1, most - len(shown)))
    source = markup.link(name + shown, fact.source_url)
    if fact.as_of is not None:
        return f"{source}, {moment(fact.as_of, today)}"
    return f"{source}, checked {moment(Moment(fact.changed_at.date()), today)}"


def _below(fact: Fact, today: date, *, bot: str | None, status: bool = True) -> str:
    """Return the small line: status where it is not plain, source and date, and the link back."""
    label = STATUS_WORDS.get(fact.status, "") if status else ""
    link = deep_link(bot, f"v_{fact.id}_{fact.version}")
    still_true = markup.link("still true?", link) if link else ""
    parts = (label, said_by(fact, today), still_true)
    return " · ".join(part for part in parts if part)


def pass_on(label: str, given: Answer) -> tuple[Button, ...]:
    """Return the button that lets the reader wait for an answer; none where none is recorded."""
    if given.exchange_id is None:
        return ()
    return (Button(label=label, press=PassOn(exchange_id=given.exchange_id)),)


def _follow(given: Answer, *, follows: bool) -> tuple[Button, ...]:
    """Return the button that follows the one fact told; a closed story does not change."""
    if not follows or len(given.told) != 1 or given.story.closed_at is not None:
        return ()
    return (follow(given.told[0].fact),)


def follow(fact: Fact) -> Button:
    """Return the button that tells this chat when a fact changes."""
    return Button(label="Tell me if this changes", press=Follow(fact_id=fact.id))


def _not_what_i_asked(given: Answer) -> tuple[Button, ...]:
    if given.exchange_id is None or not given.has_more:
        return ()
    return (not_what_i_asked(given.exchange_id, shown=given.shown),)


def not_what_i_asked(exchange_id: int, *, shown: int = 0) -> Button:
    """Return the button for a reader who meant something else; `shown` candidates were shown."""
    return Button(label="Not what I asked", press=Other(exchange_id=exchange_id, shown=shown))


def _choices(given: Answer) -> tuple[Button, ...]:
    exchange = given.exchange_id
    if exchange is None:
        return ()
    choices = tuple(
        row_of(label_of(found.fact), Choose(exchange_id=exchange, fact_id=found.fact.id))
        for found in given.choices[:3]
    )
    something_else = Other(exchange_id=exchange, shown=len(choices))
    return (*choices, Button(label="Something else", press=something_else))


def _which(given: Answer) -> Message:
    chosen = next((each for each in given.parts if unanswered_parts.is_to_choose(each)), None)
    asked = "" if chosen is None else f"{unanswered_parts.quoted(chosen)}\n"
    left = unanswered_parts.named([each for each in given.parts if each is not chosen])
    text = asked + markup.bold("Which one?")
    return Message(text_html=f"{text}\n\n{left}" if left else text, buttons=_choices(given))


def _missing(given: Answer) -> Message:
    if given.parts:
        text = f"{markup.bold(NOTHING_FOUND)}\n\n{unanswered_parts.named(given.parts)}"
        return Message(text_html=text, buttons=(*pass_on(PASSING, given), WHAT_WE_KNOW))
    closest = given.closest
    passing = pass_on(PASSING, given)
    buttons = (*passing, WHAT_WE_KNOW)
    if closest is not None and given.exchange_id is not None:
        press = Choose(exchange_id=given.exchange_id, fact_id=closest.fact.id)
        buttons = (row_of(label_of(closest.fact), press), *passing)
    return Message(text_html=markup.bold(NOTHING_FOUND), buttons=buttons)
