"""The rows that a batch of events is about, loaded at once: a batch looks nothing up event by event."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.events import Event
from crm.contact_history import Interaction, Segment, SegmentKind


def open_interactions(session: Session, begun_before: datetime) -> list[str]:
    """The ids of interactions that are not over on record and began before this moment."""
    return list(
        session.scalars(select(Interaction.id).where(Interaction.ended_at.is_(None), Interaction.started_at < begun_before))
    )


class InteractionRows:
    """Interactions of these events with their open segments, in one session. Whoever makes it flushes and commits.

    It knows what it has begun, opened and closed itself, so nobody else may write these rows meanwhile.
    """

    def __init__(self, session: Session, events: Iterable[Event]) -> None:
        self._session = session
        self._open: dict[str, list[Segment]] = {}
        ids = {event.interaction_id for event in events if event.interaction_id}
        found = session.scalars(select(Interaction).where(Interaction.id.in_(ids))) if ids else ()
        self._interactions = {interaction.id: interaction for interaction in found}
        if self._interactions:
            query = select(Segment).where(Segment.interaction_id.in_(self._interactions), Segment.ended_at.is_(None))
            for segment in session.scalars(query.order_by(Segment.id)):
                self._open.setdefault(segment.interaction_id, []).append(segment)

    def of(self, event: Event) -> Interaction:
        """The event's interaction, begun if it is new; also for a caller of whom we hear late because the rescue queue took
        the call while we were away."""
        interaction = self._interactions.get(event.interaction_id)
        if interaction is None:
            interaction = Interaction(id=event.interaction_id, started_at=event.at, ivr_path=[], queue="", outcome="")
            self._session.add(interaction)
            self._interactions[interaction.id] = interaction
        return interaction

    def is_in(self, interaction: Interaction, kind: SegmentKind, event: Event, detail: str = "") -> bool:
        """Whether the caller is in just such a segment already, with the event's agent."""
        mine = (kind, event.agent_id, detail)
        return any((each.kind, each.agent_id, each.detail) == mine for each in self._open.get(interaction.id, ()))

    def move(self, interaction: Interaction, kind: SegmentKind, event: Event, detail: str = "") -> None:
        """The caller goes over into a segment of this kind: what they were in closes and the next opens at the same instant."""
        self.close(interaction, event.at)
        self.open(interaction, kind, event, detail)

    def open(self, interaction: Interaction, kind: SegmentKind, event: Event, detail: str = "", queue: str = "") -> None:
        """One more segment, beside those that are open; of the interaction's queue, unless it is told which."""
        segment = Segment(
            interaction_id=interaction.id, kind=kind, started_at=event.at, queue=queue or interaction.queue,
            agent_id=event.agent_id, detail=detail,
        )  # fmt: skip
        self._session.add(segment)
        self._open.setdefault(interaction.id, []).append(segment)

    def close(self, interaction: Interaction, at: datetime, detail: str = "") -> None:
        """Close what the caller is in, with this detail where one is given; an agent's wrap-up goes on."""
        for segment in self._open.get(interaction.id, ()):
            if segment.kind != SegmentKind.WRAP_UP:
                segment.ended_at = max(at, segment.started_at)
                segment.detail = detail or segment.detail
        self._forget_closed(interaction)

    def close_wrap_up(self, interaction: Interaction, agent_id: str, at: datetime) -> None:
        """Close this agent's wrap-up."""
        for segment in self._open.get(interaction.id, ()):
            if segment.kind == SegmentKind.WRAP_UP and segment.agent_id == agent_id:
                segment.ended_at = max(at, segment.started_at)
        self._forget_closed(interaction)

    def _forget_closed(self, interaction: Interaction) -> None:
        self._open[interaction.id] = [segment for segment in self._open.get(interaction.id, ()) if segment.ended_at is None]
