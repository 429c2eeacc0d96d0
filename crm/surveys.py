"""What customers say about a call: whom to ask, and what they answered."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing
from crm.customers import Consent, ConsentPurpose
from crm.recorded import recorded_index

LOWEST, HIGHEST = 1, 5


class SurveyAnswer(Base):
    """One survey: asked, and perhaps answered with a score (5 best) and a spoken comment. No comment: both texts "".

    `transcript_kind` is one of crm.recordings.TranscriptKind. `may_hold_card`: something like a card's number was said in it.

    The interaction's own row is written by the call log and may come later, so nothing points to it here. `ani` is the number
    that was asked (E.164, "" when withheld): by it somebody whom we do not know is left in peace, too.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        CheckConstraint(f"score BETWEEN {LOWEST} AND {HIGHEST}", name="score"),
        Index("ix_survey_answers_customer_id_asked_at", "customer_id", "asked_at"),
        recorded_index("ix_survey_answers_transcript_kind_id", "comment_recording", "transcript_kind", "id"),
        recorded_index("ix_survey_answers_answered_at", "comment_recording", "answered_at"),
        recorded_index("ix_survey_answers_comment_recording", "comment_recording", "comment_recording"),
        Index("ix_survey_answers_ani_asked_at", "ani", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(String(36), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    ani: Mapped[str] = mapped_column(String(20), default="")
    score: Mapped[int | None]
    comment_recording: Mapped[str] = mapped_column(String(240), default="")
    transcript: Mapped[str] = mapped_column(Text, default="")
    transcript_kind: Mapped[str] = mapped_column(String(8), default="")
    may_hold_card: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def should_ask(
    consent: bool | None, last_asked_at: datetime | None, now: datetime, share: float, rest_days: float, chance: float
) -> bool:
    """Whether to ask after this call: never who refused, never who was asked in the last `rest_days`, else a share.

    `consent` is None for somebody who was never asked for it. `share` is 0 (nobody) to 1 (everybody); `chance` is drawn
    evenly from [0, 1).
    """
    if consent is False:
        return False
    if last_asked_at is not None and now - last_asked_at < timedelta(days=rest_days):
        return False
    return chance < share


def wants_survey(
    session: Session, customer_id: int | None, ani: str, now: datetime, share: float, rest_days: float, chance: float
) -> bool:
    """Whether to ask this caller. `customer_id` is None for somebody whom we do not know, `ani` (E.164) "" when withheld.

    Who was asked lately rests, whether it was the customer, from any number, or the number, whoever called from it.
    """
    given = select(Consent.granted).where(Consent.customer_id == customer_id, Consent.purpose == ConsentPurpose.SURVEY)
    consent = session.scalar(given) if customer_id is not None else None
    asked = [
        session.scalar(select(SurveyAnswer.asked_at).where(them).order_by(SurveyAnswer.asked_at.desc()).limit(1))
        for them, known in (
            (SurveyAnswer.customer_id == customer_id, customer_id is not None),
            (SurveyAnswer.ani == ani, ani != ""),
        )
        if known
    ]
    return should_ask(consent, max((at for at in asked if at), default=None), now, share, rest_days, chance)


def survey_asked(session: Session, interaction_id: str, customer_id: int | None, now: datetime, ani: str = "") -> None:
    """Keep that this caller was asked, so that they are left in peace for a while. Once an interaction; does not commit."""
    empty = {"comment_recording": "", "transcript": "", "transcript_kind": ""}
    row = {"interaction_id": interaction_id, "customer_id": customer_id, "ani": ani, "asked_at": now, **empty}
    insert_missing(session, SurveyAnswer, row)


def save_survey(
    session: Session,
    interaction_id: str,
    customer_id: int | None,
    now: datetime,
    score: int | None = None,
    comment_recording: str = "",
    transcript: str = "",
) -> None:
    """Keep an answer, or another part of it; what is given later fills up or replaces. Does not commit.

    `score` is 1 to 5, else ValueError.
    """
    if score is not None and not LOWEST <= score <= HIGHEST:
        raise ValueError(f"a score is {LOWEST} to {HIGHEST}")
    survey_asked(session, interaction_id, customer_id, now)
    answer = session.scalars(select(SurveyAnswer).where(SurveyAnswer.interaction_id == interaction_id).with_for_update()).one()
    answer.score = answer.score if score is None else score
    answer.comment_recording = comment_recording or answer.comment_recording
    answer.transcript = transcript or answer.transcript
    answer.answered_at = answer.answered_at or now
    session.flush()


_SCORED = (
    select(SurveyAnswer)
    .where(SurveyAnswer.customer_id == bindparam("customer"), SurveyAnswer.score.is_not(None))
    .order_by(SurveyAnswer.asked_at.desc())
    .limit(1)
)


def last_answer(session: Session, customer_id: int) -> SurveyAnswer | None:
    """The newest survey of this customer that has a score."""
    return session.scalar(_SCORED, {"customer": customer_id})
