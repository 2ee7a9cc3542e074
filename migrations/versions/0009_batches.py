"""Versions of facts and alerts know the import that made them, by its number."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ALERTS = sa.table(
    "alerts",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("fact_id", sa.Integer()),
    sa.column("since", sa.DateTime(timezone=True)),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("batch_id", sa.Integer()),
)
VERSIONS = sa.table(
    "fact_versions",
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("batch_id", sa.Integer()),
)
OF_IMPORTS = sa.and_(ALERTS.c.kind == "news", ALERTS.c.fact_id.is_(None))
"""Alerts that tell subscribers of a whole import."""

INSTANT = timedelta(microseconds=1)


def upgrade() -> None:
    """Add the columns, and number the imports that were told to subscribers."""
    for table in (VERSIONS.name, ALERTS.name):
        op.add_column(table, sa.Column("batch_id", sa.Integer(), nullable=True))
        op.create_index(op.f(f"ix_{table}_batch_id"), table, ["batch_id"], unique=False)
    connection = op.get_bind()
    imports = sa.select(ALERTS.c.id, ALERTS.c.made_at).where(OF_IMPORTS).order_by(ALERTS.c.id)
    rows = connection.execute(imports).all()
    if not rows:
        return
    # Versions are never changed; to note where they come from changes nothing that they say.
    triggers = connection.execute(
        sa.text(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name = 'fact_versions'"
        )
    ).all()
    for name, _ in triggers:
        op.execute(f'DROP TRIGGER "{name}"')
    for number, (alert_id, made_at) in enumerate(rows, start=1):
        _number(connection, number, alert_id, made_at)
    for _, statement in triggers:
        op.execute(statement)


def _number(connection: sa.Connection, number: int, alert_id: int, made_at: datetime) -> None:
    """Number one import by the rule until now: its rows have the time of its own alert."""
    connection.execute(
        sa.update(ALERTS)
        .where(ALERTS.c.made_at == made_at, ALERTS.c.id >= alert_id)
        .values(batch_id=number)
    )
    connection.execute(sa.update(ALERTS).where(ALERTS.c.id == alert_id).values(since=None))
    connection.execute(sa.update(VERSIONS).where(VERSIONS.c.at == made_at).values(batch_id=number))


def downgrade() -> None:
    """Drop the columns; imports that were told to subscribers are known by their time again."""
    connection = op.get_bind()
    imports = sa.select(ALERTS.c.id, ALERTS.c.made_at).where(OF_IMPORTS)
    for alert_id, made_at in connection.execute(imports).all():
        connection.execute(
            sa.update(ALERTS).where(ALERTS.c.id == alert_id).values(since=made_at - INSTANT)
        )
    for table in (ALERTS.name, VERSIONS.name):
        op.drop_index(op.f(f"ix_{table}_batch_id"), table_name=table)
        op.drop_column(table, "batch_id")
