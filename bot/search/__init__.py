"""Information retrieval, pure: no network, no clock, nothing of the bot.

`FactIndex.build(documents)` makes an index; `index.ask(question, context=…)` gives a `Verdict`.
"""

from bot.search.index import FactIndex
from bot.search.lexicon import Name, StoryLexicon
from bot.search.meaning import SentenceVectors
from bot.search.verdict import (
    Candidate,
    Context,
    Courtesy,
    Document,
    Outcome,
    Part,
    Request,
    Screen,
    Verdict,
)
from bot.search.whole import Subject

__all__ = [
    "Candidate",
    "Context",
    "Courtesy",
    "Document",
    "FactIndex",
    "Name",
    "Outcome",
    "Part",
    "Request",
    "Screen",
    "SentenceVectors",
    "StoryLexicon",
    "Subject",
    "Verdict",
]
