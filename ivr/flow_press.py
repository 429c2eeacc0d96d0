"""Works on orders to publish, from the check to the moment it is in force, and tells all the while how far it is."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.clock import Clock, stopwatch_s
from core.database import Database
from core.errors import BadInput, HaloError
from core.events import Event, EventKind
from core.log import get_log
from core.problem import Faults, Problem
from ivr.conversations.rehearsal import rehearse_all
from ivr.conversations.story import Story
from ivr.flow_drafts import FLOW_DRAFTS
from ivr.flow_file import FlowText, read_flow
from ivr.flow_orders import FlowOrder, State, Way, order_of, take_order
from ivr.flow_remark import Remark, remark_on_conversation, remark_on_fault, remarks_to_json
from ivr.flow_version import FlowVersion
from ivr.publication import Overtaken, Publisher

CONVERSATIONS = "conversations"
_TOLD_EVERY_S = 0.25
_log = get_log(__name__)

Tell = Callable[[Event], object]


class Press(Protocol):
    """What a page needs to have flows published."""

    def problems(self, text: FlowText) -> Sequence[Problem]:
        """What is wrong with a flow in this installation, in the order of its lines."""
        ...

    def begin(self, order_id: str) -> None:
        """Have an order worked on, soon and elsewhere. Raises Unavailable."""
        ...


class Progress:
    """Writes down how far an order is, and tells the pages; not more than a few times a second."""

    def __init__(self, database: Database, clock: Clock, tell: Tell, order: FlowOrder) -> None:
        self._database, self._clock, self._tell, self._order = database, clock, tell, order
        self._step, self._told_s = "", 0.0

    def __call__(self, step: str, done: int, of: int) -> None:
        """The work is at `step`: so many of so many are done (of 0: nobody knows)."""
        if step == self._step and done < of and stopwatch_s() - self._told_s < _TOLD_EVERY_S:
            return
        self._step, self._told_s = step, stopwatch_s()
        self._write(State.WORKING, step=step, done=done, of=of)

    def end(self, state: State, version: int = 0, remarks: Iterable[Remark] = ()) -> None:
        """Nothing more will happen."""
        self._write(state, version=version, told=remarks_to_json(remarks))
        _log.info("flow_order_over", flow=self._order.flow, way=self._order.way, state=state.value, version=version)

    def published(self, version: int) -> None:
        """It is in force. What its author typed meanwhile is based on it."""
        with self._database.writing() as session:
            order = self._order
            FLOW_DRAFTS.published(session, order.flow, order.login, order.content, order.based_on, version)
            session.commit()
        self.end(State.DONE, version)

    def _write(self, state: State, **values: object) -> None:
        now = self._clock.now()
        with self._database.writing() as session:
            order = order_of(session, self._order.id)
            order.state, order.changed_at = state, now
            for name, value in values.items():
                setattr(order, name, value)
            session.commit()
        try:
            self._tell(order_changed(order, now))
        except HaloError as problem:  # the pages look by themselves now and then; the flow is put in force all the same
            _log.warning("flow_order_not_told", why=problem.code)


def order_changed(order: FlowOrder, now: datetime) -> Event:
    """What the pages are told of an order."""
    data = {
        "flow": order.flow, "order": order.id, "way": order.way, "state": order.state, "step": order.step, "done": order.done,
        "of": order.of, "version": order.version, "by": order.by,
    }  # fmt: skip
    return Event(EventKind.FLOW_ORDER_CHANGED, now, data=data)


def work_on(
    order_id: str, database: Database, clock: Clock, publisher: Publisher, stories: Callable[[], Sequence[Story]], tell: Tell
) -> bool:
    """Work on one order to its end; False when it is over already or in other hands. Safe to repeat."""
    with database.writing() as session:
        order = take_order(session, order_id, clock.now())
        session.commit()
    if order is None:
        return False
    progress = Progress(database, clock, tell, order)
    try:
        _carry_out(order, publisher, stories, progress)
    except Overtaken:
        progress.end(State.CONFLICT)
    except Faults as faults:
        progress.end(State.REFUSED, remarks=map(remark_on_fault, faults.problems))
    except BadInput as problem:
        progress.end(State.REFUSED, remarks=map(Remark, problem.message.split("\n")))
    except HaloError as problem:
        progress.end(State.FAILED, remarks=[Remark(str(problem))])
    except Exception as problem:
        _log.exception("flow_order_failed", flow=order.flow)
        progress.end(State.FAILED, remarks=[Remark(type(problem).__name__)])
    return True


def _carry_out(order: FlowOrder, publisher: Publisher, stories: Callable[[], Sequence[Story]], progress: Progress) -> None:
    if order.way == Way.BRING_BACK:
        version = publisher.roll_back(order.flow, order.number, order.by, based_on=order.based_on, progress=progress)
        progress.end(State.DONE, version)
        return
    progress("check", 0, 0)
    text = read_flow(order.content, order.flow)
    if not order.anyway:
        other = list(_gone_otherwise(text, [story for story in stories() if story.flow == order.flow], progress))
        if other:
            progress.end(State.UNTRUE, remarks=other)
            return
    version = publisher.publish(text, order.by, order.note, based_on=order.based_on, progress=progress)
    progress.published(version)


def _gone_otherwise(text: FlowText, stories: Sequence[Story], progress: Progress) -> Iterable[Remark]:
    for number, done in enumerate(rehearse_all(stories, FlowVersion(text.flow)), start=1):
        progress(CONVERSATIONS, number, len(stories))
        if done.deviation is not None:
            yield remark_on_conversation(done.story.title, done.deviation)
