"""A small story of a bridge, with and without ways of asking; factories fill the boring fields."""

from dataclasses import replace

from bot.search import Document, FactIndex, Name, StoryLexicon, Verdict

OPENED = Document(
    id=1,
    text="The harbour bridge was opened in 1932.",
    question="When was the bridge opened?",
    phrasings=("opening of the bridge", "which year did the bridge open"),
    topics=("history",),
)
LENGTH = Document(
    id=2,
    text="The bridge is 503 metres long, the survey office says.",
    question="How long is the bridge?",
    phrasings=("length of the bridge", "how many metres from end to end"),
    topics=("size",),
)
CAUSE = Document(
    id=3,
    text="Nobody knows yet why the bridge was closed.",
    question="Why was the bridge closed?",
    phrasings=("reason for the closure", "what made them shut it"),
    topics=("closure",),
    unknown=True,
)
CLOSED = Document(
    id=4,
    text="Mayor Anna Berg closed the bridge to lorries on Tuesday.",
    question="Who closed the bridge?",
    phrasings=("who gave the order to shut it", "name of the mayor"),
    topics=("closure",),
)
FERRY = Document(
    id=5,
    text="A free ferry carries passengers across the harbour every 20 minutes.",
    question="How do passengers cross the harbour now?",
    phrasings=("is there a boat instead", "what does the ferry cost"),
    topics=("closure",),
)
FACTS = (OPENED, LENGTH, CAUSE, CLOSED, FERRY)

LEXICON = StoryLexicon(
    names=(
        Name(name="Anna Berg", kind="person", also=("Berg", "the mayor")),
        Name(name="Harbour Bridge", kind="thing", also=("the old coathanger",)),
    ),
    synonyms=(("lorry", "truck"),),
)


def bare(documents: tuple[Document, ...] = FACTS) -> tuple[Document, ...]:
    """Return facts of which nobody says how they are asked."""
    return tuple(replace(each, question=None, phrasings=()) for each in documents)


def index(documents: tuple[Document, ...] = FACTS) -> FactIndex:
    """Return an index of some facts with the story's lexicon."""
    return FactIndex.build(documents, lexicon=LEXICON)


def told(verdict: Verdict) -> list[int]:
    """Return the ids of what a verdict tells."""
    return [each.document.id for each in verdict.told]


def is_amended(index: FactIndex) -> bool:
    """Return whether texts have changed since the index learned from all of them."""
    return index._classifier is not None and index._classifier.amendment is not None
