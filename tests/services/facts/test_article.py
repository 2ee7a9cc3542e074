"""Articles are gone through sentence by sentence; only what is taken becomes a fact."""

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.answers.index_cache import IndexCache
from bot.services.facts.additions.article import SENTENCES, Articles
from bot.services.facts.additions.article_state import ArticleState
from bot.services.rights import Actor
from db import story
from db.desk import audit, proposals
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, Fact, Lexicon, Moment, Name, NameKind, Status
from db.records.desk import ProposalState, Role
from tests import bridge
from tests.factories import actor, seat
from tests.samples import AT
from tests.services.files.test_uploads import sent

TEXT = (
    "The bridge over the Alder is 412 metres long.\n"
    "Mayor Anna Berg said on May 19 that the bridge stays shut.\n"
    "It is 412 metres long, it is.\n"
    "The Alder rose by two metres on 3 May, Carl Voss reported.\n"
    "It rained for a week."
)


@pytest.fixture
def cache(database: Database) -> IndexCache:
    return IndexCache(database)


@pytest.fixture
def sifting(database: Database, cache: IndexCache) -> Articles:
    return Articles(database, cache, clock=lambda: AT)


@pytest.fixture
async def ada(database: Database) -> Actor:
    async with database.writing() as session:
        await facts.add_all(session, bridge.DRAFTS, editor=None, at=AT)
        names = (Name(name="Alder", kind=NameKind.PLACE, also=("the river",)),)
        await story.save_lexicon(session, Lexicon(names=names))
    return await seat(database)


async def new_facts(database: Database) -> list[Fact]:
    async with database.reading() as session:
        return (await facts.all_current(session))[len(bridge.DRAFTS) :]


async def begun(sifting: Articles, ada: Actor, text: str | bytes = TEXT) -> ArticleState:
    shown = await sifting.receive(ada, sent(text, "news.txt"))
    assert shown is not None
    await sifting.shown(shown.proposal, chat_id=ada.place.chat_id, message_id=900)
    return shown


async def test_an_article_is_proposed_sentence_by_sentence(
    sifting: Articles, database: Database, ada: Actor
) -> None:
    shown = await begun(sifting, ada)
    assert (shown.position, shown.total, shown.name) == (1, 5, "news.txt")
    assert shown.draft is not None
    assert shown.draft.text == "The bridge over the Alder is 412 metres long."
    assert shown.draft.topics == ("alder",)
    assert await new_facts(database) == []
    second = await sifting.skip(ada, shown.proposal.id, shown.proposal.turn)
    assert second is not None
    assert second.draft is not None
    assert second.draft.source == "Mayor Anna Berg"
    assert second.draft.as_of == Moment.parse("2025-05-19")
    assert await new_facts(database) == []


async def test_what_is_taken_becomes_a_fact_with_its_question(
    sifting: Articles, database: Database, ada: Actor
) -> None:
    shown = await begun(sifting, ada)
    skipped = await sifting.skip(ada, shown.proposal.id, shown.proposal.turn)
    assert skipped is not None
    asked = await sifting.say(ada, " Does the bridge\nstay shut? ", 900)
    assert asked is not None
    assert asked.draft is not None
    assert asked.draft.question == "Does the bridge stay shut?"
    assert await sifting.take(ada, skipped.proposal.id, skipped.proposal.turn) is None
    taken = await sifting.take(ada, asked.proposal.id, asked.proposal.turn)
    assert taken is not None
    assert (taken.position, taken.taken, taken.skipped) == (3, (6,), 1)
    assert await sifting.take(ada, asked.proposal.id, asked.proposal.turn) is None
    (fact,) = await new_facts(database)
    assert (fact.key, fact.question) == ("does-the-bridge-stay-shut", "Does the bridge stay shut?")
    assert (fact.source, fact.as_of) == ("Mayor Anna Berg", Moment.parse("2025-05-19"))
    async with database.reading() as session:
        (version,) = await facts.history(session, fact.id)
        (entry,) = await audit.of_fact(session, fact.id, limit=5)
    assert (version.kind, version.editor) == (ChangeKind.NEW, ada.person_id)
    assert (entry.action, entry.person) == ("fact.add", ada.person_id)


