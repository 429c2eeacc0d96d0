"""The desk's worker against clients that hold on to their connections."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from core.clock import stopwatch_s
from launch.places import ROOT
from launch.processes.desk_worker import DeskWorker
from tests.conftest import free_port

THREADS = 3


class Impatient(DeskWorker):
    """As the desk's, for tests that do not wait long."""

    head_s, body_s, part_s = 0.5, 0.5, 0.5


class Strict(Impatient):
    """All clients of a test have the address of this machine: here it counts like any other."""

    most_of_one, head_s = 1, 5.0

    def _has_enough(self, conn: object) -> bool:
        return len(self._until_s) >= self.most_of_one


def app(environment, start_response):
    """Answers when it has the whole body; /pushed goes on for twice as long as a request may take to come."""
    if environment["PATH_INFO"] == "/pushed":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _pushed()
    body = environment["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def _pushed() -> Iterator[bytes]:
    for word in (b"first ", b"later ", b"last"):
        yield word
        threading.Event().wait(Impatient.head_s + 1)  # the worker looks once a second


def running(worker: str) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", f"{__name__}.{worker}", "--threads",
        str(THREADS), "--no-control-socket", f"{__name__}:app",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers(port)
        yield port
    finally:
        process.terminate()
        process.wait(40)  # gunicorn lets its connections be for 30 s


def _until_it_answers(port: int) -> None:
    end_s = stopwatch_s() + 30
    while stopwatch_s() < end_s:
        try:
            ask(port)
        except OSError:
            continue
        return


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from running("Impatient")


@pytest.fixture
def strict_port() -> Iterator[int]:
    yield from running("Strict")


def ask(port: int, body: bytes = b"well") -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/", body)
        return connection.getresponse().read()
    finally:
        connection.close()


def hold(port: int, sent: bytes) -> socket.socket:
    """A client that sends this and then neither goes on nor goes."""
    held = socket.create_connection(("127.0.0.1", port), timeout=20)
    held.sendall(sent)
    return held


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"])
def test_half_a_request_holds_no_thread_for_long(port: int, sent: bytes):
    held = [hold(port, sent) for _ in range(2 * THREADS)]
    assert ask(port) == b"well"
    assert all(_is_over(each) for each in held)


def test_one_that_drips_gets_no_more_time_for_it(port: int):
    held = hold(port, b"GET / HTTP/1.1\r\n")
    end_s = stopwatch_s() + 20
    held.settimeout(0.1)
    while not _is_ended(held):
        assert stopwatch_s() < end_s
        held.sendall(b"X: y\r\n")


def test_a_client_that_never_closes_its_side_stops_nobody_else(port: int):
    ended = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"
    held = [hold(port, ended) for _ in range(THREADS - 1)]
    assert all(b"200 OK" in each.recv(4096) for each in held)
    began_s = stopwatch_s()
    assert ask(port) == b"well"
    assert stopwatch_s() - began_s < Impatient.part_s


def test_a_page_that_is_pushed_to_stays(port: int):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/pushed")
    assert connection.getresponse().read() == b"first later last"
    connection.close()


def test_one_address_holds_no_more_than_its_share(strict_port: int):
    end_s = stopwatch_s() + 20
    held = waiting_client(strict_port)
    while _is_ended(held):  # the one that asked whether the worker is there is still leaving
        assert stopwatch_s() < end_s
        held = waiting_client(strict_port)
    assert _is_ended(waiting_client(strict_port))


def waiting_client(port: int) -> socket.socket:
    """One that is about to ask, and may be looked at for half of the time that it has for that."""
    held = hold(port, b"GET / HTTP/1.1\r\n")
    held.settimeout(Strict.head_s / 2)
    return held


def _is_ended(held: socket.socket) -> bool:
    """Whether the server has ended it by now, or within the socket's own time-out."""
    try:
        return held.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def _is_over(held: socket.socket) -> bool:
    """Waits for the server's end of it; an answer may come before."""
    try:
        while held.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True
