"""Every service that a flow may name in `does`."""

from collections.abc import Mapping

from ivr.services.bill import Bill
from ivr.services.order_status import OrderStatus
from ivr.services.service import Service
from ivr.services.voicemail import Voicemail

_ALL: tuple[Service, ...] = (OrderStatus(), Bill(), Voicemail())
SERVICES: Mapping[str, Service] = {service.name: service for service in _ALL}
