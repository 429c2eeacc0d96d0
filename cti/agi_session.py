"""One AGI conversation: pyst2's AGI without its signal handler, its echo and its quoting; a hang-up is one exception."""

import re
from collections.abc import Callable
from typing import BinaryIO

from asterisk.agi import AGI

from cti.clean import clean_argument, clean_value
from ivr.line import HungUp

MAX_HEADERS, MAX_LINE_BYTES = 100, 4096
_RESULT = re.compile(r"^(\d{3})[ -]?(?:result=(-?\d*)(?:\s+\((.*)\))?)?")
_TRYING = "100 "  # of a subroutine of the dialplan Asterisk says that it begins, and only then what came of it
_DEAD_CHANNEL = "511"  # they have hung up, and Asterisk has not said so before
_ANSWERED = re.compile(r"^[25]\d\d ")  # not "HANGUP", not "100 …", not the first lines of a "520-…"


class BadConversation(Exception):
    """What came over the socket is not AGI."""


class AgiSession(AGI):  # type: ignore[misc]  # pyst2 has no types
    """Commands to one channel. Raises HungUp when the caller, or the connection, is gone."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        # pyst2's own constructor takes over a signal, which only the main thread may; and it echoes all to stderr.
        self._reader, self._writer = reader, writer
        self.env: dict[str, str] = {}
        self._unanswered = 0
        self.is_abandoned = False
        self.leave: Callable[[], object] = lambda: None  # closes the connection, from any thread
        self._get_agi_env()

    def _get_agi_env(self) -> None:
        for _ in range(MAX_HEADERS):
            line = self._read_line()
            if line == "":
                if "agi_channel" not in self.env:
                    raise BadConversation("no channel named")
                return
            name, found, value = line.partition(":")
            if not found or not name.startswith("agi_"):
                raise BadConversation("a header that is none")
            self.env.setdefault(name.strip(), value.strip())  # the first: Asterisk's own come before what a caller may forge
        raise BadConversation("too many headers")

    def execute(self, command: str, *arguments: str | int) -> str:
        """Run one command; every text argument is cleaned and quoted. Returns the result's value.

        Raises HungUp, or BadConversation when Asterisk does not understand.
        """
        self._send(command, arguments)
        return self._result(command)

    def try_to(self, command: str, *arguments: str | int) -> str:
        """Run a command that may fail; returns Asterisk's whole answer, such as "200 result=0". Raises HungUp."""
        self._send(command, arguments)
        line = self._read_line()
        if line.startswith("HANGUP") or line.startswith("200 result=-1"):
            raise HungUp
        return line

    def abandon(self) -> None:
        """From any thread: the caller is in another session by now, and this one ends with HungUp, whatever it waits for."""
        self.is_abandoned = True
        self.leave()

    def finish(self, command: str) -> None:
        """Run a command that Asterisk takes for a caller who has hung up, too, and wait until it is done.

        Raises HungUp when the connection is gone.
        """
        self._hear_out()  # of two commands sent at once Asterisk reads both and looks at the first
        self._send(command, ())
        self._hear_out()

    def _hear_out(self) -> None:
        while self._unanswered > 0:
            self._read_line()

    def variable(self, name: str) -> str:
        """A channel variable; "" when not set."""
        self._data = ""
        return self._data if self.execute("GET VARIABLE", clean_value(name)) == "1" else ""

    def _send(self, command: str, arguments: tuple[str | int, ...]) -> None:
        words = [command, *(str(item) if isinstance(item, int) else f'"{clean_argument(item)}"' for item in arguments)]
        try:
            self._writer.write((" ".join(words) + "\n").encode())
            self._writer.flush()
            self._unanswered += 1
        except (OSError, ValueError):
            raise HungUp from None

    def _result(self, command: str) -> str:
        line = self._read_line()
        while line.startswith(_TRYING):
            line = self._read_line()
        if line.startswith("HANGUP"):
            raise HungUp
        found = _RESULT.match(line)
        if found is not None and found[1] == _DEAD_CHANNEL:
            raise HungUp
        if found is None or found[1] != "200":
            raise BadConversation(f"{command} was answered with code {line[:3]}")
        value, self._data = found[2] or "", found[3] or ""
        if value == "-1" or self._data == "hangup":
            raise HungUp
        return value

    def _read_line(self) -> str:
        try:
            line = self._reader.readline(MAX_LINE_BYTES + 1)
        except (OSError, ValueError):
            raise HungUp from None
        if not line:
            raise HungUp
        if len(line) > MAX_LINE_BYTES:
            raise BadConversation("a line without end")
        text = line.decode("utf-8", "replace").strip()
        self._unanswered -= _ANSWERED.match(text) is not None
        return text
