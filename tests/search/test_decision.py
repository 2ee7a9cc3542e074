"""From ranked candidates to a verdict."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.search import Document, Outcome, Part, Verdict
from bot.search.evidence.columns import COLUMN, NAMES, Evidence, Weights
from bot.search.evidence.retrieval import Found
from bot.search.index.query import Query
from bot.search.language.question_kind import Kind
from bot.search.ranking import decision
from bot.search.ranking.decision import (
    ANSWER_FROM,
    CHOOSE_FROM,
    CLOSE,
    LEANING_FROM,
    OFFERED_SHARE,
    OVERVIEW_FROM,
    OVERVIEW_SHARE,
    RELATED,
    RICH_LEANING_FROM,
    RICH_RELATED,
    SURE_FROM,
    UNKNOWN_FROM,
    Judged,
    certain,
    decide,
    judged,
)
from bot.search.ranking.ranker import SIGNS, Ranked

A_LITTLE = 0.01


def found(
    confidence: float,
    shares: Sequence[float] = (1.0,),
    *,
    unknown: Sequence[int] = (),
    fits: Sequence[float] | None = None,
    matched: Sequence[float] = (1.0,),
) -> Judged:
    """Return candidates 0, 1, … best first, of a question whose terms are matched so well.

    `fits` says how well the best phrasing of each fits.
    """
    table = np.zeros((len(shares), len(NAMES)), np.float32)
    table[:, COLUMN["asked_fit"]] = fits or 0
    weight = np.ones(len(matched), np.float32)
    query = Query(
        text="", read="", tokens=(), terms=(), running=(), head=0, kind=Kind.OPEN, negated=False
    )
    best = np.repeat(np.array(matched, np.float32)[:, None], len(shares), axis=1)
    ranked = Ranked(
        found=Found(
            query=query,
            weights=Weights(
                rank=weight,
                decline=weight,
                rarity=weight,
                scale=np.ones_like(weight),
                known=weight > 0,
            ),
            places=np.arange(len(shares)),
            evidence=Evidence(table=table, central=0.0, best_match=best),
        ),
        order=np.arange(len(shares)),
        scores=np.log(np.array(shares, np.float32)),
        shares=np.array(shares, np.float32),
        signs=np.zeros(len(SIGNS), np.float32),
        confidence=confidence,
    )
    documents = [
        Document(id=number, text=f"fact {number}", unknown=number in unknown)
        for number in range(len(shares))
    ]
    return judged(ranked, documents, NAMES)


def said(verdict: Verdict) -> tuple[Outcome, list[int], list[int]]:
    return (
        verdict.outcome,
        [each.document.id for each in verdict.told],
        [each.document.id for each in verdict.choices],
    )


APART = (0.9, 0.1)
TOGETHER = (0.5, 0.5 * CLOSE + A_LITTLE)


def test_nothing_found_is_off_topic() -> None:
    assert decide(None) == Verdict(outcome=Outcome.OFF_TOPIC)


@pytest.mark.parametrize("confidence", [ANSWER_FROM, 0.6, 1.0])
def test_a_likely_first_that_stands_apart_is_told(confidence: float) -> None:
    assert said(decide(found(confidence, APART))) == (Outcome.ANSWER, [0], [])


def test_a_likely_first_is_told_even_with_a_close_second() -> None:
    assert said(decide(found(ANSWER_FROM, TOGETHER))) == (Outcome.ANSWER, [0], [])


ANOTHER_FITS = (0.4, 0.5)


def test_evidence_that_disagrees_makes_the_bot_ask_back() -> None:
    rivalled = found(SURE_FROM - A_LITTLE, TOGETHER, fits=ANOTHER_FITS)
    assert said(decide(rivalled)) == (Outcome.CHOOSE, [], [0, 1])
    assert said(decide(replace(rivalled, leaning=True, richness=1.0))) == (Outcome.ANSWER, [0], [])


@pytest.mark.parametrize(
    "judged",
    [
        found(SURE_FROM, TOGETHER, fits=ANOTHER_FITS),
        found(ANSWER_FROM, (0.5, 0.5 * CLOSE - A_LITTLE), fits=ANOTHER_FITS),
        found(ANSWER_FROM, TOGETHER, fits=(0.5, 0.4)),
        found(ANSWER_FROM, (0.5, 0.5), fits=ANOTHER_FITS, unknown=(1,)),
    ],
    ids=["sure", "apart", "the first fits best", "nothing else to offer"],
)
def test_a_likely_first_is_told_unless_a_rival_can_be_offered(judged: Judged) -> None:
    assert said(decide(judged)) == (Outcome.ANSWER, [0], [])


def test_what_is_offered_has_a_share_of_the_weight_of_the_first() -> None:
    shares = (0.5, 0.5 * OFFERED_SHARE + A_LITTLE, 0.5 * OFFERED_SHARE - A_LITTLE)
    assert said(decide(found(CHOOSE_FROM, shares))) == (Outcome.CHOOSE, [], [0, 1])


def test_what_leans_is_told_from_less_only_where_facts_are_asked_for_in_many_ways() -> None:
    leaning = replace(found(RICH_LEANING_FROM, APART), leaning=True)
    assert said(decide(replace(leaning, richness=1.0))) == (Outcome.ANSWER, [0], [])
    assert decide(replace(leaning, leaning=False, richness=1.0)).outcome is not Outcome.ANSWER
    assert decide(leaning).outcome is not Outcome.ANSWER
    assert decide(replace(found(ANSWER_FROM, APART), leaning=True)).outcome is not Outcome.ANSWER
    assert decide(replace(found(LEANING_FROM, APART), leaning=True)).outcome is Outcome.ANSWER


@pytest.mark.parametrize("confidence", [ANSWER_FROM - A_LITTLE, CHOOSE_FROM])
def test_an_unsure_first_with_a_close_second_makes_the_bot_ask_back(confidence: float) -> None:
    assert said(decide(found(confidence, TOGETHER))) == (Outcome.CHOOSE, [], [0, 1])


def test_no_more_than_three_are_offered() -> None:
    verdict = decide(found(CHOOSE_FROM, (0.25, 0.25, 0.25, 0.25)))
    assert said(verdict) == (Outcome.CHOOSE, [], [0, 1, 2])


def test_a_known_unknown_is_never_offered() -> None:
    assert said(decide(found(CHOOSE_FROM, (0.4, 0.3, 0.3), unknown=(1,)))) == (
        Outcome.CHOOSE,
        [],
        [0, 2],
    )
    assert said(decide(found(ANSWER_FROM, TOGETHER, unknown=(1,)))) == (Outcome.ANSWER, [0], [])


@pytest.mark.parametrize(
    ("confidence", "shares"), [(ANSWER_FROM - A_LITTLE, APART), (CHOOSE_FROM - A_LITTLE, TOGETHER)]
)
def test_an_unlikely_first_is_not_told(confidence: float, shares: tuple[float, ...]) -> None:
    verdict = decide(found(confidence, shares))
    assert said(verdict) == (Outcome.MISSING, [], [])
    assert len(verdict.candidates) == 2


@pytest.mark.parametrize(
    ("matched", "outcome"),
    [
        ((1.0, 0.0), Outcome.MISSING),
        ((1.0, 0.0, 0.0), Outcome.OFF_TOPIC),
        ((0.4, 0.4), Outcome.OFF_TOPIC),
        ((0.5, 0.5), Outcome.MISSING),
    ],
)
def test_what_is_declined_is_the_subject_if_the_story_accounts_for_half_of_it(
    matched: tuple[float, ...], outcome: Outcome
) -> None:
    assert RICH_RELATED == 0.5
    declined = replace(found(0.01, APART, matched=matched), richness=1.0)
    assert decide(declined).outcome is outcome


def test_where_facts_are_asked_for_in_few_ways_a_quarter_is_enough() -> None:
    assert RELATED == 0.25
    quarter = found(0.01, APART, matched=(1.0, 0.0, 0.0, 0.0))
    assert decide(quarter).outcome is Outcome.MISSING
    assert decide(replace(quarter, richness=1.0)).outcome is Outcome.OFF_TOPIC


def test_a_known_unknown_is_told_as_such() -> None:
    assert said(decide(found(UNKNOWN_FROM, TOGETHER, unknown=(0,)))) == (Outcome.UNKNOWN, [0], [])
    assert said(decide(found(UNKNOWN_FROM - A_LITTLE, APART, unknown=(0,)))) == (
        Outcome.MISSING,
        [],
        [],
    )


def test_an_overview_tells_the_likely_ones() -> None:
    shares = (0.5, 0.5 * OVERVIEW_SHARE + A_LITTLE, 0.5 * OVERVIEW_SHARE - A_LITTLE)
    assert said(decide(found(OVERVIEW_FROM, shares), overview=True)) == (
        Outcome.ANSWER,
        [0, 1],
        [],
    )


def test_an_overview_tells_three_at_most_and_no_known_unknown() -> None:
    verdict = decide(found(0.9, (0.2,) * 5, unknown=(1,)), overview=True)
    assert said(verdict) == (Outcome.ANSWER, [0, 2, 3], [])


def test_an_overview_of_what_nobody_knows_is_the_known_unknown() -> None:
    assert decide(found(0.9, APART, unknown=(0,)), overview=True).outcome is Outcome.UNKNOWN


def test_an_unlikely_overview_is_declined() -> None:
    verdict = decide(found(CHOOSE_FROM - A_LITTLE, APART), overview=True)
    assert verdict.outcome is Outcome.MISSING


def test_no_more_than_five_candidates_leave_the_search() -> None:
    candidates = decide(found(0.9, (0.1,) * 10)).candidates
    assert [each.document.id for each in candidates] == [0, 1, 2, 3, 4]
    assert set(candidates[0].evidence) == set(NAMES)


def answer(*numbers: int, unknown: bool = False) -> Verdict:
    return Verdict(
        outcome=Outcome.UNKNOWN if unknown else Outcome.ANSWER,
        told=tuple(certain(Document(id=each, text="", unknown=unknown)) for each in numbers),
    )


def of(*verdicts: Verdict) -> Verdict | None:
    return decision.several(
        [
            (Part(question=f"question {number}", outcome=each.outcome), each)
            for number, each in enumerate(verdicts)
        ]
    )


MISSING = Verdict(outcome=Outcome.MISSING)
OFF_TOPIC = Verdict(outcome=Outcome.OFF_TOPIC)


def test_two_answers_become_one_verdict() -> None:
    verdict = of(answer(1), answer(2))
    assert verdict is not None
    assert said(verdict) == (Outcome.ANSWER, [1, 2], [])
    assert [part.told for part in verdict.parts] == [True, True]


def test_an_answer_and_a_known_unknown_are_an_answer_two_unknowns_are_not() -> None:
    mixed = of(answer(1), answer(2, unknown=True))
    nobody_knows = of(answer(1, unknown=True), answer(2, unknown=True))
    assert mixed is not None
    assert mixed.outcome is Outcome.ANSWER
    assert nobody_knows is not None
    assert nobody_knows.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("verdicts", [(), (answer(1),), (answer(1), answer(1))])
def test_what_comes_to_one_question_is_not_joined(verdicts: tuple[Verdict, ...]) -> None:
    assert of(*verdicts) is None


def test_what_got_no_answer_stands_beside_what_did() -> None:
    verdict = of(MISSING, answer(1), OFF_TOPIC)
    assert verdict is not None
    assert said(verdict) == (Outcome.ANSWER, [1], [])
    assert [part.outcome for part in verdict.parts] == [
        Outcome.MISSING,
        Outcome.ANSWER,
        Outcome.OFF_TOPIC,
    ]


def test_where_nothing_was_told_all_are_declined_together() -> None:
    for verdicts, outcome in (
        ((MISSING, OFF_TOPIC), Outcome.MISSING),
        ((OFF_TOPIC, OFF_TOPIC), Outcome.OFF_TOPIC),
    ):
        verdict = of(*verdicts)
        assert verdict is not None
        assert (verdict.outcome, len(verdict.parts)) == (outcome, 2)


def test_the_only_question_to_choose_for_is_chosen_for() -> None:
    choices = answer(1, 2).told
    choosing = Verdict(outcome=Outcome.CHOOSE, choices=choices, candidates=choices)
    verdict = of(MISSING, choosing)
    assert verdict is not None
    assert said(verdict) == (Outcome.CHOOSE, [], [1, 2])
    both = of(choosing, choosing)
    assert both is not None
    assert both.outcome is Outcome.MISSING


def test_no_more_than_three_answers_are_joined() -> None:
    verdict = of(*(answer(number) for number in range(5)))
    assert verdict is not None
    assert len(verdict.told) == 3
