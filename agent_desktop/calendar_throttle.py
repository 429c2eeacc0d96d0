"""Slows down whoever tries addresses of calendars, and a calendar that is fetched without end."""

import hashlib

from redis import Redis

from agent_desktop.redis_guard import redis_answers

WINDOW_S = 300
WRONG_PER_ADDRESS = 60  # tries from one place that led to no calendar
FETCHES_PER_CALENDAR = 60


class CalendarThrottle:
    """Counts in Redis, so that every desk process counts together. Neither tokens nor places are kept as they are."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def left_s(self, address: str) -> int:
        """0 when this place may try, else the seconds until it may."""
        key = _key("address", address)
        with redis_answers():
            tries = int(self._redis.get(key) or 0)
            return max(int(self._redis.ttl(key)), 1) if tries >= WRONG_PER_ADDRESS else 0

    def wrong(self, address: str) -> None:
        """Count a try that led to nothing."""
        self._count(_key("address", address))

    def fetched(self, agent_id: str) -> bool:
        """Count a fetch; False when it is one too many."""
        return self._count(_key("agent", agent_id)) <= FETCHES_PER_CALENDAR

    def _count(self, key: str) -> int:
        with redis_answers(), self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, WINDOW_S, nx=True)
            return int(pipe.execute()[0])


def _key(kind: str, what: str) -> str:
    return f"halo:calendar:{kind}:{hashlib.sha256(what.encode()).hexdigest()[:32]}"
