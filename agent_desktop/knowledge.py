"""Articles that agents look up: the search, and each on a page of its own."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES, Role
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from core.errors import BadInput, NotFound
from core.ids import is_id
from crm.knowledge import KnowledgeArticle, KnowledgeVersion, find_article, find_version, versions_of
from crm.knowledge_search import Answers, Fits, fitting, misses, note_miss, search
from crm.knowledge_writing import note_help
from crm.markdown_text import to_html

blueprint = Blueprint("knowledge", __name__)
ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
LONGEST_SEARCH = 120
_MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article as it is read. `published` is the number in force, 0 for none; `shown` the one that is shown."""

    id: int
    slug: str
    language: str
    title: str
    html: Markup
    tags: tuple[str, ...]
    shown: int
    published: int
    newest: int
    helped: int
    at: datetime
    by: str
    other: int  # the same article in the other language, 0 for none


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One row of the list of all."""

    id: int
    title: str
    language: str
    helped: int
    is_draft: bool  # has a newer text than agents find, or none that they find
    published: bool


@blueprint.get("/knowledge")
@needs_role(*ROLES)
def page() -> ResponseReturnValue:
    text, supervises = asked_text(), user_here().role in SUPERVISING_ROLES
    with services().database.reading() as session:
        answers = search(session, text, language_here(), 20) if text else None
        listed = [] if text else _listed(session, supervises)
        missed = misses(session) if supervises and not text else []
    return render_template("knowledge/list.html", text=text, answers=answers, listed=listed, missed=missed, supervises=supervises)


@blueprint.get("/knowledge/<int:article_id>")
@needs_role(*ROLES)
def article(article_id: int) -> ResponseReturnValue:
    """`version` shows supervisors another one than that in force."""
    asked, supervises = request.args.get("version", ""), user_here().role in SUPERVISING_ROLES
    number = int(asked) if supervises and asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    with services().database.reading() as session:
        shown = read_article(session, article_id, number, drafts=supervises)
        versions = versions_of(session, article_id) if supervises else []
    return render_template("knowledge/article.html", article=shown, versions=versions, supervises=supervises)


@blueprint.post("/api/knowledge/<int:article_id>/helped")
@needs_role(Role.AGENT)
def helped(article_id: int) -> ResponseReturnValue:
    """It helped this agent, in the call in hand or outside of one."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id = body.text("interaction_id", most=36, default="")
    if interaction_id and not is_id(interaction_id):
        raise BadInput("That is no interaction.", "Load the page again.")
    with here.database.writing() as session:
        is_new = note_help(session, article_id, agent_id, interaction_id, here.clock.now())
        session.commit()
    return jsonify(new=is_new)


@blueprint.post("/api/knowledge/missed")
@needs_role(*ROLES)
def missed() -> ResponseReturnValue:
    """Somebody searched for this and found nothing, or nothing with all of the words."""
    here, text = services(), json_body().text("text", most=LONGEST_SEARCH)
    with here.database.writing() as session:
        found = search(session, text, language_here(), 1)
        if not found.articles or found.loose:
            note_miss(session, text, language_here(), here.clock.now())
        session.commit()
    return jsonify(noted=True)


def asked_text() -> str:
    """What is searched for, "" for nothing."""
    return " ".join(request.args.get("q", "")[:LONGEST_SEARCH].replace("\x00", "").split())


def answers_for(session: Session, text: str, fits: Fits, most: int = 8) -> Answers:
    """What a search finds; without words, what fits the call."""
    return search(session, text, language_here(), most) if text else Answers(fitting(session, fits, language_here(), most))


def read_article(session: Session, article_id: int, number: int = 0, drafts: bool = False) -> ShownArticle:
    """An article as it is read: this version, else the one in force, else the newest where `drafts` may be seen.

    Raises NotFound.
    """
    found = find_article(session, article_id)
    shown = number or found.published or (found.newest if drafts else 0)
    if not shown:
        raise NotFound("That article is not published.", "Search again.")
    version = find_version(session, article_id, shown)
    same = select(KnowledgeArticle.id).where(KnowledgeArticle.slug == found.slug, KnowledgeArticle.language != found.language)
    other = session.scalar(same if drafts else same.where(KnowledgeArticle.published > 0))
    return ShownArticle(
        found.id, found.slug, found.language, version.title, to_html(version.body), tuple(version.tags), shown, found.published,
        found.newest, found.helped, version.at, version.by, other or 0,
    )  # fmt: skip


def _listed(session: Session, drafts: bool) -> list[ListedArticle]:
    """Every article, those of the reader's language first, by title."""
    newest = and_(KnowledgeVersion.article_id == KnowledgeArticle.id, KnowledgeVersion.number == KnowledgeArticle.newest)
    found = select(KnowledgeArticle, KnowledgeVersion.title).join(KnowledgeVersion, newest)
    if not drafts:
        found = found.where(KnowledgeArticle.published > 0)
    order = (KnowledgeArticle.language != language_here(), KnowledgeVersion.title, KnowledgeArticle.id)
    return [
        ListedArticle(one.id, title, one.language, one.helped, one.published != one.newest, one.published > 0)
        for one, title in session.execute(found.order_by(*order).limit(_MOST_LISTED))
    ]
