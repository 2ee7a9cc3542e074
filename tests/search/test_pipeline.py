"""The whole path from a message to a verdict."""

import pytest

from bot.search import Context, Courtesy, FactIndex, Outcome, SentenceVectors
from tests.search import harbour
from tests.search.harbour import told


def context(*documents: int, question: str = "Who closed the bridge?") -> Context:
    return Context(question=question, documents=documents)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was the bridge opened?", 1),
        ("bridge how lnog", 2),
        ("who cloesd the brigde", 4),
        ("is there a boat I can take instead?", 5),
    ],
)
def test_a_question_is_told_its_fact(bridge: FactIndex, question: str, expected: int) -> None:
    verdict = bridge.ask(question)
    assert (verdict.outcome, told(verdict)) == (Outcome.ANSWER, [expected])
    assert verdict.candidates[0] == verdict.told[0]


def test_facts_without_ways_of_asking_answer_too() -> None:
    index = harbour.index(harbour.bare())
    assert told(index.ask("When was the bridge opened?")) == [1]
    assert told(index.ask("how long is the bridge")) == [2]


def test_two_questions_get_two_facts(bridge: FactIndex) -> None:
    for message in (
        "When was the bridge opened and who closed it?",
        "When was the bridge opened? Who closed the bridge?",
    ):
        assert told(bridge.ask(message)) == [1, 4]


def test_two_questions_in_the_bundled_story_get_two_facts(story: FactIndex) -> None:
    verdict = story.ask("How long was the call? When did it take place?")
    assert verdict.outcome is Outcome.ANSWER
    assert len(verdict.told) == 2


def test_a_question_twice_gets_one_fact(bridge: FactIndex) -> None:
    message = "When was the bridge opened? When was the bridge opened?"
    assert told(bridge.ask(message)) == [1]


def test_statements_before_a_question_do_not_hide_it(bridge: FactIndex) -> None:
    message = "I drove here with my cousin from Leeds. We were late. When was the bridge opened?"
    assert told(bridge.ask(message)) == [1]


def test_a_known_unknown_is_said_to_be_unknown(bridge: FactIndex) -> None:
    verdict = bridge.ask("Why was the bridge closed?")
    assert (verdict.outcome, told(verdict)) == (Outcome.UNKNOWN, [3])


@pytest.mark.parametrize("question", ["price of butter in Naples", "who won the chess final"])
def test_a_question_on_another_subject_is_declined(question: str) -> None:
    index = FactIndex.build(harbour.FACTS, lexicon=harbour.LEXICON, sentences=SentenceVectors())
    verdict = index.ask(question)
    assert verdict.outcome in (Outcome.OFF_TOPIC, Outcome.MISSING)
    assert verdict.told == ()
    assert verdict.choices == ()


@pytest.mark.parametrize(
    "question",
    ["What is the weather in Paris tomorrow?", "best pasta recipe", "who won the Oscars"],
)
def test_another_subject_gets_no_fact_of_the_bundled_story(story: FactIndex, question: str) -> None:
    # That the story does not tell of the weather may be said whatever city is asked about.
    assert story.ask(question).outcome is not Outcome.ANSWER


def test_gibberish_is_noise(story: FactIndex) -> None:
    verdict = story.ask("asdkjh qweklj zxcmv")
    assert (verdict.outcome, verdict.courtesy) == (Outcome.SMALLTALK, Courtesy.NOISE)


def test_a_follow_up_leans_on_what_was_asked(bridge: FactIndex) -> None:
    assert told(bridge.ask("and when was it opened?", context=context(2))) == [1]
    assert told(bridge.ask("and its length?", context=context(1))) == [2]


def test_a_follow_up_in_the_bundled_story_is_understood(story: FactIndex) -> None:
    question = "When did Trump and Putin speak on the phone?"
    first = story.ask(question)
    assert "May 19" in first.told[0].document.text
    after = Context(question=question, documents=tuple(each.document.id for each in first.told))
    verdict = story.ask("and how long did it go on?", context=after)
    assert "two and a half" in " ".join(each.document.text for each in verdict.told)


def test_a_counterpart_gets_its_own_fact(story: FactIndex) -> None:
    """Not the one about the other side, which has just been told."""
    first = "where was the Russian president?"
    facts = tuple(each.document.id for each in story.ask(first).told)
    verdict = story.ask("and the American one?", context=Context(question=first, documents=facts))
    assert verdict.outcome is Outcome.ANSWER
    assert "Washington" in verdict.told[0].document.text


def test_a_question_that_is_surer_by_itself_stands_by_itself(story: FactIndex) -> None:
    question = "Where was Putin when he was on the phone with Trump?"
    after = context(*told(story.ask("Who led the Russian team?")), question="Who led the team?")
    verdict = story.ask(question, context=after)
    assert told(verdict) == told(story.ask(question))
    assert "Sochi" in verdict.told[0].document.text


def test_a_full_question_does_not_lean(bridge: FactIndex) -> None:
    question = "When was the harbour bridge opened?"
    assert bridge.ask(question, context=context(4)) == bridge.ask(question)


@pytest.mark.parametrize("doubt", ["Who says so?", "source?", "is that true?"])
def test_a_doubt_repeats_what_was_told(bridge: FactIndex, doubt: str) -> None:
    verdict = bridge.ask(doubt, context=context(4, 1))
    assert (verdict.outcome, told(verdict)) == (Outcome.ANSWER, [4, 1])
    assert all(each.confidence == 1 for each in verdict.told)


def test_a_doubt_about_a_known_unknown_repeats_that_it_is_unknown(bridge: FactIndex) -> None:
    verdict = bridge.ask("says who?", context=context(3))
    assert (verdict.outcome, told(verdict)) == (Outcome.UNKNOWN, [3])


def test_a_doubt_about_a_fact_that_is_gone_tells_nothing(bridge: FactIndex) -> None:
    verdict = bridge.ask("says who?", context=context(77))
    assert (verdict.outcome, verdict.told) == (Outcome.SMALLTALK, ())


def test_a_doubt_without_anything_told_is_a_question(bridge: FactIndex) -> None:
    assert bridge.ask("who says so?").told == ()
    assert bridge.ask("who says so?", context=context()).outcome is not Outcome.SMALLTALK


def test_a_follow_up_to_a_fact_that_is_gone_still_answers(bridge: FactIndex) -> None:
    assert told(bridge.ask("and when was it opened?", context=context(77))) == [1]


def test_an_overview_tells_several_facts(story: FactIndex) -> None:
    verdict = story.ask("Tell me about the prisoner exchange")
    assert verdict.outcome is Outcome.ANSWER
    assert 1 <= len(verdict.told) <= 3


@pytest.mark.parametrize(
    "message",
    ["", " ", "?", "\x00", "\ud800", "\u200b", "a" * 4096, "who " * 1000, "1" * 4096, "'" * 500],
)
def test_no_message_raises(bridge: FactIndex, message: str) -> None:
    for given in (None, context(1), context(), context(77)):
        assert bridge.ask(message, context=given).outcome in Outcome
