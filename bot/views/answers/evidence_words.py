"""Evidence, signs and thresholds of the search in plain words."""

from collections.abc import Mapping
from typing import Final

NEARLY: Final = 0.8
PARTLY: Final = 0.4
FOREIGN: Final = 0.25
"""From which share of a whole something is worth a remark."""

_KINDS: Final = {
    "who": "a person or a body",
    "when": "a date or a time",
    "where": "a place",
    "how_long": "a duration",
    "how_many": "a number",
    "how_much": "an amount",
    "why": "a reason",
    "quote": "words in quotes",
    "how": "a manner",
}
_TOLD: Final = ("told_itself", "told_topic", "told_nearby")
_SORTS: Final = {"number": "number", "date": "date", "name": "name", "word": "thing"}
_EVIDENCE: Final = {
    "text_bm25": "rare words shared with the text (BM25)",
    "text_words": "words in the text",
    "text_meaning": "words or their like in the text",
    "text_fit": "fit with the text, both ways",
    "text_window": "words close together in the text",
    "text_pairs": "pairs of words near one another",
    "text_phrases": "words in the same order as in the text",
    "text_small": "all words in the text, small ones too",
    "text_small_rare": "all words in the text, rare ones first",
    "text_phrases_rare": "words in the same order, rare ones first",
    "text_pooled": "the text as a whole means the same",
    "text_meaning_story": "meaning in the text, weighed by the story",
    "text_meaning_corpus": "meaning in the text, weighed by English",
    "text_rarest_found": "the rarest word is in the text",
    "text_rarest_missing": "the rarest word is not in the text",
    "text_names": "names in the text",
    "text_length": "length of the text",
    "head_found": "what is asked for is in the text",
    "last_found": "the last word is in the text",
    "around_words": "words in the facts next to it",
    "around_far": "words in the facts around it",
    "around_gain": "words that its neighbours add",
    "leans_gain": "words that it leaves to its neighbours",
    "asked_words": "words in a phrasing",
    "asked_meaning": "words or their like in a phrasing",
    "asked_fit": "fit with the best phrasing, by meaning",
    "asked_exact_fit": "fit with the best phrasing, word by word",
    "asked_mean_fit": "fit with its phrasings on average",
    "asked_kind": "its phrasings ask for this kind of answer",
    "any_meaning": "meaning in text or phrasing",
    "any_names": "names in text or phrasing",
    "any_known": "words that the story has, found here",
    "unknown": "a known unknown",
    "classifier": "sounds like its phrasings",
    "nearest": "likeness of its nearest phrasing",
    "classifier_lead": "sounds like its phrasings, lead on the rest",
    "sentence_asked": "means what its nearest phrasing means",
    "sentence_text": "means what its answer means",
    "sentence_whole": "means what question and answer mean",
    "sentence_alone": "means by itself what it means",
    "told_itself": "was told just now",
    "told_topic": "is on the topic of what was told",
    "told_nearby": "stands next to what was told",
    "apart": "a word that excludes one of its phrasing",
    "negation": "says no where it says yes, or the other way round",
    "same_kind": "the same kind of question",
    "other_kind": "another kind of question",
    **{f"missing_{sort}": f"asks for a {what} that it lacks" for sort, what in _SORTS.items()},
    **{f"extra_{sort}": f"has a {what} that is not asked for" for sort, what in _SORTS.items()},
    **{f"other_{sort}": f"asks for another {what}" for sort, what in _SORTS.items()},
    **{f"kind_{kind}": f"holds {what}" for kind, what in _KINDS.items()},
}
_SIGNS: Final = {
    "nearest_any": "likeness of the nearest phrasing of all",
    "share": "stands out from the rest",
    "lead": "lead on the second",
    "unaccounted": "share of the question not found in it",
    "unaccounted_most": "the weightiest word not found in it",
    "foreign": "share of the question not in the story",
    "foreign_most": "the weightiest word not in the story",
    "strange": "words that are no English",
    "names_missing": "a name not found in it",
    "names_foreign": "a name not in the story",
    "elsewhere": "words that other facts have",
    "elsewhere_most": "the rarest word that other facts have",
    "unknown_near": "a known unknown close behind",
    "unknown_classifier": "sounds like the phrasings of a known unknown",
    "unknown_nearest": "a known unknown with a phrasing more like it",
    "unknown_fit": "a known unknown with a phrasing that fits better",
    "unknown_sentence": "a known unknown whose phrasing means it more",
    "sentence_any": "means what the nearest phrasing of all means",
    "sentence_lead": "means it more than the rest",
    "central": "near the story as a whole",
    "kind_unmet": "not the kind of answer asked for",
    "few_terms": "a short question",
    "kind": "the kind of answer asked for",
}
_CHECKS: Final = {
    "overview_from": "probability, for an overview",
    "unknown_from": "probability, to say that nobody knows yet",
    "answer_from": "probability, to tell it",
    "choose_from": 'probability, to ask "Which one?"',
    "sure_from": "probability, to tell it beside a close one that fits better",
    "close": "weight of the second beside the first, to be close",
    "related": "share of the question that is about the story",
}
_OUTCOMES: Final = {
    "answer": "told",
    "choose": '"Which one?"',
    "unknown": "not known yet, or not covered",
    "missing": '"I don\'t have that"',
    "off_topic": "not about this story",
    "smalltalk": "a courtesy",
    "screen": "a screen on the story as a whole",
}


