"""Gathers what the rules of offers need from the database: a customer's situation, and the shelf."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from crm.contact_history import Disposition, Interaction
from crm.offers.candidates import Shelf
from crm.offers.offer import OfferState
from crm.offers.records import accepted_since, last_answered
from crm.offers.scores import newest_model, pairs_of, sellers_of
from crm.offers.situation import Bought, CallSoFar, Lowered, Situation, Ware
from crm.offers.terms import OfferTerms
from crm.orders import Invoice, Order, OrderLine, OrderStatus, Product
from crm.promotions import promotions_on
from crm.selling import may_be_sold_to
from crm.tickets import Ticket, TicketStatus

_BEST_SELLERS = 50


def situation_of(
    session: Session,
    customer_id: int | None,
    interaction_id: str,
    call: CallSoFar,
    terms: OfferTerms,
    now: datetime,
    time_zone: str,
) -> Situation:
    """The customer as of now; somebody whom we do not know has bought and said nothing."""
    permission = may_be_sold_to(session, customer_id)
    if customer_id is None:
        return Situation(None, permission, call)
    return Situation(
        customer_id=customer_id,
        permission=permission,
        call=call,
        complaints=_complaints(session, customer_id, terms),
        disputed=_disputed(session, customer_id, terms, now.astimezone(ZoneInfo(time_zone)).date()),
        last_no_at=last_answered(session, customer_id, OfferState.DECLINED, interaction_id),
        last_not_now_at=last_answered(session, customer_id, OfferState.NOT_NOW, interaction_id),
        bought=_bought(session, customer_id),
        accepted=accepted_since(session, customer_id, now - timedelta(days=terms.quiet_days_after_no), interaction_id),
    )


def shelf_for(session: Session, bought: tuple[Bought, ...], now: datetime, time_zone: str) -> Shelf:
    """What could be offered to somebody who bought these: only the products that a rule can come to are read."""
    owned = [each.product_id for each in bought]
    model = newest_model(session)
    pairs = pairs_of(session, model, owned)
    sellers = sellers_of(session, model, _BEST_SELLERS)
    promotions = promotions_on(session, now.astimezone(ZoneInfo(time_zone)).date())
    named = {*owned, *(pair.other for pair in pairs), *(key for key, _buyers in sellers), *promotions}
    lines = select(Product.line).where(Product.id.in_(owned), Product.line != "")
    wanted = select(Product).where(or_(Product.id.in_(named), Product.line.in_(lines)))
    wares = {product.id: ware_of(product) for product in session.scalars(wanted)}
    lowered = {key: Lowered(each.id, each.discount_percent) for key, each in promotions.items()}
    return Shelf(wares, lowered, pairs, sellers)


def ware_of(product: Product) -> Ware:
    """The product as the rules see it."""
    return Ware(
        product.id, product.category, product.price_idr, product.stock, product.line, product.line_step, product.bought_again
    )  # fmt: skip


def names_of(session: Session, product_ids: Iterable[int | None], language: str) -> dict[int, str]:
    """The names of products as people of this language read them."""
    wanted = select(Product).where(Product.id.in_([key for key in product_ids if key is not None]))
    return {each.id: each.name_in(language) for each in session.scalars(wanted)}


def _complaints(session: Session, customer_id: int, terms: OfferTerms) -> tuple[str, ...]:
    unsolved = select(Ticket.number).where(Ticket.customer_id == customer_id, Ticket.status != TicketStatus.SOLVED)
    return tuple(session.scalars(unsolved.where(Ticket.category.in_(terms.complaint_categories)).order_by(Ticket.number)))


def _disputed(session: Session, customer_id: int, terms: OfferTerms, today: date) -> str:
    """The first overdue bill, when the customer has disputed one since it was issued; "" for none."""
    overdue = select(Invoice).where(
        Invoice.customer_id == customer_id, Invoice.paid_idr < Invoice.amount_idr, Invoice.due_on < today
    )  # fmt: skip
    bill = session.scalar(overdue.order_by(Invoice.issued_on, Invoice.id).limit(1))
    if bill is None:
        return ""
    issued_at = datetime.combine(bill.issued_on, datetime.min.time(), ZoneInfo("UTC"))
    said = exists().where(
        Interaction.customer_id == customer_id, Disposition.interaction_id == Interaction.id,
        Disposition.code.in_(terms.dispute_codes), Disposition.saved_at >= issued_at,
    )  # fmt: skip
    return bill.number if session.scalar(select(said)) else ""


def _bought(session: Session, customer_id: int) -> tuple[Bought, ...]:
    """Each product once, as it was bought last."""
    wanted = (
        select(OrderLine.product_id, Order.placed_at, Order.status)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.customer_id == customer_id, Order.status != OrderStatus.CANCELLED)
        .order_by(Order.placed_at.desc(), OrderLine.id.desc())
    )
    newest: dict[int, Bought] = {}
    for product_id, placed_at, status in session.execute(wanted):
        newest.setdefault(product_id, Bought(product_id, placed_at, status == OrderStatus.PLACED))
    return tuple(newest.values())
