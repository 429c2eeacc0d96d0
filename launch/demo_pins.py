"""PINs of a few demo customers, made once and kept in one file that only the owner can read; the database has hashes."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from crm.customers import Customer, CustomerPhone
from crm.demo.cases import DemoCase, demo_cases
from crm.lookup import customer_by_external_id
from crm.pins import has_pin, new_pin, set_pin
from launch.install.stamp import write_whole

SOFT_PHONES = "the soft phone calls as this one"
_HEADER = "# Demo customers to try things with, made at set-up: customer number, PIN, the number they call from, what is so.\n"


@dataclass(frozen=True, slots=True)
class DemoPin:
    """One customer who can prove who is calling; `what` tells what can be tried with them, as it was at set-up."""

    customer_number: str
    pin: str
    e164: str
    what: str = ""


def pins_file(home: Path) -> Path:
    """Where they are kept."""
    return home / "config" / "customer-pins.txt"


def read_pins(home: Path) -> list[DemoPin]:
    """The PINs on file; [] when there are none."""
    file = pins_file(home)
    if not file.exists():
        return []
    rows = (line.split(maxsplit=3) for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [DemoPin(*row) for row in rows if len(row) >= 3]


def ensure_pins(database: Database, home: Path, now: datetime) -> list[DemoPin]:
    """Give a few customers a PIN. The file is whole before one comes into force, so it may be broken off and run again."""
    pins = read_pins(home)
    if not pins:
        with database.reading() as session:
            pins = _chosen(session, now.date())
        lines = [f"{each.customer_number:<10} {each.pin:<8} {each.e164:<16} {each.what}\n" for each in pins]
        write_whole(pins_file(home), _HEADER + "".join(lines), mode=0o600)
    with database.writing() as session:
        for each in pins:
            customer = customer_by_external_id(session, each.customer_number)
            if customer is not None and not has_pin(session, customer.id):
                set_pin(session, customer.id, each.pin, now)
        session.commit()
    return pins


def _chosen(session: Session, today: date) -> list[DemoPin]:
    """The first customer, as whom the soft phone calls, and one for each thing that can be tried; without their PINs."""
    first = session.execute(
        select(Customer.external_id, CustomerPhone.e164)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(Customer.external_id.is_not(None))
        .order_by(Customer.id, CustomerPhone.id)
        .limit(1)
    ).all()
    cases = [DemoCase(SOFT_PHONES, str(number), e164) for number, e164 in first] + demo_cases(session, today)
    chosen: dict[str, DemoPin] = {}
    for case in cases:
        known = chosen.get(case.customer_number)
        what = f"{known.what}; {case.what}" if known else case.what
        chosen[case.customer_number] = DemoPin(case.customer_number, known.pin if known else new_pin(), case.e164, what)
    return list(chosen.values())
