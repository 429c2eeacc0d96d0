"""Work on payments that can wait for the worker."""

from core.clock import SystemClock
from core.database import Database
from core.log import get_log
from core.settings import load_settings
from crm.payment.providers import gateway_named
from crm.payment.taking import settle_pending

log = get_log(__name__)


def settle_job(gateway: str) -> int:
    """Settle pending card payments of this process's own installation with the gateway of this name; returns how many."""
    settings, clock = load_settings(), SystemClock()
    database = Database(settings.database)
    try:
        known = gateway_named(gateway, database, clock)
        settled = settle_pending(database, known, clock.now()) if known else 0
    finally:
        database.dispose()
    if settled:
        log.info("payments_settled", count=settled)
    return settled
