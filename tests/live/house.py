"""A whole Halo for live tests: the real processes under their manager, on free ports, in a home of its own."""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from agent_desktop.accounts import create_user
from asterisk_conf.names import TRUNK, agent_endpoint
from asterisk_conf.render import Account
from core.bus import START, EventBus
from core.clock import SystemClock
from core.database import Database
from core.settings import SPEECH_FRONTS, Settings, load_settings
from crm.contact_history import Interaction
from crm.customers import Customer, CustomerPhone
from ivr.flow_file import shipped_flow
from ivr.line import Prompt
from launch.demo.carrier import Call, Carrier, CarrierPorts
from launch.demo.desk_page import DeskPage
from launch.demo.event_watch import EventWatch
from launch.install.asterisk_root import asterisk_program
from launch.places import ROOT, VENV_PYTHON
from launch.prompts import voice_of
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from launch.sip_accounts import read_accounts
from launch.supervision.programs import STANDBY
from launch.supervision.readiness import CHECKS, leading_pid
from launch.supervision.supervisor import Supervisor
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState, IllegalChange
from routing.agents import AgentRecord, AgentSkill, PhoneKind
from routing.live import LiveAgent, LiveStore
from routing.policy_in_force import PolicyInForce
from tests.conftest import FIRST_PORT, free_port, free_ports
from tests.live.first_home import furnish
from tests.live.hearing import heard_at_s
from tests.twilio_requests import AUTH_TOKEN, PUBLIC_URL, TWILIO

ALL_SKILLS = {"sales": 3, "billing": 3, "technical": 3, "english": 3}
AGENTS = {"2001": {"sales": 5}, "2002": {"technical": 5}, **{f"20{number:02d}": ALL_SKILLS for number in range(3, 13)}}
WAY_OUT = "way-out"
PASSWORD = secrets.token_urlsafe(12)


