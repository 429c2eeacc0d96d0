"""A million customers, quickly: names as they are spread in life, few that many have and many that few have."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from random import Random
from typing import Any

from faker import Faker

from core.clock import SystemClock
from core.database import Database
from crm.customer_numbers import customer_number
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.demo.names import Names
from crm.name_spelling import plain
from crm.order_numbers import LAST_SERIAL, order_number
from crm.orders import Order
from crm.search_terms import NameWord, NameWordPart, SearchTerm, TermKind, parts_of, terms_of

RARE_WORDS, RARE_SHARE, DRAWN = 120_000, 0.35, 20_000
_ONSETS = ("", "b", "c", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w", "y", "ng", "ny", "pr", "sr", "tr", "kr")
_VOWELS, _CODAS = ("a", "e", "i", "o", "u"), ("", "", "n", "ng", "r", "s", "t", "h", "m")
_BATCH = 50_000

Insert = Callable[[Any, Sequence[str], list[tuple[Any, ...]]], None]
"""A table, its columns, and rows of them."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the crowd, with what they can be asked for."""

    id: int
    name: str
    phone: str
    email: str
    order: str


class Crowd:
    """The same people for the same number and seed."""

    def __init__(self, count: int, seed: int = 20) -> None:
        self._count, self._seed = count, seed
        indonesian, english = Faker("id_ID"), Faker("en_GB")
        for fake in (indonesian, english):
            fake.seed_instance(seed)
        names, chance = Names(indonesian, english), indonesian.random
        self._common = [names.draw(chance, "id").full.replace(",", "") for _each in range(min(count, DRAWN))]
        self._rare = sorted({_syllables(chance) for _each in range(RARE_WORDS)})

    def __iter__(self) -> Iterator[Somebody]:
        chance = Random(self._seed)
        for number in range(1, self._count + 1):
            name = self._name(chance)
            user = plain(name).replace(" ", ".")
            yield Somebody(
                number, name, f"+628{chance.randrange(10**9, 10**10)}", f"{user}{number}@example.com",
                order_number(1_000_000 + number),
            )  # fmt: skip

    def _name(self, chance: Random) -> str:
        words = self._common[int(len(self._common) * chance.random() ** 2)].split()[:3]
        if chance.random() < RARE_SHARE:
            words[-1] = self._rare[int(len(self._rare) * chance.random() ** 3)]
        return " ".join(words)


def write_crowd(database: Database, crowd: Iterable[Somebody]) -> None:
    """Put all of them, an order of each, and what they are found by, into an empty database."""
    now, people = SystemClock().now(), iter(crowd)
    words: set[str] = set()
    with _bulk(database) as insert:
        while batch := list(islice(people, _BATCH)):
            terms = [(term, one.id) for one in batch for term in terms_of(one.name, [one.phone], [one.email])]
            fresh = {term for (kind, term), _owner in terms if kind == TermKind.WORD} - words
            words |= fresh
            insert(Customer.__table__, ("id", "external_id", "name", "honorific", "address", "city", "province", "postcode",
                   "segment", "named_agent", "created_at", "updated_at"),
                   [(one.id, customer_number(100_000 + one.id) if one.id < 800_000 else None, one.name, "", "", "Bandung", "", "",
                     "regular", "", now, now) for one in batch])  # fmt: skip
            insert(CustomerPhone.__table__, ("customer_id", "e164", "kind"), [(one.id, one.phone, "mobile") for one in batch])
            insert(CustomerEmail.__table__, ("customer_id", "address"), [(one.id, one.email) for one in batch])
            insert(Order.__table__, ("number", "customer_id", "status", "placed_at", "courier", "tracking_number", "total_idr"),
                   [(one.order, one.id, "delivered", now, "", "", 100_000) for one in batch])  # fmt: skip
            insert(SearchTerm.__table__, ("kind", "term", "customer_id"), sorted((*term, owner) for term, owner in terms))
            insert(NameWord.__table__, ("word",), [(word,) for word in sorted(fresh)])
            parts = sorted((part, word) for word in fresh for part in parts_of(word))
            insert(NameWordPart.__table__, ("part", "word"), parts)


def write_more_orders(database: Database, customers: int, each: int) -> None:
    """Give each of a crowd of so many, at most a million, `each` orders more: four at most, for want of order numbers."""
    now, columns = SystemClock().now(), ("number", "customer_id", "status", "placed_at", "courier", "tracking_number", "total_idr")
    serials = iter(range(LAST_SERIAL, LAST_SERIAL - customers * each, -1))
    with _bulk(database) as insert:
        for first in range(1, customers + 1, _BATCH // 4):
            ids = range(first, min(first + _BATCH // 4, customers + 1))
            rows = [(order_number(next(serials)), one, "delivered", now, "", "", 250_000) for one in ids for _each in range(each)]
            insert(Order.__table__, columns, rows)


def _syllables(chance: Random) -> str:
    count = 2 + int(3 * chance.random() ** 2)
    parts = (chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _each in range(count))
    return "".join(parts).capitalize()


@contextmanager
def _bulk(database: Database) -> Iterator[Insert]:
    """Inserts rows the quickest way that the database has: COPY, or executemany without waiting for the disk."""
    connection: Any = database.engine.raw_connection()
    copies = database.engine.dialect.name == "postgresql"
    if not copies:
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            connection.cursor().execute(f"PRAGMA {pragma}")
        connection.cursor().execute("BEGIN")
    yield partial(_copy if copies else _execute, connection)
    connection.commit()
    connection.close()


def _copy(connection: Any, table: Any, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _execute(connection: Any, table: Any, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    plain_rows = ([f"{one:%Y-%m-%d %H:%M:%S.%f}" if isinstance(one, datetime) else one for one in row] for row in rows)
    connection.cursor().executemany(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})", plain_rows)  # noqa: S608
