"""How long it takes to find one of many customers by what agents type, beside a plain scan and bare trigrams."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from benchmarks.customer_crowd import Crowd, Somebody, write_crowd
from benchmarks.figures import ms_text, spread
from benchmarks.report import Report
from core.clock import stopwatch_s
from core.database import Database
from crm.customer_search import find_customers
from crm.customers import Customer
from launch.install.debian_packages import postgresql_programs
from launch.schema import upgrade
from launch.scratch_postgres import scratch_postgres

SHOWN, SCANS = 8, 5
LIMIT_MS = 100
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OLD = (("u", "oe"), ("c", "tj"), ("j", "dj"), ("hm", "chm"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to ask for somebody. `column` is what a plain scan looks through."""

    name: str
    typed: Callable[[Somebody, Random], str]
    column: str


def _one_wrong(word: str, chance: Random) -> str:
    at, letter = chance.randrange(1, len(word)), chance.choice(_LETTERS)
    before, here, after = word[:at], word[at], word[at + 1 :]
    swapped = before[:-1] + here + before[-1] + after
    return chance.choice((before + letter + after, before + after, before + letter + here + after, swapped))


def _misspelt(person: Somebody, chance: Random) -> str:
    words = person.name.lower().split()
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    return " ".join([*words[:longest], _one_wrong(words[longest], chance), *words[longest + 1 :]])


def _old_spelling(person: Somebody, _chance: Random) -> str:
    name = person.name.lower()
    for today, once in _OLD:
        name = name.replace(today, once)
    return name


def _beginnings(person: Somebody, chance: Random) -> str:
    return " ".join(word[: chance.randint(3, 5)] for word in person.name.lower().split())


KINDS = (
    Kind("whole name", lambda person, _chance: person.name, "name"),
    Kind("one word of it", lambda person, chance: chance.choice(person.name.split()), "name"),
    Kind("beginnings of its words", _beginnings, "name"),
    Kind("words in another order", lambda person, _chance: " ".join(reversed(person.name.split())), "name"),
    Kind("old spelling (oe, tj, dj, ch)", _old_spelling, "name"),
    Kind("one letter wrong", _misspelt, "name"),
    Kind("whole number", lambda person, _chance: f"0{person.phone[3:]}", "phone"),
    Kind("last 6 digits", lambda person, _chance: person.phone[-6:], "phone"),
    Kind("first 9 digits", lambda person, _chance: f"0{person.phone[3:11]}", "phone"),
    Kind("order number", lambda person, _chance: person.order, "order"),
    Kind("e-mail address", lambda person, _chance: person.email, "email"),
    Kind("beginning of the address", lambda person, _chance: person.email[:12], "email"),
    Kind("nobody's name", lambda _person, chance: "".join(chance.choices("qxzvkw", k=9)), "name"),
)
_COLUMNS = {
    "name": "SELECT id FROM customers WHERE lower(name) LIKE :typed ORDER BY name LIMIT 8",
    "phone": "SELECT customer_id FROM customer_phones WHERE e164 LIKE :typed ORDER BY e164 LIMIT 8",
    "email": "SELECT customer_id FROM customer_emails WHERE address LIKE :typed ORDER BY address LIMIT 8",
    "order": "SELECT customer_id FROM orders WHERE number LIKE :typed ORDER BY number LIMIT 8",
}
_TRIGRAMS = "SELECT id FROM customers WHERE lower(name) % :typed ORDER BY similarity(lower(name), :typed) DESC LIMIT 8"


def measure(report: Report, customers: int, searches: int) -> None:
    """Fill the report: each kind of search on SQLite and, where it is installed, on PostgreSQL."""
    for name, database in databases():
        began_s = stopwatch_s()
        write_crowd(database, Crowd(customers))
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        report.remarks.append(f"{name}: {customers:,} customers written and indexed in {stopwatch_s() - began_s:.0f} s.")
        trigrams = _add_trigrams(database)
        columns = ["what is typed", "searches", "p50 ms", "p95 ms", "max ms", "found", "LIKE '%…%' p50 ms", "found"]
        columns += ["pg_trgm p50 ms", "p95 ms", "found"] if trigrams else []
        table = report.table(f"{name}, {customers:,} customers", *columns)
        asked = _asked(customers, searches)
        with database.reading() as session:
            for kind in KINDS:
                table.add(kind.name, *_measured(report, name, session, kind, asked, trigrams))
    report.remarks += [
        f"Each search ends with the first {SHOWN} customers and their names, marked; the aim is {LIMIT_MS} ms. 'found': the "
        "customer, or somebody of the very same name, is among them.",
        "One connection, nothing else asked of the database; the first search of a kind is not counted. LIKE is asked "
        f"{SCANS} times a kind; pg_trgm with a GIN index over lower(name), by similarity.",
    ]


