"""Answers that are longer than a fact may be: cut between sentences, and what is cut is named."""

from collections.abc import Iterator
from dataclasses import replace

from bot.stories import article
from bot.stories.notes import AnswerCut
from bot.stories.storyfile import RawFile


def cut(raw: RawFile, limit: int) -> RawFile:
    """Return the records with answers of at most `limit` characters, and a note for each cut."""
    facts, notes = [], []
    for each in raw.facts:
        text = each.values.get("text")
        if not isinstance(text, str) or len(text.strip()) <= limit:
            facts.append(each)
            continue
        kept, left_out = within(text.strip(), limit)
        question = str(each.values.get("question") or kept)
        notes.append(AnswerCut(place=each.place, question=question, left_out=left_out))
        facts.append(replace(each, values={**each.values, "text": kept}))
    return replace(raw, facts=facts, notes=(*raw.notes, *notes)) if notes else raw


def within(text: str, limit: int) -> tuple[str, str]:
    """Return as many whole sentences of `text` as `limit` characters hold, and the rest.

    A first sentence that is longer is cut at a word.
    """
    end = 0
    for start, sentence in _placed(text):
        if start + len(sentence) > limit:
            break
        end = start + len(sentence)
    if end:
        return text[:end], text[end:].strip()
    end = text.rfind(" ", 0, limit)
    end = end if end > limit // 2 else limit - 1
    return text[:end].rstrip(" ,;:–—-") + "…", text[end:].strip()


def _placed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences with the places where they begin."""
    place = 0
    for line in text.split("\n"):
        for sentence in article.divided(line):
            place = text.index(sentence, place)
            yield place, sentence
            place += len(sentence)
