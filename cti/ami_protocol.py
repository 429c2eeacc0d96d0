"""Reads Asterisk's manager interface, but nothing that a caller has written into it.

A caller's number stands in events as the network brought it. With `%0D%0A` in a SIP address it holds line ends, and so lines, or
whole events, of the caller's own: a phone that is gone, a leg that was hung up. Asterisk holds back what goes on after an empty
line (see manager.conf); what stays is one message with more in it than Asterisk ever says, and is dropped here.
"""

from typing import Any

from panoramisk.ami_protocol import AMIProtocol

from core.log import get_log

_LINE, _END = b"\r\n", b"\r\n\r\n"
_REPEATED = (b"variable", b"output")  # ChanVariable, DestChanVariable, Variable: one line for each
# Asterisk says a name after each number: a number that is followed by something else had a line end in it.
_AFTER = {b"calleridnum": b"calleridname", b"connectedlinenum": b"connectedlinename"}

log = get_log(__name__)


class CleanProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """Hands on whole messages, without those that `is_forged`."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._greeted, self._rest = False, b""

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self._greeted:
            greeting, found, rest = self._rest.partition(_LINE)
            if not found:
                return
            self._greeted, self._rest = True, rest
            super().data_received(greeting + found)  # no empty line stands after it
        *whole, self._rest = self._rest.split(_END)
        fit = [message for message in whole if not is_forged(message)]
        if len(fit) < len(whole):
            log.warning("ami_message_dropped", why="a caller's number had line ends in it", count=len(whole) - len(fit))
        if fit:
            super().data_received(b"".join(message + _END for message in fit))


def is_forged(message: bytes) -> bool:
    """Whether a message says something twice that Asterisk says once, or a number is not followed by its name."""
    # "ChanVariable(PJSIP/agent-1001-1)" is a variable like any other.
    names = [line.partition(b": ")[0].partition(b"(")[0].lower() for line in message.split(_LINE) if b": " in line]
    once = [name for name in names if not name.endswith(_REPEATED)]
    return len(set(once)) < len(once) or any(_is_cut(names, place) for place in range(len(names)))


def _is_cut(names: list[bytes], place: int) -> bool:
    """Whether the number at this place is followed by something else than the name that belongs to it."""
    for number, name in _AFTER.items():
        if names[place].endswith(number):  # "DestCallerIDNum" has "DestCallerIDName" after it
            return names[place + 1 : place + 2] != [names[place].removesuffix(number) + name]
    return False
