"""What a caller names by a number, looked up a few times only: else strangers' records could be found by trying numbers."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from ivr.desk import CrmDesk
from ivr.menu import PersonWanted
from ivr.reasons import Reason
from ivr.visit import Visit


class OfCustomer(Protocol):
    """Something that belongs to one customer."""

    @property
    def customer_id(self) -> int: ...


_Named = TypeVar("_Named", bound=OfCustomer)


def look_up_named(visit: Visit, question: str, step: str, find: Callable[[CrmDesk], _Named | None]) -> _Named | None:
    """What `find` finds of the number that the caller gave; None for nothing. What is the caller's own is not counted.

    Raises PersonWanted when too many were named from this number, which is noted at `step`, and Unavailable.
    """
    caller, moment = visit.line.call.ani, visit.moment
    own = {known.customer_id for known in visit.people} | {visit.customer_id}

    def look_up(desk: CrmDesk) -> tuple[_Named | None, bool]:
        if not desk.may_name(caller, moment):
            return None, False
        found = find(desk)
        if found is not None and found.customer_id in own:
            desk.named_own(caller)
        return found, True

    found, allowed = visit.look_up(question, look_up)
    if not allowed:
        visit.line.note(step, Reason.TOO_MANY_NUMBERS)
        raise PersonWanted(Reason.TOO_MANY_NUMBERS)
    return found
