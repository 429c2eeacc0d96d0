"""The full-text index of published articles: FTS5 in SQLite, a tsvector in PostgreSQL. Both are given the same words."""

from dataclasses import dataclass

from sqlalchemy import DDL, Table, event, text
from sqlalchemy.orm import Session

from crm.knowledge import KnowledgeArticle

INDEX = "knowledge_index"
_SQLITE_TABLE = (
    "CREATE VIRTUAL TABLE knowledge_index USING fts5(title, tags, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
)
_POSTGRESQL_TABLES = (
    "CREATE TABLE knowledge_index (article_id INTEGER PRIMARY KEY REFERENCES knowledge_articles (id) ON DELETE CASCADE,"
    " words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_knowledge_index_words ON knowledge_index USING gin (words)",
)
# A word in the title tells more than one in the tags, and that more than one in the text.
_SQLITE_PUT = text("INSERT INTO knowledge_index (rowid, title, tags, body) VALUES (:id, :title, :tags, :body)")
_POSTGRESQL_PUT = text(
    "INSERT INTO knowledge_index (article_id, words) VALUES (:id, setweight(to_tsvector('simple', :title), 'A')"
    " || setweight(to_tsvector('simple', :tags), 'B') || setweight(to_tsvector('simple', :body), 'D'))"
)
_SQLITE_TAKE_OUT = text("DELETE FROM knowledge_index WHERE rowid = :id")
_POSTGRESQL_TAKE_OUT = text("DELETE FROM knowledge_index WHERE article_id = :id")
_SQLITE_RANKED = text(
    "SELECT a.id FROM knowledge_index JOIN knowledge_articles a ON a.id = knowledge_index.rowid"
    " WHERE knowledge_index MATCH :query"
    " ORDER BY a.language <> :language, bm25(knowledge_index, 8.0, 4.0, 1.0), a.id LIMIT :most"
)
_POSTGRESQL_RANKED = text(
    "SELECT a.id FROM knowledge_index i JOIN knowledge_articles a ON a.id = i.article_id, to_tsquery('simple', :query) q"
    " WHERE i.words @@ q"
    " ORDER BY a.language <> :language, ts_rank('{0.1, 0.1, 0.4, 0.8}', i.words, q) DESC, a.id LIMIT :most"
)

_table = KnowledgeArticle.__table__
assert isinstance(_table, Table)
for _dialect, _statements in (("sqlite", (_SQLITE_TABLE,)), ("postgresql", _POSTGRESQL_TABLES)):
    for _statement in _statements:
        event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a search: what begins like it is found, and what has one of its stems."""

    word: str
    stems: frozenset[str]


def put(session: Session, article_id: int, title: str, tags: str, body: str) -> None:
    """Index an article by these words, in place of those before."""
    take_out(session, article_id)
    values = {"id": article_id, "title": title, "tags": tags, "body": body}
    session.execute(_SQLITE_PUT if _is_sqlite(session) else _POSTGRESQL_PUT, values)


def take_out(session: Session, article_id: int) -> None:
    """The article is found no more."""
    session.execute(_SQLITE_TAKE_OUT if _is_sqlite(session) else _POSTGRESQL_TAKE_OUT, {"id": article_id})


def ranked(session: Session, terms: list[Term], any_of_them: bool, language: str, most: int) -> list[int]:
    """Ids of articles with all the terms, or any of them; this language first, then the best first."""
    if not terms:
        return []
    if _is_sqlite(session):
        found, query = _SQLITE_RANKED, (" OR " if any_of_them else " AND ").join(map(_sqlite_term, terms))
    else:
        found, query = _POSTGRESQL_RANKED, (" | " if any_of_them else " & ").join(map(_postgresql_term, terms))
    return [int(row[0]) for row in session.execute(found, {"query": query, "language": language, "most": most})]


def _sqlite_term(term: Term) -> str:
    """Words have letters and digits alone, so that nothing in them means anything to the query."""
    return "(" + " OR ".join([f'"{term.word}"*', *(f'"{root}"' for root in sorted(term.stems - {term.word}))]) + ")"


def _postgresql_term(term: Term) -> str:
    return "(" + " | ".join([f"'{term.word}':*", *(f"'{root}'" for root in sorted(term.stems - {term.word}))]) + ")"


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
