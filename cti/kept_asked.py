"""An agent who is asked about a call has lost the phone: the consult is kept until it is back.

Whoever asks reads it. Where they spoke with each other they hear "one moment" and music, and may go back to the caller at any time.
The leg by which the colleague is called back says when it is there, and is brought where it belongs by then. At the deadline nobody
is asked any more, and whoever asks has the caller. A phone that only rang rings again, for as long as it would have rung.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from asterisk_conf import names
from core.clock import Clock
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from cti.ami import Ami, Row
from cti.asking import Asking
from cti.consult_legs import ConsultLegs, Legs
from cti.phone_calls import PhoneCalls
from routing.agent_changes import AgentChanges, StaleReservation
from routing.agent_state import AgentState, IllegalChange
from routing.consult import Consult, ConsultPhase
from routing.live import LiveAgent, LiveStore

AWAY, STAYED_AWAY = "away", "stayed_away"  # what whoever asks is told

log = get_log(__name__)


class KeptAsked:
    """Inside the event loop of the process that leads."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, calls: PhoneCalls, asking: Asking
    ) -> None:
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._ami, self._calls, self._asking, self._legs = ami, calls, asking, ConsultLegs(ami)
        calls.keeping_asked = self
        ami.on("UserEvent", self._came)

    # ---- away ----------------------------------------------------------------------------------------------------

    async def lost(self, asked: LiveAgent) -> bool:
        """The phone of an agent who is asked is away. False when there would be nothing to come back to."""
        asks, consult = self._who_asks(asked)
        if asks is None or consult is None or consult.alone:
            return False
        if asked.state is AgentState.RINGING:
            await self._calls.legs.give_up(consult.leg)
            return True
        if asked.deadline is None:
            spoke = consult.phase is ConsultPhase.CALLING  # they have answered in this moment
            kept = replace(consult, away=True, phase=ConsultPhase.WITH_THEM if spoke else consult.phase)
            until = self._clock.now() + timedelta(seconds=self._settings.resume_call_s)
            if self._asking.told(asks, kept, why=AWAY) and self._changes.hold_for_agent(asked, until, self._event(asked, consult)):
                await self._part(asks, kept, await self._ami.rows("Status"))
                log.info("asked_kept", agent_id=asked.agent_id, phase=kept.phase.value)
        return True

    async def _part(self, asks: LiveAgent, consult: Consult, rows: Sequence[Row]) -> None:
        """The dead leg ends; whoever heard it hears music. Doing it twice does no harm."""
        legs = await self._legs.of(replace(asks, consult=consult), rows)
        if consult.phase is ConsultPhase.WITH_THEM and asks.deadline is None and legs.own:
            if legs.them.channel:
                await self._legs.redirect(legs.agent, names.CONSULT, "away", legs.them.channel, names.CONSULT, "over")
            elif legs.own[-1].context != names.CONSULT:  # that leg had ended before: the dialplan has brought them to the caller
                self._asking.told(asks, replace(consult, phase=ConsultPhase.WITH_CALLER), held=False)
        if legs.them.channel:
            await self._legs.hang_up(consult.leg)

    # ---- back ----------------------------------------------------------------------------------------------------

    async def back(self, asked: LiveAgent) -> None:
        """The phone is there again: ring it as before, or call the agent back into the consult."""
        asks, consult = self._who_asks(asked)
        place = self._store.where(asked.interaction_id)[1]
        if asks is None or consult is None or place is None:
            return
        if asked.state is AgentState.RINGING:
            leg = names.agent_leg_again_id(asked.token, int(self._clock.now().timestamp() * 1000))
            if self._asking.told(asks, replace(consult, leg=leg)):
                consulter = (await self._legs.of(asks)).agent
                await self._calls.legs.call(asked.agent_id, asked.token, place, consulter, leg)
        elif asked.state is AgentState.TALKING and asked.deadline is not None:
            await self._calls.legs.call_again(asked.agent_id, asked.token, place, None, (names.CONSULTED, "back"))

    def _came(self, row: Row) -> None:
        """The new leg of an agent who is asked is where it can be moved."""
        token = names.token_of_leg(row.get("uniqueid", ""))
        asked = self._calls.agent_of(token) if row.get("userevent") == names.BACK_IN_CONSULT and token is not None else None
        if asked is not None and asked.consulted_by and asked.state is AgentState.TALKING:
            self._asking.start(self._return(asked, row.get("uniqueid", "")))

    async def _return(self, asked: LiveAgent, leg: str) -> None:
        """Bring this leg where the consult is by now, also when that changes meanwhile. First it, then the live state."""
        moved = None
        while True:
            asks, consult = self._who_asks(asked)
            if asks is None or consult is None or asked.deadline is None:
                await self._legs.hang_up(leg)
                return
            if moved is not None and (asks.deadline, consult.phase) == moved:
                break
            moved = (asks.deadline, consult.phase)
            await self._move(asks, consult, await self._legs.of(replace(asks, consult=replace(consult, leg=leg))))
        self._changes.hold_for_agent(asked, None, self._event(asked, consult))
        self._asking.told(asks, replace(consult, leg=leg, away=False))
        log.info("asked_is_back", agent_id=asked.agent_id, phase=consult.phase.value)

    async def _move(self, asks: LiveAgent, consult: Consult, legs: Legs) -> None:
        them = legs.them
        if not them.channel or (legs.own and them.is_with(legs.own[-1])):
            return
        if legs.own:
            await self._legs.tell(them.channel, names.CONSULTER, legs.agent)
        match consult.phase:
            case ConsultPhase.THREE:
                await self._legs.redirect(them.channel, names.THREE_WAY, "helper")
            case ConsultPhase.WITH_CALLER:
                await self._legs.redirect(them.channel, names.CONSULTED, "held")
            case _:
                alone = asks.deadline is not None or not legs.own  # whoever asks is away, too
                await self._legs.redirect(them.channel, names.CONSULTED, "away" if alone else "s")

    # ---- time is up ----------------------------------------------------------------------------------------------

    async def stayed_away(self, asked: LiveAgent) -> None:
        """Nobody is asked any more: whoever asks is told, and has the caller."""
        asks, consult = self._who_asks(asked)
        if asks is not None and consult is not None:
            await self._asking.over(asks, consult, STAYED_AWAY)
        await self._asking.end_legs(asked)
        try:
            self._changes.device_lost(asked)
        except (StaleReservation, IllegalChange) as problem:
            log.debug("step_came_late", why=problem.code)

    # ---- after a time in which nothing was heard -------------------------------------------------------------------

    async def compare(self, rows: Sequence[Row]) -> None:
        """Carry out what was begun; `rows` are Asterisk's channels."""
        for asked in self._store.snapshot().agents.values():
            if asked.state is not AgentState.TALKING or not asked.consulted_by or asked.deadline is None:
                continue
            asks, consult = self._who_asks(asked)
            newest = (await self._legs.of(replace(asked, consult=None), rows)).own[-1:]
            lost_at = asked.deadline - timedelta(seconds=self._settings.resume_call_s)
            if asks is None or consult is None:
                await self.stayed_away(asked)
            elif newest and newest[0].is_up and newest[0].was_called_since(lost_at):
                await self._return(asked, newest[0].unique_id)
            else:
                await self._part(asks, consult, rows)

    def is_kept(self, asks: LiveAgent, consult: Consult) -> bool:
        """Whether whoever this agent asks is away, and may be back yet."""
        return consult.away and bool(consult.agent_id) and self._store.agent(consult.agent_id).consulted_by == asks.agent_id

    # ---- inside --------------------------------------------------------------------------------------------------

    def _who_asks(self, asked: LiveAgent) -> tuple[LiveAgent | None, Consult | None]:
        """The agent who asks this one, and the consult; None where it is over."""
        asks = self._store.agent(asked.consulted_by) if asked.consulted_by else None
        if asks is None or asks.state is not AgentState.TALKING or asks.consult is None or asks.consult.token != asked.token:
            return None, None
        return asks, asks.consult

    def _event(self, asked: LiveAgent, consult: Consult) -> Event:
        data = {"phase": consult.phase.value, "to": asked.agent_id}
        return Event(EventKind.CONSULT_CHANGED, self._clock.now(), asked.interaction_id, asked.agent_id, data)
