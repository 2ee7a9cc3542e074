"""Stories that nobody prepared, with few ways of asking a fact: the bot beside the peers.

The bot is asked as the chat asks, in a database of its own, and decides by itself what to decline.
A peer does not know when to decline: it tells its best fact wherever its score is above the one
that at most OTHER_TOLD of the story's own off-topic and chat messages exceed, which flatters it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.evaluation import prepared
from bot.search import StoryLexicon
from bot.search.learning import examples
from bot.search.learning.examples import Example
from bot.search.learning.learn import LEARNED
from bot.search.ranking import measures
from tests.benchmarks.peers import PEERS, Peer, SentenceModelAlone
from tests.benchmarks.sets import ROOT, Story

STORIES: Final = ROOT / "tests" / "stories"

OTHER_TOLD: Final = 0.03
"""The share of off-topic and chat messages that a peer may tell a fact."""

BESIDE: Final = (
    "rapidfuzz WRatio",
    "rapidfuzz token_set_ratio",
    "bm25s, stop words, stemmer",
    "SQLite FTS5, trigram",
    "TF-IDF of characters 2–5",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one engine reached on one story; shares are 0..1, None where nothing was asked."""

    engine: str
    story: str
    phrasings: int
    right: float | None
    wrong: float | None
    near_told: float | None
    other_told: float | None  # of off-topic and chat messages
    turns_right: float | None = None  # of dialogues; peers know no conversation


def folders(*, learned: bool | None = None) -> list[Path]:
    """Return the stories; with `learned` only those that the weights were learned from, or not."""
    found = sorted(path for path in STORIES.iterdir() if prepared.is_story(path))
    return [path for path in found if learned is None or (path.name in LEARNED) is learned]


def rows(paths: Iterable[Path]) -> Iterator[Row]:
    """Yield a row for each engine, story and number of phrasings."""
    peers = [peer for peer in PEERS if peer.name in BESIDE]
    peers.append(Peer(name="the sentence model alone", engine=SentenceModelAlone))
    for path in paths:
        for count in prepared.PHRASINGS:
            asked_by_readers = (path / prepared.QUESTIONS).exists()
            of_story = examples.prepared if asked_by_readers else examples.left_out
            collection = of_story(path, count)
            story = Story(
                documents=collection.documents,
                lexicon=StoryLexicon(),
                questions=(),
                off_topic=(),
            )
            for peer in peers:
                yield _of_peer(peer, story, collection.examples, path.name, count)
            yield _of_storydesk(path, count)


def _of_storydesk(path: Path, count: int) -> Row:
    figures = prepared.figures(path, count)
    others = [each for each in (figures.off, figures.chat) if each is not None]
    asked = sum(each.questions for each in others)
    return Row(
        engine="Storydesk",
        story=path.name,
        phrasings=count,
        right=figures.right,
        wrong=figures.wrong,
        near_told=None if figures.near is None else figures.near.told,
        other_told=sum(each.told * each.questions for each in others) / asked if asked else None,
        turns_right=figures.turns_right,
    )


def _of_peer(peer: Peer, story: Story, asked: Sequence[Example], name: str, count: int) -> Row:
    engine = peer.engine(story)
    best = [(each, *engine.best(each.text)) for each in asked]
    others = [row for row in best if not row[0].gold and row[0].style in ("off", "chat")]
    limit = measures.threshold([row[2] for row in others], OTHER_TOLD) or 0.0
    unknown = {document.id for document in story.documents if document.unknown}

    def share(of: Sequence[bool]) -> float | None:
        return sum(of) / len(of) if of else None

    answerable = [row for row in best if row[0].gold]
    near = [row for row in best if not row[0].gold and row[0].style == "near"]
    return Row(
        engine=peer.name,
        story=name,
        phrasings=count,
        right=share([fact in each.gold and score > limit for each, fact, score in answerable]),
        wrong=share(
            [
                fact not in each.gold and fact not in unknown and score > limit
                for each, fact, score in answerable
            ]
        ),
        near_told=share([score > limit and fact not in unknown for _, fact, score in near]),
        other_told=share([score > limit and fact not in unknown for _, fact, score in others]),
    )


def table(found: Sequence[Row]) -> str:
    """Return the rows as a table within 80 columns, the mean of the stories at its end."""
    lines = [f"{'':<14}{'':<28}{'right':>8}{'wrong':>8}{'near':>8}{'other':>7}{'turns':>7}"]
    for count in prepared.PHRASINGS:
        lines.append(f"{count} phrasings a fact")
        some = [row for row in found if row.phrasings == count]
        engines = list(dict.fromkeys(row.engine for row in some))
        for story in dict.fromkeys(row.story for row in some):
            lines += [_line(row.story, row) for row in some if row.story == story]
        for engine in engines:
            lines.append(_line("mean", _mean([row for row in some if row.engine == engine])))
    return "\n".join(lines)


def _line(first: str, row: Row) -> str:
    shares = (row.right, row.wrong, row.near_told, row.other_told, row.turns_right)
    widths = (8, 8, 8, 7, 7)
    shown = "".join(
        f"{'–' if share is None else f'{share:.2f}':>{width}}"
        for share, width in zip(shares, widths, strict=True)
    )
    return f"{first:<14}{row.engine:<28}{shown}"


def _mean(some: Sequence[Row]) -> Row:
    def mean(values: Iterable[float | None]) -> float | None:
        known = [each for each in values if each is not None]
        return sum(known) / len(known) if known else None

    return Row(
        engine=some[0].engine,
        story="mean",
        phrasings=some[0].phrasings,
        right=mean(row.right for row in some),
        wrong=mean(row.wrong for row in some),
        near_told=mean(row.near_told for row in some),
        other_told=mean(row.other_told for row in some),
        turns_right=mean(row.turns_right for row in some),
    )
