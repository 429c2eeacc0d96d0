"""Looking articles up: by words, spelt well or nearly, and by what a call is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from markupsafe import Markup
from sqlalchemy import Integer, Select, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from core.database import insert_missing
from core.masking import mask_text
from crm.knowledge import FitKind, KnowledgeArticle, KnowledgeFit, KnowledgeMiss, KnowledgeVersion, KnowledgeWord
from crm.knowledge_index import Term, ranked
from crm.knowledge_words import MOST_WORDS, excerpt, mark_words, nearest, stems, words_of

_SHORTEST_ALONE = 3  # a shorter word says nothing when any word will do
_WEIGHTS = {FitKind.ANSWER: 4, FitKind.REASON: 3, FitKind.QUEUE: 1}
_LONGEST_MISS = 120
Fits = Collection[tuple[FitKind, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A published article, with its marked title and the marked part of its text."""

    id: int
    slug: str
    language: str
    title: Markup
    excerpt: Markup
    tags: tuple[str, ...]
    helped: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What a search found. `instead` are the words that were searched for in place of misspelt ones, "" for none; `loose` when
    no article has all of the words."""

    articles: tuple[Found, ...]
    instead: str = ""
    loose: bool = False


def search(session: Session, text: str, language: str, most: int = 10) -> Answers:
    """Published articles with all these words; where there are none, with the words that were likely meant, then with any."""
    words = words_of(text)[:MOST_WORDS]
    ids = ranked(session, _terms(words), False, language, most)
    if ids or not words:
        return Answers(_found(session, ids, words))
    meant = [_meant(session, word) for word in words]
    instead = " ".join(meant) if meant != words else ""
    ids = ranked(session, _terms(meant), False, language, most) if instead else []
    if ids:
        return Answers(_found(session, ids, meant), instead)
    telling = [word for word in meant if len(word) >= _SHORTEST_ALONE]
    ids = ranked(session, _terms(telling), True, language, most) if len(words) > 1 else []
    return Answers(_found(session, ids, telling), instead if ids else "", loose=bool(ids))


def fitting(session: Session, fits: Fits, language: str, most: int = 3) -> tuple[Found, ...]:
    """Published articles for a call of which this is known, the likeliest first: in this language where there is one."""
    if not fits:
        return ()
    known: dict[str, str | int] = {"language": language, "most": most * 4}
    for number, (kind, value) in enumerate(sorted(fits)):
        known |= {f"kind{number}": kind, f"value{number}": value}
    by_slug: dict[str, int] = {}
    for article_id, slug in session.execute(_fitting(len(fits)), known):
        by_slug.setdefault(slug, article_id)  # of two languages the reader's comes first
    return _found(session, list(by_slug.values())[:most], [])


@cache
def _fitting(many: int) -> Select[int, str]:
    """The statement for so many fits, with parameters kind0, value0, ...: a list of pairs would make SQLite read every article."""
    weight = case(*((KnowledgeFit.kind == kind, points) for kind, points in _WEIGHTS.items()), else_=0)
    known = or_(
        *(
            and_(KnowledgeFit.kind == bindparam(f"kind{number}"), KnowledgeFit.value == bindparam(f"value{number}"))
            for number in range(many)
        )
    )
    return (
        select(KnowledgeArticle.id, KnowledgeArticle.slug)
        .join(KnowledgeFit, KnowledgeFit.article_id == KnowledgeArticle.id)
        .where(known, KnowledgeArticle.published > 0)
        .group_by(KnowledgeArticle.id, KnowledgeArticle.slug, KnowledgeArticle.language, KnowledgeArticle.helped)
        .order_by(
            func.sum(weight).desc(), KnowledgeArticle.language != bindparam("language"), KnowledgeArticle.helped.desc(),
            KnowledgeArticle.id,
        )
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


def note_miss(session: Session, text: str, language: str, now: datetime) -> None:
    """Nobody could find this: supervisors see it. Long numbers are not kept. Does not commit."""
    kept = " ".join(mask_text(" ".join(text.lower().split())).split())[:_LONGEST_MISS]
    if not kept:
        return
    insert_missing(session, KnowledgeMiss, {"text": kept, "language": language, "count": 0, "at": now})
    same = KnowledgeMiss.text == kept, KnowledgeMiss.language == language
    session.execute(update(KnowledgeMiss).where(*same).values(count=KnowledgeMiss.count + 1, at=now))


def misses(session: Session, most: int = 30) -> list[KnowledgeMiss]:
    """What was searched for in vain, the most often first."""
    return list(session.scalars(select(KnowledgeMiss).order_by(KnowledgeMiss.count.desc(), KnowledgeMiss.at.desc()).limit(most)))


def forget_miss(session: Session, miss_id: int) -> None:
    """Somebody has seen to it. Does not commit."""
    miss = session.get(KnowledgeMiss, miss_id)
    if miss is not None:
        session.delete(miss)


def _terms(words: list[str]) -> list[Term]:
    return [Term(word, frozenset(stems(word))) for word in words]


def _meant(session: Session, word: str) -> str:
    """The word itself where an article has one that begins like it, else the nearest that one has."""
    begins = select(KnowledgeWord.word).where(KnowledgeWord.word.startswith(word)).limit(1)
    if session.scalar(begins) is not None:
        return word
    length = func.length(KnowledgeWord.word)
    alike = select(KnowledgeWord.word).where(length >= len(word) - 2, length <= len(word) + 2)
    return nearest(word, session.scalars(alike)) or word


_PUBLISHED = (
    select(
        KnowledgeArticle.id, KnowledgeArticle.slug, KnowledgeArticle.language, KnowledgeArticle.helped, KnowledgeVersion.title,
        KnowledgeVersion.plain, KnowledgeVersion.tags,
    )
    .join(
        KnowledgeVersion,
        and_(KnowledgeVersion.article_id == KnowledgeArticle.id, KnowledgeVersion.number == KnowledgeArticle.published),
    )
    .where(KnowledgeArticle.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def _found(session: Session, ids: list[int], words: list[str]) -> tuple[Found, ...]:
    by_id = {
        row.id: Found(
            row.id, row.slug, row.language, mark_words(row.title, words), excerpt(row.plain, words), tuple(row.tags), row.helped
        )
        for row in session.execute(_PUBLISHED, {"ids": ids})
    }
    return tuple(by_id[key] for key in ids if key in by_id)
