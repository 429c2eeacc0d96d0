"""The callers' channels: who hangs up, who is rescued by the plain queue, whose leg was answered."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from asterisk_conf import names
from core.bus import EventBus
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.ids import derived_id, is_id
from core.log import get_log, interaction_context
from cti.ami import Ami, Row, variables
from cti.floor import Floor
from cti.phone_calls import LOST_CAUSES, PhoneCalls, abandoned_event
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState, NotReadyReason
from routing.live import LiveStore

log = get_log(__name__)


class Callers:
    """Turns what Asterisk tells of channels into steps and events."""

    def __init__(
        self, clock: Clock, bus: EventBus, store: LiveStore, changes: AgentChanges, floor: Floor, ami: Ami, calls: PhoneCalls
    ) -> None:
        self._clock, self._bus, self._store, self._changes = clock, bus, store, changes
        self._floor, self._calls = floor, calls
        self._tasks: set[asyncio.Task[None]] = set()
        ami.on("Newchannel", self._appeared)
        ami.on("Newstate", self._state_changed)
        ami.on("Hangup", self._hung_up)
        ami.on("OriginateResponse", self._originated)
        ami.on("Hold", lambda row: self._held(row, EventKind.INTERACTION_HELD))
        ami.on("Unhold", lambda row: self._held(row, EventKind.INTERACTION_RESUMED))
        ami.on("AgentConnect", self._rescue_answered)
        ami.on("AgentComplete", self._rescue_ended)

    def _appeared(self, row: Row) -> None:
        token = names.token_of_leg(row.get("uniqueid", ""))
        if token is not None:
            self._calls.legs.note(row.get("uniqueid", ""))
            self._start(self._calls.leg_appeared(token, row.get("channel", "")))

    def _state_changed(self, row: Row) -> None:
        token = names.token_of_leg(row.get("uniqueid", ""))
        if token is not None and row.get("channelstatedesc") == "Up":
            self._calls.leg_answered(token)

    def _originated(self, row: Row) -> None:
        """Only the failure that has no channel, and so no other event, is news here."""
        token = names.token_of_leg(row.get("actionid", ""))
        had_channel = names.token_of_leg(row.get("uniqueid", "")) is not None
        if token is not None and row.get("response") == "Failure" and not had_channel:
            self._calls.phone_missing(token)

    def _held(self, row: Row, kind: EventKind) -> None:
        """The agent has the caller hear music, or takes them back."""
        token = names.token_of_leg(row.get("uniqueid", ""))
        agent = self._calls.agent_of(token) if token is not None else None
        if agent is None or not agent.hears_caller:
            return  # it is not the caller who hears music
        if agent.state is AgentState.TALKING and agent.deadline is None:
            now = self._clock.now()
            told = Event(kind, now, agent.interaction_id, agent.agent_id, {"why": "agent"})
            self._changes.caller_held(agent, now if kind is EventKind.INTERACTION_HELD else None, told)

    def _hung_up(self, row: Row) -> None:
        token = names.token_of_leg(row.get("uniqueid", ""))
        if token is not None and self._calls.legs.says_nothing(row.get("uniqueid", "")):
            return
        if token is not None and row.get("cause", "") in LOST_CAUSES:
            self._start(self._calls.leg_lost(token))
            return
        if token is not None and self._calls.is_calling(token):
            self._start(self._calls.leg_ended_first(token, row.get("cause", "")))
            return
        if token is not None:
            self._calls.leg_ended(token, row.get("cause", ""))
            return
        interaction_id = interaction_of(row)
        if interaction_id and called_by(row) is None and names.task_of_leg(row.get("uniqueid", "")) is None:
            self._start(self.caller_gone(interaction_id))

    async def caller_gone(self, interaction_id: str, late: bool = False, leg: str = "") -> None:
        """Settle everything about a caller who has hung up. Doing it twice does no harm; `leg` as in `ended`.

        Who was promised to be called back keeps the place: it is what they hung up for.
        """
        with interaction_context(interaction_id):
            now = self._clock.now()
            place, taken = self._store.where(interaction_id)
            if any(each is not None and each.callback for each in (place, taken)):
                self.ended(interaction_id, now, late, leg)
                return
            gone = abandoned_event(place, interaction_id, now, ringing=False)
            if place is None or not self._store.take_out_of_line(interaction_id, gone):
                await self._calls.caller_left(interaction_id)
            self.ended(interaction_id, now, late, leg)
            log.info("caller_gone", late=late)

    def _rescue_answered(self, row: Row) -> None:
        agent_id, interaction_id = _rescuer(row), interaction_of(row)
        if agent_id is not None and interaction_id:
            self.rescued(interaction_id, agent_id, float(row.get("holdtime") or 0))
            self.occupy(agent_id)

    def rescued(self, interaction_id: str, agent_id: str, wait_s: float, at: datetime | None = None) -> None:
        """An agent took this caller from the rescue queue. Told twice it is still one event."""
        data = {"queue": names.RESCUE_QUEUE, "wait_s": wait_s}
        key = derived_id(EventKind.INTERACTION_ANSWERED, interaction_id, names.RESCUE_QUEUE)
        now = at or self._clock.now()
        self._bus.publish(Event(EventKind.INTERACTION_ANSWERED, now, interaction_id, agent_id, data, key=key))

    def ended(self, interaction_id: str, at: datetime, late: bool, leg: str = "") -> None:
        """The caller's channel is gone. Told twice it is still one event; `leg` tells later ones of the same interaction apart."""
        key = derived_id(EventKind.INTERACTION_ENDED, interaction_id, *filter(None, (leg,)))
        self._bus.publish(Event(EventKind.INTERACTION_ENDED, at, interaction_id, data={"late": late}, key=key))

    def arrived(self, interaction_id: str, at: datetime, ani: str, dnis: str, channel: str) -> None:
        """A call came in, perhaps at a time when we were away. Told twice it is still one event."""
        data = {"ani": ani, "dnis": dnis, "channel": channel}
        key = derived_id(EventKind.INTERACTION_STARTED, interaction_id)
        self._bus.publish(Event(EventKind.INTERACTION_STARTED, at, interaction_id, data=data, key=key))

    def _rescue_ended(self, row: Row) -> None:
        agent_id = _rescuer(row)
        if agent_id is None:
            return
        agent = self._store.agent(agent_id)
        if agent.state is AgentState.NOT_READY and agent.reason == NotReadyReason.RESCUE:
            self._changes.make_ready(agent_id)

    def occupy(self, agent_id: str) -> None:
        """The agent speaks with a caller that routing did not give them: offer nothing meanwhile."""
        if self._store.agent(agent_id).state is AgentState.READY:
            self._changes.make_not_ready(agent_id, NotReadyReason.RESCUE)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            # Redis was away: the resync after its return finds this caller's channel gone and settles it.
            log.warning("caller_unsettled", why=problem.code if isinstance(problem, HaloError) else repr(problem))


def interaction_of(row: Row) -> str:
    """The interaction of a caller's channel; "" for agents' legs and channels that are none of ours."""
    if names.agent_of_endpoint(row.get("channel", "")) is not None:
        return ""
    interaction_id = variables(row).get(names.INTERACTION, "")
    return interaction_id if is_id(interaction_id) else ""


def called_by(row: Row) -> int | None:
    """The token of the reservation for which this customer is called back; None for agents' legs and for who called us."""
    token = variables(row).get(names.CALLED, "")
    is_agents = names.agent_of_endpoint(row.get("channel", "")) is not None
    return int(token) if token.isdigit() and not is_agents else None


def _rescuer(row: Row) -> str | None:
    return names.agent_of_endpoint(row.get("interface", "")) if row.get("queue") == names.RESCUE_QUEUE else None
