"""What is pushed to an agent's page: each of their events, and the work area that it leads to."""

from collections.abc import Iterator

from agent_desktop.accounts import User
from agent_desktop.handed_where import where_handed
from agent_desktop.pushing import message
from agent_desktop.records import from_records
from agent_desktop.services import services
from agent_desktop.work_area import facts, gather, render, without_records
from core.bus import START
from core.errors import Unavailable
from core.events import Event, EventKind
from routing.agent_state import Action
from routing.board import position_order
from routing.live import LiveAgent


def is_about_agent(event: Event, agent_id: str) -> bool:
    """Whether this happened to this agent, or to somebody who asks them about a call: they are to know who hears them."""
    return event.agent_id == agent_id or (event.kind is EventKind.CONSULT_CHANGED and event.data.get("to") == agent_id)


class OwnNews:
    """The messages of one page."""

    def __init__(self, user: User, agent_id: str) -> None:
        self._user, self._agent_id = user, agent_id
        self._shown, self._shown_at = START, services().clock.now()
        self._lacks_records = False
        self._handed, self._handed_where = "", ""  # whom they have handed over, and where that caller was shown to be

    def follows(self, event: Event) -> bool:
        """Whether this happened to a caller whom the agent has handed over, and whom their wrap-up tells of."""
        return bool(self._handed) and event.interaction_id == self._handed

    def begin(self) -> None:
        """The page was loaded: it may have been in such a wrap-up."""
        self._handed = _handed(services().store.agent(self._agent_id))

    def messages(self, events: list[Event]) -> Iterator[str]:
        """One message per event; the last of a batch carries the work area, which is always that of the state in force.

        Whoever gets ready while callers wait is reserved in the same moment: the work area that tells of the one is that of the
        other, and is not made again for it.
        """
        for event in events[:-1]:
            yield message("agent", self._told(event), event.position)
        last = events[-1]
        known = position_order(last.position) <= position_order(self._shown)
        body = self._told(last) | ({} if known else self._work_area())
        figures = services().figures
        figures.pushes.labels("agent").inc(len(events))
        for event in events:
            if event.data.get("action") == Action.RESERVE:
                figures.pop_s.observe(max(0.0, (self._shown_at - event.at).total_seconds()))
        yield message("agent", body, last.position)

    def filled_in(self) -> Iterator[str]:
        """The work area once more, when it was shown without the records and they are back, or the caller who was handed over is
        somewhere else by now."""
        if self._lacks_records or self._has_moved():
            body = self._work_area()
            if not self._lacks_records:
                yield message("agent", {"kind": "", "action": "", "asked": "", "done": True, "why": ""} | body)

    def _has_moved(self) -> bool:
        """Whether the caller who was handed over is somewhere else than the work area says; not while the records are away."""
        if not self._handed:
            return False
        here = services()
        agent = here.store.agent(self._agent_id)

        def where() -> str:
            with here.database.reading() as session:
                return where_handed(session, agent)

        try:
            return agent.handed_over is not None and from_records(where) != self._handed_where
        except Unavailable:
            return False

    def _work_area(self) -> dict[str, object]:
        here = services()
        self._shown = here.bus.last_position()  # read before the state is: all that happened until then is in there
        agent = here.store.agent(self._agent_id)
        try:
            area, self._lacks_records = from_records(lambda: gather(self._user, agent)), False
        except Unavailable:
            area, self._lacks_records = without_records(self._user, agent), True
        self._handed = _handed(agent)
        self._handed_where = area.call.handed_where if area.call else ""
        html = render(area)
        self._shown_at = here.clock.now()
        return {"agent": facts(agent, area.now), "html": html}

    def _told(self, event: Event) -> dict[str, object]:
        return {
            "ask": event.data.get("ask", ""),
            "kind": event.kind.value,
            "at": event.at.isoformat(),
            "key": event.key,
            "interaction": event.interaction_id,
            "action": event.data.get("action", ""),
            "state": event.data.get("state", ""),
            "reason": event.data.get("reason", ""),
            "asked": event.data.get("asked", ""),
            "done": event.data.get("done", True),
            "why": event.data.get("why", "") if event.agent_id == self._agent_id else "",
        }


def _handed(agent: LiveAgent) -> str:
    return agent.interaction_id if agent.handed_over is not None else ""
