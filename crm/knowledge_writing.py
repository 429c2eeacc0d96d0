"""The only writer of articles: a saved text is a new version, and what is published is what agents find."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.database import insert_missing
from crm.knowledge import (
    ArticleMoved,
    ArticleThere,
    FitKind,
    KnowledgeArticle,
    KnowledgeFit,
    KnowledgeHelp,
    KnowledgeVersion,
    KnowledgeWord,
    find_article,
    find_version,
)
from crm.knowledge_index import put, take_out
from crm.knowledge_words import indexed, words_of
from crm.markdown_text import to_plain

_SHORTEST_KNOWN = 3


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What an article says. `fits` is by FitKind the codes of calls for which it is good."""

    title: str
    body: str
    tags: tuple[str, ...] = ()
    fits: dict[FitKind, tuple[str, ...]] = field(default_factory=dict)


def add_article(session: Session, slug: str, language: str, text: ArticleText, by: str, now: datetime) -> KnowledgeArticle:
    """A new article, not published yet. Raises ArticleThere. Does not commit."""
    same = KnowledgeArticle.slug == slug, KnowledgeArticle.language == language
    if session.scalar(select(KnowledgeArticle.id).where(*same)) is not None:
        raise ArticleThere("There is an article of this name in this language already.", "Choose another name, or edit that one.")
    article = KnowledgeArticle(slug=slug, language=language)
    session.add(article)
    session.flush()
    return save_text(session, article.id, 0, text, by, now)


def save_text(session: Session, article_id: int, seen: int, text: ArticleText, by: str, now: datetime) -> KnowledgeArticle:
    """A new version, which is a draft until it is published. `seen` is the newest version that the writer knew.

    Raises NotFound, ArticleMoved. Does not commit.
    """
    article = find_article(session, article_id)
    same_as_seen = KnowledgeArticle.id == article_id, KnowledgeArticle.newest == seen
    moved = update(KnowledgeArticle).where(*same_as_seen).values(newest=seen + 1).returning(KnowledgeArticle.id)
    if not session.scalars(moved, execution_options={"synchronize_session": False}).all():
        raise ArticleMoved("Somebody else saved this article meanwhile.", "Look at their text, then save yours again.")
    fits = {kind.value: list(values) for kind, values in text.fits.items() if values}
    written = {"title": text.title, "body": text.body, "plain": to_plain(text.body), "tags": list(text.tags), "fits": fits}
    session.add(KnowledgeVersion(article_id=article_id, number=seen + 1, at=now, by=by, **written))
    session.flush()
    session.refresh(article)
    return article


def publish(session: Session, article_id: int, number: int) -> KnowledgeArticle:
    """This version is what agents find from now on. Raises NotFound. Does not commit."""
    article, version = find_article(session, article_id), find_version(session, article_id, number)
    article.published = number
    session.execute(delete(KnowledgeFit).where(KnowledgeFit.article_id == article_id))
    for kind, values in version.fits.items():
        session.add_all(KnowledgeFit(article_id=article_id, kind=kind, value=value) for value in dict.fromkeys(values))
    plain, language = version.plain, article.language
    put(session, article_id, indexed(version.title, language), indexed(" ".join(version.tags), language), indexed(plain, language))
    known = {*words_of(version.title), *words_of(" ".join(version.tags)), *words_of(plain)}
    words = [{"word": word} for word in sorted(known) if len(word) >= _SHORTEST_KNOWN and not word.isdigit()]
    if words:
        insert_missing(session, KnowledgeWord, words)
    session.flush()
    return article


def withdraw(session: Session, article_id: int) -> None:
    """Agents find it no more; its versions stay. Raises NotFound. Does not commit."""
    find_article(session, article_id).published = 0
    session.execute(delete(KnowledgeFit).where(KnowledgeFit.article_id == article_id))
    take_out(session, article_id)
    session.flush()


def note_help(session: Session, article_id: int, agent_id: str, interaction_id: str, now: datetime) -> bool:
    """The article helped this agent in this interaction; whether that is new. Raises NotFound. Does not commit."""
    find_article(session, article_id)
    same = (
        KnowledgeHelp.article_id == article_id, KnowledgeHelp.agent_id == agent_id, KnowledgeHelp.interaction_id == interaction_id,
    )  # fmt: skip
    if session.scalar(select(KnowledgeHelp.id).where(*same)) is not None:
        return False
    insert_missing(
        session, KnowledgeHelp, {"article_id": article_id, "agent_id": agent_id, "interaction_id": interaction_id, "at": now}
    )
    session.execute(update(KnowledgeArticle).where(KnowledgeArticle.id == article_id).values(helped=KnowledgeArticle.helped + 1))
    return True
