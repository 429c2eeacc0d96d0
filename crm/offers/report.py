"""What became of the offers of a span of time, counted from their records and the orders that followed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.offers.hold_out import period_of
from crm.offers.offer import HELD_OUT, OFFERED, OfferState
from crm.offers.records import Offer
from crm.offers.terms import OfferTerms
from crm.offers.uplift import Bought, Uplift, uplift
from crm.orders import Order, OrderStatus


@dataclass(frozen=True, slots=True)
class Counts:
    """Of offers: how many were shown, and what was said to them. `silent`: shown, and nothing was said."""

    shown: int
    accepted: int
    declined: int
    not_now: int

    @property
    def silent(self) -> int:
        """Shown, but the agent pressed nothing."""
        return self.shown - self.accepted - self.declined - self.not_now


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of offer or a script: its counts, and its uplift."""

    name: str
    counts: Counts
    uplift: Uplift


@dataclass(frozen=True, slots=True)
class OfferReport:
    """`running`: customers of both groups whose measured days are not over yet, so that they are in no uplift.

    `whys` are calls by what suppressed the offer, `passed_over` products by why they could not be the offer; most frequent first.
    `nothing`: calls in which no product was left.
    """

    since: datetime
    until: datetime
    measured_days: int
    decisions: int
    held_out: int
    running: int
    nothing: int
    suppressed: int
    whole: Part
    by_kind: tuple[Part, ...]
    by_script: tuple[Part, ...]
    whys: tuple[tuple[str, int], ...]
    passed_over: tuple[tuple[str, int], ...]


def offer_report(session: Session, since: datetime, until: datetime, terms: OfferTerms, now: datetime) -> OfferReport:
    """The report of the decisions made in [since, until).

    A customer counts once in each period of the comparison group, from their first decision in it: what they were offered, or
    would have been, and all that they ordered in the `measured_days` after it, cancelled orders apart.
    """
    decided = select(Offer).where(Offer.decided_at >= since, Offer.decided_at < until).order_by(Offer.decided_at, Offer.id)
    rows = list(session.scalars(decided))
    first = _first_of_each(rows, terms.hold_out_period_days)
    measured = [row for row in first if row.arm_at is not None and row.arm_at + timedelta(days=terms.measured_days) <= now]
    over = {row.id for row in measured}
    revenue = _revenue(session, measured, timedelta(days=terms.measured_days))
    suppressed = [row for row in rows if row.state == OfferState.SUPPRESSED]

    def part(name: str = "", column: str = "") -> Part:
        """Of all, or of those with this name in a column."""
        mine = [row for row in rows if not column or getattr(row, column) == name]
        groups = [
            [Bought(row.state == OfferState.ACCEPTED, revenue.get(row.id, 0)) for row in mine if row.arm == arm and row.id in over]
            for arm in (OFFERED, HELD_OUT)
        ]
        return Part(name, _counts([row for row in mine if row.arm == OFFERED]), uplift(*groups))

    return OfferReport(
        since=since, until=until, measured_days=terms.measured_days, decisions=len(rows),
        held_out=sum(row.arm == HELD_OUT for row in rows),
        running=len(first) - len(over),
        nothing=sum(row.state == OfferState.NOTHING for row in rows),
        suppressed=len(suppressed),
        whole=part(),
        by_kind=tuple(part(name, "kind") for name in _names(rows, "kind")),
        by_script=tuple(part(name, "script") for name in _names(rows, "script")),
        whys=_most(why for row in suppressed for why in row.whys),
        passed_over=_most(each["why"] for row in rows for each in row.passed_over),
    )  # fmt: skip


def _first_of_each(rows: Sequence[Offer], period_days: int) -> list[Offer]:
    found: dict[tuple[int, int], Offer] = {}
    for row in rows:
        if row.arm and row.customer_id is not None and row.arm_at is not None:
            found.setdefault((row.customer_id, period_of(row.arm_at, period_days)), row)
    return list(found.values())


def _revenue(session: Session, rows: Sequence[Offer], within: timedelta) -> Mapping[int, int]:
    """By offer what its customer ordered after it."""
    if not rows:
        return {}
    joined = (
        select(Offer.id, Offer.arm_at, Order.placed_at, Order.total_idr)
        .join(Order, Order.customer_id == Offer.customer_id)
        .where(Order.status != OrderStatus.CANCELLED, Order.placed_at > Offer.arm_at)
        .where(Offer.decided_at >= min(row.decided_at for row in rows), Offer.decided_at <= max(row.decided_at for row in rows))
    )
    wanted = {row.id for row in rows}
    total: dict[int, int] = defaultdict(int)
    for offer_id, arm_at, placed_at, total_idr in session.execute(joined):
        if arm_at is not None and offer_id in wanted and arm_at < placed_at <= arm_at + within:
            total[offer_id] += int(total_idr)
    return total


def _counts(rows: Sequence[Offer]) -> Counts:
    states = Counter(row.state for row in rows)
    said = (states[OfferState.ACCEPTED], states[OfferState.DECLINED], states[OfferState.NOT_NOW])
    return Counts(len(rows), *said)


def _names(rows: Sequence[Offer], column: str) -> list[str]:
    return sorted({getattr(row, column) for row in rows if row.arm})


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda each: (-each[1], each[0])))
