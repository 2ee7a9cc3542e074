"""An upgrade is backed up, and refused where saved questions would get other answers."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import desk, storage
from bot.errors import UpgradeRefused
from bot.operations import upgrades
from bot.search import Context, FactIndex, Verdict
from bot.services.answers.index_cache import IndexCache
from bot.services.answers.verdicts import Ask
from bot.services.questions.saved import SavedQuestions
from bot.settings import Settings
from db import migrating, schema
from db.engine import Database
from db.facts import facts
from db.questions import saved
from db.records import ChangeKind, FactDraft
from tests import bridge
from tests.clocks import Clock
from tests.samples import AT


@pytest.fixture
async def old_file(story_file: Path) -> Path:
    """A database of an older version, with a saved question that was run there."""
    database = await Database.open(story_file)
    async with database.writing() as session:
        await saved.save(session, "answer 3", 3, editor=None, at=AT)
    await SavedQuestions(
        database, IndexCache(database), ask=bridge.spelled_out, clock=lambda: AT + timedelta(days=1)
    ).run()
    await database.close()
    migrating.downgrade(story_file, to="0007")
    return story_file


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def others(path: Path) -> list[Path]:
    return [each for each in path.parent.iterdir() if not each.name.startswith(path.name)]


async def start(path: Path, ask: Ask, *, accept: bool = False) -> None:
    chosen = Settings(database=str(path), meaning=False, accept_changed_answers=accept)
    trial = upgrades.trial(chosen, ask=ask, clock=Clock())
    async with desk.stored(chosen, alone=True, trial=trial):
        pass


def other_answer(index: FactIndex, question: str, *, context: Context | None) -> Verdict:
    """Answer as a version would that finds another fact."""
    return bridge.spelled_out(index, question.replace("3", "2"), context=context)


async def test_an_upgrade_makes_a_backup_of_the_file_as_it_was(old_file: Path) -> None:
    before = content(old_file)
    await start(old_file, bridge.spelled_out)
    assert schema.is_current(old_file)
    (backup,) = others(old_file)
    assert backup.name.startswith("bridge.backup-")
    assert content(backup) == before
    await start(old_file, bridge.spelled_out)  # nothing is pending: no further one
    assert others(old_file) == [backup]


async def test_another_answer_refuses_the_upgrade_and_changes_nothing(old_file: Path) -> None:
    before = content(old_file)
    for _ in range(2):  # at every start anew
        with pytest.raises(
            UpgradeRefused, match="answer 3: was answer #3, is answer #2"
        ) as refusal:
            await start(old_file, other_answer)
    assert "--accept-changed-answers" in str(refusal.value)
    assert content(old_file) == before
    assert others(old_file) == []
    await start(old_file, other_answer, accept=True)
    assert schema.is_current(old_file)


async def test_what_editors_changed_since_the_last_run_does_not_refuse_it(old_file: Path) -> None:
    edited = Path(shutil.copy(old_file, old_file.with_name("edited.sqlite3")))
    database = await Database.open(edited)
    fact = await bridge.standing(database, 2)
    async with database.writing() as session:
        await facts.revise(
            session,
            2,
            fact.version,
            replace(FactDraft.of(fact), text="On 4 May."),
            kind=ChangeKind.UPDATE,
            reason=None,
            editor=None,
            at=AT + timedelta(days=2),
        )
    await database.close()
    migrating.downgrade(edited, to="0007")
    await start(edited, other_answer)
    assert schema.is_current(edited)


async def test_a_dry_run_writes_no_file(old_file: Path) -> None:
    before, files = content(old_file), sorted(old_file.parent.iterdir())
    async with storage.looked_at(str(old_file)) as database, database.writing() as session:
        assert await facts.count(session) == len(bridge.DRAFTS)
    assert sorted(old_file.parent.iterdir()) == files
    assert content(old_file) == before
