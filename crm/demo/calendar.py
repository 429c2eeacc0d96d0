"""Where and when the demo shop's couriers and technicians come: every area of its towns, week by week."""

from collections.abc import Iterator

from crm.demo.shop import Town
from crm.time_windows import WindowKind

_AREA_DIGITS = 3
_BIG_TOWN, _TOWN_WITH_TECHNICIANS = 7, 5  # weights
_WORKING_DAYS, _WITH_SATURDAY = range(5), range(6)


def window_plans(towns: list[Town]) -> list[dict[str, object]]:
    """Rows of crm.time_windows.WindowPlan for all towns; an area that two of them share has the plan of the first."""
    plans: dict[tuple[object, ...], dict[str, object]] = {}
    for town in towns:
        for area in _areas(town):
            for row in _plans(town, area):
                plans.setdefault((row["kind"], row["area"], row["weekday"], row["from_hour"]), row)
    return list(plans.values())


def technicians_come_to(town: Town) -> bool:
    """Whether field visits are planned in this town."""
    return town.weight >= _TOWN_WITH_TECHNICIANS


def _areas(town: Town) -> list[str]:
    first, last = (int(str(postcode)[:_AREA_DIGITS]) for postcode in town.postcodes)
    return [str(area) for area in range(first, last + 1)]


def _plans(town: Town, area: str) -> Iterator[dict[str, object]]:
    deliveries = [(9, 12, 8), (13, 17, 12), *([(18, 21, 4)] if town.weight >= _BIG_TOWN else [])]
    for weekday in _WITH_SATURDAY:
        for hours in deliveries:
            yield _row(WindowKind.DELIVERY, area, weekday, *hours)
    if technicians_come_to(town):
        for weekday in _WORKING_DAYS:
            for hours in ((8, 12, 2), (13, 17, 2)):
                yield _row(WindowKind.FIELD_VISIT, area, weekday, *hours)


def _row(kind: WindowKind, area: str, weekday: int, from_hour: int, to_hour: int, capacity: int) -> dict[str, object]:
    place = {"kind": kind.value, "area": area, "weekday": weekday}
    return {**place, "from_hour": from_hour, "to_hour": to_hour, "capacity": capacity}
