"""What people are changing in a flow and have not published."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.text_drafts import Drafts, TextDraft


class FlowDraft(TextDraft):
    """A person's draft of a flow."""

    __tablename__ = "flow_drafts"
    __table_args__ = (UniqueConstraint("flow", "login"),)

    flow: Mapped[str] = mapped_column(String(40))


FLOW_DRAFTS = Drafts(FlowDraft, "flow")
