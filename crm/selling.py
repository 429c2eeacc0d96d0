"""Whom anything may be sold to. Every offer, campaign and sales call asks here and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.customers import Consent, ConsentPurpose


class NotToBeSoldTo(StrEnum):
    """Why nothing may be sold to somebody. Stored with offers: add, never rename."""

    UNKNOWN_CUSTOMER = "unknown_customer"
    NEVER_ASKED = "consent_never_asked"
    REFUSED = "consent_refused"


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a customer may be sold to; `why_not` says why, when not."""

    why_not: NotToBeSoldTo | None = None

    @property
    def given(self) -> bool:
        """Whether they may."""
        return self.why_not is None


def permission(granted: bool | None) -> Permission:
    """By the consent on record, None for none: silence is no consent."""
    if granted is None:
        return Permission(NotToBeSoldTo.NEVER_ASKED)
    return Permission() if granted else Permission(NotToBeSoldTo.REFUSED)


def may_be_sold_to(session: Session, customer_id: int | None) -> Permission:
    """Whether this customer allowed offers by phone; None is somebody whom we do not know."""
    if customer_id is None:
        return Permission(NotToBeSoldTo.UNKNOWN_CUSTOMER)
    asked = select(Consent.granted).where(Consent.customer_id == customer_id, Consent.purpose == ConsentPurpose.TELEMARKETING)
    return permission(session.scalar(asked))
