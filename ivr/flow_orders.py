"""Orders to publish a flow or to bring a version back: what was asked by whom, how far it is, and how it ended. Kept for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Boolean, Index, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, UtcDateTime
from core.errors import NotFound
from core.ids import new_id
from ivr.flow_remark import Remark, remarks_from_json

LOST_AFTER = timedelta(seconds=90)  # work that tells nothing for so long has died, and is taken up by somebody else


class Way(StrEnum):
    """What is to be done."""

    PUBLISH = "publish"
    BRING_BACK = "bring_back"


class State(StrEnum):
    """Where an order stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    CONFLICT = "conflict"  # another version came into force meanwhile
    REFUSED = "refused"  # the flow has faults
    UNTRUE = "untrue"  # conversations no longer go as written
    FAILED = "failed"  # something of ours did not work

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (State.WAITING, State.WORKING)


class FlowOrder(Base):
    """One order. `based_on` is the version in force that the person had before them; `step`, `done` and `of` say how far it is;
    `version` is what came into force; `told` holds what was found wrong (ivr.flow_remark)."""

    __tablename__ = "flow_orders"
    __table_args__ = (Index("ix_flow_orders_flow_asked_at", "flow", "asked_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    flow: Mapped[str] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(12))
    content: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    based_on: Mapped[int]
    anyway: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(200))
    login: Mapped[str] = mapped_column(String(80))
    by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(16), default="")
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    told: Mapped[str] = mapped_column(Text, default="[]")

    @property
    def remarks(self) -> list[Remark]:
        """What was found wrong."""
        return remarks_from_json(self.told)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `content` for PUBLISH, `number` for BRING_BACK; `anyway`: even where conversations go otherwise."""

    flow: str
    way: Way
    based_on: int
    login: str
    by: str
    content: str = ""
    number: int = 0
    note: str = ""
    anyway: bool = False


def place_order(session: Session, wish: Wish, now: datetime) -> FlowOrder:
    """Write the order down; somebody has to be told to work on it. Does not commit."""
    order = FlowOrder(
        id=new_id(), flow=wish.flow, way=wish.way, content=wish.content, number=wish.number, based_on=wish.based_on,
        anyway=wish.anyway, note=wish.note[:200], login=wish.login, by=wish.by[:80], asked_at=now, changed_at=now,
        state=State.WAITING, step="", done=0, of=0, version=0, told="[]",
    )  # fmt: skip
    session.add(order)
    return order


def order_of(session: Session, order_id: str) -> FlowOrder:
    """This order. Raises NotFound."""
    order = session.get(FlowOrder, order_id)
    if order is None:
        raise NotFound("There is no such order.", "Publish again.")
    return order


def newest_order(session: Session, flow: str) -> FlowOrder | None:
    """The order for this flow that was placed last."""
    return session.scalar(select(FlowOrder).where(FlowOrder.flow == flow).order_by(FlowOrder.asked_at.desc()).limit(1))


def take_order(session: Session, order_id: str, now: datetime) -> FlowOrder | None:
    """Take an order to work on it; None when it is over or in other hands. Does not commit."""
    lost = and_(FlowOrder.state == State.WORKING, FlowOrder.changed_at < now - LOST_AFTER)
    free = or_(FlowOrder.state == State.WAITING, lost)
    taken = session.execute(
        update(FlowOrder).where(FlowOrder.id == order_id, free).values(state=State.WORKING, changed_at=now, step="", done=0, of=0)
    )
    return order_of(session, order_id) if getattr(taken, "rowcount", 0) else None


def orders_left(session: Session, now: datetime) -> list[str]:
    """The ids of orders on which nobody works, the first one first."""
    lost = and_(FlowOrder.state == State.WORKING, FlowOrder.changed_at < now - LOST_AFTER)
    return list(
        session.scalars(select(FlowOrder.id).where(or_(FlowOrder.state == State.WAITING, lost)).order_by(FlowOrder.asked_at))
    )