async def test_what_stands_already_is_marked_and_left_out_of_all(
    sifting: Articles, database: Database, ada: Actor
) -> None:
    shown = await begun(sifting, ada)
    assert shown.new == 2
    shown_first = await sifting.skip(ada, shown.proposal.id, shown.proposal.turn)
    assert shown_first is not None
    third = await sifting.skip(ada, shown.proposal.id, shown_first.proposal.turn)
    assert third is not None
    assert third.like is not None
    assert third.like.id == 3
    last = await sifting.take_all(ada, shown.proposal.id, third.proposal.turn)
    assert last is not None
    assert last.draft is not None
    assert (last.draft.text, last.draft.source) == ("It rained for a week.", None)
    named = await sifting.say(ada, "Source: Weather office (https://weather.example/may)", 900)
    assert named is not None
    assert named.new == 1
    done = await sifting.take_all(ada, shown.proposal.id, named.proposal.turn)
    assert done is not None
    assert (done.draft, done.taken, done.skipped, done.left_out) == (None, (6, 7), 2, 1)
    assert [
        (fact.text, fact.source, fact.source_url, fact.status) for fact in await new_facts(database)
    ] == [
        (
            "The Alder rose by two metres on 3 May, Carl Voss reported.",
            "Carl Voss",
            None,
            Status.REPORTED,
        ),
        (
            "It rained for a week.",
            "Weather office",
            "https://weather.example/may",
            Status.REPORTED,
        ),
    ]
    async with database.reading() as session:
        settled = await proposals.by_id(session, shown.proposal.id)
    assert settled is not None
    assert (settled.state, settled.done_at) == (ProposalState.DONE, AT)
    for again in (sifting.take, sifting.skip, sifting.take_all, sifting.stop):
        assert await again(ada, settled.id, settled.turn) is None


async def test_stopping_leaves_the_rest(sifting: Articles, database: Database, ada: Actor) -> None:
    shown = await begun(sifting, ada)
    first = await sifting.take(ada, shown.proposal.id, shown.proposal.turn)
    assert first is not None
    done = await sifting.stop(ada, shown.proposal.id, first.proposal.turn)
    assert done is not None
    assert (done.draft, done.taken, done.skipped) == (None, (6,), 4)
    assert len(await new_facts(database)) == 1


async def test_keys_are_free_even_where_sentences_begin_alike(
    sifting: Articles, database: Database, ada: Actor
) -> None:
    same = "A very long beginning that is the very same in both of these long sentences"
    shown = await begun(
        sifting, ada, f"{same} but one, Ann Poe said.\n{same} but two, Ann Poe said."
    )
    await sifting.take_all(ada, shown.proposal.id, shown.proposal.turn)
    one, two = await new_facts(database)
    assert two.key == f"{one.key}-2"


async def test_only_their_editor_goes_through_an_article(
    sifting: Articles, database: Database, ada: Actor
) -> None:
    shown = await begun(sifting, ada)
    number, turn = shown.proposal.id, shown.proposal.turn
    carl = await seat(database, 8, Role.CONTRIBUTOR, name="Carl")
    eve = await seat(database, 9, Role.EDITOR, name="Eve")
    actions = (sifting.take, sifting.skip, sifting.take_all, sifting.stop)
    for nobody in (carl, actor(66), actor(ada.person_id, chat=-5)):
        with pytest.raises(NotAllowed):
            await sifting.receive(nobody, sent(TEXT, "a.txt"))
        for action in actions:
            with pytest.raises(NotAllowed):
                await action(nobody, number, turn)
    for action in actions:
        assert await action(eve, number, turn) is None
        assert await action(ada, number, turn + 1) is None
        assert await action(ada, number + 1, turn) is None
    assert await sifting.say(eve, "what?", 900) is None
    assert await sifting.say(ada, "what?", 901) is None
    assert await sifting.say(ada, " \n ", 900) is None
    with pytest.raises(DeskError, match="at most 300 are kept"):
        await sifting.say(ada, "what " * 80, 900)
    assert await new_facts(database) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\xff\xfe\x00", "news.txt is no text that I can read"),
        ("", "news.txt is empty"),
        ("By us", "holds no sentence that could be a fact"),
        ("A " + "very " * 300 + "long one.", "holds no sentence that could be a fact"),
        ("x" * 500_001, "0.5 MB, and at most 0.5 MB"),
        (
            "\n".join(f"Number {n} is here." for n in range(SENTENCES + 1)),
            "501 sentences, and at most 500",
        ),
    ],
)
async def test_what_is_no_article_leaves_nothing(
    sifting: Articles, database: Database, ada: Actor, text: str | bytes, says: str
) -> None:
    with pytest.raises(DeskError) as refused:
        await sifting.receive(ada, sent(text, "news.txt"))
    assert says in str(refused.value)
    async with database.reading() as session:
        assert await proposals.open_of(session, ada.place.chat_id, ada.person_id) == []


async def test_a_sentence_that_no_fact_can_hold_is_counted(sifting: Articles, ada: Actor) -> None:
    shown = await begun(sifting, ada, "A " + "very " * 300 + "long one.\nIt rained for a week.")
    assert (shown.total, shown.too_long) == (1, 1)
