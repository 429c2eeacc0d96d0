"""Sample callers, to look at a script's pages before any real call: who pays late, who is new, and who is not known at all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crm.card_parts import CardConsent, CardContact, CardInvoice, CardLine, CardOrder, CardTicket
from crm.customer_card import CustomerCard
from crm.customers import ConsentPurpose
from crm.offers.spoken import SpokenOffer
from scripts.facts import CallFacts, Situation, situation
from scripts.fields import offer_fields, script_fields

AGENT_NAME = "Ayu"
_TELEVISION = CardLine("Televisi Arunika 4K 50 inci", "Arunika 50-inch 4K TV", "television", 1, 4_999_000)
_OFFER = SpokenOffer("Soundbar Arunika 2.1", "Arunika 2.1 soundbar", 1_299_000)
_BULB = CardLine("Lampu pintar", "Smart bulb", "smart_home", 2, 99_000)


@dataclass(frozen=True, slots=True)
class Sample:
    """A caller as a script sees them on a day. `card` is None for a stranger."""

    name: str
    call: CallFacts
    card: CustomerCard | None
    now: datetime

    def situation(self) -> Situation:
        """What branches are decided by."""
        return situation(self.call, self.card, self.now)

    def fields(self, language: str) -> dict[str, str]:
        """What is said of them."""
        return script_fields(self.card, AGENT_NAME, language) | offer_fields(_OFFER if self.card else None, language)


def samples(queue: str, now: datetime) -> tuple[Sample, ...]:
    """The sample callers in a queue, as of `now` (aware)."""
    late = CallFacts(queue, "id", "bill:INV-000412", ("main_menu:bill", "people_menu:billing"), 48, second_call_today=True)
    return (
        Sample("late_payer", late, _late_payer(now), now),
        Sample("newcomer", CallFacts(queue, "en", "order_status", ("main_menu:order_status",), 12), _newcomer(now), now),
        Sample("stranger", CallFacts(queue), None, now),
    )


def _late_payer(now: datetime) -> CustomerCard:
    today = now.astimezone(UTC).date()
    order = CardOrder(
        1, "20000014", "shipped", True, now - timedelta(days=9), today - timedelta(days=2), None, "", "", 4_999_000, (_TELEVISION,)
    )
    invoice = CardInvoice(
        1, "INV-000412", 1, today - timedelta(days=30), today - timedelta(days=16), 4_999_000, 4_999_000, overdue=True
    )
    ticket = CardTicket(1, "T000017", "Masalah pengiriman", "delivery", 2, "open", now - timedelta(days=3), now, late=True)
    contact = CardContact(
        "", now - timedelta(days=3), now - timedelta(days=3), "voice", "billing", "bill", "answered", "1001", "more_time", ""
    )
    return _card(
        now, 1, "Sari Lestari", "Ibu", "id", "Bandung", "vip", orders=(order,), invoices=(invoice,), open_tickets=(ticket,),
        contacts=(contact,), lifetime_value_idr=38_450_000, order_count=14, open_invoices_idr=4_999_000,
    )  # fmt: skip


def _newcomer(now: datetime) -> CustomerCard:
    order = CardOrder(
        2, "20000022", "packed", True, now - timedelta(days=1), now.date() + timedelta(days=3), None, "", "", 198_000, (_BULB,)
    )
    return _card(
        now, 2, "James Carter", "Mr", "en", "Denpasar", "new", orders=(order,), lifetime_value_idr=198_000, order_count=1,
        consents=(CardConsent(ConsentPurpose.TELEMARKETING.value, True, now),),
    )  # fmt: skip


def _card(
    now: datetime, customer_id: int, name: str, honorific: str, language: str, city: str, segment: str,
    orders: tuple[CardOrder, ...] = (), invoices: tuple[CardInvoice, ...] = (), open_tickets: tuple[CardTicket, ...] = (),
    contacts: tuple[CardContact, ...] = (), consents: tuple[CardConsent, ...] = (), lifetime_value_idr: int = 0,
    order_count: int = 0, open_invoices_idr: int = 0,
) -> CustomerCard:  # fmt: skip
    return CustomerCard(
        customer_id=customer_id, external_id=None, name=name, honorific=honorific, language=language, address="", city=city,
        province="", postcode="", segment=segment, customer_since=now.date() - timedelta(days=400), phones=(), emails=(),
        consents=consents, orders=orders, invoices=invoices, open_tickets=open_tickets, contacts=contacts,
        lifetime_value_idr=lifetime_value_idr, order_count=order_count, open_invoices_idr=open_invoices_idr,
    )  # fmt: skip
