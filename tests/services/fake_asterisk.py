"""Stands where Asterisk stands, for real cti processes: its manager interface, callers who wait, phones that ring and answer.

It keeps count of what must never happen: two phones ringing, or talking, for one caller, and two callers for one agent.
"""

import heapq
import itertools
import random
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

from asterisk_conf import names
from core.clock import stopwatch_s

Fields = dict[str, list[str]]


@dataclass
class Leg:
    """An agent's phone that rings or talks."""

    unique_id: str
    channel: str
    agent_id: str
    interaction_id: str
    is_up: bool = False


@dataclass
class FakeAsterisk:
    """Callers by interaction id and agents' legs by unique id, as of now; `rang` is every ring so far, as (interaction, agent).

    Nobody hangs up in a talk of which `is_unheard` is true, for `longest_unheard_s` at most.
    """

    agents: list[str]
    random: random.Random
    ring_s: tuple[float, float] = (0.01, 0.06)
    talk_s: tuple[float, float] = (0.05, 0.3)
    is_unheard: Callable[[str], bool] = lambda _interaction_id: False
    longest_unheard_s: float = 30.0
    callers: dict[str, bool] = field(default_factory=dict)  # whether they talk
    legs: dict[str, Leg] = field(default_factory=dict)
    rang: list[tuple[str, str]] = field(default_factory=list)
    rang_at_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._lines: list[_Line] = []
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._wake, self._over = threading.Event(), threading.Event()

    @contextmanager
    def running(self, port: int) -> Iterator["FakeAsterisk"]:
        """Take connections on this port."""
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        with socketserver.ThreadingTCPServer(("127.0.0.1", port), lambda *given: _Line(self, *given)) as server:
            server.daemon_threads = True
            threads = [threading.Thread(target=each, daemon=True) for each in (server.serve_forever, self._keep_time)]
            for thread in threads:
                thread.start()
            yield self
            self._over.set()
            self._wake.set()
            server.shutdown()

    def arrive(self, interaction_id: str) -> None:
        """A caller waits in the dialplan."""
        with self.lock:
            self.callers[interaction_id] = False

    # ---- what happens by itself --------------------------------------------------------------------------------

    def _later(self, span_s: tuple[float, float], what: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (stopwatch_s() + self.random.uniform(*span_s), next(self._numbers), what))
        self._wake.set()

    def _keep_time(self) -> None:
        while not self._over.is_set():
            with self.lock:
                while self._timers and self._timers[0][0] <= stopwatch_s():
                    heapq.heappop(self._timers)[2]()
                wait_s = self._timers[0][0] - stopwatch_s() if self._timers else 1.0
                self._wake.clear()
            self._wake.wait(max(wait_s, 0.001))

    def _answer(self, leg: Leg) -> None:
        if leg.unique_id in self.legs:
            leg.is_up = True
            self.callers[leg.interaction_id] = True
            self.tell("Newstate", Channel=leg.channel, ChannelStateDesc="Up", Uniqueid=leg.unique_id)
            most_s = stopwatch_s() + self.longest_unheard_s
            self._later(self.talk_s, lambda: self._end_talk(leg, most_s))

    def _end_talk(self, leg: Leg, most_s: float) -> None:
        """The agent hangs up, and then the caller."""
        if self.is_unheard(leg.interaction_id) and stopwatch_s() < most_s:
            self._later((0.1, 0.2), lambda: self._end_talk(leg, most_s))
            return
        if self.legs.pop(leg.unique_id, None) is not None:
            self.tell("Hangup", Channel=leg.channel, Uniqueid=leg.unique_id, Cause="16")
            del self.callers[leg.interaction_id]
            caller = {"Channel": f"PJSIP/carrier-{leg.interaction_id[-4:]}", "Uniqueid": leg.interaction_id, "Cause": "16"}
            self.tell("Hangup", **caller, ChanVariable=f"{names.INTERACTION}={leg.interaction_id}")

    def tell(self, event: str, **fields: str) -> None:
        """Tell every connection."""
        for line in list(self._lines):
            line.say({"Event": event, **fields})

    # ---- what is asked of it ------------------------------------------------------------------------------------

    def do(self, line: "_Line", said: Fields) -> None:
        """One action."""
        with self.lock:
            asked = {"ActionID": said["actionid"][0]}
            act = getattr(self, f"_do_{said['action'][0].lower()}", None)
            if act is None:
                line.say({"Response": "Success", **asked})
            else:
                act(line, said, asked)

    def _do_login(self, line: "_Line", _said: Fields, asked: dict[str, str]) -> None:
        self._lines.append(line)
        line.say({"Response": "Success", **asked, "Message": "Authentication accepted"})

    def gone(self, line: "_Line") -> None:
        """A connection has ended."""
        with self.lock:
            if line in self._lines:
                self._lines.remove(line)

    def _do_originate(self, line: "_Line", said: Fields, asked: dict[str, str]) -> None:
        given = dict(text.split("=", 1) for text in said["variable"])
        interaction_id, unique_id = given[f"__{names.INTERACTION}"], said["channelid"][0]
        agent_id = names.agent_of_endpoint(said["channel"][0]) or ""
        self.wrong += [f"{interaction_id} rings at {agent_id}, and at {leg.agent_id}" for leg in self._legs_of(interaction_id)]
        self.wrong += [f"{agent_id} has two" for leg in self.legs.values() if leg.agent_id == agent_id]
        self.rang.append((interaction_id, agent_id))
        self.rang_at_s.append(stopwatch_s())
        line.say({"Response": "Success", **asked, "Message": "Originate successfully queued"})
        leg = Leg(unique_id, f"PJSIP/agent-{agent_id}-{next(self._numbers):08d}", agent_id, interaction_id)
        self.legs[unique_id] = leg
        self.tell("Newchannel", Channel=leg.channel, Uniqueid=unique_id, ChannelStateDesc="Down")
        self._later(self.ring_s, lambda: self._answer(leg))

    def _legs_of(self, interaction_id: str) -> list[Leg]:
        return [leg for leg in self.legs.values() if leg.interaction_id == interaction_id]

    def _do_hangup(self, line: "_Line", said: Fields, asked: dict[str, str]) -> None:
        name = said["channel"][0]
        leg = next((leg for leg in self.legs.values() if name in (leg.channel, leg.unique_id)), None)
        if leg is None:
            line.say({"Response": "Error", **asked, "Message": "No such channel"})
            return
        line.say({"Response": "Success", **asked, "Message": "Channel Hungup"})
        del self.legs[leg.unique_id]
        self.tell("Hangup", Channel=leg.channel, Uniqueid=leg.unique_id, Cause="16")

    def _do_status(self, line: "_Line", _said: Fields, asked: dict[str, str]) -> None:
        line.say({"Response": "Success", **asked, "EventList": "start"})
        for number, (interaction_id, talks) in enumerate(self.callers.items()):
            bridge = {"BridgeID": f"bridge-{interaction_id}" if talks else ""}
            row = {"Channel": f"PJSIP/carrier-{number}", "Context": names.WAITING, "Uniqueid": interaction_id, **bridge}
            line.say({"Event": "Status", **asked, **row, "Variable": f"{names.INTERACTION}={interaction_id}"})
        for leg in self.legs.values():
            state = {"ChannelStateDesc": "Up" if leg.is_up else "Ringing", "Uniqueid": leg.unique_id}
            line.say({"Event": "Status", **asked, "Channel": leg.channel, "Context": names.AGENT_LEG, **state})
        line.say({"Event": "StatusComplete", **asked, "EventList": "Complete"})

    def _do_devicestatelist(self, line: "_Line", _said: Fields, asked: dict[str, str]) -> None:
        line.say({"Response": "Success", **asked, "EventList": "start"})
        for agent_id in self.agents:
            device = f"PJSIP/{names.agent_endpoint(agent_id)}"
            line.say({"Event": "DeviceStateChange", **asked, "Device": device, "State": "NOT_INUSE"})
        line.say({"Event": "DeviceStateListComplete", **asked, "EventList": "Complete"})

    def _do_getvar(self, line: "_Line", said: Fields, asked: dict[str, str]) -> None:
        line.say({"Response": "Success", **asked, "Variable": said["variable"][0], "Value": "sip:phone@127.0.0.1"})

    @property
    def rang_again(self) -> list[str]:
        """Interactions for which more than one phone was rung."""
        return [interaction_id for interaction_id, number in Counter(each for each, _ in self.rang).items() if number > 1]


class _Line(socketserver.StreamRequestHandler):
    """One connection of a cti process."""

    disable_nagle_algorithm = True

    def __init__(self, asterisk: FakeAsterisk, *given: object) -> None:
        self._asterisk = asterisk
        super().__init__(*given)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(ConnectionError):  # a process that was killed
            self._take_actions()

    def _take_actions(self) -> None:
        self.say_raw("Asterisk Call Manager/11.0.0\r\n")
        said: Fields = {}
        for raw in self.rfile:
            text = raw.decode("latin-1").rstrip("\r\n")
            name, _, value = text.partition(": ")
            if text:
                said.setdefault(name.lower(), []).append(value)
            elif said:
                self._asterisk.do(self, said)
                said = {}

    def finish(self) -> None:
        self._asterisk.gone(self)

    def say(self, message: dict[str, str]) -> None:
        self.say_raw("".join(f"{name}: {value}\r\n" for name, value in message.items()) + "\r\n")

    def say_raw(self, text: str) -> None:
        try:
            cast("socketserver.socket", self.request).sendall(text.encode("latin-1"))  # type: ignore[name-defined]
        except OSError:
            self._asterisk.gone(self)
