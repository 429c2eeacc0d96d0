"""Promised calls that keep a place: in line when they are due, called once when reached, settled when the call is over.

The records are the truth. `settle` makes the line agree with them and may run at any time, as often as wanted: after a crash of
ours, of Asterisk or of Redis it finds out where each promise stands, and nobody is called twice for the same try.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.clock import Clock
from core.database import Database
from core.errors import HaloError
from core.events import Event, EventKind
from core.ids import derived_id
from core.log import get_log, interaction_context
from crm.callback_tasks import CallbackTask, TaskState
from crm.callback_tries import give_back, keep_picked_up, kept_tasks, spoke_meanwhile, take_for_call, was_answered
from cti.queued import queued_event
from routing.agent_state import AgentState
from routing.callback_outcomes import CallbackOutcomes, place_of
from routing.callback_plan import Earliest
from routing.live import NO_TERM, LiveAgent, LiveStore
from routing.place import Place
from routing.policy import CallFirst

_RETRY_AFTER = timedelta(seconds=5)  # the records or the live state did not answer
_NEWS = frozenset({EventKind.CALLBACK_TASK_CHANGED, EventKind.CALLBACK_MISSED, EventKind.CALLBACK_TAKEN_OVER})
_BUSY, _NO_ANSWER, _FAILED = "busy", "no_answer", "failed"
_WHY = {"17": _BUSY, "21": _BUSY, "16": _NO_ANSWER, "18": _NO_ANSWER, "19": _NO_ANSWER, "0": _NO_ANSWER}  # by Q.850's cause

_Done = TypeVar("_Done")


class Turn(Enum):
    """What an agent who was reserved for a promised call is to do."""

    NOTHING = auto()  # the promise is over, or not due
    CALL = auto()  # the promise is in this agent's hands
    WAIT = auto()  # the customer is to be called first
    WAIT_ON = auto()  # as WAIT, but their phone is being called already: their first agent was lost


log = get_log(__name__)


class Callbacks:
    """All that touches the records runs in one thread, one after the other, so that no step overtakes another."""

    def __init__(
        self, clock: Clock, database: Database, store: LiveStore, earliest: Earliest, outcomes: CallbackOutcomes,
        publish: Callable[[Event], object], term: Callable[[], str] = str,
    ) -> None:  # fmt: skip
        self._clock, self._database, self._store, self._earliest, self._publish = clock, database, store, earliest, publish
        self._outcomes, self._term = outcomes, term
        self._thread = ThreadPoolExecutor(1, "callbacks")
        self._wake = asyncio.Event()
        self._in_line: frozenset[str] | None = None  # promises that are due; None: not known yet
        self._causes: dict[str, str] = {}  # with which the customers' legs of tries that go on ended, by interaction
        self._next: datetime | None = None
        self.paused = False  # while the live state is compared with Asterisk: who is in line then may be being called

    # ---- when to look ------------------------------------------------------------------------------------------

    def take_note(self, event: Event) -> None:
        """One event of the log: look when it may be about a promise."""
        if event.kind in _NEWS or (event.kind is EventKind.AGENT_STATE_CHANGED and event.interaction_id in (self._in_line or ())):
            self.look()

    def look(self) -> None:
        """Something may be due."""
        self._wake.set()

    def look_anew(self) -> None:
        """The line was made to agree with Asterisk, or may have been lost."""
        self._in_line = None
        self.look()

    async def run(self) -> None:
        """Settle whenever there is news and when the next promise is due, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._patience_s()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            if self.paused:
                self._next = None  # whoever ends it looks anew
                continue
            try:
                self._next = await self._in_thread(self.settle)
            except (HaloError, SQLAlchemyError) as problem:
                self._next = self._clock.now() + _RETRY_AFTER
                log.warning("callbacks_wait", why=type(problem).__name__)
            except Exception:  # one bad row must not end it; it is logged and looked at again with the next news
                self._next = self._clock.now() + _RETRY_AFTER
                log.exception("callbacks_unsettled")

    def _patience_s(self) -> float | None:
        return None if self._next is None else max(0.05, (self._next - self._clock.now()).total_seconds())

    async def _in_thread(self, work: Callable[[], _Done]) -> _Done:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # ---- the line agrees with the records --------------------------------------------------------------------------

    def settle(self) -> datetime | None:
        """Bring each promise to where it belongs; returns when the next one is due."""
        now = self._clock.now()
        if self._term() == NO_TERM:
            return None  # another leads; when it is us again, we look anew
        with self._database.reading() as session:
            tasks = kept_tasks(session)
        due = frozenset(task.interaction_id for task in tasks if task.next_at is not None and task.next_at <= now)
        before, self._in_line = self._callbacks_in_line() if self._in_line is None else self._in_line, due
        for task in tasks:
            with interaction_context(task.interaction_id):
                self._settle(task, task.interaction_id in due, now)
        for interaction_id in before - due:
            self._causes.pop(interaction_id, None)
            self._withdraw(interaction_id, now)
        return min((task.next_at for task in tasks if task.next_at is not None and task.next_at > now), default=None)

    def _callbacks_in_line(self) -> frozenset[str]:
        return frozenset(key for key, place in self._store.snapshot().line.items() if place.callback)

    def _settle(self, task: CallbackTask, is_due: bool, now: datetime) -> None:
        in_line, taken = self._store.where(task.interaction_id)
        if task.state == TaskState.TAKEN:
            self._settle_taken(task, in_line, taken, now)
        elif task.state == TaskState.CALLED:
            self._settle_called(task, in_line, taken, now)
        elif is_due and in_line is None and taken is None:
            self._put_in_line(task, now)

    def _settle_taken(self, task: CallbackTask, in_line: Place | None, taken: Place | None, now: datetime) -> None:
        if in_line is not None and in_line.callback:
            with self._database.writing() as session:
                give_back(session, task.id)  # the agent's phone was not answered, or not rung
                session.commit()
            return
        holder = self._holder_of(task.interaction_id) if taken is not None else None
        if holder is not None and (holder.state is not AgentState.WRAP_UP or task.picked_up_at is not None):
            return  # the agent says how it ended, until the wrap-up is over
        if task.picked_up_at is not None:
            self._outcomes.reached(task, task.agent_id, now)
        else:
            self._outcomes.missed(task, self._why(task), now)

    def _settle_called(self, task: CallbackTask, in_line: Place | None, taken: Place | None, now: datetime) -> None:
        """The customer was called first. Whether their leg is still there, says whoever follows it: in line they are being called,
        or wait on the line."""
        holder = self._holder_of(task.interaction_id) if taken is not None else None
        if holder is not None and taken is not None and taken.channel and holder.state in (AgentState.TALKING, AgentState.WRAP_UP):
            self._outcomes.closed(task, now, holder.agent_id)
        elif holder is None and (in_line is None or not in_line.callback):
            with self._database.reading() as session:
                answered = was_answered(session, task)
            if answered:
                self._outcomes.closed(task, now, task.agent_id)
            else:
                self._outcomes.missed(task, self._why(task), now, even_if_picked_up=True)

    def _why(self, task: CallbackTask) -> str:
        return _WHY.get(self._causes.pop(task.interaction_id, "19"), _FAILED)

    def _holder_of(self, interaction_id: str) -> LiveAgent | None:
        agents = self._store.snapshot().agents.values()
        return next((agent for agent in agents if agent.interaction_id == interaction_id and agent.holds_caller), None)

    def _put_in_line(self, task: CallbackTask, now: datetime) -> None:
        open_at = self._earliest(task.queue, now)
        if open_at > now:
            self._outcomes.put_off(task, open_at, now)
            return
        place = place_of(task)
        queued = queued_event(place, again=True, at=now)
        if place.queued_at > task.created_at and not task.tries:  # nobody has called: the interaction begins with this
            id_ = task.interaction_id
            data = {"ani": task.number, "dnis": "", "channel": ""}
            key = derived_id(EventKind.INTERACTION_STARTED, id_)
            self._publish(Event(EventKind.INTERACTION_STARTED, place.queued_at, id_, data=data, key=key))
            queued = replace(queued_event(place), key=derived_id(EventKind.INTERACTION_QUEUED, id_))
        if self._store.put_in_line(place, queued, self._term()):
            log.info("callback_in_line", queue=task.queue, tries=task.tries)

    def _withdraw(self, interaction_id: str, now: datetime) -> None:
        place = self._store.where(interaction_id)[0]
        if place is not None and place.callback:
            self._store.take_out_of_line(interaction_id, withdrawn_event(place, now))

    # ---- one try ---------------------------------------------------------------------------------------------------

    async def turn(self, agent_id: str, place: Place, first: CallFirst) -> Turn:
        """An agent was reserved for it: what is to be done now, and that is on record."""
        try:
            return await self._in_thread(lambda: self._turn(agent_id, place, first))
        except SQLAlchemyError as problem:
            log.warning("callback_not_begun", why=type(problem).__name__)
            self._next = self._clock.now() + _RETRY_AFTER
            self.look()
            return Turn.NOTHING

    def _turn(self, agent_id: str, place: Place, first: CallFirst) -> Turn:
        now = self._clock.now()
        if self._term() == NO_TERM:
            return Turn.NOTHING
        customer_first = first is CallFirst.CUSTOMER
        open_at = self._earliest(place.queue, now)
        with self._database.writing() as session:
            begun = session.get(CallbackTask, place.callback)
            if begun is not None and begun.state == TaskState.CALLED:
                return Turn.WAIT_ON
            taken_as = TaskState.CALLED if customer_first else TaskState.TAKEN
            task = take_for_call(session, place.callback, agent_id, now, taken_as)
            spoke = task is not None and spoke_meanwhile(session, task)
            if task is not None and not spoke and open_at <= now:
                self._causes.pop(place.interaction_id, None)
                session.commit()
                return Turn.WAIT if customer_first else Turn.CALL
        if task is not None and spoke:
            self._outcomes.closed(task, now)
        elif task is not None:
            self._outcomes.put_off(task, open_at, now)
        return Turn.NOTHING

    async def picked_up(self, task_id: int) -> None:
        """The customer's phone was answered; whether by them, the agent says."""
        now = self._clock.now()

        def keep() -> None:
            with self._database.writing() as session:
                keep_picked_up(session, task_id, now)
                session.commit()

        await self._in_thread(keep)

    def leg_ended(self, interaction_id: str, cause: str) -> None:
        """The customer's leg of a try ended; `cause` is Q.850's number. At once, before anybody hears that the agent's ended, too:
        `settle`, which may be running, would find the agent in wrap-up and have to guess."""
        if self._in_line is None or interaction_id in self._in_line:
            self._causes[interaction_id] = cause

    async def not_reached(self, task_id: int, why: str = "") -> bool:
        """The try was in vain: the customer's leg has ended, as told by leg_ended, or because of `why`. False when their phone had
        been answered (and no `why` says that it does not count), or no try went on."""

        def keep() -> bool:
            with self._database.reading() as session:
                task = session.get(CallbackTask, task_id)
            if task is None:
                return False
            cause = self._why(task)
            return self._outcomes.missed(task, why or cause, self._clock.now(), even_if_picked_up=bool(why))

        return await self._in_thread(keep)

    async def not_dialled(self, task_id: int) -> None:
        """The customer's phone was not called after all: the same try is still to be made."""

        def undo() -> None:
            with self._database.writing() as session:
                give_back(session, task_id)
                session.commit()

        await self._in_thread(undo)

    async def answered(self, task: CallbackTask) -> None:
        """An agent whom we did not reserve has taken the customer, who waited on the line."""
        await self._in_thread(lambda: self._outcomes.closed(task, self._clock.now()))

    async def task(self, task_id: int) -> CallbackTask | None:
        """The promise as it is on record now."""

        def read() -> CallbackTask | None:
            with self._database.reading() as session:
                return session.get(CallbackTask, task_id)

        return await self._in_thread(read)

    async def called_first(self) -> list[CallbackTask]:
        """The promises whose customers are being called, or wait on the line, before an agent has answered."""

        def read() -> list[CallbackTask]:
            with self._database.reading() as session:
                return [task for task in kept_tasks(session) if task.state == TaskState.CALLED]

        return await self._in_thread(read)


def withdrawn_event(place: Place, now: datetime) -> Event:
    """The event that a promised call is in line no more, and was not begun."""
    return Event(EventKind.CALLBACK_WITHDRAWN, now, place.interaction_id, data={"queue": place.queue})