def _measured(report: Report, database: str, session: Session, kind: Kind, asked: Sequence[Somebody], trigrams: bool) -> list[str]:
    """The cells of a row."""
    chance = Random(7)
    pairs = [(person, kind.typed(person, chance)) for person in asked]
    ours = _timed(session, pairs, lambda typed: [hit.customer.id for hit in find_customers(session, typed, SHOWN)])
    scan = _timed(session, pairs[: SCANS + 1], lambda typed: _scan(session, kind.column, typed))
    cells = [str(len(ours.times_ms)), ours.p50, ours.p95, ms_text(max(ours.times_ms)), ours.share, scan.p50, scan.share]
    report.figures[f"{database}: {kind.name}"] = {"ours_ms": ours.times_ms, "found": ours.found, "scan_ms": scan.times_ms}
    if trigrams and kind.column == "name":
        alike = _timed(session, pairs[: max(2, len(pairs) // 4)], lambda typed: _alike(session, typed))
        cells += [alike.p50, alike.p95, alike.share]
    elif trigrams:
        cells += ["–", "–", "–"]
    return cells


@dataclass(frozen=True, slots=True)
class _Timed:
    """Milliseconds of each search but the first, and the share that found whom they were for."""

    times_ms: list[float]
    found: float

    @property
    def p50(self) -> str:
        return ms_text(spread(self.times_ms).p50_ms)

    @property
    def p95(self) -> str:
        return ms_text(spread(self.times_ms).p95_ms)

    @property
    def share(self) -> str:
        return f"{self.found:.0%}"


def _timed(session: Session, pairs: Sequence[tuple[Somebody, str]], find: Callable[[str], list[int]]) -> _Timed:
    times_ms, found = [], 0
    for person, typed in pairs:
        session.expunge_all()
        began_s = stopwatch_s()
        ids = find(typed)
        times_ms.append((stopwatch_s() - began_s) * 1000)
        found += person.name in set(session.scalars(select(Customer.name).where(Customer.id.in_(ids))))
    return _Timed(times_ms[1:], found / len(pairs))


def _scan(session: Session, column: str, typed: str) -> list[int]:
    wanted = re.sub(r"^0", "", typed.lower()) if column == "phone" else typed.lower()
    return [row[0] for row in session.execute(text(_COLUMNS[column]), {"typed": f"%{wanted}%"})]


def _alike(session: Session, typed: str) -> list[int]:
    return [row[0] for row in session.execute(text(_TRIGRAMS), {"typed": typed.lower()})]


def _asked(customers: int, searches: int) -> list[Somebody]:
    """People evenly from the whole crowd."""
    every = max(1, customers // (searches + 1))
    return [person for person in Crowd(customers) if person.id % every == 0][: searches + 1]


def _add_trigrams(database: Database) -> bool:
    """Whether bare trigrams are there to be compared with."""
    if database.engine.dialect.name != "postgresql":
        return False
    try:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql("CREATE INDEX customers_by_trigrams ON customers USING gin (lower(name) gin_trgm_ops)")
    except SQLAlchemyError:
        return False
    return True


@contextmanager
def _upgraded(url: str) -> Iterator[Database]:
    upgrade(url)
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def databases() -> Iterator[tuple[str, Database]]:
    """An empty database of each kind that is here, with its name."""
    with TemporaryDirectory() as folder, _upgraded(f"sqlite:///{Path(folder) / 'halo.db'}") as database:
        yield "SQLite", database
    if postgresql_programs() is not None:
        with scratch_postgres() as url, _upgraded(url) as database:
            yield "PostgreSQL", database
