"""One partition in one process: whoever leads it matches the callers of its queues, reserves, and starts the ringing."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from asterisk_conf import names
from core.clock import Clock
from core.database import Database
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from cti.ami import Ami
from cti.dispatcher import Dispatcher
from cti.floor import Floor
from cti.partition_leader import HandOvers, PartitionLeader
from cti.phone_calls import PhoneCalls
from routing.agent_changes import AgentChanges
from routing.agent_state import Action, AgentState
from routing.agents import Profile, load_profile, load_profiles
from routing.expected_live import OverflowLive
from routing.live import LiveAgent, LiveStore
from routing.occupancy import Occupancies
from routing.policy_in_force import PolicyInForce

_TRIES, _RETRY_S = 5, 0.3
_SURELY = timedelta(seconds=1)  # so long after it was asked for, Asterisk has a leg or never will
_AGAIN_S = 1.5

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class PartitionTools:
    """What all partitions of a process share. `today` tells what agents have done today."""

    settings: Settings
    clock: Clock
    database: Database
    store: LiveStore
    policies: PolicyInForce
    ami: Ami
    hand_overs: HandOvers
    today: Callable[[Session], Occupancies]


class Partition:
    """Asks for the lease of a partition from `start` on, and serves its callers while it has it. Inside the event loop."""

    def __init__(self, name: str, tools: PartitionTools) -> None:
        self.name, self._tools = name, tools
        self._loop = asyncio.get_running_loop()
        settings, clock, store = tools.settings, tools.clock, tools.store
        self.leader = leader = PartitionLeader(
            settings.redis_url, name, lambda: tools.ami.connected, tools.hand_overs, self._gained, self._lost
        )
        changes = AgentChanges(store, clock, settings.presence_lease_s, leader.term, name)
        self._floor = Floor()
        ends = tools.policies.wrap_up_ends(settings.wrap_up_s)
        self._calls = PhoneCalls(settings, clock, store, changes, self._floor, tools.ami.led_by(leader.leads), ends)
        policy = tools.policies.last()
        self._dispatcher = Dispatcher(settings, clock, store, changes, self._floor, policy, self._calls.ring, partition=name)
        self._overflow = OverflowLive(store)
        self._one_at_a_time, self._over = asyncio.Lock(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to ask for the lease."""
        self._work = asyncio.create_task(self._dispatcher.run())
        self.leader.start()

    async def stop(self) -> None:
        """For good; gives the lease up."""
        self._over.set()
        self.pause()
        await asyncio.to_thread(self.leader.stop)
        self._work.cancel()

    def pause(self) -> None:
        """Assign nothing until notes have been compared again."""
        self._dispatcher.paused = True

    async def begin(self) -> None:
        """Settle what the leader before us has left in the middle, then assign. Who can't, leaves the partition to others."""
        self.pause()
        async with self._one_at_a_time:
            self.pause()
            for _ in range(_TRIES):
                if not self._may_serve or await self._compare():
                    break
                await self._rest(_RETRY_S)
            else:
                self.leader.retire()
                return
        self._dispatcher.paused = not self._may_serve
        self._dispatcher.look()
        await self._recall()
        await self._rest(_AGAIN_S)
        if self._may_serve:
            await self._settle_lost_rings()

    @property
    def _may_serve(self) -> bool:
        return self.leader.leads() and self._tools.ami.connected and not self._over.is_set()

    def take_note(self, event: Event) -> None:
        """One event of the log. Raises Unavailable when Redis does not answer."""
        if event.kind is EventKind.POP_SHOWN:
            self._calls.pop_shown(event)
            return
        if event.kind is EventKind.POLICY_PUBLISHED:
            self._dispatcher.use(self._tools.policies.current())
        if event.kind in (EventKind.POLICY_PUBLISHED, EventKind.QUEUE_OVERFLOWS):
            self._help()
        known = event.agent_id in self._dispatcher.profiles
        if event.agent_id and (event.kind is EventKind.AGENT_SKILLS_CHANGED or not known):
            self._load_profile(event.agent_id)
        self._dispatcher.take_note(event)

    # ---- beginning to lead -----------------------------------------------------------------------------------------

    def _gained(self) -> None:
        self._loop.call_soon_threadsafe(self.begin_soon)

    def _lost(self) -> None:
        self._loop.call_soon_threadsafe(self.pause)

    def begin_soon(self) -> None:
        """Begin in a task of its own."""
        task = self._loop.create_task(self.begin())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _compare(self) -> bool:
        try:
            profiles = await asyncio.to_thread(self._load_profiles)
            policy = await asyncio.to_thread(self._tools.policies.current)
            await self._settle()
            self._dispatcher.profiles = profiles
            self._dispatcher.use(policy)
            self._help()
        except (HaloError, SQLAlchemyError) as problem:
            log.warning("partition_tried_again", partition=self.name, why=type(problem).__name__)
            return False
        except Exception:  # whatever it is, its callers would wait for ever without another try
            log.exception("partition_failed", partition=self.name)
            return False
        return True

    async def _settle(self) -> None:
        """Who was reserved by a leader before us, or rung with no leg to show for it, is ready again, and the caller in line."""
        reserved = self._in_hand(AgentState.RESERVED)
        for agent in reserved:  # whoever is about to ring for it finds it over
            self._calls.step(agent, Action.RELEASE, place="restore")
        await self._settle_lost_rings()
        self._floor.load(self._tools.store.snapshot())
        log.info("partition_compared", partition=self.name, released=len(reserved), in_line=len(self._floor.line))

    async def _settle_lost_rings(self) -> None:
        """Asterisk is asked after the live state was read: a leg that is not there then never will be."""
        long_ago = self._tools.clock.now() - _SURELY
        rung = [agent for agent in self._in_hand(AgentState.RINGING) if agent.since is None or agent.since < long_ago]
        if not rung:
            return
        legs = {names.token_of_leg(row.get("uniqueid", "")) for row in await self._tools.ami.rows("Status")}
        for agent in rung:
            if agent.token not in legs:
                self._calls.step(agent, Action.RELEASE, place="restore")

    def _in_hand(self, state: AgentState) -> list[LiveAgent]:
        agents = self._tools.store.snapshot().agents.values()
        return [agent for agent in agents if agent.partition == self.name and agent.state is state]

    def _help(self) -> None:
        self._dispatcher.help({queue: done.also for queue, done in self._overflow.all().items() if done.also})

    async def _recall(self) -> None:
        try:
            self._dispatcher.recall(await asyncio.to_thread(self._fold_today))
        except SQLAlchemyError as problem:
            log.warning("today_not_recalled", why=type(problem).__name__)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()

    def _fold_today(self) -> Occupancies:
        with self._tools.database.reading() as session:
            return self._tools.today(session)

    def _load_profiles(self) -> dict[str, Profile]:
        with self._tools.database.reading() as session:
            return load_profiles(session)

    def _load_profile(self, agent_id: str) -> None:
        with self._tools.database.reading() as session:
            profile = load_profile(session, agent_id)
        if profile is not None:
            self._dispatcher.know(profile)
