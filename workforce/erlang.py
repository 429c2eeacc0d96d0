"""Erlang's formulas: how long callers wait for a number of agents, and how many agents a load needs.

Load is in erlangs, times in seconds. Erlang B by its recurrence, Erlang C from B, so that nothing overflows for thousands
of agents. Sources: A. K. Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen af Betydning for de automatiske
Telefoncentraler", Elektroteknikeren 13 (1917); R. B. Cooper, "Introduction to Queueing Theory", 2nd ed. (1981), ch. 3.
Erlang C supposes that nobody hangs up while waiting, so it asks for a little more than callers with little patience need.
One load at a time, with nothing to import, for the pages; many at once, and callers who give up: workforce.erlang_line.
"""

import math

_CERTAIN = 1 - 1e-9


def erlang_b(load_erlang: float, agents: int) -> float:
    """Share of arrivals (0 to 1) lost when nobody may wait: B(0) = 1, B(n) = A·B(n-1) / (n + A·B(n-1)).

    Raises ValueError for a negative load or number of agents.
    """
    _check(load_erlang, agents)
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = _next_blocked(blocked, load_erlang, n)
    return blocked


def erlang_c(load_erlang: float, agents: int) -> float:
    """Probability (0 to 1) that an arrival must wait: C = N·B / (N - A·(1 - B)); 1 when the load is not below the agents.

    Cooper (1981), section 3.5. Raises ValueError for a negative load or number of agents.
    """
    _check(load_erlang, agents)
    if load_erlang == 0:
        return 0.0 if agents else 1.0
    if load_erlang >= agents:
        return 1.0
    return _waits(erlang_b(load_erlang, agents), load_erlang, agents)


def service_level(load_erlang: float, agents: int, answer_within_s: float, aht_s: float) -> float:
    """Share (0 to 1) answered within `answer_within_s`: 1 - C·exp(-(N - A)·T / AHT); 0 when the load is not below the agents."""
    _check_times(answer_within_s, aht_s)
    if load_erlang >= agents:
        _check(load_erlang, agents)
        return 0.0
    return 1 - erlang_c(load_erlang, agents) * math.exp(-(agents - load_erlang) * answer_within_s / aht_s)


def asa_s(load_erlang: float, agents: int, aht_s: float) -> float:
    """Mean queue time in seconds, C·AHT / (N - A); infinite when the load is not below the agents."""
    _check_times(0, aht_s)
    waits = erlang_c(load_erlang, agents)
    return waits * aht_s / (agents - load_erlang) if load_erlang < agents else math.inf


def agents_needed(load_erlang: float, answer_within_s: float, aht_s: float, service_target: float) -> int:
    """The fewest agents who answer the share `service_target` (0 to 1) within `answer_within_s`; 0 without load.

    A target of 1 is taken as all but one in a thousand million: no finite staff answers everybody at once.
    Raises ValueError when a number is out of range.
    """
    _check(load_erlang, 0)
    _check_times(answer_within_s, aht_s)
    if not 0 <= service_target <= 1:
        raise ValueError(f"service_target is {service_target}, but it is a share between 0 and 1")
    if load_erlang == 0:
        return 0
    target = min(service_target, _CERTAIN)
    blocked, agents = 1.0, 0
    while True:
        agents += 1
        blocked = _next_blocked(blocked, load_erlang, agents)
        if agents > load_erlang:
            in_time = 1 - _waits(blocked, load_erlang, agents) * math.exp(-(agents - load_erlang) * answer_within_s / aht_s)
            if in_time >= target:
                return agents


def _next_blocked(blocked: float, load_erlang: float, agents: int) -> float:
    return load_erlang * blocked / (agents + load_erlang * blocked)


def _waits(blocked: float, load_erlang: float, agents: int) -> float:
    return agents * blocked / (agents - load_erlang * (1 - blocked))


def _check(load_erlang: float, agents: int) -> None:
    if not (load_erlang >= 0 and math.isfinite(load_erlang)):
        raise ValueError(f"load is {load_erlang} erlangs, but it is a finite number, zero or more")
    if agents < 0:
        raise ValueError(f"{agents} agents: the number is zero or more")


def _check_times(answer_within_s: float, aht_s: float) -> None:
    if answer_within_s < 0 or not aht_s > 0:
        raise ValueError(f"times can't be negative and AHT not zero: answer within {answer_within_s} s, AHT {aht_s} s")
