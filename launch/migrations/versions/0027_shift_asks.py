"""What agents ask for: time off with a reason, offers beside swaps, the planner's word; and calendars that others subscribe to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("time_off_requests") as table:
        table.alter_column("state", existing_type=sa.String(8), type_=sa.String(12), existing_nullable=False)
        table.add_column(sa.Column("reason", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("word", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("shift_swaps") as table:
        table.alter_column("state", existing_type=sa.String(8), type_=sa.String(12), existing_nullable=False)
        table.alter_column("other_day", existing_type=sa.Date(), nullable=True)
        table.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("word", sa.String(200), nullable=False, server_default=""))
        table.create_index("ix_shift_swaps_agent_id", ["agent_id"])
        table.create_index("ix_shift_swaps_other_agent_id", ["other_agent_id"])
    op.create_table(
        "calendar_addresses",
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_calendar_addresses_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_calendar_addresses")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_addresses_token_hash")),
    )  # fmt: skip
    op.create_table(
        "calendar_shifts",
        sa.Column("agent_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_calendar_shifts_agent_id_agents"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent_id", "day", name=op.f("pk_calendar_shifts")),
    )


def downgrade() -> None:
    op.drop_table("calendar_shifts")
    op.drop_table("calendar_addresses")
    op.execute("DELETE FROM shift_swaps WHERE other_day IS NULL OR state NOT IN ('asked', 'granted', 'refused')")
    op.execute("DELETE FROM time_off_requests WHERE state NOT IN ('asked', 'granted', 'refused')")
    with op.batch_alter_table("shift_swaps") as table:
        table.drop_index("ix_shift_swaps_other_agent_id")
        table.drop_index("ix_shift_swaps_agent_id")
        table.drop_column("word")
        table.drop_column("answered_at")
        table.alter_column("other_day", existing_type=sa.Date(), nullable=False)
        table.alter_column("state", existing_type=sa.String(12), type_=sa.String(8), existing_nullable=False)
    with op.batch_alter_table("time_off_requests") as table:
        table.drop_column("word")
        table.drop_column("reason")
        table.alter_column("state", existing_type=sa.String(12), type_=sa.String(8), existing_nullable=False)
