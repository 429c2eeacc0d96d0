"""`./halo workforce …`: forecasts and staffing, said and written."""

import getpass
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from core.settings import load_settings
from launch.console import say
from workforce.back_test import BackTest
from workforce.brought_history import brought_spans, drop_history, keep_history
from workforce.erlang_need import Target
from workforce.erlang_worth import worth_curve
from workforce.forecast import Forecast
from workforce.mean_patience import MeanPatience
from workforce.overrulings import overrule
from workforce.plan_files import read_forecast, write_forecast, write_staff
from workforce.planner_files import history_minutes, read_history, read_overrulings, read_special_days
from workforce.planning_forms import ASKED
from workforce.planning_runs import Kind, State, find, newest, place
from workforce.planning_sources import Asked, Brought, Sources
from workforce.planning_work import kept_forecasts, work_on
from workforce.skill_groups import skill_groups
from workforce.staff_need import StaffRow
from workforce.staff_plans import keep_plan
from workforce.staff_search import Found, search
from workforce.staffing import PATIENCE_DAYS, PatienceOf, Wishes, demands, learned, queue_plan, staffed


@dataclass(frozen=True, slots=True)
class Files:
    """What a planner gives: files, and the name of a forecast that is kept."""

    history: Path | None = None
    special_days: Path | None = None
    overrulings: Path | None = None
    given: Path | None = None
    kept: str = ""


def show_forecast(asked: Asked, files: Files, out: Path | None, name: str) -> None:
    """Say how each day came about; the intervals go into `out`. With a name it is kept, as one that was computed on the page."""
    with opened_sources() as sources:
        brought = _brought(sources, asked, files)
        if name:
            found = _kept(sources, _computed(sources, asked, brought, name))
        else:
            found = list(sources.forecasts(asked, brought, _tell_days))
        for each in found:
            _say_forecast(each)
        if out:
            write_forecast(out, [row for each in found for row in each.rows], sources.zone)
            say(f"written: {out}")


def bring_history(file: Path | None, dropped: str) -> None:
    """Keep what a file has, take away what was brought of a queue, and say what is kept then. Raises BadInput and NotFound."""
    with opened_sources() as sources:
        with sources.database.writing() as session:
            if dropped:
                drop_history(session, dropped)
            if file:
                rows = read_history(file, sources.policy.names, history_minutes(file), sources.zone)
                keep_history(session, rows, sources.zone, getpass.getuser(), sources.clock.now())
            session.commit()
        with sources.database.reading() as session:
            spans = brought_spans(session)
        if not spans:
            say("  no history was brought: forecasts learn from the calls that Halo had")
        for each in spans:
            first, last = (moment.astimezone(sources.zone).date() for moment in (each.first, each.last))
            say(f"  {each.queue:<12}{first} to {last}{each.callers:>12,} callers")


def show_staff(asked: Asked, wishes: Wishes, files: Files, out: Path | None, name: str) -> None:
    """Say each queue's days and its busiest interval; the intervals go into `out`. With a name the plan is kept."""
    with opened_sources() as sources:
        found = _staffed(sources, asked, wishes, files)[0]
        for queue, own in found.items():
            _say_staff(queue, own, sources)
        if name:
            with sources.database.writing() as session:
                plan = keep_plan(session, name, found, wishes, sources.zone, getpass.getuser(), sources.clock.now())
                session.commit()
            say(f"kept: {plan.name}, version {plan.version}")
        if out:
            write_staff(out, [row for own in found.values() for row in own], sources.zone)
            say(f"written: {out}")


def show_search(asked: Asked, wishes: Wishes, files: Files, at: datetime) -> None:
    """Say which agents of which skills one interval takes, by simulation. Raises BadInput for an interval that is not there."""
    with opened_sources() as sources:
        moment = at.replace(tzinfo=sources.zone)
        found, patience_of = _staffed(sources, asked, wishes, files)
        rows = [row for own in found.values() for row in own if row.starts_at == moment]
        if not rows:
            raise BadInput(f"No interval of the forecast begins at {at:%Y-%m-%d %H:%M}.", "Choose one that it has.")
        alone = {row.queue: row.agents for row in rows}
        comes = demands(sources.policy, rows, wishes, patience_of)
        _say_search(search(sources.policy, comes, skill_groups(sources.agents()), alone), alone)


def show_patience(queues: Sequence[str], before: date, days: int) -> None:
    """Say how long callers are willing to wait."""
    with opened_sources() as sources:
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


