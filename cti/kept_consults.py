"""The agent who asks somebody has lost the phone (a reload, a crash, another network): everybody is kept until it is back.

The caller's channel knows first that they are kept (`names.KEPT`), so nobody hears goodbye whoever leaves meanwhile. Then the live
state has a deadline, as in a plain talk, and keeps the consult as it was. Then legs are moved: in a three-way talk none, the two go
on with each other; else whoever is asked hears music, and so does the caller. The leg by which the agent is called back says when
it is there, and all are brought together again. At the deadline a colleague who is still there has the caller, as whoever is in a
three-way talk has; else the caller is for the front of the line.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from asterisk_conf import names
from core.clock import Clock
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from core.settings import Settings
from cti.ami import ActionRefused, Ami, Row, variables
from cti.asking import Asking
from cti.consult_legs import ConsultLegs, Legs, caller_leg
from cti.phone_calls import PhoneCalls
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.consult import Consult, ConsultPhase
from routing.live import LiveAgent, LiveStore
from routing.place import Place

_LONGER = timedelta(seconds=10)  # the channel keeps the caller until somebody else has them, which the deadline begins
_APART = (ConsultPhase.CALLING, ConsultPhase.WITH_THEM)  # the caller hears music

log = get_log(__name__)


class Consulting(Asking, Protocol):
    """See Consults."""

    def give(self, agent: LiveAgent, place: Place, consult: Consult) -> bool:
        """The live state and the record: the caller is theirs who are asked. False when they are gone, and nothing was changed."""
        ...


class KeptConsults:
    """Inside the event loop of the process that leads."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, calls: PhoneCalls,
        asking: Consulting,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._ami, self._calls, self._asking, self._legs = ami, calls, asking, ConsultLegs(ami)
        calls.keeping = self
        ami.on("UserEvent", self._came)

    # ---- away ----------------------------------------------------------------------------------------------------

    async def lost(self, agent: LiveAgent, place: Place) -> None:
        """Keep caller and whoever is asked until the deadline. Who only rings is let go: nobody has met anybody yet."""
        consult = agent.consult
        if consult is None or agent.deadline is not None:
            return
        until = self._clock.now() + timedelta(seconds=self._settings.resume_call_s)
        if not await self._mark(place.channel, str(int((until + _LONGER).timestamp()))):
            await self._asking.end(agent)  # the caller has gone: there is nothing to come back to
            self._calls.leg_ended(agent.token, "16")
            return
        if consult.phase is ConsultPhase.CALLING:
            self._asking.told(agent, None)
            await self._asking.let_them_go(consult)
        kind = EventKind.CONSULT_CHANGED if consult.phase is ConsultPhase.THREE else EventKind.INTERACTION_HELD
        if not self._changes.hold_for_agent(agent, until, self._event(kind, agent, consult)):
            await self._mark(place.channel, "")
            return
        await self._part(agent, consult, place, await self._ami.rows("Status"), self._clock.now())
        log.info("consult_kept", agent_id=agent.agent_id, phase=consult.phase.value)

    async def _part(self, agent: LiveAgent, consult: Consult, place: Place, rows: Sequence[Row], lost_at: datetime) -> None:
        """The agent's dead leg ends; whoever heard it hears music, not each other. Doing it twice does no harm."""
        legs, caller = (await self._legs.of(agent, rows)).lost(lost_at), caller_leg(place.channel, rows)
        if consult.phase is ConsultPhase.WITH_THEM and legs.them.is_with(caller):  # the dialplan brought them together
            await self._legs.redirect(legs.them.channel, names.CONSULTED, "away", place.channel, names.WAITING, "held")
        elif consult.phase is ConsultPhase.WITH_THEM and legs.them.bridge:
            await self._legs.redirect(legs.them.channel, names.CONSULTED, "away", legs.agent, names.CONSULT, "over")
        elif consult.phase is ConsultPhase.CALLING or (consult.phase is ConsultPhase.WITH_CALLER and caller.bridge):
            await self._legs.redirect(place.channel, names.WAITING, "resume", legs.agent, names.CONSULT, "over")
        for leg in legs.own:
            await self._legs.hang_up(leg.channel)

    async def asked_gone(self, agent: LiveAgent, consult: Consult) -> None:
        """Whoever is asked has hung up meanwhile: the agent comes back to the caller alone, who hears music."""
        if not self._asking.told(agent, None):
            return
        if consult.phase is ConsultPhase.THREE:
            self._changes.hold_for_agent(agent, agent.deadline, self._event(EventKind.INTERACTION_HELD, agent, consult))
        legs = await self._legs.of(agent)
        if self._is_back(agent, legs):
            self._calls.leg_answered(agent.token)
            await self._to_caller(agent)

    # ---- back ----------------------------------------------------------------------------------------------------

    def back(self, agent: LiveAgent) -> bool:
        """The leg by which this agent is called back was answered. Unless the caller is at its other end, it says itself when it is
        where the others can come. False: nobody is asked, and it takes the caller."""
        if agent.consult is None:
            place = self._store.where(agent.interaction_id)[1]
            if place is not None:
                self._asking.start(self._unmark(place))
            return False
        if agent.consult.phase is ConsultPhase.WITH_CALLER:
            self._asking.start(self._return(agent))
        return True

    def _came(self, row: Row) -> None:
        """The agent's new leg is where the others can be brought to it."""
        token = names.token_of_leg(row.get("uniqueid", ""))
        if row.get("userevent") != names.BACK_IN_CONSULT or token is None:
            return
        agent = self._calls.agent_of(token)
        if agent is None or agent.state is not AgentState.TALKING:
            self._asking.start(self._legs.hang_up(row.get("channel", "")))
        elif agent.consulted_by:
            return  # see KeptAsked
        elif agent.consult is None:
            self._asking.start(self._to_caller(agent))
        else:
            self._asking.start(self._return(agent))

    async def _return(self, agent: LiveAgent) -> None:
        """Everybody hears again whom they heard. First the legs, then the live state: who dies in between finds it not done yet."""
        consult, place = agent.consult, self._store.where(agent.interaction_id)[1]
        if consult is None or place is None or agent.deadline is None:
            return
        with interaction_context(agent.interaction_id):
            legs = await self._legs.of(agent)
            if legs.them.channel:
                await self._legs.tell(legs.them.channel, names.CONSULTER, legs.agent)
                if consult.phase is ConsultPhase.WITH_THEM and not legs.them.is_with(legs.own[-1]):
                    await self._legs.redirect(legs.them.channel, names.CONSULTED, "s")
            elif consult.away and consult.phase is ConsultPhase.WITH_THEM:
                await self._legs.redirect(legs.agent, names.CONSULT, "away")
            await self._unmark(place)
            kind = EventKind.INTERACTION_HELD if consult.phase in _APART else EventKind.INTERACTION_RESUMED
            self._changes.hold_for_agent(agent, None, self._event(kind, agent, consult, back=True))
            log.info("consult_goes_on", agent_id=agent.agent_id, phase=consult.phase.value)

    async def _to_caller(self, agent: LiveAgent) -> None:
        """The new leg came for a consult that is over: unless the caller is with it, it takes them."""
        rows = await self._ami.rows("Status")
        legs, place = await self._legs.of(agent, rows), self._store.where(agent.interaction_id)[1]
        if place is not None and legs.own and not legs.own[-1].is_with(caller_leg(place.channel, rows)):
            await self._legs.redirect(legs.agent, names.AGENT_LEG, "s")

    # ---- time is up ----------------------------------------------------------------------------------------------

    async def stayed_away(self, agent: LiveAgent, place: Place) -> bool:
        """A colleague who is still there has the caller, as whoever is in a three-way talk has. A number outside that was only
        asked has not: nobody there has agreed to it. False: the caller is for the front of the line."""
        consult = agent.consult
        if consult is None:
            await self._unmark(place)
            return False
        legs = await self._legs.of(agent)
        is_theirs = bool(consult.agent_id) or consult.phase is ConsultPhase.THREE
        if is_theirs and legs.them.channel and self._asking.give(agent, place, consult):
            await self._unmark(place)
            if consult.phase is not ConsultPhase.THREE:
                await self._legs.redirect(legs.them.channel, names.CONSULTED, "take")
            return True
        self._asking.told(agent, None)
        if consult.phase is ConsultPhase.THREE:
            await self._legs.redirect(place.channel, names.WAITING, "resume")
        await self._unmark(place)
        await self._asking.let_them_go(consult)
        return False

    # ---- after a time in which nothing was heard -------------------------------------------------------------------

    async def compare(self, rows: Sequence[Row]) -> None:
        """Carry out what was begun; `rows` are Asterisk's channels."""
        for agent in self._store.snapshot().agents.values():
            place = self._store.where(agent.interaction_id)[1] if agent.state is AgentState.TALKING and agent.holds_caller else None
            if place is None or not place.channel:
                continue
            legs = await self._legs.of(agent, rows)
            if agent.deadline is None:
                await self._settle_with_caller(agent, place, legs, rows)
            elif agent.consult is not None and self._is_back(agent, legs):
                await self._return(agent)
            elif agent.consult is not None:
                await self._part(agent, agent.consult, place, rows, self._lost_at(agent.deadline))
        await self._end_forgotten(rows)

    async def _settle_with_caller(self, agent: LiveAgent, place: Place, legs: Legs, rows: Sequence[Row]) -> None:
        """Nobody is kept: the channel does not say so either; and who was given the caller takes them."""
        known = next((variables(row) for row in rows if row.get("channel") == place.channel), {})
        if known.get(names.KEPT):
            await self._mark(place.channel, "")
        waits = bool(known) and not caller_leg(place.channel, rows).bridge
        if agent.consult is None and waits and legs.own and legs.own[-1].context == names.CONSULTED and not legs.own[-1].bridge:
            await self._legs.redirect(legs.agent, names.CONSULTED, "take")

    async def _end_forgotten(self, rows: Sequence[Row]) -> None:
        """Who was asked for somebody whose talk is over, and hears music, is let go."""
        agents = self._store.snapshot().agents.values()
        asked = {agent.consult.leg for agent in agents if agent.consult is not None}
        given = {agent.token for agent in agents if agent.state is AgentState.TALKING and agent.holds_caller}
        for row in rows:
            leg = row.get("uniqueid", "")
            waits = row.get("context") == names.CONSULTED and not row.get("bridgeid") and row.get("channelstatedesc") == "Up"
            if waits and leg not in asked and names.token_of_leg(leg) not in given:
                await self._legs.hang_up(row.get("channel", ""))

    # ---- inside --------------------------------------------------------------------------------------------------

    def _is_back(self, agent: LiveAgent, legs: Legs) -> bool:
        """Whether the newest leg is up, and was called after the loss."""
        if agent.deadline is None or not legs.own or not legs.own[-1].is_up:
            return False
        return legs.own[-1].was_called_since(self._lost_at(agent.deadline))

    def _lost_at(self, deadline: datetime) -> datetime:
        return deadline - timedelta(seconds=self._settings.resume_call_s)

    def _event(self, kind: EventKind, agent: LiveAgent, consult: Consult, back: bool = False) -> Event:
        data: dict[str, object] = {"why": "consult" if back and kind is EventKind.INTERACTION_HELD else "device"}
        if kind is EventKind.CONSULT_CHANGED:
            data = {"phase": consult.phase.value, "to": consult.agent_id}
        return Event(kind, self._clock.now(), agent.interaction_id, agent.agent_id, data)

    async def _mark(self, channel: str, until: str) -> bool:
        """Say on the caller's channel until when they are kept; "": no more. False when they are gone."""
        try:
            await self._legs.tell(channel, names.KEPT, until)
        except ActionRefused:
            return False
        return True

    async def _unmark(self, place: Place) -> None:
        await self._mark(place.channel, "")
