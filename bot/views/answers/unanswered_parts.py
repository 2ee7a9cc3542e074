"""The parts of a message that got no answer, named; pure."""

import re
from collections.abc import Iterable
from typing import Final

from bot.services.answers.results import Outcome, Part
from bot.views import markup

LONGEST: Final = 120
"""Characters of a part that are repeated."""

_JOINED: Final = re.compile(r"^(?:(?:and|but|also|so|then|plus|n|or)\s+)+(?=\w+\s)", re.IGNORECASE)
"""What joins a part to the one before it."""

_SAID: Final = {
    Outcome.MISSING: "I don't have:",
    Outcome.OFF_TOPIC: "Not about this story:",
    Outcome.CHOOSE: "I am not sure what is meant by:",
    None: "Ask again for:",
}
"""What is said of parts, by what became of them; None: they are to be asked by themselves."""


def named(parts: Iterable[Part]) -> str:
    """Return the lines that name the parts that got no answer; nothing where all got one."""
    left = [(_outcome(part), part) for part in parts if not part.told]
    lines = []
    for outcome, said in _SAID.items():
        quotes = [quoted(part) for each, part in left if each is outcome]
        lines += [f"{markup.escape(said)} {', '.join(quotes)}"] if quotes else []
    return "\n".join(lines)


def quoted(part: Part) -> str:
    """Return a part in quotation marks, as its reader wrote it."""
    words = " ".join(markup.clean(part.question).split()).strip("?!.,;: ")
    words = _JOINED.sub("", words)
    return f"“{markup.escape(markup.shorten(words, LONGEST))}”"


def is_to_choose(part: Part) -> bool:
    """Return whether it is a part that two or three facts fit about equally."""
    return _outcome(part) is Outcome.CHOOSE


def _outcome(part: Part) -> Outcome | None:
    return None if part.outcome is None else Outcome(part.outcome.value)
