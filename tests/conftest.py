"""Fixtures shared by all tests: a real database (SQLite, or PostgreSQL by HALO_TEST_DATABASE_URL) and a real Redis."""

import gc
import os
import random
import secrets
import shutil
import socket
import subprocess
from bisect import bisect
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import redis
import structlog
from argon2 import PasswordHasher
from sqlalchemy import make_url

from core.database import Base, Database
from launch.schema import all_tables
from tests.compiled_routes import compile_routes_once
from tests.postgres_database import PostgresDatabase, administer

_HOUSES_FROM = ("test_m", "test_su")  # where the second and third house begin; the third comes behind the calls on PostgreSQL
DATABASE_FIXTURES = {"database", "database_url", "halo"}


def pytest_configure(config: pytest.Config) -> None:
    _make_passwords_cheap()
    _make_faults_short()
    compile_routes_once()
    examples = 100 if os.environ.get("HALO_LONG_TESTS") else 40
    # No deadline: how long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("halo", deadline=None, max_examples=examples)
    hypothesis.settings.load_profile("halo")
    config.addinivalue_line("markers", "database: touches a database, so it runs on SQLite and again on PostgreSQL")
    config.addinivalue_line("markers", "one_database: a live test of something that no database changes, so it runs once")
    config.addinivalue_line("markers", "live: needs real Asterisk, SIP calls or a browser")
    config.addinivalue_line("markers", "call: a live test that needs a whole running Halo")
    for number in range(len(_HOUSES_FROM) + 1):
        config.addinivalue_line("markers", f"house_{number + 1}: a call of one of the houses that take calls side by side")
    config.addinivalue_line("markers", "long: a live test of a minute or so, left out unless HALO_LONG_TESTS is set")
    config.addinivalue_line("markers", "leases: real processes on leases of seconds, which others must not keep from the processor")
    config.addinivalue_line("markers", "ears: calls in which every word is listened for, so that a busy machine shows")


def _make_passwords_cheap() -> None:
    """In the process of the tests one hash takes no time; Halo's own processes, which live tests start, hash as ever."""
    time_cost, memory_kib, threads = 1, 8, 1
    PasswordHasher.__init__.__defaults__ = (time_cost, memory_kib, threads, *(PasswordHasher.__init__.__defaults__ or ())[3:])


def _make_faults_short() -> None:
    """A fault that a test lets be logged is its traceback: drawn in colours with everybody's variables it takes ten seconds."""
    *processors, _drawn = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*processors, plain])


def pytest_collection_finish(session: pytest.Session) -> None:
    """What has been imported and collected lives to the end: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("HALO_LONG_TESTS"):
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    for item in items:
        if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) and not item.get_closest_marker("one_database"):
            item.add_marker("database")
        if Path(item.path).parts[-2] == "live":
            item.add_marker("live")
        if "_house" in getattr(item, "fixturenames", ()):
            item.add_marker("call")
            item.add_marker(f"house_{bisect(_HOUSES_FROM, Path(item.path).name) + 1}")


# Below what the system gives to outgoing connections, any of which could take a port between our look and its use.
# Runs at the same time each have 2,000 of their own (`launch/pytest_run.py`),
# and so has each worker of a run its part of them.
_PORTS = 2_000 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST_PORT = int(os.environ.get("HALO_TEST_FIRST_PORT") or 10_000) + _PORTS * _WORKER
LAST_PORT = FIRST_PORT + _PORTS - 1
_GIVEN: set[int] = set()


def free_port() -> int:
    """A port that nobody has, neither TCP nor UDP, on loopback."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of so many free ports in a row. None is given twice in a run: it may be used later than it was asked for."""
    while True:
        first = random.randint(FIRST_PORT, LAST_PORT - count)
        wanted = set(range(first, first + count))
        if not wanted & _GIVEN and all(_is_free(number) for number in wanted):
            _GIVEN.update(wanted)
            return first


def _is_free(port: int) -> bool:
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied for each test."""
    all_tables()
    file = tmp_path_factory.mktemp("template") / "halo.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    database.dispose()
    return file


@pytest.fixture(scope="session")
def _postgres() -> Iterator[PostgresDatabase]:
    """A database with every table on the server of the run, for one test after the other."""
    all_tables()
    ours = PostgresDatabase(os.environ["HALO_TEST_DATABASE_URL"])
    yield ours
    ours.drop()


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    server = os.environ.get("HALO_TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    name = f"halo_empty_{secrets.token_hex(4)}"
    administer(server, f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with every table and no rows, of this test's own."""
    if os.environ.get("HALO_TEST_DATABASE_URL"):
        ours: PostgresDatabase = request.getfixturevalue("_postgres")
        ours.empty()
        url = ours.url
    else:
        shutil.copy(request.getfixturevalue("_template"), tmp_path / "halo.db")
        url = f"sqlite:///{tmp_path / 'halo.db'}"
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, password = free_port(), secrets.token_hex(16)
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--requirepass", password, "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    client = redis.Redis.from_url(url, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.05), 200))
    client.ping()
    client.close()
    yield url
    server.terminate()
    server.wait(10)


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The address of an empty Redis: a server of the test run's own, so emptying it harms nobody."""
    client = redis.Redis.from_url(_redis_server)
    client.flushall()
    client.close()
    return _redis_server
