"""Real cti processes on a real Redis, one of which leads; Asterisk, the phones, the callers and the pages are the test's."""

import os
import random
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.bus import START, EventBus
from core.clock import SystemClock, stopwatch_s
from core.database import Database
from core.events import Event, EventKind
from cti.leader import lease_key, pid_of
from cti.queued import queued_event
from launch.places import ROOT, VENV_PYTHON
from launch.settings_file import prepare_home
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.agents import AgentRecord
from routing.live import LiveStore
from routing.place import Place
from tests.conftest import free_port
from tests.services.fake_asterisk import FakeAsterisk

LONGEST_S = 60.0


@dataclass
class StandbyHouse:
    """The house of one test. `places` are all who ever waited, in the order of the line; `heard` those of whose answer was told."""

    home: Path
    environment: dict[str, str]
    asterisk: FakeAsterisk
    store: LiveStore
    bus: EventBus
    changes: AgentChanges
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._over = threading.Event()

    def start(self, role: str) -> None:
        """Start the process of a role: "", "standby", or another, which stands by on ports of its own."""
        command = [str(VENV_PYTHON), "-m", "tests.services.late_cti", *(["standby"] if role else [])]
        own = {} if role in ("", "standby") else {f"HALO_STANDBY_{name}_PORT": str(free_port()) for name in ("AGI", "METRICS")}
        with (self.home / "log" / f"cti{role}.log").open("ab") as log:
            self.processes[role] = subprocess.Popen(command, cwd=ROOT, env=self.environment | own, stdout=log, stderr=log)

    def leader(self, partition: str = "") -> str | None:
        """The role of the process that has the lease of a partition; None while nobody has."""
        return self.role_of(str(self.store.redis.get(lease_key(partition)) or ""))

    def role_of(self, term: str) -> str | None:
        """The role of the process whose term this is."""
        pid = pid_of(term, socket.gethostname())
        return next((role for role, process in self.processes.items() if process.pid == pid), None)

    def wait_leader(self, partition: str = "", timeout_s: float = LONGEST_S) -> str:
        """The role of a partition's leader, as soon as there is one."""
        self.wait(lambda: self.leader(partition) is not None, "somebody to lead", timeout_s)
        return self.leader(partition) or ""

    def is_between_steps(self, partition: str = "") -> bool:
        """Whether somebody leads a partition, and is in the middle of a few assignments."""
        agents = [agent for agent in self.store.snapshot().agents.values() if agent.partition == partition]
        return self.leader(partition) is not None and sum(agent.state is AgentState.RESERVED for agent in agents) > 2

    def signal_leader(self, number: int, partition: str = "") -> str:
        """Send this to the process that leads a partition; returns its role."""
        role = self.wait_leader(partition)
        self.processes[role].send_signal(number)
        return role

    def wait(self, holds, what: str, timeout_s: float = LONGEST_S) -> None:
        """Ask until it holds."""
        end_s = stopwatch_s() + timeout_s
        while not holds():
            assert stopwatch_s() < end_s, f"waited {timeout_s} s in vain for {what}\n{self.said()[-4000:]}"
            self._over.wait(0.005)

    def pass_time(self, seconds: float) -> None:
        """Let them work."""
        self._over.wait(seconds)

    def call(self, queue: str = "general") -> Place:
        """One more caller stands in line."""
        number = len(self.places) + 1
        place = Place(f"00000000-0000-0000-0000-{number:012d}", queue, SystemClock().now(), f"PJSIP/carrier-{number}")
        self.places.append(place)
        self.asterisk.arrive(place.interaction_id)
        self.store.put_in_line(place, queued_event(place))
        return place

    def log_in(self) -> None:
        """Every agent is ready at an open page with a phone."""
        for agent_id in self.asterisk.agents:
            self.changes.log_in(agent_id)
            self.changes.phone_changed(agent_id, up=True)
            self.changes.make_ready(agent_id)

    def said(self) -> str:
        """What the processes logged."""
        return "\n".join(file.read_text() for file in sorted((self.home / "log").glob("cti*.log")))

    def events(self) -> list[Event]:
        """Everything that was told so far."""
        told: list[Event] = []
        while fresh := self.bus.read(told[-1].position if told else START):
            told += fresh
        return told

    def work(self) -> None:
        """The agents: each finishes the wrap-up at once."""
        position = START
        while not self._over.is_set():
            for event in self.bus.read(position, wait_s=0.2):
                position = event.position
                if event.kind is EventKind.INTERACTION_ANSWERED:
                    self.heard.add(event.interaction_id)
                if event.kind is EventKind.AGENT_STATE_CHANGED and event.data["state"] == "WRAP_UP":
                    self.changes.finish_wrap_up(event.agent_id, event.interaction_id, ready=True)

    def end(self) -> None:
        """End every process, also one that stands still."""
        self._over.set()
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(10)


@contextmanager
def standby_house(
    home: Path, redis_url: str, database: Database, agents: int, talk_s: tuple[float, float],
    roles: Sequence[str] = ("", "standby"),
) -> Iterator[StandbyHouse]:  # fmt: skip
    """All processes started, the agents ready, nobody in line."""
    prepare_home(home)
    password, _, port = redis_url.removeprefix("redis://:").removesuffix("/0").partition("@127.0.0.1:")
    ports = {name: str(free_port()) for name in ("AMI", "AGI", "METRICS", "STANDBY_AGI", "STANDBY_METRICS")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    environment |= {f"HALO_{name}_PORT": number for name, number in ports.items()}
    environment |= {
        "HALO_HOME": str(home), "HALO_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "HALO_REDIS_PORT": port, "HALO_REDIS_PASSWORD": password, "HALO_AMI_PASSWORD": "a", "HALO_SESSION_KEY": "s",
        "HALO_SPEECH_PROCESSES": "0", "HALO_POP_WAIT_MS": "400", "HALO_STANDBY": "1", "HALO_PRESENCE_LEASE_S": "600",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    numbers = [f"{1001 + number}" for number in range(agents)]
    with database.writing() as session:
        session.add_all(AgentRecord(id=number, name=number, phone_kind="sip", phone_secret="x") for number in numbers)
        session.commit()
    store, bus = LiveStore(redis_url), EventBus(redis_url)
    with FakeAsterisk(numbers, random.Random(agents), talk_s=talk_s).running(int(ports["AMI"])) as asterisk:
        house = StandbyHouse(home, environment, asterisk, store, bus, AgentChanges(store, SystemClock(), 600))
        # What begins and ends while nobody leads, Asterisk can't tell us any more.
        asterisk.is_unheard = lambda interaction_id: interaction_id not in house.heard
        pages = threading.Thread(target=house.work)
        try:
            house.log_in()
            pages.start()
            for role in roles:
                house.start(role)
            yield house
        finally:
            house.end()
            pages.join(10)
    store.close()
    bus.close()
