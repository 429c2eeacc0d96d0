"""The fields of the script of a call: what is known of the customer, and of the offer that may be made to them."""

from crm.customer_card import CustomerCard
from crm.offers.spoken import SpokenOffer
from scripts.fields import offer_fields, script_fields


def fields_of_call(card: CustomerCard | None, offer: SpokenOffer | None, agent_name: str, language: str) -> dict[str, str]:
    """Every field that is known of this customer and of the offer of the interaction, in this language."""
    return script_fields(card, agent_name, language) | offer_fields(offer, language)
