"""Dispatcher, phone calls and live state on a real Redis and a clock of the test's own; only Asterisk is a fake."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.bus import START, EventBus
from core.clock import VirtualClock, stopwatch_s
from core.events import Event
from core.settings import Settings
from cti.dispatcher import Dispatcher
from cti.floor import Floor
from cti.phone_calls import PhoneCalls
from cti.queued import queued_event
from routing.agent_changes import AgentChanges
from routing.agents import Profile
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from routing.policy_file import shipped_policy

A_STEP_S = 3  # how long the work that follows an event may take on a busy machine; some work waits for what a test does later
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class FakeAsterisk:
    """Takes actions as AMI does, and remembers them."""

    def __init__(self) -> None:
        self.actions: list[tuple[str, dict[str, str | list[str]]]] = []

    async def action(self, name: str, **fields: str | list[str]) -> dict[str, str]:
        self.actions.append((name, fields))
        return {"response": "Success"}

    def named(self, name: str) -> list[dict[str, str | list[str]]]:
        return [fields for called, fields in self.actions if called == name]


@dataclass
class FloorHouse:
    """The floor of one test. `do` runs what a coroutine leads to, until nothing more happens."""

    redis_url: str
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOON))
    asterisk: FakeAsterisk = field(default_factory=FakeAsterisk)

    def __post_init__(self) -> None:
        self.settings = Settings(home=Path("/nowhere"), session_key="x", redis_password="x", ami_password="x", pop_wait_ms=50)
        self.store, self.bus = LiveStore(self.redis_url), EventBus(self.redis_url)
        self.changes = AgentChanges(self.store, self.clock, self.settings.presence_lease_s)
        self.floor, self.policy = Floor(), shipped_policy().policy
        self.calls = PhoneCalls(self.settings, self.clock, self.store, self.changes, self.floor, self.asterisk, self.wrap_up_until)
        self.dispatcher = Dispatcher(
            self.settings, self.clock, self.store, self.changes, self.floor, self.policy, self.calls.ring, self.calls.overdue
        )
        self.position, self.events = START, list[Event]()

    def wrap_up_until(self, queue: str, begun: datetime) -> datetime | None:
        return self.policy.queue_or_fallback(queue).wrap_up.ends(begun, self.settings.wrap_up_s)

    def close(self) -> None:
        self.store.close()
        self.bus.close()

    def ready_agent(self, agent_id: str, **skills: int) -> None:
        """An agent at an open page with a phone, ready."""
        self.dispatcher.profiles[agent_id] = Profile(agent_id, agent_id, skills)
        self.changes.log_in(agent_id)
        self.changes.phone_changed(agent_id, up=True)
        self.changes.make_ready(agent_id)

    def queue(self, number: int = 1, language: str = "id", queue: str = "general") -> Place:
        """A caller stands in line."""
        place = Place(
            f"00000000-0000-0000-0000-{number:012d}", queue, self.clock.now(), f"PJSIP/carrier-{number}", language=language
        )
        self.store.put_in_line(place, queued_event(place))
        return place

    def agent(self, agent_id: str = "1001") -> LiveAgent:
        return self.store.agent(agent_id)

    def later(self, seconds: float, *open_pages: str) -> None:
        """Time goes by; these agents' pages stay open."""
        self.clock.advance(seconds)
        for agent_id in open_pages:
            self.changes.renew_presence(agent_id)

    def do(self, work: Coroutine[None, None, None] | None = None, confirm_pops: bool = True) -> None:
        """Run the dispatcher until it has followed every event, and the work given."""
        asyncio.run(self._do(work, confirm_pops))

    async def _do(self, work: Coroutine[None, None, None] | None, confirm_pops: bool) -> None:
        self.floor.load(self.store.snapshot())
        self.dispatcher.reload()
        self.dispatcher.paused = False
        self.dispatcher._wake = asyncio.Event()
        self.dispatcher.look()
        running = asyncio.create_task(self.dispatcher.run())
        if work is not None:
            await work
        quiet, ours = 0, {asyncio.current_task(), running}
        give_up_s = stopwatch_s() + A_STEP_S
        while quiet < 8:
            fresh = self.bus.read(self.position)
            busy = asyncio.all_tasks() - ours and stopwatch_s() < give_up_s
            quiet = 0 if fresh or busy else quiet + 1
            if fresh:
                give_up_s = stopwatch_s() + A_STEP_S
            for event in fresh:
                self.position = event.position
                self.events.append(event)
                self.dispatcher.take_note(event)
                if confirm_pops and event.data.get("action") == "reserve":
                    self.calls.pop_shown(event)
            await asyncio.sleep(0.01)
        running.cancel()

    async def a_moment(self) -> None:
        """Let the dispatcher do what it can do now."""
        await asyncio.sleep(0.05)

    def talk(self, place: Place, agent_id: str = "1001") -> None:
        """The caller is in a talk with the agent."""
        self.do()
        assert self.agent(agent_id).interaction_id == place.interaction_id
        self.calls.leg_answered(self.agent(agent_id).token)
        self.do()


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
