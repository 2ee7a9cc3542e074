"""No claim of the bot depends on its formatting: what is struck out or hidden is never sent."""

import re
from pathlib import Path

import pytest

SOURCES = sorted(Path("bot/views").rglob("*.py"))
TAGS = {"b", "i", "a", "blockquote"}
"""Bold and italics stress, a link leads on, a quotation folds: without them the words stay."""


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_messages_use_only_tags_that_change_no_meaning(path: Path) -> None:
    used = set(re.findall(r"<(/?[a-z-]+)[ >]", path.read_text(encoding="utf-8")))
    assert {tag.strip("/") for tag in used} <= TAGS


def test_what_is_folded_says_in_words_that_it_is_past() -> None:
    folding = [path for path in SOURCES if "<blockquote expandable>" in path.read_text()]
    assert {path.name for path in folding} == {"messages.py", "cards.py"}
