"""The rules of tickets: their table of changes, and the clock that says by when they are due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problem import Faults
from crm.ticket_states import IllegalTicketChange, TicketAct, TicketStatus, legal_acts, status_after
from crm.ticket_targets import SHIPPED_FILE, read_targets, shipped_targets
from crm.tickets import Ticket, is_late
from crm.working_time import CalendarTime, WorkingWeek

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))  # noqa: DTZ001
lengths_s = st.integers(0, 40 * 3600)
spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
zones = st.sampled_from([JAKARTA, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")])
weeks = st.builds(
    WorkingWeek, st.lists(st.lists(spans, max_size=1).map(tuple), min_size=7, max_size=7).map(tuple).filter(any), zones
)  # fmt: skip


@given(st.lists(st.sampled_from(TicketAct), max_size=30))
def test_whatever_is_tried_a_ticket_is_in_one_status_and_only_legal_acts_move_it(acts: list[TicketAct]) -> None:
    status = TicketStatus.OPEN
    for act in acts:
        if act in legal_acts(status):
            after = status_after(status, act)
            assert (after is TicketStatus.SOLVED) == (act is TicketAct.SOLVE)
            status = after
        else:
            with pytest.raises(IllegalTicketChange):
                status_after(status, act)


def test_from_every_status_a_ticket_can_be_solved_and_a_solved_one_only_reopened() -> None:
    for status in TicketStatus:
        reached = status if status is not TicketStatus.SOLVED else status_after(status, TicketAct.REOPEN)
        assert status_after(reached, TicketAct.SOLVE) is TicketStatus.SOLVED
    assert legal_acts(TicketStatus.SOLVED) == {TicketAct.REOPEN}


@given(weeks, moments, lengths_s)
def test_until_it_is_due_lies_exactly_the_working_time_that_was_asked(week: WorkingWeek, start: datetime, time_s: int) -> None:
    due = week.after(start, time_s)
    assert week.between_s(start, due) == pytest.approx(time_s)
    if time_s:
        local = (due - timedelta(seconds=1)).astimezone(week.zone)
        assert week.between_s(due - timedelta(seconds=1), due) == 1, f"{local} is no working time"


@given(weeks | st.just(CalendarTime()), moments, lengths_s, lengths_s)
def test_time_adds_up_and_more_of_it_is_never_earlier(week: WorkingWeek | CalendarTime, start: datetime, first_s: int, then_s: int):
    whole = week.after(start, first_s + then_s)
    assert whole == week.after(week.after(start, first_s), then_s)
    assert whole >= week.after(start, first_s) >= start


@given(weeks, moments, st.integers(0, 30 * 86_400), st.integers(0, 30 * 86_400))
def test_working_time_is_never_more_than_time_and_parts_make_the_whole(week, first: datetime, part_s: int, rest_s: int) -> None:
    middle = first + timedelta(seconds=part_s)
    last = middle + timedelta(seconds=rest_s)
    whole = week.between_s(first, last)
    assert whole == pytest.approx(week.between_s(first, middle) + week.between_s(middle, last))
    assert 0 <= whole <= (last - first).total_seconds()


@given(st.sampled_from(["delivery", "product", "billing", "visit", "other"]), moments)
def test_the_more_urgent_the_earlier(category: str, since: datetime) -> None:
    dues = [shipped_targets().due(category, priority, since) for priority in (1, 2, 3, 4)]
    assert dues == sorted(dues)
    assert dues[0] > since


def test_office_hours_leave_nights_and_weekends_out() -> None:
    text = SHIPPED_FILE.read_text(encoding="utf-8") + "working_hours: {mon-fri: [08:00-12:00, 13:00-17:00]}\n"
    targets = read_targets(text, "tickets.yaml", JAKARTA)
    friday_16 = datetime(2026, 3, 6, 16, 0, tzinfo=JAKARTA)
    assert targets.due("delivery", 1, friday_16) == datetime(2026, 3, 9, 11, 0, tzinfo=JAKARTA)
    assert targets.due("billing", 1, friday_16) == datetime(2026, 3, 9, 16, 0, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("hours: {urgent: 8, high: 48, normal: 72}\n", 1, "hours.low is missing"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\ncategories:\n  parcels: {}\n", 3, "no category"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 0}\n", 1, "no number of hours"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\ncategories: {visit: {priority: soon}}\n", 2, "no priority"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\nworking_hours: {mon-fri: 17:00-08:00}\n", 2, "ends before it begins"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\nworking_hours: {someday: 08:00-17:00}\n", 1, "are no days"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\nworking_hours: {}\n", 1, "no working hours"),
        ("hours: {urgent: 8, high: 48, normal: 72, low: 96}\nsla: gold\n", 2, "is not known here"),
        ("hours: [\n", 2, "can't be read as YAML"),
    ],
)
def test_every_fault_is_named_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(Faults) as caught:
        read_targets(text, "tickets.yaml", JAKARTA)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert says in problem.message


def test_while_we_wait_for_the_customer_a_ticket_gets_no_later() -> None:
    ticket = Ticket(status="pending", due_at=NOW, waiting_since=NOW - timedelta(hours=1))
    assert not is_late(ticket, NOW + timedelta(days=9))
    ticket.waiting_since = NOW + timedelta(hours=1)
    assert is_late(ticket, NOW + timedelta(hours=2))
    ticket.status, ticket.waiting_since = "open", None
    assert is_late(ticket, NOW + timedelta(seconds=1))
    assert not is_late(ticket, NOW)
    ticket.status = "solved"
    assert not is_late(ticket, NOW + timedelta(days=9))
