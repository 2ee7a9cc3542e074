"""Cells that a spreadsheet would compute: made text on the way out, themselves on the way in."""

import re
from typing import Final

_COMPUTED: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""With these a formula begins, whichever program opens the file; apostrophes may stand before."""


def harmless(cell: str) -> str:
    """Return a cell that every spreadsheet shows as text: behind an apostrophe where it must be."""
    return f"'{cell}" if _COMPUTED.match(cell) else cell


def meant(cell: str) -> str:
    """Return what a cell was before `harmless`."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell) else cell
