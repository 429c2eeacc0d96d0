"""`./halo workforce …`: forecasts and staffing, said and written."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.errors import BadInput
from launch.console import say
from launch.workforce_sources import Asked, Sources
from workforce.back_test import BackTest
from workforce.erlang_need import Target
from workforce.erlang_worth import worth_curve
from workforce.forecast import Forecast, ForecastRow
from workforce.plan_files import read_forecast, write_forecast, write_staff
from workforce.skill_groups import skill_groups
from workforce.staff_need import Handled, QueuePlan, StaffRow, staff_rows
from workforce.staff_search import Found, demand_of, search

_PATIENCE_DAYS = 90
_FEWEST_GAVE_UP = 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to staff, beside the policy's own targets. `patience_s` None: learned; `at_once` by queue."""

    shrinkage: float = 0.0
    patience_s: float | None = None
    aht_s: float | None = None
    asa_s: float | None = None
    abandoned_share: float | None = None
    occupancy: float | None = None
    at_once: Mapping[str, Handled] | None = None


def show_forecast(asked: Asked, out: Path | None) -> None:
    """Say how each day came about; the intervals go into `out`."""
    with Sources() as sources:
        found = sources.forecasts(asked)
        for each in found:
            _say_forecast(each)
        if out:
            write_forecast(out, [row for each in found for row in each.rows], sources.zone)
            say(f"written: {out}")


def show_staff(asked: Asked, wishes: Wishes, given: Path | None, out: Path | None) -> None:
    """Say each queue's days and its busiest interval; the intervals go into `out`. `given`: a forecast's file."""
    with Sources() as sources:
        rows = _staffed(sources, asked, wishes, given)
        for queue in dict.fromkeys(row.queue for row in rows):
            _say_staff(queue, [row for row in rows if row.queue == queue], sources)
        if out:
            write_staff(out, rows, sources.zone)
            say(f"written: {out}")


def show_search(asked: Asked, wishes: Wishes, given: Path | None, at: datetime) -> None:
    """Say which agents of which skills one interval takes, by simulation. Raises BadInput for an interval that is not there."""
    with Sources() as sources:
        moment = at.replace(tzinfo=sources.zone)
        rows = [row for row in _staffed(sources, asked, wishes, given) if row.starts_at == moment]
        if not rows:
            raise BadInput(f"No interval of the forecast begins at {at:%Y-%m-%d %H:%M}.", "Choose one that it has.")
        demands = [
            demand_of(row, _patience_s(sources, row.queue, wishes, asked.first)[0], sources.policy.queue(row.queue).service_target)
            for row in rows
        ]  # fmt: skip
        alone = {row.queue: row.agents for row in rows}
        groups = skill_groups(sources.agents())
        _say_search(search(sources.policy, demands, groups, alone), alone)


def show_patience(queues: Sequence[str], before: date, days: int) -> None:
    """Say how long callers are willing to wait."""
    with Sources() as sources:
        for queue in queues or sources.policy.names:
            found = sources.patience(queue, before, days)
            if found is None:
                say(f"  {queue}: nobody waited")
                continue
            mean = "nobody gave up" if math.isinf(found.mean_s) else f"{found.mean_s:.0f} s"
            gave_up = f"{found.gave_up} of {found.waited} who waited gave up"
            say(f"  {queue}: {mean}, 95 % between {found.low_s:.0f} and {found.high_s:.0f} s; {gave_up}")
            say(f"    an exponential patience is off by {found.off:.0%} at worst")


def show_worth(load_erlang: float, aht_s: float, patience_s: float, answer_within_s: float) -> None:
    """Say how callers fare agent by agent."""
    within = f"within {answer_within_s:g} s"
    say(f"  {'agents':>6}{within:>14}{'one more':>10}{'ASA':>10}{'gives up':>10}{'occupancy':>11}")
    for each in worth_curve(Target(answer_within_s=answer_within_s), load_erlang, aht_s, patience_s):
        if each.service_level < 0.01 or (each.gain is not None and each.gain < 1e-4 and each.service_level > 0.99):
            continue
        gain = "" if each.gain is None else f"{each.gain:+.1%}"
        figures = f"{each.asa_s:>8.1f} s{each.abandoned_share:>10.1%}{each.occupancy:>11.1%}"
        say(f"  {each.agents:>6}{each.service_level:>14.1%}{gain:>10}{figures}")


