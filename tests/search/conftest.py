"""The bundled story, indexed once for all tests of the search."""

from pathlib import Path

import pytest

from bot import learned_cache
from bot.search import Document, FactIndex, StoryLexicon
from bot.search.learning import examples
from tests.search import harbour

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def bundled() -> tuple[tuple[Document, ...], StoryLexicon]:
    """The documents and the lexicon of the bundled story."""
    return examples.story(ROOT / "bot" / "stories" / "call.toml")


@pytest.fixture(scope="session")
def story(bundled: tuple[tuple[Document, ...], StoryLexicon]) -> FactIndex:
    """The index of the bundled story."""
    documents, lexicon = bundled
    kept = learned_cache.kept(lexicon)
    index = FactIndex.build(documents, lexicon=lexicon, learned=kept)
    if kept is None:
        learned_cache.put(lexicon, index.learned)
    return index


@pytest.fixture(scope="session")
def bridge() -> FactIndex:
    """The index of the small story, with ways of asking."""
    return harbour.index()
