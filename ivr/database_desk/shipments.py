"""Orders and their deliveries."""

from datetime import datetime

from sqlalchemy.orm import Session

from crm.customers import Language
from crm.deliveries import Rescheduled, booked_window, offer_windows, reschedule, tracking
from crm.lookup import current_id, latest_order, newest_orders, order_by_number
from crm.orders import Order
from crm.time_windows import Window
from ivr.database_desk.records import Records
from ivr.desk.deliveries import TrackingFacts
from ivr.desk.orders import OrderFacts


class DatabaseShipments(Records):
    """See ivr.desk.orders, ivr.desk.deliveries."""

    def order(self, number: str) -> OrderFacts | None:
        with self._reading() as session:
            return _order_facts(session, order_by_number(session, number))

    def newest_order(self, customer_id: int) -> OrderFacts | None:
        with self._reading() as session:
            return _order_facts(session, latest_order(session, current_id(session, customer_id)))

    def orders_of(self, customer_id: int, most: int = 5) -> tuple[OrderFacts, ...]:
        with self._reading() as session:
            facts = [_order_facts(session, order) for order in newest_orders(session, current_id(session, customer_id), most)]
        return tuple(order for order in facts if order)

    def track(self, order: str, language: str) -> tuple[TrackingFacts, ...]:
        with self._reading() as session:
            found = order_by_number(session, order)
            events = tracking(session, found.id) if found else []
        return tuple(
            TrackingFacts(event.at, event.code, event.place, event.what_en if language == Language.ENGLISH else event.what_id)
            for event in events
        )

    def delivery_windows(self, order: str, now: datetime) -> tuple[Window, ...]:
        with self._reading() as session:
            found = order_by_number(session, order)
            return tuple(offer_windows(session, found, now.date())) if found else ()

    def reschedule(self, order: str, window: Window, now: datetime, interaction_id: str = "") -> Rescheduled:
        with self._writing() as session:
            found = order_by_number(session, order)
            if found is None:
                return Rescheduled.TOO_LATE
            return reschedule(session, found.id, window, now, now.date(), interaction_id)


def _order_facts(session: Session, order: Order | None) -> OrderFacts | None:
    if order is None:
        return None
    return OrderFacts(
        number=order.number,
        customer_id=order.customer_id,
        status=order.status,
        placed_at=order.placed_at,
        promised_on=order.promised_on,
        delivered_at=order.delivered_at,
        total_idr=order.total_idr,
        courier=order.courier,
        window=booked_window(session, order.id),
    )
