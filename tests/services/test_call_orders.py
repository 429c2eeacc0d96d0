"""What an agent may order about the call in hand, and what the next one sees."""

import re
from dataclasses import replace

import pytest

from agent_desktop.services import EXTENSION
from core.events import Event, EventKind
from routing.agent_state import Action, NotReadyReason
from routing.consult import Consult, ConsultPhase
from routing.place import Place
from tests.services.desk_house import Browser, DeskHouse


def talk(desk: DeskHouse) -> Place:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    return place


def asked(desk: DeskHouse) -> list[dict[str, object]]:
    return [event.data for event in desk.events(EventKind.CALL_CONTROL_ASKED)]


def test_the_dialog_shows_queues_and_colleagues_who_are_there(desk: DeskHouse, dewi: Browser) -> None:
    talk(desk)
    desk.changes.log_in("1002")
    desk.changes.phone_changed("1002", True)
    desk.changes.make_not_ready("1002", NotReadyReason.BREAK)
    html = dewi.get("/api/hand-over").text
    [row] = re.findall(r'<li[^>]*id="to-agent-1002".*?</li>', html)
    assert 'aria-disabled="true"' in row
    assert "Break" in row, "shown with the reason, so that nobody looks for them in vain"
    desk.changes.make_ready("1002")
    html = dewi.get("/api/hand-over").text
    assert "aria-disabled" not in html
    for shown in ("Rizky Pratama", 'data-to="technical"', "Belongs to another team"):
        assert shown in html
    assert 'data-how="outside"' not in html, "no line out"


