"""Disposition codes: what came of an interaction, as the agent says it in wrap-up."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DispositionCode:
    """One outcome that an agent may give. `code` is stable and stored; the labels are what people read."""

    code: str
    label_id: str
    label_en: str

    def label_in(self, language: str) -> str:
        """The label as people of this language read it; English for any other than Indonesian."""
        return self.label_id if language == "id" else self.label_en


_CODES = {
    code.code: code
    for code in (
        DispositionCode("solved", "Selesai", "Solved"),
        DispositionCode("order_placed", "Pesanan dibuat", "Order placed"),
        DispositionCode("no_sale", "Tidak jadi membeli", "No sale"),
        DispositionCode("order_changed", "Pesanan diubah atau dibatalkan", "Order changed or cancelled"),
        DispositionCode("promise_to_pay", "Berjanji membayar", "Promised to pay"),
        DispositionCode("more_time", "Minta tambahan waktu", "Wants more time to pay"),
        DispositionCode("bill_disputed", "Tagihan disanggah", "Bill disputed"),
        DispositionCode("repair_arranged", "Perbaikan atau penukaran diatur", "Repair or exchange arranged"),
        DispositionCode("follow_up", "Perlu tindak lanjut", "Needs follow-up"),
        DispositionCode("callback_wanted", "Minta ditelepon kembali", "Callback wanted"),
        DispositionCode("complaint", "Keluhan", "Complaint"),
        DispositionCode("wrong_number", "Salah sambung", "Wrong number"),
        DispositionCode("line_dropped", "Sambungan terputus", "Line dropped"),
        DispositionCode("handed_over", "Dialihkan", "Handed over"),
        DispositionCode("not_reached", "Tidak terhubung", "Not reached"),
    )
}

_ALWAYS = ("follow_up", "callback_wanted", "complaint", "wrong_number", "line_dropped")
_HANDED_OVER = "handed_over"
_MISSED = ("not_reached", "follow_up", "wrong_number")
_BY_QUEUE = {
    "sales": ("order_placed", "no_sale", "order_changed", "solved"),
    "billing": ("solved", "promise_to_pay", "more_time", "bill_disputed"),
    "technical": ("solved", "repair_arranged"),
    "general": ("solved", "order_changed"),
}


def for_queue(queue: str) -> tuple[DispositionCode, ...]:
    """The codes to offer after an interaction of this queue, the likeliest first; a queue without its own gets general's."""
    return tuple(_CODES[code] for code in (*_BY_QUEUE.get(queue, _BY_QUEUE["general"]), *_ALWAYS))


def offered(queue: str, handed_over: bool = False, missed: bool = False) -> tuple[DispositionCode, ...]:
    """The codes to offer to an agent of this queue who has handed the caller over, or whom nobody answered: what came of that
    first, and nothing that can't have come of it."""
    if missed:
        return tuple(_CODES[code] for code in _MISSED)
    usual = for_queue(queue)
    return (_CODES[_HANDED_OVER], *(each for each in usual if each.code != "line_dropped")) if handed_over else usual


def may_be_given(code: str, queues: Collection[str]) -> bool:
    """Whether an agent who had the interaction in these queues may give this code."""
    return code in (_HANDED_OVER, *_MISSED) or any(code == each.code for queue in queues for each in for_queue(queue))


def find(code: str) -> DispositionCode | None:
    """The disposition with this code, or None. Old codes stay readable in the history: show the code itself then."""
    return _CODES.get(code)


def codes() -> tuple[str, ...]:
    """Every code that is in use."""
    return tuple(_CODES)
