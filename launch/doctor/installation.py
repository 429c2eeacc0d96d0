"""Checks of this installation: its files, ports, database and processes."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.errors import HaloError
from core.settings import SETTINGS_FILE, Settings, load_settings
from ivr.hours_file import load_hours, raise_for_unknown_queues
from ivr.hours_source import OWN_FILE
from launch.demo_pins import pins_file
from launch.doctor.carriers import twilio
from launch.doctor.finding import Finding
from launch.doctor.flows import flows
from launch.doctor.recordings import recordings
from launch.logins import logins_file
from launch.policies import policy_here
from launch.ports import free_port_after, port_error, ports_of, taken_ports
from launch.schema import current_revision, newest_revision
from launch.sip_accounts import accounts_file, twilio_account_file
from launch.supervision.leftovers import Leftover, find_leftovers
from launch.supervision.processor_share import is_raised
from launch.supervision.programs import program_names
from launch.supervision.readiness import CHECKS, leading_pids
from launch.supervision.redis_conf import redis_conf_file
from launch.supervision.supervisor import ProcessState, Supervisor
from launch.supervision.supervisor_conf import conf_file
from routing.policy import MAIN

_UP = "run ./halo up."
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def installation_findings(home: Path) -> list[Finding]:
    """All of them; only the first when there is no installation yet."""
    if not (home / SETTINGS_FILE).exists():
        return [Finding("installation", False, f"nothing is set up in {home}", _UP)]
    try:
        settings = load_settings(home)
    except HaloError as problem:
        return [Finding("settings", False, problem.message, problem.next_step)]
    secret_files = [
        home / SETTINGS_FILE,
        logins_file(home),
        pins_file(home),
        accounts_file(home),
        twilio_account_file(home),
        redis_conf_file(home),
        conf_file(home),
        *(home / "asterisk" / "etc").glob("*.conf"),
    ]
    settings_are_good = Finding("settings", True, str(home / SETTINGS_FILE))
    found = [settings_are_good, private(secret_files), schema(settings), opening_hours(home), flows(settings), twilio(settings)]
    found.append(recordings(settings))
    return [*found, *_running(settings)]


def opening_hours(home: Path) -> Finding:
    """The operator's own hours file, where there is one, can be read."""
    own = home / OWN_FILE
    if not own.exists():
        return Finding("opening hours", True, "as shipped")
    try:
        hours = load_hours(own)
        raise_for_unknown_queues(hours, own, policy_here().names)
    except HaloError as problem:
        return Finding("opening hours", False, problem.message, "correct it; until then the hours before it hold.")
    queues = f"; of their own: {', '.join(hours.queues)}" if hours.queues else ""
    return Finding("opening hours", True, f"{own}: {', '.join(hours.schedules)}{queues}")


def private(files: Sequence[Path]) -> Finding:
    """Files with secrets are for their owner only."""
    open_ones = [str(file) for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & _OTHERS]
    if open_ones:
        return Finding("secrets", False, f"others may read {', '.join(open_ones)}", f"chmod 600 {' '.join(open_ones)}")
    return Finding("secrets", True, "readable by their owner only")


def schema(settings: Settings) -> Finding:
    """The database is there and has the newest tables."""
    database = Database(settings.database)
    try:
        found, wanted = current_revision(database.engine), newest_revision()
    except SQLAlchemyError as problem:
        return Finding("database", False, f"does not answer ({type(problem).__name__})", "check HALO_DATABASE_URL and its server.")
    finally:
        database.dispose()
    return Finding("database", found == wanted, f"at revision {found or 'none'}, newest is {wanted}", _UP)


def _running(settings: Settings) -> list[Finding]:
    supervisor = Supervisor(settings.home)
    if not supervisor.is_up():
        left = find_leftovers(settings.home)
        return [_orphaned(left)] if left else [Finding("process manager", False, "is not running", _UP), *_ports(settings)]
    states = {state.name: state for state in supervisor.states()}
    unknown = [name for name in program_names(settings) if name not in states]
    missing = [Finding(name, False, "unknown to the process manager", _UP) for name in unknown]
    found = [Finding("process manager", True, "runs"), processor_share(is_raised(supervisor.pid()))]
    running = (process(state, settings) for state in states.values())
    return [*found, *missing, *running, *leaders(leading_pids(settings), list(states.values()))]


def processor_share(raised: bool) -> Finding:
    """Whether calls go before other work on this machine; an ordinary user can't have it so, and Halo works all the same."""
    alike = "as any other session's, unless a service manager divides this machine; started by root, calls would go first"
    return Finding("processor share", True, "calls go first" if raised else alike)


def process(state: ProcessState, settings: Settings) -> Finding:
    """A process runs and answers."""
    next_step = f"read './halo logs {state.name}'; it is started again by itself, or by ./halo up."
    if not state.pid:
        return Finding(state.name, False, f"{state.state.lower()} {state.problem}".strip(), next_step)
    problem = CHECKS[state.name](settings)
    return Finding(state.name, not problem, problem or f"runs and answers (process {state.pid})", next_step)


def leaders(leading: Mapping[str, int], states: Sequence[ProcessState]) -> list[Finding]:
    """A cti process leads; without one nobody who waits is given to an agent. So do the partitions of the policy, each."""
    names = {state.pid: state.name for state in states if state.pid}
    found = [
        Finding(f"leader of {partition}" if partition else "leader", True, f"{names[pid]} (process {pid})")
        for partition, pid in leading.items()
        if pid in names
    ]
    if leading.get(MAIN) in names:
        return found
    step = "read './halo logs cti'; Redis must answer, too."
    return [Finding("leader", False, "no cti process of this machine leads", step), *found]


def _orphaned(left: Sequence[Leftover]) -> Finding:
    names = ", ".join(f"{leftover.name} ({leftover.pid})" for leftover in left)
    return Finding("process manager", False, f"is gone, but left running: {names}", "run ./halo down, then ./halo up.")


def _ports(settings: Settings) -> list[Finding]:
    ports = ports_of(settings)
    numbers = {port.number for port in ports}
    findings = []
    for taken in taken_ports(ports, settings.bind_address):
        error = port_error(taken, free_port_after(taken.port, settings.bind_address, numbers))
        findings.append(Finding("ports", False, error.message, error.next_step))
    return findings or [Finding("ports", True, "all free")]
