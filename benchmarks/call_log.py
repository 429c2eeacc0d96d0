"""How many events a second the call log writes on each database, beside bare inserts of the very same rows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select

from benchmarks.assignment import AGENT, Desk
from benchmarks.report import Report
from benchmarks.scratch_redis import scratch_redis
from core.bus import STREAM, EventBus
from core.clock import SystemClock
from core.database import Database
from core.event_archive import ArchivedEvent
from core.events import Event, EventKind
from core.ids import new_id
from crm.contact_history import Interaction, Segment
from cti.call_log import BATCH, CallLog
from launch.install.debian_packages import postgresql_programs
from launch.schema import upgrade
from launch.scratch_postgres import scratch_postgres

WARM_UP_CALLS = 40
# Every table that the call log fills, and the column in whose order it fills it.
TABLES = {
    Interaction.__table__: Interaction.started_at,
    ArchivedEvent.__table__: ArchivedEvent.id,
    Segment.__table__: Segment.id,
}


def measure(report: Report, calls: int) -> None:
    """Fill the report: the events of `calls` whole calls, on SQLite and, where it is installed, on PostgreSQL."""
    table = report.table(
        f"The record of {calls} calls, in transactions of up to {BATCH} events",
        "database", "events", "call log, events/s", "calls/s", "bare inserts, events/s", "times the limit",
    )  # fmt: skip
    with scratch_redis() as url:
        bus = EventBus(url)
        _tell_calls(url, bus, WARM_UP_CALLS + calls)
        for name, database, empty in _databases():
            events, written_s = _write(CallLog(database, bus))
            inserted_s = _insert(database, empty)
            rate, bare = events / written_s, events / inserted_s
            table.add(name, events, f"{rate:,.0f}", f"{calls / written_s:,.0f}", f"{bare:,.0f}", f"{bare / rate:.1f}")
            report.figures[name] = {"events_per_s": rate, "bare_events_per_s": bare, "calls_per_s": calls / written_s}
        bus.close()
    report.remarks.append(
        "Bare inserts: the rows that the call log left (interactions, segments, archived events), inserted ready-made by "
        "executemany, as many to a transaction. They look nothing up, close no segment and check no event for a repetition."
    )
    if "PostgreSQL" not in report.figures:
        report.remarks.append("PostgreSQL is not installed here: sudo ./halo install --with-tests.")
    else:
        report.remarks.append("PostgreSQL runs with fsync off, as in the tests: its commits cost less than in production.")


def _tell_calls(url: str, bus: EventBus, calls: int) -> None:
    desk, clock = Desk(url), SystemClock()
    desk.store.redis.delete(STREAM)
    for number in range(calls):
        key = new_id()
        tell = {"interaction_id": key}
        start = {"ani": f"+62819{number:07d}", "dnis": "1500400", "channel": f"PJSIP/carrier-{number:08x}"}
        bus.publish(Event(EventKind.INTERACTION_STARTED, clock.now(), data=start, **tell))
        bus.publish(Event(EventKind.INTERACTION_IDENTIFIED, clock.now(), data={"customer_id": None, "language": "id"}, **tell))
        for step, detail in (("language", "id"), ("main_menu", "person"), ("people_menu", "billing")):
            bus.publish(Event(EventKind.IVR_STEP_TAKEN, clock.now(), data={"step": step, "detail": detail}, **tell))
        for name, act in desk.steps(key).items():
            if name == "done":
                bus.publish(Event(EventKind.INTERACTION_ENDED, clock.now(), data={"late": False}, **tell))
                bus.publish(Event(EventKind.DISPOSITION_SAVED, clock.now(), agent_id=AGENT, data={"code": "solved"}, **tell))
            act()
    desk.store.close()


def _write(call_log: CallLog) -> tuple[int, float]:
    """Events written and the seconds it took, after one batch unmeasured."""
    call_log.write_next(0)
    events, began = 0, time.perf_counter()
    while written := call_log.write_next(0):
        events += written
    return events, time.perf_counter() - began


def _insert(database: Database, empty: Database) -> float:
    """Seconds to insert into `empty` what `database` holds, but for the share of the first batch."""
    with database.reading() as session:
        rows = {
            table: [dict(row) for row in session.execute(select(table).order_by(first)).mappings()]
            for table, first in TABLES.items()
        }
    batches = -(-len(rows[ArchivedEvent.__table__]) // BATCH)
    began = 0.0
    for batch in range(batches):
        if batch == 1:
            began = time.perf_counter()
        with empty.writing() as session:
            for table in TABLES:
                size = -(-len(rows[table]) // batches)
                if part := rows[table][batch * size : (batch + 1) * size]:
                    session.execute(insert(table), part)
            session.commit()
    return time.perf_counter() - began


def _databases() -> Iterator[tuple[str, Database, Database]]:
    """Name, a database for the call log and an empty one of the same kind, each with every table."""
    with (
        TemporaryDirectory(prefix="halo-benchmark-") as folder,
        _made(f"sqlite:///{Path(folder) / 'log.db'}") as log,
        _made(f"sqlite:///{Path(folder) / 'bare.db'}") as bare,
    ):
        yield "SQLite", log, bare
    if postgresql_programs() is not None:
        with scratch_postgres() as first, scratch_postgres() as second, _made(first) as log, _made(second) as bare:
            yield "PostgreSQL", log, bare


@contextmanager
def _made(url: str) -> Iterator[Database]:
    upgrade(url)
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()
