"""What changed in force since a draft was copied: seen on its page, kept by default, given up only where a planner says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import today_here, zone_here
from agent_desktop.planning_pages import actor_here
from agent_desktop.planning_words import short_day
from agent_desktop.roles import needs_role
from agent_desktop.roster_news import tell_roster
from agent_desktop.roster_page import find_made
from agent_desktop.services import services
from agent_desktop.shift_words import times_words
from agent_desktop.texts import _
from core.errors import BadInput
from workforce.roster_hand import ChangeKind
from workforce.roster_held import read_roster
from workforce.roster_records import RosterState, RosterVersion
from workforce.roster_since import ChangedSince, How, bring_up_to_date, changed_since
from workforce.roster_store import published_shifts

blueprint = Blueprint("roster_since", __name__)


@dataclass(frozen=True, slots=True)
class SinceLine:
    """One of them in words. `given_up`: it is to be as in the draft."""

    key: str
    name: str
    day: str
    how: str
    was: str
    now: str
    draft: str
    given_up: bool


@blueprint.post("/api/planner/rosters/<int:version_id>/update")
@needs_role(*PLANNING_ROLES)
def update(version_id: int) -> ResponseReturnValue:
    """Bring the draft up to date: all that changed in force since it was copied is so in it, too."""
    with services().database.writing() as session:
        version = find_made(session, version_id, lock=True)
        if version.state != RosterState.DRAFT:
            raise BadInput(f"Roster {version_id} is {version.state}.", "Only a draft is brought up to date.")
        found = keep_what_changed(session, version, ())
        session.commit()
    tell_roster(version_id, ChangeKind.UPDATED, len(found))
    return jsonify(updated=len(found))


def keep_what_changed(session: Session, version: RosterVersion, given_up: Collection[str]) -> list[ChangedSince]:
    """Bring the draft up to date but for those days whose keys are given up, as they were seen; returns what had changed. The
    version is locked. What agents and planners change meanwhile waits. The caller commits."""
    here = services()
    for other in sorted({row.version_id for row in published_shifts(session, version.first_day, version.days)}):
        session.get(RosterVersion, other, with_for_update=True, populate_existing=True)
    found = changed_since(session, version)
    if found:
        lost = [each for each in found if key_of(each) in given_up and each.day >= today_here()]
        kept = [each for each in found if each not in lost]
        held = read_roster(session, version, here.policy(), zone_here())
        bring_up_to_date(session, version, held, kept, lost, zone_here(), here.clock.now(), actor_here())
    return found


def since_lines(found: Sequence[ChangedSince], names: Mapping[str, str], given_up: Collection[str]) -> list[SinceLine]:
    """Those of today and later: what was before today is kept in any case."""
    how_words = {
        How.HOURS: _("hours changed"), How.SWAP: _("swapped"), How.TIME_OFF: _("time off granted"),
        How.PUBLISHED: _("another roster published"),
    }  # fmt: skip
    return [
        SinceLine(
            key_of(each), names.get(each.agent, each.agent), short_day(each.day),
            f"{how_words[each.how]}{f', {each.by}' if each.by else ''}", times_words(each.copied), times_words(each.now),
            times_words(each.draft), key_of(each) in given_up,
        )
        for each in found if each.day >= today_here()
    ]  # fmt: skip


def key_of(each: ChangedSince) -> str:
    """Names the agent's day and what is in force of it."""
    return f"{each.agent}|{each.day.isoformat()}|{each.mark}"
