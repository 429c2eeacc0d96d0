"""`./halo workforce roster …`: rosters made, checked, published and shown."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.database import Database
from core.errors import BadInput, NotFound
from core.settings import load_settings
from launch.console import say
from routing.policy_in_force import PolicyInForce
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import broken_rules, hard_ones, points
from workforce.roster_check.words import words
from workforce.roster_records import RULES, RosterState
from workforce.roster_store import (
    as_roster,
    keep_contracts,
    new_version,
    on_record,
    publish,
    published_shifts,
    put_shifts,
    rules_in_force,
)
from workforce.rosters.calendar_file import write_calendars
from workforce.rosters.contract_file import read_contracts, read_time_off, read_training, read_wishes
from workforce.rosters.need_file import read_needs
from workforce.rosters.problem import PAST_DAYS, Cell, RosterProblem
from workforce.rosters.roster_file import read_roster_file, write_roster
from workforce.rosters.rules_file import RulesText, read_rules_file
from workforce.rosters.shift_pattern import Placed

if TYPE_CHECKING:
    from workforce.rosters.solve import Solved

_BY = "./halo"


@dataclass(frozen=True, slots=True)
class Given:
    """What the planner brings. `staff` None: only the rules for agents are looked at, over `days` from `first` on."""

    contracts: Path
    staff: Path | None = None
    rules: Path | None = None
    time_off: Path | None = None
    wishes: Path | None = None
    training: Path | None = None
    first: date | None = None
    days: int | None = None
    column: str = "heads"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to solve. `like`: a roster from which little is to differ; up to `keep_until` nothing does."""

    seconds: float = 120.0
    seed: int = 1
    repeatable: bool = False
    like: Path | None = None
    keep_until: date | None = None
    out: Path | None = None
    calendars: Path | None = None


class Rosters:
    """The installation's records. Use it in a `with`."""

    def __enter__(self) -> "Rosters":
        self._settings = load_settings()
        self.zone = ZoneInfo(self._settings.time_zone)
        self.database = Database(self._settings.database)
        self._policy = PolicyInForce(self.database).current()
        return self

    def __exit__(self, *problem: object) -> None:
        self.database.dispose()

    def problem(self, given: Given, first: date | None = None, days: int | None = None) -> tuple[RosterProblem, RulesText]:
        """From the files. Raises BadInput that names file, row and column."""
        with self.database.reading() as session:
            rules = read_rules_file(given.rules) if given.rules else rules_in_force(session)
            begins, count, minutes, needs = first, days, 30, dict[str, list[int]]()
            if given.staff is not None:
                found = read_needs(given.staff, self.zone, given.first, given.days, given.column, self._policy.names)
                begins, count, minutes, needs = found.first, found.days, found.minutes, found.by_queue
            if begins is None or count is None:
                raise BadInput("It is not said which days the roster is for.", "Give --staff, or --from and --days.")
            people = on_record(session, self._policy, self._policy.names)
            contracts = read_contracts(given.contracts, tuple(needs) or self._policy.names, rules.patterns, people)
            earlier = begins - timedelta(days=PAST_DAYS)
            before = as_roster(published_shifts(session, earlier, PAST_DAYS), rules.patterns, begins, self.zone)
        agents = {one.agent for one in contracts}
        problem = RosterProblem(
            begins, count, minutes, rules.patterns, tuple(contracts), rules.rules, needs,
            before={cell: placed for cell, placed in before.items() if cell[0] in agents},
            time_off=read_time_off(given.time_off, agents, begins, count) if given.time_off else frozenset(),
            wishes=tuple(read_wishes(given.wishes, agents, rules.patterns, begins, count)) if given.wishes else (),
            training=read_training(given.training, agents, begins, count) if given.training else {},
        )  # fmt: skip
        return problem, rules

    def roster(self, given: Given, file: Path) -> tuple[RosterProblem, RulesText, dict[Cell, Placed]]:
        """The roster in a file, with what it is for: its own days, where nothing else says which."""
        if given.staff is None and given.first is None:
            first, days = _days_of(file)
            given = replace(given, first=first, days=days)
        problem, rules = self.problem(given, given.first, given.days)
        roster = read_roster_file(file, problem.patterns, problem.by_agent, problem.first)
        outside = sorted(cell for cell in roster if not 0 <= cell[1] < problem.days)
        if outside and given.staff is not None:
            say(f"  {len(outside)} shifts lie outside the days of {given.staff.name} and are left out")
        return problem, rules, {cell: placed for cell, placed in roster.items() if 0 <= cell[1] < problem.days}


