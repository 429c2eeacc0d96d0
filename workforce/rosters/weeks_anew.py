"""A roster made better, an agent's week or two at a time: each gets the best that there is while all others keep theirs.

First every week of everybody once; then two agents of the same part and week together, where most is lost. To take some back and to
give them their best one after the other is "ruin and recreate": G. Schrimpf and others, "Record Breaking Optimization Results Using
the Ruin and Recreate Principle", Journal of Computational Physics 159 (2000).
"""

import random
from collections.abc import Callable, Sequence

from workforce.rosters.counts import Part, parts_of, weeks_of
from workforce.rosters.part_roster import PartRoster, can_be_priced
from workforce.rosters.problem import Cell, Roster, RosterProblem
from workforce.rosters.shift_pattern import Placed

_AT_ONCE = (2, 2, 2, 3)
_FAR_OFF = 0.02
"""The share of the bound that a part counts as its loss at least, so that none is forgotten."""


class WeeksAnew:
    """Of all parts of a roster that can be priced; others stay as they are. `bounds`: what each part costs at least."""

    def __init__(self, problem: RosterProblem, roster: Roster, bounds: Sequence[float], seed: int) -> None:
        self._problem, self._chance = problem, random.Random(seed)  # noqa: S311 (no secret: where to look next)
        self._weeks = weeks_of(problem)
        self._parts: list[tuple[PartRoster, float]] = []
        self._open: list[list[tuple[range, list[str]]]] = []
        for part, bound in zip(parts_of(problem), bounds, strict=True):
            if can_be_priced(problem, part):
                self._add(part, bound, roster)
        self.leaves_some = not all(can_be_priced(problem, part) for part in parts_of(problem))
        """Whether there are parts that nothing is done about here."""
        priced = {agent for own, _ in self._parts for agent in own.agents}
        self._rest = {cell: placed for cell, placed in roster.items() if cell[0] not in priced}

    def _add(self, part: Part, bound: float, roster: Roster) -> None:
        own = PartRoster(self._problem, part, roster)
        weeks = [(week, [agent for agent in own.agents if own.can_change(agent, week)]) for week in self._weeks]
        weeks = [(week, agents) for week, agents in weeks if agents]
        if weeks:
            self._parts.append((own, bound))
            self._open.append(weeks)

    @property
    def roster(self) -> dict[Cell, Placed]:
        """As it is now."""
        found = dict(self._rest)
        for own, _ in self._parts:
            found |= own.roster()
        return found

    def once(self, over: Callable[[], bool], tell: Callable[[float], None]) -> None:
        """Each agent's week once, those whose own days cost most first; `tell` hears what was saved. Stops when it is `over`."""
        for (own, _), weeks in zip(self._parts, self._open, strict=True):
            saved = 0.0
            for week, agents in weeks:
                for agent in sorted(agents, key=lambda each: -own.own_points(each)):
                    if over():
                        break
                    saved += own.anew(week, [agent])
            tell(saved)

    def some(self, tries: int, over: Callable[[], bool]) -> float:
        """So many times a few agents of one part and week; the points saved."""
        saved = 0.0
        if not self._parts:
            return saved
        places = range(len(self._parts))
        losses = [max(own.cost() - bound, _FAR_OFF * bound, 1.0) for own, bound in self._parts]
        for place in self._chance.choices(places, losses, k=tries):
            if over():
                break
            own, (week, agents) = self._parts[place][0], self._chance.choice(self._open[place])
            few = min(len(agents), self._chance.choice(_AT_ONCE))
            saved += own.anew(week, self._chance.sample(agents, few))
        return saved
