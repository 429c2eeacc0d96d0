"""What the rules of offers see: a customer in a call, and the products. Plain values."""

from dataclasses import dataclass, field
from datetime import datetime

from crm.selling import Permission


@dataclass(frozen=True, slots=True)
class CallSoFar:
    """What is known of the call in hand. `code` is the disposition chosen so far, "" for none; `end_codes` those that the open
    page of the script ends in, empty before its end; `said_solved`: the agent says that the problem is solved."""

    queue: str
    reason: str = ""
    code: str = ""
    end_codes: tuple[str, ...] = ()
    said_solved: bool = False


@dataclass(frozen=True, slots=True)
class Bought:
    """A product that the customer bought, when last; `unpacked`: the order has not been packed yet."""

    product_id: int
    at: datetime
    unpacked: bool = False


@dataclass(frozen=True, slots=True)
class Ware:
    """A product as the rules see it. `line` "" for none; `price_idr` before any promotion."""

    product_id: int
    category: str
    price_idr: int
    stock: int
    line: str = ""
    line_step: int = 0
    bought_again: bool = False


@dataclass(frozen=True, slots=True)
class Lowered:
    """A promotion that holds today."""

    promotion_id: int
    discount_percent: int


@dataclass(frozen=True, slots=True)
class Situation:
    """A customer in a call. `complaints` are numbers of open tickets, `disputed` of an overdue bill that is disputed, "" for none;
    `last_no_at` and `last_not_now_at` when they last answered an offer so; `bought` the newest first, each product once; `accepted`
    products that they said yes to lately, whose order may not be there yet."""

    customer_id: int | None
    permission: Permission
    call: CallSoFar
    complaints: tuple[str, ...] = ()
    disputed: str = ""
    last_no_at: datetime | None = None
    last_not_now_at: datetime | None = None
    bought: tuple[Bought, ...] = field(default=())
    accepted: frozenset[int] = frozenset()
