"""Recorded talks with real calls: tones tell whose voice is on which side, and that hold, pauses and consults are not in it."""

import time
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.clock import SystemClock
from core.events import EventKind
from crm.customers import Consent, ConsentPurpose, Customer
from crm.talk_recordings import TalkRecording, hearings_of, recordings_of
from cti.talks.bringing_in import bring_in_talks
from cti.talks.jobs import raw_talks_folder
from ivr.line import Prompt
from launch.prompts import voice_of
from launch.settings_file import write_settings
from tests.live.browser import wait_for
from tests.live.call_control import AGENT_HZ, CALLER_HZ, OTHER_HZ, hand_over, handed, others_speak, talk, wait_hears
from tests.live.callers import interaction_of, press_through
from tests.live.hearing import RATE, heard_at_s, make_tone, samples, tone_level, tone_share
from tests.live.house import House, wait_until
from tests.live.test_consult_live import ask_first, phase
from tests.services.test_talks import sound_of

BOUND_S = 6
AUDIBLE = 0.02  # of a tone that is not there, the edges of others leave a quarter of that at most
AT_ONCE = 32_768  # bytes: Asterisk writes what a caller hears in pieces of this length, so a piece may end at once


def settings_of_recording(halo: House, **settings: str) -> None:
    write_settings(halo.settings.home, settings)
    for process in ("cti", "cti-2", "desk"):
        halo.stop_process(process)
        halo.start_process(process)
    wait_until(halo.cti_is_ready, "cti to be ready")
    wait_until(lambda: halo.check("desk") == "", "the desk to be ready")


@pytest.fixture(scope="module", autouse=True)
def recorded(_house: House) -> Iterator[None]:
    """Talks are recorded meanwhile, and a pause lasts six seconds at most."""
    settings_of_recording(_house, HALO_RECORD_TALKS="true", HALO_PAUSE_RECORDING_S=str(BOUND_S))
    yield
    settings_of_recording(_house, HALO_RECORD_TALKS="false", HALO_PAUSE_RECORDING_S="120")


def told(watch, kind: EventKind, interaction: str):
    return watch.wait(lambda event: event.kind is kind and event.interaction_id == interaction, kind.value)


def hears_on(call, seconds: float) -> None:
    """The talk goes on for so long, by what the caller hears; the caller speaks meanwhile."""
    call.speak()
    hears_more(call, seconds)


def hears_more(call, seconds: float) -> None:
    """The caller has heard so much more, whatever it is."""
    before = call.heard.stat().st_size
    wait_until(lambda: call.heard.stat().st_size >= before + AT_ONCE + seconds * RATE * 2, f"{seconds} s of talk")


def brought_in(halo: House, interaction: str, parts: int) -> list[TalkRecording]:
    """The rows of the interaction, when there are so many; the worker's own look may be the quicker one."""

    def rows() -> list[TalkRecording]:
        bring_in_talks(halo.database, raw_talks_folder(halo.settings), halo.settings.talks_folder, SystemClock().now())
        with halo.database.reading() as session:
            return recordings_of(session, [interaction])

    halo.interaction(interaction)
    wait_until(lambda: len(rows()) >= parts, f"{parts} recordings")
    return rows()


def sides(halo: House, row: TalkRecording) -> tuple[np.ndarray, np.ndarray]:
    sound = sound_of(halo.settings.talks_folder / row.file)
    return sound[:, 0], sound[:, 1]


def within(sound: np.ndarray, mark: list, margin_s: float = 0.3) -> np.ndarray:
    return sound[int((mark[1] + margin_s) * RATE) : int((mark[2] - margin_s) * RATE)]


def wrap_up(sari) -> None:
    wait_for(sari, agent_state="WRAP_UP")
    sari.keyboard.press("Alt+1")
    sari.keyboard.press("Control+Enter")
    wait_for(sari, agent_state="READY")


