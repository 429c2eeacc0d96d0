"""Rosters: contracts, rules and patterns, versions with their shifts and breaks, time off, swaps."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEXES = {
    "roster_rules_publications": [["number"]],
    "roster_versions": [["state", "first_day"]],
    "roster_shifts": [["agent_id", "day"]],
    "roster_activities": [["shift_id"]],
    "time_off_requests": [["agent_id", "first_day"]],
    "shift_swaps": [["version_id", "state"]],
}


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _of(table: str, name: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"), ondelete="CASCADE")


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    rules, contracts, versions = "roster_rules_publications", "work_contracts", "roster_versions"
    shifts, activities, time_off, swaps = "roster_shifts", "roster_activities", "time_off_requests", "shift_swaps"
    op.create_table(
        rules, _number("id"), _number("number"), sa.Column("content", sa.Text(), nullable=False), _text("how", 12), _at("at"),
        _text("by", 80), _text("note", 200), _key(rules),
    )  # fmt: skip
    op.create_table(
        contracts, _text("agent_id", 36), _number("week_min"), _number("days_a_week"),
        sa.Column("patterns", sa.JSON(), nullable=False), sa.Column("available", sa.JSON(), nullable=False),
        sa.Column("overtime", sa.Boolean(), nullable=False), sa.Column("protected", sa.Boolean(), nullable=False),
        _number("most_in_a_row", True), _number("most_weekends", True), _at("changed_at"), _text("by", 80),
        _of(contracts, "agent_id", "agents"), _key(contracts, "agent_id"),
    )  # fmt: skip
    op.create_table(
        versions, _number("id"), sa.Column("first_day", sa.Date(), nullable=False), _number("days"), _number("minutes"),
        _text("state", 10), sa.Column("rules", sa.Text(), nullable=False), sa.Column("needs", sa.JSON(), nullable=False),
        _text("note", 200), _text("by", 80), _at("made_at"), _at("changed_at"), _at("published_at", True),
        _text("published_by", 80), sa.Column("cost", sa.Float(), nullable=True), sa.Column("bound", sa.Float(), nullable=True),
        _text("doing", 80),
        sa.Column("limit_s", sa.Float(), nullable=False), sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False), _key(versions),
    )  # fmt: skip
    op.create_table(
        shifts, _number("id"), _number("version_id"), _text("agent_id", 36), sa.Column("day", sa.Date(), nullable=False),
        _text("pattern", 40), _at("starts_at"), _at("ends_at"), _of(shifts, "version_id", versions), _key(shifts),
        sa.UniqueConstraint("version_id", "agent_id", "day", name=op.f("uq_roster_shifts_version_id_agent_id_day")),
    )  # fmt: skip
    op.create_table(
        activities, _number("id"), _number("shift_id"), _text("kind", 40), _at("starts_at"), _at("ends_at"),
        _of(activities, "shift_id", shifts), _key(activities),
    )  # fmt: skip
    op.create_table(
        time_off, _number("id"), _text("agent_id", 36), sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False), _text("state", 8), _at("asked_at"), _at("decided_at", True),
        _text("decided_by", 80), _key(time_off),
    )  # fmt: skip
    op.create_table(
        swaps, _number("id"), _number("version_id"), _text("agent_id", 36), sa.Column("day", sa.Date(), nullable=False),
        _text("other_agent_id", 36), sa.Column("other_day", sa.Date(), nullable=False), _text("state", 8), _at("asked_at"),
        _at("decided_at", True), _text("decided_by", 80), _of(swaps, "version_id", versions), _key(swaps),
    )  # fmt: skip
    for table, several in _INDEXES.items():
        for columns in several:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def downgrade() -> None:
    for table in (
        "shift_swaps", "time_off_requests", "roster_activities", "roster_shifts", "roster_versions", "work_contracts",
        "roster_rules_publications",
    ):  # fmt: skip
        op.drop_table(table)
