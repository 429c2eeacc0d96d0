"""The planner's page of what agents ask for: time off and agreed swaps, with what each would break or leave short."""

from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.change_note import author_here
from agent_desktop.days import today_here
from agent_desktop.json_body import json_body
from agent_desktop.own_shifts import surroundings_here
from agent_desktop.planning_pages import actor_here, tabs
from agent_desktop.problems import answer, words_of
from agent_desktop.roles import needs_role
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from agent_desktop.shift_news import ShiftChange, is_about_shifts, tell_shifts, tell_swap, tell_time_off
from agent_desktop.shift_stream import shift_stream
from agent_desktop.shift_words import GivenUpLine, broken_of, given_up_lines, short_words
from agent_desktop.texts import _
from core.errors import BadInput, HaloError
from routing.agents import name_of_agent
from workforce.ask_errors import RulesBroken
from workforce.roster_records import RULES, AskState, RosterRulesPublication, RosterShift, RosterVersion, ShiftSwap, TimeOffRequest
from workforce.roster_store import published_shifts, rules_in_force
from workforce.roster_swaps import Surroundings, effect_of, grant_swap, refuse_swap
from workforce.rosters.at_once_text import with_at_once
from workforce.rosters.rules_file import read_rules
from workforce.time_off import given_up, grant_time_off, refuse_time_off

blueprint = Blueprint("roster_asks", __name__)
LONGEST_WORD = 200
_MOST_DECIDED = 40
_SWITCHES = {True: "Swaps at once", False: "Swaps wait for a planner"}  # notes of rules that the switch has published


@dataclass(frozen=True, slots=True)
class TimeOffLine:
    """Days that wait to be decided, and what would be given up for them."""

    asked: TimeOffRequest
    name: str
    shifts: list[GivenUpLine]


@dataclass(frozen=True, slots=True)
class WaitingSwap:
    """Two agents agree. `against`: why it can't be granted, a line each; `short`: whom it would leave short."""

    asked: ShiftSwap
    name: str
    other: str
    mine: RosterShift | None
    theirs: RosterShift | None
    against: list[str]
    short: list[str]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an ask. `by` is empty where the rules decided alone."""

    asked: ShiftSwap | TimeOffRequest
    name: str
    other: str
    is_time_off: bool


@blueprint.get("/planner/requests")
@needs_role(*PLANNING_ROLES)
def page() -> ResponseReturnValue:
    return render_template("planning/requests.html", tabs=tabs(), content=_content())


@blueprint.get("/planner/requests/content")
@needs_role(*PLANNING_ROLES)
def content() -> ResponseReturnValue:
    """The page's content alone, as it is now."""
    return _content()


@blueprint.get("/planner/requests/events")
@needs_role(*PLANNING_ROLES)
def stream() -> ResponseReturnValue:
    """Server-sent: that the content is another."""
    return shift_stream("requests", is_about_shifts)


@blueprint.post("/api/planner/swaps/<int:swap_id>/<any(grant, refuse):step>")
@needs_role(*PLANNING_ROLES)
def decide_swap(swap_id: int, step: str) -> ResponseReturnValue:
    """`word` is what the two agents are told beside it."""
    around, word = surroundings_here(), _word()
    with services().database.writing() as session:
        try:
            if step == "grant":
                asked = grant_swap(session, around, swap_id, actor_here(), word)
            else:
                asked = refuse_swap(session, swap_id, around.now, actor_here(), word)
        except RulesBroken as broken:
            return answer(broken.code, retryable=False, said=("; ".join(broken_of(broken)) + ".", _("Refuse it.")))
        session.commit()
    tell_swap(asked)
    return jsonify(words=_("Granted.") if step == "grant" else _("Refused."))


@blueprint.post("/api/planner/time-off/<int:request_id>/<any(grant, refuse):step>")
@needs_role(*PLANNING_ROLES)
def decide_time_off(request_id: int, step: str) -> ResponseReturnValue:
    """`word` is what the agent is told beside it."""
    around, word = surroundings_here(), _word()
    with services().database.writing() as session:
        if step == "grant":
            asked, _days = grant_time_off(session, around, request_id, actor_here(), word)
        else:
            asked = refuse_time_off(session, request_id, around.now, actor_here(), word)
        session.commit()
    tell_time_off(asked)
    return jsonify(words=_("Granted.") if step == "grant" else _("Refused."))


