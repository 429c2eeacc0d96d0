"""Tables that planners bring and take away: CSV, or by the name's ending a workbook of Excel; faults are told by row and column."""

import csv
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from core.errors import BadInput

_EXCEL = ".xlsx"
_MOST_ROWS, _MOST_COLUMNS = 2_000_000, 200
_MOST_UNPACKED_MB = 500
_LONGEST_CELL = 1000  # a workbook may name one long text in every cell, and each would be a copy
_SEPARATORS = (",", ";", "\t")  # Excel writes what the system's list separator is
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet begins to compute
_COLUMNS = "The columns are: %(names)s."
_YES, _NO = frozenset({"yes", "ya", "true", "1", "x"}), frozenset({"", "no", "tidak", "false", "0"})


class TableFault(BadInput):
    """What is wrong in a table; `row` 0 and `column` "" mean the file itself. `why` and `step` have places for `fields`, so that a
    page can say them in its own language."""

    code = "table_fault"

    def __init__(self, file: str, row: int, column: str, why: str, step: str, **fields: Any) -> None:
        place = f"{file}, row {row}" + (f", column {column}" if column else "") if row else file
        super().__init__(f"{place}: {why % fields}", step % fields)
        self.row, self.column, self.why, self.step, self.fields = row, column, why, step, fields


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; `number` is that of the file, the heading being 1. What a method gives is None for an empty cell."""

    file: str
    number: int
    cells: Mapping[str, str]

    def wrong(self, column: str, why: str, step: str = "Correct this cell.", **fields: Any) -> TableFault:
        """The error to raise for this cell; `why` and `step` have places for `fields`, and for `value`, which stands there."""
        return TableFault(self.file, self.number, column, why, step, **({"value": self.text(column)} | fields))

    def text(self, column: str) -> str:
        """ "" for an empty cell."""
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        """Raises BadInput for an empty cell."""
        found = self.text(column)
        if not found:
            raise self.wrong(column, "it is empty.")
        return found

    def number_at(self, column: str, least: float = 0.0, most: float = math.inf) -> float | None:
        """A number from `least` to `most`. Raises BadInput."""
        found = self.text(column)
        if not found:
            return None
        try:
            value = float(found)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.wrong(column, "'%(value)s' is no number.", "Write it like 12.5.")
        if value < least and math.isinf(most):
            raise self.wrong(column, "%(value)s must be %(least)s or more.", least=f"{least:.12g}")
        if not least <= value <= most:
            bounds = {"least": f"{least:.12g}", "most": f"{most:.12g}"}  # 1000000, which nobody reads as 1e+06
            raise self.wrong(column, "%(value)s does not lie from %(least)s to %(most)s.", **bounds)
        return value

    def whole_at(self, column: str, least: float = 0, most: float = math.inf) -> int | None:
        """A whole number from `least` to `most`. Raises BadInput."""
        value = self.number_at(column, least, most)
        if value is not None and value != int(value):
            raise self.wrong(column, "%(value)s is no whole number.")
        return None if value is None else int(value)

    def date_at(self, column: str) -> date:
        """A day. Raises BadInput, also for an empty cell."""
        found = self.needed(column)
        try:
            return date.fromisoformat(found[:10])
        except ValueError:
            raise self.wrong(column, "'%(value)s' is no date.", "Write it like 2026-12-31.") from None

    def time_at(self, column: str) -> time | None:
        """A time of the day. Raises BadInput."""
        found = self.text(column)
        if not found:
            return None
        try:
            return time.fromisoformat(found[-8:] if "T" in found else found)
        except ValueError:
            raise self.wrong(column, "'%(value)s' is no time of the day.", "Write it like 08:30.") from None

    def moment_at(self, column: str, zone: tzinfo) -> datetime:
        """A moment; without a zone of its own it is of this one. Raises BadInput."""
        found = self.needed(column)
        try:
            moment = datetime.fromisoformat(found)
        except ValueError:
            raise self.wrong(column, "'%(value)s' is no moment.", "Write it like 2026-12-31 08:30.") from None
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment

    def yes_at(self, column: str) -> bool:
        """Yes or no, empty for no. Raises BadInput."""
        found = self.text(column).lower()
        if found not in _YES | _NO:
            raise self.wrong(column, "'%(value)s' is neither yes nor no.")
        return found in _YES


def read_table(file: Path, needed: Sequence[str], others: Sequence[str] = ()) -> list[TableRow]:
    """The rows with something in them. Columns come in any order; further ones are not looked at. Raises BadInput for a file that
    can't be read, and for one that lacks a needed column."""
    rows = _excel_rows(file) if file.suffix.lower() == _EXCEL else _csv_rows(file)
    heading: list[str] | None = None
    known = ", ".join(dict.fromkeys((*needed, *others)))
    found = []
    for number, cells in rows:
        if number > _MOST_ROWS:
            raise TableFault(file.name, 0, "", "it has more than %(most)s rows.", "Split it.", most=f"{_MOST_ROWS:,}")
        if heading is None:
            heading = [cell.strip().lower() for cell in cells]
            missing = [name for name in needed if name not in heading]
            if missing:
                raise TableFault(file.name, 1, "", "there is no column %(value)s.", _COLUMNS, value=missing[0], names=known)
            twice = next((name for name in (*needed, *others) if heading.count(name) > 1), None)
            if twice is not None:
                raise TableFault(file.name, 1, "", "there are two columns %(value)s.", "Keep one of them.", value=twice)
        elif any(len(cell) > _LONGEST_CELL for cell in cells):
            raise TableFault(file.name, number, "", "a cell holds more than %(most)s letters.", "Shorten it.", most=_LONGEST_CELL)
        elif any(cells):
            texts = (_plain(cell.strip()) for cell in cells)
            found.append(TableRow(file.name, number, dict(zip(heading, texts, strict=False))))
    if not found:
        raise TableFault(file.name, 0, "", "it has no row.", _COLUMNS, names=known)
    return found


