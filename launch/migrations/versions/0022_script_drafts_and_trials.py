"""What people are changing in scripts, and versions that are tried on a share of calls."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:

    op.create_table(
        "script_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("script", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_drafts")),
        sa.UniqueConstraint("script", "login", name=op.f("uq_script_drafts_script_login")),
    )
    op.create_table(
        "script_trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("script", sa.String(length=40), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_trials")),
    )
    op.create_index(op.f("ix_script_trials_script"), "script_trials", ["script"])
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_script_trials_running", "script_trials", ["script"], unique=True, sqlite_where=running, postgresql_where=running
    )


def downgrade() -> None:

    op.drop_index("uq_script_trials_running", table_name="script_trials")
    op.drop_index(op.f("ix_script_trials_script"), table_name="script_trials")
    op.drop_table("script_trials")
    op.drop_table("script_drafts")
