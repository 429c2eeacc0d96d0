"""After any time in which we heard nothing, make the live state agree with what Asterisk really holds."""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.database import Database
from core.ids import is_id
from core.log import get_log
from core.settings import Settings
from crm.phone_numbers import to_e164
from crm.whereabouts import by_number
from cti.ami import Ami, Row, variables
from cti.called_legs import CalledLegs
from cti.callers import Callers
from cti.floor import Floor
from cti.interaction_rows import open_interactions
from cti.phone_calls import PhoneCalls
from cti.phones import Phones
from cti.place_on_channel import place_from_variable
from cti.queued import queued_event
from cti.rescue_journal import RescueJournal
from routing.agent_state import Action, AgentState
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from routing.policy_in_force import PolicySource

_ASKED = (names.INTERACTION, names.PLACE, names.SPOKEN_LANGUAGE, names.ARRIVED, names.NEXT, names.CALLED, names.HANDED, names.KEPT)
_YOUNG = timedelta(seconds=2)  # younger rows may stem from calls that began after we asked Asterisk
YOUNG_AFTER_S = 2 * _YOUNG.total_seconds()  # by then Asterisk knows them, if they are there

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Channel:
    """A caller's channel as Asterisk sees it."""

    name: str
    interaction_id: str
    context: str
    bridge: str
    number: str
    dnis: str
    is_up: bool
    variables: Mapping[str, str]
    called_first: int | None = None

    @property
    def on_line(self) -> bool:
        """Whether the caller has been sent to the line."""
        return self.is_up and self.variables.get(names.NEXT) == names.WAITING


