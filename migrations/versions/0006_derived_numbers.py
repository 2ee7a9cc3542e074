"""Numbers derived from the facts' texts alone, which may be dropped at any time.

Types are written out rather than taken from db.types: a step stays as it was when it ran.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they are filled when the story is next read."""
    op.create_table(
        "sentence_vectors",
        sa.Column("model", sa.String(32), nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("model", "digest", name=op.f("pk_sentence_vectors")),
    )
    op.create_table(
        "learned_numbers",
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_learned_numbers")),
    )


def downgrade() -> None:
    """Drop the numbers; an older version knows nothing of them."""
    op.drop_table("learned_numbers")
    op.drop_table("sentence_vectors")
