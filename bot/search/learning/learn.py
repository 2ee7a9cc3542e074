"""Learn what each piece of evidence is worth; writes `bot/search/data/weights.toml`.

    python -m bot.search.learning.learn --qa DIRECTORY \\
        --questions tests/questions/questions_[abc].jsonl \\
        --dialogues tests/questions/dialogues_[abc].jsonl

DIRECTORY holds `squad_tune.jsonl`, `clinc150_k5.jsonl` and `stackfaq.jsonl`, and the same with
typing slips as `*.typo.jsonl`, in the format that `storydesk evaluate` reads; the stories to learn
from are those named in `LEARNED`. Needs the `learn` extra (scipy). Deterministic.

What the decline stage learns from a story must come from a sentence model that has not seen it:
`--unseen` names, for each of the FOLDS in order, the model that was tuned without it, as
`build_sentences` writes it.

With `--leave-out` nothing is written: each story is measured by weights that were learned without
it, and so are all together, as the share of right answers among those told with each probability.
"""

import argparse
import itertools
import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np

from bot.search.evidence.columns import NAMES
from bot.search.learning import lessons
from bot.search.learning.fitting import Case, fitted
from bot.search.learning.lessons import Lesson
from bot.search.meaning import sentence_model
from bot.search.meaning.sentence_model import SentenceModel
from bot.search.meaning.text_vectors import SentenceVectors
from bot.search.ranking.decision import ANSWER_FROM
from bot.search.ranking.ranker import ANCHORS, LEANING, PLAIN, SIGNS, Profile, mixed, rank

STORIES: Final = Path("tests/stories")

LESSONS: Final = STORIES / "lessons"
"""Stories that are only learned from: facts, ways of asking them, questions that none answers."""

LEARNED: Final = ("keybridge", "holmes", "transit", "note7", "transfer", "freeze")
"""The stories to learn from; the others of `tests/stories` are only measured."""

_NAMES: Final = sorted((*LEARNED, *(each.stem for each in LESSONS.glob("*.json"))))
FOLDS: Final = (frozenset(_NAMES[::2]), frozenset(_NAMES[1::2]))
"""The stories to learn from in two halves: each is learned with the model tuned on the other."""

NOTES: Final = {
    "bare": "Facts without any question.",
    "thin": "One question a fact.",
    "rich": "A dozen ways of asking a fact, or more.",
}
"""By anchor; each is learned with the sentence model and, under its name with PLAIN, without."""


def written(name: str, profile: Profile) -> str:
    """Return a profile as a table of the weights file."""
    note = NOTES[name.removeprefix(LEANING).removesuffix(PLAIN)]
    lines = [f"# {note}", f"[{name}]", f"bias = {profile.bias:.3f}", "", f"[{name}.worth]"]
    lines += [
        f"{key} = {value:.3f}"
        for key, value in zip(NAMES, profile.worth, strict=True)
        if abs(value) >= 0.0005
    ]
    lines += ["", f"[{name}.signs]"]
    lines += [
        f"{key} = {value:.3f}"
        for key, value in zip(SIGNS, profile.signs, strict=True)
        if abs(value) >= 0.0005
    ]
    return "\n".join([*lines, ""])


def outcome(case: Case, anchors: Sequence[Profile]) -> tuple[bool, bool, float]:
    """Return whether the first is right, whether it is a known unknown, and its probability."""
    ranked = rank(case.found, mixed(anchors, case.mix.tolist()))
    top = int(ranked.order[0])
    return bool(case.right[top]), bool(case.unknown[top]), ranked.confidence


def report(
    name: str, cases: Iterable[Case], anchors: Sequence[Profile]
) -> list[tuple[bool, float]]:
    """Print what some questions get; return for each told one whether it is right, and how sure."""
    rows = [(case.example, *outcome(case, anchors)) for case in cases]
    asked = [row for row in rows if row[0].gold]
    near = [row for row in rows if not row[0].gold and row[0].style == "near"]
    other = [row for row in rows if not row[0].gold and row[0].style in ("off", "chat")]

    def told(some: Sequence[tuple[object, bool, bool, float]], limit: float) -> float:
        return float(np.mean([each[3] >= limit and not each[2] for each in some] or [False]))

    line = [f"{name:24}{np.mean([each[1] for each in asked]):.3f}"]
    for limit in sorted({0.2, 0.3, 0.4, 0.5, ANSWER_FROM}):
        right = np.mean([each[1] and each[3] >= limit for each in asked])
        wrong = np.mean([not each[1] and not each[2] and each[3] >= limit for each in asked])
        line.append(
            f"{limit:.2f}: {right:.2f} {wrong:.2f} {told(near, limit):.2f} {told(other, limit):.2f}"
        )
    sys.stdout.write("   ".join(line) + "\n")
    return [(each[1], each[3]) for each in rows if not each[2]]


def all_fitted(cases: Sequence[Case]) -> dict[str, Profile]:
    """Return the profiles by name, of questions that stand by themselves and of those that lean."""
    anchors = fitted([case for case in cases if not case.leaning])
    leaning = fitted([case for case in cases if case.leaning], anchors)
    return {
        **dict(zip(ANCHORS, anchors, strict=True)),
        **{f"{LEANING}{name}": each for name, each in zip(ANCHORS, leaning, strict=True)},
    }