class Resync:
    """Adopts waiting callers and live calls; settles what ended meanwhile."""

    def __init__(
        self, settings: Settings, clock: Clock, database: Database, store: LiveStore, policy: PolicySource, floor: Floor, ami: Ami,
        phones: Phones, callers: Callers, calls: PhoneCalls, legs: CalledLegs, term: Callable[[], str],
        compare_consults: Callable[[Sequence[Row]], Coroutine[Any, Any, None]] | None = None,
        compare_holds: Callable[[Sequence[Row]], Coroutine[Any, Any, None]] | None = None,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._database, self._store, self._policy = settings, clock, database, store, policy
        self._floor, self._ami, self.phones, self._callers, self._calls = floor, ami, phones, callers, calls
        self._legs, self._term = legs, term
        self._compare_consults, self._compare_holds = compare_consults, compare_holds
        self._journal = RescueJournal(settings.home / "asterisk")
        self._young: set[str] = set()  # interactions that Asterisk did not know, and need not have known yet

    async def run(self) -> None:
        """One whole comparison. Safe to run at any time, as often as wanted."""
        self._young.clear()
        asked_at, rows, callers = await self._ask()
        newest_last = sorted(rows, key=lambda row: names.called_again_at_ms(row.get("uniqueid", "")))
        legs = {token: row for row in newest_last if (token := names.token_of_leg(row.get("uniqueid", ""))) is not None}
        self._floor.load(self._store.snapshot())
        self._calls.legs.forget_all_but({agent.token for agent in self._floor.agents.values()})
        for row in rows:
            self._calls.legs.note(row.get("uniqueid", ""))
        for agent in list(self._floor.agents.values()):
            self._settle_agent(agent, legs, callers, asked_at)
        self._floor.load(self._store.snapshot())
        self._read_journal()
        first = {channel.interaction_id for channel in callers.values() if channel.called_first is not None}
        first &= await self._legs.first.interactions()
        await self._settle_places(callers, asked_at, first)
        await self._legs.first.compare(channel for channel in callers.values() if channel.called_first is not None)
        await self._settle_record(callers, asked_at)
        for row in rows:
            agent_id = names.agent_of_endpoint(row.get("channel", ""))
            if agent_id is not None and names.token_of_leg(row.get("uniqueid", "")) is None:
                self._adopt_rescue(agent_id, row.get("bridgeid", ""), callers.values())
        if self._compare_consults is not None:
            await self._compare_consults(rows)
        if self._compare_holds is not None:
            await self._compare_holds(rows)
        await self.phones.resync()
        self._floor.load(self._store.snapshot())
        log.info("resynced", callers=len(callers), legs=len(legs), in_line=len(self._floor.line))

    async def settle_young(self) -> None:
        """Callers who were too young to be missed by `run`, to be looked for YOUNG_AFTER_S later. Safe while others go on."""
        asked_at, _rows, callers = await self._ask()
        for interaction_id in self._young - callers.keys():
            place = self._store.place(interaction_id)
            if place is not None and not place.callback:  # else they hung up because they are promised a call
                await self._settle_gone(interaction_id)
        self._young.clear()
        await self._settle_record(callers, asked_at)

    async def _ask(self) -> tuple[datetime, Sequence[Row], dict[str, Channel]]:
        asked_at = self._clock.now()
        rows = await self._ami.rows("Status", Variables=",".join(_ASKED))
        return asked_at, rows, {channel.interaction_id: channel for row in rows if (channel := _caller(row)) is not None}

    async def _settle_gone(self, interaction_id: str) -> None:
        holder = self._floor.holder_of(interaction_id)
        if holder is None or holder.state is not AgentState.WRAP_UP:
            await self._callers.caller_gone(interaction_id, late=True)
            if holder is None or holder.state is not AgentState.TALKING:  # whoever talks wants it for the wrap-up
                self._store.drop_taken(interaction_id)

    def _read_journal(self) -> None:
        """Tell what the rescue queue did meanwhile; each line is one event, however often it is told."""
        for line in self._journal.take():
            agent_id = names.agent_of_endpoint(line.who)
            if line.what == "arrived":
                ani = to_e164(line.who, self._settings.country) or ""
                self._callers.arrived(line.interaction_id, line.at, ani, self._settings.hotline_number, channel="")
            elif line.what == "answered" and agent_id is not None:
                self._callers.rescued(line.interaction_id, agent_id, wait_s=0.0, at=line.at)
            elif line.what == "ended":
                self._callers.ended(line.interaction_id, line.at, late=True)
        self._journal.forget()

    async def settle_lost_rings(self) -> None:
        """Agents whom a partition's leader had rung and whose leg ended while nobody heard it.

        To be run some time after `run`, which leaves alone what is so young that Asterisk may not have known it yet.
        """
        asked_at = self._clock.now()
        rows = await self._ami.rows("Status", Variables=",".join(_ASKED))
        legs = {names.token_of_leg(row.get("uniqueid", "")) for row in rows}
        there = {channel.interaction_id for row in rows if (channel := _caller(row)) is not None}
        for agent in self._store.snapshot().agents.values():
            if agent.partition and agent.state is AgentState.RINGING and agent.token not in legs and _is_old(agent, asked_at):
                if agent.interaction_id in there:
                    self._calls.step(agent, Action.RELEASE, place="restore")
                else:
                    await self._callers.caller_gone(agent.interaction_id, late=True)

    def _settle_agent(self, agent: LiveAgent, legs: Mapping[int, Row], callers: Mapping[str, Channel], asked_at: datetime) -> None:
        leg = legs.get(agent.token)
        if agent.partition and leg is None and not self._is_ours_to_settle(agent, asked_at):
            return
        if agent.state is AgentState.RESERVED or (agent.state is AgentState.RINGING and leg is None):
            self._calls.step(agent, Action.RELEASE, place="restore")
        elif leg is not None and leg.get("channelstatedesc") == "Up" and self._waits_for_answer(agent, leg):
            self._calls.leg_answered(agent.token)
        elif agent.state is AgentState.TALKING and leg is None:
            caller = callers.get(agent.interaction_id)
            kept = agent.deadline is not None and caller is not None
            if not kept:
                self._calls.leg_ended(agent.token, "16", even_if_held=True)

    def _waits_for_answer(self, agent: LiveAgent, leg: Row) -> bool:
        """Whether that this leg was answered is news: the phone rang, or was lost, and they were called back; of consults see
        KeptConsults."""
        if agent.state is not AgentState.TALKING or agent.deadline is None or agent.consult is not None:
            return agent.state is AgentState.RINGING
        lost_at = agent.deadline - timedelta(seconds=self._settings.resume_call_s)
        return names.called_again_at_ms(leg.get("uniqueid", "")) >= int(lost_at.timestamp() * 1000)

    @staticmethod
    def _is_ours_to_settle(agent: LiveAgent, asked_at: datetime) -> bool:
        """Whether this is over for certain, of an agent whom a partition's leader gave somebody: that goes on while we compare."""
        match agent.state:
            case AgentState.RESERVED:
                return False  # theirs; the reservation's deadline is ours
            case AgentState.RINGING:
                return _is_old(agent, asked_at)
            case _:
                return agent.since is None or agent.since < asked_at

    async def _settle_places(self, callers: Mapping[str, Channel], asked_at: datetime, first: Set[str]) -> None:
        """`first`: the interactions of customers who are called before an agent is rung; see CalledFirst.compare."""
        for interaction_id, place in {**self._floor.line, **self._floor.taken}.items():
            if place.callback or place.dialled:
                await self._settle_callback(place, callers.get(interaction_id))
            elif interaction_id not in callers and place.queued_at < asked_at - _YOUNG:
                await self._settle_gone(interaction_id)
            elif interaction_id not in callers:
                self._young.add(interaction_id)
        for interaction_id, channel in callers.items():
            holder = self._floor.holder_of(interaction_id)
            if await self._settle_handed_over(channel, holder):
                continue
            if channel.bridge or holder is not None or interaction_id in first:
                continue
            known = self._floor.line.get(interaction_id) or self._floor.taken.get(interaction_id)
            if channel.context == names.RESCUE:
                place = known or self._place_of(channel)
                await self._ami.action("Redirect", Channel=channel.name, Context=names.WAITING, Exten="s", Priority="1")
            elif channel.context == names.WAITING or _is_on_the_way(channel):
                place = known or self._place_of(channel)
            else:
                continue
            if interaction_id in self._floor.line:
                continue
            if self._store.put_in_line(place, queued_event(place, again=True, at=self._clock.now()), self._term()):
                log.info("adopted", interaction_id=interaction_id, context=channel.context)

    async def _settle_handed_over(self, channel: Channel, holder: LiveAgent | None) -> bool:
        """A hand-over that broke off in the middle is carried out; whether this was one.

        Either the place is in line and the caller in the talk still, or the caller waits and their agent is in wrap-up.
        """
        interaction_id = channel.interaction_id
        if holder is None and channel.bridge and channel.variables.get(names.HANDED) and interaction_id in self._floor.line:
            await self._ami.action("Redirect", Channel=channel.name, Context=names.WAITING, Exten="handed", Priority="1")
            return True
        if holder is None or holder.state is not AgentState.WRAP_UP or channel.bridge or channel.context != names.WAITING:
            return False
        carried, taken = place_from_variable(channel.variables.get(names.PLACE, "")), self._floor.taken.get(interaction_id)
        begun = carried is not None and (taken is None or carried.queued_at > taken.queued_at)
        place = carried if begun else taken.moved_to_front() if taken is not None else carried
        if place is None:
            return False
        self._calls.give_back(holder, place)
        log.info("hand_over_settled", interaction_id=interaction_id)
        return True

    def _is_being_called(self, place: Place) -> bool:
        """Whether an agent calls them by hand just now: their leg may not be there yet."""
        holder = self._floor.holder_of(place.interaction_id)
        return bool(place.dialled) and not place.channel and holder is not None and holder.state is AgentState.TALKING

    async def _settle_callback(self, place: Place, channel: Channel | None) -> None:
        """Nobody need be on the line: only what the called leg came to is news. The records say what else becomes of a promise."""
        if place.interaction_id in self._floor.taken and self._floor.holder_of(place.interaction_id) is None:
            self._store.drop_taken(place.interaction_id)
        token = channel.variables.get(names.CALLED, "") if channel is not None and channel.is_up else ""
        if channel is not None and token.isdigit():
            await self._legs.picked_up(int(token), channel.name)

    def _adopt_rescue(self, agent_id: str, bridge: str, callers: Iterable[Channel]) -> None:
        """An agent speaks, or is about to, with a caller whom the rescue queue brought."""
        self._callers.occupy(agent_id)
        for caller in callers:
            if bridge and caller.bridge == bridge:
                self._callers.arrived(caller.interaction_id, self._arrival(caller), self._ani(caller), caller.dnis, caller.name)
                self._callers.rescued(caller.interaction_id, agent_id, wait_s=0.0)

    def _arrival(self, channel: Channel) -> datetime:
        arrived = channel.variables.get(names.ARRIVED, "")
        return datetime.fromtimestamp(int(arrived), UTC) if arrived.isdigit() else self._clock.now()

    def _ani(self, channel: Channel) -> str:
        return to_e164(channel.number, self._settings.country) or ""

    def _place_of(self, channel: Channel) -> Place:
        carried = place_from_variable(channel.variables.get(names.PLACE, ""))
        if carried is not None:
            return replace(carried, channel=carried.channel or channel.name)
        language = channel.variables.get(names.SPOKEN_LANGUAGE) or "id"
        queue = self._policy().fallback
        self._callers.arrived(channel.interaction_id, self._arrival(channel), self._ani(channel), channel.dnis, channel.name)
        ani = self._ani(channel)
        where = by_number(ani)
        return Place(
            interaction_id=channel.interaction_id, queue=queue, channel=channel.name, language=language,
            queued_at=self._arrival(channel), ani=ani, reason="rescued", region=where.region, confidence=where.confidence.value,
        )  # fmt: skip

    async def _settle_record(self, callers: Mapping[str, Channel], asked_at: datetime) -> None:
        """Interactions that are open on record but whose caller is gone."""
        with self._database.reading() as session:
            open_ids = open_interactions(session, asked_at - _YOUNG)
        for interaction_id in open_ids:
            place = self._floor.line.get(interaction_id) or self._floor.taken.get(interaction_id)
            if interaction_id not in callers and not (place is not None and (place.callback or self._is_being_called(place))):
                await self._callers.caller_gone(interaction_id, late=True, leg=asked_at.isoformat())


def _is_old(agent: LiveAgent, asked_at: datetime) -> bool:
    """Whether Asterisk must have known the agent's leg when it was asked, if there was one."""
    return agent.since is None or agent.since < asked_at - _YOUNG


def _is_on_the_way(channel: Channel) -> bool:
    """Whether the IVR has ended and the dialplan is about to send the caller to the line."""
    return channel.context == names.ENTRY and channel.on_line


def _caller(row: Row) -> Channel | None:
    known = variables(row)
    interaction_id = known.get(names.INTERACTION, "")
    name = row.get("channel", "")
    if not is_id(interaction_id) or names.agent_of_endpoint(name) is not None:
        return None
    return Channel(
        name=name, interaction_id=interaction_id, context=row.get("context", ""), bridge=row.get("bridgeid", ""),
        number=row.get("calleridnum", ""), dnis=row.get("dnid", ""), is_up=row.get("channelstatedesc") == "Up", variables=known,
        called_first=names.task_of_leg(row.get("uniqueid", "")),
    )  # fmt: skip
