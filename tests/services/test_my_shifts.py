"""The pages of shifts: what an agent sees and may do, what planners decide, what is pushed, and the calendar's private address."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from agent_desktop.calendar_throttle import WRONG_PER_ADDRESS
from core.events import EventKind
from tests.services.desk_house import NOON, Browser, DeskHouse, messages
from tests.services.roster_house import add_agents, at_once, letters_of, publish_roster

MONDAY = date(2026, 3, 2)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


@pytest.fixture
def version(desk: DeskHouse) -> int:
    """Dewi works early today (12:00 now) and tomorrow, Rizky on Wednesday; two more are off."""
    add_agents(desk.database, _1003="billing", _1004="technical")
    return publish_roster(desk.database, MONDAY, NOON, need=1, _1001="EE", _1002="--L", _1003="---", _1004="---")


def both(desk: DeskHouse) -> tuple[Browser, Browser]:
    found = desk.browser("dewi"), desk.browser("rizky")
    for one in found:
        one.get("/my-shifts")
    return found


def letters(desk: DeskHouse, version: int, agent: str) -> str:
    with desk.database.reading() as session:
        return letters_of(session, version, agent, MONDAY, 4)


def code(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]  # type: ignore[attr-defined]


def test_my_day_has_the_shift_as_a_row_and_says_what_is_next(desk: DeskHouse, version: int) -> None:
    browser = desk.browser("dewi")
    page = browser.get("/my-day").text
    assert "06:00–15:00" in page
    assert "On the queue until 15:00" in page
    assert "Shift ends at 15:00" in page
    assert "(in 180 minutes)" in page
    assert re.findall(r'<rect class="state--(\w+)"', page) == ["ready", "not_ready", "ready"]
    desk.clock.advance(22.5 * 3600)
    assert "Lunch until 11:00" in browser.get("/my-day/content").text
    assert "No shift is published" in desk.browser("rizky").get("/my-day").text


def test_a_day_off_is_libur_in_indonesian_and_not_a_switch_that_is_off(desk: DeskHouse, version: int) -> None:
    dewi, _rizky = both(desk)
    dewi.client.post("/language", data={"csrf_token": dewi.token, "language": "id", "page": "my_shifts.page"})
    page = dewi.get("/my-shifts/content").text
    assert page.count(">libur<") == 12, "of the 14 days of the published roster two are worked; the last ones count as well"
    assert page.count('title="Belum terbit"') == 14
    assert "nonaktif" not in page


def test_an_offer_is_taken_at_once_the_other_is_told_and_all_desks_hear(desk: DeskHouse, version: int) -> None:
    at_once(desk.database, NOON)
    dewi, rizky = both(desk)
    assert "2 colleagues" in dewi.get(f"/api/shifts/day?day={TUESDAY}").text, "1004 can't serve billing"
    assert dewi.post("/api/shifts/offer", day=TUESDAY.isoformat()).get_json()["words"] == "Offered to 2 colleagues."
    told = desk.events(EventKind.SHIFTS_CHANGED)[-1]
    assert (told.agent_id, told.data["agents"]) == ("1001", ["1001", "1002", "1003"])
    number = told.data["ask"]
    page = rizky.get("/my-shifts/content").text
    assert f'data-offer="{number}"' in page
    assert "done at once" in page
    rizky.get("/desk")
    stream = messages(desk.browser("dewi").get(f"/events?after={told.position}&page=9"))
    assert rizky.post(f"/api/shifts/asks/{number}/take").status_code == 200
    assert (letters(desk, version, "1001"), letters(desk, version, "1002")) == ("E---", "-EL-")
    first = next(stream)
    assert first.name == "shift"
    news = first.body["news"] or next(stream).body["news"]
    assert news == ["Done: Rizky Pratama has your shift on Tue 3 Mar."]
    assert code(rizky.post(f"/api/shifts/asks/{number}/take")) == (409, "ask_moved")
    assert "Taken by Rizky Pratama" in dewi.get("/my-shifts/content").text


def test_a_swap_is_accepted_first_and_then_decided_by_a_planner_with_a_word(desk: DeskHouse, version: int) -> None:
    dewi, rizky = both(desk)
    asked = {"day": TUESDAY.isoformat(), "agent": "1002", "instead": WEDNESDAY.isoformat()}
    assert "Rizky Pratama" in dewi.get(f"/api/shifts/swaps?day={TUESDAY}&instead={WEDNESDAY}").text
    assert dewi.post("/api/shifts/swap", **asked).status_code == 200
    assert code(dewi.post("/api/shifts/swap", **asked)) == (409, "asked_already")
    number = desk.events(EventKind.SHIFTS_CHANGED)[-1].data["ask"]
    assert code(dewi.post(f"/api/shifts/asks/{number}/accept")) == (403, "shift_not_theirs")
    assert desk.events(EventKind.ACCESS_REFUSED)[-1].data["endpoint"] == "shift_asks.agree"
    assert "would like to swap" in rizky.get("/my-shifts/content").text
    assert rizky.post(f"/api/shifts/asks/{number}/accept").get_json()["words"].startswith("Agreed.")
    assert letters(desk, version, "1001") == "EE--"
    planner = desk.browser("plan")
    page = planner.get("/planner/requests").text
    assert f'data-ask="{number}"' in page
    assert "breaks no rule and leaves nobody short" in page
    assert planner.post(f"/api/planner/swaps/{number}/grant", word="thanks, both").status_code == 200
    assert (letters(desk, version, "1001"), letters(desk, version, "1002")) == ("E-L-", "-E--")
    assert code(planner.post(f"/api/planner/swaps/{number}/refuse", word="")) == (409, "ask_moved")
    assert "thanks, both" in dewi.get("/my-shifts/content").text
    page = planner.get("/planner/requests/content").text
    assert "Plan (plan)" in page, "who decided is on record"


def test_time_off_is_looked_at_asked_for_decided_and_reasons_stay_with_planners(desk: DeskHouse, version: int) -> None:
    dewi, rizky = both(desk)
    looked = dewi.get(f"/api/time-off/check?first={TUESDAY}&last={WEDNESDAY}").text
    assert "1 published shift would have to be given up" in looked
    assert "Billing would lack 2 h of people on Tue 3 Mar, 08:00–10:00" in looked
    days = {"first": TUESDAY.isoformat(), "last": WEDNESDAY.isoformat()}
    assert dewi.post("/api/time-off", **days, reason="wedding of my sister").status_code == 200
    assert code(dewi.post("/api/time-off", **days)) == (409, "asked_already")
    assert code(rizky.post("/api/time-off/1/withdraw")) == (403, "shift_not_theirs")
    assert "wedding" not in rizky.get("/my-shifts").text
    assert all("wedding" not in str(event.data) for event in desk.events(EventKind.SHIFTS_CHANGED))
    planner = desk.browser("plan")
    page = planner.get("/planner/requests").text
    assert "wedding of my sister" in page
    assert "would lack" in page
    assert planner.post("/api/planner/time-off/1/grant", word="congratulations").status_code == 200
    assert letters(desk, version, "1001") == "E---"
    page = dewi.get("/my-shifts").text
    assert "congratulations" in page
    assert code(dewi.post("/api/time-off/1/withdraw")) == (409, "ask_moved")


def test_each_role_has_its_own_pages_and_a_refusal_is_on_record(desk: DeskHouse, version: int) -> None:
    dewi = desk.browser("dewi")
    dewi.get("/my-shifts")
    for path in ("/planner/requests", "/planner/requests/content", "/planner/requests/events"):
        assert dewi.get(path).status_code == 403
    assert dewi.post("/api/planner/time-off/1/grant", word="").status_code == 403
    for login in ("plan", "sari", "root"):
        browser = desk.browser(login)
        browser.get("/planner/requests")
        for path in (
            "/my-shifts",
            "/my-shifts/events",
            f"/api/shifts/day?day={TUESDAY}",
            f"/api/time-off/check?first={TUESDAY}&last={TUESDAY}",
        ):
            assert browser.get(path).status_code == 403
        assert browser.post("/api/calendar").status_code == 403
    assert {event.data["endpoint"] for event in desk.events(EventKind.ACCESS_REFUSED)} >= {"roster_asks.page", "my_shifts.page"}
    other = add_offer_of_another_skill(desk)
    assert code(dewi.post(f"/api/shifts/asks/{other}/take")) == (403, "shift_not_theirs"), "not among those who may take it"
    assert f'data-offer="{other}"' not in dewi.get("/my-shifts/content").text


def add_offer_of_another_skill(desk: DeskHouse) -> int:
    publish_roster(desk.database, MONDAY, NOON + timedelta(minutes=1), queue="technical", need=1, _1001="--", _1004="-E")
    from agent_desktop.own_shifts import surroundings_here
    from workforce.roster_swaps import offer_shift

    with desk.app.test_request_context(), desk.database.writing() as session:
        asked = offer_shift(session, surroundings_here(), "1004", TUESDAY)
        session.commit()
        return asked.id


def test_the_calendars_address_is_private_made_anew_and_withdrawn(
    desk: DeskHouse, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    dewi = desk.browser("dewi")
    dewi.get("/my-shifts")
    address = dewi.post("/api/calendar").get_json()["address"]
    path = address.removeprefix("http://localhost")
    token = path.split("/")[-1].removesuffix(".ics")
    assert len(token) >= 43
    assert token not in dewi.get("/my-shifts").text, "shown once"
    phone = desk.app.test_client()
    answer = phone.get(path)
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [event.decoded("dtstart").isoformat() for event in events] == ["2026-03-02T06:00:00+07:00", "2026-03-03T06:00:00+07:00"]
    assert str(events[0]["description"]) == "10:00-11:00 lunch"
    assert [int(event["sequence"]) for event in events] == [0, 0]
    desk.clock.advance(3600)
    assert phone.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    newer = dewi.post("/api/calendar").get_json()["address"].removeprefix("http://localhost")
    assert phone.get(path).status_code == 404
    assert phone.get(newer).status_code == 200
    assert dewi.post("/api/calendar/withdraw").status_code == 200
    assert phone.get(newer).status_code == 404
    wrong = [phone.get(f"/calendar/{number:043d}.ics").status_code for number in range(WRONG_PER_ADDRESS)]
    assert wrong[0] == 404
    assert wrong[-1] == 429, "whoever tries addresses is slowed down"
    with desk.database.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT * FROM calendar_shifts").fetchall()
    assert token not in f"{kept} {capsys.readouterr()}"
