"""Suggestions held against the rules, and done: the shift in force becomes the one suggested, on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from core.errors import BadInput, HaloError
from routing.policy import Policy
from workforce.changed_shifts import ChangedShift, ShiftTimes, change_shift, times_of
from workforce.day_suggestions import Kind, Suggestion, longer, moved, shorter
from workforce.roster_check.broken import BrokenRule
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.roster_check.words import words
from workforce.roster_store import as_roster, contracts_on_record, published_shifts, rules_in_force, time_off_granted
from workforce.rosters.contract import Contract
from workforce.rosters.problem import PAST_DAYS, RosterProblem
from workforce.rosters.rules_file import RulesText
from workforce.rosters.shift_pattern import Placed

_DAYS_AFTER = 8
BEST = 4


class SuggestionBreaksRules(HaloError):
    """The change would break a rule that must be kept."""

    code = "suggestion_breaks_rules"


@dataclass(frozen=True, slots=True)
class Checked:
    """A suggestion that breaks no hard rule. `told`: what it breaks of the others, in words; `seen`: the shift as on record."""

    suggestion: Suggestion
    told: tuple[str, ...]
    seen: ShiftTimes


@dataclass(frozen=True, slots=True)
class AgentWeek:
    """What the rules look at for one agent: the days around, as they are in force."""

    problem: RosterProblem
    roster: Mapping[tuple[str, int], Placed]
    seen: ShiftTimes

    @property
    def placed(self) -> Placed | None:
        """The shift of the day itself."""
        return self.roster.get((self.problem.contracts[0].agent, 0))


def checked(
    session: Session, found: Iterable[Suggestion], day: date, policy: Policy, zone: tzinfo, language: str
) -> list[Checked]:  # fmt: skip
    """The best of each kind that break no hard rule. Agents without a contract on record are left out: nobody knows what they
    agreed to."""
    contracts = {one.agent: one for one in contracts_on_record(session, policy, policy.names)}
    names = policy.labels_in(language)
    rules, kept, weeks = rules_in_force(session), dict.fromkeys(Kind, 0), dict[str, AgentWeek]()
    passed = []
    for each in found:
        contract = contracts.get(each.agent)
        if contract is None or kept[each.kind] >= BEST or (each.kind is Kind.STAY and not contract.overtime):
            continue
        if each.agent not in weeks:
            weeks[each.agent] = agent_week(session, contract, rules, day, zone)
        week = weeks[each.agent]
        broken = newly_broken(week, each.after)
        if not hard_ones(broken) and week.placed == each.before:
            kept[each.kind] += 1
            passed.append(Checked(each, tuple(words(week.problem, one, language, names) for one in broken), week.seen))
    return passed


def agent_week(session: Session, contract: Contract, rules: RulesText, day: date, zone: tzinfo) -> AgentWeek:
    """The agent's shifts from two weeks before the day to a week after it. Raises BadInput where the day has none."""
    agent = contract.agent
    rows = published_shifts(session, day - timedelta(days=PAST_DAYS), PAST_DAYS + _DAYS_AFTER, agent)
    own = next((row for row in rows if row.day == day), None)
    if own is None:
        raise BadInput(f"{agent} has no shift on {day}.", "Look at the day again.")
    roster = as_roster(rows, rules.patterns, day, zone)
    problem = RosterProblem(
        day, _DAYS_AFTER, 30, rules.patterns, (contract,), rules.rules, time_off=time_off_granted(session, day, _DAYS_AFTER),
        before={cell: placed for cell, placed in roster.items() if cell[1] < 0},
    )  # fmt: skip
    return AgentWeek(problem, {cell: placed for cell, placed in roster.items() if cell[1] >= 0}, times_of(own))


def newly_broken(week: AgentWeek, after: Placed) -> list[BrokenRule]:
    """What the change breaks that was kept, or breaks by more."""
    cell = (week.problem.contracts[0].agent, 0)
    before = {_case(each): _off(each) for each in broken_rules(week.problem, week.roster, {cell: week.roster.get(cell)})}
    broken = broken_rules(week.problem, week.roster, {cell: after})
    return [each for each in broken if _off(each) > before.get(_case(each), -1)]


def _case(each: BrokenRule) -> tuple[object, ...]:
    return each.rule, each.hard, each.agent, each.day, each.until, each.what, each.slot


def _off(each: BrokenRule) -> int:
    return abs(each.amount - each.limit)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with a shift: `minutes` longer or shorter, or the break `number` to begin `minutes` after the start."""

    kind: Kind
    agent: str
    minutes: int
    number: int = 0


def wanted_of(each: Suggestion) -> Wanted:
    """The suggestion as it is asked for."""
    if each.kind is Kind.BREAK:
        number = next(at for at, (one, other) in enumerate(zip(each.before.breaks, each.after.breaks, strict=True)) if one != other)
        return Wanted(each.kind, each.agent, each.after.breaks[number], number)
    return Wanted(each.kind, each.agent, abs(each.saved_min))


def do(
    session: Session, wanted: Wanted, day: date, seen: ShiftTimes, policy: Policy, zone: tzinfo, now: datetime, by: str, why: str
) -> ChangedShift:  # fmt: skip
    """Check it once more by what is in force now, and write it. Raises NotFound, BadInput, ShiftMoved,
    SuggestionBreaksRules. The caller commits."""
    contract = next((one for one in contracts_on_record(session, policy, policy.names) if one.agent == wanted.agent), None)
    if contract is None:
        raise BadInput(f"Agent {wanted.agent} has no contract on record.", "Publish a roster with its contracts.")
    rules = rules_in_force(session)
    week = agent_week(session, contract, rules, day, zone)
    placed = week.placed
    if placed is None:
        raise BadInput("The pattern of this shift is no more.", "Make a new roster.")
    after = _after(placed, wanted, rules)
    broken = hard_ones(newly_broken(week, after))
    if broken or (wanted.kind is Kind.STAY and not contract.overtime):
        told = "; ".join(words(week.problem, each) for each in broken) or "no overtime is agreed"
        raise SuggestionBreaksRules(f"This breaks a rule: {told}.", "Choose another.")
    return change_shift(session, wanted.agent, day, seen, after, zone, now, by, why)


def _after(placed: Placed, wanted: Wanted, rules: RulesText) -> Placed:
    if wanted.kind is Kind.STAY:
        return longer(placed, wanted.minutes, rules.rules)
    if wanted.kind is Kind.LEAVE:
        if not 0 < wanted.minutes < placed.shift.pattern.minutes:
            raise BadInput("The shift is not so long.", "Choose fewer minutes.")
        return shorter(placed, wanted.minutes)
    pattern = placed.shift.pattern
    if not 0 <= wanted.number < len(pattern.breaks) or wanted.minutes not in pattern.breaks[wanted.number].places:
        raise BadInput("The break can't begin then.", "Choose a time that the shift pattern allows.")
    return moved(placed, wanted.number, wanted.minutes)
