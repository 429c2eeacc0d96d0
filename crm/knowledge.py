"""Articles that agents look up: their versions, for which calls they fit, and whom they helped."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import HaloError, NotFound

LONGEST_SLUG, LONGEST_TITLE, LONGEST_BODY, LONGEST_VALUE, MOST_VALUES = 80, 160, 40_000, 40, 20
SLUG = r"[a-z0-9][a-z0-9-]{0,79}"
VALUE = r"[a-z0-9][a-z0-9_-]{0,39}"


class FitKind(StrEnum):
    """By what a call is known to need an article."""

    REASON = "reason"  # the code of why they call
    QUEUE = "queue"
    ANSWER = "answer"  # the name of an answer of the call script


class KnowledgeArticle(Base):
    """One article in one language; the same `slug` in the other language is the same article. `newest` and `published` are
    numbers of versions, 0 for not published."""

    __tablename__ = "knowledge_articles"
    __table_args__ = (UniqueConstraint("slug", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG))
    language: Mapped[str] = mapped_column(String(2))
    newest: Mapped[int] = mapped_column(default=0)
    published: Mapped[int] = mapped_column(default=0, index=True)
    helped: Mapped[int] = mapped_column(default=0)


class KnowledgeVersion(Base):
    """One text of an article. `plain` has the words of the body alone, `fits` is by FitKind a list of codes."""

    __tablename__ = "knowledge_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_articles.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    body: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    fits: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


class KnowledgeFit(Base):
    """What a published article fits, to be found by it."""

    __tablename__ = "knowledge_fits"
    __table_args__ = (Index("ix_knowledge_fits_kind_value", "kind", "value"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_articles.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE), primary_key=True)


class KnowledgeWord(Base):
    """A word of published articles, by which a misspelt one is known; it stays when the article goes."""

    __tablename__ = "knowledge_vocabulary"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class KnowledgeHelp(Base):
    """An agent said that an article helped; in this interaction, "" outside of one."""

    __tablename__ = "knowledge_helps"
    __table_args__ = (UniqueConstraint("article_id", "agent_id", "interaction_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_articles.id", ondelete="CASCADE"))
    agent_id: Mapped[str] = mapped_column(String(36))
    interaction_id: Mapped[str] = mapped_column(String(36), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnowledgeMiss(Base):
    """What was searched for in vain, how often, and when last."""

    __tablename__ = "knowledge_misses"
    __table_args__ = (UniqueConstraint("text", "language"), Index("ix_knowledge_misses_count", "count"))

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    count: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArticleMoved(HaloError):
    """Somebody saved the article after this reader had seen it."""

    code = "article_moved"


class ArticleThere(HaloError):
    """There is an article of this name in this language already."""

    code = "article_there"


def find_article(session: Session, article_id: int) -> KnowledgeArticle:
    """Raises NotFound."""
    article = session.get(KnowledgeArticle, article_id)
    if article is None:
        raise NotFound("There is no such article.", "Search again.")
    return article


def find_version(session: Session, article_id: int, number: int) -> KnowledgeVersion:
    """Raises NotFound."""
    version = session.scalar(
        select(KnowledgeVersion).where(KnowledgeVersion.article_id == article_id, KnowledgeVersion.number == number)
    )
    if version is None:
        raise NotFound("There is no such version.", "Open the article again.")
    return version


def versions_of(session: Session, article_id: int, most: int = 50) -> list[KnowledgeVersion]:
    """Its versions, the newest first."""
    found = select(KnowledgeVersion).where(KnowledgeVersion.article_id == article_id)
    return list(session.scalars(found.order_by(KnowledgeVersion.number.desc()).limit(most)))
