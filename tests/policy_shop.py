"""What the policy's pages have done elsewhere, for tests: the real play, in a thread of its own or by hand."""

import threading
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.database import Database
from routing.agents import load_profiles
from routing.live import LiveStore
from routing.policy_check import Surroundings
from routing.policy_press import play
from routing.previews import Previews, State


@dataclass
class PolicyShop:
    """A press. With `by_hand` previews lie until `work()`; `leads` is who leads to which queue."""

    database: Database
    store: LiveStore
    clock: Clock
    zone: ZoneInfo
    by_hand: bool = True
    leads: dict[str, str] = field(default_factory=lambda: {"billing": "the flow hotline"})
    waiting: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def surroundings(self) -> Surroundings:
        with self.database.reading() as session:
            profiles = load_profiles(session).values()
        agents, sites = [profile.proficiencies for profile in profiles], [profile.site for profile in profiles]
        return Surroundings(self.leads, agents, ["bill", "order"], sites)

    def begin(self, preview_id: str) -> None:
        self.waiting.append(preview_id)
        if not self.by_hand:
            self._threads.append(threading.Thread(target=self.work))
            self._threads[-1].start()

    def work(self) -> list[State]:
        """Play what was asked for; returns how each ended."""
        ended = []
        while self.waiting:
            preview_id = self.waiting.pop(0)
            ended.append(play(preview_id, Previews(self.store.redis), self.database, self.clock, self.zone))
        return ended

    def close(self) -> None:
        """Wait for the work that was begun."""
        for thread in self._threads:
            thread.join()
