"""Rows of a customer file: read one by one, checked cell by cell, every fault told with its line and column."""

import csv
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from core.masking import mask_number
from crm.customers import Customer, Language
from crm.phone_numbers import to_e164

SIMPLE_COLUMNS = ("name", "honorific", "language", "address", "city", "province", "postcode", "segment", "named_agent")
COLUMNS = ("external_id", *SIMPLE_COLUMNS, "phones", "emails")
KEY_COLUMNS = ("external_id", "phones", "emails")
_SEVERAL = ";"
_SHOWN_LENGTH = 40
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_LONGEST_EMAIL = 254
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_UTF8 = "not text in UTF-8: save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong at a place in the file. `line` is the file's own line, where the row begins; `column` "" for the whole row."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One checked row. `values` holds the simple columns that are filled; an empty cell says nothing."""

    line: int
    external_id: str | None
    values: dict[str, str]
    phones: tuple[str, ...]
    emails: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name, "" when the row gives none."""
        return self.values.get("name", "")


@dataclass(slots=True)
class CustomerReader:
    """Reads the lines of a CSV file. After iterating, `errors` holds what was wrong, in the order of the file.

    `agents` are the numbers of those who may be named as a customer's own.
    """

    lines: Iterable[str]
    country: str
    agents: Container[str]
    errors: list[RowError] = field(default_factory=list)

    def __iter__(self) -> Iterator[CustomerRow]:
        reader = csv.reader(self.lines, strict=True)
        header: list[str] | None = None
        begins = 1
        try:
            for cells in reader:
                if header is None:
                    header = self._header(cells)
                    if header is None:
                        return
                elif any(cell.strip() for cell in cells):
                    row = self._row(begins, header, cells)
                    if row is not None:
                        yield row
                begins = reader.line_num + 1
        except csv.Error as problem:
            self.errors.append(RowError(begins, "", f"not readable as CSV ({problem}): nothing from here on was read"))
        if header is None and not self.errors:
            self.errors.append(RowError(1, "", f"the file is empty; its first line must name the columns: {','.join(COLUMNS)}"))

    def _header(self, cells: list[str]) -> list[str] | None:
        names = [cell.strip().lower() for cell in cells]
        if any(_UNREADABLE.search(name) for name in names):
            self.errors.append(RowError(1, "", _NOT_UTF8))
            return None
        faults: list[RowError] = []
        for name in dict.fromkeys(names):
            if name not in COLUMNS:
                shown = _shown(name)
                faults.append(RowError(1, shown, f"there is no column {shown!r}; possible: {','.join(COLUMNS)}, parted by commas"))
            elif names.count(name) > 1:
                faults.append(RowError(1, name, "this column stands here twice"))
        if not faults and not set(KEY_COLUMNS) & set(names):
            faults.append(RowError(1, "", f"at least one of {', '.join(KEY_COLUMNS)} is needed to know a customer again"))
        self.errors += faults
        return None if faults else names

    def _row(self, line: int, header: list[str], cells: list[str]) -> CustomerRow | None:
        faults: list[RowError] = []
        if len(cells) != len(header):
            faults.append(RowError(line, "", f"{len(cells)} cells, but the first line names {len(header)} columns"))
            cells = []
        given = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=False)}
        for name, cell in zip(header, cells, strict=False):
            if _UNREADABLE.search(cell):
                faults.append(RowError(line, name, _NOT_UTF8))
                given[name] = ""
        values = {name: value for name in SIMPLE_COLUMNS if (value := given.get(name, ""))}
        if "language" in values:
            values["language"] = values["language"].lower()
        faults += _value_faults(line, {**values, "external_id": given.get("external_id", "")})
        if "named_agent" in values and values["named_agent"] not in self.agents:
            faults.append(RowError(line, "named_agent", f"there is no agent {_shown(values['named_agent'])!r}"))
        phones = self._phones(line, given.get("phones", ""), faults)
        emails = _emails(line, given.get("emails", ""), faults)
        external_id = given.get("external_id") or None
        if not faults and not (external_id or phones or emails):
            faults.append(RowError(line, "", "neither external_id nor phone nor e-mail: the customer could not be known again"))
        self.errors += faults
        return None if faults else CustomerRow(line, external_id, values, phones, emails)

    def _phones(self, line: int, cell: str, faults: list[RowError]) -> tuple[str, ...]:
        phones: dict[str, None] = {}
        for text in filter(None, (part.strip() for part in cell.split(_SEVERAL))):
            number = to_e164(text, self.country)
            if number is None:
                faults.append(RowError(line, "phones", f"{mask_number(text)} is no valid phone number in {self.country}"))
            else:
                phones[number] = None
        return tuple(phones)


def is_email(text: str) -> bool:
    """Whether this is written like an e-mail address, and fits."""
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def _value_faults(line: int, values: dict[str, str]) -> list[RowError]:
    faults = []
    for name, value in values.items():
        longest = getattr(Customer.__table__.c[name].type, "length", None)
        if longest is not None and name != "language" and len(value) > longest:
            faults.append(RowError(line, name, f"{len(value)} characters, but at most {longest} fit"))
    if values.get("language", Language.INDONESIAN) not in set(Language):
        faults.append(RowError(line, "language", f"must be {' or '.join(Language)}, or empty to ask the customer"))
    return faults


def _emails(line: int, cell: str, faults: list[RowError]) -> tuple[str, ...]:
    emails: dict[str, None] = {}
    for number, text in enumerate(filter(None, (part.strip() for part in cell.split(_SEVERAL))), start=1):
        if not is_email(text):
            faults.append(RowError(line, "emails", f"entry {number} is no e-mail address"))
        else:
            emails[text.lower()] = None
    return tuple(emails)


def _shown(text: str) -> str:
    return text[:_SHOWN_LENGTH].encode("ascii", "backslashreplace").decode()
