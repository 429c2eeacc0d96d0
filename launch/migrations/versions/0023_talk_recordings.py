"""Recorded talks, who has heard them, and the teams by which they may be heard."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TALKS, _HEARINGS = "talk_recordings", "recording_hearings"
_INDEXES = (("interaction_id", "started_at"), ("started_at",), ("agent_id", "started_at"), ("gone_at", "started_at"))


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    for table, name, length in (("agents", "team", 40), ("users", "teams", 200)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        _TALKS, sa.Column("id", sa.Integer(), nullable=False), _text("source", 100), _text("interaction_id", 36),
        sa.Column("segment_id", sa.Integer()), _text("agent_id", 36), _text("queue", 40), _text("team", 40), _text("site", 40),
        _at("started_at"), sa.Column("length_s", sa.Double(), nullable=False), _text("file", 140),
        sa.Column("size_bytes", sa.Integer(), nullable=False), _text("sha256", 64), sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("waves", sa.JSON(), nullable=False), _text("held_by", 80), _at("held_at", True), _at("gone_at", True),
        _text("gone_why", 10),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f(f"fk_{_TALKS}_segment_id_segments"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TALKS}")),
        sa.UniqueConstraint("source", name=op.f(f"uq_{_TALKS}_source")),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{_TALKS}_segment_id"), _TALKS, ["segment_id"])
    for columns in _INDEXES:
        op.create_index(f"ix_{_TALKS}_{'_'.join(columns)}", _TALKS, list(columns))
    op.create_table(
        _HEARINGS, sa.Column("id", sa.Integer(), nullable=False), sa.Column("recording_id", sa.Integer(), nullable=False),
        _text("login", 80), _text("how", 10), _at("at"),
        sa.ForeignKeyConstraint(
            ["recording_id"], [f"{_TALKS}.id"], name=op.f(f"fk_{_HEARINGS}_recording_id_{_TALKS}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_HEARINGS}")),
    )  # fmt: skip
    op.create_index(f"ix_{_HEARINGS}_recording_id_at", _HEARINGS, ["recording_id", "at"])


def downgrade() -> None:
    op.drop_table(_HEARINGS)
    op.drop_table(_TALKS)
    for table, name in (("users", "teams"), ("agents", "team")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
