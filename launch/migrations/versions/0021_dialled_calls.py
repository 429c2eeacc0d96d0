"""Who called whom, and what an agent called a customer for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "interactions"
COLUMNS = {"direction": (3, "in"), "purpose": (12, "")}


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name, (length, before) in COLUMNS.items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=before))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
