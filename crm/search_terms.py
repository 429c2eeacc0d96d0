"""What customers are found by, kept beside them: rewritten in the same unit of work whenever a customer, number or address is.

Everything that an agent may type is a look-up of a beginning in one index, on SQLite and PostgreSQL alike. Names stand here in one
spelling, numbers from their last digit on, so that the last digits are a beginning, too. The words of all names, of which there
are few beside the customers, stand once more with each letter left out, so that a misspelt word is found by what is left of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, delete, event, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from core.database import Base
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.name_spelling import LONGEST_NAME, folded, plain, without_one_letter

SHORTEST_MISSPELT = 4  # letters of a word that may be misspelt
PART = "\t"  # between the two spellings of a name; before every letter, so that a whole name comes before a longer one
_LONGEST_WORD = 60
_BATCH = 500


class TermKind(StrEnum):
    NAME = "n"
    WORD = "w"
    PHONE = "p"
    EMAIL = "e"


def _bytewise(length: int) -> Any:
    """Text that every database sorts by its bytes: a beginning is then a stretch of the index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class SearchTerm(Base):
    """One thing that a customer is found by. NAME: "folded<tab>plain"; WORD: a word of the name, plain and folded; PHONE: the
    digits from the last one on; EMAIL: the address."""

    __tablename__ = "search_terms"
    __table_args__ = (Index("ix_search_terms_customer_id", "customer_id"), {"sqlite_with_rowid": False})

    kind: Mapped[str] = mapped_column(String(1), primary_key=True)
    term: Mapped[str] = mapped_column(_bytewise(2 * LONGEST_NAME + 1), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)


class NameWord(Base):
    """A word that is in somebody's name, or was."""

    __tablename__ = "name_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(_bytewise(_LONGEST_WORD), primary_key=True)


class NameWordPart(Base):
    """A word that may be misspelt, by what is left of it without one letter."""

    __tablename__ = "name_word_parts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    part: Mapped[str] = mapped_column(_bytewise(_LONGEST_WORD), primary_key=True)
    word: Mapped[str] = mapped_column(_bytewise(_LONGEST_WORD), primary_key=True)


def terms_of(name: str, phones: Iterable[str], emails: Iterable[str]) -> set[tuple[str, str]]:
    """Kind and term of everything by which somebody with this name, these numbers (E.164) and addresses is found."""
    spelt = plain(name)
    standing = folded(spelt)
    terms = {(TermKind.PHONE.value, phone.removeprefix("+")[::-1]) for phone in phones}
    terms |= {(TermKind.EMAIL.value, address) for address in emails}
    if spelt:
        terms.add((TermKind.NAME.value, f"{standing}{PART}{spelt}"))
        if spelt != standing:
            terms.add((TermKind.NAME.value, f"{spelt}{PART}"))
    terms |= {(TermKind.WORD.value, word) for word in words_of(spelt)}
    return terms


def words_of(spelt: str) -> set[str]:
    """The words of a plain name, as they are spelt and folded."""
    return {word[:_LONGEST_WORD] for word in (*spelt.split(), *folded(spelt).split())}


def parts_of(word: str) -> frozenset[str]:
    """What a word is found by when it is misspelt; none for a short one."""
    return without_one_letter(word) if len(word) >= SHORTEST_MISSPELT else frozenset()


def index_customers(connection: Connection, customer_ids: Iterable[int]) -> None:
    """Write anew what these customers are found by; nobody who was merged into another is found."""
    ids = sorted(customer_ids)
    for start in range(0, len(ids), _BATCH):
        _index(connection, ids[start : start + _BATCH])


def _index(connection: Connection, ids: list[int]) -> None:
    connection.execute(delete(SearchTerm).where(SearchTerm.customer_id.in_(ids)))
    phones, emails = defaultdict(list), defaultdict(list)
    for owner, e164 in connection.execute(_of(ids, CustomerPhone.customer_id, CustomerPhone.e164)):
        phones[owner].append(e164)
    for owner, address in connection.execute(_of(ids, CustomerEmail.customer_id, CustomerEmail.address)):
        emails[owner].append(address)
    there = select(Customer.id, Customer.name).where(Customer.id.in_(ids), Customer.merged_into_id.is_(None))
    rows: list[dict[str, Any]] = [
        {"kind": kind, "term": term, "customer_id": customer_id}
        for customer_id, name in connection.execute(there)
        for kind, term in terms_of(name, phones[customer_id], emails[customer_id])
    ]
    if rows:
        connection.execute(insert(SearchTerm), rows)
        learn_words(connection, {row["term"] for row in rows if row["kind"] == TermKind.WORD})


def learn_words(connection: Connection, words: Collection[str]) -> None:
    """Keep these words of names, so that they are found misspelt."""
    known = set(connection.scalars(select(NameWord.word).where(NameWord.word.in_(words))))
    fresh = sorted(set(words) - known)  # in one order for all: two who learn the same words at once don't lock each other out
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    parts = [{"part": part, "word": word} for word in fresh for part in sorted(parts_of(word))]
    for table, rows in ((NameWord, [{"word": word} for word in fresh]), (NameWordPart, parts)):
        if rows:
            connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _of(ids: list[int], owner: Any, value: Any) -> Any:
    return select(owner, value).where(owner.in_(ids))


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: UOWTransaction) -> None:
    """Whoever was written is found by what they are now. Statements that write without objects call index_customers themselves."""
    changed = session.dirty  # found anew each time that it is asked for
    found = chain(((row, False) for row in (*session.new, *session.deleted)), ((row, True) for row in changed))
    touched = {customer_id for row, dirty in found if (customer_id := _found_by(row, dirty)) is not None}
    if touched:
        index_customers(session.connection(), touched)


def _found_by(row: object, dirty: bool) -> int | None:
    """Whose search this row belongs to; None for a row that changes nobody's."""
    if isinstance(row, Customer):
        return row.id if not dirty or _has_changed(row, "name", "merged_into_id", "phones", "emails") else None
    return row.customer_id if isinstance(row, CustomerPhone | CustomerEmail) else None


def _has_changed(row: Customer, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)
