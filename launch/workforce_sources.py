"""What the commands of workforce planning work on: the policy, the history, and the files that a planner gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.database import Database
from core.errors import NotFound
from core.settings import load_settings
from launch.console import say
from routing.agents import load_profiles
from routing.needs import Proficiencies
from routing.policy import Policy
from routing.policy_in_force import PolicyInForce
from workforce.day_calendar import DayCalendar
from workforce.day_history import DayHistory, day_histories
from workforce.forecast import Forecast, forecast
from workforce.history_rows import history_rows
from workforce.mean_patience import MeanPatience, mean_patience, waits_on_record
from workforce.planner_files import read_history, read_overrulings, read_special_days

HISTORY_DAYS = 800


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
    history: Path | None = None
    special_days: Path | None = None
    overrulings: Path | None = None


class Sources:
    """The installation's records. Use it in a `with`."""

    def __enter__(self) -> "Sources":
        self._settings = load_settings()
        self.zone = ZoneInfo(self._settings.time_zone)
        self._database = Database(self._settings.database)
        self.policy: Policy = PolicyInForce(self._database).current()
        return self

    def __exit__(self, *problem: object) -> None:
        self._database.dispose()

    def agents(self) -> list[Proficiencies]:
        """What each agent on record can do."""
        with self._database.reading() as session:
            return [profile.proficiencies for profile in load_profiles(session).values()]

    def patience(self, queue: str, before: date, days: int) -> MeanPatience | None:
        """Of the callers of so many days before; None without anybody who waited."""
        end = datetime.combine(before, time(), self.zone)
        with self._database.reading() as session:
            waits = waits_on_record(session, self.policy.queue(queue), end - timedelta(days=days), end)
        return mean_patience(waits) if any(wait_s > 0 for wait_s, _ in waits) else None

    def forecasts(self, asked: Asked) -> list[Forecast]:
        """Of each queue. Raises NotFound where there is no history, BadInput for what can't be."""
        for name in asked.queues:
            self.policy.queue(name)
        country = self._settings.country if asked.country is None else asked.country
        special = read_special_days(asked.special_days) if asked.special_days else []
        overrulings = read_overrulings(asked.overrulings, self.policy.names, asked.minutes) if asked.overrulings else []
        calendar = DayCalendar(country, special)
        return [
            forecast(
                history, calendar, self.zone, asked.first, asked.days, asked.method, asked.share, overrulings,
            )
            for history in self._histories(asked)
        ]  # fmt: skip

    def _histories(self, asked: Asked) -> Sequence[DayHistory]:
        today = datetime.combine(SystemClock().now().astimezone(self.zone).date(), time(), self.zone)
        end = datetime.combine(asked.first, time(), self.zone)
        if asked.history:
            rows = read_history(asked.history, self.policy.names, asked.minutes, self.zone)
        else:
            start = datetime.combine(asked.first - timedelta(days=HISTORY_DAYS), time(), self.zone)
            with self._database.reading() as session:
                rows = history_rows(session, self.policy, start, min(end, today), asked.minutes, _tell_days)
        wanted = [row for row in rows if row.starts_at < end and (not asked.queues or row.queue in asked.queues)]
        if not any(row.offered for row in wanted):
            raise NotFound(f"Nobody came to a queue before {asked.first}.", "Bring a history, by --history, or choose a later day.")
        there = {row.queue for row in wanted if row.offered}
        return [history for queue, history in day_histories(wanted, self.zone, asked.minutes).items() if queue in there]


def _tell_days(done: int, of: int) -> None:
    if done == of or done % 50 == 0:
        say(f"  read {done} of {of} days that were not rolled up")
