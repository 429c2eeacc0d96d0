"""Text messages are counted by time, to all numbers together."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.create_index("ix_text_messages_created_at", ["created_at"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_text_messages_created_at")
