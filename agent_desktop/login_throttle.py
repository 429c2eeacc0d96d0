"""Slows down whoever guesses passwords: so many tries per log-in and per address, then a pause."""

import hashlib

from redis import Redis

from agent_desktop.redis_guard import redis_answers

WINDOW_S = 300
TRIES_PER_LOGIN = 5
TRIES_PER_ADDRESS = 40


class LoginThrottle:
    """Counts tries in Redis, so that every desk process counts together. Log-ins are kept hashed."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def left_s(self, login: str, address: str) -> int:
        """Count one try; 0 when it may go on, else the seconds until the next one may."""
        limits = ((self._login_key(login), TRIES_PER_LOGIN), (self._address_key(address), TRIES_PER_ADDRESS))
        left_s = 0
        with redis_answers():
            for key, most in limits:
                with self._redis.pipeline(transaction=True) as pipe:
                    pipe.incr(key)
                    pipe.expire(key, WINDOW_S, nx=True)
                    pipe.ttl(key)
                    tries, _set, ttl = pipe.execute()
                if tries > most:
                    left_s = max(left_s, int(ttl), 1)
        return left_s

    def forget(self, login: str, address: str) -> None:
        """The right password was given: the log-in's tries no longer count, nor does this one for the address.

        Else a team whose shift begins behind one address would be taken for somebody who guesses.
        """
        with redis_answers(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self._login_key(login))
            pipe.decr(self._address_key(address))
            pipe.expire(self._address_key(address), WINDOW_S, nx=True)
            pipe.execute()

    @staticmethod
    def _address_key(address: str) -> str:
        return f"halo:login:address:{address}"

    @staticmethod
    def _login_key(login: str) -> str:
        return f"halo:login:name:{hashlib.sha256(login.strip().lower().encode()).hexdigest()[:32]}"
