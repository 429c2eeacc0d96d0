"""What every part of the desk stands on: the database and, perhaps, a payment gateway; failures in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Unavailable
from crm.payment.gateway import PaymentGateway


class Records:
    """`gateway` None: no payment by card."""

    def __init__(self, database: Database, gateway: PaymentGateway | None = None) -> None:
        self._database = database
        self._gateway = gateway

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
