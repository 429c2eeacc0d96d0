"""Who may be on record twice: the same number under a similar name, or the same e-mail address."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.name_spelling import folded, plain

ALIKE = 80.0  # of 100; two words of a name that are the same, or nearly, and others that one of them has alone
_MOST_AT_ONE = 20  # of a number that a whole office shares
_PARTS_OF_NOBODY = 10
_PHONE_OF, _PHONE = CustomerPhone.customer_id, CustomerPhone.e164
_EMAIL_OF, _EMAIL = CustomerEmail.customer_id, CustomerEmail.address


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two customers who may be one, the older record first; `phones` and `emails` are what they share."""

    first: Customer
    second: Customer
    phones: tuple[str, ...]
    emails: tuple[str, ...]


def similar_names(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same words in any order and spelling, one letter off here and there, some left
    out. A single short word in common is not enough."""
    first, second = folded(plain(one)), folded(plain(other))
    if not first or not second:
        return False
    shorter = min(first, second, key=len)
    if " " not in shorter:  # one name only: it must be one of the other's words
        return len(shorter) > 2 and max(fuzz.ratio(shorter, word) for word in max(first, second, key=len).split()) >= ALIKE + 5
    return fuzz.token_sort_ratio(first, second) >= ALIKE or fuzz.token_set_ratio(first, second) >= ALIKE + 10


def duplicates_of(session: Session, customer: Customer) -> list[Duplicate]:
    """Others who may be this customer, in seven queries at most."""
    ids: set[int] = set()
    for owner, value in ((_PHONE_OF, _PHONE), (_EMAIL_OF, _EMAIL)):
        own = list(session.scalars(select(value).where(owner == customer.id)))
        ids.update(session.scalars(select(owner).where(value.in_(own)).limit(5 * _MOST_AT_ONE)))
    return _among(session, ids | {customer.id}, about=customer.id)


def all_duplicates(session: Session, after: str, most: int) -> tuple[list[Duplicate], str]:
    """Pairs among those who share a number or an address, in the order of these, from the one after `after` on, "": the first;
    and where the next page begins, "" when this was the last. A pair that shares several stands once for each.

    `most` numbers and addresses make a page; where these are all of families and offices it goes on, up to ten times as far.
    """
    found: list[Duplicate] = []
    for _part in range(_PARTS_OF_NOBODY):
        shared = _shared(session, after, most)
        for value in shared:
            owner, column = (_EMAIL_OF, _EMAIL) if "@" in value else (_PHONE_OF, _PHONE)
            ids = set(session.scalars(select(owner).where(column == value).limit(_MOST_AT_ONE)))
            found += _among(session, ids)
        after = shared[-1] if len(shared) == most else ""
        if found or not after:
            break
    return found, after


def _shared(session: Session, after: str, most: int) -> list[str]:
    """Numbers, then addresses, that more than one record has."""
    numbers = [] if "@" in after else _several(session, _PHONE_OF, _PHONE, after, most)
    return numbers + _several(session, _EMAIL_OF, _EMAIL, after if "@" in after else "", most - len(numbers))


def _several(session: Session, owner: Any, value: Any, after: str, most: int) -> list[str]:
    wanted = select(value).join(Customer, Customer.id == owner).where(Customer.merged_into_id.is_(None), value > after)
    return list(session.scalars(wanted.group_by(value).having(func.count() > 1).order_by(value).limit(most))) if most else []


def _among(session: Session, ids: Collection[int], about: int | None = None) -> list[Duplicate]:
    """Pairs of these who may be one; all with `about`, when it is given."""
    standing = select(Customer).where(Customer.id.in_(set(ids)), Customer.merged_into_id.is_(None)).order_by(Customer.id)
    people = list(session.scalars(standing))
    if len(people) < 2:
        return []
    wanted = [person.id for person in people]
    phones, emails = defaultdict(set), defaultdict(set)
    for owner, e164 in session.execute(
        select(CustomerPhone.customer_id, CustomerPhone.e164).where(CustomerPhone.customer_id.in_(wanted))
    ):
        phones[owner].add(e164)
    for owner, address in session.execute(
        select(CustomerEmail.customer_id, CustomerEmail.address).where(CustomerEmail.customer_id.in_(wanted))
    ):
        emails[owner].add(address)
    pairs: list[Duplicate] = []
    for place, first in enumerate(people):
        for second in people[place + 1 :]:
            if about is not None and about not in (first.id, second.id):
                continue
            numbers, addresses = phones[first.id] & phones[second.id], emails[first.id] & emails[second.id]
            if addresses or (numbers and similar_names(first.name, second.name)):
                pairs.append(Duplicate(first, second, tuple(sorted(numbers)), tuple(sorted(addresses))))
    return pairs


def _owned(session: Session, owner: Any, value: Any, ids: Collection[int]) -> dict[int, set[str]]:
    owned: dict[int, set[str]] = defaultdict(set)
    for customer_id, one in session.execute(select(owner, value).where(owner.in_(ids))):
        owned[customer_id].add(one)
    return owned
