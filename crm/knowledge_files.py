"""Articles as a folder of Markdown files, `SLUG.LANGUAGE.md`, each with a head of YAML between two lines of `---`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.problem import Faults, Problem
from core.yaml_form import Advice, read_form
from crm.knowledge import (
    LONGEST_BODY,
    LONGEST_TITLE,
    MOST_VALUES,
    SLUG,
    VALUE,
    FitKind,
    KnowledgeArticle,
    KnowledgeVersion,
    find_version,
)
from crm.knowledge_writing import ArticleText, add_article, publish, save_text

DEMO_FOLDER = Path(__file__).with_name("demo") / "knowledge"
_NAME = re.compile(rf"({SLUG})\.(id|en)\.md")
_HEAD = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)
_STEP = "Correct the files and import again; nothing was changed."
_Values = Annotated[list[Annotated[str, Field(pattern=f"^{VALUE}$")]], Field(max_length=MOST_VALUES)]


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One article as its file says it."""

    slug: str
    language: str
    text: ArticleText


@dataclass
class Imported:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=MOST_VALUES)] = []
    reasons: _Values = []
    queues: _Values = []
    answers: _Values = []


def read_folder(folder: Path) -> list[ArticleFile]:
    """Every article of a folder. Raises Faults that name each file and line, BadInput where there is none."""
    files = sorted(folder.glob("*.md")) if folder.is_dir() else []
    if not files:
        raise BadInput(f"There are no .md files in {folder}.", "Name a folder with files such as returns.en.md.")
    found, problems = [], []
    for file in files:
        one, wrong = _read(file)
        problems += wrong
        if one is not None:
            found.append(one)
    if problems:
        raise Faults(problems, _STEP)
    return found


def import_articles(session: Session, files: list[ArticleFile], by: str, now: datetime) -> Imported:
    """Add and publish what is new or says something else than what is published; the rest is left alone. Does not commit."""
    done = Imported()
    for file in files:
        same = KnowledgeArticle.slug == file.slug, KnowledgeArticle.language == file.language
        article = session.scalar(select(KnowledgeArticle).where(*same))
        if article is None:
            article = add_article(session, file.slug, file.language, file.text, by, now)
            done.added += 1
        elif article.published and text_of(find_version(session, article.id, article.published)) == file.text:
            done.unchanged += 1
            continue
        else:
            save_text(session, article.id, article.newest, file.text, by, now)
            done.changed += 1
        publish(session, article.id, article.newest)
    return done


def export_articles(session: Session, folder: Path) -> int:
    """Write every published article into a folder; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for article, version in _published(session):
        (folder / f"{article.slug}.{article.language}.md").write_text(file_text(text_of(version)), encoding="utf-8")
        count += 1
    return count


def text_of(version: KnowledgeVersion) -> ArticleText:
    """What a version says."""
    fits = {FitKind(kind): tuple(values) for kind, values in version.fits.items() if values}
    return ArticleText(version.title, version.body, tuple(version.tags), fits)


def file_text(text: ArticleText) -> str:
    """An article as its file holds it."""
    head: dict[str, Any] = {"title": text.title}
    lists = (("tags", text.tags), *((f"{kind.value}s", text.fits.get(kind, ())) for kind in FitKind))
    head |= {name: list(values) for name, values in lists if values}
    written = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000)
    return f"---\n{written}---\n{text.body}\n"


def _read(file: Path) -> tuple[ArticleFile | None, list[Problem]]:
    name = _NAME.fullmatch(file.name)
    if name is None:
        return None, [_problem(file, 1, "This is no name for an article.", "Call it as returns.en.md or returns.id.md.")]
    try:
        content = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        return None, [_problem(file, 1, f"This can't be read ({type(error).__name__}).", "Save it as UTF-8.")]
    parts = _HEAD.fullmatch(content)
    if parts is None:
        return None, [_problem(file, 1, "The head is missing.", "Begin with a line ---, title: …, and a line --- after it.")]
    form, _lines, problems = read_form("\n" + parts[1], str(file), _Head, _words)  # so that lines are those of the file
    body = parts[2].strip()
    if not body or len(body) > LONGEST_BODY or "\x00" in body:
        at = 3 + parts[1].count("\n")
        problems = [*problems, _problem(file, at, "The text is missing or too long.", f"Write up to {LONGEST_BODY} characters.")]
    if form is None or problems:
        return None, problems
    fits = {FitKind.REASON: form.reasons, FitKind.QUEUE: form.queues, FitKind.ANSWER: form.answers}
    text = ArticleText(form.title, body, tuple(form.tags), {kind: tuple(values) for kind, values in fits.items() if values})
    return ArticleFile(name[1], name[2], text), []


def _published(session: Session) -> Iterator[tuple[KnowledgeArticle, KnowledgeVersion]]:
    articles = select(KnowledgeArticle).where(KnowledgeArticle.published > 0)
    for article in session.scalars(articles.order_by(KnowledgeArticle.slug, KnowledgeArticle.language)):
        yield article, find_version(session, article.id, article.published)


def _problem(file: Path, line: int, what: str, step: str) -> Problem:
    return Problem(f"{file}, line {line}", what, step)


def _words(error: Any) -> Advice | None:
    if error["type"] == "string_pattern_mismatch":
        return "%(part)s is no code.", "Use small letters, digits, _ and -."
    return None
