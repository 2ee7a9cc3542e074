"""Values for tests; each call names only the fields that the test is about."""

from dataclasses import replace

from db.records import FactDraft

LENGTH = FactDraft(
    key="call-length",
    text="About two and a half hours.",
    question="How long did the call last?",
    phrasings=("how long did they talk", "duration of the call"),
    source="TASS",
    topics=("call",),
)


def draft(**fields: object) -> FactDraft:
    """Return a fact about the length of the call, with `fields` changed."""
    return replace(LENGTH, **fields)  # type: ignore[arg-type]
