"""Facts that are corrected together with another, because they said the same error."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; corrections until now were of one fact each."""
    op.create_table(
        "corrected_facts",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("was_version", sa.Integer(), nullable=False),
        sa.Column("wrong_since", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"],
            ["alerts.id"],
            name=op.f("fk_corrected_facts_alert_id_alerts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_corrected_facts_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("alert_id", "fact_id", name=op.f("pk_corrected_facts")),
    )
    op.create_index(
        op.f("ix_corrected_facts_fact_id"), "corrected_facts", ["fact_id"], unique=False
    )


def downgrade() -> None:
    """Drop the table; the corrections themselves stay."""
    op.drop_index(op.f("ix_corrected_facts_fact_id"), table_name="corrected_facts")
    op.drop_table("corrected_facts")
