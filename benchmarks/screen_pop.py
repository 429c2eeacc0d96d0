"""From a reservation until the agent's page has painted the caller: a real browser, very many customers, each database."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from agent_desktop.accounts import Role, create_user
from benchmarks.customer_crowd import Crowd, write_crowd, write_more_orders
from benchmarks.customer_search import databases
from benchmarks.report import SPREAD_COLUMNS, Report
from benchmarks.scratch_redis import scratch_redis
from core.clock import SystemClock, stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.events import Event, EventKind
from core.ids import new_id
from crm.customers import CustomerPhone
from crm.orders import Order
from routing.agent_state import Action
from routing.agents import AgentRecord
from routing.place import Place
from tests.live.browser import CHROMIUM, FLAGS, wait_for
from tests.live.house import PASSWORD
from tests.live.page_house import PageHouse, page_house

AGENT = "7001"
LONGEST_S = 15.0


def measure(report: Report, customers: int, orders: int, pops: int) -> None:
    """Fill the report: on each database `pops` callers, anybody of the crowd, who call about one of their orders."""
    table = report.table(f"{customers:,} customers, {customers * orders:,} orders: reserved → painted", *SPREAD_COLUMNS)
    for name, database in databases():
        began_s = stopwatch_s()
        write_crowd(database, Crowd(customers))
        if orders > 1:
            write_more_orders(database, customers, orders - 1)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        _add_agent(database)
        report.remarks.append(f"{name}: written and indexed in {stopwatch_s() - began_s:.0f} s.")
        with TemporaryDirectory() as home, scratch_redis() as redis_url, page_house(Path(home), database, redis_url) as house:
            report.spread_row(table, name, _pops(house, customers, pops))
    report.remarks.append(
        "From before the reservation in Redis until the page says that it has painted the caller, their papers and their script: "
        "event, page made and pushed, taken over by the browser, painted, told. One desk, one page; the first is not counted."
    )


def _pops(house: PageHouse, customers: int, pops: int) -> list[float]:
    chance = Random(11)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.goto(house.address)
        page.fill("input[name=login]", f"agent{AGENT}")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        wait_for(page, stream="on")
        times_ms = [_pop(house, page, chance.randint(1, customers)) for _each in range(pops + 1)]
        browser.close()
    return times_ms[1:]


def _pop(house: PageHouse, page: Page, customer_id: int) -> float:
    """Milliseconds of one; then the caller hangs up, and the agent is ready again."""
    with house.database.reading() as session:
        number = session.scalar(select(CustomerPhone.e164).where(CustomerPhone.customer_id == customer_id))
        order = session.scalar(select(Order.number).where(Order.customer_id == customer_id).limit(1))
    place = Place(
        new_id(), "sales", house.clock.now(), "PJSIP/caller", customer_id=customer_id, ani=number or "", reason=f"order:{order}"
    )  # fmt: skip
    data = {"queue": "sales", "again": False, "reason": place.reason, "language": "id"}
    house.store.put_in_line(place, Event(EventKind.INTERACTION_QUEUED, place.queued_at, place.interaction_id, data=data))
    house.make_ready(AGENT)
    wait_for(page, agent_state="READY")
    position, began_s = house.bus.last_position(), stopwatch_s()
    house.reserve(AGENT, place)
    while stopwatch_s() - began_s < LONGEST_S:
        for event in house.bus.read(position, wait_s=1):
            position = event.position
            if event.kind is EventKind.POP_SHOWN and event.interaction_id == place.interaction_id:
                took_ms = (stopwatch_s() - began_s) * 1000
                house.step(AGENT, place, Action.CALLER_GONE)
                return took_ms
    raise Unavailable("The page never showed the caller.", "Run it with fewer customers, and look at the page.")


def _add_agent(database: Database) -> None:
    with database.writing() as session:
        session.add(AgentRecord(id=AGENT, name="Agent", phone_secret="unused"))
        session.flush()
        create_user(session, f"agent{AGENT}", "Agent", Role.AGENT, PASSWORD, "id", AGENT, now=SystemClock().now())
        session.commit()
