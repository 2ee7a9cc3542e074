"""An import of many facts while readers ask: how long they wait, and what it takes."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from bot import clock
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.reader import ReaderAnswers
from bot.services.answers.results import Place
from bot.services.files.dry_run import TakenIn
from bot.services.files.imports import Imports
from bot.services.files.sent_files import SentFile
from bot.services.files.uploads import Uploads
from bot.services.rights import Actor
from db.desk import editors
from db.engine import Database
from db.records import ChatKind
from db.records.desk import Role
from tests.benchmarks import synthetic

FACTS: Final = 10_000
PAUSE_S: Final = 0.02
"""Between two questions of the reader."""

QUESTION: Final = "How long did the call last?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import costs, beside the bundled story."""

    facts: int
    shown_s: float  # from the file to the dry run, wall
    taken_s: float  # from the tap to the end, wall
    answers: int  # that a reader got meanwhile
    usual_ms: float  # the longest that the reader waited before
    longest_ms: float  # the longest that the reader waited meanwhile
    stall_ms: float  # the longest that the event loop did nothing else
    peak_mb: float  # of the whole process


@dataclass(slots=True)
class Watched:
    """How long a reader waits, and how long the event loop stands still."""

    waits_ms: list[float] = field(default_factory=list)
    stall_ms: float = 0.0

    async def ask(self, answering: ReaderAnswers) -> None:
        """Ask for ever."""
        place = Place(chat_id=500, kind=ChatKind.PRIVATE)
        while True:
            began = time.perf_counter()
            await answering.answer(QUESTION, place)
            self.waits_ms.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE_S)

    async def beat(self) -> None:
        """Note for ever how late the event loop is."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            self.stall_ms = max(self.stall_ms, (time.perf_counter() - began - 0.001) * 1000)


async def measure(folder: Path, facts: int, *, bundled: bool) -> Imported:
    """Import `facts` facts into a database in `folder`, beside the bundled story or alone."""
    rows = [
        {"question": f"What is known of matter {number}?", "text": each.text[:1000]}
        for number, each in enumerate(synthetic.facts(facts))
    ]
    data = "\n".join(json.dumps(row) for row in rows).encode()
    database = await Database.open(folder / "story.sqlite3")
    if bundled:
        await Imports(database, clock.now).load_bundled_if_empty()
    cache = IndexCache(database)
    answering, receiving = ReaderAnswers(database, cache=cache), Uploads(database, cache)
    async with database.writing() as session:
        await editors.admit(
            session, 7, name="Ada", role=Role.EDITOR, invited_by=None, at=clock.now()
        )
    ada = Actor(person_id=7, name="Ada", place=Place(chat_id=7, kind=ChatKind.PRIVATE))
    await answering.story()

    async def fetch() -> bytes:
        return data

    watched = Watched()
    tasks = [asyncio.create_task(watched.ask(answering)), asyncio.create_task(watched.beat())]
    await asyncio.sleep(1)
    usual, watched.waits_ms, watched.stall_ms = max(watched.waits_ms), [], 0.0
    began = time.perf_counter()
    run = await receiving.receive(ada, SentFile(name="facts.jsonl", size=None, fetch=fetch))
    shown_s = time.perf_counter() - began
    assert run.proposal is not None
    began = time.perf_counter()
    done = await receiving.take_in(ada, run.proposal.id, run.proposal.turn)
    taken_s = time.perf_counter() - began
    assert isinstance(done, TakenIn)
    await asyncio.sleep(1)  # those who ask right afterwards count too
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await database.close()
    return Imported(
        facts=done.new,
        shown_s=shown_s,
        taken_s=taken_s,
        answers=len(watched.waits_ms),
        usual_ms=usual,
        longest_ms=max(watched.waits_ms),
        stall_ms=watched.stall_ms,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    )


def run(facts: int = FACTS, *, bundled: bool = True) -> Imported:
    """Return what an import costs, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.importing", str(facts)]
    if bundled:
        command.append("bundled")
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    return Imported(**json.loads(done.stdout))


def table(found: Imported) -> str:
    """Return the costs as lines within 80 columns."""
    rows = (
        ("facts, without phrasings", f"{found.facts:,}"),
        ("from the file to the dry run", f"{found.shown_s:.1f} s"),
        ("from the tap to the end", f"{found.taken_s:.1f} s"),
        ("answers that a reader got meanwhile", f"{found.answers:,}"),
        ("longest wait of the reader before", f"{found.usual_ms:,.0f} ms"),
        ("longest wait of the reader meanwhile", f"{found.longest_ms:,.0f} ms"),
        ("longest stall of the event loop", f"{found.stall_ms:,.0f} ms"),
        ("peak memory of the process", f"{found.peak_mb:,.0f} MB"),
    )
    return "\n".join(
        ["An import from the chat", "", *(f"{name:<45}{value}" for name, value in rows)]
    )


def main() -> None:
    """Measure one import; prints the costs as JSON."""
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        bundled = "bundled" in sys.argv[2:]
        found = asyncio.run(measure(Path(folder), int(sys.argv[1]), bundled=bundled))
    sys.stdout.write(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
