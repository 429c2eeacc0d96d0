"""What an agent wants done with the call in hand, or whom they want to call.

The desk asks through the event log; each order is obeyed at most once.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from asterisk_conf import names
from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from core.ids import is_id
from core.log import get_log, interaction_context
from cti.ami import Ami, Row
from cti.callers import interaction_of
from cti.consults import Consults
from cti.dialling import Dialling
from cti.identifying import Identifying
from cti.talk_recorder import AGENT_SAYS, TalkRecorder
from cti.transfers import HandedTo, NotHanded, Transfers, Wish
from routing.agent_state import AgentState
from routing.live import LiveAgent, LiveStore
from routing.place import Place

OBEYED_WITHIN = timedelta(seconds=6)  # nobody waits for it any longer, and the agent may have gone another way meanwhile

DIAL = "dial"

log = get_log(__name__)


class CallControl:
    """Obeys the orders of agents, and says what came of each. Inside the event loop of the process that leads."""

    def __init__(
        self, clock: Clock, store: LiveStore, publish: Callable[[Event], object], ami: Ami, transfers: Transfers,
        consults: Consults, recorder: TalkRecorder, dialling: Dialling, identifying: Identifying,
    ) -> None:  # fmt: skip
        self._clock, self._store, self._publish = clock, store, publish
        self._transfers, self._consults, self._recorder, self._dialling = transfers, consults, recorder, dialling
        self._identifying = identifying
        self._tasks: set[asyncio.Task[None]] = set()
        ami.on("UserEvent", self._told)

    def take_note(self, event: Event) -> None:
        """One event of the log."""
        if event.kind is EventKind.CALL_CONTROL_ASKED:
            self._start(self.obey(event))
        else:
            self._consults.take_note(event)
            self._recorder.take_note(event)

    async def obey(self, event: Event) -> None:
        """Do what the event asks for, and tell what came of it."""
        with interaction_context(event.interaction_id):
            why = ""
            try:
                await self._obey(event)
            except HaloError as problem:
                why = problem.code
                log.info("order_refused", agent_id=event.agent_id, ask=str(event.data.get("ask")), why=why)
            data = {"ask": event.data.get("ask"), "asked": event.key, "done": not why, "why": why}
            now = self._clock.now()
            self._publish(Event(EventKind.CALL_CONTROL_SETTLED, now, event.interaction_id, event.agent_id, data))

    async def _obey(self, event: Event) -> None:
        if self._clock.now() - event.at > OBEYED_WITHIN:
            raise Late("The order came too late.", "Try again.")
        if event.data["ask"] == DIAL:
            self._dialling.begin(event)
            return
        agent, place = self._in_hand(event)
        data = event.data
        match data["ask"]:
            case HandedTo.QUEUE | HandedTo.AGENT | HandedTo.OUTSIDE:
                wish = Wish(HandedTo(data["ask"]), str(data["queue"]), str(data.get("agent", "")), str(data.get("number", "")))
                await self._transfers.hand_over(agent, place, wish)
            case "consult":
                await self._consults.begin(agent, place, str(data.get("agent", "")), str(data.get("number", "")))
            case "swap":
                await self._consults.swap(agent, place)
            case "merge":
                await self._consults.merge(agent, place)
            case "complete":
                await self._consults.complete(agent, place)
            case "drop":
                await self._consults.drop(agent)
            case "pause_recording":
                await self._recorder.pause(agent, place)
            case "record_on":
                await self._recorder.go_on(agent, place)
            case "refuse_recording":
                await self._recorder.refuse(agent, place, str(data.get("how", AGENT_SAYS)))
            case "identify":
                await self._identifying.identify(agent, place, int(data["customer"]))

    def _in_hand(self, event: Event) -> tuple[LiveAgent, Place]:
        """The agent as of now, and the place of the caller in the talk. Raises NotHanded when it is not theirs any more."""
        agent = self._store.agent(event.agent_id)
        place = self._store.where(event.interaction_id)[1]
        ours = agent.interaction_id == event.interaction_id and agent.token == event.data.get("token") and agent.holds_caller
        if not ours or agent.state is not AgentState.TALKING or agent.deadline is not None or place is None or not place.channel:
            raise NotHanded("That call is not in hand.", "Nothing to do.")
        return agent, place

    def _told(self, row: Row) -> None:
        interaction_id = interaction_of(row)
        if row.get("userevent") == names.OUTSIDE_NOT_REACHED and interaction_id:
            self._start(self._transfers.not_reached(interaction_id, row.get("channel", "")))
        elif row.get("userevent") == names.OUTSIDE_ANSWERED and is_id(row.get("interaction", "")):
            answered = self._transfers.answered_outside(row)
            if answered is not None:
                self._publish(answered)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:  # Redis or Asterisk was away: the resync settles what was left in the middle
            log.warning("order_unsettled", why=problem.code if isinstance(problem, HaloError) else repr(problem))


class Late(HaloError):
    """The order was given so long ago that the agent does not wait for it any more."""

    code = "late"
