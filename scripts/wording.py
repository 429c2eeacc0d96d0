"""The tiny template of scripts: only named fields in {braces}, filled once, with wording to fall back on."""

import re
from collections.abc import Mapping

from scripts.facts import ANSWER

_FIELD = re.compile(r"\{([^{}]*)\}")
_STRAY_BRACE = re.compile(r"[{}]")

# What is said when a field is not known: a phrase that still makes a sentence. Indonesian, English.
FALLBACKS: dict[str, tuple[str, str]] = {
    "agent_name": ("petugas Anda", "your agent"),
    "customer_name": ("Bapak atau Ibu", "Sir or Madam"),
    "city": ("kota Anda", "your city"),
    "order": ("pesanan Anda", "your order"),
    "order_status": ("masih kami periksa", "still being checked"),
    "delivery_date": ("tanggal yang tertera pada pesanan", "the date shown on the order"),
    "product": ("produk Anda", "your product"),
    "invoice": ("tagihan Anda", "your bill"),
    "open_amount": ("jumlah yang tertera pada tagihan", "the amount shown on the bill"),
    "due_date": ("tanggal jatuh tempo pada tagihan", "the due date on the bill"),
    "overdue_amount": ("jumlah yang sudah lewat jatuh tempo", "the amount that is overdue"),
    "ticket": ("laporan Anda", "your report"),
    "new_ticket": ("laporan yang baru dibuat", "the new report"),
    "offer": ("produk yang cocok untuk Anda", "a product that suits you"),
    "offer_price": ("harga yang tertera", "the price shown"),
}
OFFER_FIELDS = frozenset({"offer", "offer_price"})  # known only where an offer may be made
_AN_ANSWER = ("jawaban Anda", "your answer")


def fill(text: str, fields: Mapping[str, str], language: str) -> str:
    """The text with its fields filled; a field that is missing or blank gets its fallback wording.

    Never raises, whatever the text or the values are. A value is put in as it is, once: braces or markup in it
    mean nothing here, and pages must escape the result like any other text.
    """

    def value_of(found: re.Match[str]) -> str:
        name = found.group(1)
        value = str(fields.get(name) or "").strip()
        return value or fallback(name, language)

    return _FIELD.sub(value_of, text)


def fallback(name: str, language: str) -> str:
    """What to say for a field that is not known; an ellipsis for one that does not exist."""
    wordings = _AN_ANSWER if name.startswith(ANSWER) else FALLBACKS.get(name)
    if wordings is None:
        return "…"
    return wordings[0] if language == "id" else wordings[1]


def fields_in(text: str) -> list[str]:
    """The names in braces, known or not, in their order."""
    return _FIELD.findall(text)


def has_stray_brace(text: str) -> bool:
    """Whether a brace opens or closes no field."""
    return _STRAY_BRACE.search(_FIELD.sub("", text)) is not None
