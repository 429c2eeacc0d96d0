"""Whether each process really answers. A check returns "" when it does, else what is wrong, in the reader's words."""

import http.client
import socket
from collections.abc import Callable
from functools import partial

import redis
from rq import Queue, Worker

from asterisk_conf.names import MANAGER_USER
from core.job_queue import JOB_QUEUE, PLANNING_JOB_QUEUE, WHAT_IF_JOB_QUEUE
from core.settings import Settings
from cti.leader import LEASE, lease_key, pid_of
from launch.supervision.programs import FRONT_NAMES, SPEECH_NAMES, STANDBY
from launch.supervision.supervisor import is_alive
from routing.policy import MAIN

_WAIT_S = 2.0
_AMI_BANNER = b"Asterisk Call Manager/"

Check = Callable[[Settings], str]


def redis_answers(settings: Settings) -> str:
    """Our Redis takes our password and answers PING."""
    client = redis.Redis.from_url(settings.redis_url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S, retry=None)
    try:
        client.ping()
    except redis.AuthenticationError:
        return f"port {settings.redis_port} is answered by a Redis that refuses our password"
    except redis.BusyLoadingError:
        return "is still reading its data"
    except redis.RedisError:
        return f"does not answer on port {settings.redis_port}"
    finally:
        client.close()
    return ""


def asterisk_answers(settings: Settings) -> str:
    """Asterisk's manager interface greets us, takes our log-in and says that all modules are loaded."""
    login = (
        f"Action: Login\r\nUsername: {MANAGER_USER}\r\nSecret: {settings.ami_password.get_secret_value()}\r\nEvents: system\r\n\r\n"
    )
    try:
        with socket.create_connection(("127.0.0.1", settings.ami_port), timeout=_WAIT_S) as line:
            stream = line.makefile("rb")
            if not stream.readline().startswith(_AMI_BANNER):
                return f"port {settings.ami_port} is answered by something else than Asterisk's manager interface"
            line.sendall(login.encode())
            return _read_login(stream.readline, settings.ami_port)
    except OSError:
        return f"the manager interface does not answer on port {settings.ami_port}"


def _read_login(read_line: Callable[[], bytes], port: int) -> str:
    while line := read_line().strip():
        if line == b"Response: Error":
            return f"the manager interface on port {port} refuses our password"
        if line == b"Response: Success":
            return _read_fully_booted(read_line)
    return f"the manager interface on port {port} broke off the log-in"


def _read_fully_booted(read_line: Callable[[], bytes]) -> str:
    while line := read_line():
        if line.strip() == b"Event: FullyBooted":
            return ""
    return "is still loading its modules"


def cti_answers(settings: Settings) -> str:
    """The cti process says that it has its Asterisk and its Redis, and leads or could at once."""
    return _http_ok("127.0.0.1", settings.metrics_port, "/ready")


def standby_answers(settings: Settings) -> str:
    """The same of the second one."""
    return _http_ok("127.0.0.1", settings.standby_metrics_port, "/ready")


def leading_pid(settings: Settings) -> int:
    """The process that leads, if it is one of this machine and Redis knows; else 0."""
    return leading_pids(settings).get(MAIN, 0)


def leading_pids(settings: Settings) -> dict[str, int]:
    """The processes of this machine that lead, by what they lead: MAIN, and the partitions of the policy by name."""
    client = redis.Redis.from_url(settings.redis_url, decode_responses=True, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S)
    start, end = lease_key("*").split("*")
    try:
        keys = {MAIN: LEASE} | {key.removeprefix(start).removesuffix(end): key for key in client.scan_iter(f"{start}*{end}")}
        pids = {name: pid_of(str(client.get(key) or ""), socket.gethostname()) for name, key in sorted(keys.items())}
    except redis.RedisError:
        return {}
    finally:
        client.close()
    return {name: pid for name, pid in pids.items() if pid}


def desk_answers(settings: Settings) -> str:
    """The pages are served."""
    return _http_ok(settings.bind_address, settings.desk_port, "/health")


def worker_listens(settings: Settings, job_queue: str = JOB_QUEUE) -> str:
    """A worker is registered for this job queue of ours."""
    client = redis.Redis.from_url(settings.redis_url, socket_timeout=_WAIT_S, socket_connect_timeout=_WAIT_S)
    try:
        workers = Worker.all(queue=Queue(job_queue, connection=client))
    except redis.RedisError:
        return "can't be asked: Redis does not answer"
    finally:
        client.close()
    # One that was killed stays registered for a while, so its process must live too.
    return (
        ""
        if any(worker.pid and is_alive(worker.pid) for worker in workers)
        else f"no worker is registered for the job queue {job_queue}"
    )


def speech_answers(settings: Settings, name: str) -> str:
    """This recogniser takes connections."""
    return _http_ok("127.0.0.1", settings.speech_ports[SPEECH_NAMES.index(name)], "/ready")


def front_answers(settings: Settings, name: str) -> str:
    """This speech front takes connections, and a recogniser answers behind it."""
    return _http_ok("127.0.0.1", settings.speech_front_ports[FRONT_NAMES.index(name)], "/ready")


CHECKS: dict[str, Check] = {
    **{name: partial(speech_answers, name=name) for name in SPEECH_NAMES},
    **{name: partial(front_answers, name=name) for name in FRONT_NAMES},
    "redis": redis_answers,
    "asterisk": asterisk_answers,
    "cti": cti_answers,
    STANDBY: standby_answers,
    "desk": desk_answers,
    "worker": worker_listens,
    "what-if": partial(worker_listens, job_queue=WHAT_IF_JOB_QUEUE),
    "planning": partial(worker_listens, job_queue=PLANNING_JOB_QUEUE),
}


def _http_ok(address: str, port: int, path: str) -> str:
    host = "127.0.0.1" if address in ("0.0.0.0", "::") else address  # noqa: S104  # compared, not bound
    connection = http.client.HTTPConnection(host, port, timeout=_WAIT_S)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return f"does not answer on port {port}"
    finally:
        connection.close()
    return "" if status == http.client.OK else f"says it is not ready (HTTP {status} on port {port}{path})"
