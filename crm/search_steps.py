"""The look-ups behind a search, each a stretch of one index: names and their words, and words that are nearly the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm.name_spelling import folded_word, without_one_letter
from crm.search_terms import SHORTEST_MISSPELT, NameWord, NameWordPart, SearchTerm, TermKind

LONG_WORD = 8  # letters; a longer one may have two faults
_COUNTED, _WORDS = 3_000, 60
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class WordFit:
    """How near a word of a name comes to a typed one: 0 the same, less than 1 a part of it, 1 or 2 faults of spelling."""

    word: str
    cost: float


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether it begins so, as a stretch of an index that is sorted by bytes."""
    return and_(column >= text, column < text + _LAST)


def by_term(session: Session, kind: TermKind, term: str, limit: int, whole: bool = False) -> list[tuple[int, str]]:
    """Who has a term of this kind that begins so, or is so, with the term; in the order of the terms."""
    fits = SearchTerm.term == term if whole else begins(SearchTerm.term.expression, term)
    wanted = select(SearchTerm.customer_id, SearchTerm.term).where(SearchTerm.kind == kind.value, fits)
    rows = session.execute(wanted.order_by(SearchTerm.kind, SearchTerm.term, SearchTerm.customer_id).limit(limit))
    return [(customer_id, found) for customer_id, found in rows]


def ids_by_words(session: Session, words: Sequence[str], limit: int, whole: bool) -> list[int]:
    """Who has each of these words in the name, or words that begin so; of those that have a word of many, the first."""
    return _ids(session, [_Typed(word, whole) for word in words], limit)


def ids_by_fits(session: Session, fits: Sequence[Sequence[WordFit]], limit: int) -> list[int]:
    """Who has one of the fitting words for each typed one; in no order."""
    return _ids(session, [_OneOf([fit.word for fit in each]) for each in fits], limit)


def fitting_words(session: Session, typed: str) -> list[WordFit]:
    """Words of names that this typed one may be meant for, the nearest first: begun, misspelt, or only a part of them."""
    readings = tuple(dict.fromkeys((typed, folded_word(typed))))
    column = NameWord.word.expression
    begun = select(NameWord.word).where(or_(*(begins(column, reading) for reading in readings))).limit(_WORDS)
    found = {word: 0.0 if word in readings else 0.2 for word in session.scalars(begun)}
    if len(typed) >= SHORTEST_MISSPELT:
        left = set().union(*map(without_one_letter, readings))
        for word in session.scalars(select(NameWordPart.word).where(NameWordPart.part.in_(left)).distinct()):
            faults = min(OSA.distance(word, reading) for reading in readings)
            if faults <= most_faults(typed):
                found[word] = min(found.get(word, 9.0), float(faults))
    if not found and len(typed) >= SHORTEST_MISSPELT - 1:
        inside = or_(*(column.contains(reading, autoescape=True) for reading in readings))
        found = dict.fromkeys(session.scalars(select(NameWord.word).where(inside).limit(_WORDS)), 0.5)
    return sorted((WordFit(word, cost) for word, cost in found.items()), key=lambda fit: (fit.cost, fit.word))[:_WORDS]


def most_faults(typed: str) -> int:
    """How many letters of a typed word may be wrong."""
    return 0 if len(typed) < SHORTEST_MISSPELT else 1 if len(typed) < LONG_WORD else 2


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word as it was typed, or in the spelling that stands for all."""

    word: str
    whole: bool

    def fits(self, term: ColumnElement[str]) -> ColumnElement[bool]:
        """A stretch of the index of terms."""
        return term.in_(self._readings()) if self.whole else or_(*(begins(term, reading) for reading in self._readings()))

    def is_among(self, term: ColumnElement[str]) -> ColumnElement[bool]:
        """The same of one customer's few terms: no stretch, or a database might go through all that begin so for each customer."""
        if self.whole:
            return term.in_(self._readings())
        return or_(*(func.substr(term, 1, len(reading)) == reading for reading in self._readings()))

    def _readings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.word, folded_word(self.word))))


@dataclass(frozen=True, slots=True)
class _OneOf:
    words: Sequence[str]

    def fits(self, term: ColumnElement[str]) -> ColumnElement[bool]:
        return term.in_(self.words)

    is_among = fits


def _ids(session: Session, wishes: Sequence[_Typed | _OneOf], limit: int) -> list[int]:
    """Customers with a word for each wish: those with the rarest of the words are looked at, and whether they have the others."""
    one = len(wishes) == 1
    counts = [1 if one else _count(session, wish.fits(SearchTerm.term.expression)) for wish in wishes]
    rarest = min(range(len(wishes)), key=counts.__getitem__)
    if counts[rarest] == 0:
        return []
    wanted = select(SearchTerm.customer_id).where(_is_word(SearchTerm), wishes[rarest].fits(SearchTerm.term.expression))
    for place, wish in enumerate(wishes):
        if place != rarest:
            also = aliased(SearchTerm)
            theirs = (also.customer_id == SearchTerm.customer_id, _is_word(also), wish.is_among(also.term.expression))
            # A value, not EXISTS: PostgreSQL would rather gather everybody with a common word than look at the few.
            wanted = wanted.where(select(also.term).where(*theirs).limit(1).scalar_subquery().is_not(None))
    return list(dict.fromkeys(session.scalars(wanted.limit(limit))))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    """How many have it, counted no further than it matters."""
    some = select(SearchTerm.customer_id).where(_is_word(SearchTerm), condition).limit(_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _is_word(term: type[SearchTerm]) -> ColumnElement[bool]:
    return term.kind == TermKind.WORD.value
