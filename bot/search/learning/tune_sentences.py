"""Tune the layers of the sentence model on readers' ways of asking.

    pip install -e '.[learn]'
    python -m bot.search.learning.tune_sentences one.safetensors --qa DIRECTORY --without-fold 1
    python -m bot.search.learning.tune_sentences two.safetensors --qa DIRECTORY --without-fold 2
    python -m bot.search.learning.build_sentences bot/search/data/sentences.npz --weights \\
        one.safetensors two.safetensors

all-MiniLM-L6-v2 has hardly seen roundabout questions to short answers ("when should I switch on
for that first game?" for "What time does the match start? 8 p.m."). Its layers learn to bring a
question nearer to the fact that it is meant for than to the other facts of the same story, by
cross-entropy over the facts of a batch (van den Oord et al., "Representation learning with
contrastive predictive coding", 2018). Beside the facts stands *none of them*, at a nearness that is
learned with the rest: it is right for questions that no fact answers, those to other stories, those
*beside* a fact, which share its words and ask for something else, and a fact's own question with
one particular swapped. On stories left out, the nearest fact was right
for 69 questions of 100 instead of 57; where only the last two layers learned, for 66.

DIRECTORY holds the public sets; the stories are those to learn from (`learn.LEARNED` and
`tests/stories/lessons`) and the bundled one, less one of `learn.FOLDS`: what the decline stage
learns from a story must come from a model that has not seen it. What is delivered is the mean of
both. In single precision, since half precision is many times slower on processors that lack it.
Deterministic for one number of threads; 45 minutes on one core for each.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bot.search.learning import examples, files
from bot.search.learning.examples import Collection, Example
from bot.search.learning.learn import FOLDS, LEARNED, LESSONS, STORIES
from bot.search.learning.pairs import pairs
from bot.search.meaning import sentence_model
from bot.search.meaning.wordpiece import WordPieces
from bot.search.verdict import Document

RATE: Final = 7e-5
EPOCHS: Final = 2
WARM_UP: Final = 20
"""Steps until the rate is reached; from then on it falls to a twentieth in a straight line."""

BATCH: Final = 72
"""Questions of one story a step: most of its facts are read in every step anyway."""

OTHERS: Final = 24
"""Facts of the story that none of the questions is meant for, beside those that they are."""

STRANGERS: Final = 30
"""Questions of a step that no fact answers, where the story has some."""

FROM_OTHERS: Final = 60
"""Questions to other stories that each story is asked."""

NONE_FROM: Final = 0.5
NONE_RATE: Final = 40.0
"""Nearness at which *none of them* stands at first, and how much faster than the rest it learns."""

SHARPNESS: Final = 20.0
"""What cosines are multiplied by before the softmax, as the model was trained with."""

LONGEST: Final = 40
"""Pieces of a text that are read."""

ALIKE: Final = 24
"""Texts of nearly one length that are read together, so that little of what is read is empty."""

REPORTED: Final = 25
"""Steps between two lines of progress."""

OFTEN: Final = 2
"""How often an epoch goes through a story: they are what it is about."""

MOST: Final = {"call": 3_000, "squad_tune": 36}
"""Questions of one story at most."""

ARTICLES: Final = 20
LARGEST_ARTICLE: Final = 260
"""Encyclopedia articles, and facts of one at most, so that the model does not unlearn sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The facts of one story and questions that are meant for one of them each."""

    name: str
    facts: tuple[tuple[str | None, str], ...]  # the question, and question and answer together
    questions: tuple[tuple[str, int], ...]  # with the place of the fact
    strangers: tuple[tuple[str, int | None], ...] = ()  # with the place of the fact they are near
    often: int = 1


def courses(qa: Path, story: Path, without: Set[str], chance: random.Random) -> list[Course]:
    """Return everything to learn from but the stories that are left out."""
    own = [_prepared(STORIES / name) for name in LEARNED]
    own += [_lesson(path) for path in sorted(LESSONS.glob("*.json"))]
    own = [each for each in own if each.name not in without]
    return [*_public(qa, chance), _bundled(story, chance), *_with_others(own, chance)]


def _with_others(own: Sequence[Course], chance: random.Random) -> Iterator[Course]:
    """Yield stories that are asked what is asked of the others, too."""
    for course in own:
        strange = [text for each in own if each is not course for text, _ in each.questions]
        some = chance.sample(strange, min(FROM_OTHERS, len(strange)))
        yield replace(course, strangers=(*course.strangers, *((text, None) for text in some)))


def _public(qa: Path, chance: random.Random) -> Iterator[Course]:
    articles = 0
    for name in ("squad_tune", "clinc150_k5", "stackfaq"):
        for collection in examples.public(qa / f"{name}.jsonl"):
            asked = [(each.text, min(each.gold)) for each in collection.examples if each.gold]
            chance.shuffle(asked)
            documents = collection.documents
            if name == "squad_tune":
                articles += len(documents) < LARGEST_ARTICLE
                if len(documents) >= LARGEST_ARTICLE or articles > ARTICLES:
                    continue
            else:
                # The first way of asking stands for the fact's question, the others ask for it.
                ways = [(way, each.id) for each in documents for way in each.phrasings[1:]]
                asked = [*ways, *asked[:1_000]]
            facts = tuple(_fact(each, short=name == "clinc150_k5") for each in documents)
            most = MOST.get(name, len(asked))
            yield Course(name=name, facts=facts, questions=tuple(asked[:most]))


def _bundled(story: Path, chance: random.Random) -> Course:
    documents, _ = examples.story(story)
    asked = [(way, each.id) for each in documents for way in each.phrasings]
    chance.shuffle(asked)
    facts = tuple(_fact(each) for each in documents)
    return Course(name="call", facts=facts, questions=tuple(asked[: MOST["call"]]))


def _prepared(folder: Path) -> Course:
    collection = examples.left_out(folder, 0)
    return _course(collection, (*collection.examples, *examples.prepared(folder, 0).examples))


def _lesson(path: Path) -> Course:
    collection = examples.lesson(path, 0)
    return _course(collection, collection.examples)


def _course(collection: Collection, asked: Sequence[Example]) -> Course:
    near = [(each.text, each.beside) for each in asked if not each.gold]
    swapped = [(each.swapped, each.document) for each in pairs(collection.documents)]
    return Course(
        name=collection.name.partition(",")[0],
        facts=tuple(_fact(each) for each in collection.documents),
        questions=tuple((each.text, min(each.gold)) for each in asked if each.gold),
        strangers=(*near, *swapped),
        often=OFTEN,
    )


def _fact(document: Document, *, short: bool = False) -> tuple[str | None, str]:
    question = document.question or next(iter(document.phrasings), None)
    if question is None or short:  # a label is no answer
        return question, question or document.text
    return question, f"{question} {document.text}"


class Network:
    """The sentence model in torch: its table of word pieces as it is, its layers to learn."""

    def __init__(self, tensors: Mapping[str, Any], pieces: WordPieces) -> None:
        import torch

        self._torch = torch
        self._pieces = pieces
        self.tensors = {name: each.clone() for name, each in tensors.items()}
        self.learning = [name for name in self.tensors if name.startswith("encoder.layer.")]

    def vectors(self, texts: Sequence[str]) -> Any:
        """Return the vectors of some texts: a tensor (texts, width) to learn from."""
        torch = self._torch
        numbers = [self._pieces.numbers(text, most=LONGEST) for text in texts]
        order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
        means = torch.cat(
            [
                self._means([numbers[place] for place in order[start : start + ALIKE]])
                for start in range(0, len(order), ALIKE)
            ]
        )
        return torch.nn.functional.normalize(means[torch.tensor(order).argsort()], dim=1)

    def _means(self, numbers: Sequence[Sequence[int]]) -> Any:
        hidden, mask = self._embedded(numbers)
        hidden = self._layers(hidden, mask)
        return (hidden * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)

    def _embedded(self, numbers: Sequence[Sequence[int]]) -> tuple[Any, Any]:
        torch = self._torch
        longest = max(map(len, numbers))
        mask = torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in numbers])
        filled = torch.tensor([[*row, *[0] * (longest - len(row))] for row in numbers])
        name = "embeddings.{}_embeddings.weight"
        hidden = self.tensors[name.format("word")][filled]
        hidden = hidden + self.tensors[name.format("position")][:longest]
        hidden = hidden + self.tensors[name.format("token_type")][0]
        return self._normalised(hidden, "embeddings.LayerNorm"), mask

    def _layers(self, hidden: Any, mask: Any) -> Any:
        functional = self._torch.nn.functional
        texts, length, width = hidden.shape
        unseen = ((1 - mask) * -1e9)[:, None, None, :]
        shape = (texts, length, sentence_model.HEADS, width // sentence_model.HEADS)
        for number in range(sentence_model.LAYERS):
            layer = f"encoder.layer.{number}"
            query, key, value = (
                self._dense(hidden, f"{layer}.attention.self.{part}").view(shape).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            looked = query @ key.transpose(-1, -2) / shape[-1] ** 0.5 + unseen
            mixed = (looked.softmax(dim=-1) @ value).transpose(1, 2).reshape(hidden.shape)
            hidden = hidden + self._dense(mixed, f"{layer}.attention.output.dense")
            hidden = self._normalised(hidden, f"{layer}.attention.output.LayerNorm")
            wide = functional.gelu(self._dense(hidden, f"{layer}.intermediate.dense"))
            hidden = hidden + self._dense(wide, f"{layer}.output.dense")
            hidden = self._normalised(hidden, f"{layer}.output.LayerNorm")
        return hidden

    def _dense(self, hidden: Any, name: str) -> Any:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return self._torch.nn.functional.linear(hidden, weight, bias)

    def _normalised(self, hidden: Any, name: str) -> Any:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return self._torch.nn.functional.layer_norm(
            hidden, hidden.shape[-1:], weight, bias, sentence_model.EPSILON
        )


def tuned(network: Network, taught: Sequence[Course], chance: random.Random) -> dict[str, Any]:
    """Return the network's tensors once it has gone through all courses EPOCHS times."""
    import torch

    parameters = [network.tensors[name].requires_grad_() for name in network.learning]
    none = torch.tensor(NONE_FROM, requires_grad=True)
    optimizer = torch.optim.AdamW(
        [{"params": parameters, "speed": 1.0}, {"params": [none], "speed": NONE_RATE}],
        lr=RATE,
        weight_decay=0.01,
    )
    steps = [batch for _ in range(EPOCHS) for batch in _batches(taught, chance)]
    for number, (course, batch) in enumerate(steps):
        for group in optimizer.param_groups:
            fallen = max(0.05, 1 - number / len(steps))
            group["lr"] = RATE * min(1.0, (number + 1) / WARM_UP) * fallen * group["speed"]
        strangers = chance.sample(course.strangers, min(STRANGERS, len(course.strangers)))
        near = [place for _, place in (*batch, *strangers) if place is not None]
        wanted = list(dict.fromkeys(near))
        rest = [place for place in range(len(course.facts)) if place not in set(wanted)]
        places = wanted + chance.sample(rest, min(OTHERS, len(rest)))
        whole = chance.random() < 0.5
        facts = [course.facts[place] for place in places]
        texts = [both if whole or question is None else question for question, both in facts]
        asked = network.vectors([text for text, _ in (*batch, *strangers)])
        told = network.vectors(texts)
        cosines = asked @ told.T
        right = torch.tensor(
            [places.index(place) for _, place in batch] + [len(places)] * len(strangers)
        )
        if course.strangers:
            cosines = torch.cat((cosines, none.expand(len(cosines), 1)), dim=1)
        loss = torch.nn.functional.cross_entropy(SHARPNESS * cosines, right)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if number % REPORTED == 0:
            sys.stdout.write(f"step {number} of {len(steps)}: loss {loss.item():.3f}\n")
            sys.stdout.flush()
    return {name: each.detach().contiguous() for name, each in network.tensors.items()}


