"""Learn what each piece of evidence is worth; writes `bot/search/data/weights.toml`.

    python -m bot.search.learning.learn --qa DIRECTORY --questions tests/questions

DIRECTORY holds `squad_tune.jsonl`, `clinc150_k5.jsonl` and `stackfaq.jsonl`, and the same with
typing slips as `*.typo.jsonl`, in the format that `storydesk evaluate` reads. Needs the `learn`
extra (scipy). Deterministic.

The ranker's worths are those of a conditional logit (softmax over the candidates of a question, the
right ones together), held at zero or above wherever more evidence should never count against a
document. The probability is a ridge logistic regression over the signs of the first document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.search.columns import NAMES
from bot.search.found import Found
from bot.search.index import FactIndex
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
"""What a question that at best some known unknown answers counts for beside an answerable one."""

SQUAD_A_STORY: Final = 250
"""Questions of one encyclopedia article: enough of each, none outweighs the others."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its evidence."""

    group: str
    example: Example
    found: Found
    right: NDArray[np.bool_]  # by candidate
    unknown: NDArray[np.bool_]  # by candidate: a known unknown
    weight: float


def cases(group: str, collections: Iterable[Collection], *, weight: float = 1.0) -> list[Case]:
    """Return the questions of some collections with their evidence."""
    gathered = []
    for each in collections:
        index = FactIndex.build(each.documents, lexicon=each.lexicon)
        unknown = np.array([document.unknown for document in each.documents])
        for example in each.examples:
            found = index.find(example.text)
            if found is not None:
                right = np.isin(found.places, list(example.gold))
                gathered.append(Case(group, example, found, right, unknown[found.places], weight))
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
    """Return the candidates that should come first; any known unknown for a near question."""
    return case.unknown if case.example.style == "near" else case.right


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
    worth = learn_worth(data, PENALTY).astype(np.float32)
    draft = Profile(worth=worth, bias=0.0, signs=np.zeros(len(SIGNS), np.float32))
    bias, signs = learn_signs(data, draft, PENALTY, wrong_share)
    return Profile(worth=worth, bias=bias, signs=signs.astype(np.float32))


def written(name: str, profile: Profile, note: str) -> str:
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
