"""Speed and memory of an index of synthetic facts, each size in a process of its own."""

import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

from bot.search import Document, FactIndex
from bot.search.ranking import measures
from tests.benchmarks import synthetic

SIZES: Final = (1_000, 10_000, 100_000)
TIMED: Final = 500
IN_A_ROW: Final = 1_000
CHANGES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """What an index of one size costs."""

    facts: int
    build_s: float  # CPU
    memory_mb: float  # of the index and the word vectors
    median_ms: float  # CPU for one question
    p99_ms: float
    changed_ms: float  # until one changed fact is found, the question included
    grown_mb: float  # by 1,000 further questions in a row


def measure(documents: Sequence[Document]) -> Scaled:
    """Return what an index of `documents` costs. Memory means something in a fresh process only."""
    asked = list(synthetic_questions(documents, TIMED + IN_A_ROW))
    before = _resident_mb()
    began = time.process_time()
    index = FactIndex.build(documents)
    build_s = time.process_time() - began
    memory_mb = _resident_mb() - before
    cpu_ms = []
    for question in asked[:TIMED]:
        began = time.process_time()
        index.ask(question)
        cpu_ms.append((time.process_time() - began) * 1000)
    warm = _resident_mb()
    for question in asked[TIMED:]:
        index.ask(question)
    grown_mb = _resident_mb() - warm
    return Scaled(
        facts=len(documents),
        build_s=build_s,
        memory_mb=memory_mb,
        median_ms=measures.percentile(cpu_ms, 50) or 0.0,
        p99_ms=measures.percentile(cpu_ms, 99) or 0.0,
        changed_ms=_changed_ms(index),
        grown_mb=grown_mb,
    )


def synthetic_questions(documents: Sequence[Document], count: int) -> Sequence[str]:
    """Return questions on the facts without loading what the index is measured by."""
    return list(synthetic.questions(list(documents), count))


def _changed_ms(index: FactIndex) -> float:
    """Return the median CPU time until a changed fact is the answer to a question about it."""
    times = []
    for change in range(CHANGES):
        old = index.documents[change * len(index.documents) // CHANGES]
        fresh = replace(old, text=f"The {change}. quixotic zeppelin landed. {old.text}")
        began = time.process_time()
        index = index.updated([fresh], revision=change + 1)
        found = index.find("where did the quixotic zeppelin land")
        times.append((time.process_time() - began) * 1000)
        assert found is not None
        assert index.place_of(fresh.id) in found.places
    return median(times)


def run(sizes: Sequence[int] = SIZES) -> list[Scaled]:
    """Return the costs of each size, each measured in a process of its own."""
    found = []
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        path = Path(folder, "facts.jsonl")
        facts = synthetic.facts(max(sizes))
        path.write_text("\n".join(json.dumps(each.text) for each in facts), encoding="utf-8")
        for size in sizes:
            command = [sys.executable, "-m", "tests.benchmarks.scale", str(path), str(size)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
            found.append(Scaled(**json.loads(done.stdout)))
    return found


def start_up_s(*command: str, times: int = 5) -> float:
    """Return the median wall seconds of a whole process that runs Python with `command`."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603 - our own commands
        taken.append(time.perf_counter() - began)
    return median(taken)


def table(found: Sequence[Scaled]) -> str:
    """Return the costs as a table within 80 columns."""
    lines = [
        "Synthetic facts without phrasings",
        "",
        f"{'facts':>9}{'build':>10}{'memory':>11}{'median':>11}{'p99':>11}{'change':>11}{'growth':>11}",
        f"{'':>9}{'CPU s':>10}{'MB':>11}{'CPU ms':>11}{'CPU ms':>11}{'CPU ms':>11}{'MB':>11}",
    ]
    lines += [
        f"{each.facts:>9,}{each.build_s:>10.1f}{each.memory_mb:>11.0f}{each.median_ms:>11.2f}"
        f"{each.p99_ms:>11.2f}{each.changed_ms:>11.1f}{each.grown_mb:>11.1f}"
        for each in found
    ]
    lines += [
        "",
        f"median, p99: one question of {TIMED}; change: until a changed fact is found;",
        f"growth: memory after {IN_A_ROW:,} further questions.",
    ]
    return "\n".join(lines)


def _resident_mb() -> float:
    """Return the memory that this process holds, in MB; outside Linux the most it ever held."""
    gc.collect()
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Measure the first facts of a file; prints the costs as JSON."""
    path, size = Path(sys.argv[1]), int(sys.argv[2])
    with path.open(encoding="utf-8") as lines:
        documents = [
            Document(id=number, text=json.loads(line))
            for number, line in zip(range(size), lines, strict=False)
        ]
    sys.stdout.write(json.dumps(asdict(measure(documents))))


if __name__ == "__main__":
    main()
