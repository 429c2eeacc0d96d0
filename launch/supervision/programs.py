"""The processes of Halo, in the order in which they start. They stop in the opposite order."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.settings import SPEECH_FRONTS, STANDBY_PORTS, Settings
from launch.install.asterisk_root import AsteriskProgram
from launch.install.debian_packages import find_program
from launch.places import VENV_PYTHON
from launch.supervision.redis_conf import redis_conf_file

# One worker process, because its threads share the pushed events; a thread per open page and per request.
_DESK_THREADS = 400


@dataclass(frozen=True, slots=True)
class Program:
    """A process to be kept alive. `stop_wait_s` is how long it may take to end; `ready_wait_s` to become ready;
    `port_fields` are the settings of the ports it listens on."""

    name: str
    command: list[str]
    port_fields: tuple[str, ...] = ()
    stop_wait_s: int = 10
    ready_wait_s: float = 30


def programs(settings: Settings, asterisk: AsteriskProgram) -> list[Program]:
    """All of them, first to last."""
    python = str(VENV_PYTHON)
    return [
        Program(
            "redis",
            [find_program("redis-server") or "redis-server", str(redis_conf_file(settings.home))],
            port_fields=("redis_port",),
        ),
        *(
            Program(name, [python, "-m", "launch.processes.speech", str(number)], port_fields=("speech_first_port",))
            for number, name in enumerate(speech_names(settings), start=1)
        ),
        # Before Asterisk, so that they end after it: a front that goes while callers are heard may lock up Asterisk.
        *(
            Program(name, [python, "-m", "launch.processes.speech_front", str(number)], port_fields=("speech_first_port",))
            for number, name in enumerate(front_names(settings), start=1)
        ),
        Program(
            "asterisk",
            masked([*asterisk.command, "-C", str(asterisk_conf_file(settings.home)), "-f"]),
            port_fields=("ami_port", "asterisk_http_port", "sip_port"),
            ready_wait_s=60,
        ),
        Program("cti", [python, "-m", "launch.processes.cti"], port_fields=("agi_port", "metrics_port")),
        *(
            Program(STANDBY, [python, "-m", "launch.processes.cti", "standby"], port_fields=tuple(STANDBY_PORTS))
            for _ in range(settings.standby)
        ),
        Program("desk", desk_command(settings), port_fields=("desk_port",)),
        Program("worker", [python, "-m", "launch.processes.worker"]),
        Program("what-if", [python, "-m", "launch.processes.what_if"]),
        Program("planning", [python, "-m", "launch.processes.planning"], stop_wait_s=30),
    ]


def masked(command: Sequence[str]) -> list[str]:
    """The command with its words passed through `masked_log`. The shell becomes the process itself, so signals reach it.

    The filter outlives the signals of its group, up to the last word of the process, and is started again when it dies.
    """
    filter_command = shlex.join([str(VENV_PYTHON), "-m", "launch.processes.masked_log"])
    return ["bash", "-c", f"exec \"$@\" > >(trap '' TERM; until {filter_command}; do sleep 1; done) 2>&1", "bash", *command]


def asterisk_conf_file(home: Path) -> Path:
    """Where Asterisk's main file is rendered to."""
    return home / "asterisk" / "etc" / "asterisk.conf"


def desk_command(settings: Settings) -> list[str]:
    """gunicorn with the pages."""
    return [
        str(VENV_PYTHON), "-m", "gunicorn",
        "--bind", f"{settings.bind_address}:{settings.desk_port}",
        "--worker-class", "launch.processes.desk_worker.DeskWorker", "--workers", "1", "--threads", str(_DESK_THREADS),
        "--graceful-timeout", "3", "--keep-alive", "15", "--no-control-socket",
        "launch.processes.desk:create_app()",
    ]  # fmt: skip


def speech_name(number: int) -> str:
    """The process of a recogniser; they are counted from 1."""
    return f"speech-{number}"


def speech_names(settings: Settings) -> tuple[str, ...]:
    """The recognisers' processes of this installation."""
    return tuple(speech_name(number) for number in range(1, settings.speech_processes + 1))


def front_names(settings: Settings) -> tuple[str, ...]:
    """The processes between Asterisk and the recognisers of this installation."""
    return FRONT_NAMES[: len(settings.speech_front_ports)]


def program_names(settings: Settings) -> tuple[str, ...]:
    """Every process of this installation, in the order in which they start."""
    there = {*speech_names(settings), *front_names(settings)}
    absent = {*SPEECH_NAMES, *FRONT_NAMES} - there | (set() if settings.standby else {STANDBY})
    return tuple(name for name in PROGRAM_NAMES if name not in absent)


SPEECH_NAMES = tuple(speech_name(number) for number in range(1, 17))
"""The recognisers that there may be."""
FRONT_NAMES = tuple(f"speech-front-{number}" for number in range(1, SPEECH_FRONTS + 1))
"""The processes between Asterisk and the recognisers, where there are recognisers."""
STANDBY = "cti-2"
"""The second cti process. Which of the two leads is for them to settle."""
PROGRAM_NAMES = ("redis", *SPEECH_NAMES, *FRONT_NAMES, "asterisk", "cti", STANDBY, "desk", "worker", "what-if", "planning")
"""Every process that there may be: of the recognisers only the first few are."""
