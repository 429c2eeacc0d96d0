"""What a caller did in the IVR, in words for the pages. A step is what a flow notes on the line: its name and a detail."""

from collections.abc import Mapping

from ivr.reasons import Reason, reason_in

_STEPS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "language": "Bahasa",
        "main_menu": "Menu utama",
        "people_menu": "Pilih bagian",
        "order_number": "Nomor pesanan",
        "after_order": "Setelah status pesanan",
        "after_bill": "Setelah tagihan",
        "after_message": "Pesan suara",
        "opening_hours": "Jam buka",
        "survey": "Survei",
        "person": "Ke petugas",
    },
    "en": {
        "language": "Language",
        "main_menu": "Main menu",
        "people_menu": "Choice of team",
        "order_number": "Order number",
        "after_order": "After the order status",
        "after_bill": "After the bill",
        "after_message": "Voicemail",
        "opening_hours": "Opening hours",
        "survey": "Survey",
        "person": "To a person",
    },
}
_DETAILS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "id": "Indonesia",
        "en": "Inggris",
        "person": "petugas",
        "found": "ditemukan",
        "again": "dengar lagi",
        "main_menu": "menu utama",
        "other_order": "pesanan lain",
        "goodbye": "selesai",
        "send": "dikirim",
        "message": "tinggalkan pesan",
        "answered": "dijawab",
        "no_answer": "tidak dijawab",
    },
    "en": {
        "id": "Indonesian",
        "en": "English",
        "person": "a person",
        "found": "found",
        "again": "hear again",
        "main_menu": "main menu",
        "other_order": "another order",
        "goodbye": "done",
        "send": "sent",
        "message": "leave a message",
        "answered": "was answered",
        "no_answer": "no answer",
    },
}


def step_in(language: str, step: str, detail: str = "") -> str:
    """The step as an agent of this language reads it: "Menu utama: Tagihan". Unknown names stay as they are."""
    spoken = language if language in _STEPS else "en"
    named = _STEPS[spoken].get(step, step)
    if not detail:
        return named
    known = {reason.value for reason in Reason}
    words = reason_in(spoken, detail) if detail in known else _DETAILS[spoken].get(detail, detail)
    return f"{named}: {words}"
