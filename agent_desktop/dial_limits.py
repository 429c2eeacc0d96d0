"""How often an agent may have numbers outside called: so many in an hour, and in a day, of calls by hand and of calls in a call."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from redis import Redis

from agent_desktop.redis_guard import redis_answers
from core.errors import HaloError
from core.ids import new_id
from core.settings import Settings

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class DialKind(StrEnum):
    """DIAL: an agent calls somebody. OUTSIDE: a caller is handed over to, or asked about at, a number outside."""

    DIAL = "dial"
    OUTSIDE = "outside"


class DialledTooOften(HaloError):
    """The agent has had as many numbers called as are allowed; from `next_at` (UTC) on there is one more."""

    code = "dial_limit"

    def __init__(self, next_at: datetime) -> None:
        super().__init__(
            "No more numbers outside may be called for now.", f"Wait until {next_at.isoformat()}, or ask your supervisor."
        )
        self.next_at = next_at


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in any hour, and in any 24 hours; 0: none at all."""

    per_hour: int
    per_day: int


class DialLimits:
    """Counts in Redis, so that every desk process counts together; of a day only. Numbers are not kept."""

    def __init__(self, redis: "Redis", settings: Settings) -> None:
        self._redis: Any = redis
        self._limits = {
            DialKind.DIAL: Limit(settings.dials_per_hour, settings.dials_per_day),
            DialKind.OUTSIDE: Limit(settings.outside_per_hour, settings.outside_per_day),
        }

    def take(self, agent_id: str, kind: DialKind, now: datetime) -> None:
        """Count one more. Raises DialledTooOften, and counts nothing, when it is one too many.

        It is counted before it is looked at, so of two that come at once none slips through.
        """
        key, mine, limit = f"halo:dialled:{kind}:{agent_id}", new_id(), self._limits[kind]
        with redis_answers(), self._redis.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore(key, "-inf", (now - _DAY).timestamp())
            pipe.zadd(key, {mine: now.timestamp()})
            pipe.expire(key, int(_DAY.total_seconds()))
            pipe.zrange(key, 0, -1, withscores=True)
            *_done, counted = pipe.execute()
        at = sorted(datetime.fromtimestamp(score, UTC) for _name, score in counted)
        next_at = max(_free_at(at, limit.per_hour, _HOUR, now), _free_at(at, limit.per_day, _DAY, now))
        if next_at > now:
            with redis_answers():
                self._redis.zrem(key, mine)
            raise DialledTooOften(next_at)


def _free_at(at: list[datetime], most: int, span: timedelta, now: datetime) -> datetime:
    """When one more may be, of the moments `at` (this one is the last): now, or when the oldest of the last `most` is over."""
    if most == 0:
        return now + span
    lately = [moment for moment in at if moment > now - span]
    return now if len(lately) <= most else lately[-most - 1] + span
