"""A place in line: everything needed to serve a caller, small enough to travel with the caller's own channel."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from routing.order import FIRST, NORMAL, line_number
from routing.skills import SkillRequirement


@dataclass(frozen=True, slots=True)
class Place:
    """One interaction's place. Who is served first is told by `priority` (less is more urgent) and `queued_at`
    (aware UTC), see `routing.order`.

    `channel` is the Asterisk channel that holds the caller; `reason` why they call, in words; `ivr_path` what they did.
    """

    interaction_id: str
    queue: str
    queued_at: datetime
    channel: str
    priority: int = NORMAL
    requirements: tuple[SkillRequirement, ...] = ()
    customer_id: int | None = None
    ani: str = ""
    language: str = "id"
    reason: str = ""
    ivr_path: tuple[str, ...] = field(default=())

    @property
    def number(self) -> float:
        """What orders the one line across all queues, the least first; see `routing.order`."""
        return line_number(self.priority, self.queued_at)

    @property
    def order(self) -> tuple[float, str]:
        """Sort key of that line."""
        return (self.number, self.interaction_id)

    def waited_s(self, now: datetime) -> float:
        """Seconds in line so far."""
        return max(0.0, (now - self.queued_at).total_seconds())

    def moved_to_front(self) -> "Place":
        """The same place, before all others: for a caller whose agent was lost through no fault of theirs."""
        return replace(self, priority=FIRST)

    def to_json(self) -> str:
        """One line of ASCII JSON."""
        body = asdict(self)
        body["queued_at"] = self.queued_at.isoformat()
        return json.dumps(body, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Place":
        """The place written by `to_json`. Raises ValueError on anything else."""
        try:
            body = json.loads(text)
            body["queued_at"] = datetime.fromisoformat(body["queued_at"])
            body["requirements"] = tuple(SkillRequirement(**requirement) for requirement in body["requirements"])
            body["ivr_path"] = tuple(body["ivr_path"])
            return cls(**body)
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"not a place in line: {problem}") from None


def position_in_line(line: Sequence[Place], interaction_id: str) -> int | None:
    """1 for the next to be served of the same queue; None when the interaction does not wait."""
    ordered = sorted(line, key=lambda place: place.order)
    queue = next((place.queue for place in ordered if place.interaction_id == interaction_id), None)
    same = [place.interaction_id for place in ordered if place.queue == queue]
    return same.index(interaction_id) + 1 if queue is not None else None
