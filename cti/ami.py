"""Asterisk's manager interface: panoramisk, with a timeout on every action and nothing unclean sent."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from panoramisk import Manager

from core.errors import Unavailable
from core.log import get_log
from cti.ami_protocol import CleanProtocol
from cti.clean import clean_value

ACTION_TIMEOUT_S = 3.0
LIST_TIMEOUT_S = 10.0

Row = Mapping[str, str]
EventHandler = Callable[[Row], None]

# What rings, moves or ends a call, and who takes one when we are away: the leader's alone.
_LEADERS = frozenset({"Originate", "Redirect", "Hangup", "QueueAdd", "QueueRemove", "QueuePause"})

log = get_log(__name__)
_library_log = logging.getLogger("panoramisk")
_library_log.setLevel(logging.INFO)  # below that it writes down every event, the keys of PINs and cards among them


class Actions(Protocol):
    """Where actions are sent."""

    async def action(self, name: str, **fields: str | list[str]) -> Row:
        """Send one and return its answer; see Ami.action."""
        ...


class _Everything:
    """Holds every action name: after a reconnect nothing is sent again, since a phone could ring twice. We resync instead."""

    def __contains__(self, _action: object) -> bool:
        return True


class Ami:
    """One connection that comes back by itself.

    `on_connected` runs after every log-in (resync there); `on_lost` when Asterisk does not answer any more.
    Handlers are plain functions called with the event's headers, names in lower case; their errors are logged and
    end there. While `leads` says no, events are let go by (resync makes up for them), and nothing that rings or moves a call
    is sent.
    """

    def __init__(
        self,
        port: int,
        user: str,
        secret: str,
        on_connected: Callable[[], Coroutine[Any, Any, None]],
        on_lost: Callable[[], None],
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        self._port, self._user, self._secret = port, user, secret
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._leads = leads
        self._handlers: dict[str, list[tuple[EventHandler, bool]]] = {}
        self._manager: Any = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.connected = False

    def on(self, event: str, handler: EventHandler, also_standing_by: bool = False) -> None:
        """Call `handler` for every event of this name; `also_standing_by`, while another leads, too. Before `start`."""
        self._handlers.setdefault(event, []).append((handler, also_standing_by))

    def start(self) -> None:
        """Begin to connect, from inside the event loop."""
        # latin-1 both ways keeps every byte: UTF-8 letters split over two packets survive, and are decoded in _row.
        self._manager = Manager(
            loop=asyncio.get_running_loop(), host="127.0.0.1", port=self._port, username=self._user, secret=self._secret,
            encoding="latin-1", protocol_factory=CleanProtocol, reconnect_timeout=1, ping_delay=10, ping_interval=10,
            forgetable_actions=_Everything(), on_login=self._logged_in, on_disconnect=self._lost,
            log=_library_log,
        )  # fmt: skip
        for name, handlers in self._handlers.items():
            for handler, also_standing_by in handlers:
                self._manager.register_event(name, self._guarded(handler, also_standing_by))
        self._manager.connect()

    def stop(self) -> None:
        """Close for good."""
        if self._manager is not None:
            self._on_lost = lambda: None
            self._manager.connect = lambda *_arguments: None
            self._manager.close()

    async def action(self, name: str, **fields: str | list[str]) -> Row:
        """Send one action and return its answer. Raises ActionRefused, or Unavailable after three seconds of silence."""
        return await self._act(name, fields, self._leads)

    def led_by(self, leads: Callable[[], bool]) -> Actions:
        """The same connection for somebody who leads something else, by `leads`."""
        return _Led(self._act, leads)

    async def _act(self, name: str, fields: Mapping[str, str | list[str]], leads: Callable[[], bool]) -> Row:
        answer = await self._send(name, fields, as_list=False, timeout_s=ACTION_TIMEOUT_S, leads=leads)
        row = _row(answer)
        if row.get("response") not in ("Success", "Goodbye"):
            raise ActionRefused(f"Asterisk refused {name}: {row.get('message', 'no reason given')}.")
        return row

    async def rows(self, name: str, **fields: str | list[str]) -> list[Row]:
        """Send an action that answers with a list, and return its events without the first and the last."""
        answers = await self._send(name, fields, as_list=True, timeout_s=LIST_TIMEOUT_S, leads=self._leads)
        return [_row(answer) for answer in answers[1:-1]]

    async def _send(
        self, name: str, fields: Mapping[str, str | list[str]], as_list: bool, timeout_s: float, leads: Callable[[], bool]
    ) -> Any:
        if self._manager is None or self._manager.protocol is None or not self.connected:
            raise Unavailable("Asterisk's manager interface is not connected.", "Run ./halo doctor.")
        if name in _LEADERS and not leads():  # asked here, with nothing to wait for before it is on its way
            raise NotLeading(f"{name} is the leader's to send, and that is another process.", "Nothing to do.")
        action = {"Action": name} | {key.replace("_", "-"): _for_wire(value) for key, value in fields.items()}
        try:
            return await asyncio.wait_for(self._manager.send_action(action, as_list=as_list), timeout_s)
        except TimeoutError:
            raise Unavailable(f"Asterisk did not answer {name} within {timeout_s:.0f} s.", "Run ./halo doctor.") from None

    def _guarded(self, handler: EventHandler, also_standing_by: bool) -> Callable[[Any, Any], None]:
        def handle(_manager: Any, message: Any) -> None:
            if not also_standing_by and not self._leads():
                return
            try:
                handler(_row(message))
            except Exception:  # an error in here would end the connection
                log.exception("ami_event_failed", ami_event=str(message.get("event", "")))

        return handle

    def _logged_in(self, _manager: Any) -> None:
        self.connected = True
        log.info("ami_connected")
        task = asyncio.get_running_loop().create_task(self._on_connected())
        self._tasks.add(task)
        task.add_done_callback(self._connected_done)

    def _connected_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("ami_connected_handler_failed", error=repr(task.exception()))

    def _lost(self, _manager: Any, _error: Any) -> None:
        self.connected = False
        log.warning("ami_lost")
        self._on_lost()


class _Led:
    """Actions of somebody who leads by a lease of their own."""

    def __init__(
        self, act: Callable[[str, Mapping[str, str | list[str]], Callable[[], bool]], Coroutine[Any, Any, Row]],
        leads: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._act, self._leads = act, leads

    async def action(self, name: str, **fields: str | list[str]) -> Row:
        """See Ami.action."""
        return await self._act(name, fields, self._leads)


class ActionRefused(Unavailable):
    """Asterisk answered, and said no."""

    code = "action_refused"
    retryable = False


class NotLeading(Unavailable):
    """Another process leads, or may soon: this is not ours to do."""

    code = "not_leading"


def _for_wire(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [clean_value(item).encode().decode("latin-1") for item in value]
    return clean_value(value).encode().decode("latin-1")


def _row(message: Any) -> Row:
    row: dict[str, str] = {}
    for name, value in message.items():
        text = "\n".join(value) if isinstance(value, list) else str(value)
        row[name.lower()] = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return row


def variables(row: Row) -> dict[str, str]:
    """The channel variables that came with an event, by name."""
    found = {}
    for header in ("chanvariable", "variable"):
        for line in row.get(header, "").splitlines():
            name, _, value = line.partition("=")
            found[name.split("(")[0] if header == "chanvariable" else name] = value
    return found