@pytest.mark.one_database
def test_both_sides_are_heard_and_neither_hold_nor_what_the_agent_paused(halo, sari, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    page = pages.open("2004")
    told(watch, EventKind.RECORDING_TOLD, interaction)
    expect(sari.locator("[data-record=pause]")).to_be_visible()
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("F6")
    told(watch, EventKind.INTERACTION_HELD, interaction)
    hears_on(call, 2)
    sari.keyboard.press("F6")
    told(watch, EventKind.INTERACTION_RESUMED, interaction)
    hears_on(call, 1.5)
    sari.keyboard.press("Alt+r")
    told(watch, EventKind.RECORDING_PAUSED, interaction)
    expect(sari.locator("[data-record=on] #recording-left")).to_be_visible()
    hears_on(call, 2)
    sari.keyboard.press("Alt+r")
    told(watch, EventKind.RECORDING_RESUMED, interaction)
    expect(sari.locator("[data-record=pause]")).to_be_visible()
    hears_on(call, 1.5)
    hand_over(sari, "2004")
    handed(watch, interaction)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague")
    hears_on(call, 1.5)
    wrap_up(sari)
    halo.carrier.hang_up_phone("agent-2004")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)

    first, second = brought_in(halo, interaction, 2)
    assert (first.agent_id, second.agent_id) == ("1001", "2004")
    caller, agent = sides(halo, first)
    marks = {mark[0]: mark for mark in first.marks}
    assert set(marks) == {"hold", "pause"}
    for mark in marks.values():
        assert len(within(caller, mark)) > RATE
        assert not within(caller, mark).any(), f"{mark[0]} is silent"
        assert not within(agent, mark).any(), f"{mark[0]} has no music"
    spoken = slice(0, int(marks["hold"][1] * RATE))
    assert tone_share(caller[spoken], CALLER_HZ) > 0.8
    assert tone_share(agent[spoken], AGENT_HZ) > 0.8
    after = slice(int((marks["pause"][2] + 0.5) * RATE), None)
    assert tone_share(caller[after], CALLER_HZ) > 0.8, "and it goes on after the pause"
    assert tone_share(agent[after], AGENT_HZ) > 0.8
    caller, agent = sides(halo, second)
    assert tone_share(caller, CALLER_HZ) > 0.8
    assert tone_share(agent, OTHER_HZ) > 0.8
    hear_in_the_page(halo, sari, first, second)


@pytest.mark.one_database
def test_the_phone_rings_while_they_are_told_and_nobody_takes_them_before_they_have_heard_it(halo, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    page = pages.open("2003")
    call = halo.dial(speech=make_tone(tmp_path / "caller.wav", CALLER_HZ)).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "10")
    page.wait_state("TALKING")
    told(watch, EventKind.RECORDING_TOLD, interaction)
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the agent")
    hears_on(call, 2)
    happened = {str(each.data.get("action") or each.kind): each.at for each in watch.events if each.interaction_id == interaction}
    assert happened["answer"] < happened[str(EventKind.RECORDING_TOLD)], "the agent was there before they had heard it"
    notice = voice_of(halo.settings).file_for(Prompt("talk_recorded", "id"))
    (notice_at_s,) = heard_at_s(call.heard, notice)
    before = samples(call.heard)[: int((notice_at_s + len(samples(notice)) / RATE) * RATE)]
    assert tone_share(before[-3 * RATE :], OTHER_HZ) < 0.2, "the notice, and no agent"
    call.hang_up()
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)
    (row,) = brought_in(halo, interaction, 1)
    caller, agent = sides(halo, row)
    assert tone_share(caller, CALLER_HZ) > 0.8
    assert tone_share(agent, OTHER_HZ) > 0.8


def hear_in_the_page(halo: House, sari, own: TalkRecording, others: TalkRecording) -> None:
    """The agent hears their own part in the page, by keys; that is on record, and the colleague's part is not to be had."""
    page, sound = sari.context.new_page(), f"document.querySelector('#talk-{own.id} audio')"
    page.goto(f"{halo.address}/recordings/{own.interaction_id}")
    expect(page.locator(f"#talk-{own.id}")).to_be_visible()
    expect(page.locator(f"#talk-{others.id}")).to_have_count(0)
    page.focus(f"#talk-{own.id} [data-play]")
    page.keyboard.press("Space")
    wait_until(lambda: page.evaluate(f"{sound}.currentTime") > 0.3, "the sound")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    wait_until(lambda: page.evaluate(f"{sound}.currentTime") > 5, "five seconds on")
    assert page.evaluate(f"{sound}.duration") == pytest.approx(own.length_s, abs=0.1)
    assert page.request.get(f"{halo.address}/recordings/{others.id}/sound").status == 403
    with halo.database.reading() as session:
        assert {(row.login, row.how) for row in hearings_of(session, [own.id, others.id], 9)} == {("sari", "played")}
    page.close()


