"""The wallboard's and the planner's numbers, from the archive, the log and the contact history."""

import csv
import io
from datetime import timedelta

import pytest

from agent_desktop.planner import CSV_COLUMNS
from agent_desktop.services import EXTENSION, Services
from core.event_archive import archive
from core.events import Event, EventKind
from routing.agent_state import Action
from tests.services.desk_house import DeskHouse


def queued(desk: DeskHouse, interaction_id: str) -> Event:
    at = desk.clock.now() - timedelta(minutes=5)
    return Event(EventKind.INTERACTION_QUEUED, at, interaction_id, data={"queue": "billing", "again": False})


def offered(desk: DeskHouse) -> int:
    services: Services = desk.app.extensions[EXTENSION]
    return services.boards.look(lambda board, now: board.counts("billing", now).offered)[1]


def test_an_event_in_the_archive_and_in_the_log_counts_once(desk: DeskHouse) -> None:
    both = desk.bus.publish(queued(desk, "i1"))
    only_archived = queued(desk, "i0").placed("1-0")
    with desk.database.writing() as session:
        archive(session, [only_archived, both])
        session.commit()
    desk.bus.publish(queued(desk, "i2"))
    assert offered(desk) == 3


def test_what_the_archive_has_not_written_yet_is_read_from_the_log(desk: DeskHouse) -> None:
    for number in range(3):
        desk.bus.publish(queued(desk, f"i{number}"))
    assert offered(desk) == 3


def test_the_file_has_a_row_for_every_queue_and_interval(desk: DeskHouse) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    desk.record(place, ended=True)
    answer = desk.browser("plan").get("/planner/intervals.csv?minutes=30")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == 4 * 48
    busy = [row for row in rows if row["offered"] != "0"]
    assert [(row["queue"], row["offered"], row["answered"]) for row in busy] == [("billing", "1", "1")]
    assert busy[0]["interval_start"] == "2026-03-02T11:30:00+07:00"


def test_the_page_shows_the_day_of_one_queue(desk: DeskHouse) -> None:
    place = desk.reserve()
    desk.record(place, ended=True)
    page = desk.browser("plan").get("/planner?queue=billing").text
    assert "11:30" in page
    assert 'class="bar"' in page
    assert "Bars appear here" in desk.browser("sari").get("/planner?queue=sales").text


@pytest.mark.parametrize("query", ["day=tomorrow", "day=2026-03-03", "day=1999-01-01", "minutes=7", "queue=none"])
def test_a_choice_that_does_not_exist_is_refused_in_words(desk: DeskHouse, query: str) -> None:
    answer = desk.browser("plan").get(f"/planner?{query}")
    assert answer.status_code == 400
    assert "Something in what was sent does not fit." in answer.text
