"""What the bench asks: a public set, or the bundled story with its own questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.evaluation import reading
from bot.evaluation.reading import PublicStory
from bot.search import Document, StoryLexicon
from bot.search.learning import examples

ROOT: Final = Path(__file__).parents[2]
BUNDLED: Final = ROOT / "bot" / "stories" / "call.toml"
OWN_QUESTIONS: Final = ROOT / "tests" / "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Facts and questions on them; every engine indexes each story by itself."""

    documents: tuple[Document, ...]
    lexicon: StoryLexicon
    questions: tuple[tuple[str, frozenset[int]], ...]  # with the ids of the facts that answer
    off_topic: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSet:
    """One file, with typing slips beside it where there is such a file."""

    name: str
    clean: tuple[Story, ...]
    typo: tuple[Story, ...] = ()


def public(path: Path) -> BenchSet:
    """Return a public set, and the same with typing slips from `NAME.typo.jsonl` beside it.

    Raises:
        QuestionFileError: a file is not understood, or holds a story's own questions.
    """
    slips = path.with_suffix(f".typo{path.suffix}")
    return BenchSet(
        name=path.stem, clean=_stories(path), typo=_stories(slips) if slips.exists() else ()
    )


def bundled() -> BenchSet:
    """Return the bundled story with the questions that it is practised on.

    The set `d` is left out: only the last measurement of all looks at it.

    A fact answers a question if its text and source hold what the answer must.
    """
    documents, lexicon = examples.story(BUNDLED)
    asked = [
        example
        for path in sorted(OWN_QUESTIONS.glob("questions_[abc].jsonl"))
        for example in examples.own(path, documents)
    ]
    story = Story(
        documents=documents,
        lexicon=lexicon,
        questions=tuple((each.text, each.gold) for each in asked if each.gold),
        off_topic=tuple(each.text for each in asked if each.style == reading.OFF),
    )
    return BenchSet(name="the bundled story", clean=(story,))


def texts(documents: Sequence[Document]) -> tuple[list[str], list[int]]:
    """Return every text of the documents (own text, question, phrasings) and whose each is."""
    found: list[str] = []
    owners: list[int] = []
    for document in documents:
        ways = [document.text, *([document.question] if document.question else [])]
        for text in (*ways, *document.phrasings):
            found.append(text)
            owners.append(document.id)
    return found, owners


def _stories(path: Path) -> tuple[Story, ...]:
    return tuple(
        Story(
            documents=each.documents,
            lexicon=StoryLexicon(),
            questions=tuple((question.text, question.gold) for question in each.questions),
            off_topic=each.off_topic,
        )
        for each in reading.read(path)
        if isinstance(each, PublicStory)
    )
