"""A PostgreSQL server for one test run: in a folder of its own, on a free port of loopback, gone afterwards."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from core.errors import HaloError
from launch.install.debian_packages import postgresql_programs
from launch.supervision.supervisor import wait_until

_USER = "halo"
_ACCOUNT = "postgres"  # Debian's package makes it; the server refuses to run as root
_START_WAIT_S = 30
_END_WAIT_S = 20


@contextmanager
def scratch_postgres() -> Iterator[str]:
    """Start a server and give its SQLAlchemy address. Raises HaloError when it can't be started."""
    programs = postgresql_programs()
    if programs is None:
        raise HaloError("PostgreSQL is missing.", "run 'sudo ./halo install --with-tests'.")
    folder = Path(tempfile.mkdtemp(prefix="halo-postgres-"))
    try:
        password = secrets.token_hex(16)
        (folder / "password").write_text(password, encoding="ascii")
        as_user = _unprivileged(folder)
        _initialise([*as_user, str(programs / "initdb")], folder)
        port = _free_port()
        with _running([*as_user, str(programs / "postgres")], folder, port) as server:
            url = f"postgresql+psycopg://{_USER}:{password}@127.0.0.1:{port}/postgres"
            if (
                not wait_until(lambda: server.poll() is not None or _answers(port, password), _START_WAIT_S)
                or server.poll() is not None
            ):
                raise HaloError("The PostgreSQL of the tests does not start.", f"it said: {_said(folder)}")
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> list[str]:
    """The command before a command that makes it run without root's rights, and dies with us. Gives it the folder."""
    with_us = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return with_us
    account = pwd.getpwnam(_ACCOUNT)
    for place in (folder, folder / "password"):
        os.chown(place, account.pw_uid, account.pw_gid)
    return [*with_us, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def _initialise(initdb: Sequence[str], folder: Path) -> None:
    options = ["--username", _USER, "--pwfile", str(folder / "password"), "--auth", "scram-sha-256", "--no-sync", "--encoding=UTF8"]
    done = subprocess.run(
        [*initdb, "--locale=C.UTF-8", "-D", str(folder / "data"), *options], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise HaloError("The PostgreSQL of the tests can't be made.", f"it said: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def _running(postgres: Sequence[str], folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    # Its data lives for minutes: safety against power loss would only cost time.
    hasty = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    wanted = [f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", f"port={port}", "max_connections=200", *hasty]
    options = [word for setting in wanted for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*postgres, "-D", str(folder / "data"), *options], cwd=folder, stdout=log, stderr=log)
    try:
        yield server
    finally:
        server.send_signal(2)  # SIGINT: end now, without waiting for those connected
        try:
            server.wait(_END_WAIT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(port: int, password: str) -> bool:
    try:
        psycopg.connect(host="127.0.0.1", port=port, user=_USER, password=password, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _said(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8", errors="replace")[-500:].strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
