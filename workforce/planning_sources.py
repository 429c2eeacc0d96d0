"""What planning works on: the policy, the history, what planners know, and what else they bring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.database import Database
from core.errors import NotFound
from routing.agents import load_profiles
from routing.needs import Proficiencies
from routing.policy import Policy
from routing.policy_in_force import PolicyInForce
from workforce.back_test import Tell
from workforce.day_calendar import DayCalendar, SpecialDay
from workforce.day_history import DayHistory, day_histories
from workforce.forecast import Forecast, forecast, overruled
from workforce.history_rows import history_rows
from workforce.interval_row import IntervalRow
from workforce.mean_patience import MeanPatience, mean_patience, waits_on_record
from workforce.overruling import Overruling
from workforce.overrulings import kept_overrulings
from workforce.special_days import special_days

HISTORY_DAYS = 800
_DAY_BEGINS = time()


class NoHistory(NotFound):
    """Nothing that a forecast could learn from."""

    code = "no_history"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be forecast. `queues` empty: every queue with a history."""

    queues: tuple[str, ...]
    first: date
    days: int
    minutes: int
    method: str = ""
    share: float = 0.9
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What a planner brings beside what is kept; it goes before that. `history` instead of the records."""

    history: Sequence[IntervalRow] = ()
    special_days: Sequence[SpecialDay] = ()
    overrulings: Sequence[Overruling] = field(default=())


class Sources:
    """The records of an installation. `country`: whose holidays count unless another is asked for."""

    def __init__(self, database: Database, zone: ZoneInfo, country: str, clock: Clock) -> None:
        self.database, self.zone, self.clock = database, zone, clock
        self._country = country
        self.policy: Policy = PolicyInForce(database).current()

    def agents(self) -> list[Proficiencies]:
        """What each agent on record can do."""
        with self.database.reading() as session:
            return [profile.proficiencies for profile in load_profiles(session).values()]

    def patience(self, queue: str, before: date, days: int) -> MeanPatience | None:
        """Of the callers of so many days before; None without anybody who waited."""
        end = datetime.combine(before, _DAY_BEGINS, self.zone)
        with self.database.reading() as session:
            waits = waits_on_record(session, self.policy.queue(queue), end - timedelta(days=days), end)
        return mean_patience(waits) if any(wait_s > 0 for wait_s, _ in waits) else None

    def calendar(self, country: str | None = None, brought: Iterable[SpecialDay] = ()) -> DayCalendar:
        """With the days that planners know of; those that are brought go before those that are kept."""
        with self.database.reading() as session:
            kept = special_days(session)
        return DayCalendar(self._country if country is None else country, [*kept, *brought])

    def overrulings(self, minutes: int, brought: Sequence[Overruling] = ()) -> list[Overruling]:
        """What planners overruled; what is brought goes before what is kept of the same queue, day and interval."""
        with self.database.reading() as session:
            kept = [each.overruling for each in kept_overrulings(session, minutes)]
        return merged(kept, brought)

    def forecasts(self, asked: Asked, brought: Brought = Brought(), tell: Tell = lambda done, of: None) -> Iterator[Forecast]:
        """Of each queue, overruled by what is kept and brought. Raises NoHistory, and BadInput for what can't be."""
        known = self.overrulings(asked.minutes, brought.overrulings)
        calendar = self.calendar(asked.country, brought.special_days)
        for history in self.histories(asked, brought, tell).values():
            yield overruled(self.computed(asked, history, calendar), known)

    def computed(
        self, asked: Asked, history: DayHistory, calendar: DayCalendar, tell: Tell = lambda done, of: None
    ) -> Forecast:  # fmt: skip
        """Of one queue, as nobody overruled it."""
        return forecast(history, calendar, self.zone, asked.first, asked.days, asked.method, asked.share, tell=tell)

    def histories(self, asked: Asked, brought: Brought = Brought(), tell: Tell = lambda done, of: None) -> Mapping[str, DayHistory]:
        """Of each queue that is asked for and to which anybody came. Raises NoHistory; NotFound for a queue that is not there."""
        for name in asked.queues:
            self.policy.queue(name)
        today = datetime.combine(self.clock.now().astimezone(self.zone).date(), _DAY_BEGINS, self.zone)
        end = datetime.combine(asked.first, _DAY_BEGINS, self.zone)
        rows = brought.history
        if not rows:
            start = datetime.combine(asked.first - timedelta(days=HISTORY_DAYS), _DAY_BEGINS, self.zone)
            with self.database.reading() as session:
                rows = history_rows(session, self.policy, start, min(end, today), asked.minutes, tell)
        wanted = [row for row in rows if row.starts_at < end and (not asked.queues or row.queue in asked.queues)]
        there = {row.queue for row in wanted if row.offered}
        if not there:
            raise NoHistory(f"Nobody came to a queue before {asked.first}.", "Bring a history, or choose a later day.")
        return {queue: each for queue, each in day_histories(wanted, self.zone, asked.minutes).items() if queue in there}


def merged(kept: Sequence[Overruling], brought: Sequence[Overruling]) -> list[Overruling]:
    """Of each queue, day and interval what is brought, else what is kept."""
    there = {(each.queue, each.day, each.number) for each in brought}
    return [*(each for each in kept if (each.queue, each.day, each.number) not in there), *brought]
