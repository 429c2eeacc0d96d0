"""Which callers hear music because their agent holds them: asked of Asterisk after any time in which nobody listened.

Asterisk tells of a hold once, when it begins and when it ends. Whoever was away then asks each agent's leg how it is now, and tells
it as of now, so that the record does not count a talk as hold, nor a hold as talk, for longer than that. Told of what is known
already, the record stays as it is.
"""

from collections.abc import Sequence

from asterisk_conf import names
from core.clock import Clock
from core.events import Event, EventKind
from cti.ami import ActionRefused, Ami, Row
from cti.talk_recorder import TalkRecorder
from routing.agent_changes import AgentChanges
from routing.agent_state import AgentState
from routing.live import LiveAgent, LiveStore

HELD = "CHANNEL(rtp,hold,audio)"  # of a leg: whether whoever is there has put the line on hold, by browser or by desk phone


class Holds:
    """Inside the event loop of the process that leads."""

    def __init__(
        self, clock: Clock, store: LiveStore, changes: AgentChanges, ami: Ami, recorder: TalkRecorder
    ) -> None:  # fmt: skip
        self._clock, self._store, self._changes, self._ami, self._recorder = clock, store, changes, ami, recorder

    async def compare(self, rows: Sequence[Row]) -> None:
        """Ask each agent's leg among these channels, and then have each recording silent or not as it has to be.

        Raises Unavailable when Asterisk does not answer.
        """
        held: dict[int, bool] = {}
        for row in rows:
            token = names.token_of_leg(row.get("uniqueid", ""))
            if token is not None:
                held[token] = await self._is_held(row.get("channel", ""))
                self._recorder.hold_is(token, held[token])
        for agent in self._store.snapshot().agents.values():
            if agent.token in held and self._talks(agent):
                now, is_held = self._clock.now(), held[agent.token]
                kind = EventKind.INTERACTION_HELD if is_held else EventKind.INTERACTION_RESUMED
                told = Event(kind, now, agent.interaction_id, agent.agent_id, {"why": "agent"})
                self._changes.caller_held(agent, (agent.held_since or now) if is_held else None, told)
        await self._recorder.compare()

    def _talks(self, agent: LiveAgent) -> bool:
        """Whether it is the caller who hears this agent, or music in their stead."""
        if agent.state is not AgentState.TALKING or agent.deadline is not None or not agent.hears_caller:
            return False
        place = self._store.where(agent.interaction_id)[1]
        return place is not None and bool(place.channel)

    async def _is_held(self, channel: str) -> bool:
        try:
            return (await self._ami.action("Getvar", Channel=channel, Variable=HELD)).get("value") == "1"
        except ActionRefused:  # the leg is gone by now
            return False
