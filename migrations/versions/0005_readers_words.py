"""Readers' words that may become ways of asking, and what an exchange tells about its question.

Types are written out rather than taken from db.types: a step stays as it was when it ran.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables; of older exchanges nobody knows whether they lean on others."""
    op.add_column("exchanges", sa.Column("confidence", sa.Float(), nullable=True))
    op.add_column(
        "exchanges",
        sa.Column("self_contained", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "stories", sa.Column("compared_up_to", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute("UPDATE stories SET compared_up_to = (SELECT coalesce(max(id), 0) FROM facts)")
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("counts", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_suggestions_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("fact_id", "digest", name=op.f("uq_suggestions_fact_id_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suggestions_digest"), "suggestions", ["digest"], unique=False)
    op.create_index(op.f("ix_suggestions_state"), "suggestions", ["state"], unique=False)
    op.create_index(
        "ix_suggestions_counting",
        "suggestions",
        ["fact_id"],
        unique=False,
        sqlite_where=sa.text("counts = 1"),
        postgresql_where=sa.text("counts"),
    )
    op.create_table(
        "suggestion_votes",
        sa.Column("suggestion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("vote", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_suggestion_votes_suggestion_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_suggestion_votes_chat_id_chats")
        ),
        sa.PrimaryKeyConstraint("suggestion_id", "chat_id", name=op.f("pk_suggestion_votes")),
    )
    op.create_index(
        op.f("ix_suggestion_votes_chat_id"), "suggestion_votes", ["chat_id"], unique=False
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("suggestion_votes")
    op.drop_table("suggestions")
    op.drop_column("stories", "compared_up_to")
    op.drop_column("exchanges", "self_contained")
    op.drop_column("exchanges", "confidence")
