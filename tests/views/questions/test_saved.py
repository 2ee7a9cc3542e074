"""What a change would alter, in words."""

from bot.services.answers.results import Outcome
from bot.services.questions.saved_impact import AnswerChange
from bot.services.questions.saved_results import Judged, Result
from bot.views import markup
from bot.views.questions import saved
from db.records import Fact
from db.records.desk import SavedQuestion
from tests.samples import AT, a_fact


def judged(question: str, *told: Fact, result: Result) -> Judged:
    return Judged(
        saved=SavedQuestion(id=1, question=question, fact_id=3, saved_by=None, saved_at=AT),
        expected=a_fact(3),
        outcome=Outcome.ANSWER if told else Outcome.MISSING,
        told=told,
        choices=(),
        result=result,
    )


def test_nothing_altered_is_no_line() -> None:
    assert saved.altered_lines(()) == ""


def test_what_would_be_altered_is_told_with_both_answers() -> None:
    before = judged("how <long>", a_fact(3), result=Result.RIGHT)
    after = judged("how <long>", a_fact(9), a_fact(4), result=Result.WRONG)
    better = AnswerChange(before=judged("x", result=Result.DECLINED), after=before)
    lines = saved.altered_lines((AnswerChange(before=before, after=after), better))
    assert markup.visible(lines) == (
        "2 saved questions would be answered otherwise, 1 of them wrongly:\n"
        "• how <long> #3 → #9 and #4\n"
        "• how <long> “I don't have that” → #3"
    )


def test_many_are_counted() -> None:
    before = judged("y " * 400, a_fact(3), result=Result.RIGHT)
    after = judged("y " * 400, result=Result.DECLINED)
    lines = saved.altered_lines([AnswerChange(before=before, after=after)] * 500)
    assert lines.endswith("and 492 more")
    assert len(markup.visible(lines)) < 2500
