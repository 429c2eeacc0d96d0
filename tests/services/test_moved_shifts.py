"""Swaps and time off leave what was before: of each minute that plan counts which was in force then."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import NotFound
from routing.policy_file import shipped_policy
from tests.services.desk_house import NOON
from tests.services.roster_house import ZONE, add_agents, publish_roster
from workforce.changed_shifts import ChangedBy, ChangedShift, changes_of, undo_change
from workforce.roster_in_force import planned_in_force
from workforce.roster_swaps import Surroundings, accept_swap, ask_swap, grant_swap, offer_shift, take_offer
from workforce.time_off import ask_time_off, grant_time_off

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)
HERE = Surroundings(shipped_policy().policy, ZONE, NOON)


def spans(session: Session, agent: str, day: date) -> list[tuple[str, str]]:
    """When the roster had them at work, as it was in force."""
    planned = planned_in_force(session, day, 1, ZONE).get(agent, {}).get(day, ())
    ends = [(each.start.astimezone(ZONE), each.end.astimezone(ZONE)) for each in planned]
    return [(f"{ends[0][0]:%H:%M}", f"{ends[-1][1]:%H:%M}")] if ends else []


def told(changes: list[ChangedShift]) -> list[tuple[str, date, str, str]]:
    def hours(times: dict[str, str]) -> str:
        return f"{datetime.fromisoformat(times['starts_at']).astimezone(ZONE):%H:%M} {times['pattern']}" if times else ""

    return sorted((each.agent_id, each.day, hours(each.before), hours(each.after)) for each in changes)


def test_a_swap_keeps_both_days_of_both_and_each_minute_its_plan(database: Database) -> None:
    add_agents(database, _1001="billing", _1002="billing")
    publish_roster(database, MONDAY, NOON - timedelta(days=2), _1001="L--", _1002="--D")
    wednesday = MONDAY + timedelta(days=2)
    with database.writing() as session:
        one = ask_swap(session, HERE, ("1001", MONDAY), ("1002", wednesday)).id
        accept_swap(session, HERE, one, "1002")
        grant_swap(session, HERE, one, "wayan")
        session.commit()
    with database.writing() as session:
        changes = changes_of(session, MONDAY, wednesday)
        assert told(changes) == [
            ("1001", MONDAY, "14:00 late", ""), ("1001", wednesday, "", "08:30 day"),
            ("1002", MONDAY, "", "14:00 late"), ("1002", wednesday, "08:30 day", ""),
        ]  # fmt: skip
        assert {(each.kind, each.by) for each in changes} == {(ChangedBy.SWAP, "wayan")}
        assert (spans(session, "1001", MONDAY), spans(session, "1002", MONDAY)) == ([], [("14:00", "23:00")])
        for change in session.scalars(select(ChangedShift).where(ChangedShift.day == MONDAY)):
            change.at = datetime(2026, 3, 2, 16, 0, tzinfo=ZONE)  # had it been granted in the middle of the shift
        session.flush()
        assert (spans(session, "1001", MONDAY), spans(session, "1002", MONDAY)) == ([("14:00", "16:00")], [("16:00", "23:00")])


def test_a_shift_given_away_or_given_up_stays_on_record_and_is_not_undone_as_hours_are(database: Database) -> None:
    add_agents(database, _1001="billing", _1002="billing")
    publish_roster(database, MONDAY, NOON - timedelta(days=2), _1001="-E-", _1002="--E")
    with database.writing() as session:
        one = offer_shift(session, HERE, "1001", TUESDAY).id
        take_offer(session, HERE, one, "1002")
        grant_swap(session, HERE, one, "wayan")
        asked = ask_time_off(session, HERE, "1002", TUESDAY, TUESDAY, "")
        _asked, given = grant_time_off(session, HERE, asked.id, "sari")
        assert given == [TUESDAY]
        session.commit()
    with database.writing() as session:
        changes = changes_of(session, TUESDAY, TUESDAY)
        assert [(each.agent_id, each.kind, each.by) for each in changes[-1:]] == [("1002", ChangedBy.TIME_OFF, "sari")]
        assert told(changes) == [
            ("1001", TUESDAY, "06:00 early", ""), ("1002", TUESDAY, "", "06:00 early"), ("1002", TUESDAY, "06:00 early", ""),
        ]  # fmt: skip
        assert spans(session, "1002", TUESDAY) == []
        with pytest.raises(NotFound):
            undo_change(session, changes[-1].id, NOON, "wayan")
