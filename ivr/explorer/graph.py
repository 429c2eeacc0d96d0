"""What was explored, as a graph: ways that are short, ways that are long, circles, and what leads where."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count

from ivr.explorer.length import NOWHERE, Length
from ivr.explorer.moves import End, Kind
from ivr.explorer.place import Place
from ivr.explorer.search import Explored, Step
from ivr.outcome import Outcome

Wanted = Callable[[Step], bool]


def shortest_ways(done: Explored, wanted: Wanted) -> dict[Place, Length]:
    """From each place the shortest way to a step that is wanted (Dijkstra, backwards). Nobody hangs up on it."""
    before: dict[Place, list[Step]] = defaultdict(list)
    ticket = count()
    heap: list[tuple[Length, int, Place]] = []
    for step in done.steps:
        if step.move.kind is Kind.HANG_UP:
            continue
        if wanted(step):
            heapq.heappush(heap, (step.took, next(ticket), step.start))
        if step.place is not None:
            before[step.place].append(step)
    best: dict[Place, Length] = {}
    while heap:
        length, _, place = heapq.heappop(heap)
        if place in best:
            continue
        best[place] = length
        for step in before[place]:
            if step.start not in best:
                heapq.heappush(heap, (length + step.took, next(ticket), step.start))
    return best


def nearest_steps(done: Explored, starts: Iterable[Place]) -> Iterator[tuple[Step, Length]]:
    """Every step with the shortest way to its end from the nearest of these places (Dijkstra, forwards)."""
    ahead = steps_ahead(done)
    ticket = count()
    heap: list[tuple[Length, int, Place]] = [(NOWHERE, next(ticket), start) for start in starts]
    seen: set[Place] = set()
    while heap:
        length, _, place = heapq.heappop(heap)
        if place in seen:
            continue
        seen.add(place)
        for step in ahead[place]:
            further = length + step.took
            yield step, further
            if step.place is not None and step.place not in seen:
                heapq.heappush(heap, (further, next(ticket), step.place))


def nearest_ends(done: Explored, starts: Iterable[Place]) -> dict[Outcome | End, tuple[Step, Length]]:
    """Every outcome with the last step and the length of a shortest way there."""
    best: dict[Outcome | End, tuple[Step, Length]] = {}
    for step, length in nearest_steps(done, starts):
        if step.outcome is not None and (step.outcome not in best or length < best[step.outcome][1]):
            best[step.outcome] = step, length
    return best


def longest_ways(done: Explored, wanted: Wanted) -> dict[Place, Length]:
    """From each place the longest way to a step that is wanted, for a caller who does nothing that brings them on.

    A circle is not gone round: one of passive steps is a finding of its own.
    """
    ahead = steps_ahead(done)
    known: dict[Place, Length] = {}
    begun: set[Place] = set()
    stack: list[tuple[Place, bool]] = [(place, False) for place in done.ways]
    while stack:
        place, ready = stack.pop()
        if ready:
            lengths = [
                step.at_worst + (known[step.place] if step.place is not None else NOWHERE)
                for step in ahead[place]
                if step.at_worst is not None and (step.place in known or (step.place is None and wanted(step)))
            ]
            if lengths:
                known[place] = max(lengths)
        elif place not in begun:
            begun.add(place)
            stack.append((place, True))
            stack += [(step.place, False) for step in ahead[place] if step.at_worst is not None and step.place is not None]
    return known


def passive_circles(done: Explored) -> Iterator[list[Place]]:
    """Circles that a caller goes round who is silent, presses wrong keys or is not understood."""
    ahead = steps_ahead(done)
    finished: set[Place] = set()
    for first in done.ways:
        if first in finished:
            continue
        trail = {first: iter(ahead[first])}  # the places of the way here, in order, each with the steps that are left
        while trail:
            place = next(reversed(trail))
            step = next(trail[place], None)
            if step is None:
                trail.popitem()
                finished.add(place)
            elif step.at_worst is None or step.place is None or step.place in finished:
                continue
            elif step.place in trail:
                way = list(trail)
                yield way[way.index(step.place) :]
            else:
                trail[step.place] = iter(ahead[step.place])


def places_before(done: Explored, places: Collection[Place]) -> set[Place]:
    """These places and all from which they can be reached."""
    before: dict[Place, list[Place]] = defaultdict(list)
    for step in done.steps:
        if step.place is not None:
            before[step.place].append(step.start)
    found, waiting = set(places), list(places)
    while waiting:
        for place in before[waiting.pop()]:
            if place not in found:
                found.add(place)
                waiting.append(place)
    return found


def steps_ahead(done: Explored) -> dict[Place, list[Step]]:
    """The steps by the place where they begin."""
    ahead: dict[Place, list[Step]] = defaultdict(list)
    for step in done.steps:
        ahead[step.start].append(step)
    return ahead
