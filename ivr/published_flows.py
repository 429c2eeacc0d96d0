"""The flows in force, as a call finds them: the newest publication when the call begins, kept by the call to its end."""

import threading

from core.database import Database
from core.errors import HaloError
from core.log import get_log
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_version import FlowVersion
from ivr.flow_versions import FlowVersionRecord, key_in_force
from ivr.patience import within

_LIMIT_S = 0.5
_log = get_log(__name__)


class PublishedFlows:
    """Reads which version is in force once for each call (one look-up by index), and each version only once.

    A version whose word graph was made anew is read again: a running call goes on with the one that it has.

    When the database does not answer, a call gets the version last seen, or else the shipped flow, by key alone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[int, str], FlowVersion] = {}
        self._last: dict[str, FlowVersion] = {}
        self._lock = threading.Lock()

    def current(self, flow: str) -> FlowVersion:
        """The version in force. Never fails for a flow that Halo ships; raises BadInput for a name that nobody knows."""
        try:
            found = within(_LIMIT_S, "flow_in_force", lambda: self._in_force(flow))
            version = self._read(found) if isinstance(found, FlowVersionRecord) else found
        except HaloError as problem:
            _log.warning("flow_not_read", flow=flow, why=problem.code)
            version = None
        if version is not None:
            self._last[flow] = version
        return version or self._last.get(flow) or FlowVersion(shipped_flow(flow).flow)

    def _in_force(self, flow: str) -> FlowVersion | FlowVersionRecord | None:
        """The version, or what it is to be read from; None when the flow was never published."""
        with self._database.reading() as session:
            key = key_in_force(session, flow)
            return (self._known.get(key) or session.get(FlowVersionRecord, key[0])) if key else None

    def _read(self, record: FlowVersionRecord) -> FlowVersion:
        """Not against the clock: a busy machine must not cost a call its flow."""
        parsed = read_flow(record.content, f"{record.flow} version {record.number}").flow
        version = FlowVersion(parsed, record.number, record.speech_set)
        with self._lock:
            self._known = {**self._known, (record.id, record.speech_set): version}
        return version
