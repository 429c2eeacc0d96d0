"""The agent who looks after a customer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "customers"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("named_agent", sa.String(length=36), nullable=False, server_default=""))
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.alter_column("named_agent", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_column("named_agent")
