"""Information retrieval, pure: no network, no clock, nothing of the bot.

`FactIndex.build(documents)` makes an index; `index.ask(question, context=…)` gives a `Verdict`.
"""

from bot.search.index.fact_index import FactIndex
from bot.search.language.lexicon import Name, StoryLexicon
from bot.search.language.story_requests import Subject
from bot.search.meaning.text_vectors import SentenceVectors
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
