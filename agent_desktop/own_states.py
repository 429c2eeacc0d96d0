"""What an agent did with a day, from the states that they were in: pieces for the picture, and sums."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from agent_desktop.code_words import REASONS, state_kind, state_words
from agent_desktop.day_strip import Piece
from agent_desktop.formats import clock_text
from core.event_archive import events_between, last_of_each_agent
from core.events import EventKind
from routing.agent_state import AgentState
from routing.live import LiveAgent
from routing.wait_facts import Span, spans_between

_LOOK_BACK = timedelta(days=1)
_HANDLING = frozenset({AgentState.TALKING, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True)
class StateSums:
    """Seconds by what they were spent on; `not_ready_s` by reason, the longest first."""

    logged_in_s: float
    ready_s: float
    handling_s: float
    not_ready_s: Mapping[str, float]

    @property
    def occupancy(self) -> float | None:
        """Handling / (handling + ready), 0 to 1; None before there was either."""
        on_queue_s = self.handling_s + self.ready_s
        return self.handling_s / on_queue_s if on_queue_s else None


def states_of(session: Session, agent_id: str, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The agent's states in [start, end), as they are archived."""
    kind = EventKind.AGENT_STATE_CHANGED
    before = last_of_each_agent(session, kind, start - _LOOK_BACK, start, agent_id)
    during = events_between(session, start, end, [kind], agent_id)
    return spans_between(before, during, start, end).get(agent_id, ())


def with_live(spans: Sequence[Span], agent: LiveAgent, now: datetime) -> tuple[Span, ...]:
    """The same up to `now`, with the state in force, which the archive may not hold yet: it is a moment behind."""
    if agent.since is None or agent.since >= now or (spans and spans[-1].since >= agent.since):
        return tuple(spans)
    before = [replace(span, end=min(span.end, agent.since)) for span in spans if span.start < agent.since]
    if agent.state is AgentState.OFFLINE:
        return tuple(before)
    return (*before, Span(agent.since, now, agent.since, agent.state, agent.reason, agent.interaction_id))


def sums_of(spans: Iterable[Span]) -> StateSums:
    """Where the time went."""
    by_state, by_reason = defaultdict[AgentState, float](float), defaultdict[str, float](float)
    for span in spans:
        long_s = (span.end - span.start).total_seconds()
        by_state[span.state] += long_s
        if span.state is AgentState.NOT_READY:
            by_reason[span.reason] += long_s
    longest_first = dict(sorted(by_reason.items(), key=lambda pair: -pair[1]))
    handling_s = sum(by_state[state] for state in _HANDLING)
    return StateSums(sum(by_state.values()), by_state[AgentState.READY], handling_s, longest_first)


def pieces_of(spans: Iterable[Span], moment: str = "%H:%M") -> list[Piece]:
    """The same as pieces of a strip, in words with their time and length."""
    return [
        Piece(
            span.start, span.end, state_kind(span.state, span.reason),
            f"{span.start.strftime(moment)} {span_words(span)} {clock_text((span.end - span.start).total_seconds())}",
        )
        for span in spans
    ]  # fmt: skip


def span_words(span: Span) -> str:
    """A state in words; of Not Ready the reason."""
    if span.state is AgentState.NOT_READY and span.reason:
        return str(REASONS.get(span.reason, span.reason))
    return state_words(span.state, span.reason)
