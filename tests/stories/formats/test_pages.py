"""Pages: a question is never a fact, nothing is lost without a word, an article is no FAQ page."""

import pytest

from bot.errors import StoryFileError
from bot.stories import decoding, reading
from bot.stories.notes import AnswerCut, PassagesLeftOut
from bot.stories.schema import FIELD
from bot.stories.storyfile import Format

FAQ = (
    "# Bridge\n\n## Who pays?\nThe town pays\nall of it.\n\n- at once\n- in cash\n\n"
    "## When?\nIn May.\n"
)


def test_text_below_a_question_answers_it_with_its_lists() -> None:
    first, second = reading.read(FAQ.encode(), Format.MD, name="faq.md").entries
    assert first.given["text"] == "The town pays all of it.\n• at once\n• in cash"
    assert (second.given["question"], second.given["text"]) == ("When?", "In May.")


def test_a_question_without_an_answer_is_named_and_is_no_fact() -> None:
    sound = reading.read_sound(f"{FAQ}\n## Who says so?\n".encode(), Format.MD, name="faq.md")
    assert [entry.given["question"] for entry in sound.file.entries] == ["Who pays?", "When?"]
    assert sound.faults == ("line 13: the question 'Who says so?' has no answer below it",)
    assert sound.refused == 1


def test_a_long_answer_is_cut_after_a_sentence_and_the_rest_is_named() -> None:
    answer = "The bridge carries forty thousand cars a day. " * 30
    file = reading.read(f"## Q?\n{answer}\n## R?\nS.\n".encode(), Format.MD, name="faq.md")
    (cut,) = (each for each in file.notes if isinstance(each, AnswerCut))
    kept = file.entries[0].given["text"]
    assert len(kept) <= FIELD["text"].limit
    assert kept.endswith("cars a day.")
    assert f"{kept} {cut.left_out}" == answer.strip()
    assert (cut.place, cut.question) == ("line 1", "Q?")


def test_text_that_belongs_to_no_question_is_noted() -> None:
    file = reading.read(f"Welcome to the page.\n\n{FAQ}".encode(), Format.MD, name="faq.md")
    assert PassagesLeftOut(count=1, first="Welcome to the page.") in file.notes


ARTICLE = (
    "The council met on Monday. It voted for the bridge, and the mayor spoke for an hour about the "
    "cost of it.\n\nWho pays?\n\nThe town does, the mayor said.\n\nAnd when will it end?\n\n"
    "By June, she hopes.\n\n" + "Nobody in the hall had asked for a vote on the plan itself. " * 5
)


@pytest.mark.parametrize(
    ("text", "holds"), [(FAQ, True), (ARTICLE, False), ("It rained. Why?\n", False), ("", False)]
)
def test_an_article_with_questions_in_it_stays_an_article(text: str, holds: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert decoding.holds_facts(text.encode(), Format.MD) is holds


def test_the_command_line_sends_an_article_to_the_chat() -> None:
    with pytest.raises(StoryFileError, match="reads as an article; send it to the bot in the chat"):
        reading.read(ARTICLE.encode(), Format.TXT, name="news.txt")
