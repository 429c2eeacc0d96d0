"""The payment gateways that Halo knows, by the name that the settings give them."""

from core.clock import Clock
from core.database import Database
from core.errors import SettingsError
from crm.payment.gateway import PaymentGateway
from crm.payment.sandbox import SandboxGateway


def gateway_named(name: str, database: Database, clock: Clock) -> PaymentGateway | None:
    """The gateway with this name; None for "", which means that no card is taken. Raises SettingsError for another."""
    match name:
        case "":
            return None
        case "sandbox":
            return SandboxGateway(database, clock)
        case _:
            raise SettingsError(f"There is no payment gateway {name!r}.", "Name sandbox, or none.")
