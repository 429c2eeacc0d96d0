"""The wallboard as a pure projection: live state from a snapshot, today's counts folded from events, each event once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core.events import Event, EventKind
from routing.agent_state import AgentState
from routing.agents import Profile
from routing.live import LiveAgent, Snapshot
from routing.overflow import Overflowing
from routing.policy import Policy, Queue
from routing.service_level import service_level
from routing.told_waits import ToldWaits
from routing.waiting_history import HISTORY_MINUTES, WaitingHistory

_WAITING_STATES = frozenset({AgentState.RESERVED, AgentState.RINGING})


def position_order(position: str) -> tuple[int, int]:
    """Sort key of a position in the event log. Raises ValueError on anything that is none."""
    moment, _, number = position.partition("-")
    return int(moment), int(number)


@dataclass(slots=True)
class QueueCounts:
    """One queue's day so far, by the glossary's words."""

    offered: int = 0
    answered: int = 0
    answered_within: int = 0
    abandoned: int = 0
    short_abandons: int = 0
    undecided: int = 0

    @property
    def counted(self) -> int:
        """How many the service level is about: offered, less short abandons and those who still wait within T."""
        return max(0, self.offered - self.short_abandons - self.undecided)

    @property
    def service_level(self) -> float | None:
        """Answered within T / counted, 0 to 1; None before the first that counts."""
        return service_level(self.answered_within, self.offered, self.short_abandons + self.undecided)


@dataclass(frozen=True, slots=True)
class WaitingCaller:
    """Somebody who has not been answered yet. `ringing`: an agent has been claimed for them. `callback`: they wait at home."""

    interaction_id: str
    queue: str
    since: datetime
    reason: str = ""
    language: str = ""
    ringing: bool = False
    callback: bool = False


@dataclass(frozen=True, slots=True)
class AgentTile:
    """One agent as the wallboard shows it; `queue` is that of the call in hand."""

    agent_id: str
    name: str
    state: AgentState
    since: datetime | None
    reason: str = ""
    interaction_id: str = ""
    queue: str = ""


class Board:
    """Apply events in the order of the log. The same event twice counts once."""

    def __init__(self, policy: Policy, profiles: Mapping[str, Profile], time_zone: str) -> None:
        self.policy = policy
        self._profiles = profiles
        self._zone = ZoneInfo(time_zone)
        self._day = ""
        self._position = "0-0"
        self._seen: set[str] = set()
        self._counts: dict[str, QueueCounts] = {}
        self._lines: dict[str, WaitingHistory] = {}
        self.told = ToldWaits()
        self.overflowing: dict[str, Overflowing] = {}
        self.waiting: dict[str, WaitingCaller] = {}
        self.agents: dict[str, AgentTile] = {}

    def start(self, snapshot: Snapshot, events_of_today: Iterable[Event], now: datetime) -> None:
        """Begin: count the day so far, then take the live state as the snapshot has it."""
        self._roll(now)
        for event in events_of_today:
            self._count(event)
        self._position = snapshot.position
        claimed = {agent.interaction_id: agent_id for agent_id, agent in snapshot.agents.items() if agent.state in _WAITING_STATES}
        places = {**snapshot.line, **{key: place for key, place in snapshot.taken.items() if key in claimed and not place.dialled}}
        self.waiting = {
            key: WaitingCaller(
                key, place.queue, place.queued_at, place.reason, place.language, key in claimed, bool(place.callback)
            )
            for key, place in places.items()
        }
        self.agents = {
            agent_id: AgentTile(
                agent_id, self._name(agent_id), agent.state, agent.since, agent.reason, agent.interaction_id,
                _queue_of(agent, snapshot),
            )
            for agent_id, agent in snapshot.agents.items()
        }  # fmt: skip
        for name in {*self._lines, *(caller.queue for caller in self.waiting.values())}:
            line = self._lines.setdefault(name, WaitingHistory())
            really = {caller.interaction_id for caller in self.waiting.values() if caller.queue == name}
            line.correct(really, now)

    def apply(self, event: Event, now: datetime) -> bool:
        """Take one event in; True when anything shown may have changed."""
        self._roll(now)
        counted = self._count(event)
        if event.position and position_order(event.position) <= position_order(self._position):
            return counted
        self._position = event.position or self._position
        return self._move(event) or counted

    def knows(self, agent_id: str) -> bool:
        """Whether this agent's name and skills are known."""
        return agent_id in self._profiles

    def learn(self, profiles: Mapping[str, Profile]) -> None:
        """Agents were added or changed: these are all of them now."""
        self._profiles = profiles

    def counts(self, queue: str, now: datetime) -> QueueCounts:
        """One queue's day so far. Who still waits within the threshold counts neither for nor against the service level."""
        counts = self._counts.get(queue) or QueueCounts()
        threshold_s = self._threshold_s(queue, answered=True)
        undecided = sum((now - caller.since).total_seconds() <= threshold_s for caller in self.callers(queue))
        return replace(counts, undecided=undecided)

    def callers(self, queue: str | None = None) -> list[WaitingCaller]:
        """Who waits, longest first; in one queue or in all."""
        callers = [caller for caller in self.waiting.values() if queue in (None, caller.queue)]
        return sorted(callers, key=lambda caller: (caller.since, caller.interaction_id))

    def ready_agents(self, queue: Queue) -> int:
        """How many ready agents could take a call of this queue now."""
        ready = [tile.agent_id for tile in self.agents.values() if tile.state is AgentState.READY]
        needs = queue.at_first()
        return sum(agent_id in self._profiles and needs.met_by(self._profiles[agent_id].proficiencies) for agent_id in ready)

    def peaks(self, queue: str, now: datetime) -> list[int]:
        """The most who waited at once in each of the last 60 minutes, oldest first."""
        return self._lines[queue].peaks(now) if queue in self._lines else [0] * HISTORY_MINUTES

    def _roll(self, now: datetime) -> None:
        today = now.astimezone(self._zone).date().isoformat()
        if today != self._day:
            self._day = today
            self._seen.clear()
            self._counts.clear()
            self.told.new_day()

    def _count(self, event: Event) -> bool:
        if event.kind not in _COUNTED or event.at.astimezone(self._zone).date().isoformat() != self._day:
            return False
        if event.key in self._seen:
            return False
        self._seen.add(event.key)
        self.told.take(event)
        if event.kind is EventKind.WAIT_EXPECTED:
            return True
        name = str(event.data.get("queue", ""))
        if event.kind in _ENDS:
            for each in self._lines.values():
                each.leave(event.interaction_id, event.at)
            return True
        counts, line = self._counts.setdefault(name, QueueCounts()), self._lines.setdefault(name, WaitingHistory())
        if event.kind is EventKind.INTERACTION_QUEUED:
            counts.offered += 0 if event.data.get("again") else 1
            line.join(event.interaction_id, event.at)
            return True
        wait_s = float(event.data.get("wait_s") or 0)
        line.leave(event.interaction_id, event.at)
        if event.kind is EventKind.INTERACTION_ANSWERED:
            counts.answered += 1
            counts.answered_within += wait_s <= self._threshold_s(name, answered=True)
        elif event.kind is EventKind.INTERACTION_ABANDONED:
            counts.abandoned += 1
            counts.short_abandons += wait_s <= self._threshold_s(name, answered=False)
        return True

    def _move(self, event: Event) -> bool:
        data, key = event.data, event.interaction_id
        match event.kind:
            case EventKind.INTERACTION_QUEUED:
                known = self.waiting.get(key)
                since = known.since if known and data.get("again") else event.at
                if data.get("since"):
                    since = datetime.fromisoformat(str(data["since"]))
                self.waiting[key] = WaitingCaller(
                    key, str(data.get("queue", "")), since, str(data.get("reason", "")), str(data.get("language", "")),
                    callback=bool(data.get("callback")),
                )  # fmt: skip
            case EventKind.INTERACTION_ENDED if key in self.waiting and self.waiting[key].callback:
                return False  # the call in which they were promised it
            case _ if event.kind in _LEAVES:
                return self.waiting.pop(key, None) is not None
            case EventKind.AGENT_STATE_CHANGED:
                self._move_agent(event)
            case EventKind.QUEUE_OVERFLOWS:
                self.overflowing[str(data["queue"])] = Overflowing.of(event)
            case _:
                return False
        return True

    def _move_agent(self, event: Event) -> None:
        state, key = AgentState(event.data["state"]), event.interaction_id
        held = "" if state in (AgentState.OFFLINE, AgentState.READY, AgentState.NOT_READY) else key
        agent_id = event.agent_id
        before = self.agents.get(agent_id)
        queue = str(event.data.get("queue") or (before.queue if before and before.interaction_id == held else "")) if held else ""
        self.agents[agent_id] = AgentTile(
            agent_id, self._name(agent_id), state, event.at, str(event.data.get("reason", "")), held, queue
        )  # fmt: skip
        caller = self.waiting.get(key)
        if caller is not None and not event.data.get("about_another"):
            self.waiting[key] = replace(caller, ringing=state in _WAITING_STATES)

    def _threshold_s(self, name: str, answered: bool) -> float:
        queue = self.policy.find(name)
        if queue is None:
            return 0.0
        return queue.answer_within_s if answered else queue.short_abandon_s

    def _name(self, agent_id: str) -> str:
        profile = self._profiles.get(agent_id)
        return profile.name if profile else agent_id


def _queue_of(agent: LiveAgent, snapshot: Snapshot) -> str:
    place = agent.handed_over or snapshot.taken.get(agent.interaction_id)
    return place.queue if place is not None else ""


_ENDS = frozenset({
    EventKind.INTERACTION_ENDED, EventKind.CALLBACK_WITHDRAWN, EventKind.CALLBACK_PICKED_UP, EventKind.CALLBACK_MISSED,
})  # fmt: skip
_LEAVES = _ENDS | {EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_ABANDONED, EventKind.CALLBACK_PROMISED}
_COUNTED = _ENDS | frozenset(
    {
        EventKind.WAIT_EXPECTED,
        EventKind.INTERACTION_QUEUED,
        EventKind.INTERACTION_ANSWERED,
        EventKind.INTERACTION_ABANDONED,
        EventKind.CALLBACK_PROMISED,
    }
)
