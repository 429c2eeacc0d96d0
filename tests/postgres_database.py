"""A database on PostgreSQL that one test after the other finds empty: making one for each would copy 11 MB in a thousand files."""

import secrets

from sqlalchemy import create_engine, literal, make_url, select, text, union_all

from core.database import Base, Database

_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class PostgresDatabase:
    """One with every table, on this server. Who is still connected when it is emptied is cut off, as at the end of its life."""

    def __init__(self, server: str) -> None:
        self._server, self._name = server, f"halo_test_{secrets.token_hex(4)}"
        administer(server, f"CREATE DATABASE {self._name}")
        self.url = make_url(server).set(database=self._name).render_as_string(hide_password=False)
        database = Database(self.url)
        Base.metadata.create_all(database.engine)
        database.dispose()
        self._engine = create_engine(self.url)
        self._tables = Base.metadata.tables
        self._filled = union_all(*(select(literal(name)).select_from(table).limit(1) for name, table in self._tables.items()))

    def empty(self) -> None:
        """No rows, and every count from the start: only what was used costs anything."""
        with self._engine.begin() as connection:
            connection.execute(text(_ALONE))
            # Foreign keys are not looked at: in the end there is no row that could point to another.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in connection.scalars(self._filled).all():
                connection.execute(self._tables[name].delete())
            connection.execute(text("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"))

    def drop(self) -> None:
        self._engine.dispose()
        administer(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


def administer(server: str, statement: str) -> None:
    """One statement to the server itself, outside of any transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
