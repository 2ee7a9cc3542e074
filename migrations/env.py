"""Alembic's environment: runs the steps on the connection that the caller opened.

There is no alembic.ini. `db.migrating` sets up the configuration and the transaction; to draft a
new step, compare `db.tables.story` with a migrated file as tests/db/test_migrations.py does.
"""

from alembic import context

from db.tables.story import Row


def run() -> None:
    """Run the asked steps inside the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Row.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
        transactional_ddl=True,
    )
    context.run_migrations()


run()