def _staffed(sources: Sources, asked: Asked, wishes: Wishes, given: Path | None) -> list[StaffRow]:
    rows: list[ForecastRow]
    if given:
        rows = [
            row for row in read_forecast(given, sources.policy.names, sources.zone) if not asked.queues or row.queue in asked.queues
        ]
    else:
        rows = [row for each in sources.forecasts(asked) for row in each.rows]
    found = []
    for queue in dict.fromkeys(row.queue for row in rows):
        plan = _plan(sources, queue, wishes, asked.first)
        found += staff_rows([row for row in rows if row.queue == queue], plan)
    return found


def _plan(sources: Sources, queue: str, wishes: Wishes, before: date) -> QueuePlan:
    known = sources.policy.queue(queue)
    target = Target(
        known.service_target, known.answer_within_s, known.short_abandon_s, wishes.asa_s, wishes.abandoned_share, wishes.occupancy
    )  # fmt: skip
    patience_s, why = _patience_s(sources, queue, wishes, before)
    say(f"  {queue}: {known.service_target:.0%} within {known.answer_within_s:g} s; {why}")
    handled = (wishes.at_once or {}).get(queue, Handled())
    return QueuePlan(target, patience_s, wishes.shrinkage, handled, wishes.aht_s)


def _patience_s(sources: Sources, queue: str, wishes: Wishes, before: date) -> tuple[float, str]:
    if wishes.patience_s is not None:
        return wishes.patience_s, "patience as given"
    found = sources.patience(queue, before, _PATIENCE_DAYS)
    if found is None or found.gave_up < _FEWEST_GAVE_UP:
        return math.inf, "too few gave up to know their patience: as if nobody did (Erlang C)"
    return (
        found.mean_s,
        f"patience {found.mean_s:.0f} s, of {found.gave_up} who gave up (95 %: {found.low_s:.0f} to {found.high_s:.0f} s)",
    )


def _say_forecast(found: Forecast) -> None:
    say(f"{found.queue}: by {found.method}; {_tested(found.tested)}")
    for score in found.tested.scores.values():
        say(f"    {score.method:<28}off by {_share(score.days_wape)} a day, {_share(score.intervals_wape)} an interval")
    for day, why in found.aside.items():
        say(f"    set aside: {day} {why}")
    for each in found.days:
        overruled = f"; overruled: {each.overruled}" if each.overruled else ""
        say(f"  {each.day:%a %Y-%m-%d} {each.callers:>8.0f}  {each.low:.0f} to {each.high:.0f}  {each.because}{overruled}")


def _tested(tested: BackTest) -> str:
    held = "" if tested.coverage is None else f", bands held {tested.coverage:.0%} of later intervals"
    aht = "" if tested.aht_wape is None else f", handling time off by {tested.aht_wape:.0%}"
    return f"tested by {tested.origins} forecasts of {tested.horizon} days{held}{aht}"


def _say_staff(queue: str, rows: Sequence[StaffRow], sources: Sources) -> None:
    days: dict[date, list[StaffRow]] = {}
    for row in rows:
        days.setdefault(row.starts_at.astimezone(sources.zone).date(), []).append(row)
    say(f"  {queue:<10}{'callers':>12}{'agent hours':>13}{'paid hours':>12}{'most at once':>14}")
    for day, own in days.items():
        hours = [sum(getattr(row, what) * row.minutes for row in own) / 60 for what in ("agents", "heads")]
        busiest = max(own, key=lambda row: row.agents)
        say(
            f"  {day:%Y-%m-%d}{sum(row.callers for row in own):>12.0f}{hours[0]:>13.1f}{hours[1]:>12.1f}{busiest.agents:>14}"
            f" at {busiest.starts_at.astimezone(sources.zone):%H:%M}"
        )
    busiest = max(rows, key=lambda row: row.agents)
    say(
        f"  busiest: {busiest.because}; {busiest.service_level:.1%} in time, {busiest.level_with_more:.1%} with one more, "
        f"{busiest.level_with_fewer:.1%} with one fewer"
    )


def _say_search(found: Found, alone: Mapping[str, int]) -> None:
    say(f"  each queue for itself: {', '.join(f'{queue} {count}' for queue, count in alone.items())}; together {found.alone}")
    say(f"  by simulation, {found.tried} staffings tried: {sum(found.agents.values())} agents")
    for group, count in found.agents.items():
        say(f"    {count:>4} × {group}")
    for queue, level in found.levels.items():
        short = "  below its target with all there are" if queue in found.short else ""
        say(f"  {queue}: {level.mean:.1%} ±{_points(level.half_width)} in time{short}")
    for each in found.worth:
        say(f"    one more of {each.group}: {each.queue} {each.gain.mean:+.1%} ±{_points(each.gain.half_width)}")


def _points(half_width: float) -> Any:
    return "?" if math.isinf(half_width) else f"{half_width:.1%}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
