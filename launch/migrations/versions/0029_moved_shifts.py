"""Shifts that were swapped, or given up for time off, keep what was before, as those with other hours do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("changed_shifts", sa.Column("kind", sa.String(length=10), nullable=False, server_default="hours"))


def downgrade() -> None:
    op.execute("DELETE FROM changed_shifts WHERE kind <> 'hours'")
    with op.batch_alter_table("changed_shifts") as table:
        table.drop_column("kind")
