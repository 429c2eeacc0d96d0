"""What a payment gateway does for us. Its adapter knows one provider; nothing else sees a whole card number."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from crm.payment.cards import Card


class ChargeState(StrEnum):
    APPROVED = "approved"
    DECLINED = "declined"
    NEVER_CAME = "never_came"  # the gateway knows no such charge, and will refuse it from now on


class DeclineReason(StrEnum):
    """Why a card was declined, as far as a caller may hear it."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    WRONG_SECURITY_CODE = "wrong_security_code"
    REFUSED = "refused"  # by the bank, which says no more


@dataclass(frozen=True, slots=True)
class Charge:
    """What became of a charge. `reference` is the gateway's own, `token` stands for the card there, "" for none."""

    state: ChargeState
    reference: str = ""
    token: str = ""
    decline_reason: DeclineReason | None = None


class PaymentGateway(Protocol):
    """A provider that charges cards. A key stands for one charge for ever: sent twice, it is charged once."""

    def charge(self, key: str, amount_idr: int, card: Card) -> Charge:
        """Charge the card. Raises Unavailable when the result is not known: it may have been charged, or not."""
        ...

    def close(self, key: str) -> Charge:
        """The final word about a key. A charge that never came is refused from now on, so it can't come late.

        Raises Unavailable when the gateway does not answer.
        """
        ...
