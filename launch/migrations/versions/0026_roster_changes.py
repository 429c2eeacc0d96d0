"""Rosters on pages: what a planner brought along, cells to be chosen anew, and what was changed by hand."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("roster_versions") as table:
        table.add_column(sa.Column("brought", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("anew", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "roster_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("broken", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_versions.id"], name=op.f("fk_roster_changes_version_id_roster_versions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_changes")),
    )
    op.create_index("ix_roster_changes_version_id", "roster_changes", ["version_id"])


def downgrade() -> None:
    op.drop_table("roster_changes")
    with op.batch_alter_table("roster_versions") as table:
        table.drop_column("anew")
        table.drop_column("brought")
