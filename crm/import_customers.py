"""Importing customers from a CSV file: every fault reported, the rest in one transaction, a second run changes nothing.

The file is read and compared first, without a lock, and written at the end in one short transaction: a contact center
does not stop taking calls for an import. A dry run is the same without the writing, so its report is the same.
"""

from collections import defaultdict
from collections.abc import Container, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import BadInput
from core.log import get_log
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.import_matching import Change, Directory
from crm.import_report import ImportConflict, ImportReport
from crm.import_rows import CustomerReader, CustomerRow, RowError
from crm.phone_numbers import is_country, phone_kind
from crm.search_terms import index_customers

__all__ = ["ImportConflict", "ImportReport", "RowError", "import_customers"]

_BATCH = 1000

log = get_log(__name__)


def import_customers(
    database: Database, file: Path, clock: Clock, country: str, agents: Container[str], dry_run: bool
) -> ImportReport:
    """Create or update customers from a CSV file (UTF-8, first line names the columns of crm.import_rows.COLUMNS).

    `country` (ISO, "ID") is where numbers without a country code are read, `agents` the numbers of those who may be a customer's
    own. A row is about the customer with its external id, else its phone, else its e-mail. Filled cells replace, empty ones leave
    what is there; phones and e-mails are added, never removed. Faulty rows are left out and reported; a faulty first line leaves
    out all. `dry_run` writes nothing and gives the same report.

    Raises BadInput when the file can't be opened or the country is unknown, ImportConflict when somebody else was faster.
    """
    if not is_country(country):
        raise BadInput(f"{country!r} is no country.", "Use its ISO code, such as ID.")
    try:
        # Bytes that are not UTF-8 come through marked, so that their line can be named.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            changes, errors = _compare(database, CustomerReader(lines, country, agents))
    except OSError as problem:
        raise BadInput(f"{file} can't be read: {problem.strerror}.", "Check its name and rights.") from problem
    made = [change for change in changes if change]
    if made and not dry_run:
        _write_all(database, made, clock.now())
    created = sum(change.person.id is None for change in made)
    report = ImportReport(
        created=created,
        updated=len(made) - created,
        unchanged=len(changes) - len(made),
        errors=tuple(sorted(errors, key=lambda error: error.line)),
    )
    log.info(
        "customers_imported", created=report.created, updated=report.updated, unchanged=report.unchanged,
        errors=len(report.errors), dry_run=dry_run,
    )  # fmt: skip
    return report


def _compare(database: Database, reader: CustomerReader) -> tuple[list[Change], list[RowError]]:
    directory = Directory()
    changes: list[Change] = []
    errors: list[RowError] = []
    rows = iter(reader)
    with database.reading() as session:
        while batch := list(islice(rows, _BATCH)):
            directory.load(session, batch)
            for taken in _taken(directory, batch):
                if isinstance(taken, RowError):
                    errors.append(taken)
                else:
                    changes.append(taken)
    return changes, errors + reader.errors


def _taken(directory: Directory, batch: list[CustomerRow]) -> Iterator[Change | RowError]:
    for row in batch:
        yield directory.take(row)


def _write_all(database: Database, changes: list[Change], now: datetime) -> None:
    with database.writing() as session:
        try:
            for start in range(0, len(changes), _BATCH):
                _write(session, changes[start : start + _BATCH], now)
            session.commit()
        except IntegrityError:
            # Without the database's own text: it would quote the row.
            raise ImportConflict("Customers were changed by somebody else during the import.", "Run it again.") from None


def _write(session: Session, changes: list[Change], now: datetime) -> None:
    new = [change for change in changes if change.person.id is None]
    known = [(change.person.id, change) for change in changes if change.person.id is not None]
    created: list[tuple[int, Change]] = []
    if new:
        # One shape for all rows: one statement for the batch. What a row leaves out gets the column's default.
        rows = [{**_DEFAULTS, **change.values, "created_at": now, "updated_at": now} for change in new]
        ids = session.scalars(insert(Customer).returning(Customer.id, sort_by_parameter_order=True), rows)
        created = list(zip(ids, new, strict=True))
    by_shape: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for customer_id, change in known:
        by_shape[tuple(sorted(change.values))].append({"id": customer_id, **change.values, "updated_at": now})
    for shape in by_shape.values():
        session.execute(update(Customer), shape)
    written = created + known
    phones = [
        {"customer_id": customer_id, "e164": e164, "kind": phone_kind(e164)}
        for customer_id, change in written
        for e164 in change.phones
    ]
    emails = [{"customer_id": customer_id, "address": email} for customer_id, change in written for email in change.emails]
    if phones:
        session.execute(insert(CustomerPhone), phones)
    if emails:
        session.execute(insert(CustomerEmail), emails)
    index_customers(session.connection(), [customer_id for customer_id, _change in written])


_DEFAULTS: dict[str, str | None] = {
    "external_id": None, "honorific": "", "language": None, "address": "", "city": "", "province": "", "postcode": "",
    "segment": "regular",
}  # fmt: skip
