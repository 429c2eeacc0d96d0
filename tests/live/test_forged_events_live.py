"""A stranger's From header against a real Asterisk: what is in it never becomes an event that Halo believes."""

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

import pytest

from asterisk_conf import names
from asterisk_conf.render import Account, Addresses, Installation, render
from cti.ami import Row
from launch.demo.ami_thread import AmiThread
from launch.install.asterisk_root import asterisk_program
from tests.conftest import free_port

pytestmark = pytest.mark.one_database

HOTLINE, TRUNK = "1500400", Account(names.TRUNK, "its-password")
MANAGER_SECRET = "manager-password"
END, LINE = "%0D%0A%0D%0A", "%0D%0A"


@dataclass
class Asterisk:
    """Asterisk alone, with our configuration and nothing of ours behind it."""

    sip_port: int
    told: list[Row]
    arrived: threading.Condition

    def wait_for_call_of(self, number: str) -> bool:
        with self.arrived:
            return self.arrived.wait_for(lambda: any(row.get("calleridnum") == number for row in self.told), 10)


@pytest.fixture
def asterisk(tmp_path: Path) -> Iterator[Asterisk]:
    program = asterisk_program()
    sip, http, ami, agi = free_port(), free_port(), free_port(), free_port()
    addresses = Addresses("127.0.0.1", sip, http, ami, agi, 27000, 27100)
    render(Installation(tmp_path, program.modules, program.data, addresses, MANAGER_SECRET, "k", HOTLINE, [], [TRUNK]))
    booted = threading.Event()
    running = Asterisk(sip, [], threading.Condition())

    def happened(row: Row) -> None:
        with running.arrived:
            running.told.append(row)
            running.arrived.notify_all()

    handlers = {"FullyBooted": lambda _row: booted.set()} | dict.fromkeys(("Newchannel", "Hangup", "ContactStatus"), happened)
    with (tmp_path / "said").open("wb") as output:
        command = [*program.command, "-C", str(tmp_path / "etc/asterisk.conf"), "-f"]
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            with AmiThread(ami, names.MANAGER_USER, MANAGER_SECRET, handlers):
                assert booted.wait(60)
                yield running
        finally:
            process.terminate()
            process.wait(20)


def call(sip_port: int, from_user: str) -> str:
    """Call the hotline as the trunk with this user in the From header; returns the last answer's first line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(10)
        address, own = f"sip:{HOTLINE}@127.0.0.1:{sip_port}", line.getsockname()[1]

        def invite(number: int, proof: str = "") -> str:
            sound = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 27900 RTP/AVP 0\r\n"
            line.sendto(
                (
                    f"INVITE {address} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{own}{number}\r\n"
                    f"Max-Forwards: 70\r\nFrom: <sip:{from_user}@127.0.0.1>;tag=t{number}\r\nTo: <{address}>\r\nCall-ID: {own}\r\n"
                    f"CSeq: {number} INVITE\r\nContact: <sip:x@127.0.0.1:{own}>\r\n{proof}Content-Type: application/sdp\r\n"
                    f"Content-Length: {len(sound)}\r\n\r\n{sound}"
                ).encode(),
                ("127.0.0.1", sip_port),
            )
            return line.recv(65_536).decode()

        asked = dict(re.findall(r'(realm|nonce|opaque)="([^"]*)"', invite(1)))
        first, second = f"{TRUNK.user}:{asked['realm']}:{TRUNK.secret}", f"INVITE:{address}"
        proof = _md5(f"{_md5(first)}:{asked['nonce']}:00000001:c:auth:{_md5(second)}")
        answer = invite(
            2,
            f'Authorization: Digest username="{TRUNK.user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{address}", '
            f'response="{proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", opaque="{asked["opaque"]}"\r\n',
        )
        return answer.partition("\r\n")[0]


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def test_a_caller_whose_number_holds_line_ends_forges_no_event(asterisk: Asterisk):
    for forged in (
        f"0811{END}Event%3A%20Hangup{LINE}Uniqueid%3A%20{names.agent_leg_id(7)}{END}",
        f"0811{END}Event%3A%20ContactStatus{LINE}AOR%3A%20agent-1001{LINE}ContactStatus%3A%20Removed{END}",
        f"0811{LINE}event%3A%20ContactStatus{LINE}aor%3A%20agent-1001",
        f"0811{LINE}CallerIDName%3A%20x{LINE}event%3A%20ContactStatus{LINE}aor%3A%20agent-1001",
        f"0811{END}Event%3A%20Shutdown{END}",
    ):
        assert call(asterisk.sip_port, forged) == "SIP/2.0 100 Trying"
    assert call(asterisk.sip_port, "08112345678") == "SIP/2.0 100 Trying"
    assert asterisk.wait_for_call_of("08112345678")  # the connection lives, and events go on
    assert {row["event"] for row in asterisk.told} <= {"Newchannel", "Hangup"}
    assert not [row for row in asterisk.told if names.token_of_leg(row["uniqueid"]) or "aor" in row]
