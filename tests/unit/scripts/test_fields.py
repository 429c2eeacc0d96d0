"""The fields of scripts, from the customer card."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crm.card_parts import CardInvoice, CardLine, CardOrder, CardTicket
from crm.customer_card import CustomerCard
from crm.offers.spoken import SpokenOffer
from scripts.fields import offer_fields, script_fields
from scripts.progress import Progress
from scripts.shown_page import show
from tests.unit.scripts import small_scripts
from tests.unit.scripts.small_scripts import SCRIPTS, TODAY, end, read, told, words

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAMP = CardLine("Lampu pintar", "Smart bulb", "smart_home", 1, 99_000)


def order(number: str, status: str, is_open: bool) -> CardOrder:
    return CardOrder(1, number, status, is_open, NOW, date(2026, 3, 5), None, "", "", 99_000, (LAMP,))


CARD = CustomerCard(
    customer_id=1, external_id=None, name="Sari Lestari", honorific="Ibu", language="id", address="", city="Bandung", province="",
    postcode="", segment="loyal", customer_since=None, phones=(), emails=(), consents=(),
    orders=(order("20000022", "delivered", False), order("20000014", "shipped", True)),
    invoices=(
        CardInvoice(1, "INV-1", 1, date(2026, 2, 1), date(2026, 2, 15), 412_000, 412_000, True),
    ),
    open_tickets=(CardTicket(1, "T000001", "x", "product", 2, "open", NOW, None, False),),
    contacts=(), lifetime_value_idr=0, order_count=2, open_invoices_idr=412_000,
)  # fmt: skip


def test_fields_are_said_in_the_language_of_the_page() -> None:
    indonesian, english = script_fields(CARD, "Ayu", "id"), script_fields(CARD, "Ayu", "en")
    assert indonesian["customer_name"] == "Ibu Sari Lestari"
    assert (indonesian["open_amount"], english["open_amount"]) == ("Rp 412.000", "Rp 412,000")
    assert (indonesian["due_date"], english["due_date"]) == ("15 Februari 2026", "15 February 2026")
    assert indonesian["overdue_amount"] == "Rp 412.000"
    assert (indonesian["product"], english["product"]) == ("Lampu pintar", "Smart bulb")
    assert (indonesian["order_status"], english["order_status"]) == ("dalam pengiriman", "on its way")


def test_the_order_on_its_way_is_spoken_of_before_a_newer_one_that_arrived() -> None:
    assert script_fields(CARD, "Ayu", "en")["order"] == "order 20000014"


def test_an_unknown_caller_leaves_every_other_field_to_its_fallback() -> None:
    assert script_fields(None, "Ayu", "id") == {"agent_name": "Ayu"}


@pytest.mark.parametrize(
    "card",
    [None, CARD, replace(CARD, orders=(), invoices=(), open_tickets=(), city="", name="", honorific=""),
     replace(CARD, orders=(order("20000014", "a_status_of_tomorrow", True),))],
)  # fmt: skip
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_shipped_page_reads_whole_for_every_kind_of_customer(card: CustomerCard | None, language: str) -> None:
    fields = script_fields(card, "Ayu", language)
    for script in SCRIPTS:
        for page in script.pages:
            shown = show(script, Progress(script.name, 0, page.name), language, fields, TODAY)
            texts = [shown.say, shown.title, *(choice.label for choice in shown.choices)]
            texts += [action.words for action in shown.actions if action.words]
            for text in (*texts, *([shown.field.label] if shown.field else [])):
                assert text.strip()
                assert not set(text) & set("{}…")
                assert "  " not in text


def test_the_offer_is_named_with_its_price_where_it_is_made_and_in_other_words_while_there_is_none() -> None:
    made = small_scripts.script(end(say=words("{offer}: {offer_price}"), actions=[{"does": "offer"}]))
    assert told(made) == []
    progress, offer = Progress("general", 0, "bye"), SpokenOffer("Kabel", "Cable", 45_000)
    in_other_words = "produk yang cocok untuk Anda: harga yang tertera"
    for language, given, said in (("en", offer, "Cable: Rp 45,000"), ("id", None, in_other_words)):
        assert show(read(made).script, progress, language, offer_fields(given, language), TODAY).say == said
