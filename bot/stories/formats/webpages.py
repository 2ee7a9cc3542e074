"""Web pages → the FAQ data in them, or their text as a page of questions and answers."""

import json
import re
from typing import Final

from bot.stories.formats import exports, markup, pages
from bot.stories.notes import Shape
from bot.stories.storyfile import Faults, RawFile

_APART: Final = frozenset(("nav", "footer", "form", "aside"))
"""Parts of a page that are not its text."""

_TITLES: Final = {f"h{level}": "#" * level for level in range(1, 7)}
_ASKING: Final = frozenset(("summary", "dt", "button"))


class _Page(markup.Parser):
    """Gathers a page as text with the signs of Markdown, and its data beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.data: list[str] = []
        self._script: list[str] | None = None
        self._apart: list[str] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a title, a link or data where the tag does."""
        super().handle_starttag(tag, attrs)
        given = dict(attrs)
        if tag == "script" and (given.get("type") or "").strip().lower() == "application/ld+json":
            self._script = []
        if tag in _APART:
            self._apart.append(tag)
        if tag in _TITLES:
            self.lines[-1] += f"{_TITLES[tag]} "
        if tag == "li":
            self.lines[-1] = "- "
        if tag in markup.BREAKING and tag != "br":
            self.lines.insert(-1, "")
        address = given.get("href") or ""
        if tag == "a" and re.fullmatch(r"https?://[^\s()]+", address):
            self._link = address
            self.lines[-1] += "["

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        if tag == "script" and self._script is not None:
            self.data.append("".join(self._script))
            self._script = None
        if tag == "a" and self._link:
            self.lines[-1] += f"]({self._link})"
            self._link = ""
        if tag in self._apart:
            del self._apart[self._apart.index(tag) :]
        super().handle_endtag(tag)
        if tag in markup.BREAKING:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Take text that is seen, or data."""
        if self._script is not None:
            self._script.append(data)
        elif not self._apart:
            super().handle_data(data)

    @property
    def page(self) -> str:
        """The text of the page, its blocks apart."""
        return "\n".join(" ".join(line.split()) for line in self.lines)


def read(text: str, faults: Faults) -> RawFile:
    """Return the records of a page: its FAQ data where it has any, else what stands on it."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    for script in parser.data:
        try:
            found = exports.read(json.loads(script))
        except (ValueError, RecursionError):
            continue
        if found is not None:
            return found
    return pages.read(pages.parsed(parser.page), faults, shape=Shape.WEB_PAGE, counted=True)
