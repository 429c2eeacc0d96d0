"""One call's moments, gathered from everybody who saw one, and the times between them. All clocks are this machine's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Condition

from asterisk_conf.names import agent_leg_id
from core.errors import Unavailable
from core.events import Event, EventKind
from cti.ami import Row

WAIT_S = 10.0

# What is measured: its name, from which moment, to which. Moments are those of `Moments.of`, and "pop" and "rings".
STAGES = (
    ("in line → agent reserved", "queued", "reserve"),
    ("reserved → caller shown in the page", "reserve", "pop"),
    ("reserved → page has confirmed it", "reserve", "confirmed"),
    ("reserved → phone is being called", "reserve", "ring"),
    ("reserved → phone rings", "reserve", "rings"),
    ("shown in the page → phone rings", "pop", "rings"),
    ("phone answered → answered in Halo's log", "up", "answered"),
    ("phone answered → both in one bridge", "up", "bridged"),
    ("in line → phone rings", "queued", "rings"),
)


@dataclass
class Moments:
    """Listens to Halo's Asterisk: when an agent's leg was answered, and when each channel entered a bridge (seconds since 1970)."""

    up: dict[str, float] = field(default_factory=dict)
    bridged: dict[str, float] = field(default_factory=dict)
    _told: Condition = field(default_factory=Condition)

    def state_changed(self, row: Row) -> None:
        """Handler of Newstate."""
        if row.get("channelstatedesc") == "Up":
            self._keep(self.up, row.get("uniqueid", ""), row)

    def bridge_entered(self, row: Row) -> None:
        """Handler of BridgeEnter; a channel is known by its name and by its unique id."""
        for key in (row.get("channel", ""), row.get("uniqueid", "")):
            self._keep(self.bridged, key, row)

    def of(self, events: list[Event], interaction_id: str) -> dict[str, float]:
        """The moments of one answered interaction, by name; waits for those that Asterisk still has to tell."""
        mine = [event for event in events if event.interaction_id == interaction_id]
        at = {str(event.data.get("action") or event.kind.value): event.at.timestamp() for event in mine}
        token = next(event.data["token"] for event in mine if event.data.get("action") == "reserve")
        channel = next(event.data["channel"] for event in mine if event.kind is EventKind.INTERACTION_STARTED)
        leg = agent_leg_id(token)
        with self._told:
            if not self._told.wait_for(lambda: leg in self.up and {leg, channel} <= self.bridged.keys(), WAIT_S):
                raise Unavailable("Asterisk told of no bridge for this call.", "Read Asterisk's log.")
            both = max(self.bridged[leg], self.bridged[channel])
        return {
            "queued": at["InteractionQueued"], "reserve": at["reserve"], "confirmed": at["PopShown"], "ring": at["ring"],
            "answered": at["InteractionAnswered"], "up": self.up[leg], "bridged": both,
        }  # fmt: skip

    def _keep(self, moments: dict[str, float], key: str, row: Row) -> None:
        with self._told:
            moments[key] = float(row["timestamp"])
            self._told.notify_all()


def between(moments: Mapping[str, float], stages: tuple[tuple[str, str, str], ...] = STAGES) -> dict[str, float]:
    """Milliseconds of every stage."""
    return {name: (moments[end] - moments[start]) * 1000 for name, start, end in stages}
