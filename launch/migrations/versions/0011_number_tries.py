"""How often callers have named customers and orders by their numbers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    op.create_table(
        "number_tries",
        sa.Column("caller", sa.String(length=20), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("caller", name=op.f("pk_number_tries")),
    )


def downgrade() -> None:

    op.drop_table("number_tries")
