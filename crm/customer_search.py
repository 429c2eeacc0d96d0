"""Finding anyone by whatever an agent types: what is so comes before what begins so, and that before what is nearly so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm.customers import Customer, CustomerPhone
from crm.lookup import customer_by_external_id
from crm.name_spelling import folded, folded_word, plain
from crm.order_numbers import is_order_number
from crm.orders import Invoice, Order
from crm.phone_numbers import HOME_COUNTRY, country_code, for_people, to_e164
from crm.search_marks import Pieces, mark_beginning, mark_digits, mark_name
from crm.search_steps import by_term, fitting_words, ids_by_fits, ids_by_words
from crm.search_terms import PART, TermKind
from crm.tickets import Ticket

LONGEST_SEARCH = 80
_SHORTEST_NUMBER_PART, _LONGEST_NUMBER = 4, 20
_MOST_WORDS, _LOOSE = 6, 200


class FoundBy(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ORDER = "order"
    INVOICE = "invoice"
    TICKET = "ticket"
    CUSTOMER_NUMBER = "customer_number"


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """Somebody who was found. `name` and `by_what`, "" pieces for a name, are marked where they are what was typed."""

    customer: Customer
    by: FoundBy
    name: Pieces
    by_what: Pieces


@dataclass(frozen=True, slots=True)
class _Hit:
    customer_id: int
    by: FoundBy
    what: str = ""


def find_customers(session: Session, text: str, limit: int = 20, country: str = HOME_COUNTRY) -> list[FoundCustomer]:
    """Customers for what an agent typed: the number of an order, bill, ticket or customer; a phone number, its beginning or its
    last digits; an e-mail address or its beginning; a name, words of it, or beginnings of them, misspelt as people misspell.

    At most `limit`, nobody twice; [] for blank text. In `country` (ISO, "ID") a number without its country code is read.
    """
    wanted = " ".join(text.replace("\x00", "").split())[:LONGEST_SEARCH]
    found: dict[int, _Hit] = {}
    for hit in _hits(session, wanted, limit, country):
        found.setdefault(hit.customer_id, hit)
        if len(found) >= limit:
            break
    people = {person.id: person for person in session.scalars(select(Customer).where(Customer.id.in_(found)))}
    return [_found(people[hit.customer_id], hit, wanted, country) for hit in found.values() if hit.customer_id in people]


def _hits(session: Session, wanted: str, limit: int, country: str) -> Iterator[_Hit]:
    digits = re.sub(r"[ ().\-/+]", "", wanted)
    if "@" in wanted:
        yield from _by_email(session, wanted.lower(), limit)
    elif digits.isascii() and digits.isdigit():
        yield from _by_digits(session, wanted, digits, limit, country)
    elif wanted:
        yield from _by_paper(session, wanted)
        yield from _by_name(session, wanted, limit)


def _by_email(session: Session, address: str, limit: int) -> Iterator[_Hit]:
    whole = by_term(session, TermKind.EMAIL, address, limit, whole=True)
    begun = by_term(session, TermKind.EMAIL, address, limit)
    user = address.partition("@")[0]
    # Somebody's address elsewhere, and whoever is called so: the address itself may be misspelt.
    elsewhere = by_term(session, TermKind.EMAIL, f"{user}@", limit) if user and not begun else []
    for customer_id, term in (*whole, *begun, *elsewhere):
        yield _Hit(customer_id, FoundBy.EMAIL, term)
    if not (whole or begun or elsewhere):
        yield from _by_name(session, re.sub(r"[^a-z]+", " ", user), limit)


def _by_digits(session: Session, wanted: str, digits: str, limit: int, country: str) -> Iterator[_Hit]:
    if is_order_number(digits):
        yield from _papers(session, FoundBy.ORDER, select(Order.customer_id, Order.number).where(Order.number == digits))
    e164 = to_e164(wanted, country)
    if e164:
        for customer_id, _term in by_term(session, TermKind.PHONE, e164[:0:-1], limit, whole=True):
            yield _Hit(customer_id, FoundBy.PHONE, e164)
    yield from _by_customer_number(session, wanted)
    if not _SHORTEST_NUMBER_PART <= len(digits) <= _LONGEST_NUMBER:
        return
    for customer_id, term in by_term(session, TermKind.PHONE, digits[::-1], limit):
        yield _Hit(customer_id, FoundBy.PHONE, f"+{term[::-1]}")
    yield from _by_first_digits(session, wanted, digits, limit, country)
    if digits[0] != "0":
        orders = select(Order.customer_id, Order.number).where(Order.number >= digits, Order.number < str(int(digits) + 1))
        yield from _papers(session, FoundBy.ORDER, orders.order_by(Order.number).limit(limit))


def _by_first_digits(session: Session, wanted: str, digits: str, limit: int, country: str) -> Iterator[_Hit]:
    """Numbers that begin so, as they are written at home or abroad."""
    for beginning in _international(wanted, digits, country):
        numbers = select(CustomerPhone.customer_id, CustomerPhone.e164).where(
            CustomerPhone.e164 >= f"+{beginning}", CustomerPhone.e164 < f"+{int(beginning) + 1}"
        )
        yield from _papers(session, FoundBy.PHONE, numbers.order_by(CustomerPhone.e164).limit(limit))


def _by_customer_number(session: Session, wanted: str) -> Iterator[_Hit]:
    person = customer_by_external_id(session, wanted)
    if person is not None:
        yield _Hit(person.id, FoundBy.CUSTOMER_NUMBER, wanted)


def _by_paper(session: Session, wanted: str) -> Iterator[_Hit]:
    yield from _by_customer_number(session, wanted)
    if any(letter.isdigit() for letter in wanted):
        number = wanted.upper()
        invoices = select(Invoice.customer_id, Invoice.number).where(Invoice.number == number)
        yield from _papers(session, FoundBy.INVOICE, invoices)
        tickets = select(Ticket.customer_id, Ticket.number).where(Ticket.number == number)
        yield from _papers(session, FoundBy.TICKET, tickets)


def _by_name(session: Session, wanted: str, limit: int) -> Iterator[_Hit]:
    spelt = plain(wanted)
    words = list(dict.fromkeys(spelt.split()))[:_MOST_WORDS]
    if not words:
        return
    standing = folded(spelt)
    yield from _named(by_term(session, TermKind.NAME, f"{standing}{PART}{spelt}", limit, whole=True))
    for beginning in dict.fromkeys((f"{standing}{PART}", spelt, standing)):
        yield from _named(by_term(session, TermKind.NAME, beginning, limit))
    for whole in (True, False):
        yield from (_Hit(customer_id, FoundBy.NAME) for customer_id in ids_by_words(session, words, 2 * limit, whole))
    yield from (_Hit(customer_id, FoundBy.NAME) for customer_id in _nearly(session, words, limit))


def _nearly(session: Session, words: list[str], limit: int) -> Iterator[int]:
    """Who may be meant by misspelt words, the fewest faults first."""
    fits = [fitting_words(session, word) for word in words]
    if not all(fits):
        return
    costs = [{fit.word: fit.cost for fit in each} for each in fits]
    ids = ids_by_fits(session, fits, _LOOSE)
    near = []
    for customer_id, name in session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(ids))):
        own = {word for part in plain(name).split() for word in (part, folded_word(part))}
        cost = sum(min((each[word] for word in own & each.keys()), default=9.0) for each in costs)
        near.append((cost, name, customer_id))
    yield from (customer_id for _cost, _name, customer_id in islice(sorted(near), limit))


def _named(rows: Iterable[tuple[int, str]]) -> Iterator[_Hit]:
    return (_Hit(customer_id, FoundBy.NAME) for customer_id, _term in rows)


def _papers(session: Session, by: FoundBy, wanted: Select[int, str]) -> Iterator[_Hit]:
    return (_Hit(customer_id, by, what) for customer_id, what in session.execute(wanted))


def _international(wanted: str, digits: str, country: str) -> list[str]:
    """How the first digits of a number may go on from the country code: "0811" and "62811" are both "62811" in Indonesia."""
    if wanted.startswith("+") or not digits.startswith("0"):
        return [digits.lstrip("0")] if digits.strip("0") else []
    if digits.startswith("00"):
        return [digits[2:]] if digits[2:].strip("0") else []
    code = country_code(country)
    return [f"{code}{digits[1:]}"] if code else []


def _found(person: Customer, hit: _Hit, wanted: str, country: str) -> FoundCustomer:
    if hit.by is FoundBy.NAME:
        return FoundCustomer(person, hit.by, mark_name(person.name, wanted), ())
    what = for_people(hit.what, country) if hit.by is FoundBy.PHONE else hit.what
    pieces = mark_beginning(what, wanted) if hit.by is FoundBy.EMAIL else mark_digits(what, wanted)
    return FoundCustomer(person, hit.by, ((person.name, False),), pieces)
