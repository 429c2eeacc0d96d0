"""Run by Alembic: connects to the database named by launch.schema and applies the revisions."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, event, pool

from core.database import UtcDateTime
from launch.schema import all_tables, is_modelled


def _render(kind: str, value: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Revisions name plain types: our own class may change, what a revision did may not."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


def _migrate() -> None:
    # Not core.database: SQLite changes a table by copying it, and with foreign keys on that would delete their rows.
    engine = create_engine(context.config.attributes["database_url"], poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _say_begin_ourselves)
        event.listen(engine, "begin", _begin)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=all_tables(),
            render_as_batch=True,
            render_item=_render,
            include_name=is_modelled,
            transactional_ddl=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _say_begin_ourselves(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


_migrate()
