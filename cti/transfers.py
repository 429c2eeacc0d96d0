"""Handing a caller over: to a queue, to another agent, or to a number outside. The agent's wrap-up begins at once.

At each step the caller is in Asterisk's hands: first their channel learns where they go on, whatever becomes of the agent's leg and
of us; then the live state changes, in one step; then they are sent there.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from crm.callback_tasks import CallbackTask
from cti.ami import Ami, Row
from cti.callbacks import Callbacks
from cti.place_on_channel import place_from_variable, place_to_variable
from cti.queued import queued_event
from routing.agent_changes import AgentChanges
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from routing.wrap_up_rule import WrapUpEnds

log = get_log(__name__)


class HandedTo(StrEnum):
    """To whom a caller is handed over."""

    QUEUE = "queue"
    AGENT = "agent"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Wish:
    """To whom: `queue` for all (that of an agent's caller is where they wait), `agent_id` or `number` (E.164) where it is one."""

    how: HandedTo
    queue: str
    agent_id: str = ""
    number: str = ""


class NotHanded(HaloError):
    """The caller was not handed over: they have gone, or the agent has them no more."""

    code = "call_over"


class Transfers:
    """Each hand-over as one order; see the module."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, callbacks: Callbacks,
        wrap_up_ends: WrapUpEnds,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._ami, self._callbacks, self._wrap_up_ends = ami, callbacks, wrap_up_ends

    async def hand_over(self, agent: LiveAgent, place: Place, wish: Wish) -> None:
        """Hand over the caller whom this agent talks with. Raises NotHanded, and Unavailable when Asterisk does not answer: then
        the talk goes on."""
        now = self._clock.now()
        asked_for_s = self._settings.transfer_wait_s if wish.how is HandedTo.AGENT else 0.0
        given = place.handed_on(wish.queue, now, wish.agent_id, asked_for_s)
        outside = wish.how is HandedTo.OUTSIDE
        context = names.OUTSIDE if outside else names.WAITING
        variables = {names.PLACE: place_to_variable(given), names.NEXT: names.WAITING}
        recorded = given.may_record and self._settings.records_talks_of(given.queue)
        variables[names.RECORD] = "yes" if recorded else "no"
        if outside:
            variables |= {names.NUMBER: wish.number, names.TRUNK_OUT: self._settings.outbound_trunk}
        await self._tell_channel(place.channel, variables | {names.HANDED: context})
        data = {"how": wish.how.value, "queue": wish.queue, "to": wish.agent_id}
        told = [Event(EventKind.INTERACTION_HANDED_OVER, now, place.interaction_id, agent.agent_id, data)]
        told += [] if outside else [queued_event(given)]
        deadline = self._wrap_up_ends(place.queue, now)
        if not self._changes.hand_over(agent, place, deadline, None if outside else given, told):
            await self._tell_channel(place.channel, {names.HANDED: ""})
            raise NotHanded("The call is over.", "Nothing to do.")
        log.info("handed_over", agent_id=agent.agent_id, how=wish.how.value, queue=wish.queue)
        await self._send(place.channel, context, agent.token)
        if place.callback:
            await self._keep_promise(place.callback)

    async def _tell_channel(self, channel: str, variables: Mapping[str, str]) -> None:
        for name, value in variables.items():
            await self._ami.action("Setvar", Channel=channel, Variable=name, Value=value)

    async def _send(self, channel: str, context: str, token: int) -> None:
        """Should Asterisk refuse it, the end of the agent's leg is a second way: the caller goes on where the channel says."""
        try:
            await self._ami.action("Redirect", Channel=channel, Context=context, Exten="handed", Priority="1")
        except HaloError as problem:
            log.warning("redirect_failed", why=problem.code)
        with suppress(HaloError):  # it ends by itself, but in a three-way talk
            await self._ami.action("Hangup", Channel=names.agent_leg_id(token), Cause="16")

    async def _keep_promise(self, task_id: int) -> None:
        """A customer who was called back has been spoken with: nobody calls them again for it."""
        task: CallbackTask | None = await self._callbacks.task(task_id)
        if task is not None:
            await self._callbacks.answered(task)

    def answered_outside(self, row: Row) -> Event | None:
        """The number outside has answered."""
        interaction_id = row.get("interaction", "")
        return Event(EventKind.OUTSIDE_ANSWERED, self._clock.now(), interaction_id) if interaction_id else None

    async def not_reached(self, interaction_id: str, channel: str) -> None:
        """Nobody answered outside: the caller, whom the dialplan keeps, is in the line again with the place that the channel
        carries."""
        if self._store.place(interaction_id) is not None:
            return
        carried = await self._ami.action("Getvar", Channel=channel, Variable=names.PLACE)
        place = place_from_variable(carried.get("value", ""))
        if place is not None:
            self._store.put_in_line(place, queued_event(place, again=True, at=self._clock.now()))
            log.info("outside_not_reached", queue=place.queue)
