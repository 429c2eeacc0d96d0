"""What may be done with a ticket as it stands: one table; anything else raises."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import HaloError


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"  # we wait for the customer; the due clock stands
    SOLVED = "solved"


class TicketAct(StrEnum):
    """What a person does with a ticket."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    EDIT = "edit"
    WAIT = "wait"
    RESUME = "resume"
    SOLVE = "solve"
    REOPEN = "reopen"


class IllegalTicketChange(HaloError):
    """This can't be done with a ticket in this status."""

    code = "ticket_illegal"


_AFTER: Mapping[tuple[TicketStatus, TicketAct], TicketStatus] = {
    (TicketStatus.OPEN, TicketAct.TAKE): TicketStatus.OPEN,
    (TicketStatus.OPEN, TicketAct.HAND_OVER): TicketStatus.OPEN,
    (TicketStatus.OPEN, TicketAct.EDIT): TicketStatus.OPEN,
    (TicketStatus.OPEN, TicketAct.WAIT): TicketStatus.PENDING,
    (TicketStatus.OPEN, TicketAct.SOLVE): TicketStatus.SOLVED,
    (TicketStatus.PENDING, TicketAct.TAKE): TicketStatus.PENDING,
    (TicketStatus.PENDING, TicketAct.HAND_OVER): TicketStatus.PENDING,
    (TicketStatus.PENDING, TicketAct.EDIT): TicketStatus.PENDING,
    (TicketStatus.PENDING, TicketAct.RESUME): TicketStatus.OPEN,
    (TicketStatus.PENDING, TicketAct.SOLVE): TicketStatus.SOLVED,
    (TicketStatus.SOLVED, TicketAct.REOPEN): TicketStatus.OPEN,
}


def status_after(status: TicketStatus, act: TicketAct) -> TicketStatus:
    """The status that an act leads to. Raises IllegalTicketChange."""
    after = _AFTER.get((status, act))
    if after is None:
        raise IllegalTicketChange(f"{act.value} is not possible with a ticket that is {status.value}.", "Look at its status.")
    return after


def legal_acts(status: TicketStatus) -> frozenset[TicketAct]:
    """All that may be done with a ticket in this status."""
    return frozenset(act for known, act in _AFTER if known is status)
