"""Ringing an agent's phone for a reservation, and everything that may become of it. Every step is fenced by its token."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from core.settings import Settings
from cti.agent_legs import AgentLegs
from cti.ami import ActionRefused, Actions
from cti.asking import Asking, Keeping, KeepingAsked, NobodyAsked, NobodyAsks
from cti.floor import Floor
from cti.queued import queued_event
from cti.unanswered import FAILED, WhyUnanswered, in_line_again, missed_event
from routing.agent_changes import AgentChanges, StaleReservation
from routing.agent_state import Action, AgentState, IllegalChange, NotReadyReason
from routing.assignments import Assignment
from routing.consult import ConsultPhase
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from routing.wrap_up_rule import WrapUpEnds

SAFETY_S = 3.0  # how much later than Asterisk's own time-out we act ourselves

# Q.850 causes with which a phone says no: busy, call rejected
REJECTING_CAUSES = frozenset({"17", "21"})

# Causes with which Asterisk ends a leg whose phone it can't hear any more (no media, network out of order, recovery timer)
LOST_CAUSES = frozenset({"27", "38", "41", "44", "47", "102"})

_ASKED = (AgentState.RINGING, AgentState.TALKING)

log = get_log(__name__)


class PhoneCalls:
    """The agent's leg of each call: ring, answer, no answer, hang-up, lost phone.

    `wrap_up_ends` says when the wrap-up after a call of a queue is over; `others_reserve` whether other
    processes, too, reserve agents: then Asterisk may tell of a leg before the event log does.
    """

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, floor: Floor, ami: Actions,
        wrap_up_ends: WrapUpEnds, others_reserve: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._floor, self._ami, self._others_reserve, self.wrap_up_ends = floor, ami, others_reserve, wrap_up_ends
        self.legs = AgentLegs(settings, clock, store, ami)
        self._pops: dict[int, asyncio.Event] = {}
        self.why_unanswered = WhyUnanswered()
        self.asking: Asking = NobodyAsks()
        self.keeping: Keeping = NobodyAsks()
        self.keeping_asked: KeepingAsked = NobodyAsked()

    # ---- ringing ----------------------------------------------------------------------------------------------

    async def ring(self, reserved: LiveAgent, assignment: Assignment) -> None:
        """Wait for the screen pop, then ring the phone, once."""
        await self.ring_for(reserved, assignment.place)

    async def ring_for(self, reserved: LiveAgent, place: Place, consulter: str = "") -> None:
        """The same; `consulter` is the channel of an agent who asks this one about the caller, and is taken instead of them."""
        with interaction_context(place.interaction_id):
            await self._wait_for_pop(reserved)
            deadline = self._clock.now() + timedelta(seconds=self._settings.ring_timeout_s + SAFETY_S)
            try:
                self._changes.apply_reserved(
                    reserved.agent_id, Action.RING, reserved.token, interaction_id=place.interaction_id, deadline=deadline
                )
            except (StaleReservation, IllegalChange):
                return  # the caller has gone, or the agent's phone
            try:
                await self.legs.call(reserved.agent_id, reserved.token, place, consulter=consulter)
            except HaloError as problem:
                log.warning("ring_failed", agent_id=reserved.agent_id, why=problem.code)
                if isinstance(problem, ActionRefused):
                    self._step(reserved.agent_id, Action.RELEASE, reserved.token, place.interaction_id, place="restore")
                # no answer at all: the phone may ring; the leg's events or the deadline decide

    def pop_shown(self, event: Event) -> None:
        """The agent's page says that it shows the caller. It may be quicker than we are: then nobody waits for it yet."""
        token = int(event.data.get("token", 0))
        agent = self._floor.agents.get(event.agent_id)
        ours = agent is not None and agent.token == token and agent.partition == self._changes.partition
        if ours and agent is not None and agent.state is AgentState.RESERVED:
            self._pops.setdefault(token, asyncio.Event()).set()

    async def _wait_for_pop(self, reserved: LiveAgent) -> None:
        try:
            async with asyncio.timeout(self._settings.pop_wait_ms / 1000):
                await self._pops.setdefault(reserved.token, asyncio.Event()).wait()
        except TimeoutError:
            log.info("pop_not_confirmed", agent_id=reserved.agent_id)
        finally:
            self._pops.pop(reserved.token, None)

    # ---- what the leg tells ------------------------------------------------------------------------------------

    async def leg_appeared(self, token: int, channel: str) -> None:
        """A leg that we asked for exists now. If its reservation ended in between, it must not go on ringing."""
        agent = self.agent_of(token)
        if agent is None or agent.state not in (AgentState.RINGING, AgentState.TALKING):
            await self.legs.hang_up(channel)

    def leg_answered(self, token: int) -> None:
        """The agent's phone was picked up."""
        agent = self.agent_of(token)
        if agent is None:
            return
        if agent.state is AgentState.TALKING:
            if not agent.consulted_by:  # else the leg says itself where it is, see KeptAsked
                self._resumed(agent)
            return
        if agent.consulted_by:
            self._step(agent.agent_id, Action.ANSWER, token, agent.interaction_id)
            return
        place = self._place_of(agent)
        now = self._clock.now()
        kind, data = EventKind.INTERACTION_ANSWERED, dict[str, object](queue=place.queue if place else "")
        if place is not None and place.dialled:
            kind = EventKind.INTERACTION_DIALLED
            data |= {"ani": place.ani, "dnis": self._settings.hotline_number, "purpose": place.dialled}
            data |= {"customer_id": place.customer_id, "language": place.language}
        elif place is not None and place.callback and not place.channel:
            kind = EventKind.CALLBACK_DIALLED
            data |= {"token": token, "first": "agent"}
        else:
            data["wait_s"] = round(place.waited_s(now), 3) if place else 0.0
        told = Event(kind, now, agent.interaction_id, agent.agent_id, data)
        self._step(agent.agent_id, Action.ANSWER, token, agent.interaction_id, events=(told,))

    def leg_ended(self, token: int, cause: str, even_if_held: bool = False) -> None:
        """The agent's leg is gone; `cause` is Q.850's number. A talk whose phone was lost goes on, unless `even_if_held`."""
        agent = self.agent_of(token)
        if agent is None:
            return
        if agent.state is AgentState.RINGING and agent.dialled:
            self.step(agent, Action.RELEASE, "drop")  # nobody was called yet, and nobody waits
        elif agent.state is AgentState.RINGING:
            rejected = cause in REJECTING_CAUSES
            why = agent.after_call or NotReadyReason.REJECTED
            action, reason = (Action.REJECT, why) if rejected else (Action.NO_ANSWER, NotReadyReason.RONA)
            self._step(agent.agent_id, action, token, agent.interaction_id, reason=reason, place="restore")
        elif agent.state is AgentState.TALKING and (agent.deadline is None or even_if_held):
            if agent.consult is not None and agent.deadline is None and self.asking.left(agent):
                return
            deadline = self._wrap_up_ends(agent)
            missed = self._missed_by_hand(agent)
            self._step(agent.agent_id, Action.HANG_UP, token, agent.interaction_id, deadline=deadline, **missed)
            if agent.consulted_by:  # it was another agent's call: nothing is to be written down
                self._changes.finish_wrap_up(agent.agent_id, agent.interaction_id, ready=True)

    async def leg_ended_first(self, token: int, cause: str) -> None:
        """As leg_ended, while nobody knows yet why whoever this agent has dialled did not answer: Asterisk tells of their leg, and
        that, in the same moment, but in no certain order."""
        if not await self.why_unanswered.known(token):
            log.info("other_leg_unknown", token=token)
        self.leg_ended(token, cause)

    def is_calling(self, token: int) -> bool:
        """Whether the agent of this token has dialled, and nobody has answered, nor is it known why."""
        agent = self.agent_of(token)
        return agent is not None and agent.state is AgentState.TALKING and bool(self._missed_by_hand(agent))

    def _missed_by_hand(self, agent: LiveAgent) -> dict[str, object]:
        """What else changes when an agent's leg ends who has dialled: whoever was called and has not answered was missed."""
        place = self._store.where(agent.interaction_id)[1] if agent.dialled else None
        if place is None or not place.dialled or place.channel or place.missed:
            return {}
        return {
            "restored": replace(place, missed=FAILED),
            "events": (missed_event(place, FAILED, self._clock.now(), agent.agent_id),),
        }

    def _wrap_up_ends(self, agent: LiveAgent) -> datetime | None:
        place = self._place_of(agent)
        return self.wrap_up_ends(place.queue if place is not None else "", self._clock.now())

    async def leg_lost(self, token: int) -> None:
        """The leg ended because the phone fell silent, not because anybody hung up: keep the caller, as for a lost phone."""
        agent = self.agent_of(token)
        if agent is not None and agent.state is AgentState.TALKING:
            await self.phone_lost(agent)
            fresh = self._floor.refresh_agent(self._store, agent.agent_id)
            if fresh.phone_up:  # a page that was loaded anew while nobody of ours heard it
                await self.phone_back(fresh)
        else:
            self.leg_ended(token, "")

    def phone_missing(self, token: int) -> None:
        """Asterisk found no phone to ring: nobody's fault but the phone's, so the caller goes back at once and no RONA is noted."""
        agent = self.agent_of(token)
        if agent is not None and agent.state is AgentState.RINGING:
            self._changes.phone_changed(agent.agent_id, up=False)
            self._step(agent.agent_id, Action.RELEASE, token, agent.interaction_id, place="restore")

    def agent_of(self, token: int) -> LiveAgent | None:
        """The agent whose reservation in force has this token, as of now."""
        for agent in self._floor.agents.values():
            if agent.token == token:
                fresh = self._floor.refresh_agent(self._store, agent.agent_id)
                return fresh if fresh.token == token else None
        return self._not_heard_of(lambda agent: agent.token == token)

    def _not_heard_of(self, is_it: Callable[[LiveAgent], bool]) -> LiveAgent | None:
        """The agent whom another leader has reserved, and of whom the event log has not told us yet."""
        if not self._others_reserve():
            return None
        agent = next((agent for agent in self._store.snapshot().agents.values() if is_it(agent)), None)
        if agent is not None:
            self._floor.agents[agent.agent_id] = agent
            self._floor.refresh_place(self._store, agent.interaction_id)
        return agent

    def _place_of(self, agent: LiveAgent) -> Place | None:
        """The place of the caller whom the agent has in hand."""
        if self._others_reserve() and agent.interaction_id and agent.interaction_id not in self._floor.taken:
            self._floor.refresh_place(self._store, agent.interaction_id)
        return self._floor.taken.get(agent.interaction_id)

    # ---- the caller goes ---------------------------------------------------------------------------------------

    async def caller_left(self, interaction_id: str) -> None:
        """The caller hung up while an agent was reserved, ringing, or away from the talk."""
        holder = self._floor.holder_of(interaction_id) or self._not_heard_of(
            lambda agent: agent.interaction_id == interaction_id and agent.holds_caller
        )
        if holder is None:
            return
        agent = self._floor.refresh_agent(self._store, holder.agent_id)
        if agent.interaction_id != interaction_id:
            return
        place = self._floor.taken.get(interaction_id)
        now = self._clock.now()
        if agent.state in (AgentState.RESERVED, AgentState.RINGING):
            gone = abandoned_event(place, interaction_id, now, ringing=agent.state is AgentState.RINGING)
            await self.let_go(agent, (gone,))
        elif agent.state is AgentState.TALKING and agent.deadline is not None:
            deadline = self._wrap_up_ends(agent)
            self._step(agent.agent_id, Action.HANG_UP, agent.token, interaction_id, deadline=deadline)
            if agent.consult is not None:
                await self.asking.let_them_go(agent.consult)
        elif agent.state is AgentState.TALKING and agent.consult is not None and agent.consult.phase is ConsultPhase.WITH_THEM:
            self.asking.caller_gone(agent)
        elif agent.state is AgentState.TALKING and (agent.consult is None or agent.consult.phase is not ConsultPhase.WITH_CALLER):
            if agent.consult is not None:
                await self.asking.end(agent)
            await self.legs.end(agent.token)  # of a room nobody is thrown out
            await self.asking.end_legs(agent)  # who was called back after a loss has a leg of another name

    async def let_go(self, agent: LiveAgent, events: Sequence[Event] = ()) -> None:
        """Nobody is there any more for an agent who is reserved or whose phone rings: they are ready again."""
        self._pops.pop(agent.token, None)
        self.step(agent, Action.CALLER_GONE, "drop", events)
        await self.legs.end(agent.token)

    def give_back(self, agent: LiveAgent, place: Place) -> None:
        """The caller of an agent who is gone from the talk waits in Asterisk's line, and has no place there: this one."""
        deadline = agent.deadline or self.wrap_up_ends(place.queue, self._clock.now())
        self._changes.hand_over(agent, place, deadline, place, [queued_event(place, again=True, at=self._clock.now())])

    # ---- the phone is lost and comes back --------------------------------------------------------------------------

    async def phone_lost(self, agent: LiveAgent) -> None:
        """The agent's phone is away. A caller in the talk gets music and is kept; one who rang has the old place again."""
        place = self._place_of(agent)
        if agent.consult is not None and place is not None and agent.state is AgentState.TALKING:
            await self.keeping.lost(agent, place)
            return
        if agent.consulted_by and agent.state in _ASKED and await self.keeping_asked.lost(agent):
            return
        if agent.consulted_by and agent.state is AgentState.TALKING:
            self.leg_ended(agent.token, "16")
            await self.legs.end(agent.token)  # else who asks would hear it until Asterisk finds it dead
            return
        if agent.state is AgentState.TALKING and agent.deadline is None and place is not None and place.channel:
            until = self._clock.now() + timedelta(seconds=self._settings.resume_call_s)
            held = Event(EventKind.INTERACTION_HELD, self._clock.now(), place.interaction_id, agent.agent_id, {"why": "device"})
            if self._changes.hold_for_agent(agent, until, held):
                await self._ami.action("Redirect", Channel=place.channel, Context=names.WAITING, Exten="resume", Priority="1")
                log.info("caller_kept", agent_id=agent.agent_id, interaction_id=place.interaction_id)
        elif agent.state in (AgentState.RESERVED, AgentState.RINGING):
            self._lose_device(agent, place, restored=in_line_again(place))
            await self.legs.end(agent.token)
        elif agent.state is AgentState.TALKING and place is not None and not place.channel:
            await self.legs.end(agent.token)  # first: it calls a customer, whom the next agent will call if it was promised
            self._lose_device(agent, place, restored=in_line_again(place))

    async def phone_back(self, agent: LiveAgent) -> None:
        """The agent's phone is there again: bring it back into the talk it was lost from."""
        place = self._place_of(agent)
        if agent.consulted_by:
            await self.keeping_asked.back(agent)
        elif agent.state is AgentState.TALKING and agent.deadline is not None and place is not None:
            await self.legs.call_again(agent.agent_id, agent.token, place, agent.consult)

    def _resumed(self, agent: LiveAgent) -> None:
        if self.keeping.back(agent):
            return
        back = Event(EventKind.INTERACTION_RESUMED, self._clock.now(), agent.interaction_id, agent.agent_id, {"why": "device"})
        self._changes.hold_for_agent(agent, None, back)

    def _lose_device(self, agent: LiveAgent, place: Place | None, restored: Place | None) -> None:
        again: tuple[Event, ...] = ()
        if place is not None and restored is not None:
            again = (queued_event(restored, again=True, at=self._clock.now()),)
        if restored is None and agent.state is AgentState.TALKING:
            again = cast(tuple[Event, ...], self._missed_by_hand(agent).get("events", ()))
        try:
            self._changes.device_lost(agent, "restore" if restored else "drop", restored, again)
        except (StaleReservation, IllegalChange) as problem:
            log.debug("step_came_late", why=problem.code)

    # ---- time is up --------------------------------------------------------------------------------------------

    async def overdue(self, agent: LiveAgent, _now: datetime) -> None:
        """The deadline of an agent's state has passed, or the agent has been away for too long."""
        place = self._place_of(agent)
        with interaction_context(agent.interaction_id):
            match agent.state:
                case AgentState.RESERVED:
                    self._step(agent.agent_id, Action.RELEASE, agent.token, agent.interaction_id, place="restore")
                case AgentState.RINGING if agent.dialled:
                    self.step(agent, Action.RELEASE, "drop")
                    await self.legs.end(agent.token)
                case AgentState.RINGING:
                    why = NotReadyReason.RONA if agent.phone_up else NotReadyReason.DEVICE  # whoever is asked may have lost it
                    self._step(agent.agent_id, Action.NO_ANSWER, agent.token, agent.interaction_id, reason=why, place="restore")
                    await self.legs.end(agent.token)
                case AgentState.TALKING if agent.consulted_by:
                    await self.keeping_asked.stayed_away(agent)
                case AgentState.TALKING:
                    if place is not None and place.channel and await self.keeping.stayed_away(agent, place):
                        return
                    self._lose_device(agent, place, place.moved_to_front() if place else None)
                case AgentState.WRAP_UP if agent.deadline is not None and agent.deadline <= self._clock.now():
                    self._changes.wrap_up_timed_out(agent)
                case AgentState.WRAP_UP | AgentState.READY:
                    self._lose_device(agent, place, None)

    def step(self, agent: LiveAgent, action: Action, place: str, events: Sequence[Event] = ()) -> None:
        """A step of the reservation that this agent has in hand."""
        self._step(agent.agent_id, action, agent.token, agent.interaction_id, place=place, events=events)

    def _step(self, agent_id: str, action: Action, token: int, interaction_id: str, **details: object) -> None:
        """One fenced step; one that comes too late is no error: somebody else has settled the matter. Whom an agent calls by hand
        was never in line, and does not come there."""
        if details.get("place") == "restore" and (place := self._floor.taken.get(interaction_id)) is not None and place.dialled:
            details["place"] = "drop"
        try:
            self._changes.apply_reserved(agent_id, action, token, interaction_id=interaction_id, **details)  # type: ignore[arg-type]
        except (StaleReservation, IllegalChange) as problem:
            log.info("step_came_late", agent_id=agent_id, step=action.value, why=problem.code)


def abandoned_event(place: Place | None, interaction_id: str, now: datetime, ringing: bool) -> Event:
    """The event that a caller gave up."""
    data = {"queue": place.queue if place else "", "wait_s": round(place.waited_s(now), 3) if place else 0.0, "ringing": ringing}
    return Event(EventKind.INTERACTION_ABANDONED, now, interaction_id, data=data)
