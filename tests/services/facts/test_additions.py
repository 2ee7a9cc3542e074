"""Additions: each step by its author alone, once, and nothing half-done."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.desk.prompts import Prompts
from bot.services.facts.additions.conversation import Additions
from bot.services.facts.additions.state import PATIENCE, Addition
from bot.services.rights import Actor
from db import story
from db.desk import audit, editors, proposals
from db.engine import Database
from db.facts import facts
from db.records import Fact, Moment, Status
from db.records.desk import Proposal, ProposalState, Role
from tests import bridge
from tests.factories import actor, draft, seat
from tests.samples import AT

GROUP = -1001
OWNED = "Who owns the bridge?\nThe city of Aldermere.\nSource: City archive"


class Desk:
    """The services over the bridge's story and a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.at = AT
        self.database = database
        cache = IndexCache(database)
        self.adding = Additions(database, cache, clock=lambda: self.at)
        self.prompting = Prompts(database, cache, clock=lambda: self.at)

    async def facts(self) -> list[Fact]:
        """Return the facts that were added."""
        async with self.database.reading() as session:
            return (await facts.all_current(session))[len(bridge.DRAFTS) :]

    async def proposal(self, number: int = 1) -> Proposal:
        """Return a proposal as it is stored."""
        async with self.database.reading() as session:
            found = await proposals.by_id(session, number)
        assert found is not None
        return found

    async def actions(self) -> list[tuple[str, bool]]:
        """Return the records, the oldest first: action, and whether it was refused."""
        async with self.database.reading() as session:
            kept = await audit.newest(session, limit=200)
        return [(each.action, each.refused) for each in reversed(kept)]


@pytest_asyncio.fixture
async def desk(story_file: Path) -> Any:
    database = await Database.open(story_file)
    yield Desk(database)
    await database.close()


@pytest_asyncio.fixture
async def ada(desk: Desk) -> Actor:
    return await seat(desk.database, 77, Role.EDITOR)


async def published(desk: Desk, somebody: Actor, text: str) -> Fact:
    """Add a fact, whatever it resembles."""
    given = await desk.adding.begin(somebody, text)
    if given.proposal.step == "twin":
        new = await desk.adding.is_new(somebody, given.proposal.id, given.proposal.turn)
        assert new is not None
        given = new
    done = await desk.adding.publish(somebody, given.proposal.id, given.proposal.turn)
    assert done is not None
    assert done.fact is not None
    return done.fact


async def test_the_source_has_said_it_now_unless_it_is_told_when(desk: Desk, ada: Actor) -> None:
    await bridge.name(desk.database, time_zone="Europe/Kyiv")
    given = await desk.adding.begin(ada, OWNED)
    assert given.draft.as_of == Moment.parse("2025-05-20 12:00")  # nine in the morning in UTC
    given = await desk.adding.begin(ada, f"{OWNED}\nSaid: an hour ago")
    assert given.draft.as_of == Moment.parse("2025-05-20 11:00")


