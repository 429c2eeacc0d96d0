"""A day's events as the log has them, and the story of a wait in it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.database import Database
from core.event_archive import archive
from core.events import Event, EventKind
from cti.queued import queued_event
from routing.agent_state import AgentState
from routing.agents import AgentRecord, AgentSkill
from routing.place import Place
from routing.policy_versions import put_in_force
from routing.wait_records import wait_story
from routing.wait_story import WaitStory
from tests.unit.routing.small_policy import policy_text, queue_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
S = AgentState
RINGS = "needs: [{skill: tax, at_least: 3}], rings: [{after_s: 60, lower: {tax: 1}}]"
POLICY = policy_text(
    queue_text("tax", RINGS), queue_text("open"), queue_text("urgent", "priority: 4, needs: [{skill: tax}]"),
    more="order: {head_start_s: 100, credit_s: {second_call_today: 50}}",
)  # fmt: skip


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@dataclass
class Day:
    """A day's events, written down as they come."""

    database: Database
    events: list[Event] = field(default_factory=list)

    def agents(self, **skills: dict[str, int]) -> None:
        with self.database.writing() as session:
            for agent_id, own in skills.items():
                record = AgentRecord(id=agent_id, name=agent_id, phone_secret="s")
                record.skills = [AgentSkill(skill=skill, proficiency=level) for skill, level in own.items()]
                session.add(record)
            put_in_force(session, POLICY, at(-5000), "sari")
            session.commit()

    def queued(self, key: str, seconds: float, queue: str = "tax", **more: object) -> None:
        self.events.append(queued_event(Place(key, queue, at(seconds), "c", **more)))  # type: ignore[arg-type]

    def agent(self, agent_id: str, seconds: float, state: AgentState, key: str = "", **data: object) -> None:
        body = {"state": state.value, "reason": "", "action": "reserve" if state is S.RESERVED else "x", **data}
        self.events.append(Event(EventKind.AGENT_STATE_CHANGED, at(seconds), key, agent_id, body))

    def happened(self, kind: EventKind, key: str, seconds: float) -> None:
        self.events.append(Event(kind, at(seconds), key, data={"queue": "tax"}))

    def story(self, key: str = "me", now_s: float = 1000, number: int = 1) -> WaitStory:
        with self.database.writing() as session:
            archive(session, sorted(self.events, key=lambda event: event.at))
            session.commit()
        self.events.clear()
        with self.database.reading() as session:
            return wait_story(session, key, at(now_s), number)
