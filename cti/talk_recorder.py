"""The recording of a talk while it goes on: silent on hold, paused by the agent for what nobody may keep, ended for who objects.

Asterisk records by itself (context recording of the dialplan); here it is only told when to write silence. A pause stands with the
agent's live state and on the caller's channel, so it holds whatever dies, and what begins to record later begins silent. What the
agent's page says of it is what Asterisk has answered.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from core.settings import Settings
from cti.ami import Ami, Row
from cti.place_on_channel import place_to_variable
from cti.recorded_channels import RecordedChannels
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.live import LiveAgent, LiveStore
from routing.place import Place

BY_AGENT, BY_TIME, OVER = "agent", "time", "over"  # why a recording goes on
AGENT_SAYS, BY_CONSENT = "agent", "consent"  # how a caller objects

# After these another recording may have begun, or somebody else has the caller.
_LOOK_AFTER = frozenset(
    {EventKind.AGENT_STATE_CHANGED, EventKind.CONSULT_CHANGED, EventKind.DIAL_PICKED_UP, EventKind.CALLBACK_PICKED_UP}
)

log = get_log(__name__)


class NotRecorded(HaloError):
    """This talk is not recorded."""

    code = "not_recorded"


class TalkRecorder:
    """Inside the event loop of the process that leads; of hold each process hears, so that no music is kept while none leads."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami,
        publish: Callable[[Event], object],
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._asterisk, self._publish = RecordedChannels(ami), publish
        self._channels: dict[str, str] = {}  # of callers whose recording is paused, by agent
        self._bounds: dict[str, asyncio.TimerHandle] = {}
        self._on_hold: set[int] = set()  # tokens of the agents' legs that have the other side hear music
        self._tasks: set[asyncio.Task[None]] = set()
        ami.on("Hold", lambda row: self._held(row, True), also_standing_by=True)
        ami.on("Unhold", lambda row: self._held(row, False), also_standing_by=True)
        ami.on("Hangup", self._hung_up, also_standing_by=True)

    # ---- orders ------------------------------------------------------------------------------------------------

    async def pause(self, agent: LiveAgent, place: Place) -> None:
        """From now on it is silent, until `go_on` or the bound. Raises NotRecorded; Unavailable when it is not sure that it is."""
        if not self._is_to_be_recorded(place):
            raise NotRecorded("This talk is not recorded.", "Nothing to do.")
        await self._asterisk.pause_begins(place.channel)  # first: nothing begins to record what is said from here on
        try:
            is_recorded = await self._asterisk.write(place.channel, silence=True)
        except HaloError:
            await self._asterisk.pause_is_over(place.channel)
            raise
        if not is_recorded:
            await self._asterisk.pause_is_over(place.channel)
            self._found(agent, False)
            raise NotRecorded("Nothing records this talk.", "Nothing to do.")
        now = self._clock.now()
        until = now + timedelta(seconds=self._settings.pause_recording_s)
        data = {"until": until.isoformat()}
        told = Event(EventKind.RECORDING_PAUSED, now, agent.interaction_id, agent.agent_id, data)
        self._channels[agent.agent_id] = place.channel
        if not self._changes.pause_recording(agent, until, told):
            await self._record_on(agent.agent_id, agent.token)
            return
        self._bound(replace(agent, recording_paused_until=until))

    async def go_on(self, agent: LiveAgent, place: Place, why: str = BY_AGENT) -> None:
        """The agent's pause is over. Nothing happens when there is none."""
        self._channels[agent.agent_id] = place.channel
        is_recorded = await self._record_on(agent.agent_id, agent.token)
        told = Event(EventKind.RECORDING_RESUMED, self._clock.now(), agent.interaction_id, agent.agent_id, {"why": why})
        if agent.recording_paused_until is not None:
            self._changes.pause_recording(agent, None, told)
        if agent.hears_caller:
            self._found(agent, is_recorded)

    async def refuse(self, agent: LiveAgent, place: Place, how: str = AGENT_SAYS) -> None:
        """The caller objects: nothing of them is recorded any more, and the worker keeps nothing of what was."""
        given = replace(place, may_record=False)
        await self._asterisk.tell(place.channel, names.PLACE, place_to_variable(given))
        await self._asterisk.end(place.channel)
        self._forget(agent.agent_id)
        told = Event(EventKind.RECORDING_REFUSED, self._clock.now(), agent.interaction_id, agent.agent_id, {"how": how})
        self._changes.refuse_recording(agent, given, told)

    # ---- what happens ------------------------------------------------------------------------------------------

    def take_note(self, event: Event) -> None:
        """One event of the log: whoever paused a recording is out of the talk, which may go on with somebody else; or somebody has
        the caller now, and is to know whether that is recorded."""
        left = event.kind is EventKind.AGENT_STATE_CHANGED and event.data.get("before") == AgentState.TALKING
        if left and event.agent_id in self._channels:
            self._start(self._left(event))
        is_back = event.kind is EventKind.INTERACTION_RESUMED and event.data.get("why") == "device"
        if event.kind is EventKind.RECORDING_TOLD:
            self._start(self._look_for(event.interaction_id))
        if event.agent_id and (is_back or event.kind in _LOOK_AFTER) and not left:
            self._start(self._look_at(event.agent_id))

    def hold_is(self, token: int, is_held: bool) -> None:
        """Whether this leg has the other side hear music, by Asterisk's word; see `compare`."""
        (self._on_hold.add if is_held else self._on_hold.discard)(token)

    async def compare(self) -> None:
        """After any time in which nothing was heard: each talk is silent or not as it has to be."""
        for agent in self._store.snapshot().agents.values():
            await self._look(agent)

    async def _left(self, event: Event) -> None:
        with interaction_context(event.interaction_id):
            await self._record_on(event.agent_id, 0)
            told = Event(EventKind.RECORDING_RESUMED, event.at, event.interaction_id, event.agent_id, {"why": OVER})
            self._publish(told)

    async def _look_for(self, interaction_id: str) -> None:
        """An agent may have answered while this caller was still told that they may be recorded."""
        for agent in self._store.snapshot().agents.values():
            if agent.interaction_id == interaction_id:
                await self._look(agent)

    async def _look_at(self, agent_id: str) -> None:
        await self._look(self._store.agent(agent_id))

    async def _look(self, agent: LiveAgent) -> None:
        """The recording is silent or not as it has to be, and the agent knows whether there is one."""
        place = self._talk_of(agent)
        if place is None:
            return
        with interaction_context(agent.interaction_id):
            is_paused = agent.recording_paused_until is not None
            if is_paused:
                self._channels[agent.agent_id] = place.channel
                self._bound(agent)
            else:
                await self._asterisk.pause_is_over(place.channel)
            is_recorded = await self._asterisk.write(place.channel, is_paused or agent.token in self._on_hold)
            if agent.hears_caller:
                self._found(agent, is_recorded)

    # ---- hold --------------------------------------------------------------------------------------------------

    def _held(self, row: Row, is_held: bool) -> None:
        """The other side hears music now, or the agent again: music is no talk."""
        token = names.token_of_leg(row.get("uniqueid", ""))
        if token is not None:
            self.hold_is(token, is_held)
            self._start(self._hold(token, is_held))

    def _hung_up(self, row: Row) -> None:
        self._on_hold.discard(names.token_of_leg(row.get("uniqueid", "")) or 0)

    async def _hold(self, token: int, is_held: bool) -> None:
        agent = next((each for each in self._store.snapshot().agents.values() if each.token == token), None)
        place = self._talk_of(agent) if agent is not None and agent.hears_caller else None
        if agent is not None and place is not None:
            await self._asterisk.write(place.channel, is_held or agent.recording_paused_until is not None)

    # ---- inside ------------------------------------------------------------------------------------------------

    def _talk_of(self, agent: LiveAgent) -> Place | None:
        """The caller with whom this agent talks, on a channel, when that is to be recorded."""
        if agent.state is not AgentState.TALKING or not agent.holds_caller:
            return None
        place = self._store.where(agent.interaction_id)[1]
        return place if place is not None and place.channel and self._is_to_be_recorded(place) else None

    def _is_to_be_recorded(self, place: Place) -> bool:
        return place.may_record and self._settings.records_talks_of(place.queue)

    def _found(self, agent: LiveAgent, is_recorded: bool) -> None:
        """What Asterisk has said; the page shows that."""
        told = Event(
            EventKind.RECORDING_FOUND, self._clock.now(), agent.interaction_id, agent.agent_id, {"is_recorded": is_recorded}
        )
        if agent.is_recorded is not is_recorded and self._changes.found_recorded(agent, is_recorded, told) and not is_recorded:
            log.warning("talk_not_recorded", agent_id=agent.agent_id)

    def _bound(self, agent: LiveAgent) -> None:
        """At the bound, ask again: the agent may have gone on and paused anew."""
        before = self._bounds.pop(agent.agent_id, None)
        if before is not None:
            before.cancel()
        if agent.recording_paused_until is not None:
            left_s = max(0.0, (agent.recording_paused_until - self._clock.now()).total_seconds())
            loop = asyncio.get_running_loop()
            self._bounds[agent.agent_id] = loop.call_later(left_s, lambda: self._start(self._end_of_pause(agent.agent_id)))

    async def _end_of_pause(self, agent_id: str) -> None:
        agent = self._store.agent(agent_id)
        until = agent.recording_paused_until
        place = self._store.where(agent.interaction_id)[1] if agent.interaction_id else None
        if until is None or place is None or agent.state is not AgentState.TALKING:
            return
        if until > self._clock.now():
            self._bound(agent)
            return
        with interaction_context(agent.interaction_id):
            await self.go_on(agent, place, BY_TIME)
            log.info("recording_went_on", agent_id=agent_id)

    async def _record_on(self, agent_id: str, token: int) -> bool:
        """What is said is written again; returns whether anything records it. `token` is that of the agent's leg, 0 for none."""
        channel = self._channels.get(agent_id, "")
        self._forget(agent_id)
        if not channel:
            return False
        await self._asterisk.pause_is_over(channel)
        return await self._asterisk.write(channel, silence=token in self._on_hold)

    def _forget(self, agent_id: str) -> None:
        self._channels.pop(agent_id, None)
        bound = self._bounds.pop(agent_id, None)
        if bound is not None:
            bound.cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:  # Redis or Asterisk was away: the comparison after its return settles it
            log.warning("recording_unsettled", why=problem.code if isinstance(problem, HaloError) else repr(problem))
