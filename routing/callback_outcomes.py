"""What becomes of a promised call that keeps a place: committed first, then told. For the dispatcher and for agents' pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from core.database import Database
from core.events import Event, EventKind
from core.ids import derived_id
from crm.callback_tasks import CallbackTask
from crm.callback_tries import keep_missed, keep_reached, put_off, take_over
from routing.callback_plan import Earliest, next_try
from routing.place import Place

Publish = Callable[[Event], object]


def place_of(task: CallbackTask) -> Place:
    """The place that the promise keeps: as it was, with nobody on the line. Raises ValueError for one that can't be read."""
    return replace(Place.from_json(task.place), callback=task.id, ani=task.number, channel="")


class CallbackOutcomes:
    """Ends or renews a promise. Each is safe to call twice, and says whether it was the one who did it."""

    def __init__(self, database: Database, earliest: Earliest, publish: Publish) -> None:
        self._database, self._earliest, self._publish = database, earliest, publish

    def reached(self, task: CallbackTask, agent_id: str, now: datetime) -> bool:
        """The agent has spoken with the customer: the wait is from the first moment in line until the phone was answered."""
        at = task.picked_up_at or now
        with self._database.writing() as session:
            done = keep_reached(session, task.id, agent_id, now)
            session.commit()
        if done is None:
            return False
        data = {"queue": task.queue, "wait_s": round(place_of(task).waited_s(at), 3), "callback": True}
        key = derived_id(EventKind.INTERACTION_ANSWERED, task.interaction_id, str(task.id))
        self._publish(Event(EventKind.INTERACTION_ANSWERED, at, task.interaction_id, agent_id, data, key=key))
        self.changed(task, "done", now)
        return True

    def missed(self, task: CallbackTask, why: str, now: datetime, even_if_picked_up: bool = False) -> bool:
        """The customer was called in vain: the next try is planned, or it was the last one."""
        tries = task.tries + 1
        next_at = next_try(tries, task.queue, now, self._earliest)
        with self._database.writing() as session:
            done = keep_missed(session, task.id, next_at, now, even_if_picked_up)
            session.commit()
        if done is None:
            return False
        data = {"queue": task.queue, "why": why, "tries": tries, "next_at": next_at.isoformat() if next_at else ""}
        self._publish(Event(EventKind.CALLBACK_MISSED, now, task.interaction_id, task.agent_id, data))
        return True

    def closed(self, task: CallbackTask, now: datetime, agent_id: str = "") -> None:
        """The customer has had an agent, in another call or, called first, as anybody who waits on the line: that was told as it
        happened, and they are not called any more."""
        with self._database.writing() as session:
            keep_reached(session, task.id, agent_id, now)
            session.commit()
        self.changed(task, "done", now)

    def put_off(self, task: CallbackTask, next_at: datetime, now: datetime) -> None:
        """Not before then."""
        with self._database.writing() as session:
            put_off(session, task.id, next_at)
            session.commit()
        self.changed(task, "put_off", now)

    def taken_over(self, number: str, customer_id: int | None, interaction_id: str, now: datetime) -> datetime | None:
        """The customer has called again, as this interaction: since when they have been in line, None: nothing was promised."""
        with self._database.reading() as session:  # which writes only where there is something to close
            over = take_over(session, number, customer_id, now)
            session.commit()
        for task in over:
            data = {"queue": task.queue, "by": interaction_id}
            self._publish(Event(EventKind.CALLBACK_TAKEN_OVER, now, task.interaction_id, data=data))
        return min((place_of(task).queued_at for task in over), default=None)

    def changed(self, task: CallbackTask, change: str, now: datetime) -> None:
        """Tell the lists of promised calls, and whoever keeps the line."""
        data = {"queue": task.queue, "change": change}
        self._publish(Event(EventKind.CALLBACK_TASK_CHANGED, now, task.interaction_id, data=data))
