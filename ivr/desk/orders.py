"""Orders, as they are read out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from crm.time_windows import Window


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order to be read out. `status` is a value of crm.orders.OrderStatus; `placed_at`, `delivered_at` are aware UTC.

    `window` is the one in which it comes, None when none was chosen.
    """

    number: str
    customer_id: int
    status: str
    placed_at: datetime
    promised_on: date | None
    delivered_at: datetime | None
    total_idr: int
    courier: str = ""
    window: Window | None = None


class OrdersDesk(Protocol):
    def order(self, number: str) -> OrderFacts | None:
        """The order with this number."""
        ...

    def newest_order(self, customer_id: int) -> OrderFacts | None:
        """The order that this customer most likely asks about."""
        ...

    def orders_of(self, customer_id: int, most: int = 5) -> tuple[OrderFacts, ...]:
        """The orders of this customer, the newest first."""
        ...
