"""The lease of one partition: asked for by every process, and handed over to one that has less to do."""

import threading
from collections.abc import Callable
from typing import cast

from core.clock import stopwatch_s
from core.log import get_log
from cti.duties import Duties
from cti.leader import LEASE_S, MARGIN_S, RENEW_S, Leader

_WAITS_MS = int(LEASE_S * 1000)  # who waits says so again at least twice in this time
_SETTLE_S = 2 * LEASE_S  # after a hand-over until the next: by then what others say of their duties is true again

log = get_log(__name__)


class HandOvers:
    """What one process leads, and that it hands over one partition at a time. `duties` is asked from many threads."""

    def __init__(self, duties: Callable[[], Duties]) -> None:
        self.duties = duties
        self._lock, self._last_s = threading.Lock(), 0.0

    def begin_to(self, other: Duties) -> bool:
        """Whether a partition is to be handed over to another process now. True is said once in a while only."""
        with self._lock:
            if stopwatch_s() - self._last_s < _SETTLE_S or not self.duties().should_hand_over_to(other):
                return False
            self._last_s = stopwatch_s()
            return True


class PartitionLeader(Leader):
    """As Leader, for one partition. `able` says whether we could serve its callers; who can't neither asks for the lease nor keeps
    it."""

    def __init__(
        self, redis_url: str, partition: str, able: Callable[[], bool], hand_overs: HandOvers, on_gained: Callable[[], None],
        on_lost: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(redis_url, on_gained, on_lost, partition)
        self._able, self._hand_overs, self._waits_key = able, hand_overs, f"{self._lease}:waits"
        self._unfit = threading.Event()

    def retire(self) -> None:
        """Give the lease up for now: another may be able to do what we could not."""
        self._unfit.set()

    def _ask(self) -> None:
        if self.leads():
            if self._unfit.is_set() or not self._able() or self._is_better_led_by_another():
                self._hand_over()
                return
        elif not self._able():
            self._tell_lost()
            self._stop.wait(RENEW_S)
            return
        else:
            duties = self._hand_overs.duties()
            self._redis.set(self._waits_key, f"{duties.to_text()}@{self._me}", px=_WAITS_MS)
            if not self._redis.exists(self._lease):
                self._stop.wait(duties.asks_after_s())
        super()._ask()

    def _is_better_led_by_another(self) -> bool:
        told, _, who = (cast(str | None, self._redis.get(self._waits_key)) or "").partition("@")
        return who not in ("", self._me) and self._hand_overs.begin_to(Duties.from_text(told))

    def _hand_over(self) -> None:
        """Cease, wait until what is on its way to Asterisk has arrived, and leave the lease to another for a while."""
        self._unfit.clear()
        self._until_s = 0.0
        self._tell_lost()
        self._stop.wait(MARGIN_S)
        self._let_go()
        log.info("partition_handed_over", term=self._term, **self._said)
        self._stop.wait(LEASE_S)
