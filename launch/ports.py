"""The ports that Halo needs, and whether they are free."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import HaloError
from core.settings import STANDBY_PORTS, Settings
from launch.settings_file import variable
from launch.sockets_in_use import Holder, find_holder
from launch.supervision.programs import front_names, speech_names

_MEDIA_RANGE = ("rtp_first_port", "rtp_last_port")  # Asterisk itself looks for free ones in the range


@dataclass(frozen=True, slots=True)
class Port:
    """One port: the settings field that names it, its number, and whether it is UDP.

    `program` is the process it belongs to, where several share a field.
    """

    field: str
    number: int
    udp: bool
    program: str = ""

    @property
    def setting(self) -> str:
        return variable(self.field)

    def is_of(self, program: str, fields: Iterable[str]) -> bool:
        """Whether the process of this name, with these settings fields, listens on it."""
        return self.field in fields and self.program in ("", program)


@dataclass(frozen=True, slots=True)
class TakenPort:
    """A port that something else holds; `holder` None when it can't be told who."""

    port: Port
    holder: Holder | None


def ports_of(settings: Settings) -> list[Port]:
    """Every single port in the settings that somebody listens on, and one for each recogniser and speech front."""
    others = (*_MEDIA_RANGE, "speech_first_port", *([] if settings.standby else STANDBY_PORTS))
    names = (*front_names(settings), *speech_names(settings))
    numbers = (*settings.speech_front_ports, *settings.speech_ports)
    speech = [Port("speech_first_port", number, udp=False, program=name) for name, number in zip(names, numbers, strict=True)]
    return speech + [
        Port(field, getattr(settings, field), udp=(Settings.model_fields[field].description or "").startswith("UDP"))
        for field in Settings.model_fields
        if field.endswith("_port") and field not in others
    ]


def taken_ports(ports: Iterable[Port], address: str) -> list[TakenPort]:
    """Those of the ports that can't be bound on `address`."""
    return [TakenPort(port, find_holder(port.number, port.udp)) for port in ports if not _can_bind(port, address)]


def raise_if_taken(settings: Settings, ports: Iterable[Port]) -> None:
    """Raises HaloError that names the first taken port, its setting, its holder and a free port to take instead."""
    wanted = list(ports)
    numbers = {port.number for port in ports_of(settings)}
    for taken in taken_ports(wanted, settings.bind_address):
        raise port_error(taken, free_port_after(taken.port, settings.bind_address, numbers))


def port_error(taken: TakenPort, free: int) -> HaloError:
    """The line for the reader about a taken port."""
    kind = "UDP" if taken.port.udp else "TCP"
    holder = taken.holder or "another program"
    return HaloError(
        f"{kind} port {taken.port.number} ({taken.port.setting}) is taken by {holder}.",
        f"end that, or choose another: {taken.port.setting}={free} ./halo up",
    )


def free_port_after(port: Port, address: str, avoid: Iterable[int]) -> int:
    """The next port that can be bound, in steps of ten, which are easier to remember."""
    reserved = set(avoid)
    for number in range(port.number + 10, 65_536, 10):
        if number not in reserved and _can_bind(Port(port.field, number, port.udp), address):
            return number
    return 0


def _can_bind(port: Port, address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM if port.udp else socket.SOCK_STREAM) as probe:
        if not port.udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port.number))
        except OSError:
            return False
    return True
