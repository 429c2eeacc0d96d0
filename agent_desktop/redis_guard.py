"""Turns the Redis client's errors into ours, for what the desk keeps there."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from core.errors import Unavailable


@contextmanager
def redis_answers() -> Iterator[None]:
    """Inside, a Redis that does not answer is `Unavailable`."""
    try:
        yield
    except redis.RedisError as problem:
        raise Unavailable("The live state (Redis) does not answer.", "Run ./halo doctor.") from problem