@dataclass
class House:
    """The running Halo, and a carrier whose phones are agents 2001 to 2012."""

    settings: Settings
    database: Database
    store: LiveStore
    bus: EventBus
    changes: AgentChanges
    supervisor: Supervisor
    carrier: Carrier
    calls: list[Call] = field(default_factory=list)
    _numbers: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.desk_port}"

    def watch(self) -> EventWatch:
        """Everything that happens from now on."""
        return EventWatch(self.bus)

    def dial(self, number: str = "", speech: Path | None = None, name: str = "") -> Call:
        """A caller dials the hotline; without `number`, a stranger whom nobody knows."""
        self._numbers += 1
        number = number or f"+62819000{self._numbers:05d}"
        call = self.carrier.dial(self.settings.hotline_number, number, speech, caller_name=name)
        self.calls.append(call)
        return call

    def known_numbers(self, most: int) -> list[str]:
        """Numbers of customers who speak Indonesian and share their number with nobody: the IVR knows them at once."""
        alone = select(CustomerPhone.e164).group_by(CustomerPhone.e164).having(func.count() == 1)
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(func.min(CustomerPhone.e164))
                    .join(Customer)
                    .where(Customer.language == "id", CustomerPhone.e164.in_(alone))
                    .group_by(Customer.id)
                    .order_by(Customer.id)
                    .limit(most)
                )
            )

    def page(self, agent_id: str, confirms_pops: bool = True) -> DeskPage:
        """The page of one of the test agents."""
        return DeskPage(self.address, f"agent{agent_id}", PASSWORD, confirms_pops)

    def phone_is_up(self, agent_id: str) -> None:
        """Wait until the agent's phone has registered."""
        wait_until(lambda: self.store.agent(agent_id).phone_up, "the phone to register")

    def interaction(self, interaction_id: str) -> Interaction:
        """The interaction on record, with segments and dispositions, once it has ended and every segment is closed."""
        found: list[Interaction] = []

        def is_whole() -> bool:
            with self.database.reading() as session:
                row = session.scalars(
                    select(Interaction)
                    .where(Interaction.id == interaction_id)
                    .options(selectinload(Interaction.segments), selectinload(Interaction.dispositions))
                ).one_or_none()
            if row is None or row.ended_at is None or any(segment.ended_at is None for segment in row.segments):
                return False
            found.append(row)
            return True

        wait_until(is_whole, "the record of the call")
        return found[-1]

    def all_interactions(self) -> list[Interaction]:
        """Every interaction on record."""
        with self.database.reading() as session:
            return list(session.scalars(select(Interaction)))

    def kill(self, process: str) -> int:
        """kill -9 one of Halo's processes; its manager starts it again. Returns the process id that was killed."""
        pid = self.supervisor.state(process).pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, process: str, killed: int) -> None:
        """Wait until the process runs again and is ready."""
        wait_until(lambda: self.supervisor.state(process).pid not in (0, killed), f"{process} to start again")

    def stop_process(self, process: str) -> None:
        """Stop it and leave it stopped."""
        self.supervisor.stop_process(process)

    def start_process(self, process: str) -> None:
        """Start it again."""
        self.supervisor.start_process(process)

    def cti_is_ready(self) -> bool:
        """Whether the cti process takes calls."""
        return CHECKS["cti"](self.settings) == ""

    def turns(self) -> list[str]:
        """Who is in line, the first first."""
        policy, line = PolicyInForce(self.database).current(), self.store.snapshot().line
        return sorted(line, key=lambda interaction_id: (policy.number(line[interaction_id]), interaction_id))

    def leader(self) -> str:
        """The process that leads; "" while none does."""
        pid = leading_pid(self.settings)
        return next((state.name for state in self.supervisor.states() if pid and state.pid == pid), "")

    def check(self, process: str) -> str:
        """Why the process is not ready; "" when it is."""
        return CHECKS[process](self.settings)

    def redis_answers(self) -> bool:
        """Whether Redis is there, for us too."""
        try:
            return bool(self.store.redis.ping())
        except redis.RedisError:
            return False

    def watch_from_start(self) -> EventWatch:
        """Everything that ever happened in this house."""
        watch = EventWatch(self.bus, START)
        watch.catch_up()
        return watch

    def answered_phones(self, user: str, number: str) -> list[dict[str, str]]:
        """The times that this phone was answered for a call from this number."""
        return [
            dict(row)
            for row in self.carrier.phone_events
            if row.get("userevent") == "PhoneAnswered" and row.get("user") == user and row.get("calleridnum") in number
        ]

    def hears(self, call: Call, prompt: str, language: str, times: int = 1) -> bool:
        """Whether the caller has heard this sentence, of the hotline's flow or of the catalogue, so many times."""
        flow = {(key, spoken): words for key, spoken, words in shipped_flow().flow.sentences()}
        return self.hears_prompt(call, Prompt(prompt, language, text=flow.get((prompt, language), "")), times)

    def hears_prompt(self, call: Call, prompt: Prompt, times: int = 1) -> bool:
        """The same for a prompt with fields."""
        sound = voice_of(self.settings).file_for(prompt)
        return call.heard.exists() and len(heard_at_s(call.heard, sound)) >= times

    def settle(self) -> None:
        """Hang up every call and wait until the line is empty, so that the next test begins on a quiet floor."""
        for call in self.calls:
            call.hang_up()
        self.calls.clear()
        wait_until(lambda: not self.store.snapshot().line, "the line to be empty")

    def send_home(self) -> None:
        """Wait until every agent is off, and let go who was left in the middle: the next test begins with agents of its own."""
        wait_until(lambda: all(self._is_off(agent) for agent in self.store.snapshot().agents.values()), "agents to be off", 30)

    def _is_off(self, agent: LiveAgent) -> bool:
        with suppress(IllegalChange):  # it goes on by itself
            if agent.state is AgentState.WRAP_UP:
                self.changes.finish_wrap_up(agent.agent_id, agent.interaction_id, ready=False)
            elif agent.state in (AgentState.READY, AgentState.NOT_READY):
                self.changes.log_out(agent.agent_id)
        return agent.state is AgentState.OFFLINE


def wait_until(holds, what: str, timeout_s: float = 20) -> None:
    """Ask until it holds. Only where nothing tells us: a process's start, a row in the database."""
    end_s = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < end_s, f"waited {timeout_s} s in vain for {what}"
        time.sleep(0.05)


