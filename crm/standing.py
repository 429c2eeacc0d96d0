"""What about a caller may bring them forward in the line: their segment, and that they have called before today."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, false, or_, select
from sqlalchemy.orm import Session

from crm.contact_history import Interaction
from crm.customers import Customer


@dataclass(frozen=True, slots=True)
class Standing:
    """`segment` of the customer, "" for a stranger. `second_call`: the customer, or this number, has called before today."""

    segment: str = ""
    second_call: bool = False


def standing_of(session: Session, interaction_id: str, customer_id: int | None, ani: str, midnight: datetime) -> Standing:
    """How the caller of this interaction stands; `midnight` is today's first moment, aware. `ani` is "" when withheld."""
    segment = session.scalar(select(Customer.segment).where(Customer.id == customer_id)) if customer_id is not None else None
    theirs = [Interaction.customer_id == customer_id] if customer_id is not None else []
    theirs += [Interaction.ani == ani] if ani else []
    earlier = exists().where(or_(false(), *theirs), Interaction.started_at >= midnight, Interaction.id != interaction_id)
    return Standing(segment or "", bool(session.scalar(select(earlier))))
