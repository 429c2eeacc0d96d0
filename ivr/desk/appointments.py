"""Appointments: somebody comes to the customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crm.appointments import Arranged, VisitPurpose
from crm.time_windows import Window


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """A booked visit. `purpose` is a value of crm.appointments.VisitPurpose."""

    appointment_id: int
    purpose: str
    window: Window


@dataclass(frozen=True, slots=True)
class AppointmentAnswer:
    """What became of a wish, and the appointment as it is now; None when there is none."""

    arranged: Arranged
    appointment: AppointmentFacts | None


class AppointmentsDesk(Protocol):
    def appointments(self, customer_id: int, now: datetime) -> tuple[AppointmentFacts, ...]:
        """Visits that are still to come, the earliest first."""
        ...

    def visit_windows(self, customer_id: int, now: datetime) -> tuple[Window, ...]:
        """When somebody could come to this customer, the earliest first; () where nobody comes."""
        ...

    def book_appointment(
        self, customer_id: int, purpose: VisitPurpose, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        """Book a visit."""
        ...

    def move_appointment(
        self, customer_id: int, appointment_id: int, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        """Let a visit take place in another window."""
        ...

    def cancel_appointment(self, customer_id: int, appointment_id: int, now: datetime, interaction_id: str = "") -> Arranged:
        """Cancel a visit."""
        ...
