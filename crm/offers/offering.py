"""The next best offer of one interaction: thought of while they talk, kept, and answered."""

from dataclasses import dataclass
from datetime import datetime

from core.database import Database
from crm.offers.candidates import PassedOver, Shelf
from crm.offers.decision import Decision, decide
from crm.offers.gathering import shelf_for, situation_of, ware_of
from crm.offers.offer import HELD_OUT, OfferState
from crm.offers.records import Offer, answer_offer, differs, keep_decision, offer_of, take_answer_back
from crm.offers.situation import CallSoFar, Situation
from crm.offers.suppression import suppressions, why_not_this
from crm.offers.terms import OfferTerms
from crm.orders import Product
from crm.sales_tickets import close_sales_ticket, open_sales_ticket


@dataclass(frozen=True, slots=True)
class InHand:
    """The interaction that an agent has in hand. `script` is the name of the script that they follow."""

    interaction_id: str
    customer_id: int | None
    agent_id: str
    script: str
    call: CallSoFar


@dataclass(frozen=True, slots=True)
class Thought:
    """The offer's record, and whether it was changed just now."""

    offer: Offer
    changed: bool


def think_of_offer(database: Database, hand: InHand, terms: OfferTerms, now: datetime, time_zone: str) -> Thought:
    """What to offer now, and commit it where it is not on record yet. The same again writes nothing.

    What was decided stays for the whole interaction; it is only hidden while something suppresses it.
    """
    with database.reading() as session:
        offer = offer_of(session, hand.interaction_id)
        if offer is not None and offer.is_answered:
            return Thought(offer, changed=False)
        situation = situation_of(session, hand.customer_id, hand.interaction_id, hand.call, terms, now, time_zone)
        shelf = shelf_for(session, situation.bought, now, time_zone)
        if offer is not None and offer.arm:
            product = session.get(Product, offer.product_id) if offer.product_id is not None else None
            decision = _still(offer, product, situation, shelf, terms, now)
        else:
            decision = decide(situation, shelf, terms, now)
    if offer is not None and not differs(offer, decision):
        return Thought(offer, changed=False)
    with database.writing() as session:
        offer = keep_decision(
            session, hand.interaction_id, hand.customer_id, hand.agent_id, hand.call.queue, hand.script, decision, now
        )  # fmt: skip
        session.commit()
    return Thought(offer, changed=True)


def answer(database: Database, interaction_id: str, said: OfferState, agent_id: str, words: str, now: datetime) -> Offer:
    """Keep what the customer said, and commit. An accepted offer opens a ticket of sales about `words`: Halo makes no orders.

    Raises NotOffered where nothing is shown.
    """
    with database.writing() as session:
        offer = answer_offer(session, interaction_id, said, agent_id, now)
        if said is OfferState.ACCEPTED and offer.customer_id is not None:
            offer.ticket = open_sales_ticket(session, offer.customer_id, words, interaction_id, now).number
        elif offer.ticket:
            close_sales_ticket(session, interaction_id, now)
            offer.ticket = ""
        session.commit()
    return offer


def take_back(database: Database, interaction_id: str, now: datetime) -> Offer:
    """The answer was a slip: the offer stands as before and its ticket is closed; commits. Raises NotOffered."""
    with database.writing() as session:
        offer = take_answer_back(session, interaction_id)
        close_sales_ticket(session, interaction_id, now)
        session.commit()
    return offer


def _still(offer: Offer, product: Product | None, situation: Situation, shelf: Shelf, terms: OfferTerms, now: datetime) -> Decision:
    """Whether what was decided may still be shown."""
    whys = suppressions(situation, terms, now)
    if whys:
        return Decision(OfferState.SUPPRESSED, whys=whys)
    if product is None:
        return Decision(OfferState.NOTHING)
    why = why_not_this(ware_of(product), situation.bought, shelf.wares, situation.accepted)
    if why is not None:
        return Decision(OfferState.NOTHING, passed_over=(PassedOver(product.id, why),))
    return Decision(OfferState.HELD_OUT if offer.arm == HELD_OUT else OfferState.SHOWN)
