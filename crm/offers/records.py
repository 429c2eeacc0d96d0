"""What became of offers, one row for each interaction in which one was thought of. Everything that is reported is counted here.

Written by the agent's page alone, through these functions.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime, insert_missing
from core.errors import HaloError
from crm.offers.decision import Decision
from crm.offers.offer import ANSWERS, HELD_OUT, OFFERED, OfferState

MOST_PASSED_OVER = 5  # are kept


class NotOffered(HaloError):
    """There is no offer here that could be answered so."""

    code = "not_offered"


class Offer(Base):
    """One decision. `arm` is the group that the customer was in when an offer was first possible ("" before), since `arm_at`;
    it never changes after that, and neither does the product. `whys` and `passed_over` as last seen.

    The interaction's own row is written by the call log and may come later, so nothing points to it here.
    """

    __tablename__ = "offers"
    __table_args__ = (Index("ix_offers_customer_id_decided_at", "customer_id", "decided_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[str] = mapped_column(String(36), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(String(36), default="")
    queue: Mapped[str] = mapped_column(String(40), default="")
    script: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12))
    arm: Mapped[str] = mapped_column(String(12), default="")
    arm_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(12), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    price_idr: Mapped[int | None] = mapped_column(BigInteger)
    promotion_id: Mapped[int | None] = mapped_column(ForeignKey("promotions.id", ondelete="SET NULL"), index=True)
    because_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    share: Mapped[float | None] = mapped_column(Float)
    lift: Mapped[float | None] = mapped_column(Float)
    whys: Mapped[list[Any]] = mapped_column(JSON, default=list)
    passed_over: Mapped[list[Any]] = mapped_column(JSON, default=list)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket: Mapped[str] = mapped_column(String(16), default="")

    @property
    def is_answered(self) -> bool:
        """Whether the customer has said something to it."""
        return self.state in ANSWERS


_DECIDED = select(Offer).where(Offer.interaction_id == bindparam("interaction"))


def offer_of(session: Session, interaction_id: str) -> Offer | None:
    """The decision of this interaction, None before the first."""
    return session.scalar(_DECIDED, {"interaction": interaction_id})


def last_answered(session: Session, customer_id: int, state: OfferState, besides: str) -> datetime | None:
    """When this customer last answered so, in any interaction `besides` this one."""
    answered = select(Offer.answered_at).where(Offer.customer_id == customer_id, Offer.state == state)
    return session.scalar(answered.where(Offer.interaction_id != besides).order_by(Offer.answered_at.desc()).limit(1))


def accepted_since(session: Session, customer_id: int, since: datetime, besides: str) -> frozenset[int]:
    """The products that this customer has accepted since then, in any interaction `besides` this one."""
    accepted = select(Offer.product_id).where(
        Offer.customer_id == customer_id, Offer.state == OfferState.ACCEPTED, Offer.answered_at >= since,
        Offer.interaction_id != besides, Offer.product_id.is_not(None),
    )  # fmt: skip
    return frozenset(key for key in session.scalars(accepted) if key is not None)


def differs(offer: Offer | None, decision: Decision) -> bool:
    """Whether a decision says something that is not on record."""
    if offer is None:
        return True
    return (
        offer.state != decision.state
        or offer.whys != [why.value for why in decision.whys]
        or (not offer.arm and offer.passed_over != _passed(decision))
    )


def keep_decision(
    session: Session, interaction_id: str, customer_id: int | None, agent_id: str, queue: str, script: str, decision: Decision,
    now: datetime,
) -> Offer:  # fmt: skip
    """Write a decision, or what it has become. An answered offer stays as it is. Does not commit.

    Once an offer was possible in this interaction its group, product and price are fixed: what comes later only says whether it
    may still be shown.
    """
    empty = {"interaction_id": interaction_id, "state": decision.state, "decided_at": now, "whys": [], "passed_over": []}
    texts = dict.fromkeys(("agent_id", "queue", "script", "arm", "kind", "ticket"), "")
    insert_missing(session, Offer, {**empty, **texts, "customer_id": customer_id})
    offer = session.scalars(select(Offer).where(Offer.interaction_id == interaction_id).with_for_update()).one()
    if offer.is_answered:
        return offer
    offer.customer_id, offer.agent_id, offer.queue, offer.script = customer_id, agent_id, queue, script
    offer.state, offer.whys = decision.state.value, [why.value for why in decision.whys]
    if not offer.arm:
        offer.decided_at, offer.passed_over = now, _passed(decision)
        _fix(offer, decision, now)
    elif decision.passed_over:
        offer.passed_over = _passed(decision)
    session.flush()
    return offer


def answer_offer(session: Session, interaction_id: str, answer: OfferState, agent_id: str, now: datetime) -> Offer:
    """Keep what the customer said. Another answer replaces it. Raises NotOffered where nothing is shown. Does not commit."""
    offer = session.scalar(select(Offer).where(Offer.interaction_id == interaction_id).with_for_update())
    if offer is None or answer not in ANSWERS or (offer.state != OfferState.SHOWN and not offer.is_answered):
        raise NotOffered("There is no offer to answer in this call.", "Nothing to do.")
    offer.state, offer.agent_id, offer.answered_at = answer.value, agent_id, now
    session.flush()
    return offer


def take_answer_back(session: Session, interaction_id: str) -> Offer:
    """It was a slip: the offer stands as before. Raises NotOffered where nothing was answered. Does not commit."""
    offer = session.scalar(select(Offer).where(Offer.interaction_id == interaction_id).with_for_update())
    if offer is None or not offer.is_answered:
        raise NotOffered("No offer was answered in this call.", "Nothing to do.")
    offer.state, offer.answered_at, offer.ticket = OfferState.SHOWN.value, None, ""
    session.flush()
    return offer


def _fix(offer: Offer, decision: Decision, now: datetime) -> None:
    candidate = decision.candidate
    if candidate is None:
        return
    offer.arm, offer.arm_at = (HELD_OUT if decision.state is OfferState.HELD_OUT else OFFERED), now
    offer.kind, offer.product_id, offer.price_idr = candidate.kind.value, candidate.product_id, candidate.price_idr
    offer.promotion_id, offer.because_id = candidate.promotion_id, candidate.because_id
    offer.share = candidate.pair.share if candidate.pair else None
    offer.lift = candidate.pair.lift if candidate.pair else None


def _passed(decision: Decision) -> list[dict[str, object]]:
    return [{"product_id": each.product_id, "why": each.why.value} for each in decision.passed_over[:MOST_PASSED_OVER]]
