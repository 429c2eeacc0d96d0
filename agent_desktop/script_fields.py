"""The fields of the script of a call: what is known of the customer, and of the offer that may be made to them."""

from sqlalchemy.orm import Session

from crm.customer_card import CustomerCard
from crm.offers.spoken import spoken_offer
from scripts.fields import offer_fields, script_fields


def fields_of_call(
    session: Session, interaction_id: str, card: CustomerCard | None, agent_name: str, language: str
) -> dict[str, str]:
    """Every field that is known in this interaction, in this language."""
    return script_fields(card, agent_name, language) | offer_fields(spoken_offer(session, interaction_id), language)
