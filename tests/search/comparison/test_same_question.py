"""Which wordings are taken for the same question."""

import pytest

from bot.search import Document, FactIndex, Name, StoryLexicon
from bot.search.comparison.same_question import same_question

PEOPLE = ("Trump", "Putin", "Melania", "Zelensky", "Macron", "Erdogan")
PLACES = ("Ankara", "Rome", "Kyiv")
LEXICON = StoryLexicon(
    names=(
        *(Name(name=name, kind="person") for name in PEOPLE),
        *(Name(name=name, kind="place") for name in PLACES),
    )
)
OTHERS = (
    "Did Trump and Putin speak?",
    "What happened in Rome?",
    "Who came to the funeral?",
    "How many soldiers are at the border?",
    "What does the treaty say about grain?",
    "When does the school year begin?",
)
SAME = [
    ("How many ships were lost?", "how many ships lost"),
    ("How many ships were lost?", "HOW MANY SHIPS WERE LOST???"),
    ("How many ships were lost?", "How many shps were lsot?"),
    ("Who paid for the repair of the bridge?", "who paid for the bridge repair"),
    ("Who paid for the repair of the bridge?", "who payed for repairing the bridge?"),
    ("Will there be a meeting in the Vatican?", "will they meet in the vatican"),
    ("What did Melania say to Putin?", "what did melania tell putin"),
    ("Is Erdogan going to visit Kyiv?", "will erdogan visit kyiv?"),
    ("Did Zelensky listen in on the call?", "was zelensky listening to the call"),
    ("Why was the bridge closed at night?", "why do they close the bridge at night"),
]
OTHER = [
    ("How many ships were lost?", "How many tanks were lost?"),
    ("How many ships were lost?", "Where were the ships lost?"),
    ("How many ships were lost in March?", "How many ships were lost in April?"),
    ("How many prisoners were released in 2023?", "How many prisoners were released in 2024?"),
    ("When was the bridge opened?", "When was the bridge closed?"),
    ("Who paid for the repair of the bridge?", "Who paid for the repair of the tunnel?"),
    ("Will Putin visit Ankara?", "Will Putin visit Rome?"),
    ("Will Putin visit Ankara?", "Will Trump visit Ankara?"),
    ("What did Melania say to Putin?", "What did Putin say to Melania?"),
    ("Did Zelensky listen in on the call?", "Did Macron listen in on the call?"),
    ("Did Trump agree to sanctions?", "Did Trump not agree to sanctions?"),
    ("Why was the bridge closed?", "How was the bridge closed?"),
    ("When will the next call take place?", "Where will the next meeting take place?"),
    ("Who translated the call?", "Who started the call?"),
]


def index(*questions: str) -> FactIndex:
    documents = [
        Document(id=number, text=question, question=question)
        for number, question in enumerate(questions, 1)
    ]
    return FactIndex.build(documents, lexicon=LEXICON)


@pytest.mark.parametrize("others", [(), OTHERS], ids=["alone", "among others"])
@pytest.mark.parametrize(("waiting", "asked"), SAME)
def test_other_words_for_the_same_question(
    waiting: str, asked: str, others: tuple[str, ...]
) -> None:
    assert same_question(index(waiting, *others), asked) == 1


@pytest.mark.parametrize("others", [(), OTHERS], ids=["alone", "among others"])
@pytest.mark.parametrize(("waiting", "asked"), OTHER)
def test_another_question_in_almost_the_same_words(
    waiting: str, asked: str, others: tuple[str, ...]
) -> None:
    assert same_question(index(waiting, *others), asked) is None
    assert same_question(index(asked, *others), waiting) is None


@pytest.mark.parametrize(
    ("waiting", "asked"),
    [
        ("Why were ninety ships lost?", "why were 90 ships lost"),
        ("Who counted 1.5 million ballots?", "who counted the 1,500,000 ballots"),
        ("What opens on Sept 3?", "what opens on 3 september"),
        ("Who speaks at 8 p.m.?", "who speaks at 20:00"),
    ],
)
def test_numbers_and_dates_are_the_same_however_they_are_written(waiting: str, asked: str) -> None:
    assert same_question(index(waiting), asked) == 1
    assert same_question(index(asked), waiting) == 1


def test_a_question_with_not_is_another_however_it_is_said() -> None:
    assert same_question(index("Why can the bridge open?"), "Why cannot the bridge open?") is None


def test_a_wording_added_later_counts_too() -> None:
    both = Document(
        id=1,
        text="Who funded it?",
        question="Who funded it?",
        phrasings=("who paid for the repair of the bridge",),
    )
    assert same_question(FactIndex.build([both]), "who paid for the bridge repair") == 1


@pytest.mark.parametrize("asked", ["", "?", "hello", "the of and", "9"])
def test_what_asks_nothing_is_like_nothing(asked: str) -> None:
    assert same_question(index("How many ships were lost?"), asked) is None


def test_nothing_waits() -> None:
    assert same_question(FactIndex.build([]), "How many ships were lost?") is None
