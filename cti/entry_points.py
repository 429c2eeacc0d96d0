"""What the dialplan's AGI lines run: the hotline's IVR, and what callers hear who have been through it."""

import hmac
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from asterisk_conf import names
from core.bus import EventBus
from core.clock import Clock
from core.events import Event, EventKind
from core.ids import derived_id, is_id
from core.log import get_log, interaction_context
from core.settings import Settings
from crm.phone_numbers import to_e164
from crm.standing import Standing
from crm.whereabouts import Whereabouts
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession, BadConversation
from cti.agi_speech import VoiceQuestions
from cti.arrivals import Arrival, Arrivals
from cti.into_line import CallersRecords, IntoLine
from cti.line_scripts import LineScripts
from cti.place_on_channel import place_from_variable
from cti.typed_keys import TypedKeys
from ivr.control_line import ControlLine
from ivr.line import InboundCall, Prompt
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.reception import Reception
from routing.live import LiveStore
from routing.policy_in_force import PolicySource

LATE_S = 2
WAITING_SCRIPT, CALLBACK_SCRIPT, CALLED_SCRIPT, SURVEY_SCRIPT = "waiting", "callback", "called", "survey"
SILENCE_SCRIPT, DIALLED_SCRIPT = "silence", "dialled"
LINE_SCRIPTS = frozenset({WAITING_SCRIPT, CALLBACK_SCRIPT, CALLED_SCRIPT, SURVEY_SCRIPT})

log = get_log(__name__)


