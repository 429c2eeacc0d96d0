"""What came of a script: drawn on its map and in tables; and the two versions of a trial beside each other."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.code_words import disposition_words
from agent_desktop.days import FURTHEST_BACK, day_asked, span_of, today_here
from agent_desktop.formats import percent, points
from agent_desktop.graph_picture import NODE_HEIGHT, NODE_WIDTH
from agent_desktop.languages import language_here
from agent_desktop.policy_words import number_words
from agent_desktop.roles import needs_role, user_here
from agent_desktop.script_list import WATCHING_ROLES
from agent_desktop.script_picture import draw_script, left_share
from agent_desktop.script_texts import check_name, number_asked, text_in_force
from agent_desktop.script_words import ACTIONS, answer_words
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from core.two_groups import Interval
from scripts.comparison import LEAST_CALLS, Comparison, Line, What
from scripts.model import Script
from scripts.script_map import script_map
from scripts.script_report import ScriptReport, reports_between
from scripts.script_trials import ScriptTrial, trials_of
from scripts.trial_report import trial_report

DAYS = (1, 7, 30)

blueprint = Blueprint("script_reports", __name__)


@dataclass(frozen=True, slots=True)
class _Chosen:
    day: date
    days: int
    version: int | None


@dataclass(frozen=True, slots=True)
class CompareLine:
    """One thing compared, in words; `verdict` is one of scripts.comparison.Verdict."""

    name: str
    usual: str
    tried: str
    gain: str
    bounds: str
    verdict: str
    needed: int | None


@blueprint.get("/scripts/report/<name>")
@needs_role(*WATCHING_ROLES)
def page(name: str) -> ResponseReturnValue:
    """What came of a script in some days: the numbers of `./halo scripts report NAME`."""
    check_name(name)
    chosen = _chosen()
    with services().database.reading() as session:
        there = text_in_force(session, name).is_there
        found = {one.version: one for one in _reports(session, chosen) if one.script == name}
        number = chosen.version if chosen.version is not None else next(iter(found), text_in_force(session, name).number)
    script = services().scripts.version(name, number)
    if script is None:
        raise NotFound(f"There is no version {number} of the script {name}.", "Choose another one.")
    report = found.get(number)
    numbers = {one.page: one for one in report.pages} if report else {}

    def address(**other: Any) -> str:
        """This page with something else chosen."""
        now: dict[str, Any] = {"name": name, "day": chosen.day.isoformat(), "days": chosen.days, "version": chosen.version}
        return url_for("script_reports.page", **(now | other))

    return render_template(
        "scripts/report.html",
        name=name, script=script, number=number, chosen=chosen, address=address, day_choices=DAYS, versions=list(found),
        report=report, picture=draw_script(script_map(script), {}, {}, numbers), numbers=numbers, answers=_labels(script),
        node_width=NODE_WIDTH, node_height=NODE_HEIGHT, language=language_here(), actions=ACTIONS, left_share=left_share,
        answer_words=answer_words,
        disposition_words=disposition_words, today=today_here(), furthest=today_here() - FURTHEST_BACK, there=there,
        gone=_no_longer_there(script, report), may_edit=user_here().role in SUPERVISING_ROLES,
    )  # fmt: skip


@blueprint.get("/scripts/trial/<name>")
@needs_role(*WATCHING_ROLES)
def trial(name: str) -> ResponseReturnValue:
    """The trials of a script, the newest first, each with both versions beside each other."""
    check_name(name)
    here = services()
    with here.database.reading() as session:
        trials = trials_of(session, name, most=5)
        found = [(one, trial_report(session, one, here.clock.now())) for one in trials]
    script = here.scripts.current().find(name)
    if script is None:
        raise NotFound(f"There is no script {name}.", "Choose one on the page of scripts.")
    shown = [(one, comparison, [_compare_line(name, one, line) for line in comparison.lines]) for one, comparison in found]
    return render_template(
        "scripts/trial.html", name=name, script=script.script, trials=shown, least=LEAST_CALLS, language=language_here(),
        may_edit=user_here().role in SUPERVISING_ROLES, spread=_spread,
    )  # fmt: skip


def _reports(session: Session, chosen: _Chosen) -> list[ScriptReport]:
    start, _end = span_of(chosen.day - timedelta(days=chosen.days - 1))
    _start, end = span_of(chosen.day)
    return reports_between(session, start, end)


def _chosen() -> _Chosen:
    days, version = (request.args.get(name, "") for name in ("days", "version"))
    if days and days not in map(str, DAYS):
        raise BadInput("There is no such period.", "Use 1, 7 or 30 days.")
    return _Chosen(day_asked(), int(days or 1), number_asked(version) if version else None)


def _labels(script: Script) -> dict[str, dict[str, str]]:
    """The answers of each page in words."""
    language = language_here()
    return {page.name: {answer.name: answer.label.in_language(language) for answer in page.answers} for page in script.pages}


def _no_longer_there(script: Script, report: ScriptReport | None) -> list[str]:
    """Pages on record that this version has not: nobody's who wrote the script, but numbers are never left out in silence."""
    return [page.page for page in report.pages if script.page(page.page) is None] if report else []


def _compare_line(name: str, one: ScriptTrial, line: Line) -> CompareLine:
    return CompareLine(
        _compared(name, one, line), _value(line.what, line.usual), _value(line.what, line.tried), _difference(line.what, line.gain),
        _bounds(line.what, line.gain), line.verdict.value, line.needed,
    )  # fmt: skip


def _compared(name: str, one: ScriptTrial, line: Line) -> str:
    match line.what:
        case What.FINISHED:
            return _("An end of the script was reached")
        case What.OFFER:
            return _("The offer was accepted")
        case What.TIME:
            return _("Mean time on the script")
        case What.OUTCOME:
            return _("Ended as: %(what)s", what=disposition_words(line.name))
    for number in (one.tried, one.usual):
        script = services().scripts.version(name, number)
        page = script.page(line.name) if script else None
        if page is not None:
            return _("Left on the page: %(what)s", what=page.title.in_language(language_here()))
    return _("Left on the page: %(what)s", what=line.name)


def _value(what: What, value: float | None) -> str:
    if value is None:
        return "–"
    return _("%(number)s s", number=number_words(value)) if what is What.TIME else percent(value)


def _difference(what: What, gain: Interval | None) -> str:
    return _signed(what, gain.value) if gain else "–"


def _bounds(what: What, gain: Interval | None) -> str:
    return _("%(low)s to %(high)s", low=_signed(what, gain.low), high=_signed(what, gain.high)) if gain else ""


def _signed(what: What, value: float) -> str:
    if what is What.TIME:
        sign = "-" if value < 0 else "+"
        return _("%(number)s s", number=f"{sign}{number_words(abs(value))}")
    return points(value)


def _spread(comparison: Comparison) -> str:
    """How the calls were shared out, in percent."""
    both = comparison.usual.calls + comparison.tried.calls
    return percent(comparison.tried.calls / both) if both else "–"