def evidence(name: str) -> str:
    """Return what a piece of evidence is."""
    if name.startswith("best_"):
        return f"{evidence(name.removeprefix('best_'))}, relative"
    return _EVIDENCE.get(name) or name.replace("_", " ")


def sign(name: str) -> str:
    """Return what a sign of the probability is."""
    if name.startswith("top_"):
        return evidence(name.removeprefix("top_"))
    return _SIGNS.get(name) or name.replace("_", " ")


def check(name: str) -> str:
    """Return what is held against a threshold."""
    return _CHECKS.get(name) or name.replace("_", " ")


def outcome(name: str) -> str:
    """Return what became of a message."""
    return _OUTCOMES.get(name) or name.replace("_", " ")


def kind(name: str) -> str:
    """Return what kind of answer a question asks for."""
    return _KINDS.get(name) or {"yes_no": "yes or no", "what": "a thing"}.get(name, "anything")


def speaking_for(values: Mapping[str, float], asked: str) -> list[str]:
    """Return clauses that are true of a fact and speak for it.

    `values` are those of its evidence and of the signs of its probability, by name; `asked` is the
    kind of answer that the question asks for.
    """
    near = _most(values, "asked_fit")
    clauses = {
        "it is asked for in nearly these words": near >= NEARLY,
        "it is asked for in some of these words": PARTLY <= near < NEARLY,
        "it is asked for in words that mean the same": _most(values, "sentence_asked") >= NEARLY,
        f"it holds {kind(asked)}, as asked": _most(values, f"kind_{asked}") > 0,
        "it belongs to what was told just before": _most(values, *_TOLD) > 0,
    }
    return [clause for clause, is_so in clauses.items() if is_so]


def speaking_against(values: Mapping[str, float], asked: str) -> list[str]:
    """Return clauses that are true of a fact and speak against it; see `speaking_for`."""
    foreign = _most(values, "foreign")
    clauses = {
        f"the question has a {what} that it lacks": _most(
            values, f"missing_{sort}", f"other_{sort}"
        )
        >= PARTLY
        for sort, what in _SORTS.items()
    }
    clauses |= {
        "one of the two says no": _most(values, "negation") > 0,
        f"it does not hold {kind(asked)}, which is asked for": asked in _KINDS
        and _most(values, "kind_unmet") > 0,
        f"{foreign * 100:.0f} % of the question is nowhere in the story": foreign >= FOREIGN,
        "something that nobody knows is asked for in words like these": _most(
            values, "unknown_near", "unknown_fit"
        )
        >= PARTLY,
    }
    return [clause for clause, is_so in clauses.items() if is_so]


def _most(values: Mapping[str, float], *names: str) -> float:
    return max(values.get(name, values.get(f"top_{name}", 0.0)) for name in names)
