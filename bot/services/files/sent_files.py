"""Files that people send, and how they are fetched."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.errors import DeskError, StoryFileError
from bot.stories.storyfile import Format

Fetch: TypeAlias = Callable[[], Awaitable[bytes]]
"""Fetches a file that somebody sent; raises DeskError where it cannot be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that somebody sent, not yet fetched."""

    name: str
    size: int | None  # bytes, as far as the sender's side says
    fetch: Fetch

    @property
    def format(self) -> Format:
        """The format that its name ends in.

        Raises:
            DeskError: it ends in none that is read.
        """
        try:
            return Format.of(self.name)
        except StoryFileError:
            raise DeskError(
                f"I cannot read {self.name}: send a spreadsheet as .xlsx or .csv, an FAQ page as "
                ".html, .md or .txt, an export as .json or .toml, or an article as .txt or .md."
            ) from None

    async def fetched(self, limit: int) -> bytes:
        """Return the file.

        Raises:
            DeskError: it has more than `limit` bytes, none at all, or cannot be fetched.
        """
        if self.size is not None and self.size > limit:
            raise self._too_large(self.size, limit)
        data = await self.fetch()
        if len(data) > limit:
            raise self._too_large(len(data), limit)
        if not data:
            raise DeskError(f"{self.name} is empty: send the file that you meant.")
        return data

    def _too_large(self, size: int, limit: int) -> DeskError:
        return DeskError(
            f"{self.name} has {size / 1e6:,.1f} MB, and at most {limit / 1e6:g} MB can be sent "
            "here: split it, or let an operator use storydesk import."
        )
