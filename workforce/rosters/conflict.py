"""Why there is no roster: the smallest set of rules that can't all be kept, and the roster that breaks the fewest.

The solver names a set that can't be (by assumptions: N. Eén and N. Sörensson, 2003). Then one after the other is left out, and
stays out where the rest still can't be, until each is needed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ortools.sat.python import cp_model

from workforce.roster_check.check import broken_rules, points
from workforce.roster_check.words import day_words
from workforce.rosters.model import SCALE, About, RosterModel, Terms
from workforce.rosters.problem import RosterProblem
from workforce.rosters.roster_file import clock
from workforce.rosters.rule_book import add_all, unary
from workforce.rosters.shift_pattern import DAY_MIN
from workforce.rosters.solve import Solved
from workforce.rosters.solving import Effort, solve_model, solver_for

_BREAK_COST = 1_000_000 * SCALE
_LOOK_S = 10.0


@dataclass(frozen=True, slots=True)
class Conflict:
    """`rules` can't all be kept; without any one of them they can (`smallest`), unless time ran out. `partial` keeps as many rules
    as could be."""

    rules: tuple[About, ...]
    smallest: bool
    partial: Solved


def find_conflict(problem: RosterProblem, effort: Effort | None = None) -> Conflict | None:
    """Why there is no roster; None where there is one, or where none of it was settled in time."""
    effort = effort or Effort()
    model = RosterModel(problem, unary(problem), loose=True)
    add_all(model)
    abouts = list(model.switches)
    core, _sure = _core(model, abouts, effort)
    if core is None:
        return None
    smallest, at = True, 0
    while at < len(core):
        without = core[:at] + core[at + 1 :]
        smaller, sure = _core(model, without, effort)
        if smaller is None:
            smallest, at = smallest and sure, at + 1
        else:
            core = [each for each in without if each in set(smaller)]
    return Conflict(tuple(core), smallest, _partial(problem, effort))


def _core(model: RosterModel, abouts: Sequence[About], effort: Effort) -> tuple[list[About] | None, bool]:
    """Some of them that can't all be kept; None where they can, or nothing was found out in time; and whether that is sure."""
    model.cp.clear_assumptions()
    model.cp.add_assumptions([model.switches[about] for about in abouts])
    solver = solver_for(replace(effort, limit_s=min(_LOOK_S, effort.limit_s), workers=1))
    status = solver.solve(model.cp)
    if status != cp_model.INFEASIBLE:
        return None, status in (cp_model.FEASIBLE, cp_model.OPTIMAL)
    by_index = {model.switches[about].index: about for about in abouts}
    found = [by_index[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in by_index]
    return found, True


def _partial(problem: RosterProblem, effort: Effort) -> Solved:
    """The roster that breaks the fewest hard rules, and costs the least of those."""
    model = RosterModel(problem, unary(problem), loose=True)
    cover = add_all(model)
    broken = Terms([(switch, -_BREAK_COST) for switch in model.switches.values()], _BREAK_COST * len(model.switches))
    model.minimise(broken)
    found = solve_model(model, cover, effort)
    if found.roster is None:
        return Solved(None, None, 0.0, False, found.seconds)
    told = tuple(broken_rules(problem, found.roster))
    return Solved(found.roster, points(told), 0.0, False, found.seconds, told)


def conflict_words(
    problem: RosterProblem, conflict: Conflict, language: str = "en", names: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """The conflict, a sentence each: what is needed first, then what keeps it from being. `names`: of queues, by code."""
    needs = [each for each in conflict.rules if each.rule == "least_staff"]
    lines = [_need_words(problem, conflict, each, language, names) for each in needs]
    binding: dict[tuple[str, str], list[About]] = defaultdict(list)
    for each in conflict.rules:
        if each.rule != "least_staff":
            binding[each.rule, each.agent].append(each)
    return lines + [_rule_words(problem, rule, agent, several, language) for (rule, agent), several in binding.items()]


def _need_words(problem: RosterProblem, conflict: Conflict, need: About, language: str, names: Mapping[str, str]) -> str:
    kept_away = {each.agent for each in conflict.rules if each.agent and _touches(each, need)}
    able = [one for one in problem.contracts if need.queue in one.queues]
    free = [one.shown for one in able if one.agent not in kept_away]
    start = (need.slot or 0) * problem.minutes
    time = clock(start % DAY_MIN)
    form = _UNSERVED if not able else _NEED if _is_reached(problem, start) else _UNREACHED
    text = form["id" if language == "id" else "en"]
    return text.format(
        day=day_words(problem, need.day, language), time=time, people=_people(need.amount or 0, language),
        queue=names.get(need.queue, need.queue), able=len(able), free=len(free), names=f" ({', '.join(free[:8])})" if free else "",
    )  # fmt: skip


def _people(count: int, language: str) -> str:
    return f"{count} orang" if language == "id" else f"{count} {'person' if count == 1 else 'people'}"


def _is_reached(problem: RosterProblem, start: int) -> bool:
    """Whether there are shifts within which a minute of the whole time lies."""
    day, minute = divmod(start, DAY_MIN)
    if any(placed.shift.overlap(start - at * DAY_MIN, start - at * DAY_MIN + 1) for (_agent, at), placed in problem.before.items()):
        return True
    return any(shift.overlap(minute + back * DAY_MIN, minute + back * DAY_MIN + 1) for shift in problem.shifts
               for back in (0, 1) if back <= day)  # fmt: skip


def _touches(about: About, need: About) -> bool:
    if about.day is None or need.day is None:
        return True
    return about.day - 1 <= need.day <= (about.until if about.until is not None else about.day) + 1


def _rule_words(problem: RosterProblem, rule: str, agent: str, several: Sequence[About], language: str) -> str:
    days = sorted({each.day for each in several if each.day is not None})
    ends = [each.until for each in several if each.until is not None]
    first, last = (days[0] if days else None), (max([*days, *ends]) if days else None)
    when = day_words(problem, first, language)
    if last is not None and last != first:
        when += f" – {day_words(problem, last, language)}"
    one = problem.by_agent.get(agent)
    names = _RULES[rule]
    shown = [pattern.shown(language) for pattern in problem.patterns if pattern.name in {each.queue for each in several}]
    what = f" ({', '.join(shown)})" if shown and rule in _OF_PATTERNS else ""
    return f"{one.shown if one else agent}: {names[1] if language == 'id' else names[0]}{what}{f', {when}' if when else ''}"


_NEED = {
    "en": "{day} {time} needs {people} for {queue}; of the {able} who serve it only {free} can be there{names}",
    "id": "{day} {time} butuh {people} untuk {queue}; dari {able} yang bisa melayani hanya {free} yang bisa hadir{names}",
}
_UNSERVED = {
    "en": "{day} {time} needs {people} for {queue}; nobody in this roster serves it",
    "id": "{day} {time} butuh {people} untuk {queue}; tidak ada orang di roster ini yang bisa melayani",
}
_UNREACHED = {
    "en": "{day} {time} needs {people} for {queue}; no shift of this roster reaches that time",
    "id": "{day} {time} butuh {people} untuk {queue}; tidak ada shift di roster ini yang mencakup jam itu",
}
_OF_PATTERNS = frozenset({"shifts_of_a_kind", "shift_sequence"})
_RULES = {
    "availability": ("may not work such shifts (availability)", "tidak bisa bekerja di jam itu (ketersediaan)"),
    "time_off": ("has time off", "sedang cuti"),
    "training": ("has a training", "ada pelatihan"),
    "kept": ("is settled", "sudah ditetapkan"),
    "daily_hours": ("may not work so long a day", "tidak boleh bekerja selama itu dalam sehari"),
    "night_protection": ("may not work at night", "tidak boleh bekerja malam"),
    "rest_in_shift": ("needs half an hour of rest in the shift", "perlu istirahat setengah jam di dalam shift"),
    "weekly_hours": ("hours of the week are used up", "jam kerja seminggu sudah habis"),
    "overtime": ("overtime of the week is used up", "lembur seminggu sudah habis"),
    "contract_hours": ("is to get the hours agreed", "harus mendapat jam sesuai kontrak"),
    "total_hours": ("hours of the whole time", "jam kerja seluruh periode"),
    "rest_between_shifts": ("needs rest between two shifts", "perlu istirahat di antara dua shift"),
    "weekly_rest": ("needs the weekly rest", "perlu istirahat mingguan"),
    "consecutive_days": ("days of work in a row", "hari kerja berturut-turut"),
    "days_off_in_a_row": ("days off in a row", "hari libur berturut-turut"),
    "nights_in_a_row": ("nights in a row", "shift malam berturut-turut"),
    "weekends": ("weekends worked", "akhir pekan bekerja"),
    "shifts_of_a_kind": ("shifts of one kind", "shift sejenis"),
    "shift_sequence": ("one shift may not follow the other", "urutan shift tidak boleh begitu"),
}
