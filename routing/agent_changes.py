"""Every change of an agent's state, as one checked step: legal by the table, atomic in Redis, told as an event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import HaloError
from core.events import Event, EventKind
from routing.agent_state import Action, AgentState, IllegalChange, NotReadyReason, next_state
from routing.live import NO_TERM, LiveAgent, LiveStore, Refusal, moment_text
from routing.place import Place
from routing.talk_changes import TalkChanges

_TRIES = 5


class StaleReservation(HaloError):
    """The reservation that this step belongs to is over; somebody else changed the agent meanwhile."""

    code = "stale_reservation"


class StaleLeader(StaleReservation):
    """Whoever takes this step leads no more: another does, and settles the matter."""

    code = "stale_leader"


class AgentChanges(TalkChanges):
    """What an agent does, and what happens to an agent. Safe to call from any process at any time.

    `term` gives the term of the leader whose steps these are, the one of `partition`; without it they are people's, and need no
    leader.
    """

    def __init__(
        self, store: LiveStore, clock: Clock, presence_lease_s: float, term: Callable[[], str] = str, partition: str = ""
    ) -> None:
        super().__init__(store, clock, term, partition)
        self._presence_lease_s = presence_lease_s

    def log_in(self, agent_id: str) -> LiveAgent:
        """OFFLINE -> NOT_READY. An agent who is logged in already stays as they are (a reloaded page)."""
        self.renew_presence(agent_id)
        agent = self._store.agent(agent_id)
        if agent.state is not AgentState.OFFLINE:
            return agent
        return self._apply(agent_id, Action.LOG_IN, reason=NotReadyReason.LOGGED_IN)

    def log_out(self, agent_id: str) -> LiveAgent:
        """READY or NOT_READY -> OFFLINE. Raises IllegalChange in a call or in wrap-up."""
        return self._apply(agent_id, Action.LOG_OUT)

    def make_ready(self, agent_id: str) -> LiveAgent:
        """NOT_READY -> READY. Ready already: stays so, keeping the time idle."""
        agent = self._store.agent(agent_id)
        return agent if agent.state is AgentState.READY else self._apply(agent_id, Action.READY)

    def make_not_ready(self, agent_id: str, reason: NotReadyReason) -> LiveAgent:
        """READY or NOT_READY -> NOT_READY with this reason."""
        return self._apply(agent_id, Action.NOT_READY, reason=reason)

    def finish_wrap_up(self, agent_id: str, interaction_id: str, ready: bool) -> LiveAgent:
        """WRAP_UP -> READY, or NOT_READY with the reason chosen during the call, or when the agent wants a break. Finished already:
        stays as it is."""
        agent = self._store.agent(agent_id)
        if agent.state is not AgentState.WRAP_UP or agent.interaction_id != interaction_id:
            return agent
        reason = agent.after_call if ready else NotReadyReason.BREAK.value
        after = AgentState.NOT_READY if reason else AgentState.READY
        return self._apply(agent_id, Action.DONE, token=agent.token, after=after, reason=reason, place="drop")

    def choose_after_call(self, agent_id: str, reason: NotReadyReason | None) -> LiveAgent:
        """What an agent whose phone rings, who talks or wraps up, becomes afterwards; None: ready. Raises IllegalChange at rest."""
        for _try in range(_TRIES):
            agent = self._store.agent(agent_id)
            if agent.state not in _BUSY:
                raise IllegalChange("There is no call after which that could be.", "Choose the state itself.")
            chosen = reason.value if reason else ""
            told = Event(EventKind.AGENT_NEXT_STATE_CHOSEN, self._clock.now(), agent_id=agent_id, data={"reason": chosen})
            if self._change(agent_id, agent.state, {"after_call": chosen}, [told], token=agent.token) is None:
                return self._store.agent(agent_id)
        raise IllegalChange(f"Agent {agent_id} changes too fast.", "Try again.")

    def wrap_up_timed_out(self, agent: LiveAgent) -> LiveAgent:
        """WRAP_UP -> READY at the deadline, or NOT_READY with the reason chosen during the call."""
        fresh = self._store.agent(agent.agent_id)
        was_put_off = fresh.deadline is not None and agent.deadline is not None and fresh.deadline > agent.deadline
        if fresh.token == agent.token and was_put_off:
            return fresh  # it was put off in this moment
        reason = fresh.after_call
        after = AgentState.NOT_READY if reason else None
        return self._apply(agent.agent_id, Action.TIMEOUT, token=agent.token, after=after, reason=reason, place="drop")

    def extend_wrap_up(self, agent: LiveAgent, until: datetime) -> bool:
        """The wrap-up that this agent is in lasts until then. False when it is over, and nothing was changed or told."""
        told = Event(
            EventKind.WRAP_UP_EXTENDED, self._clock.now(), agent.interaction_id, agent.agent_id, {"until": until.isoformat()}
        )
        fields = {"deadline": moment_text(until)}
        return self._change(agent.agent_id, AgentState.WRAP_UP, fields, [told], token=agent.token) is None

    def device_lost(
        self, agent: LiveAgent, place: str = "keep", restored: Place | None = None, events: Sequence[Event] = ()
    ) -> LiveAgent:
        """Any state -> NOT_READY(device); `place` says what becomes of a caller in hand (see lua/change.lua)."""
        return self._apply(
            agent.agent_id, Action.DEVICE_LOST, token=agent.token, reason=NotReadyReason.DEVICE, place=place,
            restored=restored, events=events,
        )  # fmt: skip

    def reserved_for(self, agent: LiveAgent, event: Event, deadline: datetime | None = None, place: Place | None = None) -> bool:
        """The reservation of this agent lasts until `deadline` (None: as before), while the customer is called first; `place`, when
        they are on the line. False when it is over, and nothing was changed or told."""
        fields = {} if deadline is None else {"deadline": moment_text(deadline)}
        refusal = self._change(
            agent.agent_id, AgentState.RESERVED, fields, [event], token=agent.token, interaction_id=event.interaction_id,
            restored=place,
        )  # fmt: skip
        return refusal is None

    def reserve_to_ask(self, agent_id: str, interaction_id: str, consulted_by: str, deadline: datetime) -> LiveAgent | Refusal:
        """READY -> RESERVED of an agent who is asked about a caller whom another agent talks with."""
        token, now = self._store.next_token(), self._clock.now()
        fields = _fields(AgentState.RESERVED, now, "", interaction_id, deadline) | {
            "token": str(token), "partition": self.partition, "consulted_by": consulted_by,
        }  # fmt: skip
        told = _state_changed(agent_id, Action.RESERVE, AgentState.READY, now, fields, token, interaction_id)
        told.data.update(about_another=True)
        refusal = self._change(agent_id, AgentState.READY, fields, [told], place="ask", interaction_id=interaction_id)
        return refusal or self._store.agent(agent_id)

    def hand_over(
        self, agent: LiveAgent, given: Place, deadline: datetime | None, place: Place | None, events: Sequence[Event],
        is_kept: bool = False,
    ) -> bool:  # fmt: skip
        """TALKING -> WRAP_UP of an agent who gives the caller away: into the line at `place`; without, out of our hands, unless the
        place taken `is_kept` for an agent who has the caller now.

        `given` is the place as they had it, for their wrap-up. Who has hung up a moment before is in wrap-up already, and keeps it.
        False when they have the caller no more, and nothing was changed or told.
        """
        now = self._clock.now()
        operation = "restore" if place is not None else "keep" if is_kept else "drop"
        given_fields = {"handed_over": given.to_json()}
        fields = _fields(AgentState.WRAP_UP, now, "", agent.interaction_id, deadline) | given_fields
        told = _state_changed(agent.agent_id, Action.HANG_UP, AgentState.TALKING, now, fields, agent.token, agent.interaction_id)
        told.data.update(handed_over=True, queue=given.queue)
        for before, values, all_events in (
            (AgentState.TALKING, fields, [*events, told]), (AgentState.WRAP_UP, given_fields, events),
        ):  # fmt: skip
            refusal = self._change(
                agent.agent_id, before, values, all_events, token=agent.token, place=operation,
                interaction_id=agent.interaction_id, restored=place,
            )  # fmt: skip
            if refusal is None or refusal.cause != "state":
                break
        return refusal is None

    def renew_presence(self, agent_id: str) -> None:
        """The page is open: it counts as open for another lease."""
        until = self._clock.now() + timedelta(seconds=self._presence_lease_s)
        self._store.set_fields(agent_id, {"lease_until": moment_text(until)})

    def phone_changed(self, agent_id: str, up: bool) -> None:
        """The agent's phone came or went (told once a change). Who leads no more may have old news: it is not taken."""
        if self._store.agent(agent_id).phone_up == up or self._term() == NO_TERM:
            return
        now = self._clock.now()
        event = Event(EventKind.AGENT_PHONE_CHANGED, now, agent_id=agent_id, data={"up": up})
        self._store.set_fields(agent_id, {"phone": "up" if up else "down", "phone_since": moment_text(now)}, event)

    def choose_phone(self, agent_id: str, kind: str) -> None:
        """This phone of theirs rings from now on; whether it is there is told by Asterisk, and until then it is not (told once a
        change)."""
        if self._store.agent(agent_id).phone_kind == kind:
            return
        now = self._clock.now()
        event = Event(EventKind.AGENT_PHONE_CHOSEN, now, agent_id=agent_id, data={"kind": kind})
        self._store.set_fields(agent_id, {"phone_kind": kind, "phone": "down", "phone_since": moment_text(now)}, event)

    def apply_reserved(
        self,
        agent_id: str,
        action: Action,
        token: int,
        *,
        interaction_id: str,
        reason: str = "",
        deadline: datetime | None = None,
        place: str = "keep",
        restored: Place | None = None,
        events: Sequence[Event] = (),
    ) -> LiveAgent:
        """A step of a reservation; raises StaleReservation when `token` is not the one in force, or another leads."""
        return self._apply(
            agent_id, action, token=token, reason=reason, deadline=deadline, place=place, restored=restored,
            interaction_id=interaction_id, events=events,
        )  # fmt: skip

    def try_reserve(self, agent_id: str, place: Place, deadline: datetime, because: Mapping[str, object]) -> LiveAgent | Refusal:
        """READY -> RESERVED and the place taken, in one step; a Refusal when either is no longer to be had, or another leads."""
        token = self._store.next_token()
        now = self._clock.now()
        fields = _fields(AgentState.RESERVED, now, "", place.interaction_id, deadline) | {
            "token": str(token), "partition": self.partition,
        }  # fmt: skip
        event = _state_changed(agent_id, Action.RESERVE, AgentState.READY, now, fields, token, place.interaction_id)
        event.data.update(queue=place.queue, because=dict(because))
        if self.partition:
            event.data.update(partition=self.partition, term=self._term())
        refusal = self._change(agent_id, AgentState.READY, fields, [event], place="take", interaction_id=place.interaction_id)
        if refusal is not None:
            return refusal
        return LiveAgent(
            agent_id, AgentState.RESERVED, now, "", place.interaction_id, token, deadline, phone_up=True, partition=self.partition
        )

    def dial(self, agent_id: str, place: Place, deadline: datetime) -> LiveAgent | Refusal:
        """READY or NOT_READY -> RESERVED of an agent who calls this customer by hand. Afterwards they are what they were, unless
        they choose otherwise. A wrap-up that they are in is done in the same step; what is not saved of it, they save later.
        Raises IllegalChange for whoever is busy; a Refusal when their phone is away, or another leads."""
        for _try in range(_TRIES):
            before, now = self._store.agent(agent_id), self._clock.now()
            if before.reason == NotReadyReason.RESCUE:
                raise IllegalChange(f"Agent {agent_id} may be in an emergency call.", "Wait until it is over.")
            done, rest = self._wrap_up_done(before, now) if before.state is AgentState.WRAP_UP else ((), before)
            state, token = next_state(rest.state, Action.DIAL), self._store.next_token()
            fields = _fields(state, now, "", place.interaction_id, deadline) | {
                "token": str(token), "partition": self.partition, "dialled": "1",
                "after_call": rest.reason if rest.state is AgentState.NOT_READY else "",
            }  # fmt: skip
            told = _state_changed(agent_id, Action.DIAL, rest.state, now, fields, token, place.interaction_id)
            told.data.update(queue=place.queue, dialled=True)
            refusal = self._change(
                agent_id, before.state, fields, [*done, told], token=before.token, place="bring",
                interaction_id=place.interaction_id, restored=place,
            )  # fmt: skip
            if refusal is None:
                return self._store.agent(agent_id)
            if refusal.cause not in ("state", "token"):
                return refusal
        raise IllegalChange(f"Agent {agent_id} changes too fast.", "Try again.")

    def _wrap_up_done(self, before: LiveAgent, now: datetime) -> tuple[tuple[Event, ...], LiveAgent]:
        """That this agent's wrap-up is done, to be told with what they do next; and what they are after it."""
        after = AgentState.NOT_READY if before.after_call else AgentState.READY
        fields = _fields(after, now, before.after_call, "", None)
        told = _state_changed(before.agent_id, Action.DONE, before.state, now, fields, before.token, before.interaction_id)
        if not before.holds_caller:
            told.data.update(about_another=True)
        if before.dialled:
            told.data.update(dialled=True)
        return (told,), replace(before, state=after, reason=before.after_call)

    def _apply(
        self,
        agent_id: str,
        action: Action,
        *,
        token: int | None = None,
        reason: str = "",
        deadline: datetime | None = None,
        place: str = "keep",
        restored: Place | None = None,
        interaction_id: str = "",
        after: AgentState | None = None,
        events: Sequence[Event] = (),
    ) -> LiveAgent:
        for _try in range(_TRIES):
            before = self._store.agent(agent_id)
            if token is not None and before.token != token:
                raise StaleReservation(f"{action} came too late for agent {agent_id}.", "Nothing to do.")
            state = next_state(before.state, action) if after is None else after
            if before.dialled and before.after_call and action in _BACK_TO_REST:
                state, reason = AgentState.NOT_READY, before.after_call  # as before they dialled
            now = self._clock.now()
            held = before.interaction_id if state in _WITH_INTERACTION else ""
            fields = _fields(state, now, reason, held, deadline)
            about = interaction_id or before.interaction_id
            changed = _state_changed(agent_id, action, before.state, now, fields, before.token, about)
            if before.interaction_id and not before.holds_caller:
                place, restored = "keep", None  # the caller is somebody else's
                changed.data.update(about_another=True)
            if before.dialled:
                changed.data.update(dialled=True)
            refusal = self._change(
                agent_id, before.state, fields, [*events, changed],
                token=before.token if token is not None else None, place=place, interaction_id=about, restored=restored,
            )  # fmt: skip
            if refusal is None:
                return self._store.agent(agent_id)
            if refusal.cause == "leader":
                raise StaleLeader(f"{action} for agent {agent_id} is another leader's to do.", "Nothing to do.")
        raise IllegalChange(f"Agent {agent_id} changes too fast for {action}.", "Try again.")


def _state_changed(
    agent_id: str, action: Action, before: AgentState, now: datetime, fields: Mapping[str, str], token: int, interaction_id: str
) -> Event:
    data = {"action": action.value, "before": before.value, "token": token}
    data |= {name: fields[name] for name in ("state", "reason", "deadline")}
    return Event(EventKind.AGENT_STATE_CHANGED, now, interaction_id=interaction_id, agent_id=agent_id, data=data)


_WITH_INTERACTION = frozenset({AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})


_BACK_TO_REST = (Action.RELEASE, Action.CALLER_GONE)
_BUSY = frozenset({AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})


def _fields(state: AgentState, now: datetime, reason: str, interaction_id: str, deadline: datetime | None) -> dict[str, str]:
    fields = {
        "state": state.value, "since": moment_text(now), "reason": str(reason), "interaction": interaction_id,
        "deadline": moment_text(deadline), "consult": "", "recording_paused_until": "",
        "is_recorded": "", "held_since": "",
    }  # fmt: skip
    if state not in _WITH_INTERACTION or state is AgentState.RESERVED:
        fields |= {"handed_over": "", "consulted_by": "", "after_call": "", "dialled": ""}
    return fields
