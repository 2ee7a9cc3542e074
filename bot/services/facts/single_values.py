"""What an editor types where one thing is asked for: a source, a reason, a status. Pure.

All raise DeskError, which says that nothing changed, for what is missing, too long or none of
the possible.
"""

from datetime import UTC, datetime
from typing import Final, NoReturn

from bot.errors import DeskError
from bot.services.facts import parsing, values
from bot.services.facts.values import SETTLED, Trouble
from bot.stories.schema import FIELD
from db.records import Fact, Status

REASON_LIMIT: Final = 300
"""Characters of what was wrong, or of why a fact is withdrawn."""

_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""A source has no time."""


def source(words: str) -> tuple[str, str | None]:
    """Return who says so, and the link to it if there is one."""
    plain = " ".join(parsing.cleaned(words).split())
    if plain in ("", parsing.CLEARS):
        _refuse("a source needs a name")
    try:
        found = values.read("source", plain, _ANY_TIME)
    except Trouble as trouble:
        _refuse(str(trouble))
    return found["source"], found.get("source_url")


def answer(words: str) -> str:
    """Return what a fact is to say."""
    plain = parsing.cleaned(words)
    if not plain:
        _refuse("the answer is missing")
    try:
        return str(values.read("text", plain, _ANY_TIME)["text"])
    except Trouble as trouble:
        _refuse(str(trouble))


def reason(words: str) -> str:
    """Return why a fact changes."""
    return _line(words, "the reason", REASON_LIMIT)


def phrasing(words: str) -> str:
    """Return another way of asking."""
    return _line(words, "the way of asking", FIELD["phrasings"].limit)


def status(word: str, *, of: Fact | None = None) -> Status:
    """Return the status that was typed, `of` a fact where one is named."""
    number = "7" if of is None else str(of.id)
    stands = "" if of is None else f" #{of.id} is {of.status} now."
    known = [each.value for each in SETTLED]
    can_be = f"{', '.join(known[:-1])} or {known[-1]}.{stands}"
    if not word.strip(" ._-"):
        _refuse(
            f"write the status behind the number, such as /status {number} reported. It can be "
            f"{can_be}"
        )
    found = values.status_named(word)
    if found is None:
        _refuse(f"“{values.shown(word)}” is no status. It can be {can_be}")
    if of is not None and of.status is found:
        _refuse(f"#{of.id} is {found} already.")
    if found is Status.WITHDRAWN:
        _refuse(f"a fact is taken back with its reason: write /withdraw {number} and the reason.")
    return found


def _line(words: str, name: str, limit: int) -> str:
    plain = " ".join(parsing.cleaned(words).split())
    if not plain:
        _refuse(f"{name} is missing")
    if len(plain) > limit:
        _refuse(f"{name} has {len(plain):,} characters; at most {limit:,} are kept")
    return plain


def _refuse(reason: str) -> NoReturn:
    raise DeskError(f"Nothing changed: {reason.removesuffix('.')}.")
