"""The carrier of this installation's own calls: on free ports, on its own trunk, gone at the end."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from asterisk_conf.names import TRUNK
from asterisk_conf.render import Account
from core.errors import HaloError
from core.settings import Settings
from launch.demo.carrier import Carrier, CarrierPorts
from launch.install.asterisk_root import asterisk_program
from launch.sip_accounts import read_accounts
from routing.agent_state import AgentState
from routing.live import LiveStore

_RTP_PORTS = 200  # after those of Halo itself; two for each call


@contextmanager
def our_carrier(settings: Settings, phones: Sequence[Account] = ()) -> Iterator[Carrier]:
    """A carrier that calls this Halo, and registers `phones` there."""
    trunk = next(account for account in read_accounts(settings.home) if account.user == TRUNK)
    folder = Path(mkdtemp(prefix="halo-carrier-"))
    try:
        ports = CarrierPorts(_free_port(socket.SOCK_DGRAM), _free_port(socket.SOCK_STREAM), settings.rtp_last_port + 1, _RTP_PORTS)
        carrier = Carrier(folder, asterisk_program(), ports, settings.sip_port, trunk, phones)
        with carrier.running():
            yield carrier
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def refuse_when_agents_work(store: LiveStore, what: str) -> None:
    """Raises HaloError when an agent could be given one of our calls; `what` names them."""
    resting = (AgentState.OFFLINE, AgentState.NOT_READY)
    if any(agent.state not in resting for agent in store.snapshot().agents.values()):
        raise HaloError(f"Agents are at work: {what} could reach one of them.", "Run it when nobody is ready.")


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