@contextmanager
def opened_sources() -> Iterator[Sources]:
    """What planning is made of in this installation."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        yield Sources(database, ZoneInfo(settings.time_zone), settings.country, SystemClock())
    finally:
        database.dispose()


def _brought(sources: Sources, asked: Asked, files: Files) -> Brought:
    names, minutes = sources.policy.names, asked.minutes
    return Brought(
        read_history(files.history, names, minutes, sources.zone) if files.history else (),
        read_special_days(files.special_days) if files.special_days else (),
        read_overrulings(files.overrulings, names, minutes) if files.overrulings else (),
    )


def _computed(sources: Sources, asked: Asked, brought: Brought, name: str) -> int:
    """Compute and keep it here and now; returns its number."""
    with sources.database.writing() as session:
        run = place(session, Kind.FORECAST, name, ASKED.fields(asked), getpass.getuser(), sources.clock.now())
        session.commit()
    ended = work_on(run.id, Kind.FORECAST, sources, brought)
    with sources.database.reading() as session:
        problem = find(session, run.id, Kind.FORECAST).problem
    if ended is not State.DONE:
        raise HaloError(problem.get("message", f"The forecast was {ended}."), problem.get("next_step", "Compute it again."))
    say(f"kept: {run.name}, version {run.version}")
    if brought.overrulings:
        with sources.database.writing() as session:
            count = len(overrule(session, brought.overrulings, asked.minutes, getpass.getuser(), sources.clock.now()))
            session.commit()
        say(f"kept: {count} numbers overruled, for this and later forecasts")
    return run.id


def _kept(sources: Sources, run_id: int) -> list[Forecast]:
    return [found for found, _ in kept_forecasts(sources, run_id).values()]


def _run_named(sources: Sources, name: str) -> int:
    with sources.database.reading() as session:
        for run in newest(session, Kind.FORECAST):
            if run.name == name and run.state == State.DONE:
                return run.id
    raise NotFound(f"There is no forecast {name!r}.", "Compute one, by ./halo workforce forecast --save NAME.")


def _tell_days(done: int, of: int) -> None:
    if done == of or done % 50 == 0:
        say(f"  read {done} of {of} days that were not rolled up")


def _staffed(
    sources: Sources, asked: Asked, wishes: Wishes, files: Files
) -> tuple[dict[str, list[StaffRow]], PatienceOf]:  # fmt: skip
    known: dict[str, MeanPatience | None] = {}

    def patience_of(queue: str) -> MeanPatience | None:
        if queue not in known:
            known[queue] = sources.patience(queue, asked.first, PATIENCE_DAYS)
        return known[queue]

    if files.given:
        rows = list(read_forecast(files.given, sources.policy.names, sources.zone))
    elif files.kept:
        run_id = _run_named(sources, files.kept)
        with sources.database.reading() as session:
            minutes = ASKED.read_fields(find(session, run_id, Kind.FORECAST).asked).minutes
        brought = _brought(sources, replace(asked, minutes=minutes), files)
        kept = kept_forecasts(sources, run_id, brought.overrulings)
        known |= {queue: each.patience for queue, (_, each) in kept.items()}
        rows = [row for found, _ in kept.values() for row in found.rows]
    else:
        rows = [row for each in sources.forecasts(asked, _brought(sources, asked, files), _tell_days) for row in each.rows]
    for name in (*asked.queues, *wishes.at_once):
        sources.policy.queue(name)  # NotFound for one that is not there
    rows = [row for row in rows if not asked.queues or row.queue in asked.queues]
    for queue in dict.fromkeys(row.queue for row in rows):
        _say_plan(sources, queue, wishes, patience_of)
    return staffed(sources.policy, rows, wishes, patience_of), patience_of


def _say_plan(sources: Sources, queue: str, wishes: Wishes, patience_of: PatienceOf) -> None:
    patience = learned(wishes, None if wishes.patience_s is not None else patience_of(queue))
    target, known = queue_plan(sources.policy, queue, wishes, patience).target, patience.known
    why = "patience as given" if patience.given else "too few gave up to know their patience: as if nobody did (Erlang C)"
    if known is not None:
        between = f"(95 %: {known.low_s:.0f} to {known.high_s:.0f} s)"
        why = f"patience {known.mean_s:.0f} s, of {known.gave_up} who gave up {between}"
    level = "" if target.service_level is None else f"{target.service_level:.0%} within {target.answer_within_s:g} s; "
    say(f"  {queue}: {level}{why}")


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