def make(given: Given, wanted: Wanted) -> int:
    """Make a roster, say how it came out, and write it; 1 where there is none that keeps all hard rules."""
    from workforce.rosters.conflict import conflict_words, find_conflict  # here: the solver takes a second to load
    from workforce.rosters.solve import solve
    from workforce.rosters.solving import Effort, Progress

    with Rosters() as rosters:
        problem, _rules = rosters.problem(given, given.first, given.days)
        if wanted.like is not None:
            like = read_roster_file(wanted.like, problem.patterns, problem.by_agent, problem.first)
            problem = replace(problem, given=like, kept=_kept(problem, like, wanted.keep_until))
        say(f"  {len(problem.contracts)} agents, {problem.days} days from {problem.first}; Ctrl-C keeps the best so far")
        stopped = threading.Event()
        last: list[str] = []

        def tell(progress: Progress) -> None:
            gap = "none yet" if progress.gap is None else f"{progress.cost:.0f}, at most {progress.gap:.1%} more than the least"
            line = f"{int(progress.seconds / 5) * 5} {gap} {progress.doing}"
            if line not in last:
                last[:] = [line]
                say(f"  {progress.seconds:>6.1f} s  {gap}  {progress.doing}")

        effort = Effort(wanted.seconds, wanted.seed, repeatable=wanted.repeatable, tell=tell, stopped=stopped.is_set)
        found = _until_stopped(lambda: solve(problem, effort), stopped)
        code = 0
        if found.roster is None:
            code = 1
            say("  there is no roster that keeps all rules:" if found.proved else "  no roster was found in this time")
            conflict = find_conflict(problem, Effort(wanted.seconds, wanted.seed))
            if conflict is None:
                return code
            for line in conflict_words(problem, conflict):
                say(f"    {line}")
            if not conflict.smallest:
                say("    (there may be fewer: time ran out)")
            say("  the roster that breaks the fewest:")
            found = conflict.partial
        if found.roster is None or found.cost is None:
            return 1
        gap = "proved" if found.proved else f"at most {found.gap or 0:.1%} more than the least"
        say(f"  {len(found.roster)} shifts, {found.cost:.0f} points, {gap}")
        _say_broken(problem, found.broken)
        names = {one.agent: one.name for one in problem.contracts}
        if wanted.out:
            write_roster(wanted.out, found.roster, problem.first, names)
            say(f"written: {wanted.out}")
        if wanted.calendars:
            files = write_calendars(wanted.calendars, found.roster, problem.first, rosters.zone, SystemClock().now())
            say(f"written: {len(files)} calendars in {wanted.calendars}")
        return code


def check(given: Given, file: Path) -> int:
    """Say what a roster breaks; 1 where that is a hard rule."""
    with Rosters() as rosters:
        problem, _rules, roster = rosters.roster(given, file)
        broken = broken_rules(problem, roster)
        say(f"  {len(roster)} shifts of {len(problem.contracts)} agents, {points(broken):.0f} points")
        _say_broken(problem, broken)
        return int(bool(hard_ones(broken)))


def publish_file(given: Given, file: Path, note: str, anyway: bool) -> int:
    """Put a roster in force for its days, and keep its contracts. Raises BadInput where it breaks hard rules, unless `anyway`."""
    with Rosters() as rosters:
        problem, rules, roster = rosters.roster(given, file)
        broken = broken_rules(problem, roster)
        _say_broken(problem, broken)
        bad = hard_ones(broken)
        if bad and not anyway:
            raise BadInput(f"{file.name} breaks {len(bad)} hard rules.", "Mend it, or publish it --anyway.")
        now = SystemClock().now()
        by = os.environ.get("USER", "") or _BY
        with rosters.database.writing() as session:
            kept = keep_contracts(session, problem.contracts, now, by)
            version = new_version(session, problem, rules.text, now, by, RosterState.DRAFT, note)
            version.cost = points(broken)
            put_shifts(session, version, problem, roster, rosters.zone)
            publish(session, version.id, now, by)
            session.commit()
        say(f"  roster {version.id} is in force for {problem.days} days from {problem.first}; {kept} contracts on record")
        return 0


