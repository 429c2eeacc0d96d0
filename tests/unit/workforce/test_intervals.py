"""Interval figures computed from the contact history."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from core.database import Database
from core.errors import BadInput
from core.ids import new_id
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from routing.label import Label
from routing.policy import Policy, Queue
from routing.service_level import service_level
from workforce.interval_row import IntervalRow
from workforce.intervals import interval_rows

DAY = datetime(2026, 3, 2, tzinfo=UTC)
SALES = Queue(name="sales", label=Label(id="Jual", en="Sales"), answer_within_s=20, service_target=0.8, short_abandon_s=5)
BILLING = Queue(name="billing", label=Label(id="Tagih", en="Billing"), answer_within_s=30, service_target=0.9, short_abandon_s=5)
QUEUES = Policy(queues=(SALES, BILLING), fallback="sales")


def offered(
    queue: str, at_s: float, *, answered_after_s: float | None = None, gone_after_s: float | None = None, talk_s: float = 0,
    hold_s: float = 0, wrap_up_s: float | None = None,
) -> Interaction:  # fmt: skip
    """An interaction offered `at_s` after midnight; `wrap_up_s` None: still in wrap-up."""
    at = DAY + timedelta(seconds=at_s)
    interaction = Interaction(id=new_id(), queue=queue, started_at=at - timedelta(seconds=30), offered_at=at, segments=[])
    if gone_after_s is not None:
        interaction.ended_at = at + timedelta(seconds=gone_after_s)
        interaction.outcome = Outcome.ABANDONED
    if answered_after_s is not None:
        moment = interaction.answered_at = at + timedelta(seconds=answered_after_s)
        interaction.outcome = Outcome.ANSWERED
        for kind, length_s in ((SegmentKind.TALK, talk_s), (SegmentKind.HOLD, hold_s), (SegmentKind.WRAP_UP, wrap_up_s)):
            ended = None if length_s is None else moment + timedelta(seconds=length_s)
            interaction.segments.append(Segment(kind=kind, started_at=moment, ended_at=ended))
            moment = ended or moment
    return interaction


def rows_of(database: Database, interactions: Sequence[Interaction], minutes: int = 30) -> dict[tuple[str, datetime], IntervalRow]:
    with database.writing() as session:
        session.add_all(interactions)
        session.commit()
    with database.reading() as session:
        rows = interval_rows(session, QUEUES, DAY, DAY + timedelta(days=1), minutes)
    return {(row.queue, row.starts_at): row for row in rows}


def test_a_day_has_every_interval_of_every_queue_even_empty(database: Database) -> None:
    rows = rows_of(database, [])
    assert len(rows) == 2 * 48
    empty = rows["sales", DAY]
    assert (empty.offered, empty.load_erlang, empty.agents_needed) == (0, 0.0, 0)
    assert empty.service_level is None
    assert empty.asa_s is None
    assert empty.aht_s is None


def test_an_interaction_belongs_to_the_interval_in_which_it_was_offered(database: Database) -> None:
    last_second = offered("sales", 1799, answered_after_s=600, talk_s=100, wrap_up_s=10)
    rows = rows_of(database, [last_second, offered("sales", 1800, gone_after_s=60)])
    assert (rows["sales", DAY].answered, rows["sales", DAY].abandoned) == (1, 0)
    second = rows["sales", DAY + timedelta(minutes=30)]
    assert (second.offered, second.answered, second.abandoned) == (1, 0, 1)


def test_service_level_leaves_short_abandons_out_and_counts_the_others_against_it(database: Database) -> None:
    row = rows_of(
        database,
        [
            offered("sales", 10, answered_after_s=20, talk_s=60, wrap_up_s=0),
            offered("sales", 20, answered_after_s=20.5, talk_s=60, wrap_up_s=0),
            offered("sales", 30, gone_after_s=5),
            offered("sales", 40, gone_after_s=5.5),
        ],
    )["sales", DAY]
    assert (row.offered, row.answered, row.answered_within, row.abandoned, row.short_abandons) == (4, 2, 1, 2, 1)
    assert row.service_level == pytest.approx(1 / 3)
    assert row.asa_s == pytest.approx(20.25)


def test_each_queue_is_measured_by_its_own_threshold(database: Database) -> None:
    rows = rows_of(
        database,
        [offered(queue, 0, answered_after_s=25, talk_s=60, wrap_up_s=0) for queue in ("sales", "billing")],
    )
    assert rows["sales", DAY].answered_within == 0
    assert rows["billing", DAY].answered_within == 1


def test_aht_is_talk_and_hold_and_wrap_up_of_those_that_are_over(database: Database) -> None:
    row = rows_of(
        database,
        [
            offered("sales", 0, answered_after_s=5, talk_s=200, hold_s=40, wrap_up_s=60),
            offered("sales", 60, answered_after_s=5, talk_s=90, wrap_up_s=10),
            offered("sales", 120, answered_after_s=5, talk_s=500, wrap_up_s=None),
        ],
    )["sales", DAY]
    assert row.answered == 3
    assert row.handled == 2
    assert row.aht_s == pytest.approx((300 + 100) / 2)


def test_load_is_arrivals_times_aht_over_the_length_of_the_interval(database: Database) -> None:
    calls = [offered("sales", n, answered_after_s=5, talk_s=170, wrap_up_s=10) for n in range(100)]
    row = rows_of(database, calls)["sales", DAY]
    assert row.load_erlang == pytest.approx(10)
    assert row.agents_needed == 14  # the published example of test_erlang: 10 erlangs, 80 % in 20 s


def test_an_interval_without_handling_is_planned_with_the_days_aht(database: Database) -> None:
    handled = offered("sales", 0, answered_after_s=5, talk_s=170, wrap_up_s=10)
    lost = [offered("sales", 3600 + n, gone_after_s=60) for n in range(10)]
    row = rows_of(database, [handled, *lost])["sales", DAY + timedelta(hours=1)]
    assert row.aht_s is None
    assert row.load_erlang == pytest.approx(1.0)


def test_without_any_handling_the_load_is_unknown_not_zero(database: Database) -> None:
    row = rows_of(database, [offered("sales", 0, gone_after_s=60)])["sales", DAY]
    assert row.load_erlang is None
    assert row.agents_needed is None


def test_who_still_waits_is_offered_and_nothing_else(database: Database) -> None:
    row = rows_of(database, [offered("sales", 0)])["sales", DAY]
    assert (row.offered, row.answered, row.abandoned) == (1, 0, 0)
    assert row.service_level == 0


def test_the_day_is_half_open_and_other_queues_are_left_out(database: Database) -> None:
    rows = rows_of(
        database,
        [offered("sales", -1, gone_after_s=9), offered("sales", 86400, gone_after_s=9), offered("closed_queue", 5, gone_after_s=9)],
    )
    assert sum(row.offered for row in rows.values()) == 0


def test_quarters_add_up_to_the_half_hour(database: Database) -> None:
    calls = [offered("sales", 400 * n, answered_after_s=n, talk_s=60, wrap_up_s=5) for n in range(9)]
    halves = rows_of(database, calls)
    with database.reading() as session:
        quarters = interval_rows(session, QUEUES, DAY, DAY + timedelta(days=1), 15)
    for name in ("offered", "answered", "answered_within", "handled", "handle_s", "wait_s"):
        assert sum(getattr(row, name) for row in quarters) == pytest.approx(sum(getattr(row, name) for row in halves.values()))
    assert len({row.starts_at for row in quarters if row.offered}) > len({row.starts_at for row in halves.values() if row.offered})


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (DAY, DAY + timedelta(days=1), 7),
        (DAY, DAY + timedelta(minutes=40), 30),
        (DAY, DAY - timedelta(minutes=30), 30),
        (DAY.replace(tzinfo=None), DAY.replace(tzinfo=None) + timedelta(days=1), 30),
    ],
)
def test_what_is_no_whole_number_of_intervals_is_refused(database: Database, start: datetime, end: datetime, minutes: int) -> None:
    with database.reading() as session, pytest.raises(BadInput):
        interval_rows(session, QUEUES, start, end, minutes)


def test_the_glossarys_service_level() -> None:
    assert service_level(answered_within=70, offered=110, not_counted=10) == pytest.approx(0.7)
    assert service_level(answered_within=0, offered=3, not_counted=3) is None
