"""The day: excused stretches of agents, and shifts that were changed on their day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    excuses, changes, versions = "adherence_excuses", "changed_shifts", "roster_versions"
    op.create_table(
        excuses, _number("id"), _text("agent_id", 36), _at("starts_at"), _at("ends_at"), _text("reason", 200), _at("at"),
        _text("by", 80), _at("undone_at", nullable=True), _text("undone_by", 80),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{excuses}")),
    )  # fmt: skip
    op.create_index("ix_adherence_excuses_starts_at", excuses, ["starts_at"])
    op.create_table(
        changes, _number("id"), _number("version_id"), _text("agent_id", 36), sa.Column("day", sa.Date(), nullable=False),
        _json("before"), _json("after"), _text("why", 200), _at("at"), _text("by", 80),
        sa.ForeignKeyConstraint(
            ["version_id"], [f"{versions}.id"], name=op.f(f"fk_{changes}_version_id_{versions}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{changes}")),
    )  # fmt: skip
    op.create_index("ix_changed_shifts_day_version_id", changes, ["day", "version_id"])


def downgrade() -> None:
    for table in ("changed_shifts", "adherence_excuses"):
        op.drop_table(table)
