"""The cti process put together: AMI in one event loop, AGI and the call log in threads; of several processes one leads."""

import asyncio
import gc
import signal
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from asterisk_conf import names
from core.bus import EventBus
from core.clock import Clock
from core.database import Database
from core.log import get_log
from core.settings import Settings
from crm import area_codes
from crm.payment.providers import gateway_named
from crm.ticket_targets_file import TargetsInForce
from cti.agi_server import AgiServer
from cti.agi_speech import voice_questions
from cti.ami import Ami
from cti.asterisk_threads import AsteriskThreads
from cti.call_control import CallControl
from cti.call_log import CallLog, run_call_log
from cti.callbacks import Callbacks
from cti.called_first import CalledFirst
from cti.called_legs import CalledLegs
from cti.callers import Callers
from cti.consults import Consults
from cti.dialling import Dialling
from cti.dispatcher import Dispatcher
from cti.duties import Duties
from cti.entry_points import EntryPoints
from cti.expected_waits import ExpectedWaits
from cti.floor import Floor
from cti.holds import Holds
from cti.identifying import Identifying
from cti.leader import Leader
from cti.leading import Leading
from cti.locked_callers import LockedCallers
from cti.look_ups import LookUps
from cti.metrics import serve_metrics
from cti.overflow_watch import OverflowWatch
from cti.partition import PartitionTools
from cti.partition_leader import HandOvers
from cti.partitions import Partitions
from cti.phone_calls import PhoneCalls
from cti.phones import Phones
from cti.recording_mute import RecordingMute
from cti.resync import Resync
from cti.talk_recorder import TalkRecorder
from cti.talks.figures import TalkFigures
from cti.talks.jobs import raw_talks_folder
from cti.transfers import Transfers
from cti.twilio.jobs import messenger_for
from cti.typed_keys import TypedKeys
from ivr.call_times import CallTimes
from ivr.control_line import ControlLine, MayClose
from ivr.database_desk import DatabaseDesk
from ivr.hours_now import Hours
from ivr.line import Prompt
from ivr.published_flows import PublishedFlows
from ivr.reception import HOTLINE, Reception
from routing.agent_changes import AgentChanges
from routing.callback_outcomes import CallbackOutcomes
from routing.expected_live import ExpectedLive, OverflowLive
from routing.live import LiveStore
from routing.occupancy import Occupancies
from routing.occupancy_today import occupancies_today
from routing.policy_in_force import PolicyInForce
from workforce.jobs import enqueue_roll_up

log = get_log(__name__)


