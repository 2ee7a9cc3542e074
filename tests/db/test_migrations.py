"""The numbered steps of the schema, and files that cannot take them."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from db import migrating
from db.errors import StoreFault
from db.tables import alerts, derived, desk, suggestions, updates
from db.tables.story import Row
from db.types import UTCDateTime

STEPS = [script.revision for script in ScriptDirectory("migrations").walk_revisions()]


def schema(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
    finally:
        connection.close()


def run(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_every_step_goes_up_down_and_up_again(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    for step in reversed(STEPS):
        migrating.upgrade(path, to=step)
        up = schema(path)
        migrating.downgrade(path, to="-1")
        assert schema(path) != up
        migrating.upgrade(path, to=step)
        assert schema(path) == up
    migrating.downgrade(path, to="base")
    assert [name for name, _ in schema(path)] == ["alembic_version"]


def test_what_was_sent_before_versions_were_noted_told_the_version_of_its_alert(
    tmp_path: Path,
) -> None:
    path = tmp_path / "story.sqlite3"
    migrating.upgrade(path, to="0003")
    run(
        path,
        "INSERT INTO chats (id, kind, first_seen, last_seen)"
        " VALUES (10, 'private', '2025-05-20', '2025-05-20'),"
        " (11, 'private', '2025-05-20', '2025-05-20')",
        "INSERT INTO alerts (id, kind, state, version, urgent, topics, made_at, hold_until,"
        " desk_saw_end) VALUES (1, 'news', 'done', 7, 0, '[]', '2025-05-20', '2025-05-20', 0)",
        "INSERT INTO deliveries (alert_id, chat_id, rank, state, due_at, attempts)"
        " VALUES (1, 10, 1, 'sent', '2025-05-20', 1), (1, 11, 1, 'gone', '2025-05-20', 1)",
    )
    migrating.upgrade(path)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT chat_id, version, together, edited FROM deliveries")
    assert rows.fetchall() == [(10, 7, 0, 0), (11, None, 0, 0)]
    connection.close()


def test_the_rows_of_an_import_get_its_number_by_their_time(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    migrating.upgrade(path, to="0008")
    at, before = "2025-05-20 12:00:00.000000", "2025-05-20 11:59:59.999999"
    alert = (
        "INSERT INTO alerts (id, kind, state, fact_id, since, urgent, topics, made_at, hold_until,"
        " desk_saw_end) VALUES ({}, '{}', 'done', {}, {}, 0, '[]', '{}', '2025-05-20', 0)"
    )
    version = (
        "INSERT INTO fact_versions (fact_id, version, kind, text, status, at)"
        " VALUES (1, {}, 'update', 'It is so.', 'reported', '{}')"
    )
    run(
        path,
        "INSERT INTO facts (id, key, version, weight, topics, revision)"
        " VALUES (1, 'a', 2, 'big', '[]', 1)",
        version.format(1, before),
        version.format(2, at),
        alert.format(1, "followed", 1, "NULL", at),  # of an edit at the same moment
        alert.format(2, "news", "NULL", f"'{before}'", at),
        alert.format(3, "followed", 1, "NULL", at),
        alert.format(4, "summary", "NULL", f"'{before}'", at.replace("12", "18")),
    )
    told = "SELECT id, since, batch_id FROM alerts ORDER BY id"
    migrating.upgrade(path)
    assert read(path, told) == [
        (1, None, None),
        (2, None, 1),
        (3, None, 1),
        (4, before, None),
    ]
    assert read(path, "SELECT version, batch_id FROM fact_versions") == [(1, None), (2, 1)]
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        run(path, "UPDATE fact_versions SET text = 'It is not.'")
    migrating.downgrade(path, to="0008")
    assert read(path, "SELECT since FROM alerts WHERE id = 2") == [(before,)]


def test_tables_are_what_the_steps_make(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    migrating.upgrade(path)
    engine = migrating.engine_of(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert desk.EditorRow.metadata is alerts.AlertRow.metadata is Row.metadata
        assert suggestions.SuggestionRow.metadata is Row.metadata
        assert derived.SentenceVectorRow.metadata is Row.metadata
        assert updates.UpdateRow.metadata is Row.metadata
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_every_constraint_has_a_name() -> None:
    for table in Row.metadata.tables.values():
        assert all(each.name for each in table.constraints), table.name


def test_every_time_is_aware() -> None:
    for table in Row.metadata.tables.values():
        for column in table.columns:
            assert column.type.python_type.__name__ != "datetime" or isinstance(
                column.type, UTCDateTime
            ), column


def test_upgrade_of_a_new_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "odd ?#%41 'name'.sqlite3"
    migrating.upgrade(path)
    before = schema(path)
    migrating.upgrade(f"sqlite:///{tmp_path}/other.sqlite3")
    migrating.upgrade(path)
    assert schema(path) == before == schema(tmp_path / "other.sqlite3")


def test_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    migrating.upgrade(path)
    run(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(StoreFault, match=r"written by a newer Storydesk \(its schema is '9999'\)"):
        migrating.upgrade(path)
    assert path.read_bytes() == before


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    run(path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreFault, match="a database of another program"):
        migrating.upgrade(path)
    assert [name for name, _ in schema(path)] == ["recipes"]


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look like the header of one\n" * 20)
    with pytest.raises(StoreFault, match="is not an SQLite database"):
        migrating.upgrade(path)
    assert path.read_text().startswith("not a database")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("{tmp}", "is a folder"),
        ("{tmp}/none/story.sqlite3", "The folder .* does not exist"),
        ("/proc/story.sqlite3", "cannot be opened"),
        ("", "need a file"),
        (":memory:", "need a file"),
        ("sqlite://", "need a file"),
        ("sqlite:///:memory:", "need a file"),
        ("sqlite://host/story.sqlite3", "three slashes"),
        ("sqlite:////tmp/x?mode=ro", "nothing after it"),
        ("file:story.sqlite3", "not understood"),
        ("mysql://user:secret@host/story", "^A database at mysql://… is not supported yet"),
        ("postgresql+psycopg://user:secret@host/story", "is not supported yet"),
        ("story\0.sqlite3", "NUL"),
    ],
)
def test_place_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, address: str, reason: str
) -> None:
    with pytest.raises(StoreFault, match=reason) as caught:
        migrating.upgrade(address.format(tmp=tmp_path))
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_failed_step_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"

    def fail(config: Config) -> None:
        command.upgrade(config, "head")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        migrating._migrate(path, fail)
    assert schema(path) == []
    migrating.upgrade(path)


def test_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "story.sqlite3"
    migrating.upgrade(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    migrating.upgrade(path)
    assert path.stat().st_mode & 0o777 == 0o640
