"""The only writer of tickets after their opening: each change is legal, on record, and never overwrites another's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.database import insert_missing
from core.errors import HaloError, NotFound
from crm.ticket_category import TicketSubject
from crm.ticket_history import TicketChange, TicketInteraction, TicketNote
from crm.ticket_states import TicketAct, TicketStatus, status_after
from crm.ticket_targets import TicketTargets
from crm.tickets import Ticket

Values = Mapping[str, Any]
_TOLD = ("subject", "category", "priority", "status", "owner", "team", "due_at")  # what the history names


class TicketMoved(HaloError):
    """Somebody changed the ticket after this reader had seen it."""

    code = "ticket_moved"


class TicketTwin(HaloError):
    """The same interaction has another ticket of this category already."""

    code = "ticket_twin"


@dataclass(frozen=True, slots=True)
class TicketEdit:
    """What a ticket is about, as it shall be."""

    subject: str
    category: TicketSubject
    priority: int


@dataclass(frozen=True, slots=True)
class TicketPen:
    """Somebody who changes tickets now: `by` is who, as people read it; times follow `targets`. Nothing here commits."""

    session: Session
    targets: TicketTargets
    by: str
    now: datetime

    def take(self, number: str, seen: int, agent_id: str) -> Ticket:
        """This agent has it from now on, whoever had it. `seen` is the version that they saw, here and below.

        Each of these raises NotFound, TicketMoved, IllegalTicketChange.
        """
        return self._change(self._seen(number, seen), TicketAct.TAKE, {"owner": agent_id})

    def hand_over(self, number: str, seen: int, owner: str, team: str) -> Ticket:
        """To another agent, or to a team, in which nobody has it yet; one of the two is ""."""
        return self._change(self._seen(number, seen), TicketAct.HAND_OVER, {"owner": owner, "team": team})

    def edit(self, number: str, seen: int, edit: TicketEdit) -> Ticket:
        """Say better what it is about; another category or priority is due at another time. Raises TicketTwin."""
        ticket = self._seen(number, seen)
        values: dict[str, Any] = {"subject": edit.subject, "category": edit.category.value, "priority": edit.priority}
        if (ticket.category, ticket.priority) != (edit.category, edit.priority):
            self._refuse_twin(ticket, edit.category)
            since = ticket.due_from or ticket.opened_at
            values["due_at"] = self.targets.due(edit.category, edit.priority, since, ticket.paused_s)
        return self._change(ticket, TicketAct.EDIT, values)

    def wait(self, number: str, seen: int) -> Ticket:
        """It is the customer's turn: the due clock stands."""
        return self._change(self._seen(number, seen), TicketAct.WAIT, {"waiting_since": self.now})

    def resume(self, number: str, seen: int) -> Ticket:
        """It is our turn again: it is due as much later as the clock stood."""
        ticket = self._seen(number, seen)
        return self._change(ticket, TicketAct.RESUME, self._clock_runs_on(ticket))

    def solve(self, number: str, seen: int) -> Ticket:
        """What was promised is done."""
        ticket = self._seen(number, seen)
        clock = self._clock_runs_on(ticket) if ticket.status == TicketStatus.PENDING else {}
        return self._change(ticket, TicketAct.SOLVE, {"solved_at": self.now, **clock})

    def reopen(self, number: str, seen: int) -> Ticket:
        """It was not done after all: promised anew, from now on."""
        ticket = self._seen(number, seen)
        due_at = self.targets.due(ticket.category, ticket.priority, self.now)
        return self._change(ticket, TicketAct.REOPEN, {"solved_at": None, "due_from": self.now, "paused_s": 0, "due_at": due_at})

    def note(self, number: str, text: str) -> Ticket:
        """Add to the thread; that overwrites nothing, so it needs no version."""
        ticket = find_ticket(self.session, number)
        self.session.add(TicketNote(ticket_id=ticket.id, at=self.now, by=self.by, text=text))
        self.session.flush()
        return ticket

    def link(self, number: str, interaction_id: str) -> Ticket:
        """The ticket was spoken of in this interaction; a second time changes nothing."""
        ticket = find_ticket(self.session, number)
        row = {"ticket_id": ticket.id, "interaction_id": interaction_id, "at": self.now, "by": self.by}
        insert_missing(self.session, TicketInteraction, row)
        return ticket

    def _seen(self, number: str, seen: int) -> Ticket:
        ticket = find_ticket(self.session, number)
        if ticket.version != seen:
            raise TicketMoved("The ticket was changed meanwhile.", "Look at what it is now, then decide.")
        return ticket

    def _change(self, ticket: Ticket, act: TicketAct, values: Values) -> Ticket:
        before = {name: getattr(ticket, name) for name in _TOLD}
        status = status_after(TicketStatus(ticket.status), act)
        wanted = {"status": status.value, **values, "version": ticket.version + 1}
        same_as_seen = Ticket.id == ticket.id, Ticket.version == ticket.version
        changed = update(Ticket).where(*same_as_seen).values(wanted).returning(Ticket.id)
        if not self.session.execute(changed, execution_options={"synchronize_session": False}).all():
            raise TicketMoved("The ticket was changed meanwhile.", "Look at what it is now, then decide.")
        self.session.refresh(ticket)
        for name, old in before.items():
            new = getattr(ticket, name)
            if new != old:
                told = {"before": _as_text(old), "after": _as_text(new)}
                self.session.add(TicketChange(ticket_id=ticket.id, at=self.now, by=self.by, what=name, **told))
        self.session.flush()
        return ticket

    def _clock_runs_on(self, ticket: Ticket) -> dict[str, Any]:
        stood_s = self.targets.time.between_s(ticket.waiting_since, self.now) if ticket.waiting_since else 0.0
        due_at = self.targets.time.after(ticket.due_at, stood_s) if ticket.due_at else None
        return {"waiting_since": None, "paused_s": ticket.paused_s + round(stood_s), "due_at": due_at}

    def _refuse_twin(self, ticket: Ticket, category: str) -> None:
        if ticket.interaction_id is None or ticket.category == category:
            return
        twin = select(Ticket.id).where(Ticket.interaction_id == ticket.interaction_id, Ticket.category == category)
        if self.session.scalar(twin) is not None:
            raise TicketTwin("This interaction has another ticket of that category.", "Use the other ticket.")


def find_ticket(session: Session, number: str) -> Ticket:
    """The ticket of this number. Raises NotFound."""
    ticket = session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None:
        raise NotFound("There is no such ticket.", "Search again.")
    return ticket


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
