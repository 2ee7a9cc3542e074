"""Figures as lines of JSON and as a table for a person."""

import json
from dataclasses import asdict
from typing import Any, Final

from bot.evaluation.own import OwnFigures, Unanswerable
from bot.evaluation.public import PublicFigures
from bot.evaluation.running import Figures

NAME_WIDTH: Final = 52
"""Columns for what a figure is; the figure follows."""


def as_json(file: str, figures: Figures) -> str:
    """Return the figures of one file as one line of JSON; shares 0..1, times in CPU ms."""
    return json.dumps({"file": file, **_rounded(asdict(figures))}, ensure_ascii=False)


def as_text(file: str, figures: Figures) -> str:
    """Return the figures of one file as a table within 80 columns."""
    rows = _public(figures) if isinstance(figures, PublicFigures) else _own(figures)
    shown = [f"  {name:<{NAME_WIDTH}} {value}" for name, value in rows if value is not None]
    return "\n".join([file, *shown, ""])


def _public(figures: PublicFigures) -> list[tuple[str, str | None]]:
    return [
        ("stories, facts", f"{figures.stories:,}, {figures.facts:,}"),
        ("questions that a fact answers", f"{figures.questions:,}"),
        ("right at once (top-1)", _percent(figures.top1)),
        ("right one among the first three (top-3)", _percent(figures.top3)),
        ("mean reciprocal rank (MRR@10)", _number(figures.mrr10)),
        ("answerable told from off-topic (AUROC)", _number(figures.auroc_off)),
        ("answerable told from near questions (AUROC)", _number(figures.auroc_near)),
        ("right where 1 % of off-topic get an answer", _percent(figures.right_at_1)),
        ("right where 5 % of off-topic get an answer", _percent(figures.right_at_5)),
        ("error of the stated probability (ECE)", _number(figures.calibration)),
        ("squared error of the stated probability (Brier)", _number(figures.brier)),
        *_times(figures),
    ]


def _own(figures: OwnFigures) -> list[tuple[str, str | None]]:
    asked = bool(figures.questions)
    return [
        ("questions that the story answers", f"{figures.questions:,}" if asked else None),
        ("right at once", _percent(figures.right)),
        ('right, or offered by "Which one?"', _percent(figures.right_or_offered)),
        ("wrong", _percent(figures.wrong)),
        ('asked "Which one?"', _percent(figures.asked_back)),
        ("declined", _percent(figures.declined)),
        ("told that nobody knows yet", _percent(figures.known_unknown)),
        ("facts an answer, mean", _number(figures.facts_an_answer)),
        *_unanswerable("near", figures.near),
        *_unanswerable("off-topic", figures.off),
        *_unanswerable("chat", figures.chat),
        ("turns of dialogues", f"{figures.turns:,}" if figures.turns else None),
        ("turns right", _percent(figures.turns_right)),
        *_times(figures),
    ]


def _unanswerable(style: str, figures: Unanswerable | None) -> list[tuple[str, str | None]]:
    if figures is None:
        return []
    return [
        (f"{style} messages", f"{figures.questions:,}"),
        (f"{style}: given a fact", _percent(figures.told)),
        (f'{style}: asked "Which one?"', _percent(figures.asked_back)),
        (f"{style}: told that nobody knows yet", _percent(figures.known_unknown)),
        (f"{style}: told that the story does not cover it", _percent(figures.not_covered)),
    ]


def _times(figures: Figures) -> list[tuple[str, str | None]]:
    return [
        ("CPU for one question, median", _milliseconds(figures.cpu_ms_median)),
        ("CPU for one question, 99th percentile", _milliseconds(figures.cpu_ms_p99)),
    ]


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:6.1%}".replace("%", " %")


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:6.3f}"


def _milliseconds(value: float | None) -> str | None:
    return None if value is None else f"{value:6.2f} ms"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return value
