"""What the terminal shows: messages, edits, toasts, the prompt. No input, no network."""

import shutil
import unicodedata
from collections.abc import Callable
from itertools import groupby
from typing import Any, Final, TextIO

from bot.rehearsal.api.backend import InlineAnswer, Toast
from bot.rehearsal.api.contract import formatted
from bot.rehearsal.world.entities import Entity
from bot.rehearsal.world.world import Message

STYLES: Final = {
    "bold": "1",
    "italic": "3",
    "underline": "4",
    "strikethrough": "9",
    "spoiler": "2",
    "code": "36",
    "pre": "36",
    "text_link": "4",
}
"""Entity → what a terminal calls it."""

DIM: Final = "2"
NAME: Final = "1;34"
NOTE: Final = "33"
WIDEST: Final = 88
"""Columns; longer lines tire the eye."""

INDENT: Final = "  "
QUOTES: Final = ("blockquote", "expandable_blockquote")


class Screen:
    """Writes to `output`, with colours and wrapped lines only if that is a terminal."""

    def __init__(self, output: TextIO, write: Callable[[str], object] | None = None) -> None:
        """Find out what `output` can show; `write`, unless it is its own, shows it there."""
        self._write = write or output.write
        self.is_terminal = output.isatty()

    def line(self, text: str = "") -> None:
        """Write one line."""
        self._write(f"{text}\n")

    def note(self, text: str) -> None:
        """Write a remark of the rehearsal itself."""
        self.line(self._styled(f"{INDENT}({text})", NOTE))

    def prompt(self, who: str) -> str:
        """Return what stands before the words of whoever is played."""
        return self._styled(f"{who} › ", NAME)

    def asked(self, who: str, text: str) -> None:
        """Repeat what was asked, where nobody typed it."""
        self.line(f"{who} › {text}")

    def message(
        self, message: Message, *, where: str = "", is_edit: bool = False, picture: str = ""
    ) -> None:
        """Show a message of the bot; `where` names the chat if it is not the present one.

        `picture` is where the one that it carries was saved.
        """
        sender = message.sender.first_name if message.sender else message.chat.name
        heading = self._styled(sender, NAME)
        remarks = [where, "edited" if is_edit else "", "silent" if message.is_silent else ""]
        if said := ", ".join(remark for remark in remarks if remark):
            heading += self._styled(f" ({said})", DIM)
        self.line(f"{INDENT}{heading}")
        if reply := self._quoted(message):
            self.line(reply)
        for kind, media in message.media.items():
            self.line(f"{INDENT}{self._styled(_attachment(kind, media, picture), DIM)}")
        for shown in self.text(message.text, message.entities):
            self.line(f"{INDENT}{shown}".rstrip())
        if message.buttons:
            self.line(self._buttons(message))
        self.line()

    def toast(self, toast: Toast) -> None:
        """Show the answer to a tap, if it says anything."""
        if toast.text:
            frame = "!" if toast.is_alert else "·"
            self.line(self._styled(f"{INDENT}{frame} {_printable(toast.text)}", NOTE))
        if toast.url:
            self.note(f"opens {toast.url}")

    def inline(self, answer: InlineAnswer) -> None:
        """Show what the bot offers to an inline query."""
        if not answer.results:
            self.note("the bot offers nothing")
        for number, result in enumerate(answer.results, start=1):
            content = result["input_message_content"]
            text, entities = formatted(content["message_text"], content.get("parse_mode"), None)
            self.line(f"{INDENT}{number}. {self._styled(_printable(result['title']), '1')}")
            if description := result.get("description"):
                self.line(f"{INDENT}   {self._styled(_printable(description), DIM)}")
            for shown in self.text(text, entities):
                self.line(f"{INDENT}   {shown}")
        self.line()

    def text(self, text: str, entities: list[Entity]) -> list[str]:
        """Return the lines that show a text with its entities; addresses follow their words."""
        lines: list[str] = []
        for cells in _lines(_cells(text, entities)):
            lines += [self._painted(part) for part in self._wrapped(cells)]
        return lines

    def _wrapped(self, cells: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
        """Break a line between words where the terminal ends."""
        if not self.is_terminal:
            return [cells]
        width = min(WIDEST, shutil.get_terminal_size().columns) - 2 * len(INDENT)
        rows: list[list[tuple[str, str]]] = []
        rest = cells
        while sum(_columns(cell[0]) for cell in rest) > width:
            break_at = _break(rest, width)
            rows.append(rest[:break_at])
            rest = rest[break_at:]
            while rest and rest[0][0] == " ":
                rest = rest[1:]
        return [*rows, rest]

    def _painted(self, cells: list[tuple[str, str]]) -> str:
        parts = groupby(cells, key=lambda cell: cell[1])
        return "".join(self._styled("".join(c for c, _ in run), style) for style, run in parts)

    def _styled(self, text: str, style: str) -> str:
        if not self.is_terminal or not style or not text:
            return text
        return f"\033[{style}m{text}\033[0m"

    def _quoted(self, message: Message) -> str:
        """Return the line that tells what a message replies to; what stands above it is known."""
        reply = message.reply_to
        if reply is None or reply.service:
            return ""
        if message.chat.person and reply.id == message.id - 1:
            return ""
        first = _printable(reply.text).split("\n")[0]
        words = first if len(first) <= 60 else f"{first[:59]}…"
        return f"{INDENT}{self._styled(f'↳ {words}', DIM)}"

    def _buttons(self, message: Message) -> str:
        number, rows = 0, []
        for row in (message.markup or {}).get("inline_keyboard", []):
            shown = []
            for button in row:
                number += 1
                link = f" <{button['url']}>" if "url" in button else ""
                label = self._styled(f"[{number}]", NAME)
                shown.append(f"{label} {_printable(button['text'])}{link}")
            rows.append(INDENT + "   ".join(shown))
        return "\n".join(rows)


def _cells(text: str, entities: list[Entity]) -> list[tuple[str, str]]:
    """Return (character, style) for a text, quotation marks and addresses put in."""
    cells: list[tuple[str, str]] = []
    position, is_line_start = 0, True
    for character in text:
        over = [entity for entity in entities if entity.offset <= position < entity.end]
        if is_line_start and any(entity.type in QUOTES for entity in over):
            cells += [("│", DIM), (" ", DIM)]
        style = ";".join(dict.fromkeys(STYLES[e.type] for e in over if e.type in STYLES))
        cells.append((character if character == "\n" else _printable(character), style))
        is_line_start = character == "\n"
        position += 1 + (character > "\uffff")
        for entity in over:
            if entity.type == "text_link" and entity.end == position:
                cells += [(one, DIM) for one in f" <{entity.url}>"]
    return cells


def _lines(cells: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    for cell in cells:
        if cell[0] == "\n":
            lines.append([])
        else:
            lines[-1].append(cell)
    return lines if lines != [[]] else []


def _break(cells: list[tuple[str, str]], width: int) -> int:
    """Return how many cells the first row takes: up to the last blank that fits, at least one."""
    used = fits = 0
    for fits, (character, _) in enumerate(cells):  # noqa: B007 - read after the loop
        used += _columns(character)
        if used > width:
            break
    blank = next((at for at in range(fits, 0, -1) if cells[at][0] == " "), 0)
    return blank or max(fits, 1)


def _columns(character: str) -> int:
    if not character or unicodedata.combining(character[0]):
        return 0
    return 2 if unicodedata.east_asian_width(character[0]) in "WF" else 1


def _printable(text: str) -> str:
    """Return `text` without what could steer the terminal."""
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) != "Cc")


def _attachment(kind: str, media: Any, picture: str) -> str:
    if kind == "photo":
        saved = f", saved as {picture}" if picture else ""
        return f"[photo, {media[0]['width']} × {media[0]['height']}{saved}]"
    return f"[file {media.get('file_name', '')}, {media.get('file_size', 0):,} bytes]"
