"""Customers who are called before an agent's phone rings: dialled once a try, on the line when they say that it is them.

An agent is reserved meanwhile, and may be lost: the customer's leg has the name of the promise and the try, not of the reservation,
and whoever is reserved next takes it over. What it comes to is settled with the records, as for every promised call.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.ids import derived_id
from core.log import get_log, interaction_context
from core.settings import Settings
from crm.callback_tasks import CallbackTask, TaskState
from cti.ami import ActionRefused, Ami
from cti.callbacks import Callbacks, Turn, withdrawn_event
from cti.callers import Callers
from cti.floor import Floor
from cti.phone_calls import SAFETY_S, PhoneCalls
from cti.place_on_channel import place_to_variable
from cti.queued import queued_event
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.assignments import Assignment
from routing.callback_outcomes import place_of
from routing.live import LiveAgent, LiveStore
from routing.order import FIRST
from routing.place import Place

SAYS_IT_IS_THEM_S = 60.0  # the question, asked three times, with time to answer, and a process that dies meanwhile
_FAILED, _NO_ANSWER, _VOICEMAIL, _GAVE_UP = "failed", "no_answer", "voicemail", "gave_up"
_SPEAKS = frozenset({AgentState.TALKING, AgentState.WRAP_UP})

log = get_log(__name__)


class CustomerLeg(Protocol):
    """A channel of a customer who is called first, as Asterisk tells of it."""

    @property
    def name(self) -> str: ...

    @property
    def interaction_id(self) -> str: ...

    @property
    def context(self) -> str: ...

    @property
    def bridge(self) -> str: ...

    @property
    def on_line(self) -> bool:
        """Whether the customer has said that it is them."""
        ...

    @property
    def is_up(self) -> bool: ...

    @property
    def called_first(self) -> int | None:
        """The promise's number."""
        ...


