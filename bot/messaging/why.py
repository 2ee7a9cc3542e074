"""An explanation as text for a terminal and, shorter, as a message; pure."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.messaging import markup, reasons
from bot.messaging.message import Message
from bot.services.explaining import Contender, Explanation, Part, Ranking, Reasons, Understood

WIDTH: Final = 80
"""Columns of the terminal's text."""

PARTS: Final = 10
PARTS_IN_CHAT: Final = 4
SIGNS_IN_CHAT: Final = 6
CONTENDERS_IN_CHAT: Final = 3

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
    """Return the explanation, or that there is nothing to explain yet, as one message."""
    if given.explanation is None:
        return NOTHING_ASKED
    shown = given.explanation
    blocks = [_list(shown.understood.text, _read(shown.understood))]
    for ranking in shown.rankings:
        for number, contender in enumerate(ranking.contenders[:CONTENDERS_IN_CHAT], start=1):
            heading = f"{number}. {_label(contender)} · {_percent(contender.probability)}"
            parts = (
                f"{part.share:+.1f} {reasons.evidence(part.name)}"
                for part in contender.parts[:PARTS_IN_CHAT]
            )
            blocks.append(_list(heading, parts))
        signs = (
            f"{part.share:+.1f} {reasons.sign(part.name)}" for part in ranking.signs[:SIGNS_IN_CHAT]
        )
        blocks.append(_list(f"Why the first is {_percent(ranking.probability)} probable", signs))
    verdict, *checks = _verdict(shown)
    blocks.append(_list(verdict, (" ".join(check.split()) for check in checks)))
    kept = blocks[:1]
    for block in blocks[1:-1]:
        whole = "\n\n".join([*kept, block, blocks[-1]])
        if markup.length(markup.visible(whole)) <= markup.LONGEST:
            kept.append(block)
    return Message(text_html="\n\n".join([*kept, blocks[-1]]))


def _understood(understood: Understood) -> Iterator[str]:
    yield from _wrapped("Question   ", understood.text)
    for line in _read(understood):
        name, _, rest = line.partition(": ")
        yield from _wrapped(f"{name:<11}", rest)


def _read(understood: Understood) -> Iterator[str]:
    yield f"Asks for: {reasons.kind(understood.kind.value)}"
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
        yield from _parts([(reasons.evidence(part.name), part) for part in contender.parts])
        yield ""
    yield f"Why the first is {_percent(ranking.probability)} probable"
    yield f"  {ranking.bias:+7.2f}  to start from"
    yield from _parts([(reasons.sign(part.name), part) for part in ranking.signs])


def _parts(named: Sequence[tuple[str, Part]]) -> Iterator[str]:
    for name, part in named[:PARTS]:
        sum_ = f"{part.value:.2f} × {part.worth:.2f}"
        yield f"  {part.share:+7.2f}  {_cut(name, 50):<50} {sum_:>16}"
    rest = named[PARTS:]
    if rest:
        yield f"  {sum(part.share for _, part in rest):+7.2f}  {len(rest)} smaller ones together"


def _verdict(explanation: Explanation) -> Iterator[str]:
    verdict = explanation.verdict
    what = reasons.outcome(verdict.outcome.value)
    if len(verdict.told) > 1:
        what += f", {len(verdict.told)} facts"
    if verdict.courtesy is not None:
        what += f" ({verdict.courtesy.value})"
    yield f"Verdict: {what}"
    for ranking in explanation.rankings:
        for check in ranking.checks:
            sign = "≥" if check.met else "<"
            yield f"  {check.value:.2f} {sign} {check.limit:.2f}  {reasons.check(check.name)}"


def _label(contender: Contender) -> str:
    document = contender.document
    return markup.clean(document.question or "") or markup.first_sentence(document.text)[0]


def _list(heading: str, lines: Iterable[str]) -> str:
    title = markup.bold(markup.shorten(heading, 200))
    return "\n".join([title, *("• " + markup.escape(markup.shorten(line, 200)) for line in lines)])


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
