"""A caller's number that holds line ends makes no event of the caller's own."""

import re
from pathlib import Path

import pytest

import cti
from asterisk_conf import names
from asterisk_conf.render import Account, Addresses, Installation, render
from cti.ami_protocol import CleanProtocol, is_forged

GREETING = "Asterisk Call Manager/11.0.0\r\n"
PHONE_GONE = "Event: ContactStatus\r\nAOR: agent-1001\r\nContactStatus: Removed"


def arrival(number: str) -> str:
    """What Asterisk says when a call arrives from this number, as seen on the wire."""
    return (
        "Event: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/carrier-00000001\r\nChannelState: 4\r\n"
        f"CallerIDNum: {number}\r\nCallerIDName: <unknown>\r\nConnectedLineNum: <unknown>\r\nConnectedLineName: <unknown>\r\n"
        f"AccountCode: \r\nExten: 1500400\r\nUniqueid: halo-1.1\r\nChanVariable: {names.INTERACTION}=\r\n\r\n"
    )


class Factory:
    """Stands where panoramisk's manager stands."""

    save_stream = None

    def __init__(self) -> None:
        self.told: list[str] = []

    def dispatch(self, message) -> None:
        self.told.append(f"{message['event']} {message.get('uniqueid', '')}")


@pytest.fixture
def factory() -> Factory:
    return Factory()


@pytest.fixture
def protocol(factory: Factory) -> CleanProtocol:
    protocol = CleanProtocol()
    protocol.connection_made(None)
    protocol.factory = factory
    return protocol


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_messages_come_whole_however_the_network_cuts_them(protocol: CleanProtocol, factory: Factory, piece: int):
    text = (GREETING + arrival("+628112345678") + arrival("")).encode()
    for start in range(0, len(text), piece):
        protocol.data_received(text[start : start + piece])
    assert factory.told == ["Newchannel halo-1.1"] * 2


@pytest.mark.parametrize(
    "number",
    [
        "0811\r\nUniqueid: halo-leg-7",
        "0811\r\nevent: ContactStatus\r\naor: agent-1001\r\ncontactstatus: Removed",
        "0811\r\nCallerIDName: x\r\nevent: ContactStatus\r\naor: agent-1001",
        "0811\r\nCallerIDName: x\r\nConnectedLineNum: 1\r\nConnectedLineName: x\r\naor: agent-1001\r\nevent: ContactStatus",
    ],
)
def test_lines_in_a_number_make_the_message_a_forged_one(protocol: CleanProtocol, factory: Factory, number: str):
    protocol.data_received((GREETING + arrival(number) + arrival("0811")).encode())
    assert factory.told == ["Newchannel halo-1.1"]


def test_what_asterisk_says_several_times_is_no_forgery():
    known = "CallerIDNum: 1\r\nCallerIDName: x\r\n"
    variables = "Variable: A=1\r\nVariable: B=2\r\nChanVariable: A=1\r\nChanVariable: B=2"
    assert not is_forged(f"Event: Status\r\n{known}{variables}".encode())
    of_a_channel = "ChanVariable(PJSIP/agent-1001-1): A=1\r\nChanVariable(PJSIP/agent-1001-1): B=2"
    assert not is_forged(f"Event: OriginateResponse\r\n{known}{of_a_channel}".encode())
    assert not is_forged(
        f"Event: AgentConnect\r\n{known}DestCallerIDNum: 2\r\nDestCallerIDName: y\r\nDestChanVariable: A=".encode()
    )


def test_asterisk_tells_what_is_read_and_no_more():
    code = "".join(file.read_text(encoding="utf-8") for file in Path(cti.__path__[0]).glob("*.py"))
    read = set(re.findall(r"ami\.on\(\"(\w+)\"", code))
    assert read == set(names.MANAGER_EVENTS) - {"FullyBooted"}


def test_asterisk_holds_back_an_event_that_goes_on_after_an_empty_line(tmp_path: Path):
    addresses = Addresses("127.0.0.1", 5060, 8088, 5038, 4573, 16000, 16999)
    render(Installation(tmp_path, tmp_path, tmp_path, addresses, "m", "k", "1500400", [], [Account(names.TRUNK, "s")]))
    text = (tmp_path / "etc/manager.conf").read_text(encoding="utf-8")
    (rule,) = re.findall(r"^eventfilter\(action\(exclude\),method\(regex\)\) = (.+)$", text, re.M)
    excludes = re.compile(rule.replace("[:cntrl:]", r"\x00-\x1f\x7f"))  # as POSIX reads it
    assert excludes.search(arrival(f"0811\r\n\r\n{PHONE_GONE}\r\n\r\n"))
    assert not excludes.search(arrival("+628112345678"))