class CtiService:
    """Everything of one cti process. `run` returns when it was told to stop."""

    def __init__(self, settings: Settings, clock: Clock, file_for: Callable[[Prompt], Path], may_close: MayClose) -> None:
        self._settings, self._clock = settings, clock
        self._database = Database(settings.database)
        self._store = LiveStore(settings.redis_url)
        self._bus = EventBus(settings.redis_url)
        self._policies = PolicyInForce(self._database)
        self._leader = leader = Leader(settings.redis_url, self._gained, self._lost)
        changes = AgentChanges(self._store, clock, settings.presence_lease_s, leader.term)
        self._floor = Floor()
        password = settings.ami_password.get_secret_value()
        self._ami = Ami(settings.ami_port, names.MANAGER_USER, password, self._begin, self._pause, leader.leads)
        policy = self._policies.last
        calls = PhoneCalls(
            settings, clock, self._store, changes, self._floor, self._ami, self._policies.wrap_up_ends(settings.wrap_up_s),
            lambda: bool(policy().partitions),
        )  # fmt: skip
        callers = Callers(clock, self._bus, self._store, changes, self._floor, self._ami, calls)
        hours = Hours(settings.home, self._database)
        times = CallTimes(hours, PublishedFlows(self._database), HOTLINE)
        outcomes = CallbackOutcomes(self._database, times.earliest, self._bus.publish)
        self._callbacks = Callbacks(clock, self._database, self._store, times.earliest, outcomes, self._bus.publish, leader.term)
        first = CalledFirst(
            settings, clock, self._store, changes, self._floor, self._ami, calls, callers, self._callbacks, leader.term
        )
        dialling = Dialling(settings, clock, self._store, changes, self._floor, self._bus.publish, calls)
        legs = CalledLegs(
            clock, changes, self._floor, self._ami, calls, callers, self._callbacks, first, dialling,
            lambda queue: policy().call_first(queue),
        )  # fmt: skip
        transfers = Transfers(settings, clock, self._store, changes, self._ami, self._callbacks, calls.wrap_up_ends)
        consults = Consults(settings, clock, self._store, changes, self._ami, calls)
        recorder = TalkRecorder(settings, clock, self._store, changes, self._ami, self._bus.publish)
        look_ups = LookUps(self._database, self._policies, outcomes, clock, settings.time_zone)
        call_control = CallControl(
            clock, self._store, self._bus.publish, self._ami, transfers, consults, recorder, dialling,
            Identifying(clock, changes, self._ami, recorder, look_ups.refuses_recording),
        )  # fmt: skip
        phones = Phones(self._store, changes, self._floor, self._ami, calls)
        self._dispatcher = Dispatcher(
            settings, clock, self._store, changes, self._floor, policy(), legs.ring, legs.overdue
        )  # fmt: skip
        resync = Resync(
            settings, clock, self._database, self._store, policy, self._floor, self._ami, phones, callers, calls, legs, leader.term,
            consults.compare, Holds(clock, self._store, changes, self._ami, recorder).compare,
        )  # fmt: skip
        targets = TargetsInForce(settings.home, ZoneInfo(settings.time_zone))
        gateway = gateway_named(settings.payment_gateway, self._database, clock)
        desk = DatabaseDesk(self._database, gateway, targets.current, self._bus.publish)
        messenger = messenger_for(settings, self._database, clock)
        zone, messages, country = settings.time_zone, settings.messages_folder, settings.country
        reception = Reception(self._database, clock, zone, messages, desk, messenger, hours, country)
        control = ControlLine(settings.home, self._database, hours, clock, settings.time_zone, may_close)
        mute = RecordingMute(self._ami, lambda: self._loop)
        overflow = OverflowWatch(clock, self._dispatcher, OverflowLive(self._store), times.closes_at, leader.term)
        self._expected = ExpectedWaits(
            clock, self._database, self._dispatcher, self._floor, ExpectedLive(self._store), overflow, leader.term
        )
        self._asterisk_threads = AsteriskThreads(settings.asterisk_pid_file)
        self._leading = Leading(
            leader, self._ami, self._dispatcher, self._floor, calls, resync, self._database, self._policies,
            EventBus(settings.redis_url), self._asterisk_threads.wake,
            self._today, self._callbacks, self._expected, legs, call_control,
        )  # fmt: skip
        hand_overs = HandOvers(lambda: Duties(leader.leads(), len(self._partitions.led)))
        tools = PartitionTools(
            settings, clock, self._database, self._store, self._policies, self._ami, hand_overs, self._today
        )  # fmt: skip
        self._partitions = Partitions(tools, EventBus(settings.redis_url))
        voice = voice_questions(settings, self._asterisk_threads, LockedCallers(self._ami, lambda: self._loop))
        typed = TypedKeys(clock)
        self._ami.on("DTMFEnd", typed.told, also_standing_by=True)
        entry = EntryPoints(
            settings, reception, self._store, self._bus, look_ups.policy, clock, file_for, control, mute, typed,
            look_ups.standing, look_ups.whereabouts, look_ups.taken_over, voice, look_ups.refuses_recording,
        )  # fmt: skip
        self._agi = AgiServer(settings.agi_port, entry.serve)
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event

    async def run(self) -> None:
        """Serve until SIGTERM."""
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._end.set)
        self._asterisk_threads.go_on()
        threading.Thread(target=area_codes.get_ready, name="area-codes", daemon=True).start()
        talks = TalkFigures(raw_talks_folder(self._settings))
        metrics = serve_metrics(self._settings.metrics_port, self._floor, self._leading, self._partitions, talks)
        self._agi.start()  # callers in the IVR need no leader
        log_thread = self._start_call_log()
        self._leading.follow()
        self._ami.start()  # also while another leads: the IVR mutes recordings, and taking over must not wait for it
        work = [asyncio.create_task(self._dispatcher.run()), asyncio.create_task(self._expected.run())]
        work.append(asyncio.create_task(self._partitions.run()))
        if self._settings.outbound_trunk:  # else people make all promised calls by hand
            work.append(asyncio.create_task(self._callbacks.run()))
        self._leader.start()
        gc.collect()
        gc.freeze()  # what was loaded lasts: to look through it again and again for garbage would hold up every caller for 0.1 s
        await self._end.wait()
        self._leading.stop()
        for each in work:
            each.cancel()
        self._ami.stop()
        await asyncio.gather(asyncio.to_thread(self._leader.stop), self._partitions.stop())
        self._agi.stop()
        metrics.shutdown()
        self._stopped.set()
        await asyncio.to_thread(log_thread.join, 3)
        log.info("stopped")

    def _today(self, session: Session) -> Occupancies:
        return occupancies_today(session, self._settings.time_zone, self._clock.now())

    def _start_call_log(self) -> threading.Thread:
        call_log = CallLog(self._database, EventBus(self._settings.redis_url))
        arguments = (call_log, self._stopped, self._roll_up, self._leader.leads)
        thread = threading.Thread(target=run_call_log, args=arguments, name="call-log", daemon=True)
        thread.start()
        return thread

    def _roll_up(self, day: date) -> None:
        enqueue_roll_up(self._settings.redis_url, day)

    async def _begin(self) -> None:
        self._partitions.begin()
        await self._leading.begin()

    def _pause(self) -> None:
        self._partitions.pause()
        self._leading.pause()

    def _gained(self) -> None:
        asyncio.run_coroutine_threadsafe(self._leading.begin(), self._loop)

    def _lost(self) -> None:
        self._loop.call_soon_threadsafe(self._leading.pause)
