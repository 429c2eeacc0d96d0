"""The scripts that were in force, and what scripts had done in an interaction."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    op.create_table(
        "script_publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_publications")),
    )
    op.create_index(op.f("ix_script_publications_name"), "script_publications", ["name"])
    op.create_index(op.f("ix_script_publications_number"), "script_publications", ["number"])
    op.create_table(
        "script_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("script", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("does", sa.String(length=20), nullable=False),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_actions")),
        sa.UniqueConstraint(
            "interaction_id", "script", "page", "does", name=op.f("uq_script_actions_interaction_id_script_page_does")
        ),
    )


def downgrade() -> None:

    op.drop_table("script_actions")
    op.drop_index(op.f("ix_script_publications_number"), table_name="script_publications")
    op.drop_index(op.f("ix_script_publications_name"), table_name="script_publications")
    op.drop_table("script_publications")
