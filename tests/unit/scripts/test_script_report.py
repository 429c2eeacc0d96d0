"""The report of scripts, from events as the desk tells them."""

from datetime import timedelta
from random import Random

from core.events import Event, EventKind
from scripts.script_report import script_reports
from tests.unit.scripts.small_scripts import NOW


def told(seconds_s: float, kind: EventKind, call: str, agent: str = "1001", **data: object) -> Event:
    base = {"script": "billing", "version": 2} if kind is not EventKind.INTERACTION_ANSWERED else {}
    return Event(kind, NOW + timedelta(seconds=seconds_s), call, agent, base | data)


EVENTS = [
    told(0, EventKind.SCRIPT_OPENED, "a", page="hello", how="by_itself"),
    told(10, EventKind.INTERACTION_ANSWERED, "a"),
    told(30, EventKind.SCRIPT_STEP_TAKEN, "a", page="hello", answer="pays", to="when"),
    told(40, EventKind.SCRIPT_STEP_TAKEN, "a", page="when", answer="back", to="hello"),
    told(50, EventKind.SCRIPT_STEP_TAKEN, "a", page="hello", answer="pays", to="when"),
    told(55, EventKind.SCRIPT_STEP_TAKEN, "a", page="when", answer="typed", to="bye"),
    told(56, EventKind.SCRIPT_ACTION_DONE, "a", page="bye", does="write_note"),
    told(90, EventKind.SCRIPT_ENDED, "a", page="bye", finished=True, outcome="promise_to_pay"),
    told(0, EventKind.SCRIPT_OPENED, "b", page="hello", how="by_itself"),
    told(5, EventKind.INTERACTION_ANSWERED, "b"),
    told(45, EventKind.SCRIPT_STEP_TAKEN, "b", page="hello", answer="disputes", to="what"),
    told(60, EventKind.SCRIPT_ENDED, "b", page="what", finished=False, outcome="line_dropped"),
    told(0, EventKind.SCRIPT_OPENED, "c", page="hello", how="chosen"),
]


def test_pages_are_counted_timed_and_it_is_seen_where_they_are_left() -> None:
    (report,) = script_reports(EVENTS)
    assert (report.script, report.version, report.opened, report.chosen, report.finished) == ("billing", 2, 3, 1, 1)
    assert dict(report.outcomes) == {"promise_to_pay": 1, "line_dropped": 1}
    assert report.actions == (("write_note", 1),)
    pages = {page.page: page for page in report.pages}
    assert (pages["hello"].shown, pages["hello"].median_s, dict(pages["hello"].answers)) == (4, 20.0, {"pays": 2, "disputes": 1})
    assert (pages["when"].shown, pages["when"].median_s, pages["when"].back) == (2, 5.0, 1)
    assert {page.page: page.left_here for page in report.pages} == {"hello": 1, "when": 0, "bye": 1, "what": 1}


def test_an_event_that_is_there_twice_counts_once_in_whatever_order_they_come() -> None:
    shuffled = [*EVENTS, *EVENTS]
    Random(7).shuffle(shuffled)
    assert script_reports(shuffled) == script_reports(EVENTS)


def test_a_second_agent_has_a_time_of_their_own() -> None:
    report, = script_reports([
        told(0, EventKind.SCRIPT_OPENED, "a", page="hello", how="by_itself"), told(0, EventKind.INTERACTION_ANSWERED, "a"),
        told(300, EventKind.INTERACTION_ANSWERED, "a", "1002"),
        told(310, EventKind.SCRIPT_STEP_TAKEN, "a", "1002", page="hello", answer="next", to="bye"),
    ])  # fmt: skip
    assert next(page for page in report.pages if page.page == "hello").median_s == 10.0