def _batches(
    taught: Sequence[Course], chance: random.Random
) -> list[tuple[Course, list[tuple[str, int]]]]:
    """Return one epoch: the questions of each course in batches, the batches shuffled."""
    found = []
    for course in taught:
        for _ in range(course.often):
            asked = list(course.questions)
            chance.shuffle(asked)
            found += [
                (course, asked[start : start + BATCH])
                for start in range(0, max(len(asked) - BATCH // 5, 1), BATCH)
            ]
    chance.shuffle(found)
    return found


def main() -> None:
    """Read the command line, tune, write."""
    # Not at the top: the other functions, and their tests, do without the extra.
    import torch
    from safetensors.torch import load_file, save_file

    parser = argparse.ArgumentParser(description="Tune the sentence model's layers.")
    parser.add_argument("output", type=Path, help="the .safetensors to write")
    parser.add_argument("--qa", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--story", type=Path, default=Path("bot/stories/call.toml"))
    parser.add_argument("--without-fold", type=int, choices=(1, 2), required=True)
    files.add_teacher(parser)
    given = parser.parse_args()
    torch.manual_seed(1)
    chance = random.Random(1)  # noqa: S311 - repeatable, no secret
    teacher = files.teacher(parser, given.teacher)
    entries = (teacher / "vocab.txt").read_text(encoding="utf-8").splitlines()
    network = Network(load_file(teacher / "model.safetensors"), WordPieces(entries))
    taught = courses(given.qa, given.story, FOLDS[given.without_fold - 1], chance)
    save_file(tuned(network, taught, chance), given.output)


if __name__ == "__main__":
    main()
