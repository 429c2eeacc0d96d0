"""An agent calls a customer by hand: their own phone first, then, from its leg, the customer's. An order is obeyed once or never.

Before an agent's phone rings they are reserved with a token, like for any caller, so nobody is offered to them meanwhile. The
customer's leg carries that token, so it is found again whatever died; the place says whether they have answered.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from core.settings import Settings
from cti.floor import Floor
from cti.phone_calls import PhoneCalls
from cti.unanswered import FAILED, missed_event
from routing.agent_changes import AgentChanges
from routing.live import LiveAgent, LiveStore, Refusal
from routing.place import Place

_RESERVED_FOR = timedelta(seconds=8)
_GAVE_UP = timedelta(seconds=names.CALL_BACK_RINGS_S - 2)  # whose leg ends sooner with a plain hang-up: the agent rang off
_HUNG_UP = frozenset({"", "0", "16"})
_WHY = {"17": "busy", "21": "refused", "1": "wrong_number", "3": "wrong_number", "22": "wrong_number", "28": "wrong_number"}
_WHY |= {"18": "no_answer", "19": "no_answer", "20": "no_answer", "27": "no_answer"}  # by Q.850's cause

log = get_log(__name__)


class PhoneAway(HaloError):
    """The agent's own phone is not there."""

    code = "phone_away"


class NoLineOut(HaloError):
    """There is no trunk by which anybody could be called."""

    code = "no_line_out"


class Dialling:
    """Begins calls by hand, and hears what becomes of the customer's leg. Inside the event loop."""

    def __init__(
        self, settings: Settings, clock: Clock, store: LiveStore, changes: AgentChanges, floor: Floor,
        publish: Callable[[Event], object], calls: PhoneCalls,
    ) -> None:  # fmt: skip
        self._settings, self._clock, self._store, self._changes = settings, clock, store, changes
        self._floor, self._publish, self._calls = floor, publish, calls
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, order: Event) -> None:
        """Reserve the agent and ring their phone. Raises IllegalChange for one who is busy, PhoneAway, NoLineOut."""
        if not self._settings.outbound_trunk:
            raise NoLineOut("There is no line out.", "Set HALO_OUTBOUND_TRUNK.")
        now, place = self._clock.now(), place_of_order(order, self._clock.now())
        reserved = self._changes.dial(order.agent_id, place, now + _RESERVED_FOR)
        if isinstance(reserved, Refusal):
            raise PhoneAway("The agent's phone is not connected.", "Connect it, then dial again.")
        self._floor.refresh_agent(self._store, order.agent_id)  # before the log tells of it: the legs are known by their tokens
        self._floor.refresh_place(self._store, place.interaction_id)
        log.info("dialled", agent_id=order.agent_id, purpose=place.dialled, token=reserved.token)
        self._start(self._calls.ring_for(reserved, place), place.interaction_id)

    def picked_up(self, agent: LiveAgent, place: Place, channel: str) -> None:
        """The phone of whoever was called was answered."""
        told = Event(
            EventKind.DIAL_PICKED_UP, self._clock.now(), place.interaction_id, agent.agent_id,
            {"queue": place.queue, "token": agent.token},
        )  # fmt: skip
        self._changes.customer_answered(agent, replace(place, channel=channel), told)

    def ended(self, token: int, interaction_id: str, cause: str) -> bool:
        """The leg of whoever was called is gone; whether it ended before anybody answered. At once, before anybody hears that the
        agent's leg ended, too."""
        place = self._store.where(interaction_id)[1]
        agent = self._calls.agent_of(token)
        if place is None or not place.dialled or place.channel:
            return False
        if agent is None or place.missed:
            return True
        now = self._clock.now()
        why = why_missed(cause, agent.since, now)
        log.info("dial_missed", agent_id=agent.agent_id, why=why, cause=cause)
        told = missed_event(place, why, now, agent.agent_id)
        if not self._changes.customer_answered(agent, replace(place, missed=why), told):
            self._publish(told)  # the agent is lost already, and the record is to say so
        self._calls.why_unanswered.is_known(token)
        return True

    def _start(self, work: Coroutine[Any, Any, None], interaction_id: str) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)

        def done(finished: "asyncio.Task[None]") -> None:
            self._tasks.discard(finished)
            problem = None if finished.cancelled() else finished.exception()
            if problem is not None:  # the deadline of the reservation, or the resync, settles what was left in the middle
                with interaction_context(interaction_id):
                    log.warning("dial_unsettled", why=problem.code if isinstance(problem, HaloError) else repr(problem))

        task.add_done_callback(done)


def place_of_order(order: Event, now: datetime) -> Place:
    """The place that whoever is called has while they are called: taken from the first moment on."""
    data = order.data
    return Place(
        order.interaction_id, str(data["queue"]), now, "", customer_id=data["customer_id"], ani=str(data["number"]),
        language=str(data["language"]), dialled=str(data["purpose"]),
    )  # fmt: skip


def why_missed(cause: str, since: datetime | None, now: datetime) -> str:
    """In a code, why nobody answered: by Q.850's cause, and by how long it had rung since the agent was there."""
    if cause in _HUNG_UP:
        return "gave_up" if since is not None and now - since < _GAVE_UP else "no_answer"
    return _WHY.get(cause, FAILED)
