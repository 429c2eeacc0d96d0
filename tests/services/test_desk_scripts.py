"""The call script on the agent's page: what opens, typed answers, another script, and what it has done exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from agent_desktop.services import EXTENSION, Services
from core.events import Event, EventKind
from crm.callback_tasks import CallbackTask
from crm.hand_over_cards import cards_of
from crm.script_actions import ScriptAction
from crm.tickets import Ticket
from routing.agent_state import Action
from routing.place import Place
from scripts.checks import Surroundings
from scripts.script_file import read_script
from scripts.script_publication import ScriptPublisher
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.unit.scripts.small_scripts import end, page, script, text_of, words

AROUND = Surroundings()
HOSTILE = "<img src=x onerror=alert(1)>{customer_name}"


@pytest.fixture
def place(desk: DeskHouse, dewi: Browser) -> Place:
    """A talk with somebody whose bill is overdue."""
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    dewi.get("/desk")
    return place


class Desk:
    """What an agent does with the script that is open."""

    def __init__(self, browser: Browser, place: Place, script: str = "overdue") -> None:
        self.browser, self.place, self.script = browser, place, script

    def post(self, path: str = "", **fields: Any) -> Any:
        return self.browser.post(f"/api/script{path}", interaction_id=self.place.interaction_id, **{"script": self.script} | fields)

    def answers(self, *pairs: tuple[str, str]) -> dict[str, Any]:
        for on, answer in pairs:
            came = self.post(page=on, answer=answer)
            assert came.status_code == 200, came.text
        return dict(came.json)


TO_PLAN = (("verify", "yes"), ("greeting", "can_not_pay_all"), ("pay_now", "Rp 500.000"), ("parts", "3"))


def tickets(desk: DeskHouse) -> list[Ticket]:
    with desk.database.reading() as session:
        return list(session.scalars(select(Ticket)))


def done(desk: DeskHouse) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        return [(row.page, row.does) for row in session.scalars(select(ScriptAction).order_by(ScriptAction.id))]


def publish(desk: DeskHouse, *data: dict[str, Any]) -> dict[str, int]:
    publisher = ScriptPublisher(desk.database, desk.clock, lambda: AROUND, desk.bus.publish)
    return publisher.publish([read_script(text_of(one), "mine.yaml") for one in data], "sari")


def test_the_script_opens_by_the_situation(desk: DeskHouse, dewi: Browser) -> None:
    desk.reserve()
    assert "Overdue bill" in dewi.get("/desk").text
    stranger = desk.browser("rizky")
    stranger.get("/desk")
    desk.reserve("1002", customer=False)
    assert "Billing question" in stranger.get("/desk").text
    opened = desk.events(EventKind.SCRIPT_OPENED)
    assert [(event.agent_id, event.data["script"], event.data["version"], event.data["how"]) for event in opened] == [
        ("1001", "overdue", 0, "by_itself"), ("1002", "billing", 0, "by_itself"),
    ]  # fmt: skip


def test_what_does_not_fit_is_told_in_the_readers_words_and_nothing_moves(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    at_desk.answers(("verify", "yes"), ("greeting", "pays"))
    for text, told in (
        ("", "Nothing is written yet."),
        ("soon", "That is no day."),
        ("2026-03-01", "not within what can be answered"),
    ):
        answer = at_desk.post(page="pay_on", answer=text)
        assert answer.status_code == 400
        assert told in answer.json["error"]["message"]
    assert 'name="answer" data-typed' in dewi.get("/desk").text
    html = at_desk.answers(("pay_on", "2026-03-05"))["html"]
    assert "5 March 2026" in html
    assert "5 Maret 2026" in html, "what is said is in the caller's language"


def test_a_press_that_comes_twice_or_late_goes_one_step(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    for _again in range(3):
        at_desk.answers(("verify", "yes"))
    assert at_desk.post(page="greeting", answer="yes").status_code == 409
    assert "Name the bill" in dewi.get("/desk").text
    assert len({event.key for event in desk.events(EventKind.SCRIPT_STEP_TAKEN)}) == 1


def test_another_script_is_opened_by_hand_and_both_keep_their_place(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    at_desk.answers(("verify", "yes"))
    assert 'data-script="technical"' in dewi.get("/desk").text
    changed = at_desk.post("/change", script="technical")
    assert "Technical help" in changed.json["html"]
    assert "Technical help" in dewi.get("/desk").text
    assert "Name the bill" in at_desk.post("/change", script="overdue").json["html"]
    assert at_desk.post("/change", script="none_such").status_code == 404
    how = [(event.data["script"], event.data["how"]) for event in desk.events(EventKind.SCRIPT_OPENED)]
    assert how == [("overdue", "by_itself"), ("technical", "chosen"), ("overdue", "chosen")]


def test_the_next_agent_goes_on_where_the_first_stopped_and_sees_who_answered(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    Desk(dewi, place).answers(*TO_PLAN[:3])
    rizky = desk.browser("rizky")
    rizky.get("/desk")
    desk.step(place, Action.HANG_UP)
    moved = replace(place, queue="technical")
    desk.store.put_in_line(
        moved, Event(EventKind.INTERACTION_QUEUED, desk.clock.now(), place.interaction_id, data={"queue": "technical"})
    )
    for act in (desk.changes.log_in, desk.changes.make_ready):
        desk.changes.phone_changed("1002", True)
        act("1002")
    desk.changes.try_reserve("1002", moved, desk.clock.now() + timedelta(seconds=15), {})
    desk.step(moved, Action.RING, Action.ANSWER, agent_id="1002")
    page = rizky.get("/desk").text
    assert "In how many months" in page
    assert "Rp 500,000" in page
    assert "Dewi Anggraini" in page
    html = Desk(rizky, moved).answers(("parts", "3"))["html"]
    assert "Note the plan" in html
    assert [event.agent_id for event in desk.events(EventKind.SCRIPT_STEP_TAKEN)] == ["1001"] * 3 + ["1002"]


def test_a_ticket_is_opened_once_however_often_the_button_is_pressed(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    assert 'data-action="open_ticket"' in at_desk.answers(*TO_PLAN)["html"]
    press = {"page": "plan", "does": "open_ticket"}
    first = at_desk.post("/action", **press)
    assert first.status_code == 200
    assert [at_desk.post("/action", **press).status_code for _again in range(2)] == [200, 200]
    (ticket,) = tickets(desk)
    assert (ticket.subject, ticket.category, ticket.customer_id) == ("Cicilan tagihan INV-7: 3 bulan", "billing", desk.customer_id)
    page = dewi.get("/desk").text
    assert f"Ticket {ticket.number} is open." in page
    assert f"laporan {ticket.number}" in page, "and it is named in what is said"
    assert 'data-action="open_ticket"' not in page
    assert len({event.key for event in desk.events(EventKind.SCRIPT_ACTION_DONE) if event.data["does"] == "open_ticket"}) == 1


def test_of_presses_at_the_same_moment_one_does_it(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    Desk(dewi, place).answers(*TO_PLAN)
    browsers = [desk.browser("dewi") for _n in range(4)]
    for browser in browsers:
        browser.get("/desk")
    with ThreadPoolExecutor(4) as presses:
        came = list(presses.map(
            lambda browser: Desk(browser, place).post("/action", page="plan", does="open_ticket").status_code, browsers
        ))  # fmt: skip
    assert came == [200] * 4
    assert len(tickets(desk)) == 1
    assert done(desk).count(("plan", "open_ticket")) == 1


def test_a_button_of_a_page_that_is_not_open_does_nothing(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    at_desk.answers(*TO_PLAN)
    for press in (
        {"page": "verify", "does": "open_ticket"},
        {"page": "plan", "does": "transfer"},
        {"page": "plan", "does": "write_note"},
    ):
        assert at_desk.post("/action", **press).status_code == 200
    assert at_desk.post("/action", script="billing", page="plan", does="open_ticket").status_code == 200
    assert tickets(desk) == []
    assert done(desk) == [("plan", "write_note")]


def test_a_note_is_written_once_when_its_page_is_reached(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    dewi.post("/api/draft", interaction_id=place.interaction_id, note="typed before", code="")
    at_desk = Desk(dewi, place)
    line = "Plan for bill INV-7: Rp 500,000 this week, the rest in 3 months."
    assert at_desk.answers(*TO_PLAN)["note"] == [line]
    assert f"typed before\n{line}</textarea>" in dewi.get("/desk").text
    assert at_desk.answers(("plan", "back"), ("parts", "2"))["note"] == []
    assert dewi.get("/desk").text.count("Plan for bill INV-7") == 1


def test_what_was_kept_of_a_note_before_a_crash_is_not_written_again(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    line = "Plan for bill INV-7: Rp 500,000 this week, the rest in 3 months."
    dewi.post("/api/draft", interaction_id=place.interaction_id, note=line, code="")
    at_desk.answers(*TO_PLAN)
    assert dewi.get("/desk").text.count("Plan for bill INV-7") == 1


def test_a_call_is_promised_once_at_the_time_chosen_first(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    here: Services = desk.app.extensions[EXTENSION]
    desk.app.extensions[EXTENSION] = replace(here, settings=here.settings.model_copy(update={"outbound_trunk": "carrier"}))
    at_desk = Desk(dewi, place)
    html = at_desk.answers(("verify", "yes"), ("greeting", "can_not_pay_all"), ("pay_now", "0"))["html"]
    assert 'data-action-form="schedule_call"' in html
    press = {"page": "hardship", "does": "schedule_call"}
    assert at_desk.post("/action", **press).status_code == 400
    for at in ("2026-03-03T10:00", "2026-03-04T11:00"):
        assert at_desk.post("/action", **press, at=at).status_code == 200
    with desk.database.reading() as session:
        (promise,) = session.scalars(select(CallbackTask))
    assert (promise.number, promise.due_at) == ("+628112345678", NOON + timedelta(hours=22))
    assert "They are called on 3 Mar 10:00." in dewi.get("/desk").text


def test_what_can_not_be_done_for_this_caller_is_said_and_not_kept_as_done(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve(customer=False)
    desk.step(place, Action.RING, Action.ANSWER)
    dewi.get("/desk")
    at_desk = Desk(dewi, place, "billing")
    html = at_desk.answers(("greeting", "other_matter"), ("other", ""), ("settled", "no"))["html"]
    assert "A ticket can be opened once you know who is calling." in html
    assert "call this number by itself." in html
    assert at_desk.post("/action", page="hand_over", does="open_ticket").status_code == 400
    assert at_desk.post("/action", page="hand_over", does="schedule_call", at="2026-03-03T10:00").status_code == 400
    assert done(desk) == []


def test_html_in_an_answer_is_shown_as_it_was_typed_and_not_told_to_the_log(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    at_desk = Desk(dewi, place)
    html = at_desk.answers(("verify", "yes"), ("greeting", "disputes"), ("dispute", HOSTILE))["html"]
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;{customer_name}" in html
    told = [event for event in desk.bus.read("0-0") if event.kind.value.startswith("Script")]
    assert "onerror" not in "".join(event.to_json() for event in told)
    assert [event.data["answer"] for event in told if event.kind is EventKind.SCRIPT_STEP_TAKEN] == ["yes", "disputes", "typed"]


def test_the_end_is_told_with_what_came_of_it(desk: DeskHouse, dewi: Browser, place: Place) -> None:
    Desk(dewi, place).answers(*TO_PLAN)
    desk.record(place)
    desk.step(place, Action.HANG_UP)
    for _again in range(2):
        dewi.post("/api/disposition", interaction_id=place.interaction_id, code="promise_to_pay", note="n")
    ended = {event.key: event.data for event in desk.events(EventKind.SCRIPT_ENDED)}
    assert list(ended.values()) == [
        {"script": "overdue", "version": 0, "page": "plan", "finished": True, "outcome": "promise_to_pay"}
    ]  # fmt: skip


@pytest.fixture
def mine() -> dict[str, Any]:
    """A script for billing that opens before the shipped ones."""
    return script(
        page("hello", say=words("version one"), next="bye"), end(), name="mine", queues=["billing"], priority=50,
        opens_when={"known_customer": True},
    )  # fmt: skip


def test_a_running_call_keeps_its_version_and_the_next_one_has_the_new_one(
    desk: DeskHouse, dewi: Browser, mine: dict[str, Any]
) -> None:
    assert publish(desk, mine) == {"mine": 1}
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    assert "version one" in dewi.get("/desk").text
    mine["pages"][0] |= {"name": "changed", "say": words("version two")}
    assert publish(desk, mine) == {"mine": 2}
    assert "version one" in dewi.get("/desk").text
    assert "say bye" in Desk(dewi, place, "mine").answers(("hello", "next"))["html"]
    rizky = desk.browser("rizky")
    rizky.get("/desk")
    desk.reserve("1002")
    assert "version two" in rizky.get("/desk").text
    assert {(event.data["script"], event.data["version"]) for event in desk.events(EventKind.SCRIPT_OPENED)} == {
        ("mine", 1), ("mine", 2),
    }  # fmt: skip


def test_a_running_call_outlives_its_script(desk: DeskHouse, dewi: Browser, mine: dict[str, Any]) -> None:
    publish(desk, mine)
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    dewi.get("/desk")
    ScriptPublisher(desk.database, desk.clock, lambda: AROUND, desk.bus.publish).roll_back("mine", 0, "sari")
    assert "version one" in dewi.get("/desk").text
    here: Services = desk.app.extensions[EXTENSION]
    assert here.scripts.current().find("mine") is None
    kept = here.memory.script_progress(place.interaction_id).replace('\\"version\\":1', '\\"version\\":77')
    here.memory.keep_script_progress(place.interaction_id, kept)
    assert "Overdue bill" in dewi.get("/desk").text, "a version that nobody has any more begins anew as the situation has it"


@pytest.mark.parametrize("kept", ["", "null", "{", '{"scripts": ["x"], "changes": 0}', '{"scripts": [], "changes": 0}'])
def test_what_is_kept_and_can_not_be_read_begins_anew(desk: DeskHouse, dewi: Browser, place: Place, kept: str) -> None:
    here: Services = desk.app.extensions[EXTENSION]
    here.memory.keep_script_progress(place.interaction_id, kept)
    assert "Overdue bill" in dewi.get("/desk").text


def publish_page(desk: DeskHouse, *actions: dict[str, Any]) -> None:
    text = text_of(script(page("first", next="bye", actions=list(actions)), end(), name="overdue", queues=["billing"],
                          opens_when={"overdue_amount": {"more_than": 0}}, priority=50))  # fmt: skip
    services_of(desk).script_publisher.publish([read_script(text, "overdue")], "sari")


def services_of(desk: DeskHouse) -> Services:
    found: Services = desk.app.extensions[EXTENSION]
    return found


def press(browser: Browser, place: Place, does: str) -> Any:
    return browser.post("/api/script/action", interaction_id=place.interaction_id, script="overdue", page="first", does=does)


def test_a_hand_over_is_ordered_once_with_the_card_however_often_it_is_pressed(desk: DeskHouse, dewi: Browser) -> None:
    note = {"id": "{customer_name} mau beli <b>", "en": "{customer_name} wants to buy <b>"}
    publish_page(desk, {"does": "transfer", "to": "sales", "words": note})
    place = desk.reserve()
    assert 'data-action="transfer"' not in dewi.get("/desk").text, "nobody talks yet"
    assert press(dewi, place, "transfer").status_code == 404
    desk.step(place, Action.RING, Action.ANSWER)
    assert 'data-action="transfer"' in dewi.get("/desk").text
    for _press in range(3):
        assert press(dewi, place, "transfer").status_code == 200
    asked = desk.events(EventKind.CALL_CONTROL_ASKED)
    assert [(one.data["ask"], one.data["queue"]) for one in asked] == [("queue", "sales")]
    assert len(desk.events(EventKind.SCRIPT_ACTION_DONE)) == 1
    with desk.database.reading() as session:
        (card,) = cards_of(session, [place.interaction_id])
    assert card.note.endswith("wants to buy <b>")
    assert card.queue == "billing"
    assert set(card.script) == {"id", "en"}, "whoever reads it may speak another language than who wrote it"
    desk.record(place)
    told = dewi.get(f"/customers/{desk.customer_id}").text
    assert "Handed over by Dewi" in told, "it stays in the customer's history"
    assert "wants to buy &lt;b&gt;" in told
    assert "<b>" not in dewi.get("/desk").text.partition("Handed over")[2][:400]


def test_a_ticket_of_a_script_is_told_like_any_other_and_once(desk: DeskHouse, dewi: Browser) -> None:
    publish_page(desk, {"does": "open_ticket", "about": "billing", "words": {"id": "Tagihan", "en": "Bill"}})
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    dewi.get("/desk")
    for _press in range(2):
        assert press(dewi, place, "open_ticket").status_code == 200
    (opened,) = desk.events(EventKind.TICKET_OPENED)
    assert (opened.interaction_id, opened.agent_id, opened.data["category"]) == (place.interaction_id, "1001", "billing")
    with desk.database.reading() as session:
        assert session.scalars(select(Ticket.number)).one() == opened.data["number"]


def test_an_offer_on_a_page_says_why_there_is_none_and_takes_no_answer(desk: DeskHouse, dewi: Browser) -> None:
    """Service first: nothing is offered to somebody whose bill is overdue, whatever the script says."""
    publish_page(desk, {"does": "offer"})
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    shown = dewi.get("/desk").text
    there = shown[shown.index('id="action-first-offer"') :].split("</section>")[0]
    assert "data-offered" not in there
    assert press(dewi, place, "offer").status_code == 200
    assert desk.events(EventKind.SCRIPT_ACTION_DONE) == []
    assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="accepted").status_code == 409
    assert desk.events(EventKind.OFFER_ANSWERED) == []
