"""Agent states: one table of legal changes; anything else raises."""

from enum import StrEnum

from core.errors import HaloError


class AgentState(StrEnum):
    OFFLINE = "OFFLINE"
    NOT_READY = "NOT_READY"
    READY = "READY"
    RESERVED = "RESERVED"
    RINGING = "RINGING"
    TALKING = "TALKING"
    WRAP_UP = "WRAP_UP"


class Action(StrEnum):
    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    READY = "ready"
    NOT_READY = "not_ready"
    RESERVE = "reserve"
    DIAL = "dial"
    RELEASE = "release"
    RING = "ring"
    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    REJECT = "reject"
    CALLER_GONE = "caller_gone"
    HANG_UP = "hang_up"
    DONE = "done"
    TIMEOUT = "timeout"
    DEVICE_LOST = "device_lost"


class NotReadyReason(StrEnum):
    """Why an agent is unavailable. The agent chooses those in CHOSEN_REASONS; Halo sets the others."""

    LOGGED_IN = "logged_in"
    BREAK = "break"
    MEAL = "meal"
    TRAINING = "training"
    MEETING = "meeting"
    PAPERWORK = "paperwork"
    RONA = "rona"
    REJECTED = "rejected"
    DEVICE = "device"
    RESCUE = "rescue"


CHOSEN_REASONS = (
    NotReadyReason.BREAK,
    NotReadyReason.MEAL,
    NotReadyReason.TRAINING,
    NotReadyReason.MEETING,
    NotReadyReason.PAPERWORK,
)

_S, _A = AgentState, Action

LEGAL_CHANGES: dict[tuple[AgentState, Action], AgentState] = {
    (_S.OFFLINE, _A.LOG_IN): _S.NOT_READY,
    (_S.NOT_READY, _A.READY): _S.READY,
    (_S.NOT_READY, _A.NOT_READY): _S.NOT_READY,  # another reason
    (_S.NOT_READY, _A.LOG_OUT): _S.OFFLINE,
    (_S.NOT_READY, _A.DIAL): _S.RESERVED,  # they call somebody themselves
    (_S.READY, _A.RESERVE): _S.RESERVED,
    (_S.READY, _A.DIAL): _S.RESERVED,
    (_S.READY, _A.NOT_READY): _S.NOT_READY,
    (_S.READY, _A.LOG_OUT): _S.OFFLINE,
    (_S.RESERVED, _A.RING): _S.RINGING,
    (_S.RESERVED, _A.RELEASE): _S.READY,
    (_S.RINGING, _A.ANSWER): _S.TALKING,
    (_S.RINGING, _A.NO_ANSWER): _S.NOT_READY,
    (_S.RINGING, _A.REJECT): _S.NOT_READY,
    (_S.RINGING, _A.CALLER_GONE): _S.READY,
    (_S.RINGING, _A.RELEASE): _S.READY,  # the phone could not be rung
    (_S.RESERVED, _A.CALLER_GONE): _S.READY,
    (_S.TALKING, _A.HANG_UP): _S.WRAP_UP,
    (_S.WRAP_UP, _A.DONE): _S.READY,
    (_S.WRAP_UP, _A.TIMEOUT): _S.READY,
    **{(state, _A.DEVICE_LOST): _S.NOT_READY for state in AgentState if state is not _S.OFFLINE},
}


class IllegalChange(HaloError):
    """An agent in this state can't do that."""

    code = "illegal_change"


def next_state(state: AgentState, action: Action) -> AgentState:
    """The state after `action`. Raises IllegalChange where the table has no such row.

    `done` may also end in NOT_READY: the agent chooses; see `AgentChanges.finish_wrap_up`. So may what ends in READY for an
    agent who dialled: they become what they were; see `AgentChanges.dial`.
    """
    try:
        return LEGAL_CHANGES[state, action]
    except KeyError:
        allowed = ", ".join(legal.value for before, legal in LEGAL_CHANGES if before is state)
        raise IllegalChange(f"An agent who is {state} can't {action}.", f"Possible now: {allowed}.") from None
