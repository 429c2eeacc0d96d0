"""A draft that was copied before a swap, time off or another planner's roster, and is published after it, takes none of it back."""

from datetime import date, timedelta

import pytest

from agent_desktop.roster_since import key_of
from routing.policy_file import shipped_policy
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.services.roster_house import ZONE, add_agents, letters_of, publish_roster
from workforce.changed_shifts import change_shift, shift_in_force, times_of
from workforce.roster_hand import changes_of
from workforce.roster_since import changed_since
from workforce.roster_store import find_version, published_shifts
from workforce.roster_swaps import Surroundings, grant_swap, offer_shift, take_offer
from workforce.rosters.rules_file import shipped_rules
from workforce.rosters.shift_pattern import Shift, placed_first
from workforce.time_off import ask_time_off, grant_time_off

MONDAY = date(2026, 3, 2)  # it is noon
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))


@pytest.fixture
def planner(desk: DeskHouse) -> Browser:
    add_agents(desk.database, _1003="billing")
    browser = desk.browser("plan")
    browser.get("/planner/rosters")
    return browser


def copied(planner: Browser, version: int) -> int:
    return int(planner.post(f"/api/planner/rosters/{version}/copy").get_json()["roster"])


def swap_and_time_off(desk: DeskHouse) -> None:
    """1001 gives Tuesday to 1003, and has Wednesday off."""
    here = Surroundings(shipped_policy().policy, ZONE, desk.clock.now())
    with desk.database.writing() as session:
        one = offer_shift(session, here, "1001", TUESDAY).id
        take_offer(session, here, one, "1003")
        grant_swap(session, here, one, "sari")
        grant_time_off(session, here, ask_time_off(session, here, "1001", WEDNESDAY, WEDNESDAY, "").id, "sari")
        session.commit()


def letters(desk: DeskHouse, agent: str) -> str:
    with desk.database.reading() as session:
        version = {row.version_id for row in published_shifts(session, MONDAY, 7)}
        assert len(version) == 1
        return letters_of(session, version.pop(), agent, MONDAY, 4)


def test_what_came_into_force_meanwhile_is_shown_and_kept(desk: DeskHouse, planner: Browser) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1002="-DDD", _1003="----")
    draft = copied(planner, one)
    desk.clock.advance(60)
    assert "give_up" not in planner.get(f"/planner/rosters/{draft}/publishing").text
    swap_and_time_off(desk)
    assert "3 shifts in force are others" in planner.get(f"/planner/rosters/{draft}").text
    look = planner.get(f"/planner/rosters/{draft}/publishing").text
    assert look.count('name="give_up"') == 3
    assert '06:00–15:00 Early shift → <b>day off</b> <span class="quiet">swapped, sari' in look
    assert "time off granted, sari" in look
    assert "Nothing changes for anybody" in look, "what is kept changes nothing"
    planner.post(f"/api/planner/rosters/{draft}/publish")
    assert (letters(desk, "1001"), letters(desk, "1003")) == ("---D", "-E--")
    with desk.database.reading() as session:
        kinds = [(change.kind, len(change.cells)) for change in changes_of(session, draft)]
    assert kinds == [("published", 0), ("updated", 3)]


def test_only_what_a_planner_has_seen_and_ticked_is_taken_back(desk: DeskHouse, planner: Browser) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1002="-DDD", _1003="----")
    draft = copied(planner, one)
    desk.clock.advance(60)
    swap_and_time_off(desk)
    with desk.database.reading() as session:
        keys = {(each.agent, each.day): key_of(each) for each in changed_since(session, find_version(session, draft))}
    ticked = [keys["1001", TUESDAY], keys["1003", TUESDAY], keys["1001", WEDNESDAY][:-3] + "000"]
    look = planner.get(f"/planner/rosters/{draft}/publishing", query_string={"give_up": ticked[:2]}).text
    assert look.count(" checked") == 2
    assert "This changes for 2 people" in look
    planner.post(f"/api/planner/rosters/{draft}/publish", give_up=ticked)
    assert (letters(desk, "1001"), letters(desk, "1003")) == ("-E-D", "----"), "what was not seen as it is now is kept"
    with desk.database.reading() as session:
        assert [change.kind for change in changes_of(session, draft)] == ["published", "took_back", "updated"]


def test_two_planners_do_not_undo_each_other(desk: DeskHouse, planner: Browser) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1002="-DDD", _1003="----")
    other = desk.browser("sari")
    other.get("/planner/rosters")
    mine, theirs = copied(planner, one), copied(other, one)
    desk.clock.advance(60)
    change = {"agent": "1003", "day": 1, "was": None, "to": ["early", 360]}
    assert other.post(f"/api/planner/rosters/{theirs}/change", cells=[change]).status_code == 200
    assert other.post(f"/api/planner/rosters/{theirs}/publish").status_code == 200
    desk.clock.advance(60)
    own = {"agent": "1002", "day": 3, "was": ["day", 510], "to": None}
    assert planner.post(f"/api/planner/rosters/{mine}/change", cells=[own]).status_code == 200
    look = planner.get(f"/planner/rosters/{mine}/publishing").text
    assert "another roster published, Sari" in look
    assert planner.post(f"/api/planner/rosters/{mine}/publish").status_code == 200
    assert (letters(desk, "1003"), letters(desk, "1002")) == ("-E--", "-DD-"), "both changes are in force"


def test_hours_changed_in_force_are_brought_into_the_draft_at_a_click(desk: DeskHouse, planner: Browser) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1002="-DDD", _1003="----")
    draft = copied(planner, one)
    desk.clock.advance(60)
    late = next(pattern for pattern in shipped_rules().patterns if pattern.name == "early")
    with desk.database.writing() as session:
        row = shift_in_force(session, "1001", THURSDAY)
        other = placed_first(Shift(late, 420))
        change_shift(session, "1001", THURSDAY, times_of(row), other, ZONE, desk.clock.now(), "wayan", "shorter 60")
        session.commit()
    assert planner.post(f"/api/planner/rosters/{draft}/update").get_json() == {"updated": 1}
    assert planner.post(f"/api/planner/rosters/{draft}/update").get_json() == {"updated": 0}
    with desk.database.reading() as session:
        assert changed_since(session, find_version(session, draft)) == []


def test_a_roster_made_anew_has_nothing_to_keep(desk: DeskHouse, planner: Browser) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1003="----")
    with desk.database.reading() as session:
        assert changed_since(session, find_version(session, one)) == []
    planner.post(f"/api/planner/rosters/{one}/withdraw")
    with desk.database.reading() as session:
        version = find_version(session, one)
        assert version.as_of is not None, "taken back it is a draft of what counts now"
        assert changed_since(session, version) == []
