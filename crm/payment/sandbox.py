"""A gateway that charges nobody: test cards with known answers, and a book of its own, so that a key counts once.

Every other card that is well formed is approved. It keeps what a real gateway would keep: the key, the amount, a token.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import Clock
from core.database import Base, Database, UtcDateTime, insert_missing
from core.errors import Unavailable
from core.ids import derived_id
from crm.payment.cards import Card
from crm.payment.gateway import Charge, ChargeState, DeclineReason

APPROVED_CARDS = ("4111111111111111", "5555555555554444", "3530111333300000")
DECLINED_CARDS = {
    "4000000000000002": DeclineReason.REFUSED,
    "4000000000009995": DeclineReason.INSUFFICIENT_FUNDS,
    "4000000000000069": DeclineReason.EXPIRED_CARD,
    "4000000000000127": DeclineReason.WRONG_SECURITY_CODE,
}
CHARGED_WITHOUT_ANSWER = "4000000000006264"
LOST_ON_THE_WAY = "4000000000007270"


class SandboxCharge(Base):
    """What the sandbox did with a key."""

    __tablename__ = "sandbox_charges"

    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    amount_idr: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    decline_reason: Mapped[str] = mapped_column(String(24), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class SandboxGateway:
    """The sandbox; its book is in our database, in units of work of its own, as if it were far away."""

    database: Database
    clock: Clock

    def charge(self, key: str, amount_idr: int, card: Card) -> Charge:
        number = card.number.reveal()
        if number == LOST_ON_THE_WAY:
            raise _no_answer()
        reason = DECLINED_CARDS.get(number)
        if card.expiry.is_over(self.clock.now().date()):
            reason = DeclineReason.EXPIRED_CARD
        charge = self._keep(key, amount_idr, ChargeState.DECLINED if reason else ChargeState.APPROVED, reason)
        if number == CHARGED_WITHOUT_ANSWER:
            raise _no_answer()
        return charge

    def close(self, key: str) -> Charge:
        return self._keep(key, 0, ChargeState.NEVER_CAME, None)

    def _keep(self, key: str, amount_idr: int, state: ChargeState, reason: DeclineReason | None) -> Charge:
        """The first word about a key stands."""
        values = {"key": key, "amount_idr": amount_idr, "state": state.value, "decline_reason": reason.value if reason else ""}
        with self.database.writing() as session:
            insert_missing(session, SandboxCharge, {**values, "at": self.clock.now()})
            kept = session.scalars(select(SandboxCharge).where(SandboxCharge.key == key)).one()
            session.commit()
        told = ChargeState(kept.state)
        return Charge(
            state=told,
            reference=f"SBX-{derived_id('reference', key)[:8].upper()}" if told is not ChargeState.NEVER_CAME else "",
            token=derived_id("token", key) if told is ChargeState.APPROVED else "",
            decline_reason=DeclineReason(kept.decline_reason) if kept.decline_reason else None,
        )


def _no_answer() -> Unavailable:
    return Unavailable("The payment gateway did not answer in time.", "The sweep of open payments asks it again.")
