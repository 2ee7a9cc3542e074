"""What alerts still lacked: what exactly was told, merged mornings, edits, reminders, looks.

Types are written out rather than taken from db.types: a step stays as it was when it ran.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_index(op.f("ix_fact_versions_at"), "fact_versions", ["at"], unique=False)
    op.add_column("chats", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("asked_zone_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("alerts", sa.Column("wrong_since", sa.Integer(), nullable=True))
    op.add_column(
        "deliveries",
        sa.Column("together", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "deliveries", sa.Column("edited", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "deliveries", sa.Column("unsure", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("deliveries", sa.Column("version", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE deliveries SET version = (SELECT alerts.version FROM alerts "
        "WHERE alerts.id = deliveries.alert_id) WHERE state = 'sent'"
    )
    for name, columns, rows in (
        ("ix_deliveries_lost", ["alert_id", "state"], "state IN ('gone', 'refused', 'dropped')"),
        ("ix_deliveries_edited", ["alert_id", "edited"], "edited > 0"),
        ("ix_deliveries_unsure", ["alert_id"], "unsure > 0"),
    ):
        op.create_index(
            name,
            "deliveries",
            columns,
            unique=False,
            sqlite_where=sa.text(rows),
            postgresql_where=sa.text(rows),
        )
    op.create_table(
        "summed_facts",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"],
            ["alerts.id"],
            name=op.f("fk_summed_facts_alert_id_alerts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_summed_facts_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("alert_id", "fact_id", "version", name=op.f("pk_summed_facts")),
    )
    op.create_index(op.f("ix_summed_facts_fact_id"), "summed_facts", ["fact_id"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("check_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_reminders_fact_id_facts")),
        sa.PrimaryKeyConstraint("fact_id", "check_by", name=op.f("pk_reminders")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("reminders")
    op.drop_table("summed_facts")
    op.drop_index("ix_deliveries_unsure", table_name="deliveries")
    op.drop_index("ix_deliveries_edited", table_name="deliveries")
    op.drop_index("ix_deliveries_lost", table_name="deliveries")
    op.drop_column("deliveries", "version")
    op.drop_column("deliveries", "unsure")
    op.drop_column("deliveries", "edited")
    op.drop_column("deliveries", "together")
    op.drop_column("alerts", "wrong_since")
    op.drop_column("subscriptions", "asked_zone_at")
    op.drop_column("chats", "looked_at")
    op.drop_index(op.f("ix_fact_versions_at"), table_name="fact_versions")
