"""The page of flows on calls as they are really recorded: by the call log, from events."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from core.bus import EventBus
from core.database import Database
from core.events import Event, EventKind
from core.ids import new_id
from cti.call_log import CallLog
from ivr.flow_calls import flow_calls
from ivr.flow_file import shipped_flow
from ivr.flow_traffic import How
from ivr.flow_versions import put_in_force
from tests.services.desk_house import NOON, DeskHouse

NOW = NOON
ZONE = ZoneInfo("Asia/Jakarta")


class Caller:
    """One call, told to the log step by step, ten seconds each."""

    def __init__(
        self, bus: EventBus, version: int = 1, ago: timedelta = timedelta(hours=1), flow: str | None = "hotline", menu: str = ""
    ) -> None:  # fmt: skip
        self._bus, self._at, self._id = bus, NOW - ago, new_id()
        self._tell(EventKind.INTERACTION_STARTED, ani="", dnis="1500400", channel="PJSIP/1")
        if flow is not None:
            self._tell(EventKind.IVR_ENTERED, flow=flow, version=version, menu="")
        self._tell(EventKind.INTERACTION_IDENTIFIED, customer_id=None, language="id")
        if flow is not None and menu:
            self._tell(EventKind.IVR_ENTERED, flow=flow, version=version, menu=menu)

    def does(self, *steps: str) -> "Caller":
        for step in steps:
            menu, _, detail = step.partition(":")
            self._later()
            self._tell(EventKind.IVR_STEP_TAKEN, step=menu, detail=detail)
        return self

    def contained(self) -> None:
        self._later()
        self._tell(EventKind.INTERACTION_CONTAINED, reason="bill")
        self._tell(EventKind.INTERACTION_ENDED)

    def promised(self) -> None:
        self._later()
        self._tell(EventKind.CALLBACK_PROMISED, queue="general", reason="voicemail", wait_s=0.0)
        self._tell(EventKind.INTERACTION_ENDED)

    def queued(self) -> None:
        self._later()
        self._tell(
            EventKind.INTERACTION_QUEUED, queue="sales", reason="sales", priority=0, language="id", customer_id=None,
            again=False,
        )  # fmt: skip

    def gone(self) -> None:
        self._later()
        self._tell(EventKind.INTERACTION_ENDED)

    def _later(self) -> None:
        self._at = self._at + timedelta(seconds=10)

    def _tell(self, kind: EventKind, **data: object) -> None:
        self._bus.publish(Event(kind, self._at, self._id, data=data))


def told(desk: DeskHouse, database: Database) -> None:
    """Three callers of version 1, one of version 2, one long ago, one of another flow: all written by the call log."""
    bus = desk.bus
    Caller(bus).does("main_menu:bill", "after_bill:goodbye").contained()
    Caller(bus).does("main_menu:no_input", "main_menu:person", "people_menu:sales").queued()
    Caller(bus).does("main_menu:person").gone()
    Caller(bus, version=2).gone()
    Caller(bus, ago=timedelta(days=20)).gone()
    Caller(bus, flow="other").gone()
    write_all(bus, database)


def totals_of(page: str) -> list[str]:
    return [cell.split("<")[0] for cell in page[page.index("<dl") : page.index("</dl>")].split('class="num">')[1:]]


def read(database: Database, days: int = 7) -> list[tuple[int, How]]:
    with database.reading() as session:
        return [(call.version, call.how) for call in flow_calls(session, "hotline", NOW - timedelta(days=days), NOW)]


def write_all(bus: EventBus, database: Database) -> None:
    log = CallLog(database, bus)
    while log.write_next(0):
        pass


def test_calls_come_with_their_version_and_how_they_left(desk: DeskHouse, database: Database) -> None:
    told(desk, database)
    assert sorted(read(database)) == [(1, How.CONTAINED), (1, How.GONE), (1, How.PERSON), (2, How.GONE)]
    assert len(read(database, days=30)) == 5


def test_the_page_draws_the_flow_and_counts_each_node_and_version(desk: DeskHouse, database: Database) -> None:
    with database.writing() as session:
        put_in_force(session, "hotline", shipped_flow().text, "", NOW, "halo")
        session.commit()
    told(desk, database)
    browser = desk.browser("plan")
    page = browser.get("/ivr").text
    assert page.count("<rect") >= len(shipped_flow().flow.menus)
    row = page[page.index('<tr id="menu-people_menu"') :]
    numbers = [cell.split("<")[0] for cell in row[: row.index("</tr>")].split('class="num">')[1:]]
    # arrived, settled, promised, to a person (counted at the queue), hung up
    assert numbers[:6] == ["2", "0", "0", "0", "1", "50%"]
    assert "heat-4" in page
    only = browser.get("/ivr?version=1").text
    assert '<dd class="num">3</dd>' in only
    assert browser.get("/ivr?version=7").status_code == 404
    assert browser.get("/ivr?days=3").status_code == 400
    assert browser.get("/ivr?flow=none").status_code == 400
    assert browser.get("/ivr?version=x").status_code == 400


def test_a_day_is_looked_at_alone_and_beside_the_others(desk: DeskHouse, database: Database) -> None:
    told(desk, database)
    Caller(desk.bus, ago=timedelta(days=2)).does("main_menu:bill", "after_bill:goodbye").contained()
    write_all(desk.bus, database)
    browser, before = desk.browser("plan"), (NOW - timedelta(days=2)).astimezone(ZONE).date()
    page = browser.get("/ivr?days=7").text
    days = page[page.index('id="days"') :]
    assert days.count("day=") == 2
    assert f"day={before}" in days
    alone = browser.get(f"/ivr?days=7&day={before}").text
    assert totals_of(alone)[:2] == ["1", "100%"]
    assert totals_of(page)[0] == "5"
    assert totals_of(browser.get(f"/ivr?days=1&day={NOW.astimezone(ZONE).date()}").text)[0] == "4"
    assert browser.get("/ivr?day=yesterday").status_code == 400


def test_the_first_day_of_a_period_is_whole(desk: DeskHouse, database: Database) -> None:
    Caller(desk.bus, ago=timedelta(hours=2)).gone()
    Caller(desk.bus, ago=timedelta(hours=25)).gone()  # before the period, on its first day
    write_all(desk.bus, database)
    browser, before = desk.browser("plan"), (NOW - timedelta(hours=25)).astimezone(ZONE).date()
    page = browser.get("/ivr?days=1").text
    assert totals_of(page)[0] == "1"
    assert f"day={before}" in page
    assert totals_of(browser.get(f"/ivr?days=1&day={before}").text)[0] == "1"


def test_where_the_flow_began_for_a_caller_is_on_record(desk: DeskHouse, database: Database) -> None:
    Caller(desk.bus, menu="closed_menu").gone()
    Caller(desk.bus).gone()
    write_all(desk.bus, database)
    with database.reading() as session:
        calls = flow_calls(session, "hotline", NOW - timedelta(days=1), NOW)
    assert sorted(call.begins for call in calls) == ["", "closed_menu"]


def test_who_is_promised_a_call_was_not_settled_in_the_menu(desk: DeskHouse, database: Database) -> None:
    Caller(desk.bus).does("main_menu:message").promised()
    write_all(desk.bus, database)
    assert read(database) == [(1, How.PROMISED)]
    page = desk.browser("plan").get("/ivr").text
    assert totals_of(page)[:5] == ["1", "0%", "100%", "0%", "0%"]


def test_calls_that_ended_before_the_first_menu_are_counted_apart(desk: DeskHouse, database: Database) -> None:
    Caller(desk.bus, flow=None).gone()
    Caller(desk.bus, flow=None, ago=timedelta(days=3)).gone()
    Caller(desk.bus, flow=None).queued()  # to a person by the rescue of the dialplan
    Caller(desk.bus, flow="other").gone()
    told(desk, database)
    browser = desk.browser("plan")
    assert '<dd class="num" id="before-menu">1</dd>' in browser.get("/ivr?days=1").text
    assert '<dd class="num" id="before-menu">2</dd>' in browser.get("/ivr?days=7").text
    assert len(read(database)) == 4


def test_without_a_call_the_page_says_what_will_stand_there(desk: DeskHouse) -> None:
    assert "Numbers appear here" in desk.browser("root").get("/ivr").text
