"""What a planner brings along for one roster: wishes, time off and trainings, as they lie in its record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workforce.rosters.problem import Cell, Training, Wish


@dataclass(frozen=True)
class BroughtAlong:
    """Days are counted from the roster's first."""

    wishes: tuple[Wish, ...] = ()
    time_off: frozenset[Cell] = frozenset()
    training: Mapping[Cell, tuple[Training, ...]] = field(default_factory=dict)


def as_record(brought: BroughtAlong) -> dict[str, Any]:
    """As JSON."""
    return {
        "wishes": [[one.agent, one.day, one.pattern, one.against, one.weight] for one in brought.wishes],
        "time_off": [list(cell) for cell in sorted(brought.time_off)],
        "training": [
            [agent, day, one.name, one.start, one.end] for (agent, day), several in brought.training.items() for one in several
        ],
    }


def from_record(record: Mapping[str, Any]) -> BroughtAlong:
    """From JSON; what is not there is nothing."""
    training: dict[Cell, tuple[Training, ...]] = {}
    for agent, day, name, start, end in record.get("training", ()):
        training[agent, day] = (*training.get((agent, day), ()), Training(name, start, end))
    wishes = tuple(Wish(*each) for each in record.get("wishes", ()))
    return BroughtAlong(wishes, frozenset((agent, day) for agent, day in record.get("time_off", ())), training)
