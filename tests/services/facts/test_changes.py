"""From an editor's new words to a new version of a fact."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.errors import DeskError, NotAllowed
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.changes.state import Change, Step
from bot.services.rights import Actor
from db.desk import cards, proposals
from db.engine import Database
from db.records import ChangeKind, Moment, Status, Weight
from db.records.desk import Card, CardKind, ProposalKind, ProposalState, Role
from tests.clocks import Clock
from tests.factories import actor, draft, seat
from tests.samples import AT
from tests.services.newsdesk import LATER, added, fact, history, order, published, records, turn


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def changing(database: Database, clock: Clock) -> Changes:
    return Changes(database, clock=clock)


async def test_a_correction_is_one_message_and_three_taps(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    assert (change.step, change.was.text) == (Step.KIND, "About two and a half hours.")
    wrong = await changing.choose_kind(ada, *turn(change), ChangeKind.CORRECTION)
    assert wrong is not None
    assert wrong.step is Step.SOURCE
    same = await changing.choose_source(ada, *turn(wrong), 0)
    assert same is not None
    assert (same.step, same.reason) == (Step.PREVIEW, "We said: About two and a half hours.")
    done = await changing.publish(ada, *turn(same))
    assert done is not None
    assert done.proposal.state is ProposalState.DONE
    assert done.proposal.notes["version"] == 2
    newest = (await history(database))[-1]
    assert (newest.kind, newest.text, newest.source) == (
        ChangeKind.CORRECTION,
        "About three hours.",
        "TASS",
    )
    assert (newest.reason, newest.editor, newest.at) == (
        "We said: About two and a half hours.",
        77,
        clock.at,
    )
    (entry,) = await records(database)
    assert (entry.action, entry.fact_id, entry.name) == ("fact.correct", 1, "Ada")
    assert entry.before == "About two and a half hours."
    assert entry.after == ("About three hours.\nreason: We said: About two and a half hours.")


async def test_phrasings_topics_and_key_survive_a_change(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    before = await added(database, weight=Weight.BIG)
    await published(changing, ada, "1 About three hours.")
    after = await fact(database)
    assert (after.key, after.phrasings, after.topics, after.weight) == (
        before.key,
        before.phrasings,
        before.topics,
        before.weight,
    )


async def test_only_wording_is_refused_with_the_reason_when_a_number_changed(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    refused = await changing.choose_kind(ada, *turn(change), ChangeKind.WORDING)
    assert refused is not None
    assert refused.step is Step.KIND
    (objection,) = refused.objections
    assert (objection.what, objection.was, objection.now) == ("number", "2.5", "3")
    update = await changing.choose_kind(ada, *turn(refused), ChangeKind.UPDATE)
    assert update is not None
    assert (update.step, update.objections) == (Step.SOURCE, ())
    assert len(await history(database)) == 1


async def test_only_wording_needs_no_source(database: Database, changing: Changes) -> None:
    ada = await seat(database)
    before = await added(database, as_of=Moment.parse("2025-05-19"))
    await published(
        changing, ada, "1 It went on for about two and a half hours.", kind=ChangeKind.WORDING
    )
    newest = (await history(database))[-1]
    assert (newest.kind, newest.source, newest.as_of) == (
        ChangeKind.WORDING,
        "TASS",
        before.as_of,
    )
    assert (await records(database))[-1].action == "fact.wording"


@pytest.mark.parametrize("words", ["1\nStatus: disputed", "1\nSource: Reuters", "1\nWhen: 18 May"])
async def test_another_status_source_or_time_is_no_wording(
    database: Database, changing: Changes, words: str
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order(words))
    refused = await changing.choose_kind(ada, *turn(change), ChangeKind.WORDING)
    assert refused is not None
    assert refused.step is Step.KIND
    assert len(refused.objections) == 1


async def test_the_source_is_tapped_typed_or_in_the_message(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    await added(database, key="other", source="Reuters")
    change = await changing.edit(ada, order("1 About three hours."))
    update = await changing.choose_kind(ada, *turn(change), ChangeKind.UPDATE)
    assert update is not None
    assert update.sources == ("Reuters",)
    assert await changing.say(ada, "How long was it?", None) is None
    said = await changing.say(ada, "The Kremlin https://kremlin.ru/1", None)
    assert said is not None
    assert (said.now.source, said.now.source_url) == ("The Kremlin", "https://kremlin.ru/1")
    assert said.now.as_of == Moment(clock.at.date(), clock.at.time().replace(tzinfo=None))
    again = await changing.edit(ada, order("1 About four hours."))
    update = await changing.choose_kind(ada, *turn(again), ChangeKind.UPDATE)
    tapped = await changing.choose_source(ada, *turn(update), 1)
    assert tapped is not None
    assert tapped.now.source == "Reuters"
    labelled = await changing.edit(
        ada, order("1 About five hours.\nSource: BBC\nSaid: 19 May 2025 14:20")
    )
    ready = await changing.choose_kind(ada, *turn(labelled), ChangeKind.UPDATE)
    assert ready is not None
    assert ready.step is Step.PREVIEW
    assert (ready.now.source, str(ready.now.as_of)) == ("BBC", "2025-05-19 14:20")


async def test_a_correction_by_the_same_source_is_what_it_said_all_along(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    said = Moment.parse("2025-05-19")
    await added(database, as_of=said)
    done = await published(changing, ada, "1 About three hours.", kind=ChangeKind.CORRECTION)
    assert done.now.as_of == said
    done = await published(changing, ada, "1 About four hours.", kind=ChangeKind.UPDATE)
    assert done.now.as_of is not None
    assert done.now.as_of.day == clock.at.date()


async def test_words_typed_at_the_preview_of_a_correction_say_what_was_wrong(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    wrong = await changing.choose_kind(ada, *turn(change), ChangeKind.CORRECTION)
    await changing.choose_source(ada, *turn(wrong), 0)
    said = await changing.say(ada, "We had  taken\nthe agency's first figure.", None)
    done = await changing.publish(ada, *turn(said))
    assert done is not None
    newest = (await history(database))[-1]
    assert newest.reason == "We had taken the agency's first figure."


async def test_what_only_the_desk_sees_makes_no_version(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order("1\nTopics: call, moscow\nBig\nCheck: in 2 hours"))
    assert (change.step, change.kind) == (Step.PREVIEW, None)
    done = await changing.publish(ada, *turn(change))
    assert done is not None
    after = await fact(database)
    assert (after.version, after.topics, after.weight) == (1, ("call", "moscow"), Weight.BIG)
    assert after.check_by == AT + timedelta(hours=3)
    assert (await records(database))[-1].action == "fact.annotate"


async def test_what_changed_elsewhere_in_the_fact_meanwhile_stays(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    topics = await changing.edit(ada, order("1\nTopics: moscow"))
    await changing.publish(ada, *turn(topics))
    update = await changing.choose_kind(ada, *turn(change), ChangeKind.UPDATE)
    ready = await changing.choose_source(ada, *turn(update), 0)
    await changing.publish(ada, *turn(ready))
    after = await fact(database)
    assert (after.text, after.topics) == ("About three hours.", ("moscow",))


async def test_the_second_of_two_editors_sees_both_wordings_and_chooses(
    database: Database, changing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    changes = []
    for editor, words in ((ada, "1 About three hours."), (bob, "1 About four hours.")):
        change = await changing.edit(editor, order(words))
        update = await changing.choose_kind(editor, *turn(change), ChangeKind.UPDATE)
        changes.append(await changing.choose_source(editor, *turn(update), 0))
    await changing.publish(ada, *turn(changes[0]))
    late = await changing.publish(bob, *turn(changes[1]))
    assert late is not None
    assert (late.step, late.by) == (Step.CONFLICT, "Ada")
    assert (late.was.text, late.now.text) == ("About three hours.", "About four hours.")
    assert (await fact(database)).text == "About three hours."
    mine = await changing.insist(bob, *turn(late))
    assert mine is not None
    assert mine.proposal.base_version == 2
    assert [each.text for each in await history(database)] == [
        "About two and a half hours.",
        "About three hours.",
        "About four hours.",
    ]


async def test_the_second_may_keep_what_the_first_wrote(
    database: Database, changing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    change = await changing.edit(bob, order("1 About four hours."))
    await published(changing, ada, "1 About three hours.")
    late = await changing.choose_kind(bob, *turn(change), ChangeKind.UPDATE)
    assert late is not None
    assert late.step is Step.CONFLICT
    kept = await changing.drop(bob, *turn(late))
    assert kept is not None
    assert kept.proposal.state is ProposalState.DROPPED
    entry = (await records(database))[-1]
    assert (entry.action, entry.after) == ("proposal.drop", "About four hours.")
    assert (await fact(database)).version == 2


async def test_a_wording_is_looked_at_again_beside_what_stands_now(
    database: Database, changing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    change = await changing.edit(bob, order("1 It took about two and a half hours."))
    ready = await changing.choose_kind(bob, *turn(change), ChangeKind.WORDING)
    await published(changing, ada, "1 About three hours.")
    late = await changing.publish(bob, *turn(ready))
    again = await changing.insist(bob, *turn(late))
    assert again is not None
    assert again.step is Step.KIND
    assert [each.what for each in again.objections] == ["number"]
    assert (await fact(database)).version == 2


async def _fight(changing: Changes, editor: Actor, changes: Sequence[Change | None]) -> int:
    """Publish one after another at any price; return how often somebody else was faster."""
    lost = 0
    for change in changes:
        shown = change
        while shown is not None and shown.proposal.state is ProposalState.OPEN:
            assert shown.step is Step.CONFLICT
            assert shown.by
            lost += 1
            shown = await changing.insist(editor, *turn(shown))
        assert shown is not None
    return lost


async def test_fifty_edits_at_once_by_five_editors_lose_nothing(
    database: Database, changing: Changes
) -> None:
    await added(database)
    editors = [await seat(database, 100 + n, name=f"Editor {n}") for n in range(5)]
    ready = []
    for number in range(50):
        editor = editors[number % 5]
        change = await changing.edit(editor, order(f"1 It took {number + 10} hours."))
        update = await changing.choose_kind(editor, *turn(change), ChangeKind.UPDATE)
        chosen = await changing.choose_source(editor, *turn(update), 0)
        assert chosen is not None
        ready.append((editor, chosen))
    first = await asyncio.gather(
        *(changing.publish(editor, *turn(change)) for editor, change in ready)
    )
    done = [each for each in first if each and each.proposal.state is ProposalState.DONE]
    late = [each for each in first if each and each.step is Step.CONFLICT]
    assert (len(done), len(late)) == (1, 49)
    assert all(each.was.text == done[0].now.text and each.by for each in late)
    losses = await asyncio.gather(
        *(_fight(changing, editor, first[number::5]) for number, editor in enumerate(editors))
    )
    versions = await history(database)
    assert [each.version for each in versions] == list(range(1, 52))
    wished = {f"It took {number + 10} hours." for number in range(50)}
    assert {each.text for each in versions[1:]} == wished
    assert sum(losses) >= 49
    kept = [each for each in await records(database) if each.action == "fact.update"]
    assert {(each.after or "").split("\n")[0] for each in kept} == wished
    assert len(kept) == 50
    befores = [(each.before or "").split("\n")[0] for each in kept]
    assert befores == [each.text for each in versions[:-1]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("1 About two and a half hours.", "#1 says that already"),
        ("7 Words.", "There is no fact #7"),
        ("Words.", "Which fact?"),
        ("1 " + "x" * 1001, "The answer has 1,001 characters, 1 too many"),
        ("1\nStatus: sure", "The status “sure” is none of confirmed, "),
        ("1\nStatus: withdrawn", "taken back with /withdraw"),
        ("1\nLink: ftp://x", "“ftp://x” is no link that begins with http"),
        ("1\nWhen: soon", "“soon” "),
        ("1\nCheck: 19 May 2020", "“19 May 2020” would be"),
        ("1\nSource: A\nSource: B", "“Source:” stands there twice"),
        ("1\nSorce: A", "“Sorce:” is no label; did you mean “Source:”?"),
        ("1\nAnswer:", "A fact needs its answer"),
    ],
)
async def test_what_cannot_be_done_leaves_nothing_behind(
    database: Database, changing: Changes, words: str, says: str
) -> None:
    ada = await seat(database)
    await added(database)
    with pytest.raises(DeskError, match=says):
        await changing.edit(ada, order(words))
    async with database.reading() as session:
        assert await proposals.open_of(session, 77, 77) == []
    assert await records(database) == []


async def test_an_edit_without_words_waits_for_them(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    waits = await changing.edit(ada, order("#1"))
    assert waits.step is Step.WORDS
    said = await changing.say(ada, "About three hours.", None)
    assert said is not None
    assert (said.step, said.proposal.id) == (Step.KIND, waits.proposal.id)
    await changing.edit(ada, order("#1"))
    clock.pass_(3601)
    assert await changing.say(ada, "How long is the bridge?", None) is None


async def test_words_of_others_or_elsewhere_are_not_taken(
    database: Database, changing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    waits = await changing.edit(ada, order("1"))
    await changing.shown(waits.proposal, chat_id=77, message_id=500)
    assert await changing.say(bob, "Four hours.", None) is None
    assert await changing.say(bob, "Four hours.", 500) is None
    assert await changing.say(ada, "Four hours.", 499) is None
    said = await changing.say(ada, "Four hours.", 500)
    assert said is not None
    assert await changing.say(ada, "How long?", None) is None
    better = await changing.say(ada, "Five hours.", 500)
    assert better is not None
    assert (better.step, better.now.text) == (Step.KIND, "Five hours.")
    await changing.choose_kind(ada, *turn(better), ChangeKind.UPDATE)
    ready = await changing.say(ada, "BBC", 500)
    assert ready is not None
    with pytest.raises(DeskError, match="waits for a tap"):
        await changing.say(ada, "Six hours.", 500)


async def test_a_reply_to_a_card_names_the_fact(database: Database, changing: Changes) -> None:
    ada = await seat(database)
    await added(database)
    await added(database, key="other", text="412 metres.")
    async with database.writing() as session:
        await cards.put(session, Card(chat_id=77, message_id=9, kind=CardKind.FACT, about=2))
    change = await changing.edit(ada, order("500 metres.", reply_to=9))
    assert (change.was.id, change.now.text) == (2, "500 metres.")
    marked = await changing.edit(ada, order("#1 Three hours.", reply_to=9))
    assert (marked.was.id, marked.now.text) == (1, "Three hours.")
    elsewhere = await seat(database, 78, name="Bob")
    with pytest.raises(DeskError, match="There is no fact #500"):
        await changing.edit(elsewhere, order("500 metres.", reply_to=9))


async def test_a_button_works_once_and_only_for_its_author(
    database: Database, changing: Changes
) -> None:
    ada, bob = await seat(database), await seat(database, 78, name="Bob")
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    first = turn(change)
    assert await changing.choose_kind(bob, *first, ChangeKind.UPDATE) is None
    assert await changing.publish(ada, *first) is None
    assert await changing.choose_kind(ada, *first, ChangeKind.UNDO) is None
    update = await changing.choose_kind(ada, *first, ChangeKind.UPDATE)
    assert await changing.choose_kind(ada, *first, ChangeKind.CORRECTION) is None
    assert await changing.choose_source(ada, *turn(update), 9) is None
    ready = await changing.choose_source(ada, *turn(update), 0)
    assert await changing.publish(bob, *turn(ready)) is None
    assert await changing.drop(bob, *turn(ready)) is None
    await changing.publish(ada, *turn(ready))
    assert await changing.publish(ada, *turn(ready)) is None
    assert await changing.publish(ada, ready.proposal.id + 1, 1) is None if ready else False
    assert len(await history(database)) == 2
    refused = [each for each in await records(database) if each.refused]
    assert [each.name for each in refused] == ["Bob"] * 3


async def test_only_editors_change_facts(database: Database, changing: Changes) -> None:
    ada = await seat(database)
    carl = await seat(database, 80, Role.CONTRIBUTOR, name="Carl")
    await added(database)
    change = await changing.edit(ada, order("1 About three hours."))
    async with database.writing() as session:
        for chat in (80, 99, -5):
            card = Card(chat_id=chat, message_id=9, kind=CardKind.FACT, about=1)
            await cards.put(session, card)
    assert await changing.say(carl, "How long?", None) is None
    for somebody, stranger in (
        (carl, False),
        (actor(99, name="X"), True),
        (actor(77, chat=-5), True),
    ):
        for tried in (
            changing.edit(somebody, order("1 Words.")),
            changing.status(somebody, order("1 disputed")),
            changing.correct(somebody, 1),
            changing.say(somebody, "Words.", 9),
            changing.choose_kind(somebody, *turn(change), ChangeKind.UPDATE),
            changing.choose_source(somebody, *turn(change), 0),
            changing.publish(somebody, *turn(change)),
            changing.insist(somebody, *turn(change)),
            changing.drop(somebody, *turn(change)),
        ):
            with pytest.raises(NotAllowed) as refused:
                await tried
            assert refused.value.stranger is stranger
    kept = await records(database)
    assert len(kept) == 27
    assert all(each.refused for each in kept)
    assert len(await history(database)) == 1


async def test_a_status_is_an_update_with_its_source(database: Database, changing: Changes) -> None:
    ada = await seat(database)
    await added(database)
    change = await changing.status(ada, order("1 disputed", command="status"))
    assert (change.step, change.kind) == (Step.SOURCE, ChangeKind.UPDATE)
    ready = await changing.choose_source(ada, *turn(change), 0)
    await changing.publish(ada, *turn(ready))
    newest = (await history(database))[-1]
    assert (newest.kind, newest.status) == (ChangeKind.UPDATE, Status.DISPUTED)
    with pytest.raises(DeskError, match="is disputed already"):
        await changing.status(ada, order("1 disputed", command="status"))


async def test_an_addition_that_became_a_change_brings_all_its_fields(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    stored = await added(database, source_url="https://tass.com")
    async with database.writing() as session:
        made = await proposals.make(
            session,
            chat_id=77,
            thread_id=None,
            editor=77,
            kind=ProposalKind.CHANGE,
            step="kind",
            at=clock.at,
            draft=draft(text="3 hours.", source="BBC", topics=("call", "moscow")),
            fact_id=stored.id,
            base_version=1,
        )
    shown = await changing.resume(ada, made.id, made.turn)
    assert shown is not None
    assert (shown.step, shown.now.text) == (Step.KIND, "3 hours.")
    assert "source" in shown.changed
    assert await changing.resume(await seat(database, 78, name="Bob"), *turn(shown)) is None
    ready = await changing.choose_kind(ada, *turn(shown), ChangeKind.UPDATE)
    assert ready is not None
    assert ready.step is Step.PREVIEW
    await changing.publish(ada, *turn(ready))
    after = await fact(database)
    assert (after.source, after.source_url, after.topics) == ("BBC", None, ("call", "moscow"))


async def test_what_is_known_now_has_no_next_word(database: Database, changing: Changes) -> None:
    ada = await seat(database)
    await added(database, status=Status.UNKNOWN, next_word="at 18:00")
    stays = await changing.edit(ada, order("1 Nobody has said."))
    assert stays.now.next_word == "at 18:00"
    known = await changing.edit(ada, order("1 It took three hours.\nStatus: confirmed"))
    assert known.now.next_word is None


async def test_a_reply_to_what_was_published_is_about_the_fact(
    database: Database, changing: Changes
) -> None:
    ada = await seat(database)
    await added(database)
    done = await published(changing, ada, "1 About three hours.")
    await changing.shown(done.proposal, chat_id=77, message_id=300)
    again = await changing.say(ada, "About four hours.", 300)
    assert again is not None
    assert (again.was.text, again.now.text) == ("About three hours.", "About four hours.")


async def test_a_proposal_that_began_as_an_addition_goes_on(
    database: Database, changing: Changes, clock: Clock
) -> None:
    ada = await seat(database)
    await added(database)
    async with database.writing() as session:
        made = await proposals.make(
            session,
            chat_id=77,
            thread_id=None,
            editor=77,
            kind=ProposalKind.CHANGE,
            step="kind",
            at=clock.at,
            draft=draft(
                key="new", question="How long was it?", text="3 hours.", phrasings=(), topics=()
            ),
            fact_id=1,
            base_version=1,
        )
    update = await changing.choose_kind(ada, made.id, made.turn, ChangeKind.UPDATE)
    ready = await changing.choose_source(ada, *turn(update), 0)
    await changing.publish(ada, *turn(ready))
    after = await fact(database)
    assert (after.text, after.question) == ("3 hours.", "How long did the call last?")
    assert (after.key, after.topics) == ("call-length", ("call",))
    assert len(after.phrasings) == 2


async def test_a_proposal_that_would_change_nothing_is_refused(
    database: Database, changing: Changes, clock: Clock
) -> None:
    await seat(database)
    await added(database)
    async with database.writing() as session:
        made = await proposals.make(
            session,
            chat_id=77,
            thread_id=None,
            editor=77,
            kind=ProposalKind.CHANGE,
            step="kind",
            at=clock.at,
            draft=draft(key="new"),
            fact_id=1,
            base_version=1,
        )
    with pytest.raises(DeskError, match="says that already"):
        await changing.choose_kind(actor(), made.id, made.turn, ChangeKind.UPDATE)
