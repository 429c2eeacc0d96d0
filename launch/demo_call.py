"""The demo call: a real caller, over SIP, helped by the menu, routed to a real agent's page and phone, and on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from asterisk_conf.names import agent_endpoint
from asterisk_conf.render import Account
from core.bus import EventBus
from core.clock import stopwatch_s
from core.database import Database
from core.errors import HaloError, Unavailable
from core.events import Event, EventKind
from core.settings import Settings
from crm.contact_history import Interaction, Segment
from crm.customers import Customer, CustomerPhone
from crm.orders import OPEN_ORDER_STATUSES, Order
from ivr.database_desk import DatabaseDesk
from launch.demo.carrier import Call, Carrier
from launch.demo.desk_page import DeskPage
from launch.demo.event_watch import EventWatch
from launch.demo.our_carrier import our_carrier, refuse_when_agents_work
from launch.demo_setup import DEMO_AGENT_ID, DEMO_LOGIN
from launch.logins import read_logins
from launch.welcome import desk_address
from routing.agents import AgentRecord
from routing.live import LiveStore

STEP_TIMEOUT_S = 20.0
LISTENS_S = 4.0
THINKS_S = 0.5  # before each key, as nobody presses one in the instant in which a menu begins
TALKS_S = 2.0


def place_demo_call(settings: Settings) -> list[tuple[str, str]]:
    """Place it and return what happened, as rows to print. Raises HaloError where it went wrong, with the next step."""
    database, bus, store = Database(settings.database), EventBus(settings.redis_url), LiveStore(settings.redis_url)
    try:
        refuse_when_agents_work(store, "the demo call")
        number, customer = _caller(database)
        with database.reading() as session:
            agent = session.get_one(AgentRecord, DEMO_AGENT_ID)
        phone = Account(agent_endpoint(agent.id), agent.phone_secret)
        with our_carrier(settings, [phone]) as carrier, _page(settings) as page:
            watch = EventWatch(bus)
            _wait_for_phone(store)
            page.make_ready()
            interaction_id = _talk(carrier, page, watch, settings.hotline_number, number)
        return [("caller", customer), *_steps(watch.events, page, interaction_id), *_on_record(database, interaction_id)]
    finally:
        store.close()
        bus.close()
        database.dispose()


def _talk(carrier: Carrier, page: DeskPage, watch: EventWatch, hotline: str, number: str) -> str:
    """From the first ring to the saved wrap-up, and the caller's hanging up; returns the interaction's id."""
    call = carrier.dial(hotline, number).wait_answered()
    watch.next(EventKind.INTERACTION_IDENTIFIED)
    _press(call, "1")
    watch.next(EventKind.IVR_STEP_TAKEN)
    call.ended.wait(LISTENS_S)  # listens to the order's status
    _press(call, "2")
    watch.next(EventKind.IVR_STEP_TAKEN)
    _press(call, "3")
    watch.next(EventKind.IVR_STEP_TAKEN)
    _press(call, "2")
    interaction_id = watch.next(EventKind.INTERACTION_QUEUED).interaction_id
    page.wait_state("TALKING", timeout_s=STEP_TIMEOUT_S)
    call.ended.wait(TALKS_S)
    carrier.hang_up_phone(agent_endpoint(DEMO_AGENT_ID))
    page.wait_state("WRAP_UP", timeout_s=STEP_TIMEOUT_S)
    page.save("solved", "Demo call", ready_after=False)
    call.hang_up()  # some callers are asked a question now: this one would say nothing for its whole patience
    watch.next(EventKind.INTERACTION_ENDED)
    page.post("/api/log-out")
    return interaction_id


def _press(call: Call, key: str) -> None:
    call.ended.wait(THINKS_S)
    call.press(key)


def _steps(events: list[Event], page: DeskPage, interaction_id: str) -> Iterator[tuple[str, str]]:
    """The call step by step, in milliseconds."""
    at = {str(event.data.get("action") or event.kind.value): event.at for event in events}
    reserved, pop = at["reserve"], page.pop_of(interaction_id)
    if pop is None:
        raise HaloError("The agent's page never showed the caller.", "Run ./halo logs desk.")
    steps = [event for event in events if event.kind is EventKind.IVR_STEP_TAKEN]
    yield "menu", " → ".join(str(event.data["detail"]) for event in steps)
    yield "agent chosen", f"{_ms(reserved - at['InteractionQueued'])} after asking for a person"
    early = at["ring"] - pop.at
    when = f"{_ms(early)} before the phone rang" if early >= timedelta() else f"{_ms(-early)} too late: this machine is busy"
    yield "screen pop", f"{_ms(pop.at - reserved)} after that, {when}"


def _on_record(database: Database, interaction_id: str) -> list[tuple[str, str]]:
    end_s = stopwatch_s() + STEP_TIMEOUT_S
    while stopwatch_s() < end_s:
        with database.reading() as session:
            row = session.scalars(
                select(Interaction)
                .where(Interaction.id == interaction_id)
                .options(selectinload(Interaction.segments), selectinload(Interaction.dispositions))
            ).one_or_none()
        if row is not None and row.ended_at is not None and row.dispositions and all(part.ended_at for part in row.segments):
            length_s = (row.ended_at - row.started_at).total_seconds()
            parts = ", ".join(f"{part.kind} {_length_s(part):.1f} s" for part in row.segments)
            return [("on record", f"{row.outcome}, {length_s:.1f} s: {parts}; disposition {row.dispositions[0].code!r}")]
    raise Unavailable("The demo call is not on record.", "Run ./halo logs cti.")


def _length_s(segment: Segment) -> float:
    return ((segment.ended_at or segment.started_at) - segment.started_at).total_seconds()


def _wait_for_phone(store: LiveStore) -> None:
    end_s = stopwatch_s() + STEP_TIMEOUT_S
    while not store.agent(DEMO_AGENT_ID).phone_up:
        if stopwatch_s() > end_s:
            raise Unavailable("The demo agent's phone did not register.", "Run ./halo logs asterisk.")


def _caller(database: Database) -> tuple[str, str]:
    """A customer whom the IVR knows by number, who speaks Indonesian and waits for an order: number in E.164, and name."""
    desk = DatabaseDesk(database)
    with database.reading() as session:
        candidates = session.execute(
            select(CustomerPhone.e164, Customer.name)
            .join(Customer, Customer.id == CustomerPhone.customer_id)
            .join(Order, Order.customer_id == Customer.id)
            .where(Customer.language == "id", Order.status.in_(OPEN_ORDER_STATUSES))
            .order_by(Customer.id)
            .limit(50)
        ).all()
    for number, name in candidates:
        if len(desk.callers(number)) == 1:
            return number, name
    raise HaloError("There is no demo customer with an open order.", "Call the hotline yourself, or begin with a new home.")


@contextmanager
def _page(settings: Settings) -> Iterator[DeskPage]:
    login = next((login for login in read_logins(settings.home) if login.name == DEMO_LOGIN), None)
    if login is None:
        raise HaloError("The demo agent has no log-in.", "The demo call only runs on the demo's own data.")
    with DeskPage(desk_address(settings).rstrip("/"), login.name, login.password).open() as page:
        yield page


def _ms(time: timedelta) -> str:
    return f"{time.total_seconds() * 1000:.0f} ms"
