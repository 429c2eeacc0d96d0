"""What an agent's page is pushed, and what it may do about the call in hand."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_desktop import events, wallboard
from agent_desktop.accounts import User
from agent_desktop.open_streams import MOST_OF_ONE, OpenStreams
from agent_desktop.services import EXTENSION, Services
from core.database import Database
from core.events import Event, EventKind
from crm.contact_history import Disposition
from crm.customers import Customer, CustomerPhone
from routing.agent_state import Action, AgentState, NotReadyReason
from routing.live import TAKEN
from tests.services.desk_house import Browser, DeskHouse, Message, build_desk, messages


@pytest.fixture
def desk(database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskHouse]:
    monkeypatch.setattr(events, "BEAT_S", 0.2)
    house = build_desk(database, redis_url, tmp_path)
    yield house
    house.close()


def pushed(browser: Browser, after: str = "", page: str = "") -> Iterator[Message]:
    query = {"after": after or browser.data("position"), "page": page or browser.data("page-number")}
    return messages(browser.client.get("/events", query_string=query, buffered=False))


def test_the_pop_comes_in_one_push(desk: DeskHouse, dewi: Browser) -> None:
    stream = pushed(dewi)
    place = desk.reserve()
    pop = next(message for message in stream if message.body["action"] == Action.RESERVE)
    assert pop.body["agent"]["state"] == AgentState.RESERVED
    assert pop.body["agent"]["interaction"] == place.interaction_id
    assert pop.body["agent"]["token"] == desk.store.agent("1001").token
    html = pop.body["html"]
    for shown in ("Ibu &lt;script&gt;", "0811-2345-678", "INV-7", "Rp 412,000", "Billing", "Wants a person"):
        assert shown in html
    assert 'id="bill-INV-7-' in html
    assert "open>" in html.split('id="bill-INV-7-')[1][:80]


def test_a_page_that_comes_back_gets_what_it_missed_without_gap_or_duplicate(desk: DeskHouse, dewi: Browser) -> None:
    first = pushed(dewi)
    place = desk.reserve()
    seen = [next(message for message in first if message.body["action"] == Action.RESERVE)]
    first.close()  # type: ignore[attr-defined]  # the connection is lost here
    desk.step(place, Action.RING, Action.ANSWER)
    second = pushed(dewi, after=seen[0].position)
    seen += [next(second), next(second)]
    desk.step(place, Action.HANG_UP)
    seen.append(next(second))
    assert [message.body["action"] for message in seen] == [Action.RESERVE, Action.RING, Action.ANSWER, Action.HANG_UP]
    positions = [message.position for message in seen]
    assert len(set(positions)) == len(positions)
    own = [event for event in desk.bus.read(seen[0].position) if event.kind is EventKind.AGENT_STATE_CHANGED]
    assert [event.position for event in own] == positions[1:]


def test_whoever_has_answered_reads_that_the_caller_is_still_told_until_they_have_heard_it(desk: DeskHouse, dewi: Browser) -> None:
    stream, place = pushed(dewi), desk.reserve()
    telling = replace(place, telling_until_s=desk.clock.now().timestamp() + 12)
    desk.store.redis.hset(TAKEN, place.interaction_id, telling.to_json())
    for action, is_shown in ((Action.RING, False), (Action.ANSWER, True)):  # while it rings nobody waits for it
        desk.step(place, action)
        html = next(message.body["html"] for message in stream if message.body["action"] == action)
        assert ("They still hear that the talk may be recorded." in html, "data-gone-at" in html) == (is_shown, is_shown)
    told = Event(EventKind.RECORDING_REFUSED, desk.clock.now(), place.interaction_id, "1001", {"how": "key"})
    assert desk.store.told_of_recording(place.interaction_id, False, told)
    after = next(message.body for message in stream if message.body["kind"] == EventKind.RECORDING_REFUSED)
    assert "data-gone-at" not in after["html"]


def test_what_happened_between_page_and_stream_is_not_missed(desk: DeskHouse, dewi: Browser) -> None:
    desk.reserve()
    actions = []
    for message in pushed(dewi):
        actions.append(message.body["action"])
        if message.body["action"] == Action.RESERVE:
            break
    assert Action.READY in actions


def test_the_stream_carries_nothing_of_other_agents(desk: DeskHouse, dewi: Browser) -> None:
    stream = pushed(dewi)
    desk.reserve("1002")
    desk.changes.make_not_ready("1001", NotReadyReason.MEAL)
    first = next(stream)
    assert (first.body["action"], first.body["reason"]) == (Action.NOT_READY, "meal")


def test_the_newer_tab_takes_over(desk: DeskHouse, dewi: Browser) -> None:
    old = pushed(dewi)
    desk.changes.make_ready("1001")
    assert next(old).body["action"] == Action.READY
    dewi.get("/desk")
    assert next(old).name == "taken_over"


def test_an_open_stream_renews_the_lease(desk: DeskHouse, dewi: Browser) -> None:
    before = desk.store.agent("1001").lease_until
    desk.clock.advance(30)
    stream = pushed(dewi)
    desk.changes.make_ready("1001")
    next(stream)
    after = desk.store.agent("1001").lease_until
    assert before is not None
    assert after is not None
    assert after > before


def test_only_the_own_reservation_can_be_confirmed(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    token = desk.store.agent("1001").token
    other = desk.browser("rizky")
    other.get("/desk")
    assert other.post("/api/pop-shown", interaction_id=place.interaction_id, token=token).status_code == 409
    assert dewi.post("/api/pop-shown", interaction_id=place.interaction_id, token=token - 1).status_code == 409
    assert desk.events(EventKind.POP_SHOWN) == []
    assert dewi.post("/api/pop-shown", interaction_id=place.interaction_id, token=token).status_code == 200
    shown = desk.events(EventKind.POP_SHOWN)
    assert [(event.agent_id, event.interaction_id, event.data) for event in shown] == [
        ("1001", place.interaction_id, {"token": token})
    ]


def test_only_chosen_reasons_can_be_chosen(desk: DeskHouse, dewi: Browser) -> None:
    assert dewi.post("/api/state", state="not_ready", reason="rona").status_code == 409
    assert dewi.post("/api/state", state="not_ready", reason="meal").status_code == 200
    assert desk.store.agent("1001").reason == "meal"


def test_notes_and_script_survive_a_reload(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    dewi.post("/api/draft", interaction_id=place.interaction_id, note="wants <time>", code="more_time")
    on = {"interaction_id": place.interaction_id, "script": "overdue"}
    dewi.post("/api/script", **on, page="verify", answer="yes")
    moved = dewi.post("/api/script", **on, page="greeting", answer="pays")
    assert moved.json is not None
    assert "Day of payment" in moved.json["html"]
    page = dewi.get("/desk").text
    assert "wants &lt;time&gt;</textarea>" in page
    assert "Day of payment" in page


def test_the_script_of_somebody_elses_call_is_not_moved(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve("1002")
    assert dewi.post("/api/script", interaction_id=place.interaction_id, script="a", page="b", answer="c").status_code == 404


def saved(desk: DeskHouse) -> list[tuple[str, str, str]]:
    with desk.database.reading() as session:
        return [(row.agent_id, row.code, row.note) for row in session.scalars(select(Disposition))]


def test_a_saved_wrap_up_makes_ready_and_saving_again_changes_nothing(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    desk.record(place)
    desk.step(place, Action.HANG_UP)
    wrap_up = {"interaction_id": place.interaction_id, "code": "promise_to_pay", "note": "on the 28th", "ready_after": True}
    answers = [dewi.post("/api/disposition", **wrap_up) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert saved(desk) == [("1001", "promise_to_pay", "on the 28th")]
    assert desk.store.agent("1001").state is AgentState.READY
    assert {event.data["code"] for event in desk.events(EventKind.DISPOSITION_SAVED)} == {"promise_to_pay"}


def test_a_wrap_up_may_end_in_a_break(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    desk.record(place)
    dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="", ready_after=False)
    assert desk.store.agent("1001").state is AgentState.NOT_READY


def test_a_disposition_given_in_the_talk_leaves_the_talk_alone(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    desk.record(place)
    dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="early", ready_after=True)
    assert desk.store.agent("1001").state is AgentState.TALKING
    desk.step(place, Action.HANG_UP)
    assert ">early</textarea>" in dewi.get("/desk").text


def test_while_the_call_log_lags_the_page_is_told_to_try_again(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    answer = dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="n")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["error"]["retryable"] is True
    assert desk.store.agent("1001").state is AgentState.WRAP_UP


def test_nobody_saves_a_disposition_for_a_colleague(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve("1002")
    desk.step(place, Action.RING, Action.ANSWER, agent_id="1002")
    desk.record(place, agent_id="1002")
    assert dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="").status_code == 404
    assert saved(desk) == []


def test_nobody_opens_the_unfinished_wrap_up_of_a_colleague(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve("1002")
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP, agent_id="1002")
    desk.record(place, agent_id="1002", ended=True)
    assert dewi.get(f"/api/unfinished/{place.interaction_id}").status_code == 404
    assert desk.browser("rizky").get(f"/api/unfinished/{place.interaction_id}").status_code == 200


@pytest.mark.parametrize("code", ["order_placed", "none_such", ""])
def test_a_disposition_must_be_one_of_the_queues(desk: DeskHouse, dewi: Browser, code: str) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    desk.record(place)
    assert dewi.post("/api/disposition", interaction_id=place.interaction_id, code=code, note="").status_code == 400


def test_a_wrap_up_that_ran_out_of_time_can_be_finished_later_with_what_was_typed(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    desk.record(place, ended=True)
    dewi.post("/api/draft", interaction_id=place.interaction_id, note="half a sentence", code="")
    desk.changes.wrap_up_timed_out(desk.store.agent("1001"))
    assert f'data-unfinished="{place.interaction_id}"' in dewi.get("/desk").text
    assert "half a sentence" in dewi.get(f"/api/unfinished/{place.interaction_id}").text
    dewi.get("/desk")
    answer = dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="a whole sentence")
    assert answer.status_code == 200
    assert saved(desk) == [("1001", "solved", "a whole sentence")]
    assert desk.store.agent("1001").state is AgentState.READY
    assert "data-unfinished" not in dewi.get("/desk").text


def test_yesterdays_call_can_no_longer_be_finished(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    desk.record(place, ended=True)
    desk.changes.wrap_up_timed_out(desk.store.agent("1001"))
    desk.clock.advance(24 * 3600)
    assert dewi.post("/api/disposition", interaction_id=place.interaction_id, code="solved", note="").status_code == 404


def test_a_caller_without_a_record_is_named_by_who_has_the_number(desk: DeskHouse, dewi: Browser) -> None:
    desk.reserve(customer=False)
    page = dewi.get("/desk").text
    assert "Unknown caller" in page
    assert f'data-customer="{desk.customer_id}"' in page


def test_customers_are_found_by_name_and_number(desk: DeskHouse, dewi: Browser) -> None:
    for text in ("script", "0811-2345-678", "5678"):
        answer = dewi.get("/api/customers", query_string={"q": text})
        assert answer.json is not None
        assert [customer["id"] for customer in answer.json["customers"]] == [desk.customer_id]


def test_a_number_is_read_as_in_the_country_of_the_settings(desk: DeskHouse, dewi: Browser) -> None:
    here: Services = desk.app.extensions[EXTENSION]
    desk.app.extensions[EXTENSION] = replace(here, settings=here.settings.model_copy(update={"country": "GB"}))
    with desk.database.writing() as session:
        person = Customer(name="Ann", created_at=desk.clock.now(), updated_at=desk.clock.now())
        person.phones = [CustomerPhone(e164="+442079460958")]
        session.add(person)
        session.commit()
    answer = dewi.get("/api/customers", query_string={"q": "020 7946 0958"})
    assert answer.json is not None
    assert [customer["name"] for customer in answer.json["customers"]] == ["Ann"]


def test_nobody_takes_all_of_the_desks_threads_with_pages_that_are_pushed_to(desk: DeskHouse, dewi: Browser) -> None:
    streams: OpenStreams = desk.app.extensions[EXTENSION].streams
    with desk.database.reading() as session:
        user_id = session.scalars(select(User.id).where(User.login == "dewi")).one()
    for _ in range(MOST_OF_ONE - 1):
        streams.opened(user_id)
    page = "/events?page=999999999999"  # a number that no newer page takes over
    for _once_more in range(2):
        last = dewi.client.get(page)
        assert last.status_code == 200
        last.close()
    streams.opened(user_id)
    assert dewi.client.get(page).status_code == 429
    assert dewi.client.get("/callbacks/events").status_code == 429


@pytest.mark.parametrize("number", ["\u00b2", "-1", "x", "1" * 13])
def test_a_page_with_a_number_that_is_none_is_refused(desk: DeskHouse, dewi: Browser, number: str) -> None:
    assert dewi.client.get("/events", query_string={"page": number}).status_code == 400


def test_the_supervisor_is_pushed_the_board(desk: DeskHouse) -> None:
    sari = desk.browser("sari")
    sari.get("/wallboard")
    stream = messages(sari.client.get("/events", buffered=False))
    assert "Nobody waits." in next(stream).body["html"]
    desk.reserve("1002")
    for board in stream:
        if 'data-state="RESERVED"' in board.body["html"]:
            break
    assert 'data-agent="1002"' in board.body["html"]
    assert "data-caller=" in board.body["html"]


def test_the_board_of_a_session_that_is_over_ends(desk: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_LOOK_S", 0)
    sari = desk.browser("sari")
    sari.get("/wallboard")
    stream = messages(sari.client.get("/events", buffered=False))
    next(stream)
    other_tab = desk.browser("sari")
    sari.client.post("/log-out", data={"csrf_token": sari.token})
    desk.reserve("1002")
    assert [message.name for message in stream][-1] == "over"
    assert other_tab.get("/wallboard").status_code == 200


def test_supervisors_of_one_language_are_pushed_the_same_drawing(desk: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = wallboard.render_template

    def counting(template: str, **values: object) -> str:
        drawn.append(template)
        return str(real(template, **values))

    monkeypatch.setattr(wallboard, "render_template", counting)
    supervisors, root = [desk.browser("sari") for _ in range(5)], desk.browser("root")
    root.get("/wallboard")
    root.client.post("/language", data={"csrf_token": root.token, "language": "id", "page": "wallboard.page"})

    def first_push(browser: Browser) -> Message:
        return next(messages(browser.client.get("/events", buffered=False)))

    with ThreadPoolExecutor(6) as threads:  # a thread for each stream, as in the real server
        *in_english, in_indonesian = threads.map(first_push, [*supervisors, root])
    assert len({(message.position, message.body["html"]) for message in in_english}) == 1
    assert "Nobody waits." in in_english[0].body["html"]
    assert "Tidak ada yang menunggu." in in_indonesian.body["html"]
    assert drawn.count("wallboard/board.html") == 2, "once for each language"


@pytest.mark.parametrize("query", ["after=abc&page=1", "after=1-1&page=x", "after=1-1"])
def test_a_malformed_position_is_refused(desk: DeskHouse, dewi: Browser, query: str) -> None:
    assert dewi.client.get(f"/events?{query}").status_code == 400