async def test_what_is_known_after_all_needs_somebody_who_says_so(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(
        ada, "Will the ferry run? | Nobody has said.", gap=Status.UNKNOWN
    )
    assert given.proposal.step == "preview"
    await desk.adding.change(ada, given.proposal.id, given.proposal.turn)
    changed = await desk.adding.say(ada, "The city.\nStatus: reported")
    assert changed is not None
    assert changed.proposal.step == "ask:source"


async def test_a_key_is_never_given_twice(desk: Desk, ada: Actor) -> None:
    keys = [(await published(desk, ada, OWNED)).key for _ in range(3)]
    assert keys == ["who-owns-the-bridge", "who-owns-the-bridge-2", "who-owns-the-bridge-3"]


async def test_publishing_at_once_from_many_sides_makes_one_fact(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, OWNED)
    number, turn = given.proposal.id, given.proposal.turn
    done = await asyncio.gather(*(desk.adding.publish(ada, number, turn) for _ in range(20)))
    assert len([each for each in done if each is not None]) == 1
    assert len(await desk.facts()) == 1
    assert await desk.actions() == [("fact.add", False)]


async def test_a_twin_that_appeared_since_the_preview_is_shown_first(
    desk: Desk, ada: Actor
) -> None:
    given = await desk.adding.begin(ada, OWNED)
    eve = await seat(desk.database, 78, Role.EDITOR, name="Eve")
    await published(desk, eve, OWNED.replace("city of", "county of"))
    again = await desk.adding.publish(ada, given.proposal.id, given.proposal.turn)
    assert again is not None
    assert (again.proposal.step, [twin.fact.id for twin in again.twins]) == ("twin", [6])
    assert len(await desk.facts()) == 1


async def test_a_known_unknown_that_is_answered_is_a_twin(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, "Why did the bearing fail? | Rust. | Roads office")
    assert [twin.fact.status for twin in given.twins] == [Status.UNKNOWN]


async def test_a_change_instead_keeps_what_the_new_words_do_not_say(desk: Desk, ada: Actor) -> None:
    async with desk.database.writing() as session:
        await facts.annotate(session, [(3, draft(topics=("past",), phrasings=("length?",)))])
    given = await desk.adding.begin(ada, "How long is the bridge? | 512 metres. | Herald")
    twin = (ada, given.proposal.id, given.proposal.turn)
    assert await desk.adding.instead(*twin, 1) is None  # never shown
    changed = await desk.adding.instead(*twin, 3)
    assert changed is not None
    assert (changed.draft.text, changed.draft.source) == ("512 metres.", "Herald")
    assert (changed.draft.key, changed.draft.topics) == ("length", ("past",))
    assert changed.draft.phrasings == ("length?",)
    assert await desk.adding.say(ada, "Any words") is None  # another part asks now


async def test_words_are_taken_for_an_hour_in_their_chat_and_topic(desk: Desk, ada: Actor) -> None:
    await desk.adding.begin(ada, "")
    async with desk.database.writing() as session:
        await story.move_desk(session, GROUP)
    assert await desk.adding.say(actor(77, chat=GROUP), "Who owns it?") is None
    desk.at += PATIENCE + timedelta(seconds=1)
    assert await desk.adding.say(ada, "Who owns it?") is None
    again = await desk.adding.begin(ada, "")
    assert again.proposal.id == 1
    taken = await desk.adding.say(ada, "Who owns it?")
    assert taken is not None
    assert (taken.proposal.step, taken.draft.question) == ("ask:text", "Who owns it?")


async def test_a_conversation_goes_on_in_another_topic(desk: Desk, ada: Actor) -> None:
    await desk.adding.begin(ada, "")
    elsewhere = replace(ada, place=replace(ada.place, thread_id=5))
    assert await desk.adding.say(elsewhere, "Who owns it?") is None
    await desk.adding.begin(elsewhere, "")
    taken = await desk.adding.say(elsewhere, "Who owns it?")
    assert taken is not None
    assert taken.proposal.id == 1


async def test_words_that_cannot_be_read_change_nothing(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, OWNED)
    await desk.adding.change(ada, given.proposal.id, given.proposal.turn)
    before = await desk.proposal()
    with pytest.raises(DeskError, match="no label"):
        await desk.adding.say(ada, "Sorce: x")
    assert await desk.proposal() == before


async def test_cancel_drops_the_newest_and_records_it(desk: Desk, ada: Actor) -> None:
    assert not await desk.prompting.cancel(ada)
    await desk.adding.begin(ada, "Who owns it?")
    await desk.adding.begin(ada, OWNED)
    assert await desk.prompting.cancel(ada)
    assert (await desk.proposal(2)).state is ProposalState.DROPPED
    assert (await desk.proposal(1)).state is ProposalState.OPEN
    assert await desk.prompting.cancel(ada)
    assert (await desk.proposal(1)).state is ProposalState.DROPPED
    assert await desk.actions() == [("proposal.drop", False), ("proposal.drop", False)]


Step = Callable[[Actor], Awaitable[object]]


def steps(desk: Desk, given: Addition) -> dict[str, tuple[Step, Role]]:
    """Return every action of this part on an addition, and the role that it needs."""
    adding = desk.adding
    here = (given.proposal.id, given.proposal.turn)
    return {
        "proposal.make": (lambda who: adding.begin(who, OWNED), Role.CONTRIBUTOR),
        "change": (lambda who: adding.change(who, *here), Role.CONTRIBUTOR),
        "skip": (lambda who: adding.skip(who, *here), Role.CONTRIBUTOR),
        "is_new": (lambda who: adding.is_new(who, *here), Role.CONTRIBUTOR),
        "cancel": (desk.prompting.cancel, Role.CONTRIBUTOR),
        "submit": (lambda who: adding.submit(who, *here), Role.CONTRIBUTOR),
        "drop": (lambda who: adding.drop(who, *here), Role.CONTRIBUTOR),
        "drafts": (adding.drafts, Role.CONTRIBUTOR),
        "look": (lambda who: adding.look(who, here[0]), Role.CONTRIBUTOR),
        "publish": (lambda who: adding.publish(who, *here), Role.EDITOR),
        "instead": (lambda who: adding.instead(who, *here, 3), Role.EDITOR),
        "send_back": (lambda who: adding.send_back(who, *here), Role.EDITOR),
    }


async def test_every_action_is_refused_to_whom_it_is_not_given(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, OWNED)
    before = await desk.proposal()
    carl = await seat(desk.database, 78, Role.CONTRIBUTOR, name="Carl")
    actions = steps(desk, given)
    for number, (step, needs) in enumerate(actions.values()):
        nobodies = [actor(900 + number), actor(77, chat=GROUP), actor(0)]
        for somebody in (*nobodies, *([carl] if needs is Role.EDITOR else [])):
            with pytest.raises(NotAllowed):
                await step(somebody)
    assert await desk.proposal() == before
    assert await desk.facts() == []
    refused = [action for action, was_refused in await desk.actions() if was_refused]
    assert len(refused) >= 3 * len(actions) - 4  # of one person twenty an hour are kept
    assert not [each for each in await desk.actions() if not each[1]]


async def test_another_editor_cannot_touch_what_is_not_theirs(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, OWNED)
    before = await desk.proposal()
    eve = await seat(desk.database, 78, Role.OWNER, name="Eve")
    for name, (step, _) in steps(desk, given).items():
        if name not in ("proposal.make", "drafts", "cancel"):
            assert await step(eve) is None, name
    assert await desk.adding.say(eve, "Other words") is None
    assert await desk.proposal() == before


async def test_one_who_was_removed_cannot_go_on(desk: Desk, ada: Actor) -> None:
    given = await desk.adding.begin(ada, OWNED)
    await desk.adding.change(ada, given.proposal.id, given.proposal.turn)
    async with desk.database.writing() as session:
        await editors.remove(session, 77, at=AT)
    with pytest.raises(NotAllowed):
        await desk.adding.say(ada, "Other words")
    with pytest.raises(NotAllowed):
        await desk.adding.publish(ada, given.proposal.id, given.proposal.turn + 1)
    assert await desk.facts() == []
