"""The demo has somebody for everything that a visitor may want to try, as callers themselves would find it."""

from collections.abc import Callable
from datetime import UTC, datetime

from core.clock import VirtualClock
from core.database import Database
from crm.demo import seed_demo
from crm.demo.cases import HOUSEHOLD, DemoCase, demo_cases
from crm.orders import OPEN_ORDER_STATUSES, OrderStatus
from crm.payment.answers import PaymentState
from ivr.database_desk import DatabaseDesk
from ivr.desk.orders import OrderFacts
from launch.demo_setup import CUSTOMERS, SEED

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Holds = Callable[[DatabaseDesk, int], bool]


def order(desk: DatabaseDesk, customer_id: int) -> OrderFacts:
    found = desk.newest_order(customer_id)
    assert found is not None
    return found


def is_late(found: OrderFacts) -> bool:
    return found.status in OPEN_ORDER_STATUSES and found.promised_on is not None and found.promised_on < NOW.date()


HOLDS: dict[str, Holds] = {
    "newest order on its way": lambda desk, who: order(desk, who).status == OrderStatus.SHIPPED and not is_late(order(desk, who)),
    "newest order late": lambda desk, who: is_late(order(desk, who)),
    "newest order delivered": lambda desk, who: order(desk, who).status == OrderStatus.DELIVERED,
    "one open bill": lambda desk, who: len(desk.open_bills(who)) == 1,
    "several open bills": lambda desk, who: len(desk.open_bills(who)) > 1,
    "everything paid": lambda desk, who: not desk.open_bills(who) and desk.payment_state(who).state is PaymentState.RECEIVED,
    "never ordered, no bill": lambda desk, who: not desk.open_bills(who) and desk.newest_order(who) is None,
    "open ticket": lambda desk, who: any(ticket.status != "solved" for ticket in desk.tickets(who)),
    "visit of a technician booked": lambda desk, who: bool(desk.appointments(who, NOW)),
    HOUSEHOLD: lambda desk, who: desk.newest_order(who) is not None,
    "speaks English": lambda desk, who: language(desk, who) == "en",
    "language not known": lambda desk, who: language(desk, who) is None,
}


def language(desk: DatabaseDesk, who: int) -> str | None:
    caller = desk.caller(who)
    assert caller is not None
    return caller.language


def test_there_is_somebody_for_everything_that_can_be_tried(database: Database) -> None:
    seed_demo(database, VirtualClock(NOW), customers=CUSTOMERS, seed=SEED)
    desk = DatabaseDesk(database)
    with database.reading() as session:
        cases = demo_cases(session, NOW.date())
    assert {case.what for case in cases} == set(HOLDS)
    assert len({case.customer_number for case in cases}) == len(cases)
    for case in cases:
        assert HOLDS[case.what](desk, the_caller(desk, case)), case.what
    assert desk.callers("+6281999000111") == ()


def the_caller(desk: DatabaseDesk, case: DemoCase) -> int:
    """Who calls from this number is known at once as the customer of that customer number, unless several people have it."""
    by_number, callers = desk.customer_by_number(case.customer_number), desk.callers(case.e164)
    assert by_number is not None
    assert by_number.customer_id in [caller.customer_id for caller in callers]
    assert (len(callers) > 1) == (case.what == HOUSEHOLD)
    return by_number.customer_id
