"""The offer beside the call: what may be offered now, why, or why nothing is. Decided while they talk, and kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from agent_desktop.languages import language_here
from agent_desktop.offer_words import Reason, passed_over_words, reason_words, why_words
from agent_desktop.services import services
from core.events import Event, EventKind
from core.log import get_log
from crm.offers.gathering import names_of
from crm.offers.offer import HELD_OUT, OfferState, Why
from crm.offers.offering import InHand, think_of_offer
from crm.offers.records import Offer, offer_of
from crm.orders import Order, OrderLine, OrderStatus, Product
from crm.promotions import Promotion

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class OfferPanel:
    """What the page shows. `state` is one of crm.offers.offer.OfferState, "" before they talk. `full_price_idr` is set where a
    promotion lowers the price, `until` then its last day. `unlocks`: the agent may say that the problem is solved."""

    state: str
    said_solved: bool = False
    unlocks: bool = False
    name: str = ""
    price_idr: int = 0
    full_price_idr: int | None = None
    stock: int = 0
    reason: str = ""
    whys: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    ticket: str = ""


def offer_panel(hand: InHand, talking: bool, now: datetime) -> OfferPanel:
    """The panel for the interaction in hand. Nothing new is decided unless they are `talking`.

    Where the records don't answer there is no offer, and the call goes on.
    """
    here = services()
    solved = hand.call.said_solved
    try:
        if talking:
            thought = think_of_offer(here.database, hand, here.offer_terms.current(), now, here.settings.time_zone)
            offer: Offer | None = thought.offer
            if thought.changed and offer is not None:
                here.bus.publish(decided(offer, now))
        else:
            with here.database.reading() as session:
                offer = offer_of(session, hand.interaction_id)
        return _shown(offer, solved, now) if offer is not None else OfferPanel("", solved)
    except SQLAlchemyError as problem:
        log.error("no_offer", interaction=hand.interaction_id, why=type(problem).__name__)
        return OfferPanel("", solved)


def decided(offer: Offer, now: datetime) -> Event:
    """The event that a decision was made."""
    data = {**_facts(offer), "state": offer.state, "whys": list(offer.whys)}
    return Event(EventKind.OFFER_DECIDED, now, offer.interaction_id, offer.agent_id, data)


def answered(offer: Offer, said: str, now: datetime) -> Event:
    """The event that the customer said something to it."""
    return Event(EventKind.OFFER_ANSWERED, now, offer.interaction_id, offer.agent_id, {**_facts(offer), "answer": said})


def _facts(offer: Offer) -> dict[str, object]:
    return {
        "customer_id": offer.customer_id, "kind": offer.kind, "product_id": offer.product_id, "price_idr": offer.price_idr,
    }  # fmt: skip


def _shown(offer: Offer, solved: bool, now: datetime) -> OfferPanel:
    """What an agent may see of it: of a product that is suppressed or held out, nothing."""
    language = language_here()
    with services().database.reading() as session:
        passed = names_of(session, [each["product_id"] for each in offer.passed_over], language)
        product = session.get(Product, offer.product_id) if offer.product_id is not None else None
        promotion = session.get(Promotion, offer.promotion_id) if offer.promotion_id is not None else None
        because = session.get(Product, offer.because_id) if offer.because_id is not None else None
        bought = _bought(session, offer)
    whys = tuple(why_words(why) for why in offer.whys)
    unlocks = Why.PROBLEM_OPEN in offer.whys or (solved and not offer.is_answered)
    skipped = tuple(passed_over_words(passed.get(each["product_id"], ""), each["why"]) for each in offer.passed_over)
    if product is None or offer.state in (OfferState.SUPPRESSED, OfferState.NOTHING) or offer.arm == HELD_OUT:
        return OfferPanel(offer.state, solved, unlocks, whys=whys, passed_over=skipped)
    reason = Reason(
        offer.kind, because.name_in(language) if because else "", bought[0] if bought else None,
        bought is not None and bought[1] == OrderStatus.PLACED, offer.share, promotion,
    )  # fmt: skip
    return OfferPanel(
        offer.state, solved, unlocks, product.name_in(language), offer.price_idr or 0,
        product.price_idr if promotion else None, product.stock, reason_words(reason, now), whys, skipped, offer.ticket,
    )  # fmt: skip


def _bought(session: Session, offer: Offer) -> tuple[datetime, str] | None:
    """When the customer last bought the product that speaks for the offer, and how far that order is."""
    theirs = (
        select(Order.placed_at, Order.status)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.customer_id == offer.customer_id, OrderLine.product_id == offer.because_id)
        .where(Order.status != OrderStatus.CANCELLED)
    )
    row = session.execute(theirs.order_by(Order.placed_at.desc()).limit(1)).first()
    return (row.placed_at, row.status) if row else None
