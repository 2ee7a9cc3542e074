"""How the desk's screens and the messages to waiting readers read, whatever stands in them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.answers.results import Outcome
from bot.services.desk.inbox import DeskScreen, FactPage, FreshLook, QuestionCard, Waiting
from bot.services.questions.escalations import Ending, Escalation
from bot.services.questions.resolution_steps import Resolution, Resolved, Step
from bot.views.desk import inbox
from bot.views.message import Message
from bot.views.presses import encode, parse
from bot.views.questions import escalations, resolutions
from db.records import Fact, FactDraft
from db.records.desk import (
    DeskQuestion,
    Feedback,
    Proposal,
    ProposalKind,
    ProposalState,
    Wait,
)
from tests.samples import AT, a_fact, a_story, an_answer
from tests.views.answers.test_messages import ANY_TEXT, LONG_TEXT, check
from tests.views.answers.test_messages import (
    test_every_message_reads_without_its_formatting as reads_plain,
)

LARGE = 2**63 - 1


def every_message(words: str, fact: Fact) -> list[Message]:
    """Return every message of this part, with these words of readers and this fact in it."""
    question = DeskQuestion(
        id=LARGE, question=words, state=Wait.WAITING, fact_id=None, opened_at=AT, waiting=3
    )
    linked = replace(question, fact_id=fact.id)
    cards = [
        QuestionCard(question=each, wordings=wordings, closest=(fact,) * 3, at=AT)
        for each in (question, linked)
        for wordings in ((words,), (words,) * 5)
    ]
    entries = tuple(
        Waiting(question=each, answered_by=number)
        for each, number in ((question, LARGE), (linked, None), (question, None))
    )
    today = dict.fromkeys(Outcome, LARGE)
    screens = [
        DeskScreen(
            questions=many,
            readers=many,
            first=(entries * 2)[: min(5, many)],
            stale=many,
            feedback=many,
            drafts=many,
            suggestions=many,
            today=today,
            at=AT + timedelta(days=many),
        )
        for many in (0, 1, 3, 99)
    ]
    said = Feedback(exchange_id=LARGE, fact_id=fact.id, words=words, at=AT)
    stale = (replace(fact, check_by=AT),) * 5
    looks = [
        FreshLook(stale=old, feedback=new, page=0, more=more, story=a_story(), at=AT)
        for old, new, more in (((), (), False), (stale, ((said, fact), (said, None)), True))
    ]
    pages = [
        FactPage(facts=(fact,) * 10, total=99, withdrawn=gone, page=page, more=more)
        for gone, page, more in ((0, 0, True), (3, 2, False))
    ]
    return [
        *(inbox.desk(each) for each in screens),
        *(show(card) for card in cards for show in (inbox.card, inbox.later, inbox.sure)),
        inbox.given_up(question, 1),
        *(inbox.fresh_look(each) for each in looks),
        *(inbox.all_facts(each) for each in pages),
        *steps(question, words, fact),
        *to_readers(words, fact),
    ]


def steps(question: DeskQuestion, words: str, fact: Fact) -> list[Message]:
    proposal = Proposal(
        id=LARGE,
        chat_id=1,
        thread_id=None,
        editor=1,
        kind=ProposalKind.ADD,
        state=ProposalState.OPEN,
        step=Step.TEXT,
        turn=LARGE,
        draft=FactDraft(key="", text=fact.text[:1000], question=fact.question, source=fact.source),
        fact_id=None,
        base_version=None,
        notes={},
        message_id=None,
        made_at=AT,
        touched_at=AT,
    )
    shown = [
        Resolution(
            proposal=replace(proposal, step=step),
            question=question,
            fact=named,
            closest=(fact,) * 3,
            offered=offered,
            ticked=frozenset([0]) if offered else frozenset(),
            story=a_story(),
            at=AT,
        )
        for step in Step
        for named in (None, fact)
        for offered in ((), (words,) * 5)
    ]
    done = [
        Resolved(proposal=proposal, fact=fact, readers=n, written=bool(n % 2), phrasings=n)
        for n in (0, 1, 2)
    ]
    return [
        *(resolutions.step(each) for each in shown),
        *(resolutions.resolved(each) for each in done),
    ]


def to_readers(words: str, fact: Fact) -> list[Message]:
    answer = an_answer(Outcome.ANSWER, told=[fact])
    unknown = an_answer(Outcome.UNKNOWN, told=[fact])
    ends = [(Wait.ANSWERED, answer), (Wait.GIVEN_UP, None), (Wait.EXPIRED, None)]
    endings = [
        Ending(
            reader_id=1,
            exchange_id=LARGE,
            chat_id=1,
            thread_id=None,
            reply_to=reply,
            words=words,
            state=state,
            answer=told,
        )
        for state, told in ends
        for reply in (None, 7)
    ]
    passed = [
        Escalation(exchange_id=LARGE, others=others, unknown=told)
        for others in (0, 1, 4)
        for told in (None, unknown)
    ]
    return [
        *(escalations.ending(each, bot="storydesk_bot") for each in endings),
        *(escalations.waiting(each, bot="storydesk_bot") for each in passed),
    ]


FACTS = st.builds(
    lambda text, question: a_fact(text=f"{text} .", question=question, source=question),
    LONG_TEXT,
    st.none() | LONG_TEXT,
)


@given(LONG_TEXT | ANY_TEXT, FACTS)
def test_no_words_break_any_message(words: str, fact: Fact) -> None:
    for message in every_message(words, fact):
        check(message)


@pytest.mark.parametrize("message", every_message("How many ships?", a_fact(source="TASS")))
def test_messages_read_without_their_formatting(message: Message) -> None:
    reads_plain(message)


@pytest.mark.parametrize("message", every_message("How many ships?", a_fact()))
def test_every_button_comes_back_as_it_was_made(message: Message) -> None:
    for button in message.buttons:
        assert parse(encode(button.press)) == button.press
