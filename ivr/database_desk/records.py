"""What every part of the desk stands on: the database and, perhaps, a payment gateway; failures in our own words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Unavailable
from core.events import Event
from crm.payment.gateway import PaymentGateway
from crm.ticket_targets import TicketTargets, shipped_targets


def _told_nobody(_news: Event) -> None:
    """Where there is no event log."""


class Records:
    """`gateway` None: no payment by card. `targets` say by when tickets are promised, `tell` hears of those that are opened."""

    def __init__(
        self, database: Database, gateway: PaymentGateway | None = None, targets: Callable[[], TicketTargets] = shipped_targets,
        tell: Callable[[Event], object] = _told_nobody,
    ) -> None:  # fmt: skip
        self._database = database
        self._gateway = gateway
        self._targets = targets
        self._tell = tell

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with answering(), self._database.reading() as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A unit of work, kept when the block ends well."""
        with answering(), self._database.writing() as session:
            yield session
            session.commit()


@contextmanager
def answering() -> Iterator[None]:
    """A database that fails is a desk that does not answer. Without the database's own text: it would quote what was asked."""
    try:
        yield
    except (SQLAlchemyError, OSError):
        raise Unavailable("The customer records do not answer.", "Run ./halo doctor; callers go to a person meanwhile.") from None
