import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from core.settings import Settings
from cti.leader import LEASE, lease_key
from launch.supervision.readiness import asterisk_answers, desk_answers, leading_pid, leading_pids, redis_answers, worker_listens


@contextmanager
def server(*conversation: bytes) -> Iterator[int]:
    """A server that says the first text, and each further one after something was said to it; then closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(conversation[0])
                for text in conversation[1:]:
                    line.recv(4096)
                    line.sendall(text)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def settings_with(tmp_path: Path, **fields: object) -> Settings:
    return Settings.model_validate({"home": tmp_path, "session_key": "s", "redis_password": "r", "ami_password": "a", **fields})


def redis_settings(tmp_path: Path, redis_url: str, password: str | None = None) -> Settings:
    host = redis_url.removeprefix("redis://:").removesuffix("/0")
    known, port = host.split("@127.0.0.1:")
    return settings_with(tmp_path, redis_port=int(port), redis_password=password or known)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_redis_is_ready_when_it_takes_our_password(tmp_path: Path, redis_url: str) -> None:
    assert redis_answers(redis_settings(tmp_path, redis_url)) == ""


def test_a_redis_with_another_password_is_not_ours(tmp_path: Path, redis_url: str) -> None:
    assert "refuses our password" in redis_answers(redis_settings(tmp_path, redis_url, "another"))


def test_the_process_that_leads_is_known_by_its_lease(tmp_path: Path, redis_url: str) -> None:
    settings = redis_settings(tmp_path, redis_url)
    assert leading_pid(settings) == 0
    with redis.Redis.from_url(redis_url) as client:
        client.set(LEASE, f"7@{socket.gethostname()}:42")

        client.set(lease_key("retail"), f"3@{socket.gethostname()}:43")
        client.set(lease_key("far"), "3@another-machine:44")

    assert leading_pid(settings) == 42
    assert leading_pids(settings) == {"": 42, "retail": 43}
    assert leading_pid(settings_with(tmp_path, redis_port=free_port())) == 0


def test_no_redis_is_not_ready(tmp_path: Path) -> None:
    port = free_port()

    assert redis_answers(settings_with(tmp_path, redis_port=port)) == f"does not answer on port {port}"


def test_no_worker_is_registered_in_an_empty_redis(tmp_path: Path, redis_url: str) -> None:
    assert "no worker" in worker_listens(redis_settings(tmp_path, redis_url))


@pytest.mark.parametrize(
    ("conversation", "problem"),
    [
        ((b"Asterisk Call Manager/11.0.0\r\n", b"Response: Success\r\nMessage: ok\r\n\r\nEvent: FullyBooted\r\n\r\n"), ""),
        (
            (b"Asterisk Call Manager/11.0.0\r\n", b"Response: Error\r\nMessage: Authentication failed\r\n\r\n"),
            "refuses our password",
        ),
        ((b"Asterisk Call Manager/11.0.0\r\n", b"Response: Success\r\nMessage: ok\r\n\r\n"), "still loading"),
        ((b"SSH-2.0-OpenSSH_9.2\r\n",), "something else"),
    ],
)
def test_asterisk_is_ready_when_its_manager_greets_takes_us_in_and_is_fully_booted(
    tmp_path: Path, conversation: tuple[bytes, ...], problem: str
) -> None:
    with server(*conversation) as port:
        said = asterisk_answers(settings_with(tmp_path, ami_port=port))

    assert problem in said
    assert bool(said) == bool(problem)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""), (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", "HTTP 503")],
)
def test_the_desk_is_ready_when_it_says_so(tmp_path: Path, answer: bytes, problem: str) -> None:
    with server(b"", answer) as port:
        said = desk_answers(settings_with(tmp_path, desk_port=port))

    assert problem in said
    assert bool(said) == bool(problem)
