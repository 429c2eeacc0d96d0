"""Which number was asked in a survey: by it also callers whom nobody knows are left in peace for a while."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FROM_THE_CALLS = """
    UPDATE survey_answers
    SET ani = (SELECT interactions.ani FROM interactions WHERE interactions.id = survey_answers.interaction_id)
    WHERE EXISTS (SELECT 1 FROM interactions WHERE interactions.id = survey_answers.interaction_id)
"""


def upgrade() -> None:

    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ani", sa.String(length=20), nullable=False, server_default=""))
    op.execute(FROM_THE_CALLS)
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.alter_column("ani", existing_type=sa.String(length=20), existing_nullable=False, server_default=None)
        batch_op.create_index("ix_survey_answers_ani_asked_at", ["ani", "asked_at"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_answers_ani_asked_at")
        batch_op.drop_column("ani")
