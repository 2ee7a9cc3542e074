"""The search measured on stories small enough to know what it must reach."""

from dataclasses import asdict

from bot.evaluation import public
from bot.evaluation.public import Tally
from bot.evaluation.reading import PublicQuestion, PublicStory
from bot.search import Document, StoryLexicon

CITY = PublicStory(
    name="city",
    documents=(
        Document(id=0, text="The bridge at Aldermere was opened in 1931 by the mayor."),
        Document(id=1, text="The library lends nine thousand books a week."),
        Document(id=2, text="Ferries cross the river every twenty minutes."),
    ),
    questions=(
        PublicQuestion(text="When was the bridge opened?", gold=frozenset({0})),
        PublicQuestion(text="How many books does the library lend?", gold=frozenset({1})),
        PublicQuestion(text="Thanks!", gold=frozenset({2})),
    ),
    off_topic=("Which striker scored twice in Lisbon?", "?"),
    near=("Who painted the bridge?",),
)


def test_every_question_is_ranked_and_timed() -> None:
    figures = public.measure([CITY])
    assert (figures.stories, figures.facts, figures.questions) == (1, 3, 3)
    assert figures.top1 is not None
    assert figures.top1 >= 2 / 3 - 1e-9
    assert figures.auroc_off is not None
    assert figures.auroc_near is not None
    assert figures.cpu_ms_median is not None
    assert figures.cpu_ms_p99 is not None
    assert 0 < figures.cpu_ms_median <= figures.cpu_ms_p99


def test_stories_are_indexes_of_their_own() -> None:
    other = PublicStory(
        name="other",
        documents=(Document(id=0, text="Bees make honey from the nectar of lime trees."),),
        questions=(PublicQuestion(text="When was the bridge opened?", gold=frozenset({0})),),
    )
    told: list[int] = []
    figures = public.measure([CITY, other], told=told.append)
    assert (figures.stories, figures.facts, figures.questions) == (2, 4, 4)
    assert told == [1, 2]


def test_phrasings_are_held_out_by_fifths() -> None:
    ways = tuple(f"way {number}" for number in range(6))
    documents = (Document(id=9, text="A."), Document(id=7, text="B.", phrasings=ways))
    lexicon = StoryLexicon(synonyms=(("a", "b"),))
    folds = public.held_out(documents, lexicon)
    assert [len(fold.questions) for fold in folds] == [2, 1, 1, 1, 1]
    assert folds[0].questions[1] == PublicQuestion(text="way 5", gold=frozenset({1}))
    assert folds[0].documents[1].phrasings == ways[1:5]
    assert all(fold.lexicon is lexicon for fold in folds)


def test_a_tally_becomes_figures() -> None:
    tally = Tally(
        ranks=[1, 1, 3, None],
        answerable=[0.9, 0.4, 0.5, 0.0],
        off=[0.5, 0.1],
        near=[0.6],
        cpu_ms=[1.0, 2.0, 3.0],
    )
    figures = tally.figures(stories=1, facts=9)
    assert (figures.top1, figures.top3) == (0.5, 0.75)
    assert figures.mrr10 == (1 + 1 + 1 / 3) / 4
    # Above 0.5: 0.9; level: 0.5; above 0.1: all but the last.
    assert figures.auroc_off == (1 + 0.5 + 3) / 8
    assert figures.auroc_near == 1 / 4
    assert (figures.right_at_1, figures.right_at_5) == (0.25, 0.25)
    assert figures.brier is not None
    assert abs(figures.brier - (0.01 + 0.36 + 0.25 + 0 + 0.25 + 0.01 + 0.36) / 7) < 1e-9
    assert figures.cpu_ms_median == 2.0


def test_without_unanswerable_questions_there_is_nothing_to_decline() -> None:
    figures = asdict(Tally(ranks=[1], answerable=[0.9]).figures(stories=1, facts=1))
    missing = {name for name, value in figures.items() if value is None}
    assert missing == {
        "auroc_off", "auroc_near", "right_at_1", "right_at_5", "cpu_ms_median", "cpu_ms_p99",
    }  # fmt: skip
