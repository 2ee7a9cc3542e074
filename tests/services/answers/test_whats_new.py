"""What changed since a chat last looked: each fact once, nothing twice, nothing lost."""

from datetime import timedelta

import pytest

from bot.services.answers.results import Place
from bot.services.answers.whats_new import FIRST_LOOK, Look, WhatsNew
from bot.views.alerts import messages as views
from bot.views.message import plain
from db.engine import Database
from db.facts import facts
from db.records import ChangeKind, ChatKind, Fact, FactDraft, Status
from db.subscriptions import chats
from tests.newsroom import Newsroom

HERE = Place(chat_id=5, kind=ChatKind.PRIVATE)
THERE = Place(chat_id=-6, kind=ChatKind.SUPERGROUP, title="Town")


class Away(Newsroom):
    """A reader who looks now and then, while facts change an hour apart."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.catching_up = WhatsNew(database, clock=lambda: self.at)

    async def look(self, place: Place = HERE) -> list[tuple[str, str]]:
        self.at += timedelta(hours=1)
        shown = await self.catching_up.look(place)
        await self.catching_up.looked(place, shown)
        return [(change.kind.value, change.fact.key) for change in shown.changes]

    async def became(self, fact: Fact, kind: ChangeKind, text: str, status: Status) -> Fact:
        self.at += timedelta(hours=1)
        async with self.database.writing() as session:
            was = await facts.by_id(session, fact.id)
            assert was is not None
            wished = FactDraft(key=was.key, text=text, status=status)
            now = await facts.revise(
                session, fact.id, was.version, wished, kind=kind, reason=None, editor=7, at=self.at
            )
        assert now is not None
        return now


@pytest.fixture
def away(database: Database) -> Away:
    return Away(database)


async def test_a_look_tells_corrected_withdrawn_changed_new_answered(away: Away) -> None:
    keys = ("moved", "gone", "wrong", "asked")
    for key in keys:
        status = Status.UNKNOWN if key == "asked" else Status.CONFIRMED
        await away.fact(key=key, text=f"The old {key}.", status=status)
    assert await away.look() == []
    held = {key: await by_key(away, key) for key in keys}
    await away.became(held["asked"], ChangeKind.UPDATE, "Known now.", Status.CONFIRMED)
    away.at += timedelta(hours=1)
    await away.fact(key="fresh", text="Something else.", status=Status.REPORTED)
    await away.became(held["moved"], ChangeKind.UPDATE, "It moved.", Status.CONFIRMED)
    await away.became(held["gone"], ChangeKind.WITHDRAWAL, "The old gone.", Status.WITHDRAWN)
    await away.became(held["wrong"], ChangeKind.CORRECTION, "It was right.", Status.CONFIRMED)
    away.at += timedelta(hours=1)
    shown = await away.catching_up.look(HERE)
    assert plain(views.look(shown)) == (
        "5 things changed since 20 May 10:00.\n"
        "• Correction: It was right. We said: The old wrong.\n"
        "• Withdrawn: we no longer stand by this: The old gone.\n"
        "• Update: It moved.\n"
        "• New, reported: How long did the call last? Something else.\n"
        "• Answered: Known now."
    )
    await away.catching_up.looked(HERE, shown)
    assert await away.look() == []


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(ChangeKind.WORDING, "Other words.")], []),
        ([(ChangeKind.UPDATE, "Moved."), (ChangeKind.UNDO, "Old.")], []),
        ([(ChangeKind.UPDATE, "Moved."), (ChangeKind.UPDATE, "Old.")], []),
        (
            [
                (ChangeKind.UPDATE, "Moved."),
                (ChangeKind.UPDATE, "Again."),
                (ChangeKind.UNDO, "Moved."),
            ],
            ["update"],
        ),
        ([(ChangeKind.UPDATE, "Moved."), (ChangeKind.CORRECTION, "Right.")], ["correction"]),
        ([(ChangeKind.WITHDRAWAL, "Old."), (ChangeKind.UPDATE, "Back.")], ["update"]),
        ([(ChangeKind.CORRECTION, "Right."), (ChangeKind.WITHDRAWAL, "Right.")], ["withdrawal"]),
    ],
)
async def test_steps_come_to_what_they_changed_in_the_end(
    away: Away, steps: list[tuple[ChangeKind, str]], told: list[str]
) -> None:
    fact = await away.fact(key="fact", text="Old.", source=None, question=None)
    await away.look()
    for kind, text in steps:
        gone = kind is ChangeKind.WITHDRAWAL
        await away.became(fact, kind, text, Status.WITHDRAWN if gone else Status.CONFIRMED)
    assert [kind for kind, _ in await away.look()] == told


async def test_what_was_undone_after_somebody_looked_had_been_wrong(away: Away) -> None:
    fact = await away.fact(key="fact", text="Old.")
    await away.became(fact, ChangeKind.UPDATE, "Moved.", Status.CONFIRMED)
    await away.look()
    await away.became(fact, ChangeKind.UNDO, "Old.", Status.CONFIRMED)
    shown = await away.catching_up.look(HERE)
    assert "Correction: Old. We said: Moved." in plain(views.look(shown))


async def test_each_chat_has_a_look_of_its_own(away: Away) -> None:
    fact = await away.fact(key="fact", text="Old.")
    await away.look()
    await away.became(fact, ChangeKind.UPDATE, "Moved.", Status.CONFIRMED)
    assert await away.look(THERE) == [("update", "fact")]
    assert await away.look(THERE) == []
    assert await away.look() == [("update", "fact")]


async def test_a_first_look_goes_back_a_week_but_not_to_what_the_story_began_with(
    away: Away,
) -> None:
    fact = await away.fact(key="fact", text="Old.")
    assert await away.look(THERE) == []
    await away.became(fact, ChangeKind.UPDATE, "Moved.", Status.CONFIRMED)
    away.at += FIRST_LOOK
    await away.fact(key="late")
    assert await away.look() == [("new", "late")]


async def test_what_is_committed_during_a_look_is_seen_at_the_next(away: Away) -> None:
    fact = await away.fact(key="fact", text="Old.")
    await away.look()
    shown = await away.catching_up.look(HERE)
    await away.became(fact, ChangeKind.UPDATE, "Moved.", Status.CONFIRMED)
    await away.catching_up.looked(HERE, shown)
    assert await away.look() == [("update", "fact")]


async def test_a_supergroup_goes_on_from_where_its_group_had_looked(away: Away) -> None:
    group = Place(chat_id=-3, kind=ChatKind.GROUP, title="Town")
    fact = await away.fact(key="fact", text="Old.")
    await away.became(fact, ChangeKind.UPDATE, "Moved.", Status.CONFIRMED)
    await away.look(group)
    async with away.database.writing() as session:
        await chats.move(session, group.chat_id, THERE.chat_id)
    assert await away.look(THERE) == []


async def test_a_screen_names_ten_and_counts_the_rest(away: Away) -> None:
    await away.fact(key="first")
    await away.look()
    for number in range(13):
        away.at += timedelta(minutes=1)
        await away.fact(key=f"fact-{number}", text=f"Number {number}. {'Long. ' * 150}")
    shown = await away.catching_up.look(HERE)
    lines = plain(views.look(shown)).splitlines()
    assert lines[0] == "13 things changed since 20 May 10:00."
    assert lines[1] == "• New: How long did the call last? Number 12."
    assert lines[-1] == "And 3 more: ask in your own words."
    assert len(lines) == 12


async def test_nothing_changed_is_said_with_the_day(away: Away) -> None:
    await away.fact(key="first")
    await away.look()
    shown: Look = await away.catching_up.look(HERE)
    assert plain(views.look(shown)) == "Nothing changed since 20 May 10:00."


async def by_key(away: Away, key: str) -> Fact:
    async with away.database.reading() as session:
        fact = await facts.by_key(session, key)
    assert fact is not None
    return fact
