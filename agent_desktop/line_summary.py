"""What the lines of a day were like, desk by desk: pure sums of what the browsers have told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.events import Event, EventKind

# ITU-T G.107, Table B.1: below R = 80 some users are dissatisfied, below 70 many. The same bounds stand in frontend/src/e_model.ts.
GOOD_MOS, BAD_MOS = 4.02, 3.6
_BAD_SHARE, _FAIR_SHARE = 0.1, 0.03  # of a desk's seconds: a desk whose lines are bad for a tenth of them needs help


@dataclass(frozen=True, slots=True)
class LineOfCall:
    """One talk's line. Shares are 0 to 1; `worst` is the MOS of its worst five seconds."""

    at: datetime
    interaction_id: str
    agent_id: str
    seconds: float
    mos: float
    worst: float
    loss_in: float
    loss_out: float
    jitter_ms: float
    round_trip_ms: float
    bad_s: float
    silent_s: float

    @property
    def level(self) -> str:
        """good, fair or bad, by the mean."""
        return level_of(self.mos)


@dataclass(frozen=True, slots=True)
class LinesOfDesk:
    """All of a desk's talks of a day, the first first. Means are over the seconds of talk."""

    agent_id: str
    calls: tuple[LineOfCall, ...]

    @property
    def seconds(self) -> float:
        return sum(call.seconds for call in self.calls)

    @property
    def bad_share(self) -> float:
        """The share of time in which the line was bad, or silent."""
        return min(1.0, self._sum("bad_s", "silent_s") / max(1.0, self.seconds + self._sum("silent_s")))

    @property
    def level(self) -> str:
        """The worse of its mean and of how long it was bad."""
        if self.bad_share > _BAD_SHARE or self.mos < BAD_MOS:
            return "bad"
        return "fair" if self.bad_share > _FAIR_SHARE or self.mos < GOOD_MOS else "good"

    @property
    def worst(self) -> LineOfCall:
        return min(self.calls, key=lambda call: call.mos)

    @property
    def mos(self) -> float:
        return self.mean("mos")

    def mean(self, name: str) -> float:
        """The mean of a figure of `LineOfCall`."""
        whole = sum(float(getattr(call, name)) * call.seconds for call in self.calls)
        return whole / max(1.0, self.seconds)

    def _sum(self, *names: str) -> float:
        return sum(float(getattr(call, name)) for call in self.calls for name in names)


def level_of(mos: float) -> str:
    """In one word."""
    return "good" if mos >= GOOD_MOS else "fair" if mos >= BAD_MOS else "bad"


def lines_of(events: Iterable[Event]) -> list[LinesOfDesk]:
    """Every desk that told of its lines, the worst first."""
    calls = defaultdict[str, list[LineOfCall]](list)
    for event in events:
        if event.kind is EventKind.LINE_MEASURED and event.data.get("seconds", 0) > 0:
            figures = {name: float(event.data[name]) for name in LineOfCall.__slots__ if name in event.data}
            calls[event.agent_id].append(LineOfCall(event.at, event.interaction_id, event.agent_id, **figures))
    desks = [LinesOfDesk(agent_id, tuple(sorted(own, key=lambda call: call.at))) for agent_id, own in calls.items()]
    order = {"bad": 0, "fair": 1, "good": 2}
    return sorted(desks, key=lambda desk: (order[desk.level], -desk.bad_share, desk.mos))
