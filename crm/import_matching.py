"""Which customer is a row about? By external id, else phone, else e-mail; never by guessing between several."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.import_rows import SIMPLE_COLUMNS, CustomerRow, RowError
from crm.lookup import current_id

_SHOWN_CANDIDATES = 10


@dataclass(slots=True, eq=False)
class Person:
    """A customer as it will be after the rows read so far. `id` None: new. `line` is the row that speaks of it, if any."""

    id: int | None
    external_id: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    line: int | None = None

    @property
    def label(self) -> str:
        """How an error names this person, without any personal data."""
        return f"customer {self.id}" if self.id is not None else f"the customer of line {self.line}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes: new `values` (the external id too), phones and e-mails to add. Empty when nothing is new."""

    person: Person
    values: dict[str, str]
    phones: tuple[str, ...]
    emails: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.person.id is None or self.values or self.phones or self.emails)


class Directory:
    """Everybody whom the rows may be about: those in the database, as changed by the rows before."""

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}
        self._by_external_id: dict[str, Person] = {}
        self._by_phone: dict[str, list[Person]] = defaultdict(list)
        self._by_email: dict[str, list[Person]] = defaultdict(list)
        self._refused: dict[str, int] = {}

    def load(self, session: Session, rows: Sequence[CustomerRow]) -> None:
        """Read whoever has an external id, phone or e-mail of these rows: seven queries, however many rows, and one or two for each
        who was merged into another."""
        external_ids = [row.external_id for row in rows if row.external_id]
        phones = {phone for row in rows for phone in row.phones}
        emails = {email for row in rows for email in row.emails}
        ids = {
            *session.scalars(select(Customer.id).where(Customer.external_id.in_(external_ids))),
            *session.scalars(select(CustomerPhone.customer_id).where(CustomerPhone.e164.in_(phones))),
            *session.scalars(select(CustomerEmail.customer_id).where(CustomerEmail.address.in_(emails))),
        }
        aliases = self._standing_for(session, ids)
        ids -= self._people.keys()
        columns = [getattr(Customer, name) for name in SIMPLE_COLUMNS]
        for customer_id, external_id, *values in session.execute(
            select(Customer.id, Customer.external_id, *columns).where(Customer.id.in_(ids))
        ):
            self._people[customer_id] = Person(customer_id, external_id, dict(zip(SIMPLE_COLUMNS, values, strict=True)))
        for customer_id, e164 in session.execute(_of(ids, CustomerPhone.customer_id, CustomerPhone.e164)):
            self._people[customer_id].phones.add(e164)
        for customer_id, address in session.execute(_of(ids, CustomerEmail.customer_id, CustomerEmail.address)):
            self._people[customer_id].emails.add(address)
        for customer_id in sorted(ids):
            person = self._people[customer_id]
            self._index(person, person.external_id, person.phones, person.emails)
        self._by_external_id.update({number: self._people[customer_id] for number, customer_id in aliases.items()})

    @staticmethod
    def _standing_for(session: Session, ids: set[int]) -> dict[str, int]:
        """Put those in the place of the ids who stand for them by now; the customer numbers that lead to others, with whom."""
        away = select(Customer.id, Customer.external_id).where(Customer.id.in_(ids), Customer.merged_into_id.is_not(None))
        aliases = {}
        for customer_id, external_id in session.execute(away).all():
            standing = current_id(session, customer_id)
            ids.discard(customer_id)
            ids.add(standing)
            if external_id:
                aliases[external_id] = standing
        return aliases

    def take(self, row: CustomerRow) -> Change | RowError:
        """What this row changes, already counted in for the rows after it; or why it can't be used.

        No later row may decide what a refused one was about: a second run would then take it. So a refused row keeps
        its numbers, addresses and possible customers to itself.
        """
        by_external_id = self._by_external_id.get(row.external_id or "")
        candidates, column = ([by_external_id], "") if by_external_id else self._candidates(row)
        fault = self._fault(row, candidates, column, sure=by_external_id is not None)
        if fault is not None:
            if by_external_id is None:
                self._keep_to_itself(row, candidates)
            return fault
        person = candidates[0] if candidates else Person(None)
        person.line = row.line
        values = {name: value for name, value in row.values.items() if person.values.get(name) != value}
        if row.external_id and person.external_id is None:
            values["external_id"] = person.external_id = row.external_id
        phones = tuple(phone for phone in row.phones if phone not in person.phones)
        emails = tuple(email for email in row.emails if email not in person.emails)
        person.values |= row.values
        person.phones |= set(phones)
        person.emails |= set(emails)
        self._index(person, values.get("external_id"), phones, emails)
        return Change(person, values, phones, emails)

    def _candidates(self, row: CustomerRow) -> tuple[list[Person], str]:
        """Who has one of the row's phones, else one of its e-mails; and the column that says so."""
        for column, keys, index in (("phones", row.phones, self._by_phone), ("emails", row.emails, self._by_email)):
            found = list({id(person): person for key in keys for person in index.get(key, ())}.values())
            if row.external_id:  # who has another external id is somebody else: a household shares its number
                found = [person for person in found if person.external_id is None]
            if found:
                return _of_this_name(found, row.name), column
        return [], ""

    def _fault(self, row: CustomerRow, candidates: list[Person], column: str, sure: bool) -> RowError | None:
        refused = next((self._refused[key] for key in _keys(row) if key in self._refused), None)
        if refused is not None:
            return RowError(row.line, "", f"has the external_id, a phone or an e-mail of line {refused}, which was refused")
        if len(candidates) > 1:
            named = ", ".join(person.label for person in candidates[:_SHOWN_CANDIDATES])
            return RowError(row.line, column, f"fits several customers: {named}; give the external_id")
        if candidates and candidates[0].line is not None:
            return RowError(row.line, "" if sure else column, f"may be the same customer as in line {candidates[0].line}")
        if not candidates and not row.name:
            return RowError(row.line, "name", "a new customer needs a name")
        return None

    def _keep_to_itself(self, row: CustomerRow, candidates: list[Person]) -> None:
        for key in _keys(row):
            self._refused.setdefault(key, row.line)
        for person in candidates:
            person.line = row.line if person.line is None else person.line

    def _index(self, person: Person, external_id: str | None, phones: Iterable[str], emails: Iterable[str]) -> None:
        if external_id:
            self._by_external_id[external_id] = person
        for phone in phones:
            self._by_phone[phone].append(person)
        for email in emails:
            self._by_email[email].append(person)


def _keys(row: CustomerRow) -> list[str]:
    return [*((f"external_id {row.external_id}",) if row.external_id else ()), *row.phones, *row.emails]


def _of_this_name(found: list[Person], name: str) -> list[Person]:
    """Of several, the one who has this name, if it is just one; else all of them."""
    same = [person for person in found if name and person.values.get("name", "").casefold() == name.casefold()]
    return same if len(found) > 1 and len(same) == 1 else found


def _of(ids: set[int], owner: Any, value: Any) -> Any:
    return select(owner, value).where(owner.in_(ids)).order_by(owner)
