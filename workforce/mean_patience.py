"""How long callers are willing to wait on average, for Erlang A: from those who gave up, and those who were answered before."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.contact_history import Interaction, Outcome
from routing.patience import PatienceCurve
from routing.policy import Queue

_COMPARED_UP_TO = 300.0


@dataclass(frozen=True, slots=True)
class MeanPatience:
    """Seconds, between `low_s` and `high_s` with 95 % confidence; `mean_s` infinite: nobody gave up. `off`: by how much the share
    that still waits, as on record, is off the exponential one at worst within five minutes, 0 to 1."""

    mean_s: float
    low_s: float
    high_s: float
    gave_up: int
    waited: int
    off: float


def mean_patience(waits: Sequence[tuple[float, bool]], confidence: float = 0.95) -> MeanPatience:
    """From waits in seconds, and whether the caller gave up then (else: was answered).

    All that was waited / how many gave up, the maximum likelihood under censoring; its interval by the gamma distribution: J. F.
    Lawless, "Statistical Models and Methods for Lifetime Data", 2nd ed. (2003), section 4.1. Who did not wait says nothing.
    """
    from scipy.special import gammaincinv

    some = [(wait_s, gave_up) for wait_s, gave_up in waits if wait_s > 0]
    total_s, gone = sum(wait_s for wait_s, _ in some), sum(gave_up for _, gave_up in some)
    low_s = total_s / float(gammaincinv(gone + 1, (1 + confidence) / 2))
    if not gone:
        return MeanPatience(math.inf, low_s, math.inf, 0, len(some), 0.0)
    mean_s = total_s / gone
    curve = PatienceCurve(some)
    off = max(abs(curve.share_after(at_s) - math.exp(-at_s / mean_s)) for at_s in range(0, int(_COMPARED_UP_TO) + 1, 5))
    return MeanPatience(mean_s, low_s, total_s / float(gammaincinv(gone, (1 - confidence) / 2)), gone, len(some), off)


def waits_on_record(session: Session, queue: Queue, start: datetime, end: datetime) -> list[tuple[float, bool]]:
    """Waits of those offered to the queue in [start, end), aware, who were answered or gave up; short abandons are left out."""
    found = []
    asked = select(Interaction.offered_at, Interaction.answered_at, Interaction.ended_at, Interaction.outcome).where(
        Interaction.queue == queue.name, Interaction.offered_at >= start, Interaction.offered_at < end
    )
    for offered_at, answered_at, ended_at, outcome in session.execute(asked):
        if offered_at is None:
            continue
        if answered_at is not None:
            found.append((max(0.0, (answered_at - offered_at).total_seconds()), False))
        elif outcome == Outcome.ABANDONED and ended_at is not None:
            wait_s = (ended_at - offered_at).total_seconds()
            if wait_s > queue.short_abandon_s:
                found.append((wait_s, True))
    return found
