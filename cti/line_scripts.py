"""What a caller hears around the line: the place in it now and then, the offer to be called back, the survey after the talk."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.place_on_channel import place_to_variable
from cti.queued import queued_event
from ivr.callback_news import task_changed
from ivr.outcome import CallBack
from ivr.reception import Reception, Waiting
from ivr.survey import SurveyRule
from ivr.visit import GENERAL_QUEUE
from routing.agent_changes import AgentChanges
from routing.expected_live import ExpectedLive, OverflowLive
from routing.live import LiveStore
from routing.order import FIRST
from routing.outlook import newcomer_of
from routing.place import Place
from routing.policy_in_force import PolicySource

LONG_WAIT_S = 60.0  # who will wait for longer is told so at once

log = get_log(__name__)


class LineScripts:
    """One method for each script that the dialplan runs for a caller who has been through the IVR."""

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        store: LiveStore,
        policy: PolicySource,
        clock: Clock,
        publish: Callable[[Event], object],
    ) -> None:
        self._reception, self._store, self._policy, self._clock, self._publish = reception, store, policy, clock, publish
        self._expected, self._overflow = ExpectedLive(store), OverflowLive(store)
        self._changes = AgentChanges(store, clock, settings.presence_lease_s)
        self._keeps_places = bool(settings.outbound_trunk)
        self._survey_rule = SurveyRule(settings.survey_share, settings.survey_rest_days)

    def greet(self, session: AgiSession, line: AgiLine, queue: str) -> None:
        """They have just come into this queue's line: how long it will be, where that is long, and the offer to be called back,
        where it overflows. They stand in line already, and lose nothing by listening."""
        try:
            expected, overflows = self._expected.of(newcomer_of(queue)), self._overflow.of(queue)
        except HaloError as problem:
            log.warning("wait_unknown", why=problem.code)
            return
        if expected is not None and expected.due_s >= LONG_WAIT_S:
            self._reception.tell_wait(line, expected.wait_s(0.0))
        if overflows.offer_callback:
            self.offer_callback(session, line)

    def tell_position(self, session: AgiSession, line: AgiLine) -> None:
        """The place in line and how long it will be, where they can be known, and the key for a call-back: it counts at once."""
        try:
            places = self._store.snapshot().line
        except HaloError as problem:
            log.warning("position_unknown", why=problem.code)
            return
        position = self._policy().position(places, line.call.interaction_id)
        if position is not None:
            expected = self._expected.of(line.call.interaction_id)
            wait_s = expected.wait_s(self._clock.now().timestamp()) if expected else None
            place = places[line.call.interaction_id]
            news = partial(_is_news, session)
            if self._reception.wait_on(line, place.queue, position, wait_s, may_leave=not place.callback, is_news=news):
                self.offer_callback(session, line)

    def offer_callback(self, session: AgiSession, line: AgiLine) -> None:
        """The caller pressed the key for it. Their place is kept until they have agreed, and left in one step with the event."""
        place = self._store.where(line.call.interaction_id)[0]
        if place is None or place.callback:
            return  # an agent is being called for them, or they have just been called
        kept = place.to_json() if self._keeps_places else ""
        waiting, left = Waiting(place.queue, place.reason, place.customer_id, kept, _place_at(place)), False

        def leave() -> bool:
            nonlocal left
            left = self._leave(place)
            return left

        try:
            outcome = self._reception.offer_callback(line, waiting, leave)
        except Exception:
            if left:  # nothing is promised, and the music would go on for ever: they have their place again
                self._store.put_in_line(place, queued_event(place, again=True, at=self._clock.now()))
            raise
        if isinstance(outcome, CallBack):
            try:
                session.execute("HANGUP")
            finally:
                self._publish(task_changed(place.interaction_id, place.queue, "kept", self._clock.now()))

    def called(self, session: AgiSession, line: AgiLine) -> None:
        """A customer who was promised a call has answered, before any agent: the dialplan sends on who says that it is them."""
        session.execute("SET VARIABLE", names.NEXT, names.WAITING if self._reception.is_them(line) else names.GOODBYE)

    def survey(self, session: AgiSession, line: AgiLine, place: Place | None) -> None:
        """The agent has hung up, the caller has not. Who wants a person again stands in the same line, and the dialplan brings them
        there."""
        customer_id = place.customer_id if place else None
        chance = random.random()  # noqa: S311  # a share, no secret
        queue = place.queue if place else GENERAL_QUEUE
        if self._reception.survey(line, customer_id, self._survey_rule, chance, queue) and place is not None:
            self._again(session, place)

    def _again(self, session: AgiSession, place: Place) -> None:
        """First the channel, then the line, as for everybody. Whoever has spoken with them may still wrap that up, and keeps it."""
        given = place.handed_on(place.queue, self._clock.now())
        session.execute("SET VARIABLE", names.PLACE, place_to_variable(given))
        session.execute("SET VARIABLE", names.HANDED, names.WAITING)
        told = queued_event(given)
        agents = self._store.snapshot().agents.values()
        holder = next((each for each in agents if each.interaction_id == place.interaction_id and each.holds_caller), None)
        if holder is None or not self._changes.hand_over(holder, place, holder.deadline, given, [told]):
            self._store.put_in_line(given, told)

    def _leave(self, place: Place) -> bool:
        now = self._clock.now()
        data = {"queue": place.queue, "reason": place.reason, "wait_s": round(place.waited_s(now), 3)}
        promised = Event(EventKind.CALLBACK_PROMISED, now, place.interaction_id, data=data)
        return self._store.take_out_of_line(place.interaction_id, promised)


def _is_news(session: AgiSession, closing: int) -> bool:
    """Whether the caller has not been told of this closing yet; they count as told from now on."""
    if session.variable(names.TOLD_CLOSING) == str(closing):
        return False
    session.execute("SET VARIABLE", names.TOLD_CLOSING, str(closing))
    return True


def _place_at(place: Place) -> Callable[[str, str, datetime], str]:
    """The place of a call to this caller at a time that they choose: from that moment on, before everybody."""

    def written(interaction_id: str, number: str, at: datetime) -> str:
        later = replace(place, interaction_id=interaction_id, ani=number, queued_at=at, channel="", priority=FIRST, ivr_path=())
        return later.to_json()

    return written
