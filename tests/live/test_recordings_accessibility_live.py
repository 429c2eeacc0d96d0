"""The pages of recorded talks and the pause on the desk are open to everybody, and their player obeys the keyboard."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.events import Event, EventKind
from core.settings import Settings
from crm.talk_recordings import GoneWhy, HeardHow, TalkRecording, keep_gone, keep_hearing
from cti.talks.bringing_in import bring_in_talks
from routing.agent_state import Action
from tests.live.house import wait_until
from tests.live.walk import LOOKS, PC, PHONE, Walk
from tests.services.recorded_talks import asterisk_wrote, told

pytestmark = [pytest.mark.one_database, pytest.mark.long]
AGENT = "1001"  # sari's


def recorded(house, tmp_path: Path, ago_s: float = 400) -> TalkRecording:
    """A talk of Sari's with a known customer, with a pause in it, in the store."""
    place = house.put_in_line()
    house.record_talk(AGENT, place, ago_s=ago_s, talked_s=100)
    ended_at = house.clock.now() - timedelta(seconds=ago_s - 100)
    for kind, before_s in ((EventKind.RECORDING_PAUSED, 60), (EventKind.RECORDING_RESUMED, 40)):
        told(house.database, place.interaction_id, kind, ended_at - timedelta(seconds=before_s), AGENT)
    raw = tmp_path / "spool"
    raw.mkdir(exist_ok=True)
    asterisk_wrote(raw, place.interaction_id, ended_at, length_s=100, agent_s=80)
    store = Settings(home=house.home, session_key="x", redis_password="x", ami_password="x").talks_folder
    [row] = bring_in_talks(house.database, raw, store, house.clock.now())
    with house.database.reading() as session:
        return session.get_one(TalkRecording, row)


def heard_and_gone(house, talk: TalkRecording, gone: TalkRecording) -> None:
    now = house.clock.now()
    with house.database.writing() as session:
        session.get_one(TalkRecording, talk.id).held_by = "ratna"
        session.get_one(TalkRecording, talk.id).held_at = now
        keep_hearing(session, talk.id, "sari", HeardHow.PLAYED, now)
        keep_hearing(session, talk.id, "admin", HeardHow.DOWNLOADED, now)
        keep_gone(session, gone.id, GoneWhy.AGE, now)
        session.commit()


@pytest.mark.parametrize(("look", "size"), list(zip(LOOKS, [PC, PHONE], strict=True)), ids=["pc", "phone"])
def test_the_list_the_player_and_who_has_heard_it(browser, house, look, size, tmp_path):
    talk, gone = recorded(house, tmp_path), recorded(house, tmp_path, ago_s=900)
    heard_and_gone(house, talk, gone)
    walk = Walk(browser, house, "ratna", look, size)
    page = walk.page
    page.goto(f"{house.address}/recordings")
    walk.look("the list of a day")
    page.screenshot(path=tmp_path / "list.png")
    page.goto(f"{house.address}/recordings/{talk.interaction_id}")
    page.wait_for_selector("[data-play]")
    walk.look("a talk")
    page.screenshot(path=tmp_path / "talk.png", full_page=True)
    page.focus(".talk__seek")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.querySelector('[data-talk] audio').playbackRate") == 1.25
    page.keyboard.press("Space")
    wait_until(lambda: page.evaluate("document.querySelector('[data-talk] audio').currentTime") > 5.2, "the sound")
    walk.look("while it plays")
    page.screenshot(path=tmp_path / "playing.png")
    page.keyboard.press("Space")
    wait_until(lambda: page.evaluate("document.querySelector('[data-talk] audio').paused"), "the silence")
    page.click("[data-jump]")
    at_s = page.evaluate("document.querySelector('[data-talk] audio').currentTime")
    assert at_s == pytest.approx(talk.marks[0][1], abs=0.1)
    page.goto(f"{house.address}/recordings/{gone.interaction_id}")
    walk.look("one that is deleted")
    walk.end()


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark"])
def test_the_pause_on_the_desk(browser, house, look, tmp_path):
    walk = Walk(browser, house, "sari", look)
    page = walk.page
    house.make_ready(AGENT)
    place = replace(house.put_in_line(), may_record=True)
    waits = Event(EventKind.INTERACTION_QUEUED, place.queued_at, place.interaction_id, data={"queue": place.queue, "again": True})
    house.store.put_in_line(place, waits)
    house.reserve(AGENT, place)
    house.step(AGENT, place, Action.RING)
    house.step(AGENT, place, Action.ANSWER)
    page.wait_for_selector("[data-recording=asked]")
    for is_recorded, shown in ((False, "[data-recording=off]"), (True, "[data-record=pause]")):
        told = Event(EventKind.RECORDING_FOUND, house.clock.now(), place.interaction_id, AGENT, {"is_recorded": is_recorded})
        assert house.changes.found_recorded(house.store.agent(AGENT), is_recorded, told)
        page.wait_for_selector(shown)
        walk.look(f"recorded: {is_recorded}")
    walk.look("recorded")
    page.screenshot(path=tmp_path / "recorded.png")
    agent, now = house.store.agent(AGENT), house.clock.now()
    paused = Event(EventKind.RECORDING_PAUSED, now, place.interaction_id, AGENT, {"until": ""})
    assert house.changes.pause_recording(agent, now + timedelta(seconds=16), paused)
    page.wait_for_selector("[data-record=on] #recording-left")
    walk.look("paused")
    page.screenshot(path=tmp_path / "paused.png")
    page.wait_for_selector(".toast >> nth=1")  # it was paused, and it is about to go on
    house.step(AGENT, place, Action.HANG_UP)
    walk.end()
