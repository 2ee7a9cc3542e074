"""Updates are stored before they are confirmed to Telegram."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is under way while the schema changes."""
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_received_at"), "updates", ["received_at"], unique=False)
    op.create_index(op.f("ix_updates_state"), "updates", ["state"], unique=False)


def downgrade() -> None:
    """Drop the table; what was not done with is lost."""
    op.drop_index(op.f("ix_updates_state"), table_name="updates")
    op.drop_index(op.f("ix_updates_received_at"), table_name="updates")
    op.drop_table("updates")
