"""A caller who wants a person stands in line at once.

Somebody is looked for, and their phone rings, while the caller is still told that they are being connected, and that they may be
recorded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from asterisk_conf import names
from core.bus import EventBus
from core.clock import Clock
from core.errors import Unavailable
from core.events import Event, EventKind
from core.log import get_log
from core.settings import Settings
from crm.standing import Standing
from crm.whereabouts import Whereabouts
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.place_on_channel import place_from_variable, place_to_variable
from cti.queued import queued_event
from ivr.line import Prompt
from ivr.outcome import RouteTo
from ivr.reception import Reception
from routing.live import LiveStore
from routing.place import Place

_TELLING = f"SHARED({names.TELLING})"
_TOLD_WITHIN = timedelta(seconds=names.TELLING_LOOKS / 10)

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class CallersRecords:
    """What the records say of a caller who goes to a queue; see cti.look_ups.LookUps."""

    standing: Callable[[str, int | None, str], Standing]
    whereabouts: Callable[[int | None, str, str], Whereabouts]
    taken_over: Callable[[str, int | None, str], datetime | None]
    refuses_recording: Callable[[int | None], bool]


class IntoLine:
    """Puts callers into the line. Until they have heard that they may be recorded no agent's leg takes them, and nothing records
    them; whatever dies meanwhile, they are not recorded."""

    def __init__(
        self, settings: Settings, reception: Reception, store: LiveStore, bus: EventBus, clock: Clock, records: CallersRecords
    ) -> None:
        self._settings, self._reception, self._store, self._bus = settings, reception, store, bus
        self._clock, self._records = clock, records

    def stand(self, session: AgiSession, line: AgiLine, wish: RouteTo, words: Sequence[Prompt]) -> None:
        """The caller of this line stands in line from now on, and hears `words`. Raises HungUp when they are gone, or an agent has
        taken them. When the live state does not answer they hear the same; see `try_again`.
        """
        line.speaks(wish.language)
        to_be_told = self._settings.records_talks_of(wish.queue) and not self._records.refuses_recording(wish.customer_id)
        place = self._place(line, wish, self._clock.now() + _TOLD_WITHIN if to_be_told else None)
        # First the channel, then the line: if we die in between, the place is found on the channel again.
        session.execute("SET VARIABLE", names.SPOKEN_LANGUAGE, wish.language)
        session.execute("SET VARIABLE", names.PLACE, place_to_variable(place))
        session.execute("SET VARIABLE", names.RECORD, "no")
        session.execute("SET VARIABLE", _TELLING, "yes" if to_be_told else "")
        session.execute("SET VARIABLE", names.NEXT, names.WAITING)
        line.in_line = self._put(place)
        line.say(*words)
        if to_be_told:
            self._tell_recorded(session, line, place)

    def try_again(self, session: AgiSession) -> None:
        """The same for a caller who is on the way to the line already. Raises Unavailable: then Asterisk holds them, and they are
        found on their channel when the live state is back.
        """
        place = place_from_variable(session.variable(names.PLACE))
        if place is not None:
            self._store.put_in_line(place, queued_event(place, at=self._clock.now()))

    def _put(self, place: Place) -> bool:
        try:
            return self._store.put_in_line(place, queued_event(place, at=self._clock.now()))
        except Unavailable as problem:
            log.warning("not_in_line_yet", why=problem.code)
            return False

    def _tell_recorded(self, session: AgiSession, line: AgiLine, place: Place) -> None:
        """They hear it, and may object; then whoever has answered meanwhile takes them."""
        may_record = self._reception.tell_recorded(line)
        told = replace(place, may_record=may_record, telling_until_s=0.0)
        session.execute("SET VARIABLE", names.PLACE, place_to_variable(told))
        if may_record:
            session.execute("SET VARIABLE", names.RECORD, "yes")
            session.execute("GOSUB", names.RECORDING, "begin", "1")  # before anybody takes them
        self._tell(told)
        session.execute("SET VARIABLE", _TELLING, "")

    def _tell(self, place: Place) -> None:
        """The live state, the record, and the page of whoever has answered: the caller may be recorded, or has objected."""
        kind = EventKind.RECORDING_TOLD if place.may_record else EventKind.RECORDING_REFUSED
        data = {} if place.may_record else {"how": "key"}
        try:
            event = Event(kind, self._clock.now(), place.interaction_id, self._who_has(place), data=data)
            if not self._store.told_of_recording(place.interaction_id, place.may_record, event) and not place.may_record:
                self._bus.publish(event)
        except Unavailable as problem:
            log.warning("recording_not_told", why=problem.code)

    def _who_has(self, place: Place) -> str:
        _in_line, taken = self._store.where(place.interaction_id)
        agents = self._store.snapshot().agents.values() if taken is not None else ()
        return next((agent.agent_id for agent in agents if agent.interaction_id == place.interaction_id), "")

    def _place(self, line: AgiLine, wish: RouteTo, telling_until: datetime | None) -> Place:
        call, now, records = line.call, self._clock.now(), self._records
        standing = records.standing(call.interaction_id, wish.customer_id, call.ani)
        where = records.whereabouts(wish.customer_id, wish.postcode, call.ani)
        return Place(
            interaction_id=call.interaction_id, queue=wish.queue, channel=call.channel,
            queued_at=records.taken_over(call.ani, wish.customer_id, call.interaction_id) or now,
            customer_id=wish.customer_id, ani=call.ani, language=wish.language, reason=wish.reason,
            segment=standing.segment, named_agent=standing.named_agent, second_call=standing.second_call,
            last_agent=standing.last_agent,
            last_talk_ago_s=(now - standing.last_talk_at).total_seconds() if standing.last_talk_at else 0.0,
            region=where.region, confidence=where.confidence.value, ivr_path=tuple(line.steps),
            telling_until_s=round(telling_until.timestamp(), 1) if telling_until else 0.0,
        )  # fmt: skip
