"""What changes about a talk in hand without changing the agent's state: each an atomic step in Redis, told as an event."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core.clock import Clock
from core.events import Event
from routing.agent_state import AgentState
from routing.consult import Consult
from routing.live import LiveAgent, LiveStore, Refusal, moment_text
from routing.place import Place


class TalkChanges:
    """See AgentChanges, which these belong to."""

    def __init__(self, store: LiveStore, clock: Clock, term: Callable[[], str], partition: str) -> None:
        self._store, self._clock, self._term = store, clock, term
        self.partition = partition

    def hold_for_agent(self, agent: LiveAgent, until: datetime | None, event: Event) -> bool:
        """The caller of a talk is kept for an agent whose phone was lost, `until` then; None: the agent is back.

        Whom they had on hold is not forgotten meanwhile: the page that is called back holds again, on whatever machine it is.
        False when the agent has moved on meanwhile, and nothing was changed or told.
        """
        fields = {"deadline": moment_text(until)} | ({"held_since": ""} if until is None else {})
        refusal = self._change(agent.agent_id, AgentState.TALKING, fields, [event], token=agent.token)
        return refusal is None

    def caller_held(self, agent: LiveAgent, since: datetime | None, event: Event) -> bool:
        """The agent has the caller hear music, since then; None: no more. False when the talk is over, and nothing was told."""
        fields = {"held_since": moment_text(since)}
        return self._change(agent.agent_id, AgentState.TALKING, fields, [event], token=agent.token) is None

    def customer_answered(self, agent: LiveAgent, place: Place, event: Event) -> bool:
        """The customer whom this agent calls back is on the line, by the channel of `place`. False when it is too late."""
        refusal = self._change(
            agent.agent_id, AgentState.TALKING, {}, [event], token=agent.token, interaction_id=place.interaction_id, restored=place
        )
        return refusal is None

    def consult(self, agent: LiveAgent, consult: Consult | None, events: Sequence[Event]) -> bool:
        """Whom this agent, who is talking, asks about the call, and how far that is; None: nobody any more. False when the talk is
        over, and nothing was changed or told."""
        fields = {"consult": consult.to_json() if consult else "", "held_since": ""}
        return self._change(agent.agent_id, AgentState.TALKING, fields, events, token=agent.token) is None

    def pause_recording(self, agent: LiveAgent, until: datetime | None, event: Event) -> bool:
        """The recording of the talk rests until then at the latest; None: it goes on. False when the talk is over, and nothing was
        changed or told."""
        fields = {"recording_paused_until": moment_text(until)}
        return self._change(agent.agent_id, AgentState.TALKING, fields, [event], token=agent.token) is None

    def know_caller(self, agent: LiveAgent, place: Place, event: Event) -> bool:
        """The caller of this talk is the customer whom `place` names. False when it is over, and nothing was changed or told."""
        refusal = self._change(
            agent.agent_id, AgentState.TALKING, {}, [event], token=agent.token, interaction_id=place.interaction_id, restored=place
        )
        return refusal is None

    def found_recorded(self, agent: LiveAgent, is_recorded: bool, event: Event) -> bool:
        """Asterisk has said whether it records the talk. False when that is over, and nothing was changed or told."""
        fields = {"is_recorded": "1" if is_recorded else "0"}
        return self._change(agent.agent_id, AgentState.TALKING, fields, [event], token=agent.token) is None

    def refuse_recording(self, agent: LiveAgent, place: Place, event: Event) -> bool:
        """The caller of this talk objects: `place`, theirs, says so from now on. False when the talk is over."""
        fields = {"recording_paused_until": "", "is_recorded": ""}
        refusal = self._change(
            agent.agent_id, AgentState.TALKING, fields, [event], token=agent.token, interaction_id=place.interaction_id,
            restored=place,
        )  # fmt: skip
        return refusal is None

    def take_over(self, agent: LiveAgent, event: Event) -> bool:
        """The caller about whom this agent was asked is theirs now. False when they talk no more."""
        return self._change(agent.agent_id, AgentState.TALKING, {"consulted_by": ""}, [event], token=agent.token) is None

    def _change(
        self,
        agent_id: str,
        expected: AgentState,
        fields: Mapping[str, str],
        events: Sequence[Event],
        *,
        token: int | None = None,
        place: str = "keep",
        interaction_id: str = "",
        restored: Place | None = None,
    ) -> Refusal | None:
        return self._store.change(
            agent_id, expected, fields, events, token=token, place=place, interaction_id=interaction_id, restored=restored,
            term=self._term(), partition=self.partition,
        )  # fmt: skip
