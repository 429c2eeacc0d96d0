"""The rules in force, ready for the solver: those that look at one shift, and those that look at more."""

from collections.abc import Callable, Mapping

from workforce.rosters.cover import Cover
from workforce.rosters.model import Forbids, RosterModel
from workforce.rosters.problem import RosterProblem
from workforce.rules import (
    availability,
    consecutive_days,
    contract_hours,
    daily_hours,
    days_off_in_a_row,
    fair_nights,
    fair_weekends,
    night_protection,
    nights_in_a_row,
    overtime,
    rest_between_shifts,
    rest_in_shift,
    rotation,
    shift_sequence,
    shifts_of_a_kind,
    time_off,
    total_hours,
    training,
    unlike_given,
    weekends,
    weekly_hours,
    weekly_rest,
    wishes,
)

_OF_ONE_SHIFT: Mapping[str, Forbids] = {
    "availability": availability.forbids,
    "time_off": time_off.forbids,
    "training": training.forbids,
    "daily_hours": daily_hours.forbids,
    "night_protection": night_protection.forbids,
    "rest_in_shift": rest_in_shift.forbids,
}
_OF_SEVERAL: Mapping[str, Callable[[RosterModel], None]] = {
    "training": training.add,
    "weekly_hours": weekly_hours.add,
    "overtime": overtime.add,
    "contract_hours": contract_hours.add,
    "total_hours": total_hours.add,
    "rest_between_shifts": rest_between_shifts.add,
    "weekly_rest": weekly_rest.add,
    "consecutive_days": consecutive_days.add,
    "days_off_in_a_row": days_off_in_a_row.add,
    "nights_in_a_row": nights_in_a_row.add,
    "weekends": weekends.add,
    "shifts_of_a_kind": shifts_of_a_kind.add,
    "shift_sequence": shift_sequence.add,
    "rotation": rotation.add,
    "fair_nights": fair_nights.add,
    "fair_weekends": fair_weekends.add,
    "wishes": wishes.add,
    "unlike_given": unlike_given.add,
}


def unary(problem: RosterProblem) -> dict[str, Forbids]:
    """The rules in force that look at one shift."""
    return {name: rule for name, rule in _OF_ONE_SHIFT.items() if getattr(problem.rules.rules, name) is not None}


def add_rules(model: RosterModel) -> None:
    """All rules in force that look at more than one shift, each by its own file."""
    for name, add in _OF_SEVERAL.items():
        if getattr(model.problem.rules.rules, name) is not None:
            add(model)


def add_all(model: RosterModel) -> Cover:
    """Rules, and what is needed."""
    add_rules(model)
    return Cover(model)
