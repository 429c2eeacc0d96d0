"""An agent asks a colleague or a number outside about the caller, who hears music; then swaps, joins, hands over or goes back.

The dialplan knows at each moment who goes where when somebody leaves (contexts consult, consulted, three-way): the leg of whoever
is asked takes the agent's, and the caller when the agent has left; the agent's leg goes back to the caller when they have left. So
every order here moves legs, and whatever dies, nobody is dropped. Who consults whom stands with the agent's live state.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from cti.ami import Ami, Row
from cti.consult_legs import ConsultLegs, Legs
from cti.kept_asked import KeptAsked
from cti.kept_consults import KeptConsults
from cti.phone_calls import PhoneCalls
from cti.transfers import HandedTo
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.consult import Consult, ConsultPhase
from routing.live import LiveAgent, LiveStore, Refusal
from routing.place import Place

CONSULT = "consult"
GONE = "gone"  # what is told of whoever is asked no more
_RESERVED_FOR = timedelta(seconds=8)

log = get_log(__name__)


class NotPossible(HaloError):
    """The consult is not so far, or over."""

    code = "not_now"


class ColleagueBusy(HaloError):
    """The agent who is to be asked is not ready any more."""

    code = "colleague_busy"


class Consults:
    """Each order about a consult. Inside the event loop."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, calls: PhoneCalls
    ) -> None:
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._ami, self._calls, self.legs = ami, calls, ConsultLegs(ami)
        self._tasks: set[asyncio.Task[None]] = set()
        calls.asking = self
        ami.on("Newstate", self._state_changed)
        ami.on("Hangup", self._hung_up)
        ami.on("OriginateResponse", self._originated)
        self._kept = KeptConsults(settings, clock, store, changes, ami, calls, self)
        self._asked = KeptAsked(settings, clock, store, changes, ami, calls, self)

    # ---- orders ------------------------------------------------------------------------------------------------

    async def begin(self, agent: LiveAgent, place: Place, agent_id: str, number: str) -> None:
        """Ask this agent, who must be ready, or this number. Raises ColleagueBusy, NotPossible."""
        if agent.consult is not None:
            raise NotPossible("Somebody is asked already.", "Go back to the caller first.")
        legs = await self._legs(agent)
        now = self._clock.now()
        if agent_id:
            asked = self._changes.reserve_to_ask(agent_id, place.interaction_id, agent.agent_id, now + _RESERVED_FOR)
            if isinstance(asked, Refusal):
                raise ColleagueBusy("That colleague is not ready any more.", "Choose another.")
            consult = Consult(ConsultPhase.CALLING, names.agent_leg_id(asked.token), agent_id, token=asked.token)
        else:
            leg = names.consult_leg_id(agent.token, int(now.timestamp() * 1000))
            consult = Consult(ConsultPhase.CALLING, leg, number=number)
        if not self.told(agent, consult, held=True):
            raise NotPossible("The call is over.", "Nothing to do.")
        # The leg of an agent who has called the customer has never heard of their channel.
        await self._ami.action("Setvar", Channel=legs.agent, Variable=names.CALLER, Value=place.channel)
        await self.legs.redirect(place.channel, names.WAITING, "held", legs.agent, names.CONSULT, "wait")
        if agent_id:
            self.start(self._calls.ring_for(self._store.agent(agent_id), place, legs.agent))
        else:
            await self._call_outside(consult, place, legs.agent)

    async def _call_outside(self, consult: Consult, place: Place, consulter: str) -> None:
        variables = [
            f"{names.CONSULTER}={consulter}", f"{names.CALLER}={place.channel}", f"{names.HELPED}={place.interaction_id}",
        ]  # fmt: skip
        await self._ami.action(
            "Originate", ActionID=consult.leg, Channel=f"PJSIP/{consult.number}@{self._settings.outbound_trunk}",
            ChannelId=consult.leg, Context=names.CONSULTED, Exten="s", Priority="1", Async="true", Variable=variables,
            Timeout=str(names.OUTSIDE_RINGS_S * 1000), CallerID=f"<{self._settings.hotline_number}>",
        )  # fmt: skip

    async def swap(self, agent: LiveAgent, place: Place) -> None:
        """The agent speaks with the other of the two. Raises NotPossible."""
        consult, legs = self._consult(agent, ConsultPhase.WITH_THEM, ConsultPhase.WITH_CALLER), await self._legs(agent)
        to_caller = consult.phase is ConsultPhase.WITH_THEM
        phase = ConsultPhase.WITH_CALLER if to_caller else ConsultPhase.WITH_THEM
        if consult.away and not to_caller:
            raise NotPossible("Their page is away.", "Wait until it is back.")
        self.told(agent, replace(consult, phase=phase), held=not to_caller)
        if consult.away:
            await self.legs.redirect(legs.agent, names.AGENT_LEG, "s")
        elif to_caller:
            await self.legs.redirect(legs.them.channel, names.CONSULTED, "held", legs.agent, names.AGENT_LEG, "s")
        else:
            await self.legs.redirect(place.channel, names.WAITING, "held", legs.agent, names.CONSULT, "wait")
            await self.legs.redirect(legs.them.channel, names.CONSULTED, "s")

    async def merge(self, agent: LiveAgent, place: Place) -> None:
        """All three hear each other. Raises NotPossible."""
        consult, legs = self._there(agent, ConsultPhase.WITH_THEM, ConsultPhase.WITH_CALLER), await self._legs(agent)
        self.told(agent, replace(consult, phase=ConsultPhase.THREE), held=False)
        both = (legs.them.channel, place.channel)
        first, other = both if consult.phase is ConsultPhase.WITH_THEM else both[::-1]
        ways = {place.channel: "caller", legs.them.channel: "helper"}
        await self.legs.redirect(first, names.THREE_WAY, ways[first], legs.agent, names.THREE_WAY, "helper")
        await self.legs.redirect(other, names.THREE_WAY, ways[other])

    async def drop(self, agent: LiveAgent) -> None:
        """Nobody is asked any more: back to the caller. Raises NotPossible."""
        if agent.consult is None:
            raise NotPossible("Nobody is asked.", "Nothing to do.")
        await self.end(agent)

    async def complete(self, agent: LiveAgent, place: Place) -> None:
        """The caller is theirs who was asked; the agent's wrap-up begins. Raises NotPossible."""
        consult = self._there(agent, ConsultPhase.WITH_THEM, ConsultPhase.WITH_CALLER, ConsultPhase.THREE)
        legs = await self._legs(agent)
        if not self.give(agent, place, consult):
            raise NotPossible("They have gone.", "The caller is still with you.")
        if consult.phase is ConsultPhase.WITH_CALLER:
            await self.legs.redirect(place.channel, names.WAITING, "held", legs.agent, names.CONSULT, "over")
            await self.legs.redirect(legs.them.channel, names.CONSULTED, "take")
        else:
            await self.legs.hang_up(legs.agent)

    # ---- somebody leaves ---------------------------------------------------------------------------------------

    def left(self, agent: LiveAgent) -> bool:
        """The agent's leg is gone in the middle of a consult. True when that is settled: the caller is theirs who was asked, or in
        line; False: the agent had the caller, and has hung up."""
        consult, place = agent.consult, self._store.where(agent.interaction_id)[1]
        if consult is None or place is None:
            return False
        if consult.alone:
            self.start(self.let_them_go(consult))
            return False
        theirs = consult.phase in (ConsultPhase.WITH_THEM, ConsultPhase.THREE) and not consult.away
        if theirs and self.give(agent, place, consult):
            return True
        self.start(self.let_them_go(consult))
        if not consult.is_waiting:
            return False
        given = place.handed_on(place.queue, self._clock.now())
        self._calls.give_back(agent, given)
        self.start(self.legs.redirect(place.channel, names.WAITING, "handed"))
        return True

    def caller_gone(self, agent: LiveAgent) -> None:
        """The caller has hung up while the agent speaks with whoever is asked: those two may go on."""
        if agent.consult is not None and agent.consult.away:
            self.start(self._nobody_left(agent))
        elif agent.consult is not None:
            self.told(agent, replace(agent.consult, alone=True))

    async def _nobody_left(self, agent: LiveAgent) -> None:
        """Neither the caller nor whoever is asked, whose phone is away."""
        if agent.consult is not None and self.told(agent, None, held=False):
            await self.let_them_go(agent.consult)
        await self.end_legs(agent)

    def take_note(self, event: Event) -> None:
        """One event of the log: what an agent who is asked does."""
        if event.kind is not EventKind.AGENT_STATE_CHANGED or not event.data.get("about_another"):
            return
        asks = self._who_asks(lambda consult: consult.agent_id == event.agent_id and consult.token == event.data.get("token"))
        if asks is None or asks.consult is None:
            return
        match AgentState(event.data["state"]):
            case AgentState.TALKING:
                self._answered(asks, asks.consult)
            case AgentState.READY | AgentState.NOT_READY | AgentState.WRAP_UP:
                self.start(self.over(asks, asks.consult))

    def _state_changed(self, row: Row) -> None:
        asks = self._of_leg(row.get("uniqueid", ""))
        if asks is not None and asks.consult is not None and row.get("channelstatedesc") == "Up":
            self._answered(asks, asks.consult)

    def _hung_up(self, row: Row) -> None:
        asks = self._of_leg(row.get("uniqueid", ""))
        if asks is not None and asks.consult is not None:
            self.start(self.over(asks, asks.consult))

    def _originated(self, row: Row) -> None:
        """Only the failure that has no channel, and so no other event, is news here."""
        if row.get("response") == "Failure" and names.token_of_consult_leg(row.get("uniqueid", "")) is None:
            asks = self._of_leg(row.get("actionid", ""))
            if asks is not None and asks.consult is not None:
                self.start(self.over(asks, asks.consult))

    async def compare(self, legs: Sequence[Row]) -> None:
        """After any time in which nothing was heard: whoever is asked by a leg that is there no more is asked no more."""
        there = {row.get("uniqueid", ""): row for row in legs}
        for agent in self._store.snapshot().agents.values():
            if agent.state is not AgentState.TALKING or agent.consult is None:
                continue
            leg = there.get(agent.consult.leg)
            if leg is None and not self._asked.is_kept(agent, agent.consult):
                await self.over(agent, agent.consult)
            elif leg is None:
                continue
            elif leg.get("channelstatedesc") == "Up":
                self._answered(agent, agent.consult)
        await self._asked.compare(legs)
        await self._kept.compare(legs)

    # ---- inside ------------------------------------------------------------------------------------------------

    def _answered(self, agent: LiveAgent, consult: Consult) -> None:
        if consult.phase is ConsultPhase.CALLING:
            self.told(agent, replace(consult, phase=ConsultPhase.WITH_THEM))

    async def over(self, agent: LiveAgent, consult: Consult, why: str = GONE) -> None:
        """Whoever was asked is gone; `why` is told to the agent. The dialplan has brought the agent back, unless they wait, or
        their phone is lost. Told of it a second time, by the phone and by the state of whoever was asked, nothing is to be done."""
        asks = self._store.agent(agent.agent_id).consult
        if asks is None or (asks.agent_id, asks.number, asks.token) != (consult.agent_id, consult.number, consult.token):
            return
        if agent.deadline is not None:
            await self._kept.asked_gone(agent, consult)
            return
        held = None if consult.phase in (ConsultPhase.WITH_CALLER, ConsultPhase.THREE) else False
        if not self.told(agent, None, held, "" if consult.alone else why) or not consult.is_waiting:
            return
        legs = await self._legs(agent)
        await self.legs.redirect(legs.agent, names.AGENT_LEG, "s")

    async def end(self, agent: LiveAgent) -> None:
        """Nobody is asked any more: whoever was is let go."""
        consult = agent.consult
        if consult is None:
            return
        held = None if consult.phase in (ConsultPhase.WITH_CALLER, ConsultPhase.THREE) else False
        self.told(agent, None, held)
        await self.let_them_go(consult)
        if consult.is_waiting:
            await self.legs.redirect((await self._legs(agent)).agent, names.AGENT_LEG, "s")

    async def end_legs(self, agent: LiveAgent) -> None:
        """End every leg of this agent's reservation."""
        for leg in (await self.legs.of(agent)).own:
            await self.legs.hang_up(leg.channel)

    async def let_them_go(self, consult: Consult) -> None:
        """Stop the phone of whoever is asked, or end their leg."""
        asked = self._store.agent(consult.agent_id) if consult.agent_id else None
        waits = asked is not None and asked.token == consult.token and asked.state in (AgentState.RESERVED, AgentState.RINGING)
        if asked is not None and waits:
            await self._calls.let_go(asked)
        elif asked is not None and consult.away and asked.token == consult.token:
            await self.end_legs(asked)
            self._calls.leg_ended(asked.token, "16", even_if_held=True)
        await self.legs.hang_up(consult.leg)

    def give(self, agent: LiveAgent, place: Place, consult: Consult) -> bool:
        """The live state and the record: the caller is theirs. False when they are gone, and nothing was changed."""
        asked = self._store.agent(consult.agent_id) if consult.agent_id else None
        if asked is not None and (asked.token != consult.token or asked.state is not AgentState.TALKING):
            return False
        now = self._clock.now()
        data = {"how": CONSULT if asked else HandedTo.OUTSIDE.value, "queue": place.queue, "to": consult.agent_id}
        told = [Event(EventKind.INTERACTION_HANDED_OVER, now, place.interaction_id, agent.agent_id, data)]
        if asked is None:
            told.append(Event(EventKind.OUTSIDE_ANSWERED, now, place.interaction_id))
        deadline = self._calls.wrap_up_ends(place.queue, now)
        if not self._changes.hand_over(agent, place, deadline, None, told, is_kept=asked is not None):
            return False
        if asked is not None:
            changed = Event(EventKind.CONSULT_CHANGED, now, place.interaction_id, asked.agent_id, {"phase": "", "to": ""})
            self._changes.take_over(asked, changed)
        log.info("handed_over", agent_id=agent.agent_id, how=data["how"], queue=place.queue)
        return True

    def told(self, agent: LiveAgent, consult: Consult | None, held: bool | None = None, why: str = "") -> bool:
        """How far the consult is; `held`: the caller hears music from now on, or no more; None: as before. `why` it is so.
        False when the talk is over, and nothing was told."""
        now = self._clock.now()
        data = {"phase": consult.phase.value if consult else "", "to": consult.agent_id if consult else "", "why": why}
        told = [Event(EventKind.CONSULT_CHANGED, now, agent.interaction_id, agent.agent_id, data)]
        if held is not None:
            kind = EventKind.INTERACTION_HELD if held else EventKind.INTERACTION_RESUMED
            told.insert(0, Event(kind, now, agent.interaction_id, agent.agent_id, {"why": CONSULT}))
        return self._changes.consult(agent, consult, told)

    @staticmethod
    def _consult(agent: LiveAgent, *phases: ConsultPhase) -> Consult:
        if agent.consult is None or agent.consult.phase not in phases:
            raise NotPossible("That is not possible now.", "Nothing to do.")
        if agent.consult.alone:
            raise NotPossible("The caller has hung up.", "Hang up when you are done.")
        return agent.consult

    @classmethod
    def _there(cls, agent: LiveAgent, *phases: ConsultPhase) -> Consult:
        consult = cls._consult(agent, *phases)
        if consult.away:
            raise NotPossible("Their page is away.", "Wait until it is back.")
        return consult

    def _of_leg(self, unique_id: str) -> LiveAgent | None:
        if names.token_of_consult_leg(unique_id) is None:
            return None
        return self._who_asks(lambda consult: consult.leg == unique_id)

    def _who_asks(self, is_it: Callable[[Consult], bool]) -> LiveAgent | None:
        agents = self._store.snapshot().agents.values()
        return next((agent for agent in agents if agent.consult is not None and is_it(agent.consult)), None)

    async def _legs(self, agent: LiveAgent) -> Legs:
        legs = await self.legs.of(agent)
        if not legs.own:
            raise NotPossible("The agent's leg is gone.", "Nothing to do.")
        return legs

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:  # the dialplan keeps everybody; the resync settles the rest
            log.warning("consult_unsettled", why=problem.code if isinstance(problem, HaloError) else repr(problem))
