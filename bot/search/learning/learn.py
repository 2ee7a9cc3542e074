"""Learn what each piece of evidence is worth; writes `bot/search/data/weights.toml`.

    python -m bot.search.learning.learn --qa DIRECTORY --questions tests/questions/*_[abc].jsonl

DIRECTORY holds `squad_tune.jsonl`, `clinc150_k5.jsonl` and `stackfaq.jsonl`, and the same with
typing slips as `*.typo.jsonl`, in the format that `storydesk evaluate` reads. Needs the `learn`
extra (scipy). Deterministic.

The ranker's worths are those of a conditional logit (softmax over the candidates of a question, the
right ones together), held at zero or above wherever more evidence should never count against a
document. The probability is a ridge logistic regression over the signs of the first document.
"""

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.search.columns import NAMES
from bot.search.found import Found
from bot.search.index import FactIndex
from bot.search.learning import examples
from bot.search.learning.examples import Collection, Example
from bot.search.ranker import SIGNS, Profile, rank

Doubles = NDArray[np.float64]

FREE: Final = frozenset({"text_length", "unknown"})
"""Evidence that may count against a document."""

AGAINST: Final = frozenset({"text_length"})
"""Evidence that may count only against it: a long text holds more words by chance."""

PENALTY: Final = 3.0
"""Of the squared weights, for evidence and signs of unit spread; of little effect from 1 to 10."""

NEAR_SHARE: Final = 0.2
"""What a question that at best some known unknown answers counts for beside an answerable one,
where nobody says which."""

A_STORY: Final = {"clean": 170, "typo": 90}
"""Questions of one encyclopedia article: enough of each, none outweighs the others."""

FOREIGN: Final = {"clinc150_k5": 350, "stackfaq": 100, "squad_tune": 350}
"""Questions on anything but the story that its profile learns to decline."""

FOREIGN_WEIGHT: Final = 1.2
OWN_FOREIGN_WEIGHT: Final = 5.0
"""What each of those counts for, and each off-topic practice question of the story: together more
than the questions that it answers, for a fact told to them is the worst of answers."""

PHRASING_WEIGHT: Final = 0.05
PHRASING_FOLDS: Final = 4
"""What a phrasing of the story counts for in the order of documents, asked of an index that was
built without it and a quarter of the others: there are many, and they are not readers' own."""

NEAR_WEIGHT: Final = 3.0
"""What a near practice question counts for in the probability: the hardest to decline."""

THIN_SHARE: Final = 0.35
THIN_WEIGHT: Final = 0.3
"""Share of facts without phrasings in the story as an editor in a hurry leaves it, and what a
question to it counts for."""

WRONG_SHARE: Final = 0.25
"""What a wrong first counts for in the probability where a list of candidates is looked at."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its evidence."""

    example: Example
    found: Found
    right: NDArray[np.bool_]  # by candidate
    unknown: NDArray[np.bool_]  # by candidate: a known unknown
    weight: float


def cases(collections: Iterable[Collection], *, weight: float = 1.0) -> list[Case]:
    """Return the questions of some collections with their evidence."""
    gathered = []
    for each in collections:
        index = FactIndex.build(each.documents, lexicon=each.lexicon)
        unknown = np.array([document.unknown for document in each.documents])
        for example in each.examples:
            found = index.find(example.text)
            if found is not None:
                right = np.isin(found.places, list(example.gold))
                gathered.append(Case(example, found, right, unknown[found.places], weight))
    return gathered


