"""Putting a roster in force, with a look at what changes for whom; and taking it back, so that the one before counts again."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import zone_here
from agent_desktop.json_body import json_body
from agent_desktop.planning_pages import actor_here
from agent_desktop.planning_words import short_day
from agent_desktop.roles import needs_role
from agent_desktop.roster_news import tell_roster
from agent_desktop.roster_page import find_made
from agent_desktop.roster_since import SinceLine, keep_what_changed, since_lines
from agent_desktop.roster_words import broken_words
from agent_desktop.services import services
from agent_desktop.shift_news import ShiftChange, tell_shifts
from agent_desktop.shift_words import times_words
from agent_desktop.texts import _
from core.errors import BadInput
from routing.agents import load_profiles
from workforce.changed_shifts import times_of
from workforce.roster_check.check import broken_rules, hard_ones
from workforce.roster_check.words import words
from workforce.roster_difference import DayChange, differences
from workforce.roster_hand import ChangeKind, note_change
from workforce.roster_held import read_roster
from workforce.roster_records import RosterShift, RosterState, RosterVersion
from workforce.roster_store import publish, published_shifts, shifts_of, withdraw

blueprint = Blueprint("roster_publishing", __name__)
_SHOWN_AGENTS = 200


@blueprint.get("/planner/rosters/<int:version_id>/publishing")
@needs_role(*PLANNING_ROLES)
def look(version_id: int) -> ResponseReturnValue:
    """What publishing would change for whom, or for one that is published what taking it back would; a piece of the page. What
    changed in force since the draft was copied is kept, but for each `give_up` in the address."""
    here = services()
    with here.database.writing() as session:  # left without a commit
        version = find_made(session, version_id)
        names = {agent: profile.name for agent, profile in load_profiles(session).items()}
        before, hard, since = published_shifts(session, version.first_day, version.days), list[str](), list[SinceLine]()
        takes_back = version.state == RosterState.PUBLISHED
        if takes_back:
            withdraw(session, version_id, here.clock.now())
            after = published_shifts(session, version.first_day, version.days)
        else:
            given_up = request.args.getlist("give_up")
            since = since_lines(keep_what_changed(session, version, given_up), names, given_up)
            after = shifts_of(session, version_id)
            held = read_roster(session, version, here.policy(), zone_here())
            hard = [broken_words(held.problem, each) for each in hard_ones(broken_rules(held.problem, held.roster))]
        changes = differences(before, after)
    return render_template(
        "rosters/publishing.html",
        people=_by_agent(changes, names)[:_SHOWN_AGENTS], count=len({each.agent for each in changes}), shown=_SHOWN_AGENTS,
        hard=hard, takes_back=takes_back, since=since, nothing_before=not before, shift_words=shift_words, short_day=short_day,
    )  # fmt: skip


@blueprint.post("/api/planner/rosters/<int:version_id>/publish")
@needs_role(*PLANNING_ROLES)
def put_in_force(version_id: int) -> ResponseReturnValue:
    """Put it in force for its days. What changed in force since it was copied is so in it, too, but for each day named in
    `give_up`. Refused where it breaks hard rules, unless that is wanted (`anyway`). What is given up or broken is on record."""
    here, body = services(), json_body()
    anyway, given_up = body.yes_or_no("anyway", False), body.fields.get("give_up", [])
    if not isinstance(given_up, list):
        raise BadInput("The field give_up is no list.", "Load the page again.")
    with here.database.writing() as session:
        version = find_made(session, version_id, lock=True)
        if version.state == RosterState.DRAFT:
            keep_what_changed(session, version, [str(each) for each in given_up])
        held = read_roster(session, version, here.policy(), zone_here())
        hard = hard_ones(broken_rules(held.problem, held.roster))
        if hard and not anyway:
            error = {
                "code": "roster_breaks_rules", "message": _("It breaks rules that must not be broken."),
                "next_step": _("Mend it, or publish it all the same."), "retryable": False,
            }  # fmt: skip
            return jsonify(error=error, hard=[broken_words(held.problem, each) for each in hard]), 409
        before = published_shifts(session, version.first_day, version.days)
        publish(session, version_id, here.clock.now(), actor_here())
        agents = _concerned(session, version, before)
        told = [words(held.problem, each) for each in hard]
        note_change(session, version, ChangeKind.PUBLISHED, here.clock.now(), actor_here(), told)
        session.commit()
    tell_shifts(ShiftChange.PUBLISHED, version.first_day, agents)
    tell_roster(version_id, ChangeKind.PUBLISHED)
    return jsonify(published=version_id)


@blueprint.post("/api/planner/rosters/<int:version_id>/withdraw")
@needs_role(*PLANNING_ROLES)
def take_back(version_id: int) -> ResponseReturnValue:
    """It is a draft again, and of each of its days the roster published before counts."""
    here = services()
    with here.database.writing() as session:
        version = find_made(session, version_id, lock=True)
        before = published_shifts(session, version.first_day, version.days)
        withdraw(session, version_id, here.clock.now())
        agents = _concerned(session, version, before)
        note_change(session, version, ChangeKind.WITHDRAWN, here.clock.now(), actor_here())
        session.commit()
    tell_shifts(ShiftChange.PUBLISHED, version.first_day, agents)
    tell_roster(version_id, ChangeKind.WITHDRAWN)
    return jsonify(withdrawn=version_id)


def shift_words(row: RosterShift | None) -> str:
    """08:00–17:00 Early shift, or that it is a day off."""
    return times_words(times_of(row))


def _concerned(session: Session, version: RosterVersion, before: Sequence[RosterShift]) -> set[str]:
    """Whose shifts are others now than these."""
    after = published_shifts(session, version.first_day, version.days)
    return {each.agent for each in differences(before, after)}


def _by_agent(changes: Sequence[DayChange], names: dict[str, str]) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for each in changes:
        found.setdefault(each.agent, []).append(each)
    return sorted(((names.get(agent, agent), several) for agent, several in found.items()), key=lambda one: one[0])
