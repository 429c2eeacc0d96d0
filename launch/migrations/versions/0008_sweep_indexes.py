"""Indexes for what is asked every minute and by every agent's page, which looked through whole tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (
    ("ix_interactions_ended_at", "interactions", ["ended_at"]),
    ("ix_segments_agent_id_started_at", "segments", ["agent_id", "started_at"]),
    ("ix_text_messages_created_at", "text_messages", ["created_at"]),
)
# Only rows that still have a recording.
RECORDED = (
    ("ix_callback_tasks_transcript_kind_id", "callback_tasks", ["transcript_kind", "id"], "recording <> ''"),
    ("ix_callback_tasks_state_done_at", "callback_tasks", ["state", "done_at"], "recording <> ''"),
    ("ix_callback_tasks_recording", "callback_tasks", ["recording"], "recording <> ''"),
    ("ix_survey_answers_transcript_kind_id", "survey_answers", ["transcript_kind", "id"], "comment_recording <> ''"),
    ("ix_survey_answers_answered_at", "survey_answers", ["answered_at"], "comment_recording <> ''"),
    ("ix_survey_answers_comment_recording", "survey_answers", ["comment_recording"], "comment_recording <> ''"),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns, unique=False)
    for name, table, columns, condition in RECORDED:
        op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name, table, *_rest in (*RECORDED, *INDEXES):
        op.drop_index(name, table_name=table)