def learn_worth(data: Sequence[Case], penalty: float) -> Doubles:
    """Return the worth of each column of evidence."""
    used = [(case, _wanted(case)) for case in data if _wanted(case).any()]
    table = np.concatenate([case.found.evidence.table for case, _ in used]).astype(np.float64)
    right = np.concatenate([wanted for _, wanted in used]).astype(np.float64)
    sizes = np.array([len(wanted) for _, wanted in used])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(used)), sizes)
    weight = np.array(
        [case.weight * (1.0 if case.example.gold else NEAR_SHARE) for case, _ in used]
    )
    spread = table.std(axis=0) + 0.01
    table /= spread

    def loss(worth: Doubles) -> tuple[float, Doubles]:
        scores = table @ worth
        scores -= np.maximum.reduceat(scores, starts)[owner]
        powers = np.exp(scores)
        total = np.add.reduceat(powers, starts)
        good = np.maximum(np.add.reduceat(powers * right, starts), 1e-12)
        pull = (powers / total[owner] - powers * right / good[owner]) * weight[owner]
        value = (weight * (np.log(total) - np.log(good))).sum() + penalty * worth @ worth
        return value / len(used), (table.T @ pull + 2 * penalty * worth) / len(used)

    bounds = [(None if name in FREE else 0.0, 0.0 if name in AGAINST else None) for name in NAMES]
    best = minimize(
        loss,
        np.zeros(len(NAMES)),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 300},
    )
    worth: Doubles = best.x / spread
    return worth


def _wanted(case: Case) -> NDArray[np.bool_]:
    """Return the candidates that should come first; a near question wants any known unknown."""
    near = case.example.style == "near" and not case.example.gold
    return case.unknown if near else case.right


def learn_signs(
    data: Sequence[Case], profile: Profile, penalty: float, wrong_share: float
) -> tuple[float, Doubles]:
    """Return the bias and the weight of each sign of the probability that the first answers.

    `wrong_share` is what an answerable question with the wrong fact first counts for.
    """
    signs, hits, weights = [], [], []
    for case in data:
        ranked = rank(case.found, profile)
        top = int(ranked.order[0])
        if case.unknown[top] and not case.example.gold:
            continue  # the known unknown is as good an answer as there is
        signs.append(ranked.signs)
        hit = bool(case.example.gold) and bool(case.right[top])
        hits.append(hit)
        weights.append(case.weight * (wrong_share if case.example.gold and not hit else 1.0))
    table = np.array(signs, np.float64)
    target = np.array(hits, np.float64)
    weight = np.array(weights)
    spread = table.std(axis=0) + 0.01
    table /= spread

    def loss(values: Doubles) -> tuple[float, Doubles]:
        logit = values[0] + table @ values[1:]
        chance = 1 / (1 + np.exp(-logit))
        value = (weight * (np.logaddexp(0, logit) - target * logit)).sum()
        pull = weight * (chance - target)
        slope = np.concatenate(([pull.sum()], table.T @ pull + 2 * penalty * values[1:]))
        return (value + penalty * values[1:] @ values[1:]) / len(table), slope / len(table)

    best = minimize(loss, np.zeros(table.shape[1] + 1), jac=True, method="L-BFGS-B")
    return float(best.x[0]), best.x[1:] / spread


def learned(data: Sequence[Case], *, wrong_share: float) -> Profile:
    """Return the profile learned from some questions."""
    return with_signs(learn_worth(data, PENALTY), data, wrong_share=wrong_share)


def with_signs(worths: Doubles, data: Sequence[Case], *, wrong_share: float) -> Profile:
    """Return a profile of these worths, its signs learned from some questions."""
    worth = worths.astype(np.float32)
    draft = Profile(worth=worth, bias=0.0, signs=np.zeros(len(SIGNS), np.float32))
    bias, signs = learn_signs(data, draft, PENALTY, wrong_share)
    return Profile(worth=worth, bias=bias, signs=signs.astype(np.float32))


def written(name: str, note: str, profile: Profile) -> str:
    """Return a profile as a table of the weights file."""
    lines = [f"# {note}", f"[{name}]", f"bias = {profile.bias:.3f}", "", f"[{name}.worth]"]
    lines += [
        f"{key} = {value:.3f}"
        for key, value in zip(NAMES, profile.worth, strict=True)
        if abs(value) >= 0.0005
    ]
    lines += ["", f"[{name}.signs]"]
    lines += [f"{key} = {value:.3f}" for key, value in zip(SIGNS, profile.signs, strict=True)]
    return "\n".join([*lines, ""])


