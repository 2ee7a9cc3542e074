"""The desk's screens and the cards of waiting questions; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.services.answers.results import Outcome
from bot.services.desk.inbox import DeskScreen, FactPage, FreshLook, QuestionCard, Waiting
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import Fact
from db.records.desk import DeskQuestion


@press("2wd")
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesk(Press):
    """Show the desk."""


@press("2wq")
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion(Press):
    """Show a waiting question."""

    question_id: int


@press("2wl")
@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Press):
    """Leave a question for later."""

    question_id: int


@press("2wg")
@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp(Press):
    """Ask whether readers should be told that the desk could not find out."""

    question_id: int


@press("2wy")
@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpSurely(Press):
    """Tell readers that the desk could not find out."""

    question_id: int


@press("2wr")
@dataclass(frozen=True, slots=True, kw_only=True)
class LookFresh(Press):
    """Show what should be looked at again, from this page."""

    page: int


@press("2wa")
@dataclass(frozen=True, slots=True, kw_only=True)
class AllFacts(Press):
    """Show all facts, from this page."""

    page: int


@press("2wk")
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Press):
    """The feedback on these exchanges was looked at."""

    first: int
    last: int


@press("2ww")
@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Press):
    """Write the answer to a waiting question."""

    question_id: int


@press("2wf")
@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Press):
    """A fact answers a waiting question already."""

    question_id: int


@press("2vl")
@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Press):
    """Show readers' words to look at, from this page (of this fact; 0 is all)."""

    fact_id: int
    page: int


THE_DESK: Final = Button(label="The desk", press=OpenDesk())

LABEL: Final = 150
"""Characters of a question in a list; words of readers on a card take more."""
WORDS: Final = 400


def desk(shown: DeskScreen) -> Message:
    """Return everything that waits, on one screen."""
    # Of four buttons at most: the second question can be opened by its number as well.
    opened = shown.first[: 1 if shown.suggestions else 2]
    lines = [markup.bold(_who_waits(shown))]
    lines += [_waiting(number, each, shown.at) for number, each in enumerate(shown.first, 1)]
    if rest := shown.questions - len(shown.first):
        lines.append(f"And {rest} more: /desk {len(shown.first) + 1} opens the next.")
    elif len(shown.first) > len(opened):
        nth = "/desk 3 opens the third" if len(opened) > 1 else "/desk 2 opens the second"
        lines.append(f"{nth}, and so on.")
    lines.append("")
    if shown.stale or shown.feedback:
        old = _count(shown.stale, "fact is past its day", "facts are past their day")
        said = _count(shown.feedback, "reader", "readers") + " said “not what I asked”"
        lines.append(f"For a fresh look: {old}, {said}.")
    if shown.suggestions:
        lines.append(f"Readers' words: {shown.suggestions} to look at.")
    if shown.drafts:
        lines.append(_count(shown.drafts, "draft waits", "drafts wait") + ": /drafts.")
    lines.append(_today(shown.today))
    answers = tuple(
        Button(label=f"Answer {number}", press=OpenQuestion(question_id=each.question.id))
        for number, each in enumerate(opened, 1)
    )
    words = Button(label="Readers' words", press=Words(fact_id=0, page=0))
    more = (
        *((words,) if shown.suggestions else ()),
        Button(label="Fresh look", press=LookFresh(page=0)),
        Button(label="All facts", press=AllFacts(page=0)),
    )
    return Message(text_html="\n".join(lines), buttons=(*answers, *more))


def card(shown: QuestionCard) -> Message:
    """Return one waiting question; a reply to this message is its answer."""
    question, number = shown.question, shown.question.fact_id
    lines = [markup.bold(markup.shorten(question.question, WORDS)), _wait(question, shown.at)]
    if len(shown.wordings) > 1:
        lines += ["", "Readers wrote:"]
        lines += [
            markup.escape(f"{place}. {markup.shorten(words, WORDS)}")
            for place, words in enumerate(shown.wordings, 1)
        ]
    if shown.closest:
        lines += ["", "The closest facts:", *(_fact_line(fact) for fact in shown.closest)]
    lines.append("")
    write = Button(label="Write an answer", press=Write(question_id=question.id))
    link = Button(label="It is fact …", press=Link(question_id=question.id))
    leave = (
        Button(label="We could not find out", press=GiveUp(question_id=question.id)),
        Button(label="Later", press=Later(question_id=question.id)),
    )
    if number is not None:
        lines.append(
            f"It waits until #{number} is known: /edit {number} and the news, and everybody who "
            "waits is told."
        )
        return Message(text_html="\n".join(lines), buttons=(link, *leave))
    lines.append("Reply to this message with the answer, or with the number of a fact such as #7.")
    return Message(text_html="\n".join(lines), buttons=(write, link, *leave))


def later(shown: QuestionCard) -> Message:
    """Return what is left of a card when its question is put off; a reply still answers it."""
    text = markup.bold("Left for later.")
    asked = markup.escape(markup.shorten(shown.question.question, WORDS))
    return Message(
        text_html=f"{text} {asked}\n{_wait(shown.question, shown.at)}",
        buttons=(
            Button(label="Open it again", press=OpenQuestion(question_id=shown.question.id)),
            THE_DESK,
        ),
    )


