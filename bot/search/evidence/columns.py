"""The table of evidence: the names of its columns, and what goes into them.

Each piece of evidence is a number, about 0 to 1; `data/weights.toml` says what each is worth. All
texts of a document are scored one by one: its text as `text_…`, the best of its question and
phrasings as `asked_…`, whichever of them is best as `any_…`.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.language.question_kind import Kind
from bot.search.language.typed_content import EXPECTED, EXPECTED_WHOLE

Floats: TypeAlias = NDArray[np.float32]

KINDS: Final = tuple(kind for kind in Kind if kind in EXPECTED or kind in EXPECTED_WHOLE)
"""The kinds of question whose answer can be told from what a text holds."""

PARTICULARS: Final = (
    *(
        f"{what}_{sort}"
        for what in ("missing", "extra", "other")
        for sort in ("number", "date", "name", "word")
    ),
    "apart",
    "negation",
    "same_kind",
    "other_kind",
)
"""The evidence of particulars: what question and document do not both hold."""

TOLD: Final = ("told_itself", "told_topic", "told_nearby", "sentence_alone")
"""The evidence of the last exchange, for questions that lean on it; zeros for all others."""

NAMES: Final[tuple[str, ...]] = (
    "text_bm25",
    "text_words",
    "text_meaning",
    "text_fit",
    "text_window",
    "text_pairs",
    "text_phrases",
    "text_small",
    "text_small_rare",
    "text_phrases_rare",
    "text_pooled",
    "text_meaning_story",
    "text_meaning_corpus",
    "head_found",
    "last_found",
    "around_far",
    "leans_gain",
    "text_rarest_found",
    "text_rarest_missing",
    "text_names",
    "text_length",
    "around_words",
    "around_gain",
    "asked_words",
    "asked_meaning",
    "asked_fit",
    "asked_exact_fit",
    "asked_mean_fit",
    "asked_kind",
    "any_meaning",
    "any_names",
    "any_known",
    "unknown",
    "classifier",
    "classifier_lead",
    "nearest",
    "sentence_asked",
    "sentence_text",
    "sentence_whole",
    *PARTICULARS,
    *(f"kind_{kind}" for kind in KINDS),
    "best_text_bm25",
    "best_text_phrases",
    "best_text_meaning",
    "best_asked_fit",
    "best_asked_exact_fit",
    "best_any_meaning",
    "best_classifier",
    "best_around_words",
    "best_sentence_asked",
    "best_sentence_whole",
    *TOLD,
)
"""The names of the columns of `Evidence.table`, in order."""

COLUMN: Final = {name: column for column, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each term of a question counts."""

    rank: Floats  # to compare documents: rare in the story counts more
    decline: Floats  # to judge how much of the question is accounted for
    rarity: Floats  # within the story, 0..1
    scale: Floats  # less than 1 for a term that the last exchange lends
    known: NDArray[np.bool_]  # whether the story has the very word or name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The candidates of one question, with what the whole index knows about them."""

    places: NDArray[np.int64]
    bm25: Floats  # of the text
    around: NDArray[np.uint64]  # which terms (bits) the document or its neighbours hold
    far: NDArray[np.uint64]  # the same, two neighbours on either side
    own: NDArray[np.uint64]  # which terms (bits) the document's text holds
    meaning: Floats | None  # (3, candidates): cosines of the sentence model; None without it
    central: float  # cosine of the question to the story as a whole; 0 without the model
    wording: Floats  # (2, candidates): the classifier's scores and nearest likenesses


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for the candidates of one question."""

    table: Floats  # (candidates, len(NAMES))
    central: float  # how near the question is to the story as a whole
    best_match: Floats  # (terms, candidates): how well each document matches each term


class Writer:
    """Writes columns by name."""

    def __init__(self, table: Floats) -> None:
        self._table = table

    def __call__(self, name: str, column: NDArray[Any] | float) -> None:
        """Write one column, or one value for all documents."""
        self._table[:, COLUMN[name]] = column


def best_other(scores: Floats) -> Floats:
    """Return for each score the best of the others."""
    if len(scores) < 2:
        return np.zeros_like(scores)
    second, first = np.partition(scores, -2)[-2:]
    others: Floats = np.where(scores >= first, second, first)
    return others
