"""Supervisors write articles: a draft until it is published, with a preview by the same renderer that agents read by."""

import re
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.change_note import author_here
from agent_desktop.json_body import json_body
from agent_desktop.languages import LANGUAGES, language_here
from agent_desktop.roles import needs_role
from agent_desktop.sent_text import text_of, unwritable_line
from agent_desktop.services import services
from agent_desktop.texts import _
from crm.knowledge import (
    LONGEST_BODY,
    LONGEST_TITLE,
    MOST_VALUES,
    SLUG,
    VALUE,
    ArticleMoved,
    ArticleThere,
    FitKind,
    find_article,
    find_version,
)
from crm.knowledge_files import text_of as text_of_version
from crm.knowledge_search import forget_miss
from crm.knowledge_writing import ArticleText, add_article, publish, save_text, withdraw
from crm.markdown_text import to_html
from ivr.reasons import Reason

blueprint = Blueprint("knowledge_editor", __name__)
_LONGEST_LIST = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """What the form holds, as it was typed; `seen` is the newest version that its writer knew, 0 for a new article."""

    slug: str = ""
    language: str = "id"
    title: str = ""
    body: str = ""
    tags: str = ""
    reasons: str = ""
    queues: str = ""
    answers: str = ""
    seen: int = 0


@blueprint.get("/knowledge/new")
@needs_role(*SUPERVISING_ROLES)
def add() -> ResponseReturnValue:
    """`title` is what was searched for in vain."""
    title = " ".join(request.args.get("title", "")[:LONGEST_TITLE].split())
    return _form(Written(language=language_here(), title=title))


@blueprint.post("/knowledge/new")
@needs_role(*SUPERVISING_ROLES)
def save_new() -> ResponseReturnValue:
    here, written = services(), _written()
    text, faults = _checked(written)
    if not re.fullmatch(SLUG, written.slug):
        faults.append(_("The name in addresses and files: small letters, digits and -, such as returns."))
    if written.language not in LANGUAGES:
        faults.append(_("Choose a language."))
    if faults:
        return _form(written, faults=faults), 400
    try:
        with here.database.writing() as session:
            article = add_article(session, written.slug, written.language, text, author_here(), here.clock.now())
            _publish_if_wanted(session, article.id, article.newest)
            session.commit()
    except ArticleThere:
        return _form(written, faults=[_("There is an article of this name in this language already.")]), 409
    return redirect(url_for("knowledge.article", article_id=article.id, version=article.newest))


@blueprint.get("/knowledge/<int:article_id>/edit")
@needs_role(*SUPERVISING_ROLES)
def edit(article_id: int) -> ResponseReturnValue:
    """`version` begins with the text of another than the newest."""
    asked = request.args.get("version", "")
    with services().database.reading() as session:
        article = find_article(session, article_id)
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else article.newest
        text = text_of_version(find_version(session, article_id, number))
    lists = {kind: ", ".join(text.fits.get(kind, ())) for kind in FitKind}
    written = Written(
        article.slug, article.language, text.title, text.body, ", ".join(text.tags), lists[FitKind.REASON], lists[FitKind.QUEUE],
        lists[FitKind.ANSWER], article.newest,
    )  # fmt: skip
    return _form(written, article_id)


@blueprint.post("/knowledge/<int:article_id>/edit")
@needs_role(*SUPERVISING_ROLES)
def save(article_id: int) -> ResponseReturnValue:
    here, written = services(), _written()
    text, faults = _checked(written)
    if faults:
        return _form(written, article_id, faults), 400
    try:
        with here.database.writing() as session:
            article = save_text(session, article_id, written.seen, text, author_here(), here.clock.now())
            _publish_if_wanted(session, article_id, article.newest)
            session.commit()
    except ArticleMoved:
        return _form(written, article_id, moved=True), 409
    return redirect(url_for("knowledge.article", article_id=article_id, version=article.newest))


@blueprint.post("/knowledge/<int:article_id>/publish")
@needs_role(*SUPERVISING_ROLES)
def publish_version(article_id: int) -> ResponseReturnValue:
    """Put `version` in force: the draft, or an earlier text once more."""
    number = request.form.get("version", "")
    with services().database.writing() as session:
        publish(session, article_id, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0)
        session.commit()
    flash(_("Published. Agents find it now."))
    return redirect(url_for("knowledge.article", article_id=article_id))


@blueprint.post("/knowledge/<int:article_id>/withdraw")
@needs_role(*SUPERVISING_ROLES)
def take_back(article_id: int) -> ResponseReturnValue:
    with services().database.writing() as session:
        withdraw(session, article_id)
        session.commit()
    flash(_("Agents do not find it any more. Publish it again whenever you like."))
    return redirect(url_for("knowledge.article", article_id=article_id))


@blueprint.post("/api/knowledge/preview")
@needs_role(*SUPERVISING_ROLES)
def preview() -> ResponseReturnValue:
    """The text as agents would read it."""
    return jsonify(html=str(to_html(text_of(json_body().fields, LONGEST_BODY))))


@blueprint.post("/knowledge/misses/<int:miss_id>/forget")
@needs_role(*SUPERVISING_ROLES)
def forget(miss_id: int) -> ResponseReturnValue:
    with services().database.writing() as session:
        forget_miss(session, miss_id)
        session.commit()
    return redirect(url_for("knowledge.page"))


def _form(written: Written, article_id: int = 0, faults: list[str] | None = None, moved: bool = False) -> str:
    return render_template(
        "knowledge/edit.html", written=written, article_id=article_id, faults=faults or [], moved=moved,
        preview=to_html(written.body), reasons=[reason.value for reason in Reason],
        queues=[queue.name for queue in services().policy().queues],
    )  # fmt: skip


def _written() -> Written:
    form, seen = request.form, request.form.get("seen", "0")
    lists = {name: form.get(name, "")[:_LONGEST_LIST] for name in ("tags", "reasons", "queues", "answers")}
    return Written(
        form.get("slug", "").strip(), form.get("language", ""), " ".join(form.get("title", "").split()),
        form.get("body", "").replace("\r\n", "\n").strip(), **lists,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
    )  # fmt: skip


def _checked(written: Written) -> tuple[ArticleText, list[str]]:
    """The article, and what is wrong with it."""
    faults = []
    if not 0 < len(written.title) <= LONGEST_TITLE or unwritable_line(written.title):
        faults.append(_("The title is missing or too long."))
    if not 0 < len(written.body) <= LONGEST_BODY or unwritable_line(written.body):
        faults.append(_("The text is missing or too long."))
    tags, *codes = (_parts(value) for value in (written.tags, written.reasons, written.queues, written.answers))
    if max(map(len, [tags, *codes])) > MOST_VALUES or any(len(tag) > 40 or unwritable_line(tag) for tag in tags):
        faults.append(_("There are too many tags or codes, or one is too long."))
    if any(not re.fullmatch(VALUE, code) for some in codes for code in some):
        faults.append(_("A code of a reason, queue or answer has small letters, digits, _ and - alone."))
    fits = {kind: some for kind, some in zip((FitKind.REASON, FitKind.QUEUE, FitKind.ANSWER), codes, strict=True) if some}
    return ArticleText(written.title, written.body, tags, fits), faults


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _publish_if_wanted(session: Session, article_id: int, number: int) -> None:
    if request.form.get("then") == "publish":
        publish(session, article_id, number)
        flash(_("Published. Agents find it now."))
