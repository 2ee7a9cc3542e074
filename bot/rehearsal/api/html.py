"""HTML as the Bot API reads it: visible text and entities, or the error it would give.

Works on bytes, because the errors speak of byte offsets; entities count UTF-16 units.
"""

from dataclasses import dataclass
from typing import Final

from bot.rehearsal.world.entities import Entity, checked_link

KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
"""Tag → type of entity. Tags outside this table are refused."""

NAMED: Final = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
"""The only named references; every other one stays as it is typed."""

SPACE: Final = b" \t\r\n\0\x0b"
HEX: Final = b"0123456789abcdefABCDEF"
DIGITS: Final = b"0123456789"
END: Final = 0
"""Stands after the last byte, so that reading one too far is harmless."""


class MarkupError(ValueError):
    """The markup cannot be read; the text is what the server says after «can't parse entities»."""


@dataclass(frozen=True, kw_only=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    argument: str
    offset: int
    position: int


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return the visible text of `source` and its entities in order of appearance.

    Nothing is trimmed; `entities.tidy` does that.

    Raises:
        MarkupError: a tag is unknown, unclosed or out of order.
    """
    return _Reader(source).read()


class _Reader:
    """One pass over one text."""

    def __init__(self, source: str) -> None:
        self._data = source.encode() + bytes([END])
        self._at = 0
        self._visible = bytearray()
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._data) - 1:
            if self._data[self._at] == ord("<"):
                begin = self._at
                self._at += 1
                if self._data[self._at] == ord("/"):
                    self._end_tag(begin)
                else:
                    self._start_tag(begin)
            else:
                self._character()
        if self._open:
            tag = self._open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        ordered = sorted(self._entities, key=lambda entity: (entity.offset, -entity.length))
        return self._visible.decode(), ordered

    def _character(self) -> None:
        """Take one byte, or one reference such as `&amp;`."""
        decoded = self._reference()
        if decoded is not None:
            self._visible += decoded.encode()
            self._units += 1 + (ord(decoded) > 0xFFFF)
            return
        byte = self._data[self._at]
        if byte & 0xC0 != 0x80:  # the first byte of a character
            self._units += 1 + (byte >= 0xF0)
        self._visible.append(byte)
        self._at += 1

    def _reference(self) -> str | None:
        """Return the character that a reference here stands for, and step over it; else None."""
        data, end = self._data, self._at + 1
        if data[self._at] != ord("&"):
            return None
        if data[end] == ord("#"):
            hexadecimal = data[end + 1] == ord("x")
            first = end + 1 + hexadecimal
            end = _span(data, first, HEX if hexadecimal else DIGITS)
            code = int(data[first:end] or b"0", 16 if hexadecimal else 10)
            if code == 0 or code >= 0x10FFFF or end - self._at >= 10:
                return None
            if 0xD800 <= code <= 0xDFFF:
                raise MarkupError(
                    "Text contains invalid Unicode characters after decoding HTML entities, "
                    "check for unmatched surrogate code units"
                )
            decoded = chr(code)
        else:
            while chr(data[end]).isalpha() and data[end] < 0x80:
                end += 1
            name = NAMED.get(data[self._at + 1 : end])
            if name is None:
                return None
            decoded = name
        self._at = end + (data[end] == ord(";"))
        return decoded

    def _start_tag(self, begin: int) -> None:
        data = self._data
        while data[self._at] not in SPACE and data[self._at] != ord(">"):
            self._at += 1
        if data[self._at] == END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        tag = data[begin + 1 : self._at].decode().lower()
        if tag not in KINDS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while data[self._at] != ord(">"):
            self._spaces()
            if data[self._at] == ord(">"):
                break
            argument = self._attribute(tag, begin) or argument
        self._at += 1
        if tag == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(
            _Open(tag=tag, argument=argument, offset=self._units, position=len(self._visible))
        )

    def _attribute(self, tag: str, begin: int) -> str:
        """Step over one attribute; return what it says if the tag uses it, else an empty text."""
        data, first = self._data, self._at
        while data[self._at] not in SPACE + b"=>/\"'":
            self._at += 1
        name = data[first : self._at].decode()
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._spaces()
        if data[self._at] != ord("="):
            if data[self._at] == END:
                raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
        self._at += 1
        self._spaces()
        if data[self._at] == END:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value = self._value()
        if data[self._at] == END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        return _used(tag, name, value)

    def _value(self) -> str:
        """Step over an attribute's value, quoted or bare, and return it."""
        data, first = self._data, self._at
        quote = data[first]
        if quote not in b"\"'":
            while (chr(data[self._at]).isalnum() and data[self._at] < 0x80) or (
                data[self._at] in b".-"
            ):
                self._at += 1
            if data[self._at] not in SPACE and data[self._at] != ord(">"):
                raise MarkupError(f"Unexpected end of name token at byte offset {first}")
            return data[first : self._at].decode().lower()
        self._at += 1
        value = bytearray()
        while data[self._at] not in (quote, END):
            decoded = self._reference()
            if decoded is not None:
                value += decoded.encode()
            else:
                value.append(data[self._at])
                self._at += 1
        self._at += data[self._at] == quote
        return value.decode()

    def _end_tag(self, begin: int) -> None:
        data = self._data
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        while data[self._at] not in SPACE and data[self._at] != ord(">"):
            self._at += 1
        found = data[begin + 2 : self._at].decode().lower()
        self._spaces()
        if data[self._at] != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        opened = self._open.pop()
        if found and found != opened.tag:
            raise MarkupError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        if self._units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        """Add the entity of a tag that encloses something."""
        kind, length = KINDS[opened.tag], self._units - opened.offset
        url = language = None
        if opened.tag == "a":
            url = checked_link(opened.argument or self._visible[opened.position :].decode())
            if url is None:
                return  # the server drops a link it cannot use and keeps its text
        elif opened.argument and opened.tag == "blockquote":
            kind = "expandable_blockquote"
        elif opened.tag in ("pre", "code"):
            last = self._entities[-1] if self._entities else None
            if last and {last.type, kind} == {"pre", "code"}:
                argument = last.language or opened.argument
                if argument and (last.offset, last.length) == (opened.offset, length):
                    self._entities.pop()
                    kind, language = "pre", argument
            language = language or (opened.argument or None)
        self._entities.append(
            Entity(type=kind, offset=opened.offset, length=length, url=url, language=language)
        )

    def _spaces(self) -> None:
        while self._data[self._at] in SPACE and self._data[self._at] != END:
            self._at += 1


def _span(data: bytes, first: int, accepted: bytes) -> int:
    """Return where the run of `accepted` bytes that begins at `first` ends."""
    end = first
    while data[end] in accepted:
        end += 1
    return end


def _used(tag: str, name: str, value: str) -> str:
    if (tag, name) == ("a", "href"):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
