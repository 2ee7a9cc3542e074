"""How messages read, and that nothing breaks their form."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.alerts.parcels import Change
from bot.services.answers.results import Courtesy, Offer, Outcome, Overview, Standing
from bot.views import markup, presses, screens
from bot.views.answers import messages
from bot.views.message import Message, plain
from db.records import ChangeKind, Fact, Moment, Status, Story
from tests.samples import AT, a_fact, a_story, a_version, an_answer

MAY_19 = Moment.parse("2025-05-19")
ANY_TEXT = st.text(alphabet=st.characters(), min_size=1, max_size=200)
LONG_TEXT = st.builds(lambda text, n: text * n, ANY_TEXT, st.integers(1, 60))
FACTS = st.builds(
    lambda text, question, source, address, status, word: a_fact(
        text=text + " .",
        question=question,
        source=source,
        source_url=address,
        status=status,
        next_word=word,
        as_of=MAY_19,
    ),
    LONG_TEXT,
    st.none() | LONG_TEXT,
    st.none() | LONG_TEXT,
    st.none() | ANY_TEXT | st.builds("https://{}".format, ANY_TEXT),
    st.sampled_from(Status),
    st.none() | LONG_TEXT,
)


class Wellformed(HTMLParser):
    """Fails on tags that Telegram would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        assert tag in ("b", "i", "a")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def became(fact: Fact, kind: ChangeKind, story: Story | None = None) -> Standing:
    """Return how a version stands that said otherwise."""
    gone = kind is ChangeKind.WITHDRAWAL
    was = a_version(fact, "Three hours.")
    change = Change(kind=kind, fact=fact, was=was, reason="Nobody timed it." if gone else None)
    return Standing(
        fact=None if gone else fact,
        change=change,
        changed_at=AT,
        checked_at=AT,
        story=story or a_story(),
        at=AT,
    )


def every_message(fact: Fact, about: str = "the bridge") -> list[Message]:
    """Return every message that there is, with this fact in it."""
    others = [a_fact(8, question="Who built it?"), a_fact(9, question=None)]
    story = a_story(about=about)
    shapes = [
        an_answer(Outcome.ANSWER, told=[fact], others=others, story=story),
        an_answer(Outcome.ANSWER, told=[fact, fact, fact], others=others, story=story),
        an_answer(Outcome.UNKNOWN, told=[fact], story=story),
        an_answer(Outcome.CHOOSE, choices=[fact, *others], story=story),
        an_answer(Outcome.MISSING, others=[fact], story=story),
        an_answer(Outcome.MISSING, story=story),
        an_answer(Outcome.OFF_TOPIC, story=story),
        *(an_answer(Outcome.SMALLTALK, courtesy=courtesy, story=story) for courtesy in Courtesy),
        an_answer(Outcome.SMALLTALK, story=story),
    ]
    full = Overview(story=story, known=(fact,) * 12, unknown=(fact,) * 12, total=20, at=AT)
    none = Overview(story=story, known=(), unknown=(), total=0, at=AT)
    stands = [
        Standing(fact=fact, checked_at=AT, story=story, at=AT),
        *(became(fact, kind, story) for kind in ChangeKind),
        Standing(fact=None, story=story, at=AT),
    ]
    bots = (None, "storydesk_bot")
    return [
        *(messages.answer(shape, bot=bot) for shape in shapes for bot in bots),
        *(
            messages.offer(Offer(exchange_id=1, facts=facts))
            for facts in ((), (fact,), (fact, fact))
        ),
        *(screens.overview(shown, bot=bot) for shown in (full, none) for bot in bots),
        *(screens.standing(each, bot=bot) for each in stands for bot in bots),
        screens.welcome(full),
        screens.help_text(story, bot="storydesk_bot"),
        *(each for each in vars(screens).values() if isinstance(each, Message)),
    ]


def check(message: Message) -> None:
    """Fail where Telegram would refuse the message or the house rules are broken."""
    parser = Wellformed()
    parser.feed(message.text_html)
    parser.close()
    assert parser.open == []
    assert 1 <= markup.length(plain(message)) <= markup.LONGEST
    assert len(message.text_html.encode()) <= 32_768
    assert len(message.buttons) <= 4
    for button in message.buttons:
        assert 1 <= markup.length(button.label) <= 64
        assert len(presses.encode(button.press).encode()) <= 64


@given(FACTS, ANY_TEXT)
def test_no_text_breaks_any_message(fact: Fact, about: str) -> None:
    for message in every_message(fact, about):
        check(message)


@pytest.mark.parametrize("message", every_message(a_fact(source="TASS", as_of=MAY_19)))
def test_every_message_reads_without_its_formatting(message: Message) -> None:
    text = plain(message)
    assert not re.search(r"[<>]|&\w+;", text)
    assert "!" not in text
    assert text == text.strip()
    assert text[-1] in ".?" or "·" in text or "," in text or "•" in text


@pytest.mark.parametrize(
    ("outcome", "labels"),
    [
        (Outcome.ANSWER, ["Not what I asked"]),
        (Outcome.UNKNOWN, ["Tell me when it is known", "Not what I asked"]),
        (Outcome.NOT_COVERED, ["Pass it on", "Not what I asked"]),
    ],
)
def test_an_answer_has_at_most_two_buttons(outcome: Outcome, labels: list[str]) -> None:
    message = messages.answer(an_answer(outcome, told=[a_fact()], others=[a_fact(8), a_fact(9)]))
    assert [button.label for button in message.buttons] == labels


