from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from core.events import Event, EventKind
from launch.demo_call import _steps, _talk


@dataclass
class Story:
    """What the caller, the agent's phone, the page and the log do, in one order. Every wait ends at once."""

    told: list[str] = field(default_factory=list)
    ended: Any = field(default_factory=lambda: SimpleNamespace(wait=lambda _s: True))

    def dial(self, _hotline: str, _number: str) -> "Story":
        return self

    def wait_answered(self) -> "Story":
        return self

    def press(self, keys: str) -> None:
        self.told.append(f"presses {keys}")

    def hang_up(self) -> None:
        self.told.append("caller hangs up")

    def hang_up_phone(self, _user: str) -> None:
        self.told.append("agent hangs up")

    def wait_state(self, state: str, timeout_s: float) -> None:
        self.told.append(state)

    def save(self, code: str, _note: str, ready_after: bool) -> None:
        self.told.append(f"saves {code}")

    def post(self, path: str) -> None:
        self.told.append(path)

    def next(self, kind: EventKind) -> Any:
        self.told.append(kind.value)
        return SimpleNamespace(interaction_id="i1")


def test_the_caller_does_not_stay_to_be_asked_once_the_page_has_saved() -> None:
    story = Story()
    assert _talk(cast(Any, story), cast(Any, story), cast(Any, story), "1500400", "+62811") == "i1"
    end = story.told[story.told.index("agent hangs up") :]
    assert end == ["agent hangs up", "WRAP_UP", "saves solved", "caller hangs up", "InteractionEnded", "/api/log-out"]


def test_a_page_that_was_later_than_the_phone_is_told_and_stops_nothing() -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    moments = ((EventKind.INTERACTION_QUEUED, 0, {}), (EventKind.AGENT_STATE_CHANGED, 10, {"action": "reserve"}),
               (EventKind.AGENT_STATE_CHANGED, 310, {"action": "ring"}))  # fmt: skip
    events = [Event(kind, at + timedelta(milliseconds=ms), "i1", data=data) for kind, ms, data in moments]
    page = SimpleNamespace(pop_of=lambda _interaction_id: SimpleNamespace(at=at + timedelta(milliseconds=400)))
    assert dict(_steps(events, cast(Any, page), "i1"))["screen pop"] == "390 ms after that, 90 ms too late: this machine is busy"