def bare_profile(folder: Path) -> Profile:
    """Return the profile of facts without any question or phrasing."""
    data: list[Case] = []
    for name, sort in (("squad_tune", "clean"), ("squad_tune.typo", "typo")):
        stories = examples.public(folder / f"{name}.jsonl")
        data += cases([_sampled(story, A_STORY[sort]) for story in stories])
    return learned(data, wrong_share=WRONG_SHARE)


def set_profile(folder: Path, name: str) -> Profile:
    """Return the profile of a public set, learned from it and from it with typing slips."""
    data = [
        case
        for sort in ("", ".typo")
        for case in cases(examples.public(folder / f"{name}{sort}.jsonl"))
    ]
    return learned(data, wrong_share=WRONG_SHARE)


def story_profile(folder: Path, questions: Sequence[Path], story: Path) -> Profile:
    """Return the profile of the bundled story, the pattern of any well-kept one."""
    documents, lexicon = examples.story(story)
    thin = examples.bare(documents, THIN_SHARE, seed=11)
    asked = tuple(each for path in questions for each in examples.own(path, documents))
    foreign = tuple(_foreign(folder))
    data: list[Case] = []
    for facts, texts, weight in (
        (documents, asked, 1.0),
        (thin, asked, THIN_WEIGHT),
        (documents, foreign, FOREIGN_WEIGHT),
    ):
        collection = Collection(name="story", documents=facts, lexicon=lexicon, examples=texts)
        data += cases([collection], weight=weight)
    data = [_weighed(case) for case in data]
    phrasings = cases(examples.held_out(documents, lexicon, PHRASING_FOLDS), weight=PHRASING_WEIGHT)
    worth = learn_worth([*data, *phrasings], PENALTY)
    return with_signs(worth, [_nearer(case) for case in data], wrong_share=1.0)


def _weighed(case: Case) -> Case:
    own = case.weight != FOREIGN_WEIGHT and case.example.style in ("off", "chat")
    return replace(case, weight=OWN_FOREIGN_WEIGHT) if own else case


def _nearer(case: Case) -> Case:
    near = case.weight == 1.0 and case.example.style == "near"
    return replace(case, weight=NEAR_WEIGHT) if near else case


def _sampled(collection: Collection, most: int) -> Collection:
    shuffled = list(collection.examples)
    random.Random(3).shuffle(shuffled)  # noqa: S311 - repeatable, no secret
    return replace(collection, examples=tuple(shuffled[:most]))


def _foreign(folder: Path) -> Iterator[Example]:
    chance = random.Random(5)  # noqa: S311 - repeatable, no secret
    for name, count in FOREIGN.items():
        texts = [
            example.text
            for collection in examples.public(folder / f"{name}.jsonl")
            for example in collection.examples
            if example.gold
        ]
        for text in chance.sample(texts, count):
            yield Example(text=text, gold=frozenset(), style="off")


def main() -> None:
    """Learn every profile and write the file of weights."""
    parser = argparse.ArgumentParser(description="Learn what each piece of evidence is worth.")
    parser.add_argument("--qa", type=Path, required=True, help="folder of the public sets")
    parser.add_argument(
        "--questions", type=Path, nargs="+", required=True, help="practice questions"
    )
    parser.add_argument("--story", type=Path, default=Path("bot/stories/call.toml"))
    parser.add_argument("--out", type=Path, default=Path("bot/search/data/weights.toml"))
    given = parser.parse_args()
    tables = (
        ("bare", "Facts without any question or phrasing.", bare_profile(given.qa)),
        ("single", "About one question a fact.", set_profile(given.qa, "stackfaq")),
        (
            "labels",
            "Several phrasings a fact, its text no more than a label.",
            set_profile(given.qa, "clinc150_k5"),
        ),
        (
            "rich",
            "Several phrasings a fact and a text that answers.",
            story_profile(given.qa, given.questions, given.story),
        ),
    )
    head = "# What evidence is worth, and the signs of the probability; written by learn.py.\n"
    given.out.write_text(
        "\n".join([head, *(written(*table) for table in tables)]), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
