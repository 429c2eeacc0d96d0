"""The table at the end of `up`: where to look, how to log in, what to dial."""

from sqlalchemy import func, select

from core.database import Database
from core.settings import Settings
from crm.customers import Customer
from launch.console import dim, table
from launch.demo_pins import pins_file, read_pins
from launch.logins import logins_file, read_logins
from launch.sip_accounts import SOFT_PHONE, accounts_file, read_accounts


def print_welcome(settings: Settings, database: Database) -> None:
    """Print it. The passwords in it are the demo's."""
    with database.reading() as session:
        customers = session.scalar(select(func.count()).select_from(Customer)) or 0
    desk, pins = desk_address(settings), pins_file(settings.home)
    table(
        [
            ("agents, supervisors", desk),
            ("hotline", f"{settings.hotline_number} at {settings.bind_address}, SIP over UDP, port {settings.sip_port}"),
            ("customers", f"{customers} on file"),
        ],
        "Addresses",
    )
    table(
        [(login.name, f"{login.password}   {dim(login.role)}") for login in read_logins(settings.home)],
        f"Log-ins (kept in {logins_file(settings.home)})",
    )
    customers_to_try = [(pin.customer_number, f"{pin.e164:<16} {pin.what}") for pin in read_pins(settings.home) if pin.what]
    if customers_to_try:
        table(customers_to_try, f"Customers to try, as they were at set-up (PINs in {pins})")
    phone = next((account for account in read_accounts(settings.home) if account.user == SOFT_PHONE), None)
    if phone:
        table(
            [
                ("server", f"{settings.bind_address}:{settings.sip_port} (UDP)"),
                ("user, password", f"{phone.user}, {phone.secret}"),
                ("dial", f"{settings.hotline_number}; you call as {phone.name or 'an unknown customer'}"),
            ],
            f"A soft phone (kept in {accounts_file(settings.home)})",
        )


def desk_address(settings: Settings) -> str:
    """The address of the pages."""
    host = f"[{settings.bind_address}]" if ":" in settings.bind_address else settings.bind_address
    return f"http://{host}:{settings.desk_port}/"