class EntryPoints:
    """Serves one AGI session: called in a thread of its own."""

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        store: LiveStore,
        bus: EventBus,
        policy: PolicySource,
        clock: Clock,
        file_for: Callable[[Prompt], Path],
        control_line: ControlLine,
        mute: Callable[[str, bool], object],
        typed: TypedKeys,
        standing: Callable[[str, int | None, str], Standing],
        whereabouts: Callable[[int | None, str, str], Whereabouts],
        taken_over: Callable[[str, int | None, str], datetime | None],
        voice_questions: VoiceQuestions | None = None,
        refuses_recording: Callable[[int | None], bool] = lambda _customer_id: False,
    ) -> None:
        self._settings, self._reception, self._store, self._bus = settings, reception, store, bus
        self._clock, self._file_for, self._voice_questions = clock, file_for, voice_questions
        self._arrivals = Arrivals(store.redis, settings.arrival_key, clock)
        self._control_line, self._mute, self._typed = control_line, mute, typed
        known = CallersRecords(standing, whereabouts, taken_over, refuses_recording)
        self._into_line = IntoLine(settings, reception, store, bus, clock, known)
        self._line_scripts = LineScripts(settings, reception, store, policy, clock, bus.publish)

    def serve(self, session: AgiSession) -> None:
        """Run the script that the dialplan asked for. Raises BadConversation when it was not our dialplan that asked."""
        if not hmac.compare_digest(session.env.get("agi_arg_1", "").encode(), self._settings.agi_key.encode()):
            raise BadConversation("the key is not our dialplan's")
        if session.env.get("agi_network_script", "") == names.CONTROL:
            with closing(self._line(session, self._call(session, "", None))) as line:
                self._control_line.run(line)
            return
        script = session.env.get("agi_network_script", "")
        if script == DIALLED_SCRIPT:
            is_taken = self._reception.takes(session.env.get("agi_extension", ""))
            session.execute("SET VARIABLE", names.DIALLED, "yes" if is_taken else "no")
            return
        interaction_id = session.variable(names.INTERACTION)
        if not is_id(interaction_id):
            raise BadConversation("the channel has no interaction id")
        if script == SILENCE_SCRIPT:
            with interaction_context(interaction_id):
                self._begin_silent(session)
            return
        if script in LINE_SCRIPTS:
            with (
                interaction_context(interaction_id),
                closing(self._line(session, self._call(session, interaction_id, None))) as line,
            ):
                self._run_line_script(session, script, line)
            return
        arrival = self._arrivals.take_up(session)
        interaction_id = arrival.interaction_id if arrival else interaction_id
        with interaction_context(interaction_id):
            self._run_ivr(session, interaction_id, script, arrival)

    def _begin_silent(self, session: AgiSession) -> None:
        """What has just begun to record the caller begins in an agent's pause, unless that has ended in this moment."""
        channel = session.env["agi_channel"]
        self._mute(channel, True)
        if not session.variable(names.RECORDING_PAUSED):
            self._mute(channel, False)
        session.execute("SET VARIABLE", names.SILENT, "yes")

    def _run_ivr(self, session: AgiSession, interaction_id: str, script: str, arrival: Arrival | None) -> None:
        call = self._call(session, interaction_id, arrival)
        self._bus.publish(self._started(session, call))
        with closing(self._line(session, call)) as line:
            line.into_line = lambda wish, words: self._into_line.stand(session, line, wish, words)
            line.get_ready()
            outcome = self._reception.receive(script, line)
            log.info("ivr_ended", outcome=type(outcome).__name__, script=script)
            self._settle(session, line, outcome)

    def _settle(self, session: AgiSession, line: AgiLine, outcome: Outcome) -> None:
        interaction_id = line.call.interaction_id
        match outcome:
            case RouteTo():
                if not line.in_line:  # the live state did not answer
                    self._into_line.try_again(session)
                self._line_scripts.greet(session, line, outcome.queue)
            # They have hung up in line, or an agent has taken them: others tell that. Or they run this script again.
            case _ if line.in_line or session.is_abandoned:
                pass
            case Contained(reason):
                self._tell(EventKind.INTERACTION_CONTAINED, interaction_id, reason=reason)
                session.execute("HANGUP")
            case CallBack(queue, reason):
                self._tell(EventKind.CALLBACK_PROMISED, interaction_id, queue=queue, reason=reason, wait_s=0.0)
                session.execute("HANGUP")
            case TurnedAway():
                session.execute("HANGUP")
            case CallerGone(heard) if heard:  # they heard their answer and hung up, as they were told to
                self._tell(EventKind.INTERACTION_CONTAINED, interaction_id, reason=heard)
            case CallerGone():
                pass

    def _run_line_script(self, session: AgiSession, script: str, line: AgiLine) -> None:
        if script == WAITING_SCRIPT:
            self._line_scripts.tell_position(session, line)
        elif script == CALLBACK_SCRIPT:
            self._line_scripts.offer_callback(session, line)
        elif script == CALLED_SCRIPT:
            self._line_scripts.called(session, line)
        else:
            self._line_scripts.survey(session, line, place_from_variable(session.variable(names.PLACE)))

    def _call(self, session: AgiSession, interaction_id: str, arrival: Arrival | None) -> InboundCall:
        return InboundCall(
            interaction_id=interaction_id,
            ani=arrival.ani if arrival else to_e164(session.env.get("agi_callerid", ""), self._settings.country) or "",
            dnis=(arrival and arrival.dnis) or session.env.get("agi_dnid", "").lstrip("+")[:20],
            channel=session.env["agi_channel"],
            language=session.variable(names.SPOKEN_LANGUAGE),
        )

    def _line(self, session: AgiSession, call: InboundCall) -> AgiLine:
        recordings = self._settings.recordings_folder
        typed = self._typed.of(session.env["agi_uniqueid"])
        return AgiLine(
            session, call, self._file_for, self._bus.publish, self._clock, recordings, self._mute, self._voice_questions, typed
        )

    def _started(self, session: AgiSession, call: InboundCall) -> Event:
        at, arrived = self._clock.now(), session.variable(names.ARRIVED)
        if arrived.isdigit() and at.timestamp() - int(arrived) > LATE_S:
            at = datetime.fromtimestamp(int(arrived), UTC)  # an earlier try failed: the caller has been here for longer
        return Event(
            EventKind.INTERACTION_STARTED, at, call.interaction_id,
            data={"ani": call.ani, "dnis": call.dnis, "channel": call.channel},
            key=derived_id(EventKind.INTERACTION_STARTED, call.interaction_id),
        )  # fmt: skip

    def _tell(self, kind: EventKind, interaction_id: str, **data: object) -> None:
        self._bus.publish(Event(kind, self._clock.now(), interaction_id, data=data))
