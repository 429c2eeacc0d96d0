"""Every service that a flow may name in `does`."""

from collections.abc import Mapping

from ivr.services.bill import Bill
from ivr.services.opening_hours import OpeningHours
from ivr.services.order_status import OrderStatus
from ivr.services.service import Service
from ivr.services.voicemail import Voicemail

_ALL: tuple[Service, ...] = (OrderStatus(), Bill(), OpeningHours(), Voicemail())
SERVICES: Mapping[str, Service] = {service.name: service for service in _ALL}
