"""What the dialplan's AGI lines run: the hotline's IVR, and what callers hear who have been through it."""

import base64
import hmac
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
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
from cti.line_scripts import LineScripts
from cti.queued import queued_event
from ivr.control_line import ControlLine
from ivr.line import InboundCall, Prompt
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.reception import Reception
from routing.live import LiveStore
from routing.place import Place
from routing.policy_in_force import PolicySource

LATE_S = 2
LONGEST_VARIABLE = 511  # characters that Asterisk tells of a variable with the status of a channel
WAITING_SCRIPT, CALLBACK_SCRIPT, CALLED_SCRIPT, SURVEY_SCRIPT = "waiting", "callback", "called", "survey"
SILENCE_SCRIPT = "silence"
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
        standing: Callable[[str, int | None, str], Standing],
        whereabouts: Callable[[int | None, str, str], Whereabouts],
        taken_over: Callable[[str, int | None, str], datetime | None],
        voice_questions: VoiceQuestions | None = None,
        refuses_recording: Callable[[int | None], bool] = lambda _customer_id: False,
    ) -> None:
        self._settings, self._reception, self._store, self._bus = settings, reception, store, bus
        self._clock, self._file_for, self._standing, self._taken_over = clock, file_for, standing, taken_over
        self._voice_questions, self._whereabouts = voice_questions, whereabouts
        self._arrivals = Arrivals(store.redis, settings.arrival_key, clock)
        self._control_line, self._mute, self._refuses_recording = control_line, mute, refuses_recording
        self._line_scripts = LineScripts(settings, reception, store, policy, clock, bus.publish)

    def serve(self, session: AgiSession) -> None:
        """Run the script that the dialplan asked for. Raises BadConversation when it was not our dialplan that asked."""
        if not hmac.compare_digest(session.env.get("agi_arg_1", "").encode(), self._settings.agi_key.encode()):
            raise BadConversation("the key is not our dialplan's")
        if session.env.get("agi_network_script", "") == names.CONTROL:
            with closing(self._line(session, self._call(session, "", None))) as line:
                self._control_line.run(line)
            return
        interaction_id = session.variable(names.INTERACTION)
        if not is_id(interaction_id):
            raise BadConversation("the channel has no interaction id")
        script = session.env.get("agi_network_script", "")
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
            line.get_ready()
            outcome = self._reception.receive(script, line)
            log.info("ivr_ended", outcome=type(outcome).__name__, script=script)
            self._settle(session, line, outcome)

    def _settle(self, session: AgiSession, line: AgiLine, outcome: Outcome) -> None:
        interaction_id = line.call.interaction_id
        match outcome:
            case RouteTo():
                line.speaks(outcome.language)
                self._put_in_line(session, line, outcome, self._may_record(line, outcome))
                self._line_scripts.greet(session, line, outcome.queue)
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
            self._line_scripts.survey(line, place_from_variable(session.variable(names.PLACE)))

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
        return AgiLine(session, call, self._file_for, self._bus.publish, self._clock, recordings, self._mute, self._voice_questions)

    def _started(self, session: AgiSession, call: InboundCall) -> Event:
        at, arrived = self._clock.now(), session.variable(names.ARRIVED)
        if arrived.isdigit() and at.timestamp() - int(arrived) > LATE_S:
            at = datetime.fromtimestamp(int(arrived), UTC)  # an earlier try failed: the caller has been here for longer
        return Event(
            EventKind.INTERACTION_STARTED, at, call.interaction_id,
            data={"ani": call.ani, "dnis": call.dnis, "channel": call.channel},
            key=derived_id(EventKind.INTERACTION_STARTED, call.interaction_id),
        )  # fmt: skip

    def _may_record(self, line: AgiLine, wish: RouteTo) -> bool:
        """Whether the talk may be recorded: they are told so before they stand in line, and may object. Customers who have refused
        for good are told nothing."""
        if not self._settings.records_talks_of(wish.queue) or self._refuses_recording(wish.customer_id):
            return False
        if self._reception.tell_recorded(line):
            return True
        self._tell(EventKind.RECORDING_REFUSED, line.call.interaction_id, how="key")
        return False

    def _put_in_line(self, session: AgiSession, line: AgiLine, wish: RouteTo, may_record: bool) -> None:
        call, now = line.call, self._clock.now()
        queued_at = self._taken_over(call.ani, wish.customer_id, call.interaction_id) or now
        standing = self._standing(call.interaction_id, wish.customer_id, call.ani)
        where = self._whereabouts(wish.customer_id, wish.postcode, call.ani)
        place = Place(
            interaction_id=call.interaction_id, queue=wish.queue, queued_at=queued_at, channel=call.channel,
            customer_id=wish.customer_id, ani=call.ani, language=wish.language, reason=wish.reason,
            segment=standing.segment, named_agent=standing.named_agent, second_call=standing.second_call,
            last_agent=standing.last_agent,
            last_talk_ago_s=(now - standing.last_talk_at).total_seconds() if standing.last_talk_at else 0.0,
            region=where.region, confidence=where.confidence.value,
            ivr_path=tuple(line.steps), may_record=may_record,
        )  # fmt: skip
        # First the channel, then the line: if we die in between, the place is found on the channel again.
        session.execute("SET VARIABLE", names.SPOKEN_LANGUAGE, wish.language)
        session.execute("SET VARIABLE", names.PLACE, place_to_variable(place))
        session.execute("SET VARIABLE", names.RECORD, "yes" if may_record else "no")
        session.execute("SET VARIABLE", names.NEXT, names.WAITING)
        session.execute("GOSUB", names.RECORDING, "begin", "1")  # before anybody can take them out of what they hear here
        self._store.put_in_line(place, queued_event(place, at=now))

    def _tell(self, kind: EventKind, interaction_id: str, **data: object) -> None:
        self._bus.publish(Event(kind, self._clock.now(), interaction_id, data=data))


def place_to_variable(place: Place) -> str:
    """A place as the value of a channel variable: letters and digits only, so that nothing in it needs quoting.

    Asterisk tells no more of a variable than LONGEST_VARIABLE: the first steps of a very long way through the menus are left out.
    """
    value = base64.urlsafe_b64encode(zlib.compress(place.to_json().encode(), 9)).decode()
    if len(value) > LONGEST_VARIABLE and place.ivr_path:
        return place_to_variable(replace(place, ivr_path=place.ivr_path[1:]))
    return value


def place_from_variable(value: str) -> Place | None:
    """The place that a channel carries; None when it carries none."""
    try:
        return Place.from_json(zlib.decompress(base64.urlsafe_b64decode(value.encode())).decode())
    except (ValueError, zlib.error):
        return None
