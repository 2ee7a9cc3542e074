"""An immutable index of the facts, built from one revision of the story."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.search.lexicon import StoryLexicon
from bot.search.verdict import Candidate, Context, Courtesy, Document, Outcome, Verdict


class FactIndex:
    """Documents that can be asked. Immutable: a change gives a new index."""

    def __init__(self, documents: Iterable[Document], lexicon: StoryLexicon, revision: int) -> None:
        self.documents = {document.id: document for document in documents}
        self.lexicon = lexicon
        self.revision = revision

    @classmethod
    def build(
        cls,
        documents: Iterable[Document],
        *,
        lexicon: StoryLexicon | None = None,
        revision: int = 0,
    ) -> "FactIndex":
        """Return an index of `documents`; takes milliseconds a thousand, call it off the loop."""
        return cls(documents, lexicon or StoryLexicon(), revision)

    def updated(
        self, changed: Iterable[Document], *, removed: Iterable[int] = (), revision: int
    ) -> "FactIndex":
        """Return a new index in which `changed` stand in for their older selves."""
        documents = dict(self.documents)
        for number in removed:
            documents.pop(number, None)
        documents.update({document.id: document for document in changed})
        return FactIndex(documents.values(), self.lexicon, revision)

    def ask(self, question: str, *, context: Context | None = None) -> Verdict:  # noqa: ARG002
        """Return the verdict on one message."""
        if not any(character.isalnum() for character in question):
            return Verdict(outcome=Outcome.SMALLTALK, courtesy=Courtesy.NOISE)
        texts = {
            number: " ".join((document.question or "", *document.phrasings, document.text))
            for number, document in self.documents.items()
        }
        found = process.extract(question.lower(), texts, scorer=fuzz.token_set_ratio, limit=5)
        candidates = tuple(
            Candidate(document=self.documents[number], score=score, confidence=score / 100)
            for _, score, number in found
        )
        if not candidates or candidates[0].confidence < 0.6:
            return Verdict(outcome=Outcome.OFF_TOPIC, candidates=candidates)
        outcome = Outcome.UNKNOWN if candidates[0].document.unknown else Outcome.ANSWER
        return Verdict(outcome=outcome, told=candidates[:1], candidates=candidates)
