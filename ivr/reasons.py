"""Why a caller ends where they end: stable codes that travel with the interaction, and their words for the pages.

A reason is `code` or `code:detail`, at most 200 characters. The detail is an order or invoice number from our own
records, or the code of what the caller was doing; never a key that was typed.
"""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """What the caller wanted, or what stood in the way. Stored in the database: add, never rename."""

    ORDER_STATUS = "order_status"  # detail: the order's number, once one was read out
    BILL = "bill"  # detail: the number of the invoice that is due first, once it was read out
    SALES = "sales"
    BILLING = "billing"
    TECHNICAL = "technical"
    VOICEMAIL = "voicemail"
    TOLD = "told"  # detail: the name of the choice that told it
    ASKED_FOR_PERSON = "asked_for_person"
    NO_INPUT = "no_input"  # no key and no word, as often as was asked
    WRONG_INPUT = "wrong_input"  # wrong keys, as often as was asked
    NOT_UNDERSTOOD = "not_understood"  # words, as often as was asked, none of which fitted
    ORDER_NOT_FOUND = "order_not_found"  # two numbers that we don't know
    BACK_END_DOWN = "back_end_down"  # detail: the code of what they asked for
    FLOW_FAILED = "flow_failed"


_WORDS: Mapping[str, Mapping[Reason, str]] = {
    "id": {
        Reason.ORDER_STATUS: "Status pesanan",
        Reason.BILL: "Tagihan",
        Reason.SALES: "Penjualan",
        Reason.BILLING: "Tagihan dan pembayaran",
        Reason.TECHNICAL: "Bantuan teknis",
        Reason.ASKED_FOR_PERSON: "Minta berbicara dengan petugas",
        Reason.VOICEMAIL: "Pesan suara",
        Reason.TOLD: "Informasi",
        Reason.NO_INPUT: "Tidak menjawab",
        Reason.WRONG_INPUT: "Tidak berhasil memilih di menu",
        Reason.NOT_UNDERSTOOD: "Ucapan tidak dipahami",
        Reason.ORDER_NOT_FOUND: "Nomor pesanan tidak ditemukan",
        Reason.BACK_END_DOWN: "Data tidak dapat dibuka",
        Reason.FLOW_FAILED: "Gangguan pada menu suara",
    },
    "en": {
        Reason.ORDER_STATUS: "Order status",
        Reason.BILL: "Bill",
        Reason.SALES: "Sales",
        Reason.BILLING: "Billing and payment",
        Reason.TECHNICAL: "Technical help",
        Reason.ASKED_FOR_PERSON: "Asked for a person",
        Reason.VOICEMAIL: "Voicemail",
        Reason.TOLD: "Information",
        Reason.NO_INPUT: "Gave no answer",
        Reason.WRONG_INPUT: "Could not choose in the menu",
        Reason.NOT_UNDERSTOOD: "Was not understood",
        Reason.ORDER_NOT_FOUND: "Order number not found",
        Reason.BACK_END_DOWN: "Records could not be opened",
        Reason.FLOW_FAILED: "The voice menu failed",
    },
}


def reason_text(code: Reason, detail: str = "") -> str:
    """The reason as it is stored: "bill", or "bill:INV-0042"."""
    return f"{code.value}:{detail}" if detail else code.value


def reason_in(language: str, text: str) -> str:
    """The reason as an agent of this language reads it: "Tagihan · INV-0042". A text without a known code stays as it is."""
    words = _WORDS.get(language, _WORDS["en"])
    code, _, detail = text.partition(":")
    try:
        named = words[Reason(code)]
    except ValueError:
        return text
    if not detail:
        return named
    known = {reason.value for reason in Reason}
    return f"{named} · {words[Reason(detail)] if detail in known else detail}"
