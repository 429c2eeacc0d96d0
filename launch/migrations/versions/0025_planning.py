"""What planners keep: special days, overruled numbers, forecasts and searches, plans of staff."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _maybe(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=True)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=False)


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _of(table: str, name: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"), ondelete="CASCADE")


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    special, overrulings, runs, results = "special_days", "overrulings", "planning_runs", "planning_results"
    plans, queues = "staff_plans", "staff_plan_queues"
    op.create_table(
        special, _day("day"), _text("name", 80), _maybe("factor"), _yes("leave_out"), _text("by", 80), _at("at"),
        _key(special, "day"),
    )  # fmt: skip
    op.create_table(
        overrulings, _number("id"), _text("queue", 40), _day("day"), _number("minutes"), _number("minute"), _maybe("callers"),
        _maybe("times"), _maybe("aht_s"), _text("why", 200), _yes("undone"), _text("by", 80), _at("at"), _key(overrulings),
    )  # fmt: skip
    op.create_index("ix_overrulings_queue_day", overrulings, ["queue", "day"])
    op.create_table(
        runs, _number("id"), _text("kind", 10), _text("name", 80), _number("version"), _json("asked"), _text("state", 10),
        _number("done"), _number("of"), _text("doing", 20), _text("queue", 40), _json("problem"), _text("by", 80), _at("at"),
        _at("told_at"), _at("ended_at", nullable=True), _key(runs), _once(runs, "kind", "name", "version"),
    )  # fmt: skip
    op.create_table(
        results, _number("run_id"), _text("queue", 40), _long("content"), _of(results, "run_id", runs),
        _key(results, "run_id", "queue"),
    )  # fmt: skip
    op.create_table(
        plans, _number("id"), _text("name", 80), _number("version"), _day("first"), _number("days"), _number("minutes"),
        _json("wishes"), _text("by", 80), _at("at"), _key(plans), _once(plans, "name", "version"),
    )  # fmt: skip
    op.create_table(
        queues, _number("plan_id"), _text("queue", 40), _long("content"), _of(queues, "plan_id", plans),
        _key(queues, "plan_id", "queue"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("staff_plan_queues", "staff_plans", "planning_results", "planning_runs", "overrulings", "special_days"):
        op.drop_table(table)
