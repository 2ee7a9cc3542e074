"""Every engine on the same questions in the same run, as one table."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.search.ranking import measures
from tests.benchmarks.peers import PEERS, Engine, Peer
from tests.benchmarks.sets import BenchSet, Story, texts

SAMPLE: Final = 1000
"""Questions, and off-topic ones, that a slow peer is asked at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one engine reached; shares are 0..1, None where nothing was asked."""

    name: str
    clean: float | None
    typo: float | None
    decline: float | None  # AUROC of answerable against off-topic questions, by the engine's score
    cpu_ms: float | None  # median of one question
    asked: int  # questions that the shares are of


def rows(bench: BenchSet, peers: Sequence[Peer] = PEERS, *, sample: int = SAMPLE) -> list[Row]:
    """Return a row for each engine."""
    found = []
    for peer in peers:
        most = sample if peer.sampled else None
        hits, sure, off, cpu_ms = _asked(bench.clean, peer, most)
        typo_hits = _asked(bench.typo, peer, most)[0]
        found.append(
            Row(
                name=peer.name,
                clean=_share(hits),
                typo=_share(typo_hits),
                decline=measures.auroc(sure, off),
                cpu_ms=measures.percentile(cpu_ms, 50),
                asked=len(hits),
            )
        )
    return found


def table(bench: BenchSet, found: Sequence[Row]) -> str:
    """Return the rows as a table within 80 columns, with what was asked above it."""
    facts = sum(len(story.documents) for story in bench.clean)
    ways = sum(len(texts(story.documents)[0]) for story in bench.clean)
    asked = sum(len(story.questions) for story in bench.clean)
    off = sum(len(story.off_topic) for story in bench.clean)
    lines = [
        f"{bench.name}: {_many(len(bench.clean), 'story', 'stories')}, "
        f"{_many(facts, 'fact', 'facts')} with {_many(ways, 'text', 'texts')},",
        f"{asked:,} questions, {off:,} off-topic",
        "",
        f"{'':<28}{'top-1':>8}{'top-1':>8}{'decline':>9}{'CPU ms':>10}{'questions':>12}",
        f"{'':<28}{'clean':>8}{'typos':>8}{'AUROC':>9}{'median':>10}{'asked':>12}",
    ]
    lines += [
        f"{row.name:<28}{_shown(row.clean):>8}{_shown(row.typo):>8}{_shown(row.decline):>9}"
        f"{_shown(row.cpu_ms, 2):>10}{row.asked:>12,}"
        for row in found
    ]
    if any(row.asked < asked for row in found):
        lines += ["", "Slow engines are asked every n-th question only, as the last column says."]
    return "\n".join(lines)


def _asked(
    stories: Sequence[Story], peer: Peer, most: int | None
) -> tuple[list[bool], list[float], list[float], list[float]]:
    """Return hits, scores of answerable and of off-topic questions, and CPU milliseconds."""
    hits: list[bool] = []
    sure: list[float] = []
    off: list[float] = []
    cpu_ms: list[float] = []
    step = _step(sum(len(story.questions) for story in stories), most)
    off_step = _step(sum(len(story.off_topic) for story in stories), most)
    for story in stories:
        engine = peer.engine(story)
        for question, gold in story.questions[::step]:
            fact, score, ms = _timed(engine, question)
            hits.append(fact in gold)
            sure.append(score)
            cpu_ms.append(ms)
        off += [_timed(engine, question)[1] for question in story.off_topic[::off_step]]
    return hits, sure, off, cpu_ms


def _timed(engine: Engine, question: str) -> tuple[int | None, float, float]:
    began = time.process_time()
    fact, score = engine.best(question)
    return fact, score, (time.process_time() - began) * 1000


def _step(total: int, most: int | None) -> int:
    return 1 if most is None else max(1, -(-total // most))


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _shown(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
