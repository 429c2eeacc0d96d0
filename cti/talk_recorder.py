"""The recording of a talk while it goes on: silent on hold, paused by the agent for what nobody may keep, ended for who objects.

Asterisk records by itself (context recording of the dialplan); here it is only told when to write silence. A pause stands with the
agent's live state and on the caller's channel, so it holds whatever dies, and what begins to record later does not begin in it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from core.settings import Settings
from cti.ami import ActionRefused, Ami
from cti.callers import Callers
from cti.entry_points import place_to_variable
from cti.recording_mute import MUTE, mute_fields
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.live import LiveAgent, LiveStore
from routing.place import Place

BY_AGENT, BY_TIME, OVER = "agent", "time", "over"  # why a recording goes on
_ON_HOLD = "ONHOLD"

log = get_log(__name__)


class NotRecorded(HaloError):
    """This talk is not recorded."""

    code = "not_recorded"


class TalkRecorder:
    """Inside the event loop of the process that leads."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, callers: Callers,
        publish: Callable[[Event], object],
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes, self._ami = settings, clock, store, changes, ami
        self._publish = publish
        self._channels: dict[str, str] = {}  # of callers whose recording is paused, by agent
        self._bounds: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        callers.on_hold = self.held

    # ---- orders ------------------------------------------------------------------------------------------------

    async def pause(self, agent: LiveAgent, place: Place) -> None:
        """From now on it is silent, until `go_on` or the bound. Raises NotRecorded; Unavailable when it is not sure that it is."""
        if not (place.may_record and self._settings.records_talks_of(place.queue)):
            raise NotRecorded("This talk is not recorded.", "Nothing to do.")
        await self._tell_channel(place.channel, names.RECORDING_PAUSED, "yes")  # first: nothing begins to record from here on
        try:
            await self._mute(place.channel, True)
        except HaloError:
            await self._tell_channel(place.channel, names.RECORDING_PAUSED, "")
            raise
        now = self._clock.now()
        until = now + timedelta(seconds=self._settings.pause_recording_s)
        data = {"until": until.isoformat()}
        told = Event(EventKind.RECORDING_PAUSED, now, agent.interaction_id, agent.agent_id, data)
        self._channels[agent.agent_id] = place.channel
        if not self._changes.pause_recording(agent, until, told):
            await self._record_on(agent.agent_id)
            return
        self._bound(replace(agent, recording_paused_until=until))

    async def go_on(self, agent: LiveAgent, place: Place, why: str = BY_AGENT) -> None:
        """The agent's pause is over. Nothing happens when there is none."""
        self._channels[agent.agent_id] = place.channel
        await self._record_on(agent.agent_id)
        told = Event(EventKind.RECORDING_RESUMED, self._clock.now(), agent.interaction_id, agent.agent_id, {"why": why})
        if agent.recording_paused_until is not None:
            self._changes.pause_recording(agent, None, told)

    async def refuse(self, agent: LiveAgent, place: Place) -> None:
        """The caller objects: nothing of them is recorded any more, and the worker keeps nothing of what was."""
        given = replace(place, may_record=False)
        await self._tell_channel(place.channel, names.RECORD, "no")
        await self._tell_channel(place.channel, names.PLACE, place_to_variable(given))
        with suppress(ActionRefused):  # nothing records it in this moment
            await self._ami.action("StopMixMonitor", Channel=place.channel)
        await self._tell_channel(place.channel, names.RECORDER, "")
        self._forget(agent.agent_id)
        now = self._clock.now()
        told = Event(EventKind.RECORDING_REFUSED, now, agent.interaction_id, agent.agent_id, {"how": "agent"})
        self._changes.refuse_recording(agent, given, told)

    # ---- what happens ------------------------------------------------------------------------------------------

    def held(self, agent: LiveAgent, is_held: bool) -> None:
        """The caller hears music now, or the agent again: music is no talk."""
        self._start(self._hold(agent, is_held))

    async def _hold(self, agent: LiveAgent, is_held: bool) -> None:
        place = self._store.where(agent.interaction_id)[1]
        if place is not None and place.channel and place.may_record:
            await self._mute(place.channel, is_held or agent.recording_paused_until is not None)

    def take_note(self, event: Event) -> None:
        """One event of the log: whoever paused a recording is out of the talk, which may go on with somebody else."""
        left = event.kind is EventKind.AGENT_STATE_CHANGED and event.data.get("before") == AgentState.TALKING
        if left and event.agent_id in self._channels:
            self._start(self._left(event))

    async def _left(self, event: Event) -> None:
        with interaction_context(event.interaction_id):
            await self._record_on(event.agent_id)
            told = Event(EventKind.RECORDING_RESUMED, event.at, event.interaction_id, event.agent_id, {"why": OVER})
            self._publish(told)

    async def compare(self) -> None:
        """After any time in which nothing was heard: each talk is silent or not as it has to be."""
        snapshot = self._store.snapshot()
        for agent in snapshot.agents.values():
            place = snapshot.taken.get(agent.interaction_id)
            if agent.state is not AgentState.TALKING or not agent.holds_caller or place is None or not place.channel:
                continue
            if not place.may_record:
                continue
            with interaction_context(place.interaction_id):
                if agent.recording_paused_until is not None:
                    self._channels[agent.agent_id] = place.channel
                    self._bound(agent)
                    await self._mute(place.channel, True)
                else:
                    await self._tell_channel(place.channel, names.RECORDING_PAUSED, "")
                    await self._mute(place.channel, await self._is_on_hold(agent.agent_id))

    # ---- inside ------------------------------------------------------------------------------------------------

    async def _is_on_hold(self, agent_id: str) -> bool:
        endpoint = names.agent_endpoint(agent_id, self._store.agent(agent_id).phone_kind)
        asked = await self._ami.action("Getvar", Variable=f"DEVICE_STATE(PJSIP/{endpoint})")
        return asked.get("value", "") == _ON_HOLD

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

    async def _record_on(self, agent_id: str) -> None:
        """The channel is written again. What was to begin in the pause begins now."""
        channel = self._channels.get(agent_id, "")
        self._forget(agent_id)
        await self._tell_channel(channel, names.RECORDING_PAUSED, "")
        if not await self._value(channel, names.RECORDER) and await self._value(channel, names.RECORD) == "yes":
            await self._begin(channel)  # the caller came back from a consult in the pause
        await self._mute(channel, await self._is_on_hold(agent_id))

    async def _begin(self, channel: str) -> None:
        """The two are brought together anew by the dialplan, which begins to record there as ever: to have it done from here would
        need the right to run programs on Asterisk's machine."""
        agent = await self._value(channel, "BRIDGEPEER")
        if not agent or "," in agent:  # nobody is with them, or all three are
            return
        await self._tell_channel(agent, names.CALLER, channel)
        with suppress(ActionRefused):  # one of them is gone
            await self._ami.action(
                "Redirect", Channel=channel, Context=names.WAITING, Exten="held", Priority="1",
                ExtraChannel=agent, ExtraContext=names.AGENT_LEG, ExtraExten="s", ExtraPriority="1",
            )  # fmt: skip

    async def _value(self, channel: str, name: str) -> str:
        """A variable of the channel; "" when it is gone."""
        try:
            return (await self._ami.action("Getvar", Channel=channel, Variable=name)).get("value", "")
        except ActionRefused:
            return ""

    async def _mute(self, channel: str, muted: bool) -> None:
        with suppress(ActionRefused):  # nothing records this channel now
            await self._ami.action(MUTE, **mute_fields(channel, muted))

    async def _tell_channel(self, channel: str, name: str, value: str) -> None:
        with suppress(ActionRefused):  # it is gone
            await self._ami.action("Setvar", Channel=channel, Variable=name, Value=value)

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
