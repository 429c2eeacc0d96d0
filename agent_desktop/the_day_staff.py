"""What the rest of the day needs: required against rostered against present, and suggestions; for the day's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.day_rows import people
from agent_desktop.day_staff import draw_lines, staff_lines
from agent_desktop.days import zone_here
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import sources_here
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.the_day import CHANGING_ROLES, Chosen, chosen_here, past_day
from workforce.adherence import Kept
from workforce.day_adherence import AgentDay
from workforce.day_changes import Checked, wanted_of
from workforce.day_now import StaffedDay, suggested
from workforce.day_suggestions import Kind
from workforce.rosters.calendar_file import moment_of
from workforce.rosters.shift_pattern import REST, Placed

blueprint = Blueprint("the_day_staff", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion with what its words need. `until`: when the shift ends then; `at`: when the break begins then, and began before;
    `rest`: of a longer shift, the rest before overtime."""

    checked: Checked
    name: str
    until: datetime
    ended: datetime
    at: tuple[datetime, datetime] | None
    rest: tuple[datetime, datetime] | None

    @property
    def kind(self) -> Kind:
        return self.checked.suggestion.kind

    @property
    def wanted(self) -> dict[str, object]:
        """What the page sends to have it done."""
        wanted = wanted_of(self.checked.suggestion)
        return {
            "kind": wanted.kind.value, "agent": wanted.agent, "minutes": wanted.minutes, "number": wanted.number,
            "seen": self.checked.seen,
        }  # fmt: skip


@blueprint.get("/the-day/staff")
@needs_role(*PLANNING_ROLES)
def staff() -> ResponseReturnValue:
    """The picture, its table, and suggestions for the rest of the day."""
    asked = chosen_here()
    found = staffed_here(asked)
    if not found.outlooks or (asked.queue and asked.queue not in found.outlooks):
        return render_template("the_day/no_staff.html", asked=asked)
    lines = staff_lines(found.now_of(sources_here()), _days(asked), asked.queue)
    return render_template(
        "the_day/staff.html", asked=asked, lines=lines, picture=draw_lines(lines) if lines else None, zone=zone_here(),
        suggestions=_suggestions(asked, found) if asked.live else [], may_change=user_here().role in CHANGING_ROLES,
    )  # fmt: skip


def staffed_here(asked: Chosen) -> StaffedDay:
    """The day's queues and people, as of half a minute ago at most."""
    number = services().today.look().plan_number if asked.live else 0
    return services().staffed_days.newest(sources_here(), asked.day, number)


def _days(asked: Chosen) -> Sequence[AgentDay]:
    return services().today.look().days if asked.live else past_day(asked.day, services().clock.now())[1]


def _suggestions(asked: Chosen, found: StaffedDay) -> list[Shown]:
    """Of those agents alone whom the reader may see, and who have come."""
    here = services()
    absent = {day.agent_id for day in here.today.look().days if day.held.kept_now is Kept.ABSENT}
    with here.database.reading() as session:
        known = people(session, here.policy())
        made = suggested(session, sources_here(), found, language_here())
    seen = [
        each for each in made
        if (agent := known.get(each.suggestion.agent)) and each.suggestion.agent not in absent
        and (not asked.seen or agent.team in asked.seen)
    ]  # fmt: skip
    return [_shown(asked, each, known[each.suggestion.agent].name) for each in seen]


def _shown(asked: Chosen, each: Checked, name: str) -> Shown:
    def moment(minute: int) -> datetime:
        return moment_of(asked.day, 0, minute, zone_here())

    before, after = each.suggestion.before, each.suggestion.after
    at = None
    if each.suggestion.kind is Kind.BREAK:
        number = wanted_of(each.suggestion).number
        at = (moment(after.rests()[number][0]), moment(before.rests()[number][0]))
    rest = _rest_of(after)
    return Shown(
        each, name, moment(after.shift.end), moment(before.shift.end), at,
        (moment(rest[0]), moment(rest[1])) if rest and _rest_of(before) is None else None,
    )  # fmt: skip


def _rest_of(placed: Placed) -> tuple[int, int] | None:
    return next(
        (span for each, span in zip(placed.shift.pattern.breaks, placed.rests(), strict=True) if each.name == REST), None
    )  # fmt: skip
