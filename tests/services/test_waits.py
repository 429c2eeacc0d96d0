"""The pages that say why a caller waited: the list, and the story of one."""

import pytest

from core.event_archive import archive
from core.events import Event
from routing.agent_state import Action
from routing.place import Place
from tests.services.desk_house import DeskHouse


def keep(desk: DeskHouse) -> None:
    """What the call log does: the events of the stream are on disk."""
    seen: list[Event] = []
    position = "0-0"
    while later := desk.bus.read(position):
        seen += later
        position = later[-1].position
    with desk.database.writing() as session:
        archive(session, seen)
        session.commit()


def answered(desk: DeskHouse, queue: str = "billing") -> Place:
    place = desk.reserve(queue=queue)
    desk.clock.advance(1)
    desk.step(place, Action.RING)
    desk.clock.advance(4)
    desk.step(place, Action.ANSWER)
    desk.record(place)
    keep(desk)
    return place


def test_the_longest_waits_of_the_day_lead_to_their_stories(desk: DeskHouse) -> None:
    place = answered(desk)
    browser = desk.browser("sari")
    page = browser.get("/wallboard/waits").text
    assert f"/wallboard/waits/{place.interaction_id}" in page
    assert ">0:43<" in page
    assert f"/wallboard/waits/{place.interaction_id}" not in browser.get("/wallboard/waits?queue=sales").text
    assert "Nobody stood in line on this day." in browser.get("/wallboard/waits?day=2026-03-01").text
    assert browser.get("/wallboard/waits?day=tomorrow").status_code == 400


def test_a_story_says_who_could_and_who_got_them(desk: DeskHouse) -> None:
    place = answered(desk)
    page = desk.browser("sari").get(f"/wallboard/waits/{place.interaction_id}").text
    assert "could serve them (needed: billing 2+)." in page
    assert "Why Dewi Anggraini?" in page
    assert "1 agent was ready and able at that moment." in page


def test_a_story_is_told_in_indonesian_too(desk: DeskHouse) -> None:
    place = answered(desk)
    browser = desk.browser("sari")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "id"
    browser.get("/wallboard/waits")
    browser.client.post("/language", data={"csrf_token": browser.token, "language": "id", "page": "wallboard.page"})
    page = browser.get(f"/wallboard/waits/{place.interaction_id}").text
    assert "Mengapa Dewi Anggraini?" in page
    assert "diperlukan: billing 2+" in page


@pytest.mark.parametrize("interaction_id", ["3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f", "<script>"])
def test_who_never_stood_in_line_has_no_story(desk: DeskHouse, interaction_id: str) -> None:
    assert desk.browser("sari").get(f"/wallboard/waits/{interaction_id}").status_code == 404


def test_waits_are_for_supervisors(desk: DeskHouse) -> None:
    for login in ("dewi", "plan"):
        assert desk.browser(login).get("/wallboard/waits").status_code == 403
    assert desk.browser().get("/wallboard/waits").status_code == 302
