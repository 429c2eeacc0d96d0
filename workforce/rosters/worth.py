"""What a shift counts for in a rule's sum: 1 for those that it is about."""

from collections.abc import Callable, Collection

from workforce.rosters.shift_pattern import Shift

Worth = Callable[[Shift], int]


def of_pattern(*names: str) -> Worth:
    """Shifts of these patterns."""
    return lambda shift: int(shift.pattern.name in names)


def among(keys: Collection[tuple[str, int]]) -> Worth:
    """Shifts with these keys."""
    return lambda shift: int(shift.key in keys)


def ending_from(minute: int) -> Worth:
    """Shifts that end then or later."""
    return lambda shift: int(shift.end >= minute)


def starting_from(minute: int) -> Worth:
    """Shifts that begin then or later."""
    return lambda shift: int(shift.start >= minute)


def starting_before(minute: int) -> Worth:
    """Shifts that begin before."""
    return lambda shift: int(shift.start < minute)


def paid_minutes(shift: Shift) -> int:
    """Minutes of work."""
    return shift.pattern.paid_min
