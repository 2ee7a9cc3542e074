"""Verdicts: the index is asked off the event loop, and once for what many readers ask alike."""

import asyncio
from collections import OrderedDict
from dataclasses import replace
from typing import Final, Protocol

from bot.search import Context, FactIndex, Verdict
from bot.search.pipeline import may_lean

KEPT: Final = 2_000
"""Verdicts that are kept at hand, those used last; each is a kilobyte or two."""


class Ask(Protocol):
    """How an index is asked; a test brings its own to have verdicts of every kind."""

    def __call__(self, index: FactIndex, /, question: str, *, context: Context | None) -> Verdict:
        """Return the verdict on one message."""


class Verdicts:
    """Asks one index after another; the verdicts on the newest are kept."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._index: FactIndex | None = None
        # By message, and by the exchange that it leans on, where it may lean on one.
        self._kept: OrderedDict[tuple[str, Context | None], tuple[Verdict, bool]] = OrderedDict()

    async def of(self, index: FactIndex, question: str, context: Context | None) -> Verdict:
        """Return the verdict on one message; `context` is the chat's last exchange while fresh."""
        if index is not self._index:
            self._index = index
            self._kept.clear()
        for key in ((question, context), (question, None)):
            kept = self._kept.get(key)
            if kept is not None and (key[1] == context or not kept[1]):
                self._kept.move_to_end(key)
                return kept[0]
        verdict, leans = await asyncio.to_thread(self._asked, index, question, context)
        if index is self._index:
            self._kept[question, context if leans else None] = (verdict, leans)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return verdict

    def _asked(
        self, index: FactIndex, question: str, context: Context | None
    ) -> tuple[Verdict, bool]:
        verdict = self._ask(index, question, context=context)
        return _without_evidence(verdict), may_lean(index, question)


def _without_evidence(verdict: Verdict) -> Verdict:
    """Return a verdict without what only an explanation looks at, which is most of it."""
    told, choices, candidates = (
        tuple(replace(each, evidence={}) for each in some)
        for some in (verdict.told, verdict.choices, verdict.candidates)
    )
    return replace(verdict, told=told, choices=choices, candidates=candidates)
