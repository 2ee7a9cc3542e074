"""Answers to requests about the story as a whole, as screens; pure."""

from datetime import date
from typing import Final

from bot.services.answers.results import Answer, Screen, Source, Whole
from bot.views import markup, screens
from bot.views.alerts import messages
from bot.views.answers import messages as answer_messages
from bot.views.message import Message
from db.records import Fact

SOURCES_SHOWN: Final = 6
GAPS_SHOWN: Final = 8
EXPECTED_SHOWN: Final = 6


def answer(given: Answer, *, bot: str | None = None, follows: bool = False) -> Message:
    """Return the message that tells `given`: an answer, a screen, or both; see `views.answer`."""
    if given.whole is None:
        return answer_messages.answer(given, bot=bot, follows=follows)
    screen = _screen(given.whole, bot=bot)
    if not given.told:
        return screen
    told = answer_messages.answer(given, bot=bot, follows=follows)
    return Message(text_html=f"{told.text_html}\n\n{screen.text_html}", buttons=told.buttons)


def _screen(whole: Whole, *, bot: str | None) -> Message:
    match whole.request.screen:
        case Screen.OVERVIEW:
            return screens.overview(whole.overview, bot=bot)
        case Screen.NEWS:
            text = _news(whole, bot=bot)
        case Screen.GAPS:
            text = _gaps(whole, bot=bot)
        case Screen.NEXT:
            text = _next(whole, bot=bot)
        case Screen.SOURCES:
            text = _sources(whole)
        case Screen.ABOUT:
            text = _about(whole)
        case Screen.HELP:
            return screens.help_text(whole.overview.story, bot=bot)
    message = Message(text_html=text, buttons=(answer_messages.WHAT_WE_KNOW,))
    return answer_messages.as_it_stood(message, whole.overview.story, _today(whole))


def _news(whole: Whole, *, bot: str | None) -> str:
    """Return what changed; where nothing did, the latest that there is."""
    assert whole.look is not None  # noqa: S101 - it is there where news are asked for
    text = messages.changed(whole.look, bot=bot)
    if whole.look.changes or not whole.newest:
        return text
    newest = (_dated(fact, _today(whole), bot=bot) for fact in whole.newest)
    return "\n".join([text, "", markup.bold("The latest that I have"), *newest])


def _gaps(whole: Whole, *, bot: str | None) -> str:
    unknown = whole.overview.unknown
    if not unknown:
        return (
            f"{markup.bold('Nothing is on record as unknown.')} Ask me; what I don't have, I can "
            "pass on to the editors."
        )
    lines = [f"• {screens.linked(fact, bot=bot)}{_due(fact)}" for fact in unknown[:GAPS_SHOWN]]
    return "\n".join([markup.bold("What nobody knows yet"), *lines])


def _next(whole: Whole, *, bot: str | None) -> str:
    if not whole.expected:
        gaps = f"\n\n{_gaps(whole, bot=bot)}" if whole.overview.unknown else ""
        return markup.bold("No next step is on record with a day.") + gaps
    today = _today(whole)
    lines = [
        f"• {screens.linked(fact, bot=bot)}{_due(fact)}"
        if fact.status.is_gap
        else _dated(fact, today, bot=bot)
        for fact in whole.expected[:EXPECTED_SHOWN]
    ]
    return "\n".join([markup.bold("What comes next"), *lines])


def _sources(whole: Whole) -> str:
    lines = [
        f"{markup.bold('Editors check every fact, and each names who says so.')} What turns out "
        "wrong is corrected openly, also to those who were told it."
    ]
    if whole.sources:
        lines += ["", markup.bold("Who says so")]
        lines += [_source(source) for source in whole.sources[:SOURCES_SHOWN]]
        if rest := len(whole.sources) - SOURCES_SHOWN:
            lines += [f"And {rest} more."] if rest > 0 else []
    return "\n".join(lines)


def _about(whole: Whole) -> str:
    about = markup.escape(answer_messages.about(whole.overview.story))
    text = (
        f"{markup.bold('I am a bot, and editors run me.')} They write and check what I say about "
        f"{about}. I choose among their facts and add nothing."
    )
    if whole.changed_at is None:
        return text
    facts = answer_messages.facts(whole.overview.total)
    changed = screens.local(whole.changed_at, whole.overview.story, _today(whole))
    return f"{text}\n<i>{facts}, last changed {changed}</i>"


def _source(source: Source) -> str:
    name = markup.escape(markup.shorten(source.name, 120))
    return f"• {name}: {answer_messages.facts(source.facts)}"


def _dated(fact: Fact, today: date, *, bot: str | None) -> str:
    """Return the first words of a fact behind its day."""
    when = fact.happened or fact.as_of
    said = markup.link(
        answer_messages.said(fact, 160), answer_messages.deep_link(bot, f"fact_{fact.id}")
    )
    return f"• {answer_messages.moment(when, today)}: {said}" if when else f"• {said}"


def _due(fact: Fact) -> str:
    if not fact.next_word:
        return ""
    expected = markup.escape(markup.shorten(fact.next_word, 120).rstrip("."))
    return f" Next word expected: {expected}."


def _today(whole: Whole) -> date:
    return whole.overview.at.date()
