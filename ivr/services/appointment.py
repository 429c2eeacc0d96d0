"""Appointments for a field visit: what is booked, and to book, move or cancel one."""

from crm.appointments import Arranged, VisitPurpose
from crm.time_windows import Window
from ivr.desk import AppointmentFacts
from ivr.identity import proved_customer
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.reasons import Reason, reason_text
from ivr.services.questions import CHOOSE_TIME, CONFIRM, TIMES, YES_OR_NO, choose_time, confirms
from ivr.services.service import AFTER_ANSWER, Next, Step, go_on
from ivr.telling import Answer, tell
from ivr.visit import Visit
from ivr.wording import Wording

AFTER, PURPOSE = "after_appointment", "visit_purpose"
MOVE, CANCEL, BOOK = "move", "cancel", "book"


class Appointment:
    """The next visit is told, and can be changed; without one a visit is booked."""

    name = "appointment"
    menus = {  # noqa: RUF012  # never changed
        PURPOSE: frozenset({*VisitPurpose, "main_menu"}),
        CHOOSE_TIME: TIMES,
        CONFIRM: YES_OR_NO,
        AFTER: AFTER_ANSWER | {MOVE, CANCEL, BOOK},
    }

    def run(self, visit: Visit) -> Step:
        visit.begin("technical", reason_text(Reason.APPOINTMENT))
        customer_id = proved_customer(visit)
        booked = visit.look_up("appointments", lambda desk: desk.appointments(customer_id, visit.now))
        current = booked[0] if booked else None
        if current is None:
            visit.say("visit_none")
            step = _book(visit, customer_id)
        else:
            step = _told("visit_booked", current)
        while isinstance(step, Answer):
            chosen = tell(visit, step, AFTER)
            current = _next_visit(visit, customer_id)
            match chosen.choice.name:
                case "move" if current:
                    step = _move(visit, customer_id, current)
                case "cancel" if current:
                    step = _cancel(visit, customer_id, current)
                case "move" | "cancel" | "book":
                    step = _book(visit, customer_id)
                case _:
                    return go_on(chosen)
        return step


def _next_visit(visit: Visit, customer_id: int) -> AppointmentFacts | None:
    booked = visit.look_up("appointments", lambda desk: desk.appointments(customer_id, visit.now))
    return booked[0] if booked else None


def _book(visit: Visit, customer_id: int) -> Answer | Step:
    wanted = visit.ask(PURPOSE)
    if wanted == Next.MAIN_MENU:
        return Next.MAIN_MENU
    purpose, call = VisitPurpose(wanted), visit.line.call
    while True:
        window = _choose(visit, customer_id)
        if window is None:
            return Next.MAIN_MENU
        answer = _booked(visit, customer_id, purpose, window, call.interaction_id)
        if answer:
            return answer


def _booked(visit: Visit, customer_id: int, purpose: VisitPurpose, window: Window, interaction_id: str) -> Answer | None:
    """What was booked; None when that window is taken by now."""
    made = visit.look_up(
        "book_appointment", lambda desk: desk.book_appointment(customer_id, purpose, window, visit.now, interaction_id)
    )
    match made.arranged:
        case Arranged.DONE | Arranged.UNCHANGED if made.appointment:
            return _told("visit_booked_now", made.appointment)
        case Arranged.OTHER_BOOKED if made.appointment:
            return _told("visit_booked_already", made.appointment)
    visit.say("time_taken")
    return None


def _move(visit: Visit, customer_id: int, current: AppointmentFacts) -> Answer | Step:
    interaction_id = visit.line.call.interaction_id
    while True:
        window = _choose(visit, customer_id, current.window)
        if window is None:
            return Next.MAIN_MENU
        moved = _moved(visit, customer_id, current, window, interaction_id)
        if moved:
            return moved


def _moved(visit: Visit, customer_id: int, current: AppointmentFacts, window: Window, interaction_id: str) -> Answer | None:
    made = visit.look_up(
        "move_appointment",
        lambda desk: desk.move_appointment(customer_id, current.appointment_id, window, visit.now, interaction_id),
    )
    match made.arranged:
        case Arranged.DONE | Arranged.UNCHANGED if made.appointment:
            return _told("visit_moved", made.appointment)
        case Arranged.TOO_LATE:
            return _told("visit_too_late", current)
    visit.say("time_taken")
    return None


def _cancel(visit: Visit, customer_id: int, current: AppointmentFacts) -> Answer:
    window, interaction_id = current.window, visit.line.call.interaction_id
    question = visit.prompt("visit_cancel", day=visit.aloud.on_day(window.day), times=visit.aloud.times(window))
    if not confirms(visit, question):
        return _told("visit_kept", current)
    done = visit.look_up(
        "cancel_appointment", lambda desk: desk.cancel_appointment(customer_id, current.appointment_id, visit.now, interaction_id)
    )
    return _told("visit_too_late" if done is Arranged.TOO_LATE else "visit_cancelled", current)


def _choose(visit: Visit, customer_id: int, besides: Window | None = None) -> Window | None:
    found = visit.look_up("visit_windows", lambda desk: desk.visit_windows(customer_id, visit.now))
    windows = [window for window in found if window != besides]
    if not windows:
        raise PersonWanted(Reason.NO_TIME_FITS)
    return choose_time(visit, windows)


def _told(key: str, appointment: AppointmentFacts) -> Answer:
    def sentences(words: Wording) -> list[Prompt]:
        fields = {"day": words.on_day(appointment.window.day), "times": words.times(appointment.window)}
        return [
            Prompt(f"visit_for_{appointment.purpose}", words.language),
            Prompt(key, words.language, fields),
        ]

    return Answer(reason_text(Reason.APPOINTMENT, str(appointment.appointment_id)), sentences)
