"""Slows down whoever guesses passwords, and keeps nobody out whose log-in somebody else guesses at.

A log-in is tried so often from one address, then that address waits. Tries from everywhere together, at one log-in or from
one address, are slowed down to one now and then. An address from which a log-in was opened lately is its usual place: what
others do elsewhere does not slow it down there. All of this is the same for a log-in that does not exist, and one address
alone can't come so far with a log-in that its usual place would show.
"""

import hashlib
import ipaddress

from redis import Redis

from agent_desktop.redis_guard import redis_answers

WINDOW_S = 300
TRIES_PER_PLACE = 5  # of one log-in from one address
TRIES_PER_LOGIN, LOGIN_GAP_S = 15, 30  # of one log-in from places that are not its usual ones; then one in so many seconds
TRIES_PER_ADDRESS, ADDRESS_GAP_S = 40, 5  # of all log-ins from one address; then one in so many seconds
USUAL_FOR_S = 60 * 24 * 3600


class LoginThrottle:
    """Counts tries in Redis, so that every desk process counts together. Log-ins and places are kept hashed."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def left_s(self, login: str, address: str) -> int:
        """Count one try; 0 when it may go on, else the seconds until the next one may.

        A try that one address makes in vain because it must wait with this log-in slows down nobody else.
        """
        with redis_answers():
            tries, window_s = self._count(_place_key(login, address))
            if tries > TRIES_PER_PLACE:
                return max(window_s, 1)
            left_s = self._slowed_s(_address_key(address), TRIES_PER_ADDRESS, ADDRESS_GAP_S)
            if not self._redis.exists(_usual_key(login, address)):
                left_s = max(left_s, self._slowed_s(_login_key(login), TRIES_PER_LOGIN, LOGIN_GAP_S))
        return left_s

    def forget(self, login: str, address: str) -> None:
        """The right password was given: this is a usual place of the log-in, where its tries no longer count, nor this one.

        Else a team whose shift begins behind one address would be taken for somebody who guesses.
        """
        with redis_answers(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(_place_key(login, address))
            pipe.decr(_address_key(address))
            pipe.expire(_address_key(address), WINDOW_S, nx=True)
            pipe.set(_usual_key(login, address), 1, ex=USUAL_FOR_S)
            pipe.execute()

    def _slowed_s(self, key: str, most: int, gap_s: int) -> int:
        """Count one try; the seconds to wait when there were `most` of them in the window and one in the last `gap_s`."""
        tries, _window_s = self._count(key)
        if tries < most:
            return 0
        gap = f"{key}:gap"
        is_first = self._redis.set(gap, 1, nx=True, ex=gap_s)
        return 0 if is_first or tries == most else max(int(self._redis.ttl(gap)), 1)

    def _count(self, key: str) -> tuple[int, int]:
        """The tries in the window, this one included, and the seconds until it ends."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, WINDOW_S, nx=True)
            pipe.ttl(key)
            tries, _set, window_s = pipe.execute()
        return int(tries), int(window_s)


def _address_key(address: str) -> str:
    return f"halo:login:address:{_network(address)}"


def _login_key(login: str) -> str:
    return f"halo:login:name:{_hashed(_name(login))}"


def _place_key(login: str, address: str) -> str:
    return f"halo:login:place:{_hashed(_name(login), _network(address))}"


def _usual_key(login: str, address: str) -> str:
    return f"halo:login:usual:{_hashed(_name(login), _network(address))}"


def _name(login: str) -> str:
    return login.strip().lower()


def _network(address: str) -> str:
    """The address; of IPv6 the /64 that one connection has to itself. What is no address stays as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
