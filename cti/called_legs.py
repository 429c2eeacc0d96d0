"""The customer's leg of a promised call, or of one that was dialled by hand.

Asterisk calls it from the agent's leg, and what it comes to is told here.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from cti.ami import Ami, Row
from cti.callbacks import Callbacks, Turn, withdrawn_event
from cti.called_first import CalledFirst
from cti.callers import Callers, called_by, interaction_of
from cti.dialling import Dialling
from cti.floor import Floor
from cti.phone_calls import PhoneCalls
from routing.agent_changes import AgentChanges
from routing.agent_state import Action, AgentState
from routing.assignments import Assignment
from routing.live import LiveAgent
from routing.policy import CallFirst

log = get_log(__name__)


class CalledLegs:
    """Rings the agent when a promised call may be made, and follows the customer's leg by the token of the reservation; where the
    queue has its customers called first, all that happens to them goes to CalledFirst."""

    def __init__(
        self, clock: Clock, changes: AgentChanges, floor: Floor, ami: Ami, calls: PhoneCalls, callers: Callers,
        callbacks: Callbacks, first: CalledFirst, dialling: Dialling, call_first: Callable[[str], CallFirst],
    ) -> None:  # fmt: skip
        self._clock, self._changes, self._floor = clock, changes, floor
        self._calls, self._callers, self._callbacks = calls, callers, callbacks
        self.first, self._dialling, self._call_first = first, dialling, call_first
        self._tasks: set[asyncio.Task[None]] = set()
        ami.on("Newchannel", self._appeared)
        ami.on("OriginateResponse", self._originated)
        ami.on("UserEvent", self._told)
        ami.on("Newstate", self._state_changed)
        ami.on("Hangup", self._hung_up)

    async def ring(self, reserved: LiveAgent, assignment: Assignment) -> None:
        """Ring the agent's phone; for a promised call only if it is still to be made, else the agent is ready again."""
        place = assignment.place
        on_line = not place.callback or bool(place.channel)
        turn = Turn.CALL if on_line else await self._callbacks.turn(reserved.agent_id, place, self._call_first(place.queue))
        match turn:
            case Turn.NOTHING:
                self._calls.step(reserved, Action.CALLER_GONE, "drop", [withdrawn_event(place, self._clock.now())])
            case Turn.WAIT | Turn.WAIT_ON:
                with interaction_context(place.interaction_id):
                    await self.first.begin(reserved, place, turn)
            case Turn.CALL:
                await self._calls.ring(reserved, assignment)

    async def overdue(self, agent: LiveAgent, now: datetime) -> None:
        """The deadline of an agent's state has passed, or the agent has been away for too long."""
        place = self._floor.taken.get(agent.interaction_id)
        called = agent.state is AgentState.RESERVED and place is not None and bool(place.callback) and not place.channel
        if not (called and place is not None and await self.first.give_up(place)):
            await self._calls.overdue(agent, now)

    def take_note(self, event: Event) -> None:
        """One event of the log: whoever called again is not called any more."""
        if event.kind is EventKind.CALLBACK_TAKEN_OVER:
            self._start(self.first.taken_over(event.interaction_id))

    async def picked_up(self, token: int, channel: str) -> None:
        """The customer's phone was answered. The records know it first: whatever dies next, nobody calls them for nothing."""
        agent = self._calls.agent_of(token)
        place = self._floor.taken.get(agent.interaction_id) if agent is not None else None
        if agent is None or agent.state is not AgentState.TALKING or place is None or place.channel:
            return
        with interaction_context(place.interaction_id):
            if place.dialled:
                self._dialling.picked_up(agent, place, channel)
                return
            await self._callbacks.picked_up(place.callback)
            data = {"queue": place.queue, "token": token}
            told = Event(EventKind.CALLBACK_PICKED_UP, self._clock.now(), place.interaction_id, agent.agent_id, data)
            self._changes.customer_answered(agent, replace(place, channel=channel), told)

    async def ended(self, token: int, interaction_id: str) -> None:
        """The customer's leg is gone: it was never answered, or they have hung up."""
        with interaction_context(interaction_id):
            place = self._floor.taken.get(interaction_id)
            if place is not None and place.dialled:
                await self._calls.caller_left(interaction_id)
                self._callers.ended(interaction_id, self._clock.now(), late=False, leg=str(token))
            elif place is None or not place.callback:  # they wait on the line again, or the agent is done with them
                await self._callers.caller_gone(interaction_id, leg=str(token))
            elif place.channel or not await self._callbacks.not_reached(place.callback):
                await self._calls.caller_left(interaction_id)
                self._callers.ended(interaction_id, self._clock.now(), late=False, leg=str(token))

    def _state_changed(self, row: Row) -> None:
        token = called_by(row)
        if token is not None and row.get("channelstatedesc") == "Up":
            self._start(self.picked_up(token, row.get("channel", "")))

    def _appeared(self, row: Row) -> None:
        task_id = names.task_of_leg(row.get("uniqueid", ""))
        if task_id is not None:
            self._start(self.first.appeared(task_id, row.get("channel", "")))

    def _told(self, row: Row) -> None:
        interaction_id, task_id = interaction_of(row), names.task_of_leg(row.get("uniqueid", ""))
        if row.get("userevent") == names.ON_THE_LINE and interaction_id and task_id is not None:
            self._start(self.first.on_line(interaction_id, task_id, row.get("channel", "")))

    def _originated(self, row: Row) -> None:
        """Only the failure that has no channel, and so no other event, is news here."""
        task_id = names.task_of_leg(row.get("actionid", ""))
        had_channel = names.task_of_leg(row.get("uniqueid", "")) is not None
        if task_id is not None and row.get("response") == "Failure" and not had_channel:
            self._start(self.first.never_existed(task_id))

    def _hung_up(self, row: Row) -> None:
        token, interaction_id = called_by(row), interaction_of(row)
        task_id = names.task_of_leg(row.get("uniqueid", ""))
        if task_id is not None and interaction_id:
            self._callbacks.leg_ended(interaction_id, row.get("cause", ""))
            was_up = row.get("channelstatedesc") == "Up"
            self._start(self.first.ended(interaction_id, task_id, row.get("uniqueid", ""), was_up))
        if token is not None and interaction_id and not self._dialling.ended(token, interaction_id, row.get("cause", "")):
            self._callbacks.leg_ended(interaction_id, row.get("cause", ""))
            self._start(self.ended(token, interaction_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:  # the records or Redis were away: when they are back, the promise is settled from what is there
            log.warning("called_leg_unsettled", why=type(problem).__name__)
