"""Every earlier interaction of a customer, page by page: each page costs the same, however far back it is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.ids import is_id
from crm.callback_tasks import CallbackTask
from crm.contact_history import Disposition, Interaction, Segment
from crm.customer_value import HANDLING
from crm.hand_over_cards import HandOverCard, cards_of
from crm.surveys import SurveyAnswer
from crm.text_messages import TextMessage

_PART = "~"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page begins: after this interaction, towards older ones."""

    started_at: datetime
    interaction_id: str

    def __str__(self) -> str:
        return f"{self.started_at.isoformat()}{_PART}{self.interaction_id}"


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote in wrap-up."""

    agent_id: str
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class PastInteraction:
    """One interaction with all that hangs on it. `path` is "step:detail" as in routing.place; `task` the promise to call back that
    was made in it, `survey` what they said of it; `texts` how many text messages went out;
    `cards` what an agent left for the next one, the oldest first."""

    interaction_id: str
    at: datetime
    ended_at: datetime | None
    medium: str
    queue: str
    reason: str
    outcome: str
    agent_id: str
    path: tuple[str, ...]
    notes: tuple[Note, ...]
    handled_s: float
    task: CallbackTask | None
    survey: SurveyAnswer | None
    texts: int
    cards: tuple[HandOverCard, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Interactions, the newest first. `older` is where the next page begins, None: there is none."""

    entries: tuple[PastInteraction, ...]
    older: Mark | None


def read_mark(text: str) -> Mark | None:
    """The mark that was written so; None for "". Raises BadInput."""
    if not text:
        return None
    at, _part, interaction_id = text.partition(_PART)
    try:
        started_at = datetime.fromisoformat(at)
    except ValueError:
        started_at = None
    if started_at is None or started_at.tzinfo is None or not is_id(interaction_id):
        raise BadInput("There is no such place in the history.", "Load the page again.")
    return Mark(started_at, interaction_id)


def history_page(session: Session, customer_id: int, after: Mark | None, most: int, now: datetime) -> HistoryPage:
    """At most so many interactions from this mark on, None: from the newest. Seven queries."""
    wanted = select(Interaction).where(Interaction.customer_id == customer_id)
    if after is not None:
        same = and_(Interaction.started_at == after.started_at, Interaction.id < after.interaction_id)
        wanted = wanted.where(Interaction.started_at <= after.started_at, or_(Interaction.started_at < after.started_at, same))
    newest = wanted.order_by(Interaction.started_at.desc(), Interaction.id.desc()).limit(most + 1)
    rows = list(session.scalars(newest))
    shown, rest = rows[:most], rows[most:]
    entries = _entries(session, shown, now)
    return HistoryPage(entries, Mark(shown[-1].started_at, shown[-1].id) if rest else None)


def _entries(session: Session, rows: Sequence[Interaction], now: datetime) -> tuple[PastInteraction, ...]:
    ids = [row.id for row in rows]
    notes: dict[str, list[Note]] = defaultdict(list)
    given = select(Disposition).where(Disposition.interaction_id.in_(ids)).order_by(Disposition.saved_at, Disposition.id)
    for one in session.scalars(given):
        notes[one.interaction_id].append(Note(one.agent_id, one.code, one.note))
    handled_s: dict[str, float] = defaultdict(float)
    for segment in session.scalars(select(Segment).where(Segment.interaction_id.in_(ids), Segment.kind.in_(HANDLING))):
        handled_s[segment.interaction_id] += max(0.0, ((segment.ended_at or now) - segment.started_at).total_seconds())
    tasks = _by_interaction(session, CallbackTask, ids)
    surveys = _by_interaction(session, SurveyAnswer, ids)
    texts: dict[str, int] = defaultdict(int)
    for interaction_id in session.scalars(select(TextMessage.interaction_id).where(TextMessage.interaction_id.in_(ids))):
        texts[interaction_id] += 1
    cards: dict[str, list[HandOverCard]] = defaultdict(list)
    for card in reversed(cards_of(session, ids)):
        cards[card.interaction_id].append(card)
    return tuple(
        PastInteraction(
            row.id, row.started_at, row.ended_at, row.medium, row.queue, row.reason, row.outcome, row.agent_id, path_of(row),
            tuple(notes[row.id]), handled_s[row.id], tasks.get(row.id), surveys.get(row.id), texts[row.id],
            tuple(cards[row.id]),
        )
        for row in rows
    )  # fmt: skip


def path_of(row: Interaction) -> tuple[str, ...]:
    """What they did in the IVR, each "step:detail", the oldest first."""
    return tuple(f"{step['step']}:{step['detail']}" if step.get("detail") else str(step["step"]) for step in row.ivr_path)


def _by_interaction(session: Session, table: type[Any], ids: Sequence[str]) -> dict[str, Any]:
    return {row.interaction_id: row for row in session.scalars(select(table).where(table.interaction_id.in_(ids)))}
