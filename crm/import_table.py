"""CSV files whose rows are known by one column: read and checked cell by cell, every fault with its line and column."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core.database import Base, Database
from core.errors import BadInput
from core.log import get_log
from crm.import_report import ImportConflict, ImportReport
from crm.import_rows import RowError

Cell = Callable[[str], Any]
"""Makes a value of a filled cell. Raises ValueError that says what is wrong."""

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file may hold: the column that a row is known by, how each cell is read, and what a new row must have.

    `named` is the attribute of a column that has another name. `defaults` fill what a new row leaves out; `whole` says what is
    wrong with a whole row, "" for nothing.
    """

    table: type[Base]
    key: str
    cells: Mapping[str, Cell]
    needed: tuple[str, ...]
    named: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    whole: Callable[[Mapping[str, Any]], str] = lambda _row: ""

    def attribute(self, column: str) -> str:
        """Where a column's value is kept."""
        return self.named.get(column, column)


def import_table(database: Database, file: Path, columns: Columns, dry_run: bool) -> ImportReport:
    """Create or update rows from a CSV file (UTF-8, the first line names the columns). Filled cells replace, empty ones leave
    what is there. Faulty rows are left out and reported; a faulty first line leaves out all. The rest is one transaction.

    Raises BadInput when the file can't be read, ImportConflict when somebody else was faster.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows, errors = _read(lines, columns)
    except OSError as problem:
        raise BadInput(f"{file} can't be read: {problem.strerror}.", "Check its name and rights.") from problem
    except UnicodeDecodeError as problem:
        raise BadInput(f"{file} is not text in UTF-8.", "Save it as UTF-8.") from problem
    new, changed, unchanged, wrong = _compare(database, rows, columns)
    if (new or changed) and not dry_run:
        _write(database, new, changed, columns)
    report = ImportReport(len(new), len(changed), unchanged, tuple(sorted(errors + wrong, key=lambda error: error.line)))
    log.info(
        "table_imported", table=columns.table.__tablename__, created=report.created, updated=report.updated,
        unchanged=report.unchanged, errors=len(report.errors), dry_run=dry_run,
    )  # fmt: skip
    return report


_Row = tuple[int, dict[str, Any]]


def _read(lines: Iterable[str], columns: Columns) -> tuple[list[_Row], list[RowError]]:
    reader = csv.reader(lines, strict=True)
    rows: list[_Row] = []
    errors: list[RowError] = []
    header: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                errors = _header_faults(header, columns)
                if errors:
                    return [], errors
            elif any(cell.strip() for cell in cells):
                row, faults = _row(begins, header, cells, columns)
                errors += faults
                if not faults:
                    rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error as problem:
        errors.append(RowError(begins, "", f"not readable as CSV ({problem}): nothing from here on was read"))
    if header is None and not errors:
        errors.append(RowError(1, "", f"the file is empty; its first line must name the columns: {','.join(columns.cells)}"))
    return rows, errors


def _header_faults(header: list[str], columns: Columns) -> list[RowError]:
    faults = [
        RowError(1, name, f"there is no column {name!r}; possible: {','.join(columns.cells)}, parted by commas")
        for name in header
        if name not in columns.cells
    ]
    faults += [RowError(1, name, "this column stands here twice") for name in dict.fromkeys(header) if header.count(name) > 1]
    if not faults and columns.key not in header:
        faults.append(RowError(1, columns.key, "this column is needed to know a row again"))
    return faults


def _row(line: int, header: list[str], cells: list[str], columns: Columns) -> tuple[dict[str, Any], list[RowError]]:
    if len(cells) != len(header):
        return {}, [RowError(line, "", f"{len(cells)} cells, but the first line names {len(header)} columns")]
    row: dict[str, Any] = {}
    faults = []
    for name, cell in zip(header, (" ".join(cell.split()) for cell in cells), strict=True):
        if not cell:
            continue
        try:
            row[columns.attribute(name)] = columns.cells[name](cell)
        except ValueError as problem:
            faults.append(RowError(line, name, str(problem)))
    if not faults and columns.key not in row:
        faults.append(RowError(line, columns.key, "empty: the row could not be known again"))
    return row, faults


def _compare(
    database: Database, rows: list[_Row], columns: Columns
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int, list[RowError]]:
    """New rows, changed ones with their ids, how many are so already, and what is wrong."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    errors: list[RowError] = []
    unchanged, seen = 0, set()
    with database.reading() as session:
        known = {getattr(each, columns.key): each for each in session.scalars(select(columns.table))}
        for line, row in rows:
            key = row[columns.key]
            there = known.get(key)
            held = [columns.attribute(name) for name in columns.cells]
            now = {name: getattr(there, name) for name in held} if there is not None else dict(columns.defaults)
            after = {**now, **row}
            missing = [name for name in columns.needed if columns.attribute(name) not in after]
            fault = "this row stands here twice" if key in seen else columns.whole(after) if not missing else ""
            errors += [RowError(line, name, "a new row needs it") for name in missing]
            errors += [RowError(line, "", fault)] if fault else []
            seen.add(key)
            if missing or fault:
                continue
            if there is None:
                new.append(after)
            elif after != now:
                changed.append({"id": there.id, **after})  # type: ignore[attr-defined]  # every table has one
            else:
                unchanged += 1
    return new, changed, unchanged, errors


def _write(database: Database, new: list[dict[str, Any]], changed: list[dict[str, Any]], columns: Columns) -> None:
    with database.writing() as session:
        try:
            if new:
                session.execute(insert(columns.table), new)
            if changed:
                session.execute(update(columns.table), changed)
            session.commit()
        except IntegrityError:
            raise ImportConflict("The same rows were changed by somebody else during the import.", "Run it again.") from None
