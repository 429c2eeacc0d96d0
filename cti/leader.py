"""One dispatcher leads; the others stand by. Leadership is a lease in Redis that must be renewed."""

import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import redis

from core.log import get_log

KEY = "halo:leader"
LEASE_MS = 3000
RENEW_S = 1.0

_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_REPLACE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end
return 0
"""

log = get_log(__name__)


class Leader:
    """Asks for the lease until it has it, then keeps it; `on_lost` runs (in its thread) when it is lost."""

    def __init__(self, connection: "redis.Redis", on_lost: Callable[[], None]) -> None:
        self._redis = connection
        self._me = f"{socket.gethostname()}:{os.getpid()}"
        self._on_lost = on_lost
        self._stop = threading.Event()
        self._renew: Any = connection.register_script(_RENEW)
        self._replace: Any = connection.register_script(_REPLACE)

    def acquire(self) -> None:
        """Wait until we lead, then renew in a thread of its own."""
        while not self._try() and not self._stop.wait(0.2):
            pass
        log.info("leading", holder=self._me)
        threading.Thread(target=self._keep, name="leader", daemon=True).start()

    def release(self) -> None:
        """Give the lease up at once, so that another leads without waiting."""
        self._stop.set()
        self._replace(keys=[KEY], args=[self._me, "", 1])

    def _try(self) -> bool:
        try:
            if self._redis.set(KEY, self._me, nx=True, px=LEASE_MS):
                return True
            holder = str(self._redis.get(KEY) or "")
            return _is_dead_neighbour(holder) and bool(self._replace(keys=[KEY], args=[holder, self._me, LEASE_MS]))
        except redis.RedisError as problem:
            log.warning("leader_waits_for_redis", why=type(problem).__name__)
            return False

    def _keep(self) -> None:
        while not self._stop.wait(RENEW_S):
            try:
                kept = bool(self._renew(keys=[KEY], args=[self._me, LEASE_MS])) or self._try()
            except redis.RedisError:
                continue  # nobody can take the lease while Redis is away, and every step there is fenced
            if not kept and not self._stop.is_set():
                log.error("leadership_lost", holder=self._me)
                self._on_lost()
                return


def _is_dead_neighbour(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more: then its lease need not run out."""
    host, _, process = holder.rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
