"""The desk on our own database: each question one short unit of work."""

from ivr.database_desk.agreements import DatabaseAgreements
from ivr.database_desk.money import DatabaseMoney
from ivr.database_desk.people import DatabasePeople
from ivr.database_desk.shipments import DatabaseShipments

__all__ = ["DatabaseDesk"]


class DatabaseDesk(DatabasePeople, DatabaseShipments, DatabaseMoney, DatabaseAgreements):
    """The records in our own database (fulfils ivr.desk.CrmDesk)."""
