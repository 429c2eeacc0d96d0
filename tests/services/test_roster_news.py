"""What one planner does to a roster reaches the page that another has open."""

from datetime import date, timedelta

from core.events import EventKind
from routing.policy_file import shipped_policy
from tests.services.desk_house import NOON, DeskHouse, messages
from tests.services.roster_house import ZONE, add_agents, publish_roster
from workforce.roster_records import RULES
from workforce.roster_store import rules_in_force
from workforce.roster_swaps import Surroundings
from workforce.time_off import ask_time_off

MONDAY = date(2026, 3, 2)


def test_cells_publishing_and_requests_of_others_are_pushed(desk: DeskHouse) -> None:
    add_agents(desk.database, _1003="billing")
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED", _1003="----")
    here, other = desk.browser("plan"), desk.browser("sari")
    for browser in (here, other):
        browser.get("/planner/rosters")
    draft = here.post(f"/api/planner/rosters/{one}/copy").get_json()["roster"]
    desk.clock.advance(60)
    page = here.get(f"/api/planner/rosters/{draft}/grid").get_json()
    told = messages(here.client.get(f"/events/rosters/{draft}", buffered=False))
    assert next(told).name == "shifts"
    path = f"/api/planner/rosters/{draft}/news?shown=draft"
    before = here.get(path).get_json()
    assert before["stamp"] == page["stamp"]
    cell = {"agent": "1003", "day": 1, "was": None, "to": ["early", 360]}
    assert other.post(f"/api/planner/rosters/{draft}/change", cells=[cell]).status_code == 200
    assert next(told).name == "shifts"
    after = here.get(path).get_json()
    assert after["stamp"] != before["stamp"]
    assert (after["by"].startswith("Sari"), after["own"], other.get(path).get_json()["own"]) == (True, False, True)
    assert "1 cells changed by hand" in after["history"]
    other.post(f"/api/planner/rosters/{draft}/publish")
    assert next(told).name == "shifts"
    assert "published this roster" in here.get(path).get_json()["html"]
    with desk.database.writing() as session:
        around = Surroundings(shipped_policy().policy, ZONE, desk.clock.now())
        ask_time_off(session, around, "1001", MONDAY + timedelta(days=3), MONDAY + timedelta(days=3), "")
        session.commit()
    assert "1 request for these days waits" in here.get(path).get_json()["html"]
    kinds = [(event.data["change"], event.data["cells"]) for event in desk.events(EventKind.ROSTER_CHANGED)]
    assert kinds == [("changed", 1), ("published", 0)]


def test_one_that_was_thrown_away_is_told_and_agents_hear_nothing(desk: DeskHouse) -> None:
    one = publish_roster(desk.database, MONDAY, NOON - timedelta(days=2), _1001="-EED")
    here = desk.browser("plan")
    here.get("/planner/rosters")
    draft = here.post(f"/api/planner/rosters/{one}/copy").get_json()["roster"]
    here.post(f"/api/planner/rosters/{draft}/drop")
    assert here.get(f"/api/planner/rosters/{draft}/news").status_code == 404
    assert [event.data["change"] for event in desk.events(EventKind.ROSTER_CHANGED)] == ["dropped"]
    agent = desk.browser("dewi")
    assert agent.get(f"/events/rosters/{one}").status_code == 403
    assert agent.get(f"/api/planner/rosters/{one}/news").status_code == 403


def test_swaps_at_once_are_switched_on_the_page_with_a_name_and_every_page_hears(desk: DeskHouse) -> None:
    here = desk.browser("plan")
    assert 'aria-checked="false"' in here.get("/planner/requests").text
    assert here.post("/api/planner/at-once/on").status_code == 200
    assert here.post("/api/planner/at-once/on").status_code == 200
    with desk.database.reading() as session:
        assert rules_in_force(session).rules.swaps.at_once
        published = [(one.note, one.by.endswith("(plan)")) for one in RULES.history(session)]
    assert published == [("Swaps at once", True)], "twice on is once"
    page = here.get("/planner/requests").text
    assert 'aria-checked="true"' in page
    assert "switched" in page
    assert [event.data["everybody"] for event in desk.events(EventKind.SHIFTS_CHANGED)] == [True]
    assert here.post("/api/planner/at-once/off").status_code == 200
    with desk.database.reading() as session:
        assert not rules_in_force(session).rules.swaps.at_once
    agent = desk.browser("dewi")
    agent.get("/my-shifts")
    assert agent.post("/api/planner/at-once/on").status_code == 403
