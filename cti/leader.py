"""One cti process leads; the others stand by. Leadership is a lease in Redis that must be renewed, and a term that Redis knows.

Two things keep a leader that was paused from doing harm when it goes on, still believing that it leads:
the lease is over for it by its own clock before it is for anybody else, and every step it takes in Redis carries its term, which
Redis refuses once another has begun (`routing/lua/change.lua`).
"""

import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import redis

from core.clock import stopwatch_s
from core.log import get_log
from routing.live import NO_TERM, PARTITIONS, term_key

LEASE = "halo:leader"
LEASE_S = 1.5
RENEW_S = 0.4
MARGIN_S = 0.3  # so long before its end nothing is begun any more: what is on its way to Asterisk must arrive within the lease

# Take the lease, or keep it. Who could not renew in time, but whom nobody followed, goes on in the same term.
# KEYS: 1 the lease, 2 the newest term   ARGV: 1 who asks, 2 the term they had, 3 milliseconds
# Returns {1, term, 0}, or {0, the term of who leads, milliseconds that are left of it}.
_LEAD = """
local holder, newest = redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]) or '0@'
if holder and holder ~= ARGV[2] then return {0, holder, redis.call('PTTL', KEYS[1])} end
if newest ~= ARGV[2] then
  newest = (tonumber(string.match(newest, '^%d+')) + 1) .. '@' .. ARGV[1]
  redis.call('SET', KEYS[2], newest)
end
redis.call('SET', KEYS[1], newest, 'PX', ARGV[3])
return {1, newest, 0}
"""
# KEYS: 1 the lease, 2 where a stand-by waits for its end   ARGV: 1 our term, 2 milliseconds
_GIVE_UP = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
"""

log = get_log(__name__)


def lease_key(partition: str) -> str:
    """Redis key of the lease of a partition's leader; "" is the main one."""
    return f"{PARTITIONS}:{partition}:leader" if partition else LEASE


class Leader:
    """Asks for the lease in a thread of its own until we have it, then keeps it. `partition` is what is led; "": the main one.

    `on_gained` runs there whenever we begin to lead, also after a time in which we could not renew and so did nothing;
    `on_lost` when we lead no more.
    """

    def __init__(self, redis_url: str, on_gained: Callable[[], None], on_lost: Callable[[], None], partition: str = "") -> None:
        # No second try of its own: what is late is of no use.
        self._redis = redis.Redis.from_url(
            redis_url, decode_responses=True, retry=None, socket_timeout=LEASE_S, socket_connect_timeout=LEASE_S
        )
        self._me = f"{socket.gethostname()}:{os.getpid()}"
        self._on_gained, self._on_lost = on_gained, on_lost
        self._lease, self._term_key = lease_key(partition), term_key(partition)
        self._free = f"{self._lease}:free"
        self._said = {"partition": partition} if partition else {}
        self._lead: Any = self._redis.register_script(_LEAD)
        self._give_up: Any = self._redis.register_script(_GIVE_UP)
        self._term, self._until_s, self._led = NO_TERM, 0.0, False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="-".join(filter(None, ("leader", partition))), daemon=True)
        self.other = ""  # the term of another who leads

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Give the lease up at once, so that another leads without waiting."""
        self._stop.set()
        self._until_s = 0.0
        self._thread.join(2 * LEASE_S)

    def leads(self) -> bool:
        """Whether the lease is ours for certain."""
        return stopwatch_s() < self._until_s

    def term(self) -> str:
        """Our term, to be sent with every step in Redis; NO_TERM, which Redis always refuses, while we don't lead."""
        term = self._term
        return term if self.leads() else NO_TERM

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._ask()
            except redis.RedisError as problem:
                log.warning("leader_waits_for_redis", why=type(problem).__name__)
                self._tell_lost()
                self._stop.wait(RENEW_S / 2)
        try:
            self._let_go()
        except redis.RedisError as problem:
            log.warning("lease_runs_out_by_itself", why=type(problem).__name__)
        self._redis.close()

    def _let_go(self) -> None:
        self._give_up(keys=[self._lease, self._free], args=[self._term, int(LEASE_S * 1000)])

    def _ask(self) -> None:
        """Take or keep the lease, then wait until it is time to ask again."""
        asked_s = stopwatch_s()
        ours, term, left_ms = self._lead(keys=[self._lease, self._term_key], args=[self._me, self._term, int(LEASE_S * 1000)])
        if not ours:
            self.other = term
            self._until_s = 0.0
            self._tell_lost()
            self._redis.blpop([self._free], timeout=min(max(left_ms, 1) / 1000, LEASE_S / 2))
            return
        self.other = ""
        self._tell_lost()
        self._term = term
        self._until_s = asked_s + LEASE_S - MARGIN_S
        if not self._led and self.leads() and not self._stop.is_set():
            self._led = True
            log.info("leading", term=term, **self._said)
            self._on_gained()
        self._stop.wait(RENEW_S)

    def _tell_lost(self) -> None:
        """Tell that our time was over, if it was and nobody has heard of it."""
        if self._led and not self.leads():
            self._led = False
            log.warning("leading_no_more", term=self._term, other=self.other, **self._said)
            self._on_lost()


def pid_of(term: str, host: str) -> int:
    """The process on `host` whose term this is; 0 for one of another machine, or none."""
    _number, _, who = term.partition("@")
    name, _, pid = who.rpartition(":")
    return int(pid) if name == host and pid.isdigit() else 0
