"""What people are changing in a script, or writing as a new one, and have not published."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.text_drafts import Drafts, TextDraft


class ScriptDraft(TextDraft):
    """A person's draft of a script."""

    __tablename__ = "script_drafts"
    __table_args__ = (UniqueConstraint("script", "login"),)

    script: Mapped[str] = mapped_column(String(40))


SCRIPT_DRAFTS = Drafts(ScriptDraft, "script")
