"""Customer records in memory, which keep the laws of the real ones: what is written twice is there once, capacity counts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from crm.appointments import Arranged, VisitPurpose
from crm.callback_tasks import CallbackWish
from crm.deliveries import RESCHEDULABLE, Rescheduled, offered_days
from crm.number_tries import PER_CALLER as PER_NUMBER
from crm.number_tries import PER_WITHHELD
from crm.order_numbers import order_number
from crm.pins import PER_CALLER, PER_CUSTOMER, PinCheck, PinResult
from crm.surveys import should_ask
from crm.throttle import Tries, after_right, after_wrong
from crm.tickets import TicketSubject
from crm.time_windows import Window, days_from
from ivr.desk import AppointmentAnswer, AppointmentFacts, CallerFacts, OrderFacts, TicketFacts, TrackingFacts
from tests.unit.ivr.fake_money import FakeMoney

KNOWN_ANI = "+628112345678"
SHARED_ANI = "+62215550123"
STRANGER_ANI = "+628998887776"
OWN_ORDER, OTHER_ORDER, UNKNOWN_ORDER = (order_number(serial) for serial in (1_000_000, 1_000_001, 1_000_002))
PIN = "735190"
HOURS = ((9, 12), (13, 17))


def order_facts(number: str = OWN_ORDER, customer_id: int = 7, status: str = "out_for_delivery") -> OrderFacts:
    delivered_at = datetime(2025, 2, 1, 20, 0, tzinfo=UTC) if status == "delivered" else None
    return OrderFacts(number, customer_id, status, datetime(2025, 1, 30, 3, 0, tzinfo=UTC), date(2025, 2, 4), delivered_at, 412_000)


class FakeDesk(FakeMoney):
    """Records kept in memory; fulfils ivr.desk.CrmDesk. `fails` makes every question fail.

    Windows are open from Monday to Saturday, each with `capacity` places; `taken` counts them by kind and window.
    """

    def __init__(self) -> None:
        super().__init__()
        self.callers_by_number = {
            KNOWN_ANI: (CallerFacts(7, "id"),),
            SHARED_ANI: (CallerFacts(7, "id"), CallerFacts(8, "id")),
        }
        self.orders = {OWN_ORDER: order_facts(), OTHER_ORDER: order_facts(OTHER_ORDER, 8, "placed")}
        self.tracked: dict[str, tuple[TrackingFacts, ...]] = {}
        self.pins: dict[int, str] = {}
        self.pin_tries: dict[str, Tries] = {}
        self.number_tries: dict[str, Tries] = {}
        self.capacity = 2
        self.taken: dict[tuple[str, Window], int] = {}
        self.first_promises: dict[str, date | None] = {}
        self.visits: dict[int, AppointmentFacts] = {}
        self.visit_owners: dict[int, int] = {}
        self.cancelled: set[int] = set()
        self.ticket_facts: dict[int, list[TicketFacts]] = {}
        self.tickets_opened: dict[tuple[str, str], TicketFacts] = {}
        self.survey_consents: dict[int, bool] = {}
        self.surveys_asked: dict[str, tuple[int | None, str, datetime]] = {}
        self.survey_answers: dict[str, tuple[int | None, str, str]] = {}
        self.callback_wishes: dict[str, tuple[int, CallbackWish]] = {}
        self._ids = count(1)

    # ── callers ──

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        self._answer()
        return self.callers_by_number.get(e164, ())

    def caller(self, customer_id: int) -> CallerFacts | None:
        self._answer()
        return next((known for known in self._everyone() if known.customer_id == customer_id), None)

    def customer_by_number(self, number: str) -> CallerFacts | None:
        self._answer()
        return next((known for known in self._everyone() if number and known.customer_number == number), None)

    def verify_pin(self, customer_id: int, pin: str, caller: str, now: datetime) -> PinCheck:
        self._answer()
        limits = {f"customer:{customer_id}": PER_CUSTOMER} | ({f"caller:{caller}": PER_CALLER} if caller else {})
        tries = {subject: self.pin_tries.get(subject, Tries()) for subject in limits}
        locked = [each.locked_until for each in tries.values() if each.locked_until and each.is_locked(now)]
        if locked:
            return PinCheck(PinResult.LOCKED, 0, max(locked))
        counted = {subject: after_wrong(each, limits[subject], now) for subject, each in tries.items()}
        if customer_id in self.pins and self.pins[customer_id] == pin:
            self.pin_tries |= {subject: after_right(each) for subject, each in counted.items()}
            self.pin_tries[f"customer:{customer_id}"] = Tries()
            return PinCheck(PinResult.RIGHT, PER_CUSTOMER)
        self.pin_tries |= counted
        left = min(each.left(limits[subject]) for subject, each in counted.items())
        until = max((each.locked_until for each in counted.values() if each.locked_until), default=None)
        return PinCheck(PinResult.WRONG if customer_id in self.pins else PinResult.NO_PIN, left, until)

    def may_name(self, caller: str, now: datetime) -> bool:
        self._answer()
        tries = self.number_tries.get(caller, Tries())
        if tries.is_locked(now):
            return False
        self.number_tries[caller] = after_wrong(tries, PER_NUMBER if caller else PER_WITHHELD, now)
        return True

    def named_own(self, caller: str) -> None:
        self._answer()
        self.number_tries[caller] = after_right(self.number_tries.get(caller, Tries()))

    # ── orders and deliveries ──

    def order(self, number: str) -> OrderFacts | None:
        self._answer()
        return self.orders.get(number)

    def newest_order(self, customer_id: int) -> OrderFacts | None:
        return next(iter(self.orders_of(customer_id)), None)

    def orders_of(self, customer_id: int, most: int = 5) -> tuple[OrderFacts, ...]:
        self._answer()
        return tuple(order for order in self.orders.values() if order.customer_id == customer_id)[:most]

    def track(self, order: str, language: str) -> tuple[TrackingFacts, ...]:
        self._answer()
        return self.tracked.get(order, ())

    def delivery_windows(self, order: str, now: datetime) -> tuple[Window, ...]:
        self._answer()
        found = self.orders.get(order)
        if found is None:
            return ()
        days = offered_days(found.status, self.first_promises.get(order, found.promised_on), now.date())
        return tuple(window for window in self._free("delivery", days) if window != found.window)

    def reschedule(self, order: str, window: Window, now: datetime, interaction_id: str = "") -> Rescheduled:
        self._answer()
        found = self.orders.get(order)
        if found is None or found.status not in RESCHEDULABLE:
            return Rescheduled.TOO_LATE
        if found.window == window:
            return Rescheduled.UNCHANGED
        first_promise = self.first_promises.get(order, found.promised_on)
        if window not in _planned(offered_days(found.status, first_promise, now.date())):
            return Rescheduled.NOT_OFFERED
        if not self._take("delivery", window, found.window):
            return Rescheduled.FULL
        self.first_promises[order] = first_promise
        self.orders[order] = OrderFacts(
            found.number, found.customer_id, found.status, found.placed_at, window.day, found.delivered_at, found.total_idr,
            found.courier, window,
        )  # fmt: skip
        return Rescheduled.CHANGED

    # ── tickets ──

    def tickets(self, customer_id: int, most: int = 3) -> tuple[TicketFacts, ...]:
        self._answer()
        newest_first = sorted(self.ticket_facts.get(customer_id, ()), key=lambda ticket: ticket.opened_at, reverse=True)
        still_open = [ticket for ticket in newest_first if ticket.status != "solved"]
        return tuple(still_open[:most] or newest_first[:1])

    def open_ticket(
        self, customer_id: int, subject: TicketSubject, language: str, now: datetime, interaction_id: str
    ) -> TicketFacts:
        self._answer()
        key = (interaction_id, subject.value)
        if key not in self.tickets_opened:
            ticket = TicketFacts(f"T{next(self._ids):06d}", subject.value, "open", now, now + timedelta(days=3))
            self.tickets_opened[key] = ticket
            self.ticket_facts.setdefault(customer_id, []).append(ticket)
        return self.tickets_opened[key]

    # ── appointments ──

    def appointments(self, customer_id: int, now: datetime) -> tuple[AppointmentFacts, ...]:
        self._answer()
        mine = [self.visits[key] for key, owner in self.visit_owners.items() if owner == customer_id and key not in self.cancelled]
        return tuple(sorted((each for each in mine if each.window.day >= now.date()), key=lambda each: each.window))

    def visit_windows(self, customer_id: int, now: datetime) -> tuple[Window, ...]:
        self._answer()
        return tuple(self._free("field_visit", _visit_days(now)))

    def book_appointment(
        self, customer_id: int, purpose: VisitPurpose, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        booked = next((each for each in self.appointments(customer_id, now) if each.purpose == purpose), None)
        if booked:
            return AppointmentAnswer(Arranged.UNCHANGED if booked.window == window else Arranged.OTHER_BOOKED, booked)
        if window not in _planned(_visit_days(now)):
            return AppointmentAnswer(Arranged.NOT_OFFERED, None)
        if not self._take("field_visit", window, None):
            return AppointmentAnswer(Arranged.FULL, None)
        made = AppointmentFacts(next(self._ids), purpose.value, window)
        self.visits[made.appointment_id], self.visit_owners[made.appointment_id] = made, customer_id
        return AppointmentAnswer(Arranged.DONE, made)

    def move_appointment(
        self, customer_id: int, appointment_id: int, window: Window, now: datetime, interaction_id: str = ""
    ) -> AppointmentAnswer:
        self._answer()
        if self.visit_owners.get(appointment_id) != customer_id:
            return AppointmentAnswer(Arranged.TOO_LATE, None)
        booked = self.visits[appointment_id]
        if appointment_id not in self.cancelled and booked.window == window:
            return AppointmentAnswer(Arranged.UNCHANGED, booked)
        if appointment_id in self.cancelled or booked.window.day <= now.date():
            return AppointmentAnswer(Arranged.TOO_LATE, booked)
        if window not in _planned(_visit_days(now)):
            return AppointmentAnswer(Arranged.NOT_OFFERED, booked)
        if not self._take("field_visit", window, booked.window):
            return AppointmentAnswer(Arranged.FULL, booked)
        self.visits[appointment_id] = AppointmentFacts(appointment_id, booked.purpose, window)
        return AppointmentAnswer(Arranged.DONE, self.visits[appointment_id])

    def cancel_appointment(self, customer_id: int, appointment_id: int, now: datetime, interaction_id: str = "") -> Arranged:
        self._answer()
        if self.visit_owners.get(appointment_id) != customer_id:
            return Arranged.TOO_LATE
        if appointment_id in self.cancelled:
            return Arranged.UNCHANGED
        if self.visits[appointment_id].window.day <= now.date():
            return Arranged.TOO_LATE
        self.cancelled.add(appointment_id)
        self.taken["field_visit", self.visits[appointment_id].window] -= 1
        return Arranged.DONE

    # ── surveys and tasks ──

    def wants_survey(self, customer_id: int | None, ani: str, now: datetime, share: float, rest_days: float, chance: float) -> bool:
        self._answer()
        asked = [
            at
            for who, number, at in self.surveys_asked.values()
            if (customer_id is not None and who == customer_id) or (ani and number == ani)
        ]
        consent = self.survey_consents.get(customer_id) if customer_id is not None else None
        return should_ask(consent, max(asked, default=None), now, share, rest_days, chance)

    def survey_asked(self, interaction_id: str, customer_id: int | None, now: datetime, ani: str = "") -> None:
        self._answer()
        self.surveys_asked.setdefault(interaction_id, (customer_id, ani, now))

    def save_survey(
        self,
        interaction_id: str,
        customer_id: int | None,
        now: datetime,
        score: int | None = None,
        comment_recording: str = "",
        transcript: str = "",
    ) -> None:
        if score is not None and not 1 <= score <= 5:
            raise ValueError("a score is 1 to 5")
        self.survey_asked(interaction_id, customer_id, now)
        before = self.survey_answers.get(interaction_id, (None, "", ""))
        kept = before[0] if score is None else score
        self.survey_answers[interaction_id] = (kept, comment_recording or before[1], transcript or before[2])

    def add_callback_task(self, wish: CallbackWish, now: datetime) -> int:
        self._answer()
        if wish.interaction_id not in self.callback_wishes:
            self.callback_wishes[wish.interaction_id] = (next(self._ids), wish)
        return self.callback_wishes[wish.interaction_id][0]

    # ── inside ──

    def _everyone(self) -> list[CallerFacts]:
        return [known for group in self.callers_by_number.values() for known in group]

    def _free(self, kind: str, days: Sequence[date]) -> list[Window]:
        return [window for window in _planned(days) if self.taken.get((kind, window), 0) < self.capacity]

    def _take(self, kind: str, window: Window, instead_of: Window | None) -> bool:
        if self.taken.get((kind, window), 0) >= self.capacity:
            return False
        self.taken[kind, window] = self.taken.get((kind, window), 0) + 1
        if instead_of is not None:
            self.taken[kind, instead_of] -= 1
        return True


def _planned(days: Sequence[date]) -> list[Window]:
    return [Window(day, first, last) for day in days if day.weekday() < 6 for first, last in HOURS]


def _visit_days(now: datetime) -> list[date]:
    return days_from(now.date() + timedelta(days=1), 10)


def wishes(desk: FakeDesk) -> list[CallbackWish]:
    """Who wants to be called back, first to last."""
    return [wish for _id, wish in desk.callback_wishes.values()]