@pytest.mark.long
@pytest.mark.one_database
def test_a_killed_cti_loses_nothing_and_a_pause_holds_and_ends_without_it(halo, sari, tmp_path):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("Alt+r")
    told(watch, EventKind.RECORDING_PAUSED, interaction)
    killed = halo.leader()
    pid = halo.kill(killed)
    hears_on(call, 3)
    resumed = told(watch, EventKind.RECORDING_RESUMED, interaction)
    assert resumed.data["why"] == "time"
    expect(sari.locator("[data-record=pause]")).to_be_visible()
    hears_on(call, 2)
    halo.wait_restarted(killed, pid)
    wait_until(halo.cti_is_ready, "cti to be ready")
    killed = halo.leader()
    pid = halo.kill(killed)
    sari.keyboard.press("F6")
    held_at = time.time() + 0.5
    hears_on(call, 1)
    taken_back_at = time.time()
    sari.keyboard.press("F6")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
    hears_on(call, 1)
    halo.wait_restarted(killed, pid)
    wait_until(halo.cti_is_ready, "cti to be ready")
    sari.keyboard.press("F9")
    wrap_up(sari)

    record = halo.interaction(interaction)
    spoke_s = sum((part.ended_at - part.started_at).total_seconds() for part in record.segments if part.kind in ("TALK", "HOLD"))
    (row,) = brought_in(halo, interaction, 1)
    assert spoke_s - 0.5 < row.length_s < spoke_s + 1.5, "nothing is missing"
    caller, agent = sides(halo, row)
    (mark,) = [each for each in row.marks if each[0] == "pause"]
    assert BOUND_S - 1 < mark[2] - mark[1] < BOUND_S + 5
    assert not within(caller, mark).any()
    assert not within(agent, mark).any()
    after = int((mark[2] + 0.5) * RATE)
    assert tone_share(caller[after : after + RATE], CALLER_HZ) > 0.8, "who spoke on was recorded again"
    begun = row.started_at.timestamp()
    music = agent[int((held_at - begun) * RATE) : int((taken_back_at - begun) * RATE)]
    assert len(music) > RATE
    assert not music.any(), "on hold while none led"
    assert tone_share(agent[int((taken_back_at + 1 - begun) * RATE) :], AGENT_HZ) > 0.8


@pytest.mark.long
@pytest.mark.one_database
def test_a_consult_is_not_in_it_but_the_three_way_talk_is(halo, sari, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path, length_s=40)
    call, interaction = talk(halo, sari, watch, tmp_path)
    page = pages.open("2004")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    ask_first(sari, "2004")
    phase(watch, interaction, "with_them")
    expect(sari.locator("[data-recording=away]")).to_be_visible()
    hears_on(call, 2)
    sari.keyboard.press("Alt+m")
    phase(watch, interaction, "three")
    wait_hears(call.heard, OTHER_HZ, "the caller to hear the colleague", share=0.2)
    hears_on(call, 2)
    sari.keyboard.press("F9")
    wrap_up(sari)
    halo.carrier.hang_up_phone("agent-2004")
    page.wait_state("WRAP_UP")
    page.save("solved", "", ready_after=False)

    rows = brought_in(halo, interaction, 2)
    _caller, agent = sides(halo, rows[0])
    assert tone_share(agent, AGENT_HZ) > 0.8
    assert tone_share(agent, OTHER_HZ) < 0.05, "the caller did not hear the colleague, nor does the recording"
    record = halo.interaction(interaction)
    (consult,) = [part for part in record.segments if part.kind == "CONSULT"]
    gaps = [(rows[0].started_at.timestamp() + rows[0].length_s, rows[1].started_at.timestamp())]
    assert gaps[0][0] == pytest.approx(consult.started_at.timestamp(), abs=0.5)
    assert gaps[0][1] == pytest.approx(consult.ended_at.timestamp(), abs=1.5)
    assert rows[1].agent_id == "1001"
    _caller, helpers = sides(halo, rows[1])
    assert tone_level(helpers, OTHER_HZ) > AUDIBLE
    assert tone_level(helpers, AGENT_HZ) > AUDIBLE