def test_an_answer_leads_with_its_first_sentence_and_ends_with_who_says_so() -> None:
    fact = a_fact(source="TASS", as_of=MAY_19, version=2)
    message = messages.answer(an_answer(Outcome.ANSWER, told=[fact]), bot="storydesk_bot")
    assert message.text_html == (
        "<i>How long did it last?</i>\n"
        "<b>About two and a half hours.</b> That is the agency&#x27;s figure.\n"
        '<i>TASS, 19 May · <a href="https://t.me/storydesk_bot?start=v_7_2">still true?</a></i>'
    )


def test_only_a_status_that_is_not_confirmed_is_shown() -> None:
    def told(status: Status) -> str:
        fact = a_fact(source="TASS", status=status)
        return plain(messages.answer(an_answer(Outcome.ANSWER, told=[fact])))

    assert told(Status.CONFIRMED).endswith("figure.\nTASS, checked 20 May")
    assert told(Status.REPORTED).endswith("figure.\nReported · TASS, checked 20 May")
    assert told(Status.DISPUTED).endswith("figure.\nDisputed · TASS, checked 20 May")


def test_two_facts_are_two_paragraphs() -> None:
    facts = [a_fact(source="TASS"), a_fact(8, text="In Sochi.", source="Reuters")]
    text = plain(messages.answer(an_answer(Outcome.ANSWER, told=facts)))
    assert text.split("\n\n")[1] == "How long did it last?\nIn Sochi.\nReuters, checked 20 May"


def test_a_known_unknown_says_so_first() -> None:
    fact = a_fact(text="Nobody has named the cause.", status=Status.UNKNOWN, next_word="18:00.")
    text = plain(messages.answer(an_answer(Outcome.UNKNOWN, told=[fact])))
    assert text == (
        "How long did it last?\n"
        "Not known yet. Nobody has named the cause. Next word expected: 18:00.\n"
        "The desk, checked 20 May"
    )


def test_what_is_not_covered_says_so_first_and_promises_no_news() -> None:
    text = "It gives no weight; it gives the length."
    fact = a_fact(text=text, status=Status.NOT_COVERED, next_word="18:00.")
    shown = plain(messages.answer(an_answer(Outcome.NOT_COVERED, told=[fact])))
    assert shown == (
        f"How long did it last?\nThat is not part of this story. {text}\nThe desk, checked 20 May"
    )


def test_which_one_offers_three_and_something_else() -> None:
    choices = [a_fact(number, question=f"Question {number}?") for number in (1, 2, 3)]
    message = messages.answer(an_answer(Outcome.CHOOSE, choices=choices, others=[a_fact(4)]))
    labels = [button.label for button in message.buttons]
    assert plain(message) == "Which one?"
    assert labels == ["Question 1?", "Question 2?", "Question 3?", "Something else"]
    assert message.buttons[-1].press == presses.Other(exchange_id=3, shown=3)


def test_what_is_missing_is_passed_on_and_offers_the_closest_fact_only() -> None:
    message = messages.answer(an_answer(Outcome.MISSING, others=[a_fact(7), a_fact(8)]))
    assert plain(message) == "I don't have that."
    assert [button.press for button in message.buttons] == [
        presses.Choose(exchange_id=3, fact_id=7),
        presses.PassOn(exchange_id=3),
    ]


def test_what_is_not_recorded_cannot_be_passed_on() -> None:
    for outcome in (Outcome.MISSING, Outcome.UNKNOWN):
        message = messages.answer(an_answer(outcome, told=[a_fact()], exchange_id=None))
        assert not any(isinstance(each.press, presses.PassOn) for each in message.buttons)


def test_another_subject_gets_what_the_bot_follows() -> None:
    message = messages.answer(an_answer(Outcome.OFF_TOPIC))
    assert plain(message) == "I only follow the bridge at Aldermere."
    assert [button.label for button in message.buttons] == ["What we know"]


def test_a_fact_of_another_year_shows_its_year() -> None:
    assert messages.moment(Moment.parse("2024-05-19 14:20"), AT.date()) == "19 May 2024 14:20"
    assert messages.moment(MAY_19, AT.date()) == "19 May"


def test_still_true_is_answered_first_then_what_was_wrong_then_what_stands() -> None:
    fact = a_fact(version=3)
    same = Standing(fact=fact, checked_at=AT, story=a_story(), at=AT)
    assert plain(screens.standing(same)).startswith(
        "Yes, as checked on 20 May.\n\nHow long did it last?\nAbout two"
    )
    assert plain(screens.standing(became(fact, ChangeKind.CORRECTION))).startswith(
        "No. Corrected on 20 May 12:00.\nWe said: How long did it last?\nThree hours.\n\n"
        "How long did it last?\nAbout two"
    )
    assert plain(screens.standing(became(fact, ChangeKind.UPDATE))).startswith(
        "Not any more: it changed on 20 May 12:00.\nBefore: How long did it last?\nThree hours."
    )
    assert plain(screens.standing(became(fact, ChangeKind.WITHDRAWAL))) == (
        "No. Withdrawn on 20 May 12:00.\nWe said: How long did it last?\nThree hours.\n"
        "Why: Nobody timed it."
    )
