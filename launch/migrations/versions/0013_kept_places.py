"""Promised calls that keep a place in line: the place, when the next try is due, how many were in vain."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "callback_tasks"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.alter_column("place", server_default=None)
        batch_op.alter_column("tries", server_default=None)
    op.create_index("ix_callback_tasks_next_at", TABLE, ["next_at"])
    op.create_index("ix_callback_tasks_number", TABLE, ["number"])


def downgrade() -> None:
    op.drop_index("ix_callback_tasks_number", table_name=TABLE)
    op.drop_index("ix_callback_tasks_next_at", table_name=TABLE)
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for column in ("picked_up_at", "tries", "next_at", "place"):
            batch_op.drop_column(column)
