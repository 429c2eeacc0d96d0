"""An agent asks somebody about the call in hand, while the caller hears music: with whom, and who hears whom."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class ConsultPhase(StrEnum):
    CALLING = "calling"  # they have not answered yet
    WITH_THEM = "with_them"  # the caller hears music
    WITH_CALLER = "with_caller"  # they hear music
    THREE = "three"  # all hear all


@dataclass(frozen=True, slots=True)
class Consult:
    """With the agent `agent_id`, or at `number` (E.164) outside. `leg` is the unique id of their channel, `token` the reservation
    of an agent. `alone`: the caller has hung up, and those two still speak. `away`: the phone of that
    agent is lost, and may come back."""

    phase: ConsultPhase
    leg: str
    agent_id: str = ""
    number: str = ""
    token: int = 0
    alone: bool = False
    away: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether who asks hears nobody: they have not answered yet, or their phone is away while the caller hears music."""
        return self.phase is ConsultPhase.CALLING or (self.away and self.phase is ConsultPhase.WITH_THEM)

    def to_json(self) -> str:
        """One line of ASCII JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Consult | None":
        """What `to_json` wrote; None for ""."""
        if not text:
            return None
        body = json.loads(text)
        return cls(**body | {"phase": ConsultPhase(body["phase"])})
