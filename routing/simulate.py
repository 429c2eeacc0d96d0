"""A day on a virtual clock: the routing engine itself, with callers and agents made up from a seed or taken from a record."""

from collections.abc import Sequence

import numpy as np

from routing.demand import Stream, draw_calls
from routing.order import LineOrder
from routing.shifts import RosteredAgent
from routing.simulated_day import SimulatedDay
from routing.simulated_floor import CallRows, Kind, SimulatedFloor
from routing.simulated_overflow import SimulatedOverflow
from routing.simulated_site import SimulatedSite

USUAL_ORDER = LineOrder()
_AT_ONCE = 2_000  # events: some milliseconds


def simulate(
    agents: Sequence[RosteredAgent], streams: Sequence[Stream], seed: int, replication: int = 0, order: LineOrder = USUAL_ORDER,
    sites: Sequence[SimulatedSite] = (), overflow: SimulatedOverflow | None = None,
) -> SimulatedDay:  # fmt: skip
    """One day, until nothing more can happen: whoever is still in line then is served by nobody and never gives up.

    The same arguments give the same day, to the letter, in whatever order the agents are. The calls of another `replication` are
    independent of these. Raises ValueError for two agents or two streams of one name, and for times that can't be.
    """
    team = sorted(agents, key=lambda agent: agent.agent_id)
    calls = draw_calls(streams, seed, replication)
    rows = CallRows(
        int(np.count_nonzero(calls.is_first)), calls.stream.tolist(), calls.arrival_s.tolist(), calls.patience_s.tolist(),
        calls.handling_s.tolist(), calls.delay_s.tolist(), calls.again.tolist(),
    )  # fmt: skip
    kinds = [Kind(stream.plan, order.worth_s(stream.priority) + stream.credit_s, stream.room) for stream in streams]
    look = overflow.look if overflow else None  # none, too, where there are no rules
    floor = SimulatedFloor(team, kinds, rows, [(site.limits, site.periods) for site in sites], look)
    while floor.play(_AT_ONCE):  # compiled, it holds up all other threads and signals: here they have their turn
        pass
    return SimulatedDay(team, streams, calls, np.array(floor.arrival_s), np.array(floor.wait_s), np.array(floor.taker, int))
