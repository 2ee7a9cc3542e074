"""What alerts still lacked: merged mornings, counted edits, reminders, what a chat has looked at.

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
    op.add_column("chats", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("asked_zone_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("alerts", sa.Column("wrong_since", sa.Integer(), nullable=True))
    op.add_column(
        "deliveries",
        sa.Column("overnight", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "deliveries", sa.Column("edited", sa.Integer(), server_default="0", nullable=False)
    )
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
    op.drop_column("deliveries", "edited")
    op.drop_column("deliveries", "overnight")
    op.drop_column("alerts", "wrong_since")
    op.drop_column("subscriptions", "asked_zone_at")
    op.drop_column("chats", "looked_at")
