"""Keeps the engine told which sites are open, and how many calls each has in hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from routing.agent_state import AgentState
from routing.engine import Engine
from routing.site_form import Site

_IN_HAND = frozenset({AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING})


class SiteWatch:
    """The sites of one policy beside one engine, from `now` on."""

    def __init__(self, sites: Sequence[Site], engine: Engine, now: datetime) -> None:
        self._sites, self._engine = sites, engine
        self._in_hand: dict[str, str] = {}  # the site by each agent who has a call
        self._calls: Counter[str] = Counter()
        self.next_change: datetime | None = None
        self._open_and_close(now)

    def look(self, now: datetime) -> None:
        """Have sites opened and closed whose time has come."""
        if self.next_change is not None and self.next_change <= now:
            self._open_and_close(now)

    def see_agent(self, agent_id: str, site: str, state: AgentState) -> None:
        """The agent, of this site, is in this state."""
        has_call, before = state in _IN_HAND, self._in_hand.get(agent_id)
        if before is not None and not (has_call and before == site):
            del self._in_hand[agent_id]
            self._calls[before] -= 1
            self._engine.set_calls(before, self._calls[before])
        if has_call and before != site:
            self._in_hand[agent_id] = site
            self._calls[site] += 1
        self.recount(site)

    def recount(self, site: str) -> None:
        """A call that the engine gave to the site came to nothing, or may have."""
        if site:
            self._engine.set_calls(site, self._calls[site])

    def _open_and_close(self, now: datetime) -> None:
        for site in self._sites:
            self._engine.open_or_close(site.name, site.opening.is_open(now))
        changes = (site.opening.next_change(now) for site in self._sites)
        self.next_change = min((change for change in changes if change is not None), default=None)
