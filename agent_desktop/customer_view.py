"""Everything about one customer as their page shows it, gathered for one moment."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES, User
from agent_desktop.languages import language_here
from agent_desktop.promises import queues_of
from agent_desktop.recording_rights import ears_of
from agent_desktop.services import services
from core.errors import NotFound
from crm.customer_card import BESIDE_A_CALL, CustomerCard, Shown, customer_card
from crm.customer_changes import ChangeKind, CustomerChange, last_edit, newest_changes
from crm.customer_fields import values_of
from crm.customer_history import HistoryPage, Mark, PastInteraction, history_page
from crm.customer_merges import CustomerMerge, merges_of
from crm.customer_value import CustomerValue, Rates, customer_value
from crm.customers import Customer
from crm.deliveries import TrackingEvent
from crm.duplicates import Duplicate, duplicates_of
from crm.lookup import standing_for
from crm.surveys import last_answer
from crm.talk_recordings import recordings_of
from routing.agents import load_profiles

PAGE = 20
_MOST_CHANGES = 30
_JUST_NOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MergedIn:
    """Somebody who was merged into the customer and can be parted again."""

    merge: CustomerMerge
    name: str
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Which recordings this user may hear: of promises in these queues (None: all) or their own, and of which survey."""

    queues: Collection[str] | None
    agent_id: str
    survey_id: int | None

    def task(self, entry: PastInteraction) -> bool:
        """Whether the message of this interaction is theirs to hear."""
        task = entry.task
        if task is None or not task.recording:
            return False
        return self.queues is None or task.queue in self.queues or task.agent_id == self.agent_id

    def survey(self, entry: PastInteraction) -> bool:
        """Whether the comment after this interaction is theirs to hear: agents hear what stands on the card."""
        survey = entry.survey
        return survey is not None and bool(survey.comment_recording) and (self.queues is None or survey.id == self.survey_id)


@dataclass(frozen=True, slots=True)
class History:
    """A page of the history, with the names of the agents in it and of the queues. `talks`: how many seconds of an interaction were
    recorded that this user may hear."""

    page: HistoryPage
    agents: dict[str, str]
    queues: dict[str, str]
    hearing: Hearing
    talks: dict[str, float]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """`values` are those of crm.customer_fields; `now_here`: what they did last, when that was just now. `last_edit_id` can be
    undone. `tracks` by order id, the newest first."""

    card: CustomerCard
    values: dict[str, Any]
    worth: CustomerValue
    history: History
    now_here: PastInteraction | None
    tracks: dict[int, list[TrackingEvent]]
    changes: Sequence[CustomerChange]
    last_edit_id: int | None
    merged_in: Sequence[MergedIn]
    duplicates: Sequence[Duplicate]
    supervises: bool


def customer_page(user: User, customer_id: int, papers: Shown = BESIDE_A_CALL) -> CustomerPage:
    """The page of this customer, or of who stands for them by now. Raises NotFound."""
    here = services()
    now = here.clock.now()
    with here.database.reading() as session:
        customer = standing_for(session, session.get(Customer, customer_id))
        card = customer_card(session, customer.id, now, here.settings.time_zone, papers) if customer else None
        if customer is None or card is None:
            raise NotFound("There is no such customer.", "Search again.")
        history = _history(session, user, customer.id, None, now)
        edit = last_edit(session, customer.id)
        merged_in = [_merged_in(session, merge) for merge in merges_of(session, customer.id)]
        ids = [customer.id, *(one.merge.away_id for one in merged_in)]
        changes = [change for change in newest_changes(session, ids, _MOST_CHANGES) if _is_told(change, customer.id)]
        return CustomerPage(
            card=card,
            values=values_of(customer),
            worth=customer_value(session, customer.id, _rates(), now),
            history=history,
            now_here=_just_now(history.page.entries, now),
            tracks=_tracks(session, [order.order_id for order in card.orders if order.is_open]),
            changes=changes,
            last_edit_id=edit.id if edit else None,
            merged_in=merged_in,
            duplicates=duplicates_of(session, customer),
            supervises=user.role in SUPERVISING_ROLES,
        )


def older(user: User, customer_id: int, after: Mark | None) -> History:
    """The history from this mark on. Raises NotFound."""
    here = services()
    with here.database.reading() as session:
        customer = standing_for(session, session.get(Customer, customer_id))
        if customer is None:
            raise NotFound("There is no such customer.", "Search again.")
        return _history(session, user, customer.id, after, here.clock.now())


def _history(session: Session, user: User, customer_id: int, after: Mark | None, now: datetime) -> History:
    page = history_page(session, customer_id, after, PAGE, now)
    talked = {entry.agent_id for entry in page.entries} | {note.agent_id for entry in page.entries for note in entry.notes}
    names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()} if talked - {""} else {}
    newest = last_answer(session, customer_id)
    hearing = Hearing(queues_of(user), user.agent_id or "", newest.id if newest else None)
    queues = {queue.name: queue.label_in(language_here()) for queue in services().policy().queues}
    return History(page, names, queues, hearing, _talks(session, user, page))


def _talks(session: Session, user: User, page: HistoryPage) -> dict[str, float]:
    recordings = recordings_of(session, [entry.interaction_id for entry in page.entries])
    lengths: dict[str, float] = defaultdict(float)
    for recording in ears_of(session, user, services().settings).among(recordings) if recordings else ():
        if recording.gone_at is None:
            lengths[recording.interaction_id] += recording.length_s
    return dict(lengths)


def _is_told(change: CustomerChange, customer_id: int) -> bool:
    """Not a merge from the side of the one who went away: it stands here already."""
    return change.customer_id == customer_id or change.kind not in (ChangeKind.MERGE, ChangeKind.PART)


def _just_now(entries: Sequence[PastInteraction], now: datetime) -> PastInteraction | None:
    """The newest interaction, while it goes on and an hour longer."""
    newest = next(iter(entries), None)
    return newest if newest and newest.path and (newest.ended_at is None or now - newest.ended_at < _JUST_NOW) else None


def _tracks(session: Session, order_ids: Sequence[int]) -> dict[int, list[TrackingEvent]]:
    tracks: dict[int, list[TrackingEvent]] = defaultdict(list)
    events = select(TrackingEvent).where(TrackingEvent.order_id.in_(order_ids))
    for event in session.scalars(events.order_by(TrackingEvent.at.desc(), TrackingEvent.id.desc())) if order_ids else ():
        tracks[event.order_id].append(event)
    return tracks


def _merged_in(session: Session, merge: CustomerMerge) -> MergedIn:
    away = session.get_one(Customer, merge.away_id)
    return MergedIn(merge, away.name, away.external_id)


def _rates() -> Rates:
    settings = services().settings
    return Rates(settings.handling_minute_idr, settings.text_message_idr, settings.visit_idr)
