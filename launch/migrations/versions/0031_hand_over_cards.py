"""Hand-over cards: what an agent left for whoever had the caller next."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    cards = "hand_over_cards"
    op.create_table(
        cards, sa.Column("id", sa.Integer(), nullable=False), _text("interaction_id", 36), _text("agent_id", 36),
        _text("agent_name", 80), sa.Column("at", sa.DateTime(timezone=True), nullable=False), _text("queue", 40),
        _text("why", 20), _text("note", 500), sa.Column("script", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{cards}")),
    )  # fmt: skip
    op.create_index("ix_hand_over_cards_interaction_id", cards, ["interaction_id"])


def downgrade() -> None:
    op.drop_table("hand_over_cards")