def show(first: date | None, days: int, agent: str, out: Path | None, calendars: Path | None) -> None:
    """Say who works when, by what is published. Raises NotFound where nothing is."""
    with Rosters() as rosters:
        begins = first or SystemClock().now().astimezone(rosters.zone).date()
        with rosters.database.reading() as session:
            rows = published_shifts(session, begins, days, agent)
            patterns = rules_in_force(session).patterns
            shown = {pattern.name: pattern.shown("en") for pattern in patterns}
            names = {
                key: name for key, (name, _queues) in on_record(session, PolicyInForce(rosters.database).current(), ()).items()
            }
        if not rows:
            raise NotFound(f"No roster is published for {days} days from {begins}.", "See ./halo workforce roster publish.")
        for row in rows:
            starts, ends = (moment.astimezone(rosters.zone) for moment in (row.starts_at, row.ends_at))
            breaks = "; ".join(f"{one.starts_at.astimezone(rosters.zone):%H:%M} {one.kind}" for one in row.activities)
            who = f"{row.agent_id} {names.get(row.agent_id, '')}"
            say(f"  {who:<24}{row.day:%a %Y-%m-%d}  {starts:%H:%M}-{ends:%H:%M}  {shown.get(row.pattern, row.pattern):<14}{breaks}")
        roster = as_roster(rows, patterns, begins, rosters.zone)
        if out:
            write_roster(out, roster, begins, names)
            say(f"written: {out}")
        if calendars:
            files = write_calendars(calendars, roster, begins, rosters.zone, SystemClock().now())
            say(f"written: {len(files)} calendars in {calendars}")


def show_rules(file: Path | None, put_in_force: bool, note: str) -> None:
    """Look at a file of rules, or at those in force, and put them in force where that is asked for. Raises Faults."""
    with Rosters() as rosters:
        with rosters.database.reading() as session:
            rules = read_rules_file(file) if file else rules_in_force(session)
        for pattern in rules.patterns:
            say(f"  {pattern.name:<12}{pattern.shown('en'):<16}{pattern.paid_min / 60:g} h of work, {len(pattern.starts)} starts")
        for name, form in rules.rules.rules:
            if form is not None:
                weight = getattr(form, "weight", None)
                say(f"  {name:<24}{'never broken' if weight is None else f'{weight} points'}")
        if put_in_force:
            with rosters.database.writing() as session:
                number = RULES.put_in_force(
                    session, rules.text, SystemClock().now(), os.environ.get("USER", "") or _BY, note
                ).number
                session.commit()
            say(f"  roster rules {number} are in force")


def _until_stopped(work: Callable[[], "Solved"], stopped: threading.Event) -> "Solved":
    """Work on a thread, so that Ctrl-C ends the search and not the program."""
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(work)
        while True:
            try:
                return result.result()
            except KeyboardInterrupt:
                stopped.set()


def _kept(problem: RosterProblem, like: dict[Cell, Placed], until: date | None) -> dict[Cell, Placed | None]:
    last = (until - problem.first).days if until else -1
    return {
        (one.agent, day): like.get((one.agent, day)) for one in problem.contracts for day in range(min(last + 1, problem.days))
    }  # fmt: skip


def _days_of(file: Path) -> tuple[date, int]:
    from workforce.table_file import read_table

    dates = [row.date_at("date") for row in read_table(file, ("agent", "date"))]
    return min(dates), (max(dates) - min(dates)).days + 1


def _say_broken(problem: RosterProblem, broken: list[BrokenRule] | tuple[BrokenRule, ...]) -> None:
    for each in hard_ones(broken):
        say(f"  broken: {words(problem, each)}")
    soft = [each for each in broken if not each.hard]
    for rule in sorted({each.rule for each in soft}):
        own = sorted((each for each in soft if each.rule == rule), key=lambda each: -each.points)
        say(f"  {rule}: {len(own)} cases, {points(own):.0f} points; such as: {words(problem, own[0])}")