@pytest.mark.long
@pytest.mark.one_database
def test_a_pause_holds_through_a_consult(halo, sari, pages, tmp_path):
    watch = halo.watch()
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    page = pages.open("2004")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("Alt+r")
    told(watch, EventKind.RECORDING_PAUSED, interaction)
    ask_first(sari, "2004")
    phase(watch, interaction, "with_them")
    sari.keyboard.press("Alt+b")
    phase(watch, interaction, "")
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent again")
    hears_on(call, 1)
    told(watch, EventKind.RECORDING_RESUMED, interaction)
    expect(sari.locator("[data-record=pause]")).to_be_visible()
    hears_on(call, 2)
    sari.keyboard.press("F9")
    wrap_up(sari)
    page.wait_state("READY")

    rows = brought_in(halo, interaction, 2)
    paused = [event for event in watch.events if event.kind is EventKind.RECORDING_PAUSED][-1].at.timestamp()
    on = [event for event in watch.events if event.kind is EventKind.RECORDING_RESUMED][-1].at.timestamp()
    for row in rows:
        begun = row.started_at.timestamp()
        for side in sides(halo, row):
            secret = side[max(0, int((paused + 0.2 - begun) * RATE)) : max(0, int((on - 0.2 - begun) * RATE))]
            assert not secret.any()
    assert tone_share(sides(halo, rows[-1])[0], CALLER_HZ) > 0.8


@pytest.mark.long
@pytest.mark.one_database
def test_of_who_objects_nothing_is_kept(halo, sari, tmp_path):
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    sari.keyboard.press("Control+k")
    sari.keyboard.type("keberatan")
    sari.keyboard.press("Enter")
    told(watch, EventKind.RECORDING_REFUSED, interaction)
    expect(sari.locator("[data-record]")).to_have_count(0)
    hears_on(call, 1)
    sari.keyboard.press("F9")
    wrap_up(sari)
    halo.interaction(interaction)
    raw = raw_talks_folder(halo.settings)
    wait_until(lambda: brought_in(halo, interaction, 0) == [] and not list(raw.glob(f"{interaction}*")), "the files to be deleted")

    wait_for(sari, agent_state="READY")
    by_key = halo.dial().wait_answered()
    started = watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_STARTED and event.data["ani"] == by_key.number, "the call to arrive"
    )
    press_through(by_key, started.interaction_id, watch, "131")
    hears_more(by_key, 4.5)  # "we connect you …", and the beginning of the announcement
    by_key.press("9")
    told(watch, EventKind.RECORDING_REFUSED, started.interaction_id)
    wait_for(sari, phone="ringing")
    sari.keyboard.press("F4")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    expect(sari.locator("[data-record]")).to_have_count(0)
    wait_hears(by_key.heard, AGENT_HZ, "the caller to hear the agent")
    assert not list(raw.glob(f"{started.interaction_id}*"))
    sari.keyboard.press("F9")
    wrap_up(sari)


@pytest.mark.long
@pytest.mark.one_database
def test_of_a_customer_who_refused_and_is_named_only_in_the_talk_nothing_is_kept(halo, sari, tmp_path):
    with halo.database.writing() as session:
        people = session.scalars(select(Customer).order_by(Customer.id)).all()
        names = Counter(each.name for each in people)
        known = next(each for each in people if names[each.name] == 1)
        known.consents = [each for each in known.consents if each.purpose != ConsentPurpose.RECORDING]
        session.flush()
        known.consents.append(Consent(purpose=ConsentPurpose.RECORDING, granted=False, source="test", given_at=SystemClock().now()))
        session.commit()
        name, customer_id = known.name, known.id
    watch = halo.watch()
    call, interaction = talk(halo, sari, watch, tmp_path)
    wait_hears(call.heard, AGENT_HZ, "the caller to hear the agent")
    expect(sari.locator("[data-record=pause]")).to_be_visible()
    raw = raw_talks_folder(halo.settings)
    assert list(raw.glob(f"{interaction}*")), "it is recorded up to here"
    sari.keyboard.press("Control+k")
    sari.keyboard.type(name)
    sari.locator("#palette [role=option]", has_text=name).first.click()
    sari.locator(f"[data-identify='{customer_id}']").click()
    told(watch, EventKind.INTERACTION_IDENTIFIED, interaction)
    assert told(watch, EventKind.RECORDING_REFUSED, interaction).data == {"how": "consent"}
    expect(sari.locator("#toasts")).to_contain_text("Rekaman percakapan ini tidak disimpan.")
    expect(sari.locator("#work .person__name").first).to_contain_text(name)
    expect(sari.locator("[data-record]")).to_have_count(0)
    hears_on(call, 1)
    sari.keyboard.press("F9")
    wrap_up(sari)
    assert halo.interaction(interaction).customer_id == customer_id
    wait_until(lambda: brought_in(halo, interaction, 0) == [] and not list(raw.glob(f"{interaction}*")), "the files to be deleted")
