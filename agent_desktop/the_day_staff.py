"""What the rest of the day needs: required against rostered against present, suggestions, and what if; for the day's page."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.day_rows import people
from agent_desktop.day_staff import draw_lines, staff_lines
from agent_desktop.days import zone_here
from agent_desktop.interval_picture import HEIGHT, WIDTH
from agent_desktop.languages import language_here
from agent_desktop.open_streams import TooMany
from agent_desktop.planning_pages import sources_here, wrong_fields
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.the_day import CHANGING_ROLES, Chosen, chosen_here, past_day
from core.errors import BadInput
from workforce.adherence import Kept
from workforce.day_adherence import AgentDay
from workforce.day_changes import Checked, wanted_of
from workforce.day_now import StaffedDay, suggested, what_if_rest
from workforce.day_suggestions import Kind
from workforce.day_what_if import OtherDay, RestOfDay
from workforce.rosters.calendar_file import moment_of
from workforce.rosters.shift_pattern import REST, Placed

_PLAY_WAIT_S = 10
_PLAYING = threading.Lock()
blueprint = Blueprint("the_day_staff", __name__)
_MOST_PERCENT = 100


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


@blueprint.get("/the-day/what-if")
@needs_role(*PLANNING_ROLES)
def what_if() -> ResponseReturnValue:
    """`at`, `volume` and `aht` (percent more or less), and `ill.QUEUE`: the rest of the day beside the plan."""
    asked = chosen_here()
    found = staffed_here(asked)
    try:
        other = OtherDay(_moment(found), _ill(found), *(1 + _percent(name) / 100 for name in ("volume", "aht")))
        played = _play(found, other)
    except BadInput as problem:
        return wrong_fields({"at": _what_if_words(problem)})
    queues = [asked.queue] if asked.queue in played.measures else list(played.measures)
    return render_template(
        "the_day/what_if.html", other=other, played=played, queues=queues, zone=zone_here(), language=language_here(),
        lines={queue: _level_lines(played, queue) for queue in queues}, known=services().policy(),
    )  # fmt: skip


def _play(found: StaffedDay, other: OtherDay) -> RestOfDay:
    """One at a time: it takes seconds of the process that all desks are pushed by. Raises TooMany after a while."""
    if not _PLAYING.acquire(timeout=_PLAY_WAIT_S):
        raise TooMany("Other days are being played.", "Try again in a moment.")
    try:
        return what_if_rest(found, other)
    finally:
        _PLAYING.release()


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


def _moment(found: StaffedDay) -> datetime:
    text = request.args.get("at", "")
    earliest = max(found.now, found.plan.start)
    if not text:
        return earliest
    try:
        return max(earliest, datetime.combine(found.day, time.fromisoformat(text), zone_here()))
    except ValueError:
        raise BadInput("That is no time of the day.", "Write it like 13:00.") from None


def _ill(found: StaffedDay) -> Mapping[str, int]:
    counts = {queue: request.args.get(f"ill.{queue}", "0") for queue in found.outlooks}
    if not all(text.isdecimal() and len(text) < 5 for text in counts.values()):
        raise BadInput("That is no number of agents.", "Use whole numbers.")
    return {queue: int(text) for queue, text in counts.items() if int(text)}


def _percent(name: str) -> float:
    text = request.args.get(name, "0").replace(",", ".").lstrip("+")
    try:
        value = float(text)
    except ValueError:
        raise BadInput("That is no number.", "Write it like 20 or -10.") from None
    if not -90 <= value <= _MOST_PERCENT:
        raise BadInput("That is more than can be played.", "Use -90 to 100.")
    return value


def _what_if_words(problem: BadInput) -> str:
    known = {
        "No forecast has this day.": _("No forecast has this day. Compute one first."),
        "Nothing is left of the day then.": _("Nothing is left of the day then. Choose an earlier time."),
        "Nobody is expected for the rest of the day.": _("Nobody is expected for the rest of the day. Choose an earlier time."),
        "That is no time of the day.": _("That is no time of the day. Write it like 13:00."),
        "That is no number.": _("That is no number. Write it like 20 or -10."),
    }
    return known.get(problem.message, _("So many agents are not there any more at that time. Choose fewer."))


def _level_lines(played: RestOfDay, queue: str) -> tuple[str, str]:
    """Service levels of the hours as points of two lines, 0 to 100 %; hours without callers are passed over."""
    was, then = played.levels[queue]
    slot = WIDTH / max(1, len(was))
    found = [
        " ".join(
            f"{round((at + 0.5) * slot, 1)},{round(HEIGHT * (1 - level), 1)}" for at, level in enumerate(side) if level is not None
        )
        for side in (was, then)
    ]
    return found[0], found[1]
