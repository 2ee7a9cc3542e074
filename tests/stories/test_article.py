"""Articles become sentences, each with what can be told of its source, date and topics."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories import article
from bot.stories.speakers import likely_source
from db.records import Moment, Name, NameKind

TODAY = date(2025, 5, 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "U.S. President Donald Trump met Gen. Lee on Jan. 5. He left at 5 p.m. The car waited.",
            [
                "U.S. President Donald Trump met Gen. Lee on Jan. 5.",
                "He left at 5 p.m.",
                "The car waited.",
            ],
        ),
        (
            "They met in the U.S. The talks failed. J. D. Vance spoke to Dr. A. Smith of St. Ives.",
            [
                "They met in the U.S.",
                "The talks failed.",
                "J. D. Vance spoke to Dr. A. Smith of St. Ives.",
            ],
        ),
        (
            "It cost 3.5 million, No. 7 said. 412 people came! Did they stay? Nobody knows…  Yet.",
            [
                "It cost 3.5 million, No. 7 said.",
                "412 people came!",
                "Did they stay?",
            ],
        ),
        (
            '"Are you serious?" Vance asked the mayor. "No. Not yet. We wait," she said. So be it.',
            [
                '"Are you serious?" Vance asked the mayor.',
                '"No. Not yet. We wait," she said.',
                "So be it.",
            ],
        ),
        (
            "“Look, are you serious? Are you real?” was asked. (It rained hard.) Then sun came.",
            [
                "“Look, are you serious? Are you real?” was asked.",
                "(It rained hard.)",
                "Then sun came.",
            ],
        ),
        (
            '"A quotation that never ends. It goes on here. And it goes on there.',
            ['"A quotation that never ends.', "It goes on here.", "And it goes on there."],
        ),
        ("By our staff\nThe bridge is shut.\nIt will open soon.", None),
        (
            "# The bridge\n\nThe **bridge** is\nshut, [the mayor](https://x.org) said.\n\n"
            "- The first pier stands.\n- The second is gone.\n\n> It was old, he said.\n",
            [
                "The bridge is shut, the mayor said.",
                "The first pier stands.",
                "The second is gone.",
                "It was old, he said.",
            ],
        ),
        (
            "The bridge was shut on\r\nMonday after the\r\ninspection. It stays shut\r\nfor now.",
            ["The bridge was shut on Monday after the inspection.", "It stays shut for now."],
        ),
        ("1. First of all it rained.\n2. Then it was dry.", None),
        ("", []),
        (" \n\n# Heading\n\n* \n", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str] | None) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    plain = [line.lstrip("12. ") if line[0].isdigit() else line for line in lines]
    assert article.sentences(text) == (plain if expected is None else expected)


@given(st.text(max_size=300).map(lambda text: text.replace("[", "(")))
def test_no_text_breaks_it_and_nothing_is_made_up(text: str) -> None:
    letters = "".join(filter(str.isalpha, text))
    for draft in article.proposed(text, (), TODAY):
        assert len(draft.text.split()) >= article.LEAST_WORDS
        assert "".join(filter(str.isalpha, draft.text)) in letters


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        (
            "According to Russia’s state-owned news agency TASS, it was long.",
            "Russia’s state-owned news agency TASS",
        ),
        ("The call was long, according to the Kremlin.", "Kremlin"),
        ("Reuters reported that he was in Sochi.", "Reuters"),
        (
            "U.S. Vice President JD Vance said on May 19 that he will.",
            "U.S. Vice President JD Vance",
        ),
        ('"It is an impasse," Vance said from Italy.', "Vance"),
        (
            "Kremlin spokesperson Dmitry Peskov said that it is long.",
            "Kremlin spokesperson Dmitry Peskov",
        ),
        ('"Nothing will happen," the U.S. president told reporters.', "U.S. president"),
        ("On Monday Mayor Anna Berg announced the end.", "Mayor Anna Berg"),
        ("It is long work, as reported by the state-run news agency TASS.", "TASS"),
        ('He later added, "It is time."', None),
        ("It said nothing.", None),
        ("The bridge is shut.", None),
        ("The report said so.", None),
    ],
)
def test_the_source_is_whoever_is_said_to_say_so(sentence: str, who: str | None) -> None:
    assert likely_source(sentence) == who


@pytest.mark.parametrize(
    ("sentence", "said", "took_place"),
    [
        ("Vance said on May 19 that they will meet.", "2025-05-19", None),
        ("She told reporters on 15 May, 2024 that all is well.", "2024-05-15", None),
        ("They spoke on May 19, 2023.", None, "2023-05-19"),
        ("They spoke on 19 May.", None, "2025-05-19"),
        ("They spoke on Dec. 3 and on May 2.", None, "2024-12-03"),
        ("On 2025-05-18 it rained.", None, "2025-05-18"),
        ("On 31 June they met, then on 1 July 2024.", None, "2024-07-01"),
        ("On 2025-13-45 nothing was.", None, None),
        ("On 29 February it rained.", None, None),
        ("Maybe 30 people may 5 times.", None, "2025-05-05"),
        ("Nothing of the kind.", None, None),
    ],
)
def test_a_day_is_when_it_was_said_or_when_it_took_place(
    sentence: str, said: str | None, took_place: str | None
) -> None:
    (draft,) = article.proposed(sentence, (), TODAY)
    assert draft.as_of == (Moment.parse(said) if said else None)
    assert draft.happened == (Moment.parse(took_place) if took_place else None)


def test_topics_are_the_names_that_are_mentioned() -> None:
    names = (
        Name(name="Vladimir Putin", kind=NameKind.PERSON, also=("Putin",)),
        Name(name="TASS", kind=NameKind.BODY),
        Name(name="Rome", kind=NameKind.PLACE),
    )
    (draft,) = article.proposed("TASS says that Putin's car left, not Romeo's.", names, TODAY)
    assert draft.topics == ("vladimir putin", "tass")


def test_a_sentence_that_stands_twice_is_proposed_once() -> None:
    assert len(article.proposed("It rained again. It rained again.", (), TODAY)) == 1


def test_what_an_editor_says_of_the_article_is_no_sentence_of_it() -> None:
    text = (
        "Editor's note: This is a developing story and is being updated.\n\n"
        "The bridge was shut at noon.\n\n"
        "Read also: How the bridge was built\n\n"
        "This article has been updated with the mayor's words.\n\n"
        "Correction of the river's course began in 1931."
    )
    assert article.sentences(text) == [
        "The bridge was shut at noon.",
        "Correction of the river's course began in 1931.",
    ]