def leave_out(everything: Sequence[tuple[Lesson, list[Case]]]) -> None:
    """Measure each group of stories by what the others teach."""
    sys.stdout.write(
        "story, first right; from a probability: right, wrong, near told, other told\n"
    )
    told: list[tuple[bool, float]] = []
    for group in sorted({lesson.group for lesson, _ in everything if lesson.group in LEARNED}):
        taught = [case for lesson, some in everything if lesson.group != group for case in some]
        learned = all_fitted(taught)
        for lesson, some in everything:
            if lesson.group == group and lesson.weight == 1.0:
                asked = [case for case in some if case.not_told is None]
                kind = LEANING if asked[0].leaning else ""
                anchors = [learned[f"{kind}{name}"] for name in ANCHORS]
                told += report(f"{kind}{asked[0].story}", asked, anchors)
                swapped = [case for case in some if case.not_told is not None]
                _report_swaps(swapped, anchors)
    for low in np.arange(0, 1, 0.1).tolist():
        within = [right for right, sure in told if low <= sure < low + 0.1]
        if within:
            share = f"{np.mean(within):.2f} of {len(within)}"
            sys.stdout.write(f"told with {low:.1f} to {low + 0.1:.1f}: {share}\n")


def _report_swaps(cases: Sequence[Case], anchors: Sequence[Profile]) -> None:
    told: dict[bool, list[bool]] = {True: [], False: []}
    for case in cases:
        ranked = rank(case.found, mixed(anchors, case.mix.tolist()))
        own = int(case.found.places[ranked.order[0]]) == case.not_told
        told[bool(case.example.gold)].append(own and ranked.confidence >= ANSWER_FROM)
    if cases:
        shares = {own: f"{np.mean(some):.2f}" for own, some in told.items()}
        sys.stdout.write(f"  own questions told: {shares[True]}; swapped: {shares[False]}\n")


def _vectors(unseen: Sequence[Path]) -> Mapping[str, SentenceVectors]:
    """Return the sentence vectors to use for each group of lessons; "" stands for the others."""
    found = {"": SentenceVectors()}
    for names, file in zip(FOLDS, unseen, strict=False):
        found |= dict.fromkeys(names, SentenceVectors(load=_loader(file)))
    return found


_used: Final[dict[str, SentenceVectors]] = {}
"""The sentence vectors of a process that makes cases, by group of lessons."""


def _use(unseen: Sequence[Path]) -> None:
    _used.update(_vectors(unseen))


def _cases(lesson: Lesson) -> list[Case]:
    return list(lessons.cases([lesson], _used.get(lesson.group) or _used[""]))


def _plain_cases(lesson: Lesson) -> list[Case]:
    return list(lessons.cases([lesson], None))


def _loader(file: Path) -> Callable[[], SentenceModel]:
    with file.open("rb") as opened:
        model = sentence_model.read(opened)
    return lambda: model


def main() -> None:
    """Learn the anchors and write the file of weights."""
    parser = argparse.ArgumentParser(description="Learn what each piece of evidence is worth.")
    parser.add_argument("--qa", type=Path, required=True, help="folder of the public sets")
    parser.add_argument(
        "--questions", type=Path, nargs="+", required=True, help="practice questions"
    )
    parser.add_argument(
        "--dialogues", type=Path, nargs="+", required=True, help="practice dialogues"
    )
    parser.add_argument("--story", type=Path, default=Path("bot/stories/call.toml"))
    parser.add_argument("--out", type=Path, default=Path("bot/search/data/weights.toml"))
    parser.add_argument(
        "--unseen", type=Path, nargs=2, default=(), help="the models tuned without each fold"
    )
    parser.add_argument("--leave-out", action="store_true", help="measure, and write nothing")
    given = parser.parse_args()
    folders = [STORIES / name for name in LEARNED]
    exercises = sorted(LESSONS.glob("*.json"))
    told = [*folders, *exercises]
    chance = random.Random(5)  # noqa: S311 - repeatable, no secret
    everything: list[Lesson] = [
        *lessons.public(given.qa),
        *lessons.stories(folders),
        *lessons.exercises(exercises),
        *lessons.strange(folders, chance),
        *lessons.beginnings(told, chance),
        *lessons.dialogues(told, given.story, given.dialogues, chance),
        *lessons.bundled(given.story, given.questions, given.qa),
    ]
    with ProcessPoolExecutor(initializer=_use, initargs=(given.unseen,)) as pool:
        cases = list(pool.map(_cases, everything))
        if given.leave_out:
            leave_out(list(zip(everything, cases, strict=True)))
            return
        learned = all_fitted(list(itertools.chain.from_iterable(cases)))
        del cases
        plain = all_fitted(list(itertools.chain.from_iterable(pool.map(_plain_cases, everything))))
    head = "# What evidence is worth, and the signs of the probability; written by learn.py.\n"
    tables = [written(name, each) for name, each in learned.items()]
    tables += [written(f"{name}{PLAIN}", each) for name, each in plain.items()]
    given.out.write_text("\n".join([head, *tables]), encoding="utf-8")


if __name__ == "__main__":
    main()
