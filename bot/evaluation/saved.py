"""What saved questions get, as one line of JSON and as lines for a person."""

import json
from typing import Any, Final

from bot.services.questions.saved import Run
from bot.services.questions.saved_results import Judged, Result, count

NAME: Final = "saved questions"

_WORDS: Final = {
    Result.RIGHT: "right",
    Result.OFFERED: 'asked "Which one?", the right fact among the choices',
    Result.WRONG: "wrong",
    Result.DECLINED: "declined",
}


def as_json(run: Run) -> str:
    """Return the counts, and every question that is not right or differs from the last run."""
    every = run.judged
    return json.dumps(
        {
            "file": NAME,
            "questions": len(every),
            **{result.value: count(every, result) for result in Result},
            "differs": sum(each.differs for each in every),
            "shown": [_plain(each) for each in every if _is_shown(each)],
        },
        ensure_ascii=False,
    )


def as_text(run: Run) -> str:
    """Return the same as lines."""
    every = run.judged
    lines = [NAME, f"  {'questions':<52} {len(every):,}"]
    lines += [f"  {words:<52} {count(every, result):,}" for result, words in _WORDS.items()]
    if run.before is not None:
        lines.append(f"  {'otherwise than when last run':<52} {sum(e.differs for e in every):,}")
    lines += [f"  {_line(each)}" for each in every if _is_shown(each)]
    return "\n".join([*lines, ""])


def _is_shown(each: Judged) -> bool:
    return each.differs or each.result is not Result.RIGHT


def _plain(each: Judged) -> dict[str, Any]:
    return {
        "id": each.saved.id,
        "question": each.saved.question,
        "expected": each.saved.fact_id,
        "result": each.result.value,
        "outcome": each.outcome.value,
        "facts": [fact.id for fact in each.told or each.choices],
        "differs": each.differs,
    }


def _line(each: Judged) -> str:
    wanted = "declined" if each.saved.fact_id is None else f"#{each.saved.fact_id}"
    got = " ".join([each.outcome.value, *(f"#{fact.id}" for fact in each.told or each.choices)])
    last = ", otherwise than when last run" if each.differs else ""
    return f"{each.saved.id}. {each.saved.question}: should be {wanted}, is {got}{last}"