@contextmanager
def running_house(home: Path, database_url: str) -> Iterator[House]:
    """Bring a whole Halo up with `launch up`, and down at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    environment |= {"HALO_HOME": str(home), "HALO_RING_TIMEOUT_S": "5", "HALO_DEVICE_GRACE_S": "3", "HALO_RESUME_CALL_S": "15"}
    environment |= {"HALO_HOLD_REMINDER_S": "4", "HALO_TRANSFER_WAIT_S": "8"}
    for name in ("DESK", "REDIS", "AMI", "AGI", "ASTERISK_HTTP", "SIP", "METRICS", "STANDBY_AGI", "STANDBY_METRICS"):
        environment[f"HALO_{name}_PORT"] = str(free_port())
    environment["HALO_STANDBY"] = "1"
    environment["HALO_CONTROL_NUMBER"] = "1500499"
    environment["HALO_SPEECH_FIRST_PORT"] = str(free_ports(SPEECH_FRONTS + 2))
    media = first_media_port()
    environment |= {"HALO_RTP_FIRST_PORT": str(media), "HALO_RTP_LAST_PORT": str(media + 1999)}
    environment |= twilio_environment(environment["HALO_SIP_PORT"])
    if database_url:
        environment["HALO_DATABASE_URL"] = database_url
    prepare_home(home)
    # In the file alone, so that a test can change it there and start cti again: nobody is asked how it was, unless that is tested.
    write_settings(home, environment | {"HALO_SURVEY_SHARE": "0", "HALO_RECORD_TALKS": "false"})
    settings = load_settings(home)
    carrier_port = free_port()
    _add_way_out(home, carrier_port)
    furnish(settings)
    upgrade(settings.database)
    database = Database(settings.database)
    phones = _add_agents(database)
    try:
        _start(environment)
        Supervisor(home).stop_process(STANDBY)  # only the tests of the stand-by have one
        _add_users(database)
        trunk = next(account for account in read_accounts(home) if account.user == TRUNK)
        ports = CarrierPorts(carrier_port, free_port(), media + 2000, 1800)
        store, bus = LiveStore(settings.redis_url), EventBus(settings.redis_url)
        with Carrier(home / "carrier", asterisk_program(), ports, settings.sip_port, trunk, phones).running() as carrier:
            changes = AgentChanges(store, SystemClock(), settings.presence_lease_s)
            yield House(settings, database, store, bus, changes, Supervisor(home), carrier)
        store.close()
        bus.close()
    finally:
        subprocess.run([VENV_PYTHON, "-m", "launch", "down"], cwd=ROOT, env=environment, check=True)
        database.dispose()


def _add_way_out(home: Path, carrier_port: int) -> None:
    """A trunk of the operator's own, by which customers can be called: to the carrier. No setting names it yet."""
    own = home / "asterisk/etc/local/pjsip-way-out.conf"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(
        f"[{WAY_OUT}](caller)\naors = {WAY_OUT}\n\n[{WAY_OUT}]\ntype = aor\ncontact = sip:127.0.0.1:{carrier_port}\n",
        encoding="utf-8",
    )


def _start(environment: dict[str, str]) -> None:
    started = subprocess.run(
        [VENV_PYTHON, "-m", "launch", "up"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    if started.returncode:
        pytest.fail(f"Halo does not start:\n{started.stdout}", pytrace=False)


def first_media_port() -> int:
    """The first of the 4,000 media ports of this test run's house; of runs side by side each has its own."""
    return 17_000 + 2 * (FIRST_PORT - 10_000)


def twilio_environment(sip_port: str) -> dict[str, str]:
    """Twilio is connected in this house; its REST API is wherever a test puts a stand-in for it."""
    return {
        "HALO_TWILIO_ACCOUNT_SID": TWILIO.account_sid,
        "HALO_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HALO_TWILIO_FROM_NUMBER": TWILIO.from_number,
        "HALO_TWILIO_PUBLIC_URL": PUBLIC_URL,
        "HALO_TWILIO_SIP_ADDRESS": f"127.0.0.1:{sip_port}",
        "HALO_TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
    }


def _add_agents(database: Database) -> list[Account]:
    with database.writing() as session:
        for agent_id, skills in AGENTS.items():
            session.add(
                AgentRecord(
                    id=agent_id, name=f"Agent {agent_id}", phone_kind=PhoneKind.SIP, phone_secret=secrets.token_urlsafe(12),
                    skills=[AgentSkill(skill=skill, proficiency=level) for skill, level in skills.items()],
                )
            )  # fmt: skip
        session.commit()
        return [
            Account(agent_endpoint(agent.id), agent.phone_secret)
            for agent in session.scalars(select(AgentRecord).order_by(AgentRecord.id))
        ]


def _add_users(database: Database) -> None:
    with database.writing() as session:
        for agent_id in AGENTS:
            create_user(
                session, login=f"agent{agent_id}", name=f"Agent {agent_id}", role="agent", password=PASSWORD, language="en",
                agent_id=agent_id, now=SystemClock().now(),
            )  # fmt: skip
        session.commit()
