"""The story, its facts and versions, the chats and what was told in them.

Types are written out rather than taken from db.types: a step stays as it was when it ran.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A batch change of fact_versions remakes the table without these: make them again after it.
IMMUTABLE = """
CREATE TRIGGER fact_versions_no_{action} BEFORE {action} ON fact_versions
BEGIN SELECT RAISE(ABORT, 'a version of a fact is never changed nor removed'); END
"""


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weight", sa.String(16), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("check_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("key", name=op.f("uq_facts_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_facts_revision"), "facts", ["revision"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("lexicon", sa.JSON(), nullable=False),
        sa.Column("lexicon_revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_stories_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("question_message_id", sa.Integer(), nullable=True),
        sa.Column("reply_message_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_exchanges_chat_id_chats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_exchanges_chat_id_asked_at"),
        "exchanges",
        ["chat_id", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_exchanges_chat_id_reply_message_id"),
        "exchanges",
        ["chat_id", "reply_message_id"],
        unique=False,
    )
    op.create_table(
        "fact_versions",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("as_of", sa.String(16), nullable=True),
        sa.Column("happened", sa.String(16), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("next_word", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("editor", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["facts.id"], name=op.f("fk_fact_versions_fact_id_facts")
        ),
        sa.PrimaryKeyConstraint("fact_id", "version", name=op.f("pk_fact_versions")),
    )
    op.create_table(
        "phrasings",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_phrasings_fact_id_facts")),
        sa.PrimaryKeyConstraint("fact_id", "position", name=op.f("pk_phrasings")),
        sa.UniqueConstraint("fact_id", "text", name=op.f("uq_phrasings_fact_id_text")),
    )
    op.create_table(
        "told",
        sa.Column("exchange_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange_id"],
            ["exchanges.id"],
            name=op.f("fk_told_exchange_id_exchanges"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fact_id", "version"],
            ["fact_versions.fact_id", "fact_versions.version"],
            name=op.f("fk_told_fact_id_version_fact_versions"),
        ),
        sa.PrimaryKeyConstraint("exchange_id", "position", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_fact_id_version"), "told", ["fact_id", "version"], unique=False)
    for action in ("update", "delete"):
        op.execute(IMMUTABLE.format(action=action))


def downgrade() -> None:
    """Drop them again."""
    op.drop_index(op.f("ix_told_fact_id_version"), table_name="told")
    op.drop_table("told")
    op.drop_table("phrasings")
    op.drop_table("fact_versions")
    op.drop_index(op.f("ix_exchanges_chat_id_reply_message_id"), table_name="exchanges")
    op.drop_index(op.f("ix_exchanges_chat_id_asked_at"), table_name="exchanges")
    op.drop_table("exchanges")
    op.drop_table("stories")
    op.drop_index(op.f("ix_facts_revision"), table_name="facts")
    op.drop_table("facts")
    op.drop_table("chats")
