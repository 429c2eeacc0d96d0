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
    TRACKING = "tracking"  # detail: the order's number
    RESCHEDULE = "reschedule"  # detail: the order's number
    PAYMENT_STATE = "payment_state"  # detail: the number of an invoice that the newest payment was for
    PAY_BY_CARD = "pay_by_card"  # detail: the number of the invoice, the first of several
    TICKET = "ticket"  # detail: the ticket's number
    OPEN_TICKET = "open_ticket"  # detail: the new ticket's number
    APPOINTMENT = "appointment"  # detail: the appointment's id
    OPENING_HOURS = "opening_hours"
    CALL_BACK = "call_back"  # detail: the code of what it is about
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
    CUSTOMER_NOT_FOUND = "customer_not_found"  # two numbers that we don't know; detail: the code of what they asked for
    TOO_MANY_NUMBERS = "too_many_numbers"  # named from one phone in a while; detail: the code of what they asked for
    NO_PIN = "no_pin"  # has none, so could not prove who they are; detail: the code of what they asked for
    PIN_NOT_PROVED = "pin_not_proved"  # wrong PINs, as often as is allowed; detail: the code of what they asked for
    NO_TIME_FITS = "no_time_fits"  # of the windows that there are
    NO_CARDS = "no_cards"  # there is no payment gateway
    CARD_NOT_READ = "card_not_read"  # what was typed was no card, twice
    PAYMENT_DECLINED = "payment_declined"  # detail: the invoice's number
    PAYMENT_UNKNOWN = "payment_unknown"  # the gateway gave no answer; detail: the invoice's number
    BACK_END_DOWN = "back_end_down"  # detail: the code of what they asked for
    FLOW_FAILED = "flow_failed"


_WORDS: Mapping[str, Mapping[Reason, str]] = {
    "id": {
        Reason.ORDER_STATUS: "Status pesanan",
        Reason.BILL: "Tagihan",
        Reason.TRACKING: "Lacak paket",
        Reason.RESCHEDULE: "Ubah jadwal kirim",
        Reason.PAYMENT_STATE: "Status pembayaran",
        Reason.PAY_BY_CARD: "Bayar dengan kartu",
        Reason.TICKET: "Status keluhan",
        Reason.OPEN_TICKET: "Keluhan baru",
        Reason.APPOINTMENT: "Kunjungan teknisi",
        Reason.OPENING_HOURS: "Jam buka",
        Reason.CALL_BACK: "Minta ditelepon kembali",
        Reason.CUSTOMER_NOT_FOUND: "Pelanggan tidak ditemukan",
        Reason.TOO_MANY_NUMBERS: "Terlalu banyak nomor dicoba dari telepon ini",
        Reason.NO_PIN: "Belum punya PIN, identitas belum terbukti",
        Reason.PIN_NOT_PROVED: "PIN salah, identitas belum terbukti",
        Reason.NO_TIME_FITS: "Tidak ada waktu yang cocok",
        Reason.NO_CARDS: "Pembayaran kartu tidak tersedia",
        Reason.CARD_NOT_READ: "Kartu tidak terbaca",
        Reason.PAYMENT_DECLINED: "Kartu ditolak",
        Reason.PAYMENT_UNKNOWN: "Hasil pembayaran belum diketahui",
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
        Reason.TRACKING: "Parcel tracking",
        Reason.RESCHEDULE: "Change of delivery time",
        Reason.PAYMENT_STATE: "Payment received?",
        Reason.PAY_BY_CARD: "Payment by card",
        Reason.TICKET: "Ticket status",
        Reason.OPEN_TICKET: "New ticket",
        Reason.APPOINTMENT: "Technician's visit",
        Reason.OPENING_HOURS: "Opening hours",
        Reason.CALL_BACK: "Wants to be called back",
        Reason.CUSTOMER_NOT_FOUND: "Customer not found",
        Reason.TOO_MANY_NUMBERS: "Too many numbers tried from this phone",
        Reason.NO_PIN: "Has no PIN, identity not proved",
        Reason.PIN_NOT_PROVED: "Wrong PIN, identity not proved",
        Reason.NO_TIME_FITS: "No time that fits",
        Reason.NO_CARDS: "Cards are not taken",
        Reason.CARD_NOT_READ: "Card could not be read",
        Reason.PAYMENT_DECLINED: "Card declined",
        Reason.PAYMENT_UNKNOWN: "Result of the payment not known",
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
