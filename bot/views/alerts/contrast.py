"""Two wordings held against each other, each cut so that what differs shows; pure plain text."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from bot.views import markup

Span: TypeAlias = tuple[int, int]
"""Words of a text, from the first to behind the last."""

_AROUND: Final = 2
"""Words that stay on each side of what differs, so that a number keeps what it counts."""

_EDGES: Final = re.compile(r"^\W+|\W+$")
_PARTICULAR: Final = re.compile(r"\d|^\W*[A-Z]")


def both(was: str, now: str, most: int) -> tuple[str, str]:
    """Return both texts within `most` UTF-16 units together: whole where they fit.

    Else each is cut around what the other has not; the shorter one leaves the other its room.
    """
    was, now = " ".join(markup.clean(was).split()), " ".join(markup.clean(now).split())
    if markup.length(was) + markup.length(now) <= most:
        return was, now
    half = most // 2
    room = max(half, most - min(markup.length(now), half))
    before = excerpt(was, now, room)
    after = excerpt(now, was, most - markup.length(before))
    return before, after


def excerpt(text: str, other: str, most: int) -> str:
    """Return `text` within `most` UTF-16 units, cut so that what `other` has not is still there.

    The sentences that differ where they fit; else what is around the differing words, with "…" for
    what is left out. Where too much differs, numbers and names come before the rest.
    """
    if markup.length(text) <= most:
        return text
    words = text.split()
    spans = _differing(words, other.split())
    first, last = spans[0][0], spans[-1][1]
    sentences = _sentences(text)
    held = [each for each in sentences if each[0] < max(last, first + 1) and each[1] > first]
    whole = " ".join(words[held[0][0] : held[-1][1]])
    if markup.length(whole) <= most:
        return whole
    return _windows(words, spans, most)


def _differing(words: Sequence[str], others: Sequence[str]) -> list[Span]:
    """Return the words that the other text has not, or the place where it has more."""
    matcher = SequenceMatcher(None, _folded(words), _folded(others), autojunk=False)
    spans = [(start, stop) for tag, start, stop, _, _ in matcher.get_opcodes() if tag != "equal"]
    return spans or [(0, 0)]


def _folded(words: Iterable[str]) -> list[str]:
    return [_EDGES.sub("", word).casefold() or word for word in words]


def _sentences(text: str) -> list[Span]:
    """Return the sentences of a text as spans of its words."""
    spans, start, rest = [], 0, text
    while rest:
        sentence, rest = markup.first_sentence(rest)
        stop = start + len(sentence.split())
        spans.append((start, stop))
        start = stop
    return spans


def _windows(words: Sequence[str], spans: Sequence[Span], most: int) -> str:
    kept = _within(words, spans, most)
    if not kept:
        return markup.shorten(_joined(words, [spans[0]]), most)
    grown = True
    while grown:
        grown = False
        for step in ((-1, 0), (0, 1)):  # what stands before tells more than what comes after
            wider = _merged(_widened(kept, step, len(words)))
            if wider != kept and markup.length(_joined(words, wider)) <= most:
                kept, grown = wider, True
    return _joined(words, kept)


def _within(words: Sequence[str], spans: Sequence[Span], most: int) -> list[Span]:
    """Return the differing spans with the words beside them; figures and names if not all fit."""
    for around in range(_AROUND, -1, -1):
        wider = _merged(_widened(spans, (-around, around), len(words)))
        if markup.length(_joined(words, wider)) <= most:
            return wider
    kept: list[Span] = []
    for span in spans:
        for place in range(*span):
            if _PARTICULAR.search(words[place]):
                beside = _widened([(place, place + 1)], (-1, 1), len(words))
                wider = _merged([*kept, *beside])
                kept = wider if markup.length(_joined(words, wider)) <= most else kept
    return kept


def _widened(spans: Iterable[Span], step: Span, count: int) -> list[Span]:
    return [(max(0, start + step[0]), min(count, stop + step[1])) for start, stop in spans]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _joined(words: Sequence[str], spans: Sequence[Span]) -> str:
    """Return the spans as one line, with "…" wherever words are left out."""
    text = "…".join(" ".join(words[start:stop]) for start, stop in spans)
    before = "…" if spans[0][0] > 0 else ""
    after = "…" if spans[-1][1] < len(words) else ""
    return f"{before}{text}{after}"
