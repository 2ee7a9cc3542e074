"""An explanation holds what the verdict was read from."""

import math

import pytest

from bot.search import Context, Document, FactIndex, Name, Outcome, StoryLexicon
from bot.search.evidence.columns import TOLD
from bot.search.ranking.explanation import Check, Mended, NameFound, explain

DOCUMENTS = (
    Document(id=1, question="When was the bridge opened?", text="In 1931, by mayor Ada Holm."),
    Document(id=2, question="Who closed the bridge?", text="The roads office of Aldermere."),
    Document(id=3, question="How long is the bridge?", text="It is 412 metres long."),
    Document(id=4, question="Why did the bearing fail?", text="Nobody knows.", unknown=True),
)


@pytest.fixture(scope="module")
def index() -> FactIndex:
    names = (Name(name="Ada Holm", kind="person", also=("the mayor",)),)
    return FactIndex.build(DOCUMENTS, lexicon=StoryLexicon(names=names))


@pytest.mark.parametrize(
    "question",
    ["when was the bridge opend", "why did the bearing fail", "who won the cup", "hello", "👍", ""],
)
def test_the_verdict_is_the_one_that_the_chat_gets(index: FactIndex, question: str) -> None:
    explained = explain(index, question)
    assert explained.verdict == index.ask(question)
    for ranking in explained.rankings:
        assert ranking.probability == explained.verdict.candidates[0].confidence


def test_shares_add_up_to_the_score_and_the_probability(index: FactIndex) -> None:
    (ranking,) = explain(index, "when was the bridge opened").rankings
    for contender in ranking.contenders:
        total = sum(part.share for part in contender.parts)
        assert total == pytest.approx(contender.score, abs=0.1)
        shares = [abs(part.share) for part in contender.parts]
        assert shares == sorted(shares, reverse=True)
    total = ranking.bias + sum(sign.share for sign in ranking.signs)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(ranking.probability, abs=0.05)


def test_what_was_read_is_told(index: FactIndex) -> None:
    understood = explain(index, "when did the mayor opne the brigde qwghlm").understood
    assert Mended(typed="brigde", read="bridge") in understood.mended
    assert NameFound(name="ada holm", kind="person") in understood.names
    assert understood.kind.value == "when"
    assert "qwghlm" in understood.strange


def test_checks_stand_beside_their_thresholds(index: FactIndex) -> None:
    (ranking,) = explain(index, "when was the bridge opened").rankings
    names = [check.name for check in ranking.checks]
    assert names[:2] == ["answer_from", "choose_from"]
    assert all(check.value == ranking.probability for check in ranking.checks[:2])
    (ranking,) = explain(index, "why did the bearing fail?").rankings
    assert ranking.checks[0].name == "unknown_from"
    assert Check(name="x", value=0.5, limit=0.5).met
    assert not Check(name="x", value=0.4, limit=0.5).met


def test_a_courtesy_ranks_nothing(index: FactIndex) -> None:
    explained = explain(index, "thank you")
    assert (explained.verdict.outcome, explained.rankings) == (Outcome.SMALLTALK, ())


def test_what_the_chat_lends_is_told_apart(index: FactIndex) -> None:
    context = Context(question="when was the bridge opened", documents=(1,))
    (ranking,) = explain(index, "and who closed it?", context=context).rankings
    shown = {part.name for contender in ranking.contenders for part in contender.parts}
    assert shown.intersection(TOLD)


def test_two_questions_get_a_ranking_each(index: FactIndex) -> None:
    message = "When was the bridge opened? And how long is the bridge?"
    explained = explain(index, message)
    assert len(explained.rankings) == max(1, len(explained.verdict.told))
