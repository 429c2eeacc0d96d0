"""What only the leading cti process does: compares notes with Asterisk, follows the event log, has callers assigned."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.bus import EventBus
from core.database import Database
from core.errors import HaloError, Unavailable
from core.events import Event, EventKind
from core.log import get_log
from cti.ami import Ami
from cti.call_control import CallControl
from cti.callbacks import Callbacks
from cti.called_legs import CalledLegs
from cti.dispatcher import Dispatcher
from cti.expected_waits import ExpectedWaits
from cti.floor import Floor
from cti.leader import Leader
from cti.phone_calls import PhoneCalls
from cti.rescue_members import RescueMembers
from cti.resync import YOUNG_AFTER_S, Resync
from routing.agents import load_profile, load_profiles
from routing.occupancy import Occupancies
from routing.policy_in_force import PolicyInForce

RESYNC_RETRY_S = 0.3
LOST_RINGS_AFTER_S = 2.5  # what the comparison left alone as too young is old then

log = get_log(__name__)


class Leading:
    """Begins when we lead and Asterisk is there, and ceases when one of both ends.

    `wake` runs in a thread after each beginning; `today` tells what agents have done today.
    """

    def __init__(
        self, leader: Leader, ami: Ami, dispatcher: Dispatcher, floor: Floor, calls: PhoneCalls, resync: Resync,
        database: Database, policies: PolicyInForce, watch: EventBus, wake: Callable[[], None],
        today: Callable[[Session], Occupancies], callbacks: Callbacks, expected: ExpectedWaits, legs: CalledLegs,
        control: CallControl,
    ) -> None:  # fmt: skip
        self._leader, self._ami, self._dispatcher, self._floor, self._calls = leader, ami, dispatcher, floor, calls
        self._members, self._whole_resync, self._watch = RescueMembers(ami, floor), resync, watch
        self._database, self._policies, self._wake, self._today = database, policies, wake, today
        self._callbacks, self._expected, self._legs, self._control = callbacks, expected, legs, control
        self._one_at_a_time = asyncio.Lock()
        self._stopped = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop

    def follow(self) -> None:
        """Follow the event log from now on, from inside the event loop; until we lead, nothing comes of it."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch_events, name="event-log", daemon=True).start()

    def stop(self) -> None:
        """For good."""
        self._stopped.set()
        self.pause()

    def pause(self) -> None:
        """Asterisk is away, or we lead no more: assign nothing until we have compared notes again."""
        self._dispatcher.paused = self._callbacks.paused = True

    @property
    def is_assigning(self) -> bool:
        """Whether callers are assigned by us now."""
        return self._leader.leads() and self._ami.connected and not self._dispatcher.paused

    @property
    def stands_by(self) -> bool:
        """Whether we could lead at once should the one who does fail."""
        return bool(self._leader.other) and self._ami.connected

    async def begin(self) -> None:
        """Compare notes with Asterisk, then assign. Nothing happens while we don't lead or Asterisk is away."""
        self.pause()
        async with self._one_at_a_time:
            self.pause()
            while not await self._compare():
                if not (self._leader.leads() and self._ami.connected) or self._stopped.is_set():
                    return
                await asyncio.sleep(RESYNC_RETRY_S)
        self._dispatcher.paused = self._callbacks.paused = not self._leader.leads()  # it may have ended meanwhile
        self._dispatcher.look()
        self._callbacks.look_anew()
        self._members.forget()
        self._keep(self._members.follow_all())
        self._keep(self._recall())
        self._keep(self._settle_lost_rings())
        self._keep(self._settle_young())
        self._keep(self._expected.begin())
        self._keep(asyncio.to_thread(self._wake))  # a cti that died may have left some threads of Asterisk's waiting

    async def _compare(self) -> bool:
        if not (self._leader.leads() and self._ami.connected):
            return False
        try:
            self._load_profiles()
            self._policies.current()  # for whoever is put in line again; a stand-by may have known an old one
            await self._whole_resync.run()
        except HaloError as problem:
            log.warning("resync_tried_again", why=problem.code)
            return False
        except Exception:  # whatever it is, nobody would be assigned again without another try
            log.exception("resync_failed")
            return False
        self._dispatcher.use(self._policies.current())
        return True

    async def _settle_lost_rings(self) -> None:
        """Partitions' leaders went on ringing while nobody heard what became of it."""
        if self._policies.last().partitions:
            await asyncio.sleep(LOST_RINGS_AFTER_S)
            try:
                if self.is_assigning:
                    await self._whole_resync.settle_lost_rings()
            except HaloError as problem:
                log.warning("lost_rings_unsettled", why=problem.code)

    async def _settle_young(self) -> None:
        """Whoever came into line just before Asterisk died can be known to be gone only a little later."""
        await asyncio.sleep(YOUNG_AFTER_S)
        try:
            if self.is_assigning:
                await self._whole_resync.settle_young()
        except HaloError as problem:
            log.warning("young_callers_unsettled", why=problem.code)

    async def _recall(self) -> None:
        """A day has many events: nobody waits for them to be read."""
        try:
            self._dispatcher.recall(await asyncio.to_thread(self._fold_today))
        except SQLAlchemyError as problem:
            log.warning("today_not_recalled", why=type(problem).__name__)

    def _fold_today(self) -> Occupancies:
        with self._database.reading() as session:
            return self._today(session)

    def _load_profiles(self) -> None:
        with self._database.reading() as session:
            self._dispatcher.profiles = load_profiles(session)

    def _load_profile(self, agent_id: str) -> None:
        with self._database.reading() as session:
            profile = load_profile(session, agent_id)
        if profile is not None:
            self._dispatcher.know(profile)

    # ---- following the event log -------------------------------------------------------------------------------

    def _watch_events(self) -> None:
        position, away = "", False
        while not self._stopped.is_set():
            try:
                position = position or self._watch.last_position()
                for event in self._watch.read(position, wait_s=1.0):
                    position = event.position
                    if self._leader.leads():
                        self._loop.call_soon_threadsafe(self._happened, event)
                if away:
                    away = False
                    self._loop.call_soon_threadsafe(self._keep, self.begin())
            except Unavailable as problem:
                away = True
                log.warning("event_log_away", why=problem.code)
                self._stopped.wait(0.3)

    def _happened(self, event: Event) -> None:
        try:
            if event.kind is EventKind.POP_SHOWN:
                self._calls.pop_shown(event)
                return
            if event.kind is EventKind.POLICY_PUBLISHED:
                self._dispatcher.use(self._policies.current())
            if event.agent_id and (event.kind is EventKind.AGENT_SKILLS_CHANGED or event.agent_id not in self._dispatcher.profiles):
                self._load_profile(event.agent_id)
            self._dispatcher.take_note(event)
            self._callbacks.take_note(event)
            self._expected.take_note(event)
            self._legs.take_note(event)
            self._control.take_note(event)
        except Unavailable as problem:
            log.warning("event_not_followed", why=problem.code)
            return
        if event.kind is EventKind.AGENT_PHONE_CHOSEN:
            self._keep(self._whole_resync.phones.look_at(event.agent_id))
        if event.kind in (EventKind.AGENT_STATE_CHANGED, EventKind.AGENT_PHONE_CHOSEN):
            self._keep(self._members.follow(event.agent_id))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
