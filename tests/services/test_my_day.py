"""My day: an agent's own calls, times and states; their own, and nobody else's. And what lines their browser tells of."""

import re
from datetime import timedelta
from uuid import uuid4

from core.event_archive import archive
from core.events import Event, EventKind
from crm.contact_history import Disposition, Interaction, Segment
from routing.agent_state import Action
from routing.agents import find_agent
from tests.services.desk_house import DeskHouse

REPORT = {
    "seconds": 120, "mos": 4.3, "worst": 3.9, "loss_in": 0.01, "loss_out": 0.0, "jitter_ms": 8.4, "round_trip_ms": 41, "bad_s": 0,
    "silent_s": 0,
}  # fmt: skip


def talked(
    desk: DeskHouse, agent_id: str, ago_s: float, talk_s: float = 60, hold_s: float = 0, code: str = "solved", direction: str = "in"
) -> str:
    """A call of this agent: 20 s in line, 5 s ringing, then the talk with a hold in it, then 30 s of wrap-up."""
    key, at = str(uuid4()), desk.clock.now() - timedelta(seconds=ago_s)
    parts = [("QUEUE", "", 20), ("RING", "", 5), ("TALK", agent_id, talk_s), ("HOLD", agent_id, hold_s), ("WRAP_UP", agent_id, 30)]
    with desk.database.writing() as session:
        session.add(
            Interaction(
                id=key, ani="+628112345678", customer_id=desk.customer_id, queue="billing", agent_id=agent_id, started_at=at,
                offered_at=at, answered_at=at + timedelta(seconds=25), outcome="answered", direction=direction,
            )
        )  # fmt: skip
        session.flush()
        begins = at
        for kind, whose, long_s in parts:
            ends = begins + timedelta(seconds=long_s)
            if long_s:
                part = Segment(interaction_id=key, kind=kind, queue="billing", agent_id=whose, started_at=begins, ended_at=ends)
                session.add(part)
            begins = ends
        if code:
            session.add(Disposition(interaction_id=key, agent_id=agent_id, code=code, saved_at=begins))
        session.commit()
    return key


def was(desk: DeskHouse, agent_id: str, ago_s: float, state: str, reason: str = "") -> None:
    """The agent's state changed then, as the archive has it."""
    data = {"action": "x", "before": "READY", "state": state, "reason": reason, "token": 0, "deadline": ""}
    event = Event(EventKind.AGENT_STATE_CHANGED, desk.clock.now() - timedelta(seconds=ago_s), "", agent_id, data)
    with desk.database.writing() as session:
        archive(session, [event.placed(f"1-{ago_s}")])
        session.commit()


def rows(page: str) -> list[str]:
    return re.findall(r'<tr data-call="([^"]+)"', page)


def test_an_agent_sees_their_own_calls_with_times_customer_and_disposition(desk: DeskHouse) -> None:
    own = [talked(desk, "1001", 3600, talk_s=200, hold_s=40), talked(desk, "1001", 600, code="")]
    other = talked(desk, "1002", 900)
    page = desk.browser("dewi").get("/my-day").text
    assert rows(page) == [own[1], own[0]], "newest first"
    assert other not in page
    first = page[page.index(own[0]) :]
    assert re.findall(r'class="num">(\d+:\d\d)</td>', first)[:4] == ["0:25", "3:20", "0:40", "0:30"]
    assert f'href="/customers/{desk.customer_id}"' in first
    assert "Solved" in first
    assert "none yet" in page[page.index(own[1]) : page.index(own[0])]


def test_whom_they_called_by_hand_did_not_come_in_and_did_not_wait(desk: DeskHouse) -> None:
    talked(desk, "1001", 600, direction="out")
    page = desk.browser("dewi").get("/my-day").text
    row = page[page.index('<tr data-call="') :].partition("</tr>")[0]
    assert "you called" in row
    assert "came in" not in row
    assert re.findall(r'class="num">([^<]+)</td>', row)[:2] == ["–", "1:00"]


def test_handling_stands_beside_the_mean_of_all_in_the_queue(desk: DeskHouse) -> None:
    talked(desk, "1001", 3600, talk_s=90)
    talked(desk, "1002", 1800, talk_s=210)
    page = desk.browser("dewi").get("/my-day").text
    side = page[page.index('id="handling-title"') :]
    assert re.findall(r'class="num">([^<]+)</td>', side)[:3] == ["1", "2:00", "3:00"]


def test_where_the_time_went_by_state_and_reason(desk: DeskHouse) -> None:
    for ago_s, state, reason in (
        (3600, "NOT_READY", "logged_in"), (3000, "READY", ""), (2400, "TALKING", ""), (1800, "WRAP_UP", ""),
        (1500, "NOT_READY", "break"), (900, "NOT_READY", "rona"), (600, "OFFLINE", ""),
    ):  # fmt: skip
        was(desk, "1001", ago_s, state, reason)
    was(desk, "1002", 3500, "READY")
    page = desk.browser("dewi").get("/my-day").text
    away = page[page.index('id="away-title"') :]
    assert re.findall(r'</span> ([^<]+)</th><td class="num">([^<]+)<', away)[:3] == [
        ("Just logged in", "10:00"), ("Break", "10:00"), ("Did not answer", "5:00"),
    ]  # fmt: skip
    assert "60%" in page, "occupancy: (10 + 5) of (10 + 5 + 10) minutes"
    kinds = re.findall(r'<rect class="state--(\w+)"', page)
    assert kinds == ["not_ready", "ready", "talking", "wrap_up", "not_ready", "trouble"]
    assert "Break 10:00" in page, "in words, too"


