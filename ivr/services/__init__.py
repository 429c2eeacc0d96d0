"""Every service that a flow may name in `does`."""

from collections.abc import Mapping

from ivr.services.appointment import Appointment
from ivr.services.bill import Bill
from ivr.services.call_back import CallBack
from ivr.services.opening_hours import OpeningHours
from ivr.services.order_status import OrderStatus
from ivr.services.pay_by_card import PayByCard
from ivr.services.payment_state import PaymentReceived
from ivr.services.postcode import Postcode
from ivr.services.reschedule import Reschedule
from ivr.services.service import Service
from ivr.services.tickets import OpenTicket, TicketStatus
from ivr.services.tracking import Tracking
from ivr.services.voicemail import Voicemail

_ALL: tuple[Service, ...] = (
    OrderStatus(), Tracking(), Reschedule(), Bill(), PaymentReceived(), PayByCard(), TicketStatus(), OpenTicket(), Appointment(),
    OpeningHours(), Postcode(), CallBack(), Voicemail(),
)  # fmt: skip
SERVICES: Mapping[str, Service] = {service.name: service for service in _ALL}