def sure(shown: QuestionCard) -> Message:
    """Return the question whether to give up."""
    readers = _count(shown.question.waiting, "reader", "readers")
    asked = markup.escape(markup.shorten(shown.question.question, WORDS))
    number = shown.question.id
    return Message(
        text_html=f"{markup.bold(f'Tell {readers} that the desk could not find out?')}\n{asked}",
        buttons=(
            Button(label="Yes, tell them", press=GiveUpSurely(question_id=number)),
            Button(label="Later", press=Later(question_id=number)),
        ),
    )


def given_up(question: DeskQuestion, readers: int) -> Message:
    """Return that readers are being told that the desk could not find out."""
    who = _count(readers, "reader is", "readers are")
    asked = markup.escape(markup.shorten(question.question, WORDS))
    text = markup.bold(f"{who} being told that the desk could not find out.")
    return Message(text_html=f"{text}\n{asked}", buttons=(THE_DESK,))


def fresh_look(shown: FreshLook) -> Message:
    """Return a page of stale facts and feedback, each with what to do."""
    today = shown.at.date()
    lines = []
    if shown.stale:
        lines += [markup.bold("Past their day"), *(_stale(each, shown) for each in shown.stale)]
        lines.append("Still so: /still 7. Changed: /edit 7 and the new words.")
    if shown.feedback:
        lines += ["", markup.bold("Not what they asked")]
        for said, fact in shown.feedback:
            got = f"#{said.fact_id}" + ("" if fact is None else f" {_label(fact)}")
            when = screens.local(said.at, shown.story, today)
            lines.append(
                markup.escape(f"• {when}: “{markup.shorten(said.words, LABEL)}” got {got}")
            )
        lines.append("To teach the right fact: /phrase 7 and their words.")
    buttons = []
    if shown.feedback:
        first, last = (shown.feedback[place][0].exchange_id for place in (0, -1))
        buttons.append(Button(label="Seen", press=Seen(first=first, last=last)))
    if shown.more:
        buttons.append(Button(label="More", press=LookFresh(page=shown.page + 1)))
    text = "\n".join(lines).strip() or markup.bold("Nothing needs a fresh look.")
    return Message(text_html=text, buttons=(*buttons, THE_DESK))


def all_facts(shown: FactPage) -> Message:
    """Return a page of all facts, by number."""
    total = _count(shown.total, "fact", "facts") + " may be told"
    gone = f", {shown.withdrawn} withdrawn" if shown.withdrawn else ""
    lines = [markup.bold(f"{total}{gone}."), *(_fact_line(fact) for fact in shown.facts)]
    lines.append("/fact 7 shows one, /find and words looks for one.")
    buttons = []
    if shown.page:
        buttons.append(Button(label="Before", press=AllFacts(page=shown.page - 1)))
    if shown.more:
        buttons.append(Button(label="Next", press=AllFacts(page=shown.page + 1)))
    return Message(text_html="\n".join(lines), buttons=(*buttons, THE_DESK))


def _who_waits(shown: DeskScreen) -> str:
    if not shown.questions:
        return "Nobody is waiting for an answer."
    waits = _count(shown.readers, "reader waits", "readers wait")
    return f"{waits} for {_count(shown.questions, 'answer', 'answers')}."


def _waiting(number: int, each: Waiting, at: datetime) -> str:
    question = each.question
    note = ""
    if each.answered_by is not None:
        note = f"; may be answered by #{each.answered_by}"
    elif question.fact_id is not None:
        note = f"; waits until #{question.fact_id} is known"
    asked = markup.shorten(question.question, LABEL)
    return markup.escape(f"{number}. {asked} · {_wait(question, at)}{note}")


DECLINED: Final = (Outcome.MISSING, Outcome.OFF_TOPIC)


def _wait(question: DeskQuestion, at: datetime) -> str:
    return f"{_count(question.waiting, 'reader', 'readers')}, {_age(at - question.opened_at)}"


def _age(waited: timedelta) -> str:
    minutes = max(0, int(waited.total_seconds()) // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _today(counts: dict[Outcome, int]) -> str:
    declined = sum(counts[each] for each in DECLINED)
    asked = sum(counts.values()) - counts[Outcome.SMALLTALK]
    answered, unknown = counts[Outcome.ANSWER], counts[Outcome.UNKNOWN]
    not_covered = counts[Outcome.NOT_COVERED]
    return (
        f"Today: {asked} asked, {answered} answered, {unknown} not known yet, "
        f"{f'{not_covered} not covered, ' if not_covered else ''}{declined} declined."
    )


def _stale(fact: Fact, shown: FreshLook) -> str:
    assert fact.check_by is not None  # noqa: S101 - that is why it is stale
    day = screens.local(fact.check_by, shown.story, shown.at.date())
    return markup.escape(f"• #{fact.id} {_label(fact)} · since {day}")


def _fact_line(fact: Fact) -> str:
    said = markup.shorten(markup.first_sentence(fact.text)[0], 90)
    label = f"{_label(fact)} " if fact.question else ""
    status = messages.STATUS_WORDS.get(fact.status)
    after = f" ({status.lower()})" if status else ""
    return markup.escape(f"#{fact.id} {label}{said}{after}")


def _label(fact: Fact) -> str:
    return markup.shorten(messages.label_of(fact), 120)


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
