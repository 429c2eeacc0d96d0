"""How long agents wait for a search among very many articles, on SQLite and on PostgreSQL."""

import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from faker import Faker

from benchmarks.report import SPREAD_COLUMNS, Report
from core.database import Base, Database
from crm.knowledge import FitKind, KnowledgeArticle
from crm.knowledge_files import DEMO_FOLDER, import_articles, read_folder
from crm.knowledge_search import fitting, search
from crm.knowledge_writing import ArticleText, add_article, publish
from launch.schema import all_tables
from launch.scratch_postgres import scratch_postgres

_NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
_BATCH = 500


def measure(report: Report, articles: int, searches: int) -> None:
    """Fill the report with `searches` of each kind among so many articles, on both databases."""
    with TemporaryDirectory(prefix="halo-benchmark-") as folder:
        _on(report, "SQLite", f"sqlite:///{Path(folder) / 'halo.db'}", articles, searches)
    with scratch_postgres() as url:
        _on(report, "PostgreSQL", url, articles, searches)


def _on(report: Report, name: str, url: str, articles: int, searches: int) -> None:
    database = Database(url)
    all_tables()
    Base.metadata.create_all(database.engine)
    began = time.perf_counter()
    words = _fill(database, articles)
    report.figures[f"{name}: articles written per second"] = articles / (time.perf_counter() - began)
    table = report.table(f"{name}, {articles:,} articles", *SPREAD_COLUMNS)
    chance = Random(2)
    kinds = {
        "one word": lambda: chance.choice(words),
        "three words": lambda: " ".join(chance.sample(words, 3)),
        "the beginning of a word": lambda: chance.choice(words)[:3],
        "a demo article's title": lambda: chance.choice(("lama pengiriman", "cara membayar", "ways to pay", "warranty claim")),
        "a misspelt word": lambda: _misspelt(chance.choice([word for word in words if len(word) > 6]), chance),
    }
    for kind, text in kinds.items():
        report.spread_row(table, kind, [_searched_ms(database, text()) for _ in range(searches)])
    report.spread_row(table, "what fits a call", [_fitting_ms(database) for _ in range(searches)])
    database.dispose()


def _fill(database: Database, count: int) -> list[str]:
    """Articles of invented text, 150 words or so each, beside the demo's; returns words that they have."""
    fakes = {language: Faker(locale) for language, locale in (("id", "la"), ("en", "en_US"))}
    for fake in fakes.values():
        fake.seed_instance(1)
    chance, known = Random(1), set()
    with database.writing() as session:
        import_articles(session, read_folder(DEMO_FOLDER), "benchmark", _NOW)
        session.commit()
    for first in range(0, count, _BATCH):
        with database.writing() as session:
            for number in range(first, min(count, first + _BATCH)):
                language = chance.choice(("id", "en"))
                body = "\n\n".join(fakes[language].paragraphs(5))
                title = fakes[language].sentence(5)
                known |= {word for word in title.rstrip(".").lower().split() if word.isalpha()}
                fits = {FitKind.QUEUE: (chance.choice(("billing", "sales", "technical", "general")),)}
                text = ArticleText(title, body, (), fits)
                article: KnowledgeArticle = add_article(session, f"made-{number}", language, text, "benchmark", _NOW)
                publish(session, article.id, 1)
            session.commit()
    return sorted(known)


def _misspelt(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _searched_ms(database: Database, text: str) -> float:
    began = time.perf_counter()
    with database.reading() as session:
        search(session, text, "id", 8)
    return (time.perf_counter() - began) * 1000


def _fitting_ms(database: Database) -> float:
    began = time.perf_counter()
    with database.reading() as session:
        fitting(session, frozenset({(FitKind.QUEUE, "billing"), (FitKind.REASON, "bill")}), "id")
    return (time.perf_counter() - began) * 1000
