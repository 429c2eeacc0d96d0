"""Words for every code that people may read: states, reasons, statuses. A code without words is shown as it is."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from agent_desktop.flow_names import queue_name
from agent_desktop.hand_over_words import WHY
from agent_desktop.languages import language_here
from agent_desktop.skill_words import skill_words
from agent_desktop.texts import _later
from ivr.reasons import reason_in
from ivr.steps import detail_in, step_in
from routing.agent_state import AgentState, NotReadyReason
from scripts import dispositions

STATES = {
    "OFFLINE": _later("Offline"),
    "NOT_READY": _later("Not ready"),
    "READY": _later("Ready"),
    "RESERVED": _later("Call coming"),
    "RINGING": _later("Ringing"),
    "TALKING": _later("Talking"),
    "WRAP_UP": _later("Wrap-up"),
}
REASONS = {
    "logged_in": _later("Just logged in"),
    "break": _later("Break"),
    "meal": _later("Meal"),
    "training": _later("Training"),
    "meeting": _later("Meeting"),
    "paperwork": _later("Paperwork"),
    "rona": _later("Did not answer"),
    "rejected": _later("Declined a call"),
    "device": _later("Phone lost"),
    "rescue": _later("Emergency mode"),
}
ORDER_STATUSES = {
    "placed": _later("Received"),
    "packed": _later("Packed"),
    "shipped": _later("On its way"),
    "out_for_delivery": _later("Out for delivery"),
    "delivered": _later("Delivered"),
    "cancelled": _later("Cancelled"),
}
TICKET_STATUSES = {"open": _later("Open"), "pending": _later("Waiting for the customer"), "solved": _later("Solved")}
TICKET_CATEGORIES = {
    "delivery": _later("Delivery"),
    "product": _later("Product"),
    "billing": _later("Bill or payment"),
    "sales": _later("Order"),
    "visit": _later("Technician's visit"),
    "other": _later("Something else"),
}
PRIORITIES = {1: _later("Urgent"), 2: _later("High"), 3: _later("Normal"), 4: _later("Low")}
PURPOSES = {
    "telemarketing": _later("Offers by phone"),
    "recording": _later("Recording"),
    "survey": _later("Survey"),
}
VISIT_PURPOSES = {
    "installation": _later("Installation"),
    "repair": _later("Repair"),
    "pick_up": _later("Pick-up"),
}
OUTCOMES = {
    "contained": _later("Settled in the menu"),
    "answered": _later("Answered"),
    "abandoned": _later("Gave up waiting"),
    "gone_in_ivr": _later("Left in the menu"),
    "rescued": _later("Taken in emergency mode"),
    "call_back": _later("Promised a call"),
    "reached": _later("Reached by us"),
    "not_reached": _later("Not reached by us"),
}
SEGMENTS = {
    "new": _later("New"),
    "regular": _later("Regular"),
    "loyal": _later("Loyal"),
    "vip": _later("VIP"),
    "premium": _later("Premium"),
    "business": _later("Business"),
}
LANGUAGE_NAMES = {"id": _later("Indonesian"), "en": _later("English")}
IVR_STEPS = {
    "main_menu": _later("Main menu"),
    "order_status": _later("Order status"),
    "bill": _later("Bill"),
    "person": _later("Wants a person"),
    "sales": _later("Sales"),
    "billing": _later("Billing"),
    "technical": _later("Technical"),
    "again": _later("Heard it again"),
    "other_order": _later("Another order"),
    "found": _later("Order found"),
    "goodbye": _later("Goodbye"),
    "asked_for_person": _later("Asked for a person"),
    "no_input": _later("No key pressed"),
    "wrong_input": _later("Wrong key"),
    "order_not_found": _later("Order not found"),
    "back_end_down": _later("Records not available"),
    "flow_failed": _later("Menu failed"),
}
MEDIA = {"voice": _later("Call"), "chat": _later("Chat"), "email": _later("E-mail"), "sms": _later("Text message")}
_UNSEEN_STEPS = frozenset({"language", "survey"})  # what came of the survey is told by itself
_NAMED_STEPS = frozenset({"who", "pin", "confirm", "card_number", "card_expiry", "card_code", "payment", "text_me"})


def state_kind(state: str, reason: str = "") -> str:
    """Which of the eight colours: offline, not_ready, trouble, ready, reserved, ringing, talking, wrap_up."""
    if state == AgentState.NOT_READY and reason in (NotReadyReason.RONA, NotReadyReason.DEVICE, NotReadyReason.REJECTED):
        return "trouble"
    return state.lower()


def state_words(state: str, reason: str = "") -> str:
    """The state as one or two words; a red one is named by its reason."""
    if state_kind(state, reason) == "trouble":
        return str(REASONS[reason])
    return str(STATES.get(state, state))


def ivr_steps(path: tuple[str, ...]) -> list[str]:
    """What the caller did in the menu, in words, oldest first; a step that follows from the one before is said once."""
    told: list[str] = []
    for entry in path:
        step, _colon, detail = entry.partition(":")
        if step in _UNSEEN_STEPS:
            continue
        words = _step_words(step, detail.partition(":")[0])
        if not told or told[-1] != words:
            told.append(words)
    return told


def _step_words(step: str, code: str) -> str:
    """Most steps say enough by what came of them; a few need their own name beside it."""
    if step in _NAMED_STEPS:
        return step_in(language_here(), step, code)
    known = IVR_STEPS.get(code) or (IVR_STEPS.get(step) if not code else None)
    if known is not None:
        return str(known)
    words = detail_in(language_here(), code) if code else step_in(language_here(), step)
    return words[:1].upper() + words[1:]


def reason_words(reason: str) -> str:
    """Why they call, in words."""
    return reason_in(language_here(), reason) if reason else ""


def reason_beside_queue(reason: str, queue: str, label: str) -> str:
    """Why they call, in words, beside the label of the queue they stand in; "" where it says no more than that label."""
    words = reason_words(reason)
    return "" if reason == queue or words == label else words


def disposition_words(code: str) -> str:
    """A disposition in words; the code itself when it is no longer in use."""
    known = dispositions.find(code)
    return known.label_in(language_here()) if known else code


def hand_over_why_words(code: str) -> str:
    """Why a caller was handed over; "" for no reason given."""
    return str(WHY.get(code, ""))


def set_up_words(app: Flask) -> None:
    """Give the templates all of these."""
    tables: dict[str, dict[Any, Any]] = {
        "order_status": ORDER_STATUSES, "ticket_status": TICKET_STATUSES, "priority": PRIORITIES, "purpose": PURPOSES,
        "visit_purpose": VISIT_PURPOSES, "ticket_category": TICKET_CATEGORIES, "medium": MEDIA,
        "outcome": OUTCOMES, "segment": SEGMENTS, "language_name": LANGUAGE_NAMES, "not_ready_reason": REASONS,
    }  # fmt: skip
    app.jinja_env.filters.update({f"{name}_words": _lookup(table) for name, table in tables.items()})
    app.jinja_env.filters.update(
        reason_words=reason_words, disposition_words=disposition_words, queue_words=queue_name, skill_words=skill_words,
        hand_over_why_words=hand_over_why_words,
    )  # fmt: skip
    app.jinja_env.globals.update(
        state_kind=state_kind, state_words=state_words, ivr_steps=ivr_steps, reason_beside_queue=reason_beside_queue
    )


def _lookup(table: dict[Any, Any]) -> Callable[[Any], str]:
    return lambda code: str(table.get(code, code))
