"""What must hold of callers whatever becomes of their leaders: each was served once, in turn."""

from collections import Counter, defaultdict

from core.events import Event, EventKind
from routing.place import Place
from tests.services.standby_house import StandbyHouse


def told(house: StandbyHouse, kind: EventKind) -> Counter[str]:
    return Counter(event.interaction_id for event in house.events() if event.kind is kind)


def passed_over(events: list[Event], places: list[Place], one_line: bool = True) -> list[str]:
    """Reservations of callers who were not the first in line, or in their queue's, by the order of what happened."""
    of = {place.interaction_id: ("" if one_line else place.queue, place.queued_at) for place in places}
    lines: dict[str, set[str]] = defaultdict(set)
    wrong = []
    for event in events:
        if not event.interaction_id:
            continue
        line = lines[of[event.interaction_id][0]]
        if event.kind is EventKind.INTERACTION_QUEUED:
            line.add(event.interaction_id)
        elif event.data.get("action") == "reserve":
            first = min(line, key=lambda interaction_id: of[interaction_id][1])
            if first != event.interaction_id:
                wrong.append(f"{event.interaction_id} before {first}")
            line.discard(event.interaction_id)
        elif event.data.get("before") in ("RESERVED", "RINGING") and event.data.get("state") in ("READY", "NOT_READY"):
            line.add(event.interaction_id)
    return wrong


def check_that_each_was_served_once_in_turn(house: StandbyHouse, one_line: bool = True) -> None:
    """Everybody; without `one_line` each queue has a line of its own."""
    everybody = Counter({place.interaction_id: 1 for place in house.places})
    house.wait(lambda: not house.asterisk.callers, "every caller to be served")
    house.wait(lambda: all(agent.state == "READY" for agent in house.store.snapshot().agents.values()), "every agent to be ready")
    assert house.asterisk.wrong == []
    assert Counter(interaction_id for interaction_id, _ in house.asterisk.rang) == everybody, "each rang one phone, once"
    answered = told(house, EventKind.INTERACTION_ANSWERED)
    assert answered == everybody, f"not told: {everybody - answered}; told again: {answered - everybody}"
    assert told(house, EventKind.INTERACTION_ABANDONED) == Counter()
    left = house.store.snapshot()
    assert (left.line, left.taken) == ({}, {})
    assert passed_over(house.events(), house.places, one_line) == []
