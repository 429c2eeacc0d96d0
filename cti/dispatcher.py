"""The dispatcher: on every change it asks the engine who gets whom, and starts the ringing. It decides nothing itself."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.clock import Clock
from core.errors import Unavailable
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from cti.floor import Floor, due_at
from routing.agent_changes import AgentChanges
from routing.agents import Profile
from routing.assignments import Assignment, Assignments
from routing.live import LiveAgent, LiveStore, Refusal
from routing.occupancy import Occupancies
from routing.policy import MAIN, Policy

SOONEST_S = 0.05
# What moves no place and no agent, and is most of what happens: a caller in the IVR has neither yet.
_FLOOR_STAYS = frozenset({
    EventKind.INTERACTION_STARTED, EventKind.IVR_ENTERED, EventKind.INTERACTION_IDENTIFIED, EventKind.IVR_STEP_TAKEN,
    EventKind.INTERACTION_CONTAINED, EventKind.CARRIER_STATUS_CHANGED, EventKind.FLOW_ORDER_CHANGED,
    EventKind.WAIT_EXPECTED, EventKind.QUEUE_OVERFLOWS,
})  # fmt: skip

log = get_log(__name__)


class Dispatcher:
    """Matches the callers of one partition. `ring` starts the ringing of a reservation, `overdue` handles an agent whose
    time is up; without it somebody else keeps the time."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: LiveStore,
        changes: AgentChanges,
        floor: Floor,
        policy: Policy,
        ring: Callable[[LiveAgent, Assignment], Coroutine[Any, Any, None]],
        overdue: Callable[[LiveAgent, datetime], Coroutine[Any, Any, None]] | None = None,
        partition: str = MAIN,
    ) -> None:
        self._settings, self._clock, self._store, self._changes, self._floor = settings, clock, store, changes, floor
        self._ring, self._overdue, self._partition = ring, overdue, partition
        self.profiles: dict[str, Profile] = {}
        self.policy = policy
        self.assignments = Assignments(policy, settings.time_zone, partition)
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.paused = True

    def take_note(self, event: Event) -> None:
        """Bring the picture up to date with one event of the log, and look again."""
        if event.kind in _FLOOR_STAYS:
            self._floor.position = event.position
            return
        if event.agent_id:
            self._see_agent(event.agent_id)
        if event.interaction_id:
            self._see_place(event.interaction_id)
        self._floor.position = event.position
        self.look()

    def use(self, policy: Policy) -> None:
        """This policy holds from now on, for those who wait already, too."""
        self.policy = policy
        self.assignments.use(policy)
        self.reload()

    def help(self, also: Mapping[str, tuple[str, ...]]) -> None:
        """For these queues the agents of others help from now on."""
        self.assignments.help(also, self._clock.now())
        self.look()

    def recall(self, today: Occupancies) -> None:
        """What agents have done today."""
        self.assignments.recall(today, self._clock.now())

    def know(self, profile: Profile) -> None:
        """An agent came, or their skills changed."""
        self.profiles[profile.agent_id] = profile
        self.assignments.know(profile)
        if profile.agent_id in self._floor.agents:
            self.assignments.see_agent(self._floor.agents[profile.agent_id], self._clock.now())
        self.look()

    def reload(self) -> None:
        """The floor was loaded anew, or the profiles were, or an assignment broke off: forget everything but them."""
        self._begin_anew()
        self.look()

    def look(self) -> None:
        """Something may have become possible."""
        self._wake.set()

    async def run(self) -> None:
        """Match and keep deadlines until cancelled. Waits for the next change or the next due moment, whichever is first."""
        while True:
            try:
                async with asyncio.timeout(self._patience_s()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            if self.paused:
                continue
            try:
                self._handle_overdue()
                self._match()
                if self._wake.is_set():
                    await asyncio.sleep(0)  # what was told meanwhile is heard first
            except Unavailable as problem:
                log.warning("dispatcher_waits", why=problem.code)
                await asyncio.sleep(0.2)
                self.reload()
            except Exception:  # one bad row must not stop every call; it is logged and looked at again at the next event
                log.exception("dispatch_failed")
                self._begin_anew()

    def _patience_s(self) -> float | None:
        if self.paused:
            return None
        now = self._clock.now()
        waits = [self.assignments.next_ring_s(now)]
        due = self._floor.next_due(self._settings) if self._overdue is not None else None
        if due is not None:
            waits.append((due - now).total_seconds())
        soonest = min((wait for wait in waits if wait is not None), default=None)
        return None if soonest is None else max(SOONEST_S, soonest)

    def _match(self) -> None:
        now = self._clock.now()
        found = self.assignments.find(now)
        for number, assignment in enumerate(found, start=1):
            deadline = now + timedelta(milliseconds=self._settings.pop_wait_ms) + timedelta(seconds=5)
            reserved = self._changes.try_reserve(assignment.agent_id, assignment.place, deadline, assignment.because)
            self._see_agent(assignment.agent_id)
            self._see_place(assignment.place.interaction_id)
            if isinstance(reserved, Refusal):
                log.info("reservation_refused", agent_id=assignment.agent_id, cause=reserved.cause)
                if reserved.cause == "leader":
                    self.paused = True  # until we lead again, and have compared notes
                    return
                self.look()
                if self.policy.partitions:  # another leader was first, as may be often
                    self._put_back(found[number:], now)
                    return
                continue
            log.info(
                "reserved", agent_id=reserved.agent_id, interaction_id=reserved.interaction_id, token=reserved.token,
                partition=self._partition,
            )  # fmt: skip
            self._start(self._ring(reserved, assignment), reserved.interaction_id)

    def _put_back(self, assignments: Iterable[Assignment], now: datetime) -> None:
        """Look again at those that were found behind a caller who must wait.

        None of them gets an agent before that caller does, and somebody else may have their agents, too.
        """
        rest = list(assignments)
        self._floor.refresh_agents(self._store, [each.agent_id for each in rest])
        for each in rest:
            interaction_id = each.place.interaction_id
            self.assignments.see_agent(self._floor.agents[each.agent_id], now)
            self.assignments.see_place(interaction_id, self._floor.line.get(interaction_id), now)

    def _handle_overdue(self) -> None:
        if self._overdue is None:
            return
        now = self._clock.now()
        for agent in list(self._floor.agents.values()):
            due = due_at(agent, self._settings)
            if due is not None and due <= now:
                fresh = self._see_agent(agent.agent_id)
                still_due = due_at(fresh, self._settings)
                if still_due is not None and still_due <= now:
                    self._start(self._overdue(fresh, now), fresh.interaction_id)

    def _begin_anew(self) -> None:
        self.assignments.load(self.profiles, self._floor.agents, self._floor.line, self._clock.now())

    def _see_agent(self, agent_id: str) -> LiveAgent:
        agent = self._floor.refresh_agent(self._store, agent_id)
        self.assignments.see_agent(agent, self._clock.now())
        return agent

    def _see_place(self, interaction_id: str) -> None:
        self._floor.refresh_place(self._store, interaction_id)
        self.assignments.see_place(interaction_id, self._floor.line.get(interaction_id), self._clock.now())

    def _start(self, work: Coroutine[Any, Any, None], interaction_id: str) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)

        def done(finished: "asyncio.Task[None]") -> None:
            self._tasks.discard(finished)
            if not finished.cancelled() and finished.exception() is not None:
                log.error("step_failed", interaction_id=interaction_id, error=repr(finished.exception()))
            self.look()

        task.add_done_callback(done)
