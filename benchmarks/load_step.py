"""One step of the menu's load: what the callers saw, and what of it is no longer good enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from benchmarks.figures import ms_text, spread
from benchmarks.sipp import SippCall
from core.events import Event, EventKind

# What a caller or the house may have to put up with.
MOST_FAILED_SHARE = 0.01
LONGEST_P95_MS = 1000.0
LONGEST_BEHIND_S = 2.0


@dataclass
class Step:
    """Times in ms, one per caller; `inf` for what never came. `behind_s`: how far the call log was behind the events at the
    end of the load. `cpu` in percent of one core by process, "machine" of all cores."""

    rate: float
    placed: int = 0
    failed: int = 0
    answer_ms: list[float] = field(default_factory=list)
    sound_ms: list[float] = field(default_factory=list)
    key_ms: list[float] = field(default_factory=list)
    behind_s: float = 0.0
    cpu: Mapping[str, float] = field(default_factory=dict)
    memory_mib: float = 0.0

    def broken(self) -> list[str]:
        """What is not good enough, in words; [] when all is well."""
        found = []
        if self.failed > MOST_FAILED_SHARE * self.placed:
            found.append(f"{self.failed} of {self.placed} calls failed")
        for what, times_ms in (("answer", self.answer_ms), ("first sound", self.sound_ms), ("menu after the key", self.key_ms)):
            if p95(times_ms) > LONGEST_P95_MS:
                found.append(f"{what}: p95 {_shown(p95(times_ms))}")
        if self.behind_s > LONGEST_BEHIND_S:
            found.append(f"call log {self.behind_s:.0f} s behind")
        return found

    def row(self) -> list[str]:
        """The cells of COLUMNS."""
        times = (_shown(p95(values)) if values else "–" for values in (self.answer_ms, self.sound_ms, self.key_ms))
        busy = (f"{self.cpu[name]:.0f}" if name in self.cpu else "–" for name in CPU)
        counts = (f"{self.rate:g}", str(self.placed - self.failed), str(self.failed))
        return [*counts, *times, f"{self.behind_s:.1f}", *busy, f"{self.memory_mib:.0f}", "; ".join(self.broken()) or "clean"]


CPU = ("asterisk", "script", "redis", "sipp", "machine")
COLUMNS = (
    "calls/s", "done", "failed", "answer p95 ms", "first sound p95 ms", "menu after key p95 ms", "log behind s",
    *(f"{name} %" for name in CPU), "asterisk MiB", "verdict",
)  # fmt: skip


def p95(times_ms: Sequence[float]) -> float:
    """The 95th percentile, infinite when more than 5 % never came; 0 for nothing measured."""
    came = [value for value in times_ms if value != inf]
    if not times_ms:
        return 0.0
    if len(times_ms) - len(came) > 0.05 * len(times_ms):
        return inf
    return spread(came).p95_ms


def take_calls(step: Step, calls: Sequence[SippCall]) -> None:
    """What the callers' side says of calls."""
    step.placed += len(calls)
    step.failed += sum(call.over is None for call in calls)
    step.answer_ms += [inf if call.answered is None else (call.answered - call.dialled) * 1000 for call in calls]


def take_sounds(step: Step, calls: Sequence[SippCall], heard_at: Callable[[int, float, float], float | None]) -> None:
    """When those callers heard something first; `heard_at(far port, answered, over)` tells the moment."""
    for call in calls:
        if call.answered is not None:
            at = heard_at(call.far_port, call.answered, call.over or inf)
            step.sound_ms.append(inf if at is None else max(0.0, at - call.answered) * 1000)


def take_events(step: Step, calls: Sequence[SippCall], events: Sequence[Event]) -> None:
    """How long the hotline's script took to act on each key: until it told the event log what was chosen."""
    interactions = {event.data["ani"]: event.interaction_id for event in events if event.kind is EventKind.INTERACTION_STARTED}
    steps: dict[str, float] = {}
    for event in events:
        if event.kind is EventKind.IVR_STEP_TAKEN:
            steps.setdefault(event.interaction_id, told_at(event.position))
    for call in calls:
        if call.key is not None:
            taken = steps.get(interactions.get(call.number, ""))
            step.key_ms.append(inf if taken is None else max(0.0, taken - call.key) * 1000)


def told_at(position: str) -> float:
    """When (seconds since 1970) the event at this position was told, by Redis' clock, to the millisecond."""
    return int(position.partition("-")[0]) / 1000


def _shown(value_ms: float) -> str:
    return "never" if value_ms == inf else ms_text(value_ms)
