"""What about a caller may bring them forward in the line: their segment, and that they have called before today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, false, or_, select
from sqlalchemy.orm import Session

from crm.contact_history import Direction, Interaction
from crm.customers import Customer

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """`segment` of the customer and their `named_agent`, "" for a stranger. `second_call`: the customer, or this number, has called
    before today. `last_agent` spoke with them last, at `last_talk_at`; "" when nobody did lately."""

    segment: str = ""
    named_agent: str = ""
    second_call: bool = False
    last_agent: str = ""
    last_talk_at: datetime | None = None


def standing_of(session: Session, interaction_id: str, customer_id: int | None, ani: str, midnight: datetime) -> Standing:
    """How the caller of this interaction stands; `midnight` is today's first moment, aware. `ani` is "" when withheld."""
    own = session.execute(select(Customer.segment, Customer.named_agent).where(Customer.id == customer_id)).first()
    theirs = [Interaction.customer_id == customer_id] if customer_id is not None else []
    theirs += [Interaction.ani == ani] if ani else []
    called_us = Interaction.direction == Direction.IN, Interaction.started_at >= midnight, Interaction.id != interaction_id
    earlier = exists().where(or_(false(), *theirs), *called_us)
    talked = (Interaction.agent_id != "", Interaction.answered_at >= midnight - LATELY, Interaction.id != interaction_id)
    talks = select(Interaction.agent_id, Interaction.answered_at).where(or_(false(), *theirs), *talked)
    last = session.execute(talks.order_by(Interaction.answered_at.desc()).limit(1)).first()
    return Standing(*(own or ("", "")), bool(session.scalar(select(earlier))), *(last or ()))
