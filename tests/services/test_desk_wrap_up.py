"""The wrap-up on the page: a countdown that may be put off, or none."""

from dataclasses import replace

import pytest

from agent_desktop.policy_words import wrap_up_words
from agent_desktop.services import EXTENSION
from core.events import EventKind
from routing.agent_state import Action
from routing.place import Place
from routing.policy import Policy
from routing.policy_file import shipped_policy
from routing.wrap_up_rule import WrapUpMode, WrapUpRule
from tests.services.desk_house import Browser, DeskHouse


def in_wrap_up(desk: DeskHouse, rule: WrapUpRule) -> Place:
    here, shipped = desk.app.extensions[EXTENSION], shipped_policy().policy
    queues = tuple(queue.model_copy(update={"wrap_up": rule}) for queue in shipped.queues)
    desk.app.extensions[EXTENSION] = replace(here, policy=lambda: Policy(queues=queues, fallback=shipped.fallback))
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    agent = desk.store.agent("1001")
    ends = rule.ends(desk.clock.now(), 60)
    desk.changes.apply_reserved("1001", Action.HANG_UP, agent.token, interaction_id=place.interaction_id, deadline=ends)
    return place


def test_a_button_puts_it_off_as_far_as_the_queue_allows_it(desk: DeskHouse, dewi: Browser) -> None:
    place = in_wrap_up(desk, WrapUpRule(mode=WrapUpMode.EXTENDABLE, for_s=60, extend_s=30, at_most_s=100))
    assert 'data-do="extend"' in dewi.get("/desk").text
    first = desk.store.agent("1001").deadline
    assert first is not None
    facts = dewi.post("/api/wrap-up/extend", interaction_id=place.interaction_id)
    assert facts.status_code == 200
    later = desk.store.agent("1001").deadline
    assert later is not None
    assert (later - first).total_seconds() == 30
    assert dewi.post("/api/wrap-up/extend", interaction_id=place.interaction_id).status_code == 200
    answer = dewi.post("/api/wrap-up/extend", interaction_id=place.interaction_id)
    assert answer.json is not None
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "wrap_up_longest")
    assert 'data-do="extend"' not in dewi.get("/desk").text
    assert len(desk.events(EventKind.WRAP_UP_EXTENDED)) == 2


@pytest.mark.parametrize("rule", [WrapUpRule(), WrapUpRule(mode=WrapUpMode.FREE)])
def test_where_it_can_not_be_put_off_there_is_no_button(desk: DeskHouse, dewi: Browser, rule: WrapUpRule) -> None:
    place = in_wrap_up(desk, rule)
    html = dewi.get("/desk").text
    assert 'data-do="extend"' not in html
    assert ("data-deadline" in html) is (rule.mode is WrapUpMode.FIXED)
    assert dewi.post("/api/wrap-up/extend", interaction_id=place.interaction_id).status_code == 409


def test_nobody_puts_off_anothers_or_one_that_is_over(desk: DeskHouse, dewi: Browser) -> None:
    place = in_wrap_up(desk, WrapUpRule(mode=WrapUpMode.EXTENDABLE))
    rizky = desk.browser("rizky")
    rizky.get("/desk")
    assert rizky.post("/api/wrap-up/extend", interaction_id=place.interaction_id).status_code == 409
    desk.changes.finish_wrap_up("1001", place.interaction_id, True)
    assert dewi.post("/api/wrap-up/extend", interaction_id=place.interaction_id).status_code == 409


def test_a_supervisor_reads_it_in_words_and_sees_long_ones_marked(desk: DeskHouse, dewi: Browser) -> None:
    rule = WrapUpRule(mode=WrapUpMode.EXTENDABLE, for_s=60, extend_s=30, at_most_s=180, long_after_s=120)
    with desk.app.test_request_context(headers={"Accept-Language": "en"}):
        assert wrap_up_words(rule) == "1:00, longer by 30 s at a time, 3:00 at most"
        assert wrap_up_words(WrapUpRule(mode=WrapUpMode.FREE)) == "as long as it takes; marked after 5:00"
    in_wrap_up(desk, rule)
    html = desk.browser("sari").get("/wallboard").text
    assert "data-late-after" in html
    assert "Wrap-up" in desk.browser("sari").get("/policy").text