class CalledFirst:
    """Follows the legs of customers who are called first. Each step asks the live state, never what it remembers."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, floor: Floor, ami: Ami, calls: PhoneCalls,
        callers: Callers, callbacks: Callbacks, term: Callable[[], str] = str,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes, self._floor = settings, clock, store, changes, floor
        self._ami, self._calls, self._callers, self._callbacks, self._term = ami, calls, callers, callbacks, term

    # ---- one try -----------------------------------------------------------------------------------------------

    async def begin(self, reserved: LiveAgent, place: Place, turn: Turn) -> None:
        """The agent waits; the customer's phone is called, unless it is being called already."""
        task = await self._callbacks.task(place.callback)
        now = self._clock.now()
        deadline = now + timedelta(seconds=names.CALL_BACK_RINGS_S + SAYS_IT_IS_THEM_S + SAFETY_S)
        data = {"queue": place.queue, "token": reserved.token, "first": "customer"}
        told = Event(EventKind.CALLBACK_DIALLED, now, place.interaction_id, reserved.agent_id, data)
        waits = self._changes.reserved_for(reserved, told, deadline)
        if task is None or turn is Turn.WAIT_ON:
            return
        if not waits:  # the agent's phone was lost in between
            await self._callbacks.not_dialled(task.id)
            return
        try:
            await self._originate(names.customer_leg_id(task.id, task.tries), place)
        except HaloError as problem:
            log.warning("customer_not_called", why=problem.code)
            if isinstance(problem, ActionRefused):
                await self._in_vain(place.interaction_id, task.id, _FAILED)
            # no answer at all: their phone may ring; the leg's events or the deadline decide

    async def _originate(self, leg: str, place: Place) -> None:
        on_line = replace(place, priority=FIRST, callback=0)  # what they are when the promise is kept
        await self._ami.action(
            "Originate", ActionID=leg, Channel=f"PJSIP/{place.ani}@{self._settings.outbound_trunk}", ChannelId=leg, Exten="s",
            Priority="1", Context=names.CALLED_FIRST, Timeout=str(names.CALL_BACK_RINGS_S * 1000), Async="true",
            CallerID=self._settings.hotline_number,
            Variable=[
                f"__{names.INTERACTION}={place.interaction_id}", f"{names.NUMBER}={place.ani}",
                f"{names.SPOKEN_LANGUAGE}={place.language}", f"{names.PLACE}={place_to_variable(on_line)}",
                f"{names.RECORD}={'yes' if place.may_record and self._settings.records_talks_of(place.queue) else 'no'}",
            ],
        )  # fmt: skip

    async def appeared(self, task_id: int, channel: str) -> None:
        """A leg that was asked for exists now. If its try is over, it must not go on ringing."""
        task = await self._callbacks.task(task_id)
        if task is None or task.state != TaskState.CALLED:
            await self._hang_up(channel)

    async def on_line(self, interaction_id: str, task_id: int, channel: str) -> None:
        """The customer has said that it is them: they wait on the line, before everybody, and the agent's phone rings."""
        in_line, taken = self._store.where(interaction_id)
        place = in_line or taken
        if place is None or not place.callback:
            task = await self._callbacks.task(task_id)
            if task is None or task.state != TaskState.CALLED:  # else Redis has lost the place: see compare
                await self._hang_up(channel)  # they have called again meanwhile
            return
        if place.channel:
            return
        try:
            await self._callbacks.picked_up(place.callback)
        except SQLAlchemyError as problem:  # without the record, too, they are on the line
            log.warning("on_line_not_recorded", why=type(problem).__name__)
        in_line, taken = self._store.where(interaction_id)  # from here to the change nothing else happens in this process
        waits = replace(place, channel=channel, priority=FIRST)
        key = derived_id(EventKind.CALLBACK_ON_LINE, interaction_id, channel)
        told = Event(EventKind.CALLBACK_ON_LINE, self._clock.now(), interaction_id, data={"queue": place.queue}, key=key)
        if in_line is not None:
            self._store.put_in_line(waits, told, self._term())
        elif taken is not None:
            holder = self._holder(interaction_id)
            if holder is not None and self._changes.reserved_for(holder, told, place=waits):
                self._floor.refresh_place(self._store, interaction_id)
                await self._calls.ring(holder, Assignment(holder.agent_id, waits, {}))

    async def ended(self, interaction_id: str, task_id: int, leg: str, was_up: bool) -> None:
        """The customer's leg of this unique id is gone."""
        in_line, taken = self._store.where(interaction_id)
        place, holder = in_line or taken, self._holder(interaction_id)
        if place is None or not place.callback:  # an agent was lost and they waited like anybody, or is done with them
            await self._callers.caller_gone(interaction_id, leg=leg)
            return
        if holder is not None and holder.state in _SPEAKS:
            await self._calls.caller_left(interaction_id)
        else:
            await self._in_vain(interaction_id, task_id, _GAVE_UP if place.channel else _VOICEMAIL if was_up else "")
        if place.channel:
            self._callers.ended(interaction_id, self._clock.now(), late=False, leg=leg)

    async def _in_vain(self, interaction_id: str, task_id: int, why: str) -> None:
        """The try is over: on record first, then the agent is ready again, and the place is not in line until the next one."""
        await self._callbacks.not_reached(task_id, why)
        await self._let_go(interaction_id)

    async def _let_go(self, interaction_id: str) -> None:
        place, holder = self._store.where(interaction_id)[0], self._holder(interaction_id)
        if place is not None and place.callback:
            self._store.take_out_of_line(interaction_id, withdrawn_event(place, self._clock.now()))
        elif holder is not None and holder.state in (AgentState.RESERVED, AgentState.RINGING):
            await self._calls.let_go(holder)

    async def never_existed(self, task_id: int) -> None:
        """Asterisk found nothing to call them by."""
        task = await self._callbacks.task(task_id)
        if task is not None and task.state == TaskState.CALLED:
            await self._in_vain(task.interaction_id, task_id, _FAILED)

    async def give_up(self, place: Place) -> bool:
        """The time of the agent's reservation is up. False when it was not for a customer who is called first."""
        try:
            task = await self._callbacks.task(place.callback)
        except SQLAlchemyError:
            return False
        if task is None or task.state != TaskState.CALLED:
            return False
        with interaction_context(place.interaction_id):
            await self._hang_up(names.customer_leg_id(task.id, task.tries))
            await self._in_vain(place.interaction_id, task.id, _NO_ANSWER)
        return True

    async def taken_over(self, interaction_id: str) -> None:
        """They have called again: their phone must not ring on, and the agent is free for whoever is first."""
        place = self._store.place(interaction_id)
        holder = self._holder(interaction_id)
        if place is None or not place.callback or (holder is not None and holder.state is not AgentState.RESERVED):
            return
        task = await self._callbacks.task(place.callback)
        if task is not None:
            await self._hang_up(names.customer_leg_id(task.id, task.tries))
        await self._let_go(interaction_id)

    # ---- after any time in which we heard nothing ------------------------------------------------------------------

    async def compare(self, legs: Iterable[CustomerLeg]) -> None:
        """These legs are there: whoever is being called stands in line or has an agent, whoever is on the line waits, and a leg
        that nobody wants is ended."""
        by_task = {leg.called_first: leg for leg in legs}
        tasks = await self._callbacks.called_first()
        for task in tasks:
            with interaction_context(task.interaction_id):
                await self._compare_one(task, by_task.pop(task.id, None))
        for leg in by_task.values():
            if not leg.is_up or leg.context == names.CALLED_FIRST:
                await self._hang_up(leg.name)

    async def interactions(self) -> set[str]:
        """Those whose customers are being called, or wait on the line, before an agent has answered."""
        return {task.interaction_id for task in await self._callbacks.called_first()}

    async def _compare_one(self, task: CallbackTask, leg: CustomerLeg | None) -> None:
        in_line, taken = self._store.where(task.interaction_id)
        if leg is not None and leg.bridge and self._holder(task.interaction_id) is None:  # the rescue queue's agent has them
            await self._callbacks.answered(task)
            leg = None
        if leg is None:
            if in_line is not None and in_line.callback:
                self._store.take_out_of_line(task.interaction_id, withdrawn_event(in_line, self._clock.now()))
            return  # the records say what became of it
        if in_line is None and taken is None:
            place = place_of(task)
            self._store.put_in_line(place, queued_event(place, again=True, at=self._clock.now()), self._term())
        if leg.context == names.RESCUE:
            await self._ami.action("Redirect", Channel=leg.name, Context=names.WAITING, Exten="s", Priority="1")
        if leg.on_line:
            await self.on_line(task.interaction_id, task.id, leg.name)

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _holder(self, interaction_id: str) -> LiveAgent | None:
        """Who has this interaction in hand, as of now."""
        agents = self._store.snapshot().agents.values()
        return next((agent for agent in agents if agent.interaction_id == interaction_id), None)

    async def _hang_up(self, channel: str) -> None:
        try:
            await self._ami.action("Hangup", Channel=channel, Cause="16")
        except HaloError:
            log.debug("leg_was_gone", channel=channel)
