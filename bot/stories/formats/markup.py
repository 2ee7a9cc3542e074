"""HTML and the few signs of Markdown in texts → plain text, its links beside it."""

import html
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Final

from bot.stories.notes import LinksTaken, MarkupRemoved
from bot.stories.storyfile import Raw, RawFile

SHOWN: Final = 3
"""Links without a place that a note names."""

DROPPED: Final = frozenset(("script", "style", "template", "noscript", "svg", "head", "iframe"))


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


BREAKING: Final = _tags(
    "p div ul ol li br h1 h2 h3 h4 h5 h6 table tr section article main header footer nav aside "
    "blockquote pre hr dl dt dd details summary form fieldset figure button body html"
)
_INLINE: Final = _tags(
    "a abbr b big cite code del em font i img ins kbd mark q s small span strike strong sub sup "
    "thead tbody td th time tt u var wbr label input title meta link"
)
_TAGS: Final = "|".join(sorted(BREAKING | _INLINE | DROPPED, key=len, reverse=True))
_TAG: Final = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_BLOCK: Final = re.compile(rf"<(?:{'|'.join(BREAKING)})[\s/>]", re.IGNORECASE)
_CODE: Final = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,9}|#\d{2,6}|#[xX][0-9a-fA-F]{2,6});")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)")
_BOLD: Final = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A text without markup."""

    text: str
    links: tuple[str, ...]  # addresses, in order


class Parser(HTMLParser):
    """Gathers text in lines; what no reader sees is dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.links: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag does; note where a link leads."""
        if tag in DROPPED:
            self._hidden.append(tag)
        if tag in BREAKING:
            self.lines.append("• " if tag == "li" else "")
        elif tag in ("td", "th"):
            self.lines[-1] += " "
        address = dict(attrs).get("href") or "" if tag == "a" else ""
        if _ADDRESS.fullmatch(address):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        """End a line where the tag does."""
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        if tag in BREAKING:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Take text that is seen."""
        if not self._hidden:
            self.lines[-1] += re.sub(r"\s+", " ", data)

    @property
    def text(self) -> str:
        """The lines that hold something."""
        tidy = (" ".join(line.split()) for line in self.lines)
        return "\n".join(line for line in tidy if line and line != "•")


def plain(text: str) -> Plain:
    """Return `text` without tags, and codes such as `&amp;` as the letters that they mean.

    A text that holds no tag keeps its signs: "a < b" stays as it is.
    """
    links: list[str] = []
    if _TAG.search(text):
        parser = Parser()
        if not _BLOCK.search(text):  # its own line breaks are meant
            text = text.replace("\n", "<br>")
        # A sign that opens no tag is meant as it stands.
        parser.feed(re.sub(r"<(?![/!a-zA-Z])", "&lt;", text))
        parser.close()
        text, links = parser.text, parser.links
    elif _CODE.search(text):
        text = html.unescape(text).replace("\xa0", " ")
    if "](" in text:
        links += [found[2] for found in _LINK.finditer(text)]
        text = _LINK.sub(r"\1", text)
    return Plain(text=_BOLD.sub(r"\2", text), links=tuple(dict.fromkeys(links)))


def cleaned(raw: RawFile) -> RawFile:
    """Return the records with plain texts, and what was done to them."""
    changed, kept = 0, 0
    lost: list[str] = []
    facts = []
    for each in raw.facts:
        values, links = _cleaned(each)
        changed += sum(each.values[name] != value for name, value in values.items())
        if links and not values.get("source_url", each.values.get("source_url")):
            values["source_url"], links = links[0], links[1:]
            kept += 1
        lost += links
        facts.append(replace(each, values={**each.values, **values}) if values else each)
    notes = list(raw.notes)
    if changed:
        notes.append(MarkupRemoved(texts=changed))
    if kept or lost:
        notes.append(LinksTaken(kept=kept, left_out=tuple(lost[:SHOWN]), left_out_count=len(lost)))
    return replace(raw, facts=facts, notes=tuple(notes))


def _cleaned(record: Raw) -> tuple[dict[str, object], list[str]]:
    """Return the values that hold markup, without it, and the links of the answer."""
    values: dict[str, object] = {}
    links: list[str] = []
    for name, value in record.values.items():
        if isinstance(value, list):
            items = [_one_line(item) if isinstance(item, str) else item for item in value]
            if items != value:
                values[name] = items
        elif isinstance(value, str) and name == "source_url":
            if (found := plain(value)).links:
                values[name] = found.links[0]
        elif isinstance(value, str) and _may_hold(value):
            found = plain(value)
            links += found.links if name in ("text", "source") else ()
            kept = found.text if name == "text" else " ".join(found.text.split())
            if kept != value:
                values[name] = kept
    return values, links


def _one_line(item: str) -> str:
    return " ".join(plain(item).text.split()) if _may_hold(item) else item


def _may_hold(text: str) -> bool:
    return any(sign in text for sign in ("<", "&", "](", "**", "__"))
