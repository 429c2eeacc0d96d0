"""Shifts that nobody could take where they lay: one agent takes it and hands on another day to somebody who still has room."""

from collections.abc import Collection, Iterable, Sequence

from workforce.rosters.person import Person
from workforce.rosters.problem import Cell
from workforce.rosters.shift_pattern import Shift, placed_first

Lost = tuple[int, Shift]
"""A day, and the shift that nobody has on it."""


def place_lost(people: Sequence[Person], week: range, lost: Iterable[Lost], kept: Collection[Cell]) -> None:
    """Place what can be placed, directly or by one shift of the week that changes hands."""
    for day, shift in lost:
        roomy = [person for person in people if person.has_room(week)]
        taker = next((person for person in roomy if person.can(day, shift)), None)
        if taker is not None:
            taker.takes(day, placed_first(shift))
        else:
            _hand_on(people, roomy, week, (day, shift), kept)


def _hand_on(people: Sequence[Person], roomy: Sequence[Person], week: range, lost: Lost, kept: Collection[Cell]) -> bool:
    """Somebody gives a shift to one of those with room, and takes the lost one in its place."""
    day, shift = lost
    for giver in people:
        for other_day in week:
            placed = giver.works(other_day)
            if placed is None or (giver.agent, other_day) in kept or (other_day != day and giver.works(day) is not None):
                continue
            takers = [person for person in roomy if person is not giver and person.can(other_day, placed.shift)]
            if not takers:
                continue
            giver.gives(other_day)
            if giver.can(day, shift):
                giver.takes(day, placed_first(shift))
                takers[0].takes(other_day, placed)
                return True
            giver.takes(other_day, placed)
    return False