def test_who_takes_no_calls_is_shown_and_given_none(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    desk.changes.log_in("1002")
    desk.changes.phone_changed("1002", True)
    assert dewi.post("/api/hand-over", interaction_id=place.interaction_id, how="agent", to="1002").status_code == 404
    assert asked(desk) == []


def test_who_handed_over_says_so_and_is_not_offered_to_call_somebody_elses_caller(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    desk.record(place)
    given = place.handed_on("technical", desk.clock.now())
    assert desk.changes.hand_over(desk.store.agent("1001"), place, desk.clock.now(), given, [])
    html = dewi.get("/desk").text
    assert "You have handed the caller over" in html
    codes = re.findall(r'data-code="(\w+)" aria-checked', html)
    assert (codes[0], "line_dropped" in codes) == ("handed_over", False)
    assert "data-again" not in html
    fields = {"interaction_id": place.interaction_id, "code": "handed_over", "note": "", "ready_after": True}
    assert dewi.post("/api/disposition", **fields).status_code == 200


def test_the_second_agents_caller_has_waited_since_the_hand_over(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    desk.record(place)
    desk.clock.advance(200)
    given = place.handed_on("technical", desk.clock.now())
    assert desk.changes.hand_over(desk.store.agent("1001"), place, desk.clock.now(), given, [])
    desk.clock.advance(95)
    desk.changes.log_in("1002")
    desk.changes.phone_changed("1002", True)
    desk.changes.make_ready("1002")
    desk.changes.try_reserve("1002", given, desk.clock.now(), {})
    desk.step(given, Action.RING, Action.ANSWER, agent_id="1002")
    assert 'waited <b class="num">1:35</b>' in desk.browser("rizky").get("/desk").text


@pytest.mark.parametrize(
    ("phase", "alone", "words"),
    [
        (ConsultPhase.WITH_THEM, False, "the caller hears music"),
        (ConsultPhase.WITH_CALLER, False, "speaks with the caller, and you hear music"),
        (ConsultPhase.THREE, False, "All three of you speak: you, the caller, and Dewi Anggraini"),
        (ConsultPhase.WITH_THEM, True, "The caller has hung up"),
    ],
)
def test_who_is_asked_sees_whether_the_caller_hears_them(
    desk: DeskHouse, dewi: Browser, phase: ConsultPhase, alone: bool, words: str
) -> None:
    place = talk(desk)
    desk.changes.log_in("1002")
    desk.changes.phone_changed("1002", True)
    desk.changes.make_ready("1002")
    asks = desk.changes.reserve_to_ask("1002", place.interaction_id, "1001", desk.clock.now())
    rizky = desk.browser("rizky")
    desk.step(place, Action.RING, agent_id="1002")
    rings = rizky.get("/desk").text
    assert "Dewi Anggraini is back with the caller" in rings
    assert "waiting <b" not in rings
    desk.step(place, Action.ANSWER, agent_id="1002")
    consult = Consult(phase, "leg", agent_id="1002", token=asks.token, alone=alone)
    assert desk.changes.consult(desk.store.agent("1001"), consult, [])
    [line] = re.findall(r'id="asked-words"[^>]*>(.*?)</p>', rizky.get("/desk").text)
    assert words in line


def test_without_a_talk_there_is_no_dialog_and_no_order(desk: DeskHouse, dewi: Browser) -> None:
    assert dewi.get("/api/hand-over").status_code == 404
    place = desk.reserve()
    answer = dewi.post("/api/hand-over", interaction_id=place.interaction_id, how="queue", to="technical")
    assert answer.status_code == 404
    assert asked(desk) == []


def test_an_order_carries_the_token_and_leaves_a_card_for_the_next_agent(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    answer = dewi.post(
        "/api/hand-over", interaction_id=place.interaction_id, how="queue", to="technical", why="other_team", note="<b>lamp</b> red"
    )
    assert answer.status_code == 200
    [order] = asked(desk)
    assert order == {"ask": "queue", "token": desk.store.agent("1001").token, "queue": "technical"}
    agent = desk.store.agent("1001")
    given = place.handed_on("billing", desk.clock.now())
    assert desk.changes.hand_over(agent, place, desk.clock.now(), given, [])
    desk.changes.log_in("1002")
    desk.changes.phone_changed("1002", True)
    desk.changes.make_ready("1002")
    desk.changes.try_reserve("1002", given, desk.clock.now(), {})
    rizky = desk.browser("rizky")
    html = rizky.get("/desk").text
    for shown in ("From Dewi Anggraini", "Belongs to another team", "&lt;b&gt;lamp&lt;/b&gt; red"):
        assert shown in html
    own = dewi.get("/desk").text
    assert "From Dewi" not in own
    assert "How did it end?" in own, "who handed over has their own wrap-up of it"


@pytest.mark.parametrize(
    ("how", "to"), [("agent", "1001"), ("agent", "1002"), ("agent", "9999"), ("outside", "+628111"), ("queue", "none"), ("x", "y")]
)
def test_nobody_is_handed_over_to_who_is_not_there(desk: DeskHouse, dewi: Browser, how: str, to: str) -> None:
    place = talk(desk)
    assert dewi.post("/api/hand-over", interaction_id=place.interaction_id, how=how, to=to).status_code in (400, 404)
    assert asked(desk) == []


def test_a_queue_can_not_be_asked_and_steps_need_a_talk(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    assert dewi.post("/api/consult", interaction_id=place.interaction_id, how="queue", to="technical").status_code == 400
    for step in ("swap", "merge", "complete", "drop"):
        assert dewi.post(f"/api/consult/{step}", interaction_id=place.interaction_id).status_code == 200
    assert [order["ask"] for order in asked(desk)] == ["swap", "merge", "complete", "drop"]
    desk.step(place, Action.HANG_UP)
    assert dewi.post("/api/consult/swap", interaction_id=place.interaction_id).status_code == 404


def test_another_agents_call_is_not_ones_own_to_order_about(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    rizky = desk.browser("rizky")
    rizky.get("/desk")
    assert rizky.post("/api/hand-over", interaction_id=place.interaction_id, how="queue", to="technical").status_code == 404
    assert dewi.get("/desk").status_code == 200


def test_what_comes_after_the_call_is_chosen_in_it_and_shown(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    assert dewi.post("/api/after-call", reason="rona").status_code == 409, "no reason to choose"
    assert dewi.post("/api/after-call", reason="meal").status_code == 200
    assert "then: Meal" in dewi.get("/desk").text
    desk.step(place, Action.HANG_UP)
    assert "Save, then Meal" in dewi.get("/desk").text
    assert dewi.post("/api/after-call", reason="").status_code == 200
    assert "Save and ready" in dewi.get("/desk").text


def test_a_caller_is_named_in_the_talk_alone_and_only_by_somebody_on_record(desk: DeskHouse, dewi: Browser) -> None:
    card = f"/api/customers/{desk.customer_id}"
    assert "data-identify" not in dewi.get(card).text, "nobody talks"
    place = desk.reserve(customer=False)
    desk.step(place, Action.RING, Action.ANSWER)
    assert f'data-identify="{desk.customer_id}"' in dewi.get(card).text
    assert dewi.post("/api/identify", interaction_id=place.interaction_id, customer=99_999).status_code == 404
    assert dewi.post("/api/identify", interaction_id=place.interaction_id, customer=desk.customer_id).status_code == 200
    [order] = asked(desk)
    assert order == {"ask": "identify", "token": desk.store.agent("1001").token, "customer": desk.customer_id}


def test_the_page_says_of_a_recording_what_asterisk_has_said(desk: DeskHouse, dewi: Browser) -> None:
    here = desk.app.extensions[EXTENSION]
    desk.app.extensions[EXTENSION] = replace(here, settings=here.settings.model_copy(update={"record_talks": True}))
    place = talk(desk)
    told = Event(EventKind.RECORDING_FOUND, desk.clock.now(), place.interaction_id, "1001")
    assert desk.changes.know_caller(desk.store.agent("1001"), replace(place, may_record=True), told)
    assert 'data-recording="asked"' in dewi.get("/desk").text
    for is_recorded, shown in ((False, 'data-recording="off"'), (True, 'data-record="pause"')):
        assert desk.changes.found_recorded(desk.store.agent("1001"), is_recorded, told)
        assert shown in dewi.get("/desk").text
    consult = Consult(ConsultPhase.WITH_THEM, "halo-leg-9", "1002")
    assert desk.changes.consult(desk.store.agent("1001"), consult, [told])
    html = dewi.get("/desk").text
    assert 'data-recording="away"' in html
    assert "data-record=" not in html


def test_with_a_colleague_alone_there_is_nothing_to_hand_over(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    told = Event(EventKind.CONSULT_CHANGED, desk.clock.now(), place.interaction_id, "1001", {"phase": "with_them", "to": "1002"})
    for alone in (False, True):
        consult = Consult(ConsultPhase.WITH_THEM, "halo-leg-9", "1002", alone=alone)
        assert desk.changes.consult(desk.store.agent("1001"), consult, [told])
        html = dewi.get("/desk").text
        assert ("The caller has hung up. You still speak with" in html) is alone
        steps = set(re.findall(r'data-consult="(\w+)"', html))
        assert steps == ({"drop"} if alone else {"swap", "merge", "drop", "complete"})


@pytest.mark.parametrize(("phase", "steps"), [
    (ConsultPhase.WITH_THEM, {"swap", "drop"}), (ConsultPhase.WITH_CALLER, {"drop"}), (ConsultPhase.THREE, {"drop"}),
])  # fmt: skip
def test_a_colleague_whose_page_is_away_is_waited_for_or_let_go(
    desk: DeskHouse, dewi: Browser, phase: ConsultPhase, steps: set[str]
) -> None:
    place = talk(desk)
    told = Event(EventKind.CONSULT_CHANGED, desk.clock.now(), place.interaction_id, "1001", {"phase": phase, "to": "1002"})
    assert desk.changes.consult(desk.store.agent("1001"), Consult(phase, "halo-leg-9", "1002", away=True), [told])
    html = dewi.get("/desk").text
    assert "they are called back when it returns" in html
    assert ("The caller hears music." in html) is (phase is ConsultPhase.WITH_THEM)
    assert set(re.findall(r'data-consult="(\w+)"', html)) == steps


def test_a_desk_phone_that_rings_is_answered_there(desk: DeskHouse, dewi: Browser) -> None:
    dewi.get("/desk")
    assert dewi.post("/api/phone-kind", kind="sip").status_code == 200
    desk.changes.phone_changed("1001", up=True)
    desk.step(desk.reserve(), Action.RING)
    html = dewi.get("/desk").text
    assert "Answer or decline on your desk phone." in html
    assert "<kbd>F4</kbd>" not in html.split('class="controls')[1].split("</footer>")[0]


def test_who_allows_no_recording_any_more_ends_that_of_the_talk(desk: DeskHouse, dewi: Browser) -> None:
    place = talk(desk)
    told = Event(EventKind.RECORDING_FOUND, desk.clock.now(), place.interaction_id, "1001")
    assert desk.changes.know_caller(desk.store.agent("1001"), replace(place, may_record=True), told)
    change = [["consent.recording", None, False]]
    assert dewi.post(f"/api/customers/{desk.customer_id}/changes", changes=change).status_code == 200
    assert [order["ask"] for order in asked(desk)] == ["refuse_recording"]
