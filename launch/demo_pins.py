"""PINs of a few demo customers, made once and kept in one file that only the owner can read; the database has hashes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from crm.customers import Customer, CustomerPhone
from crm.deliveries import RESCHEDULABLE
from crm.lookup import customer_by_external_id
from crm.orders import Invoice, Order
from crm.pins import has_pin, new_pin, set_pin
from launch.install.stamp import write_whole

CUSTOMERS = 5
_HEADER = "# PINs of demo customers, made at set-up: customer number, PIN, the number they call from.\n"


@dataclass(frozen=True, slots=True)
class DemoPin:
    """One customer who can prove who is calling."""

    customer_number: str
    pin: str
    e164: str


def pins_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "config" / "customer-pins.txt"


def read_pins(home: Path) -> list[DemoPin]:
    """The PINs on file; [] when there are none."""
    file = pins_file(home)
    if not file.exists():
        return []
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [DemoPin(*row) for row in rows if len(row) == 3]


def ensure_pins(database: Database, home: Path, now: datetime) -> list[DemoPin]:
    """Give a few customers a PIN. The file is whole before one comes into force, so it may be broken off and run again."""
    pins = read_pins(home)
    if not pins:
        with database.reading() as session:
            pins = [DemoPin(number, new_pin(), e164) for number, e164 in _chosen(session)]
        lines = [f"{each.customer_number:<10} {each.pin:<8} {each.e164}\n" for each in pins]
        write_whole(pins_file(home), _HEADER + "".join(lines), mode=0o600)
    with database.writing() as session:
        for each in pins:
            customer = customer_by_external_id(session, each.customer_number)
            if customer is not None and not has_pin(session, customer.id):
                set_pin(session, customer.id, each.pin, now)
        session.commit()
    return pins


def _chosen(session: Session) -> list[tuple[str, str]]:
    """(customer number, phone): the first customer, as whom the soft phone calls, and some with a bill and a parcel to come."""
    reachable = (
        select(Customer.external_id, CustomerPhone.e164)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(Customer.external_id.is_not(None))
        .order_by(Customer.id, CustomerPhone.id)
    )
    bill = select(Invoice.id).where(Invoice.customer_id == Customer.id, Invoice.paid_idr < Invoice.amount_idr).exists()
    parcel = select(Order.id).where(Order.customer_id == Customer.id, Order.status.in_(RESCHEDULABLE)).exists()
    first = session.execute(reachable.limit(1)).all()
    busy = session.execute(reachable.where(bill, parcel).limit(4 * CUSTOMERS)).all()
    chosen: dict[str, str] = {}
    for number, e164 in [*first, *busy]:
        chosen.setdefault(str(number), e164)
    return list(chosen.items())[:CUSTOMERS]
