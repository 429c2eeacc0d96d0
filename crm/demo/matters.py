"""Demo tickets: what went wrong with an order, in the customer's language, and whether it is settled."""

from datetime import datetime, timedelta
from random import Random

from crm.customers import Language
from crm.demo.people import Person
from crm.demo.purchases import Purchase
from crm.demo.shop import weighted
from crm.orders import OrderStatus
from crm.tickets import TicketStatus

_SHARE = 0.05
_SETTLED_AFTER_DAYS = 21
# category, needs a delivered order, Indonesian subject, English subject; {product} is the order's first product.
_SUBJECTS = (
    ("delivery", False, "Menanyakan kapan {product} tiba", "Asks when the {product} arrives"),
    ("delivery", False, "Minta ganti alamat kirim", "Wants another delivery address"),
    ("delivery", True, "Paket penyok saat diterima", "Parcel arrived dented"),
    ("product", True, "{product} tidak menyala", "{product} does not turn on"),
    ("product", True, "Bagian dari {product} kurang", "A part of the {product} is missing"),
    ("product", True, "Minta tukar {product}", "Wants to exchange the {product}"),
    ("billing", False, "Pembayaran belum tercatat", "Payment does not show"),
    ("billing", False, "Minta salinan faktur", "Wants a copy of the invoice"),
)
_PRIORITIES = ((1, 6), (2, 22), (3, 54), (4, 18))


class Matters:
    """Makes tickets about orders as of a moment (aware)."""

    def __init__(self, chance: Random, as_of: datetime) -> None:
        self._chance, self._as_of = chance, as_of

    def draw(self, person: Person, purchase: Purchase) -> dict[str, object] | None:
        """The ticket about this order, without its number; None for most."""
        chance = self._chance
        if chance.random() >= _SHARE or purchase.row["status"] == OrderStatus.CANCELLED:
            return None
        delivered_at = purchase.row["delivered_at"]
        category, after_delivery, indonesian, english = chance.choice(
            [subject for subject in _SUBJECTS if subject[1] == isinstance(delivered_at, datetime) or subject[0] == "billing"]
        )
        begins = delivered_at if after_delivery and isinstance(delivered_at, datetime) else purchase.placed_at
        opened_at = _later(begins, min(timedelta(days=chance.uniform(0.1, 6)), (self._as_of - begins) * chance.uniform(0.3, 0.95)))
        article = purchase.lines[0][0]
        in_english = person.row["language"] == Language.ENGLISH
        subject = (english if in_english else indonesian).format(product=article.name_en if in_english else article.name_id)
        return {
            "subject": subject[0].upper() + subject[1:],
            "category": category,
            "opened_at": opened_at,
            "due_at": opened_at + timedelta(days=chance.randint(1, 5)),
            "priority": weighted(chance, _PRIORITIES),
            **self._progress(opened_at),
        }

    def _progress(self, opened_at: datetime) -> dict[str, object]:
        age = self._as_of - opened_at
        if age > timedelta(days=_SETTLED_AFTER_DAYS) or self._chance.random() < 0.35:
            solved_at = _later(opened_at, min(timedelta(days=self._chance.uniform(0.2, 7)), age * 0.9))
            return {"status": TicketStatus.SOLVED, "solved_at": solved_at}
        status = TicketStatus.PENDING if self._chance.random() < 0.4 else TicketStatus.OPEN
        return {"status": status, "solved_at": None}


def _later(moment: datetime, by: timedelta) -> datetime:
    return (moment + by).replace(microsecond=0)