@blueprint.post("/api/planner/at-once/<any(on, off):to>")
@needs_role(*PLANNING_ROLES)
def switch_at_once(to: str) -> ResponseReturnValue:
    """Publish the rules in force anew, where harmless swaps are done at once, or wait for a planner; with by whom."""
    here, wanted = services(), to == "on"
    with here.database.writing() as session:
        RULES.in_force(session, lock=True)
        rules = rules_in_force(session)
        if rules.rules.swaps.at_once != wanted:
            text = with_at_once(rules.text, wanted)
            if read_rules(text, "rules").rules.swaps.at_once != wanted:
                raise BadInput("The rules' text has swaps in a way that can't be switched.", "Change it on the page of the rules.")
            RULES.put_in_force(session, text, here.clock.now(), author_here(), _SWITCHES[wanted])
            session.commit()
            tell_shifts(ShiftChange.SWAP_RULES, today_here(), (), everybody=True)
    return jsonify(
        words=_("Harmless swaps are done at once from now on.") if wanted else _("Every swap waits for you from now on.")
    )


def _content() -> str:
    around = surroundings_here()
    with services().database.reading() as session:
        time_off = session.scalars(
            select(TimeOffRequest).where(TimeOffRequest.state == AskState.ASKED).order_by(TimeOffRequest.first_day)
        )
        swaps = session.scalars(select(ShiftSwap).where(ShiftSwap.state == AskState.ACCEPTED).order_by(ShiftSwap.day, ShiftSwap.id))
        return render_template(
            "planning/requests_content.html",
            time_off=[_time_off(session, around, one) for one in time_off],
            swaps=[_swap(session, around, one) for one in swaps],
            decided=_decided(session), longest=LONGEST_WORD, at_once=rules_in_force(session).rules.swaps.at_once,
            switched=_switched(session),
        )  # fmt: skip


def _switched(session: Session) -> RosterRulesPublication | None:
    """The last time that the switch was used; None where it never was."""
    return next((one for one in RULES.history(session) if one.note in _SWITCHES.values()), None)


def _time_off(session: Session, around: Surroundings, asked: TimeOffRequest) -> TimeOffLine:
    found = given_up(session, around, asked.agent_id, asked.first_day, asked.last_day)
    return TimeOffLine(asked, name_of_agent(session, asked.agent_id), given_up_lines(found))


def _swap(session: Session, around: Surroundings, asked: ShiftSwap) -> WaitingSwap:
    against, short = list[str](), list[str]()
    version = session.get_one(RosterVersion, asked.version_id)
    try:
        effect = effect_of(session, around, version, asked, asked.other_agent_id)
        short = short_words(version.first_day, effect.short)
    except RulesBroken as broken:
        against = broken_of(broken)
    except HaloError as problem:
        against = [words_of(problem.code)]
    mine, theirs = (
        next(iter(published_shifts(session, day, 1, agent)), None) if day is not None else None
        for agent, day in ((asked.agent_id, asked.day), (asked.other_agent_id, asked.other_day))
    )  # fmt: skip
    name, other = (name_of_agent(session, agent) for agent in (asked.agent_id, asked.other_agent_id))
    return WaitingSwap(asked, name, other, mine, theirs, against, short)


def _decided(session: Session) -> list[Decided]:
    """The newest first: what planners and what the rules alone have decided."""
    done = (AskState.GRANTED, AskState.REFUSED)
    found: list[ShiftSwap | TimeOffRequest] = []
    for table in (TimeOffRequest, ShiftSwap):
        wanted = select(table).where(or_(*(table.state == state for state in done)))
        found += session.scalars(wanted.order_by(table.decided_at.desc()).limit(_MOST_DECIDED))
    dated = [(one.decided_at, one) for one in found if one.decided_at is not None]
    newest = [one for _at, one in sorted(dated, key=lambda each: each[0], reverse=True)][:_MOST_DECIDED]
    return [
        Decided(
            one, name_of_agent(session, one.agent_id), name_of_agent(session, getattr(one, "other_agent_id", "")),
            isinstance(one, TimeOffRequest),
        )
        for one in newest
    ]  # fmt: skip


def _word() -> str:
    word = " ".join(json_body().text("word", most=LONGEST_WORD, default="").split())
    if unwritable_line(word):
        raise BadInput("The word has a sign that can't be kept.", "Write it anew.")
    return word
