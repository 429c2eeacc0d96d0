"""The policies that were in force, and earlier calls found by number."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    op.create_table(
        "policy_publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_publications")),
    )
    op.create_index(op.f("ix_policy_publications_number"), "policy_publications", ["number"])
    op.create_index("ix_interactions_ani_started_at", "interactions", ["ani", "started_at"])


def downgrade() -> None:

    op.drop_index("ix_interactions_ani_started_at", table_name="interactions")
    op.drop_index(op.f("ix_policy_publications_number"), table_name="policy_publications")
    op.drop_table("policy_publications")
