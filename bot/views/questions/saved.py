"""Saved questions in the chat: what was saved, what they get, what a change would alter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.services.answers.results import Outcome
from bot.services.questions.saved import Run, Saved
from bot.services.questions.saved_impact import AnswerChange
from bot.services.questions.saved_results import Judged, Result, count
from bot.views import markup, screens
from bot.views.message import Button, Message, plain
from bot.views.presses import Press, press
from db.records import Fact
from db.records.desk import SavedQuestion

SHOWN: Final = 8
"""Questions of one kind in a message."""

QUESTION: Final = 120
FACT: Final = 80
"""Characters of a question, and of a fact, in a list."""


@press("2sa")
@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAnswer(Press):
    """Save the question of an exchange with what it was told."""

    exchange_id: int


def button(exchange_id: int) -> Button:
    """Return the button under an answer to an editor."""
    return Button(label="Save this question", press=SaveAnswer(exchange_id=exchange_id))


def saved(done: Saved) -> Message:
    """Return what was saved."""
    return Message(text_html=f"{markup.bold(_number(done))} {markup.escape(_saved(done))}")


def notice(done: Saved) -> str:
    """Return what was saved, for the short notice of a button."""
    return markup.shorten(f"{_number(done)} {_saved(done)}", 190)


def forgotten(question: SavedQuestion) -> Message:
    """Return that a question is no longer saved."""
    said = markup.shorten(question.question, QUESTION)
    return Message(text_html=markup.escape(f"No longer saved: {said}"))


def run(done: Run) -> Message:
    """Return how many saved questions get what they should, and which do not."""
    every = done.judged
    if not every:
        return Message(
            text_html="No questions are saved yet. Reply /save to an answer, or write for example: "
            "/save 7 how long was it"
        )
    counts = {result: count(every, result) for result in Result}
    head = (
        f"{counts[Result.RIGHT]:,} right, {counts[Result.WRONG]:,} wrong, "
        f"{counts[Result.DECLINED]:,} declined"
    )
    if counts[Result.OFFERED]:
        head += f", {counts[Result.OFFERED]:,} asked “Which one?”"
    blocks = [f"{markup.bold(head + '.')} {len(every):,} saved in all."]
    for result, title in _TITLES.items():
        found = [each for each in every if each.result is result]
        blocks += _list(title, found, (_should_and_gets(each) for each in found))
    differing = [each for each in every if each.differs]
    if done.before is not None:
        since = screens.local(done.before, done.story, done.before.date())
        if differing:
            lines = (_was_and_is(each) for each in differing)
            blocks += _list(f"Otherwise than on {since}", differing, lines)
        else:
            blocks.append(markup.escape(f"Nothing differs from the run of {since}."))
    return Message(text_html="\n\n".join(blocks))


def warned(shown: Message, altered: Sequence[AnswerChange]) -> Message:
    """Return a preview with the saved questions that publishing it would answer otherwise."""
    warning = altered_lines(altered)
    whole = replace(shown, text_html=f"{shown.text_html}\n\n{warning}")
    if not warning or markup.length(plain(whole)) > markup.LONGEST:
        return shown
    return whole


def altered_lines(altered: Sequence[AnswerChange]) -> str:
    """Return which saved questions a change would answer otherwise, as HTML; empty for none."""
    if not altered:
        return ""
    one = len(altered) == 1
    what = "1 saved question" if one else f"{len(altered):,} saved questions"
    shown = [
        f"{each.after.saved.question} {_got(each.before)} → {_got(each.after)}"
        for each in altered[:SHOWN]
    ]
    worse = sum(
        each.before.result is Result.RIGHT and each.after.result is not Result.RIGHT
        for each in altered
    )
    title = f"{what} would be answered otherwise, {worse:,} of them wrongly:"
    return "\n".join([markup.bold(title), *_lines(shown, len(altered) - len(shown))])


_TITLES: Final = {
    Result.WRONG: "Wrong",
    Result.DECLINED: "Declined, though there is a fact for it",
    Result.OFFERED: "Asked “Which one?”",
}

_GETS: Final = {
    Outcome.CHOOSE: "“Which one?”",
    Outcome.NOT_COVERED: "“That is not part of this story”",
    Outcome.MISSING: "“I don't have that”",
    Outcome.OFF_TOPIC: "“I only follow …”",
    Outcome.SMALLTALK: "a courtesy",
    Outcome.SCREEN: "a screen on the story as a whole",
}


def _number(done: Saved) -> str:
    return f"Saved as question {done.question.id}."


def _saved(done: Saved) -> str:
    question = markup.shorten(done.question.question, QUESTION)
    if done.fact is None:
        return f"“{question}” should be declined."
    return f"“{question}” should get {_named(done.fact)}"


def _should_and_gets(each: Judged) -> str:
    number = each.saved.fact_id
    if number is None:
        should = "should be declined"
    elif each.expected is None:
        should = f"should get #{number}, which is withdrawn"
    else:
        should = f"should get {_named(each.expected)}"
    question = markup.shorten(each.saved.question, QUESTION)
    return f"{each.saved.id}. {question} {should}; gets {_got(each)}"


def _was_and_is(each: Judged) -> str:
    last = each.saved
    was = (
        f"#{last.last_fact_id}"
        if last.last_fact_id
        else _GETS.get(last.last_outcome or Outcome.MISSING, "nothing")
    )
    question = markup.shorten(last.question, QUESTION)
    return f"{last.id}. {question} got {was}; gets {_got(each)}"


def _got(each: Judged) -> str:
    if each.told:
        return " and ".join(f"#{fact.id}" for fact in each.told)
    gets = _GETS.get(each.outcome, "nothing")
    if each.choices:
        gets += " " + ", ".join(f"#{fact.id}" for fact in each.choices)
    return gets


def _named(fact: Fact) -> str:
    return f"#{fact.id}: {markup.shorten(fact.text, FACT)}"


def _list(title: str, found: Sequence[Judged], lines: Iterable[str]) -> list[str]:
    if not found:
        return []
    shown = [line for line, _ in zip(lines, range(SHOWN), strict=False)]
    return ["\n".join([markup.bold(f"{title}:"), *_lines(shown, len(found) - len(shown))])]


def _lines(shown: Iterable[str], more: int) -> list[str]:
    lines = [markup.escape("• " + markup.shorten(line, 2 * QUESTION)) for line in shown]
    return [*lines, f"and {more:,} more"] if more > 0 else lines