def test_the_state_in_force_is_there_before_it_is_archived(desk: DeskHouse) -> None:
    was(desk, "1001", 3600, "READY")
    browser = desk.browser("dewi")
    desk.changes.log_in("1001")
    desk.clock.advance(120)
    page = browser.get("/my-day").text
    assert re.findall(r'<rect class="state--(\w+)"', page) == ["ready", "not_ready"]
    assert "Just logged in 2:00" in page


def test_another_day_has_its_own_calls_and_nothing_that_is_due(desk: DeskHouse) -> None:
    yesterday = talked(desk, "1001", 24 * 3600)
    browser = desk.browser("dewi")
    assert rows(browser.get("/my-day").text) == []
    page = browser.get("/my-day?day=2026-03-01").text
    assert rows(page) == [yesterday]
    assert "due-title" not in page
    assert browser.get("/my-day?day=2026-03-03").status_code == 400


def test_nobody_but_agents_has_such_a_day(desk: DeskHouse) -> None:
    for login in ("sari", "plan", "root"):
        assert desk.browser(login).get("/my-day").status_code == 403
        assert desk.browser(login).get("/my-day/content").status_code == 403


def test_a_line_is_told_of_once_and_supervisors_see_which_desk_is_bad(desk: DeskHouse) -> None:
    mine, theirs = talked(desk, "1001", 600), talked(desk, "1002", 600)
    dewi, rizky = desk.browser("dewi"), desk.browser("rizky")
    dewi.get("/desk"), rizky.get("/desk")
    report = {"interaction_id": mine, "key": str(uuid4()), **REPORT}
    assert dewi.post("/api/line-report", **report).status_code == 200
    assert dewi.post("/api/line-report", **report).status_code == 200, "the network lost the first answer"
    bad = {**REPORT, "mos": 2.4, "worst": 1.2, "loss_in": 0.2, "bad_s": 90}
    assert rizky.post("/api/line-report", interaction_id=theirs, key=str(uuid4()), **bad).status_code == 200
    told = desk.events(EventKind.LINE_MEASURED)
    assert len({event.key for event in told}) == 2
    with desk.database.writing() as session:
        archive(session, list({event.key: event for event in told}.values()))
        session.commit()
    page = desk.browser("sari").get("/wallboard/lines").text
    assert re.findall(r'data-desk="(\d+)"', page) == ["1002", "1001"], "the worst first"
    assert "75%" in page


def test_whoever_was_asked_about_a_call_tells_of_that_line_too(desk: DeskHouse) -> None:
    theirs, dewi = talked(desk, "1002", 600), desk.browser("dewi")
    dewi.get("/desk")
    report = {"interaction_id": theirs, "key": str(uuid4()), **REPORT}
    for number, asked in enumerate(("1003", "1001")):
        event = Event(EventKind.CONSULT_CHANGED, desk.clock.now(), theirs, "1002", {"phase": "with_them", "to": asked})
        with desk.database.writing() as session:
            archive(session, [event.placed(f"2-{number}")])
            session.commit()
        assert dewi.post("/api/line-report", **report).status_code == (200 if asked == "1001" else 404)


def test_only_talks_of_ones_own_and_only_figures_that_can_be(desk: DeskHouse) -> None:
    theirs = talked(desk, "1002", 600)
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    key = str(uuid4())
    assert dewi.post("/api/line-report", interaction_id=theirs, key=key, **REPORT).status_code == 404
    mine = talked(desk, "1001", 600)
    for wrong in ({"mos": 6}, {"loss_in": -0.1}, {"seconds": "120"}, {"jitter_ms": None}, {"bad_s": True}):
        assert dewi.post("/api/line-report", interaction_id=mine, key=key, **{**REPORT, **wrong}).status_code == 400
    assert desk.events(EventKind.LINE_MEASURED) == []
    assert desk.browser("dewi").get("/wallboard/lines").status_code == 403


def test_the_other_phone_is_chosen_only_while_not_ready_and_rings_from_then_on(desk: DeskHouse) -> None:
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    assert desk.store.agent("1001").phone_kind == "web"
    assert dewi.post("/api/phone-kind", kind="sip").status_code == 200
    assert desk.store.agent("1001").phone_kind == "sip"
    assert dewi.get("/api/phone").status_code == 403, "the page has no phone of its own any more"
    page = dewi.get("/desk").text
    assert "secret-of-1001" in page, "what the desk phone is set up with"
    with desk.database.reading() as session:
        record = find_agent(session, "1001")
        assert record is not None
        assert record.phone_kind == "sip"
    place = desk.reserve()
    refused = dewi.post("/api/phone-kind", kind="web")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "phone_in_use")
    desk.step(place, Action.RING, Action.ANSWER)
    assert dewi.post("/api/phone-kind", kind="web").status_code == 409
    assert dewi.post("/api/phone-kind", kind="fax").status_code == 400
    assert desk.store.agent("1001").phone_kind == "sip"


def test_a_ticket_leads_to_its_customer(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    browser.get("/desk")
    opened = browser.post(
        "/api/tickets",
        interaction_id=place.interaction_id,
        subject="Meter",
        category="billing",
        priority="3",
        team="",
        keep=True,
        note="",
    )
    assert opened.status_code == 200, opened.text
    page = browser.get(f"/tickets/{opened.json['number']}").text
    assert f'<a href="/customers/{desk.customer_id}">' in page
