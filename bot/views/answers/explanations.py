"""Why a question is answered as it is: in plain words for an editor, whole for a terminal; pure."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from bot.services.answers.explanations import (
    Contender,
    Explanation,
    Part,
    Ranking,
    Reasons,
    Understood,
)
from bot.views import markup
from bot.views.answers import evidence_words
from bot.views.message import Message

WIDTH: Final = 80
"""Columns of the terminal's text."""

PARTS: Final = 10
NEXT_IN_CHAT: Final = 2
LONGEST_IN_CHAT: Final = 200
"""Characters of a question in a chat."""

_NEEDED: Final = {"answer_from": "a fact is told", "unknown_from": "nobody knows yet is said"}

NOTHING_ASKED: Final = Message(
    text_html="Nothing was asked here yet. Write a question after /why to see how it is answered."
)


def text(explanation: Explanation) -> str:
    """Return the whole explanation for a terminal."""
    lines = list(_understood(explanation.understood))
    several = len(explanation.rankings) > 1
    for number, ranking in enumerate(explanation.rankings, start=1):
        lines.append("")
        if several:
            lines += [f"Part {number}", *_understood(ranking.understood), ""]
        lines += _ranking(ranking)
    lines += ["", *_verdict(explanation)]
    return "\n".join(lines)


def message(given: Reasons) -> Message:
    """Return the explanation in plain words, or that there is nothing to explain yet."""
    if given.explanation is None:
        return NOTHING_ASKED
    shown = given.explanation
    lines = [markup.bold(_quoted(shown.understood.text))]
    if not shown.rankings:
        lines.append(markup.escape(f"{_became(shown)} No fact was looked for."))
    several = len(shown.rankings) > 1
    for ranking in shown.rankings:
        if several:
            lines += ["", markup.bold(_quoted(ranking.understood.text))]
        lines += [markup.escape(each) for each in _plainly(ranking, shown)]
    return Message(text_html="\n".join(lines))


def _plainly(ranking: Ranking, shown: Explanation) -> Iterator[str]:
    """Yield what an editor would want to know of one question, a line each."""
    for line in _read(ranking.understood):
        yield f"{markup.shorten(line, LONGEST_IN_CHAT)}."
    if not ranking.contenders:
        yield f"{_became(shown)} No fact was found."
        return
    first, *others = ranking.contenders
    sure = f"{_named(first)}, {_percent(ranking.probability)} likely to be the answer"
    needed = next((each for each in ranking.checks if each.name in _NEEDED), None)
    if needed is not None:
        sure += f"; {_NEEDED[needed.name]} from {_percent(needed.limit)}"
    several = len(shown.rankings) > 1
    yield f"Nearest: {sure}." if several else f"{_became(shown)} Nearest: {sure}."
    values, asked = ranking.values, ranking.understood.kind.value
    if clauses := evidence_words.speaking_for(values, asked):
        yield f"For it: {'; '.join(clauses)}."
    if clauses := evidence_words.speaking_against(values, asked):
        yield f"Against it: {'; '.join(clauses)}."
    if others:
        after = (f"{_named(each)}, {_percent(each.probability)}" for each in others[:NEXT_IN_CHAT])
        yield f"Next: {'; '.join(after)}."
    if not shown.verdict.told:
        number = first.document.id
        yield f"If one of them is the answer, teach it: /phrase {number} and the question."


def _became(shown: Explanation) -> str:
    said = evidence_words.outcome(shown.verdict.outcome.value)
    return f"The bot says {said}." if said.startswith('"') else f"{said[0].upper()}{said[1:]}."


def _named(contender: Contender) -> str:
    return f"#{contender.document.id} {_quoted(_label(contender))}"


def _quoted(words: str) -> str:
    said = markup.shorten(" ".join(markup.clean(words).split()), LONGEST_IN_CHAT)
    return f"“{said}”" if said else "(no words)"


def _understood(understood: Understood) -> Iterator[str]:
    yield from _wrapped("Question   ", understood.text)
    for line in _read(understood):
        name, _, rest = line.partition(": ")
        yield from _wrapped(f"{name:<11}", rest)


def _read(understood: Understood) -> Iterator[str]:
    yield f"Asks for: {evidence_words.kind(understood.kind.value)}"
    if understood.mended:
        yield "Read as: " + ", ".join(f"{each.typed} → {each.read}" for each in understood.mended)
    if understood.names:
        yield "Names: " + ", ".join(f"{each.name} ({each.kind})" for each in understood.names)
    if understood.strange:
        yield "No words: " + ", ".join(understood.strange)


def _ranking(ranking: Ranking) -> Iterator[str]:
    for number, contender in enumerate(ranking.contenders, start=1):
        after = f"  score {contender.score:.2f}, {_percent(contender.probability)}"
        yield _cut(f"{number}. {_label(contender)}", WIDTH - len(after)) + after
        yield from _parts([(evidence_words.evidence(part.name), part) for part in contender.parts])
        yield ""
    yield f"Why the first is {_percent(ranking.probability)} probable"
    yield f"  {ranking.bias:+7.2f}  to start from"
    yield from _parts([(evidence_words.sign(part.name), part) for part in ranking.signs])


def _parts(named: Sequence[tuple[str, Part]]) -> Iterator[str]:
    for name, part in named[:PARTS]:
        sum_ = f"{part.value:.2f} × {part.worth:.2f}"
        yield f"  {part.share:+7.2f}  {_cut(name, 50):<50} {sum_:>16}"
    rest = named[PARTS:]
    if rest:
        yield f"  {sum(part.share for _, part in rest):+7.2f}  {len(rest)} smaller ones together"


def _verdict(explanation: Explanation) -> Iterator[str]:
    verdict = explanation.verdict
    what = evidence_words.outcome(verdict.outcome.value)
    if len(verdict.told) > 1:
        what += f", {len(verdict.told)} facts"
    if verdict.courtesy is not None:
        what += f" ({verdict.courtesy.value})"
    yield f"Verdict: {what}"
    for ranking in explanation.rankings:
        for check in ranking.checks:
            sign = "≥" if check.met else "<"
            words = evidence_words.check(check.name)
            yield f"  {check.value:.2f} {sign} {check.limit:.2f}  {words}"


def _label(contender: Contender) -> str:
    document = contender.document
    return markup.clean(document.question or "") or markup.first_sentence(document.text)[0]


def _wrapped(name: str, words: str) -> list[str]:
    words = markup.clean(words) or "(nothing)"
    return textwrap.wrap(
        words, WIDTH, initial_indent=name, subsequent_indent=" " * len(name), break_on_hyphens=False
    )


def _cut(words: str, most: int) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else markup.shorten(words, most)


def _percent(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")
