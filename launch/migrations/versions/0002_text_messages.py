"""Text messages, and the numbers that want none."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "text_messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("carrier_id", sa.String(length=40), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
    )
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_messages_interaction_id"), ["interaction_id"], unique=False)
        batch_op.create_index("ix_text_messages_number_created_at", ["number", "created_at"], unique=False)
        batch_op.create_index("ix_text_messages_status_try_at", ["status", "try_at"], unique=False)

    op.create_table(
        "text_numbers",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_text_numbers")),
    )


def downgrade() -> None:
    op.drop_table("text_numbers")
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_text_messages_status_try_at")
        batch_op.drop_index("ix_text_messages_number_created_at")
        batch_op.drop_index(batch_op.f("ix_text_messages_interaction_id"))

    op.drop_table("text_messages")
