"""The desk: its people, their proposals and records, what readers wait for, saved questions.

Types are written out rather than taken from db.types: a step stays as it was when it ran.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMMUTABLE = """
CREATE TRIGGER audit_no_{action} BEFORE {action} ON audit
BEGIN SELECT RAISE(ABORT, 'the records of the desk are never changed nor removed'); END
"""


def upgrade() -> None:
    """Make the desk's tables."""
    op.add_column("stories", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stories", sa.Column("desk_chat_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_fact_id"), "audit", ["fact_id"], unique=False)
    op.create_index(
        op.f("ix_audit_person_refused_at"), "audit", ["person", "refused", "at"], unique=False
    )
    op.create_table(
        "cards",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_cards")),
    )
    op.create_table(
        "editors",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editors")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_table(
        "desk_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_desk_questions_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_questions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_desk_questions_state"), "desk_questions", ["state"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("editor", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_proposals_fact_id_facts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_proposals_chat_id_editor_state"),
        "proposals",
        ["chat_id", "editor", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_proposals_state"), "proposals", ["state"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("proposal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("kept_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_uploads_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_uploads")),
    )
    op.create_table(
        "saved_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=True),
        sa.Column("saved_by", sa.BigInteger(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_outcome", sa.String(16), nullable=True),
        sa.Column("last_fact_id", sa.Integer(), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_saved_questions_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_questions")),
        sa.UniqueConstraint("question", name=op.f("uq_saved_questions_question")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("exchange_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchanges.id"],
            name=op.f("fk_feedback_exchange_id_exchanges"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_feedback_fact_id_facts")),
        sa.PrimaryKeyConstraint("exchange_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_settled_at"), "feedback", ["settled_at"], unique=False)
    op.create_table(
        "waiting_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("question_message_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_waiting_readers_chat_id_chats")
        ),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchanges.id"],
            name=op.f("fk_waiting_readers_exchange_id_exchanges"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["desk_questions.id"],
            name=op.f("fk_waiting_readers_question_id_desk_questions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_readers")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_waiting_readers_exchange_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_waiting_readers_question_id_state"),
        "waiting_readers",
        ["question_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_waiting_readers_state_told_at"),
        "waiting_readers",
        ["state", "told_at"],
        unique=False,
    )
    for action in ("update", "delete"):
        op.execute(IMMUTABLE.format(action=action))


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("waiting_readers")
    op.drop_table("feedback")
    op.drop_table("saved_questions")
    op.drop_table("uploads")
    op.drop_table("proposals")
    op.drop_table("desk_questions")
    op.drop_table("invitations")
    op.drop_table("editors")
    op.drop_table("cards")
    op.drop_table("audit")
    op.drop_column("stories", "desk_chat_id")
    op.drop_column("stories", "closed_at")