def write_table(file: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write it anew. Raises BadInput where the file can't be written."""
    try:
        if file.suffix.lower() == _EXCEL:
            _write_excel(file, columns, rows)
            return
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(columns)
            writer.writerows([harmless(_shown(cell)) if isinstance(cell, str) else _shown(cell) for cell in row] for row in rows)
    except OSError as problem:
        raise BadInput(f"{file} can't be written ({type(problem).__name__}).", "Check the folder.") from None


def harmless(text: str) -> str:
    """The text as a cell of a CSV file that no spreadsheet takes for a formula; a number stays one. `read_table` undoes it."""
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lstrip("+-")[:1].isdigit()


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _csv_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    row = 1
    try:
        with file.open("rb") as raw:
            if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
                raise TableFault(file.name, 0, "", "it can't be read (%(cause)s).", "Save it as CSV UTF-8.", cause="UTF-16")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline()
            lines.seek(0)
            reader = csv.reader(lines, delimiter=max(_SEPARATORS, key=first.count))
            for cells in reader:
                row = reader.line_num + 1
                yield reader.line_num, cells
    except UnicodeDecodeError as problem:
        wrong = problem.object[: problem.start].count(b"\n")
        raise TableFault(file.name, row + wrong, "", "it is no UTF-8 text.", "Save it as CSV UTF-8.") from None
    except (OSError, csv.Error) as problem:
        step = "Check that it is there and is UTF-8 text."
        raise TableFault(str(file), 0, "", "it can't be read (%(cause)s).", step, cause=type(problem).__name__) from None


def _excel_rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # here: few commands ask for it

    book = None
    try:
        check_unpacked(file, _MOST_UNPACKED_MB)
        book = load_workbook(file, read_only=True, data_only=True)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
            yield number, ["" if cell is None else _shown(cell) for cell in cells]
    except BadInput:
        raise
    except Exception as problem:  # the library has no error of its own for what is no workbook
        step = "Check that it is a workbook of Excel."
        raise TableFault(str(file), 0, "", "it can't be read (%(cause)s).", step, cause=type(problem).__name__) from None
    finally:
        if book is not None:
            book.close()


def check_unpacked(file: Path, most_mb: int) -> None:
    """Raises BadInput for a workbook that holds more, however small its file. What a part says of its size is all that is read of
    it."""
    with zipfile.ZipFile(file) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > most_mb * 1_000_000:
        raise TableFault(file.name, 0, "", "it holds more than %(most)s MB.", "Split it.", most=most_mb)


def _write_excel(file: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl import Workbook  # here: few commands ask for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Halo")
    sheet.append(list(columns))
    for row in rows:
        sheet.append([_excel_cell(sheet, cell) for cell in row])
    book.save(file)


def _excel_cell(sheet: Any, cell: Any) -> Any:
    """A text is a text, also one that looks like a formula."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(cell, datetime):
        return _shown(cell)
    if not isinstance(cell, str) or not cell.startswith("="):
        return cell
    made = WriteOnlyCell(sheet, value=cell)
    made.data_type = "s"
    return made


def _shown(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
