"""The cti process put together: AMI in one event loop, AGI and the call log in threads, one dispatcher that leads."""

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path

from asterisk_conf import names
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.errors import HaloError, Unavailable
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from crm.payment.providers import gateway_named
from cti.agi_server import AgiServer
from cti.agi_speech import voice_questions
from cti.ami import Ami
from cti.asterisk_threads import AsteriskThreads
from cti.call_log import CallLog, run_call_log
from cti.callers import Callers
from cti.dispatcher import Dispatcher
from cti.entry_points import EntryPoints
from cti.floor import Floor
from cti.leader import Leader
from cti.look_ups import LookUps
from cti.metrics import serve_metrics
from cti.phone_calls import PhoneCalls
from cti.phones import Phones
from cti.recording_mute import RecordingMute
from cti.rescue_members import RescueMembers
from cti.resync import Resync
from cti.twilio.jobs import messenger_for
from ivr.control_line import ControlLine, MayClose
from ivr.database_desk import DatabaseDesk
from ivr.hours_now import Hours
from ivr.line import Prompt
from ivr.reception import Reception
from routing.agent_changes import AgentChanges
from routing.agents import load_profile, load_profiles
from routing.live import LiveStore
from routing.policy_in_force import PolicyInForce
from workforce.jobs import enqueue_roll_up

RESYNC_RETRY_S = 1.0

log = get_log(__name__)


class CtiService:
    """Everything of one cti process. `run` returns when it was told to stop, or can't go on."""

    def __init__(self, settings: Settings, clock: Clock, file_for: Callable[[Prompt], Path], may_close: MayClose) -> None:
        self._settings, self._clock = settings, clock
        self._database = Database(settings.database)
        self._store = LiveStore(settings.redis_url)
        self._bus, self._watch = EventBus(settings.redis_url), EventBus(settings.redis_url)
        self._policies = PolicyInForce(self._database)
        changes = AgentChanges(self._store, clock, settings.presence_lease_s)
        self._floor = Floor()
        self._ami = Ami(settings.ami_port, names.MANAGER_USER, settings.ami_password.get_secret_value(), self._resync, self._pause)
        calls = PhoneCalls(settings, clock, self._store, changes, self._floor, self._ami)
        callers = Callers(clock, self._bus, self._store, changes, self._floor, self._ami, calls)
        phones = Phones(self._store, changes, self._floor, self._ami, calls)
        self._calls, self._members = calls, RescueMembers(self._ami)
        policy = self._policies.last
        self._dispatcher = Dispatcher(
            settings, clock, self._store, changes, self._floor, policy(), calls.ring, calls.overdue
        )  # fmt: skip
        self._whole_resync = Resync(
            settings, clock, self._database, self._store, policy, self._floor, self._ami, phones, callers, calls
        )
        self._leader = Leader(self._store.redis, self._leadership_lost)
        desk = DatabaseDesk(self._database, gateway_named(settings.payment_gateway, self._database, clock))
        messenger = messenger_for(settings, self._database, clock)
        hours = Hours(settings.home, self._database)
        zone, messages, country = settings.time_zone, settings.messages_folder, settings.country
        reception = Reception(self._database, clock, zone, messages, desk, messenger, hours, country)
        control = ControlLine(settings.home, self._database, hours, clock, settings.time_zone, may_close)
        mute = RecordingMute(self._ami, lambda: self._loop)
        self._asterisk_threads = AsteriskThreads(settings.asterisk_pid_file)
        voice = voice_questions(settings, self._asterisk_threads)
        look_ups = LookUps(self._database, self._policies, clock, zone)
        entry = EntryPoints(
            settings, reception, self._store, self._bus, look_ups.policy, clock, file_for, control, mute, look_ups.standing, voice
        )
        self._agi = AgiServer(settings.agi_port, entry.serve)
        self._stopped = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event

    async def run(self) -> None:
        """Serve until SIGTERM or until leadership is lost."""
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._end.set)
        self._asterisk_threads.go_on()
        metrics = serve_metrics(self._settings.metrics_port, self._floor, self._is_ready)
        self._agi.start()  # callers in the IVR need no leader
        call_log = CallLog(self._database, EventBus(self._settings.redis_url))
        log_thread = threading.Thread(
            target=run_call_log, args=(call_log, self._stopped, self._roll_up), name="call-log", daemon=True
        )
        await asyncio.to_thread(self._leader.acquire)
        log_thread.start()
        dispatching = asyncio.create_task(self._dispatcher.run())
        self._ami.start()
        gc.collect()
        gc.freeze()  # what was loaded lasts: to look through it again and again for garbage would hold up every caller for 0.1 s
        await self._end.wait()
        dispatching.cancel()
        self._ami.stop()
        self._agi.stop()
        metrics.shutdown()
        self._stopped.set()
        self._leader.release()
        await asyncio.to_thread(log_thread.join, 3)
        log.info("stopped")

    def _roll_up(self, day: date) -> None:
        enqueue_roll_up(self._settings.redis_url, day)

    def _is_ready(self) -> bool:
        return self._ami.connected and not self._dispatcher.paused

    def _leadership_lost(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)

    # ---- following the event log -------------------------------------------------------------------------------

    def _pause(self) -> None:
        """Asterisk is away: assign nothing until we have compared notes with it again."""
        self._dispatcher.paused = True

    async def _resync(self) -> None:
        self._pause()
        self._members.forget()
        while self._ami.connected and not self._end.is_set():
            try:
                self._load_profiles()
                await self._whole_resync.run()
                self._dispatcher.use(self._policies.current())
                for agent in list(self._floor.agents.values()):
                    await self._members.follow(agent)
                break
            except HaloError as problem:
                log.warning("resync_tried_again", why=problem.code)
                await asyncio.sleep(RESYNC_RETRY_S)
        else:
            return
        self._follow_events()
        self._keep(asyncio.to_thread(self._asterisk_threads.wake))  # a cti that died may have left some waiting
        self._dispatcher.paused = False
        self._dispatcher.look()

    def _load_profiles(self) -> None:
        with self._database.reading() as session:
            self._dispatcher.profiles = load_profiles(session)

    def _load_profile(self, agent_id: str) -> None:
        with self._database.reading() as session:
            profile = load_profile(session, agent_id)
        if profile is not None:
            self._dispatcher.know(profile)

    def _follow_events(self) -> None:
        if not any(thread.name == "event-log" for thread in threading.enumerate()):
            threading.Thread(target=self._watch_events, name="event-log", daemon=True).start()

    def _watch_events(self) -> None:
        position, away = self._floor.position, False
        while not self._stopped.is_set():
            try:
                for event in self._watch.read(position, wait_s=1.0):
                    position = event.position
                    self._loop.call_soon_threadsafe(self._happened, event)
                if away:
                    away = False
                    self._loop.call_soon_threadsafe(self._resync_soon)
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
        except Unavailable as problem:
            log.warning("event_not_followed", why=problem.code)
            return
        if event.kind is EventKind.AGENT_STATE_CHANGED:
            self._keep(self._members.follow(self._floor.agents[event.agent_id]))

    def _resync_soon(self) -> None:
        if self._ami.connected:
            self._keep(self._resync())

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
