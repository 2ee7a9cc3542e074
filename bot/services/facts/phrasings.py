"""Ways of asking as editors add them, and take them back, in the transaction of their action."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.errors import DeskError
from bot.services.facts import references, single_values
from bot.services.rights import Acting
from bot.stories.schema import FIELD
from db.facts import facts, hints, phrasings
from db.questions import suggestions, votes
from db.records import Fact, Status
from db.records.desk import Proposal
from db.records.suggestions import Suggestion, SuggestionState

TAKEN: Final = "taken"
DISMISSED: Final = "dismissed"
"""Notes of a proposal: what it took as phrasings, and what it dismissed."""


async def add(done: Acting, fact: Fact, words: str) -> tuple[Fact, str]:
    """Return the fact with one more way of asking, and the way as it is kept; recorded.

    Raises:
        DeskError: the words are too long, this or another fact has them already, the fact was
            withdrawn, or it has as many as it can hold.
    """
    refuse_withdrawn(fact)
    phrasing = single_values.phrasing(words)
    for holder in await phrasings.holders(done.session, phrasing):
        holds = await references.existing(done.session, holder)
        if holder == fact.id:
            raise DeskError(f"#{fact.id} is asked in these words already: {phrasing}")
        if holds.status is not Status.WITHDRAWN:
            raise DeskError(
                f"Nothing changed: #{holder} is asked in these words. "
                f"#{holder} · {holds.question or ''} {holds.text}"
            )
    if len(fact.phrasings) >= FIELD["phrasings"].most:
        raise DeskError(
            f"#{fact.id} has {len(fact.phrasings)} ways of asking, and no fact takes more."
        )
    phrased = await facts.add_phrasing(done.session, fact.id, phrasing)
    assert phrased is not None  # noqa: S101 - read in this same transaction
    await suggestions.taken(done.session, fact.id, [phrasing], done.at)
    await done.record(fact_id=fact.id, after=phrasing)
    return phrased, phrasing


def refuse_withdrawn(fact: Fact) -> None:
    """Raise DeskError where a fact was withdrawn."""
    if fact.status is Status.WITHDRAWN:
        raise DeskError(f"Nothing changed: #{fact.id} was withdrawn, see /fact {fact.id}.")


def noted(taken: Sequence[Suggestion], dismissed: Sequence[Suggestion]) -> Mapping[str, Any]:
    """Return the notes from which `take_back` knows what was done."""
    return {
        TAKEN: [[each.id, each.fact_id, each.words] for each in taken],
        DISMISSED: [each.id for each in dismissed],
    }


async def take_back(done: Acting, proposal: Proposal, *, at_once: bool) -> None:
    """Let suggestions be open again that an editor took or dismissed; recorded."""
    session, numbers = done.session, list(proposal.notes[DISMISSED])
    for number, fact_id, words in proposal.notes[TAKEN]:
        await phrasings.remove(session, fact_id, words)
        await hints.moved(session, [fact_id])
        numbers.append(number)
        await done.record(fact_id=fact_id, before=words)
    await suggestions.settle(session, numbers, SuggestionState.OPEN, None)
    await votes.weigh(session, await suggestions.digests(session, numbers), at_once=at_once)
    if not proposal.notes[TAKEN]:
        await done.record(after="readers' words to look at again")
