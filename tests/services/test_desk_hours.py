"""The supervisors' page of hours: what it shows, close now, reopen, undo, and the PIN for the phone."""

import io
import os
import re
import wave
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from ivr.closings import Closing, closings_folder, history, in_force
from ivr.control_pins import identify_controller
from ivr.hours import Why
from ivr.hours_file import SHIPPED_FILE
from ivr.hours_now import Hours
from ivr.hours_source import OWN_FILE
from tests.services.desk_house import Browser, DeskHouse


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    browser = desk.browser("sari")
    browser.get("/hours")
    return browser


def send(browser: Browser, path: str, **fields: object) -> TestResponse:
    return browser.client.post(path, data={"csrf_token": browser.token, **fields})


def state(desk: DeskHouse, schedule: str, home: Path) -> Why:
    return Hours(home, desk.database, fresh_for_s=0).state(schedule, desk.clock.now()).why


def newest(desk: DeskHouse) -> Closing:
    with desk.database.reading() as session:
        return history(session)[0]


def shown(page: str, schedule: str) -> str:
    """The section of a schedule."""
    found = re.search(rf'<section [^>]*data-schedule="{schedule}".*?</section>', page, re.S)
    assert found
    return found.group(0)


def wav(length_s: float = 1.0, rate: int = 16000) -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\x10\x20" * int(length_s * rate))
    file.seek(0)
    return file


def test_the_page_shows_each_line_now_and_this_week(desk: DeskHouse, sari: Browser) -> None:
    office = shown(sari.page, "office")
    assert 'data-open="yes"' in office
    assert "until 20:00" in office
    assert office.count('class="week__strip"') == 7
    assert '<rect class="week__open" x="480" width="720" height="16"/>' in office
    assert '<line class="week__now" x1="720" x2="720"' in office  # it is noon
    assert "Day of Silence" in office  # in the two weeks to come
    assert "around the clock" in shown(sari.page, "hotline")


def test_closed_says_when_it_opens(desk: DeskHouse, sari: Browser) -> None:
    desk.clock.advance(9 * 3600)
    office = shown(sari.get("/hours").text, "office")
    assert 'data-open="no"' in office
    assert "opens tomorrow 08:00" in office


def test_a_holiday_is_named_in_the_readers_language(desk: DeskHouse, sari: Browser) -> None:
    desk.clock.advance(17 * 24 * 3600)  # Nyepi
    assert '<span class="tag tag--warm">Day of Silence</span>' in shown(sari.get("/hours").text, "office")
    sari.client.post("/language", data={"csrf_token": sari.token, "language": "id", "page": "hours.page"})
    assert '<span class="tag tag--warm">Hari Suci Nyepi</span>' in shown(sari.get("/hours").text, "office")


OWN_HOURS = """
queues:
  technical: {schedule: office, week: {daily: 07:00-11:00}}
  sales: {schedule: office, zone: Asia/Tokyo}
"""


def queue_today(page: str, queue: str) -> str:
    """The row of a queue."""
    found = re.search(rf'<tr data-queue="{queue}".*?</tr>', page, re.S)
    assert found
    return found.group(0)


def test_each_queue_is_shown_as_it_is_today(desk: DeskHouse, sari: Browser, tmp_path: Path) -> None:
    for queue in ("sales", "billing", "technical", "general"):
        assert "around the clock" in queue_today(sari.page, queue)
        assert "Hotline" in queue_today(sari.page, queue)
    own = tmp_path / OWN_FILE
    own.parent.mkdir(exist_ok=True)
    own.write_text(SHIPPED_FILE.read_text(encoding="utf-8") + OWN_HOURS, encoding="utf-8")
    page = sari.get("/hours").text
    technical, sales = queue_today(page, "technical"), queue_today(page, "sales")
    for shown_there in ('data-open="no"', "07:00–11:00", "opens tomorrow 07:00", "Technical", "this queue alone"):
        assert shown_there in technical
    for shown_there in ('data-open="yes"', "08:00–20:00", "until 20:00", '<span class="tag">Tokyo</span>'):
        assert shown_there in sales
    assert "around the clock" in queue_today(page, "billing")
    send(sari, "/hours/close", schedule="office", until="", heard="")
    page = sari.get("/hours").text
    assert "Emergency" in queue_today(page, "sales")
    assert 'data-open="yes"' in queue_today(page, "billing")
    send(sari, "/hours/close", schedule="hotline", until="", heard="")
    assert "Emergency" in queue_today(sari.get("/hours").text, "billing")


def test_close_and_reopen_and_undo(desk: DeskHouse, sari: Browser, tmp_path: Path) -> None:
    closed = send(sari, "/hours/close", schedule="all", until="", heard="")
    assert closed.headers["Location"] == "/hours"
    assert {state(desk, name, tmp_path) for name in ("office", "hotline")} == {Why.EMERGENCY}
    page = sari.get("/hours").text
    assert "All lines closed by hand" in page
    assert "Emergency" in shown(page, "office")
    first = newest(desk)
    assert (first.closed_by, first.closed_way, first.until) == ("Sari", "page", None)

    answer = send(sari, f"/hours/{first.id}/reopen")
    assert state(desk, "office", tmp_path) is Why.REGULAR
    page = sari.get(answer.headers["Location"]).text
    assert "All lines reopened" in page
    assert f'action="/hours/{first.id}/close-again"' in page

    send(sari, f"/hours/{first.id}/close-again")
    assert state(desk, "office", tmp_path) is Why.EMERGENCY
    assert newest(desk).id != first.id
    assert send(sari, f"/hours/{first.id}/reopen").headers["Location"] == "/hours"  # over already: nothing to undo


def test_one_line_until_a_time_with_words_of_ones_own(desk: DeskHouse, sari: Browser, tmp_path: Path) -> None:
    send(sari, "/hours/close", schedule="office", until="at", until_at="2026-03-02T15:30", heard="text", text_id="Listrik <padam>.")
    closing = newest(desk)
    assert (closing.schedule, closing.until) == ("office", desk.clock.now() + timedelta(hours=3.5))
    assert state(desk, "hotline", tmp_path) is Why.REGULAR
    page = sari.get("/hours").text
    assert "Listrik &lt;padam&gt;." in page
    assert "opens 15:30" in shown(page, "office")
    spoken = sari.get(f"/hours/{closing.id}/message.wav?language=id")
    assert (spoken.mimetype, spoken.data[:4]) == ("audio/wav", b"RIFF")
    assert sari.get(f"/hours/{closing.id}/message.wav?language=en").data != spoken.data


def test_a_recording_is_converted_and_can_be_heard(desk: DeskHouse, sari: Browser, tmp_path: Path) -> None:
    send(sari, "/hours/close", schedule="all", until="4h", heard="recording", recording=(wav(5, 44100), "fire.wav"))
    closing = newest(desk)
    assert (closings_folder(tmp_path) / closing.recording).exists()
    heard = sari.get(f"/hours/{closing.id}/message.wav").data
    with wave.open(io.BytesIO(heard), "rb") as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"schedule": "nowhere"}, "That line is no longer there."),
        ({"until": "at"}, "Say until when"),
        ({"until": "at", "until_at": "2026-03-02T11:00"}, "That end has passed"),
        ({"until": "soon"}, "That end has passed"),
        ({"heard": "text", "text_id": "  ", "text_en": ""}, "Write what callers hear"),
        ({"heard": "text", "text_en": "x" * 601}, "more than 600 characters"),
        ({"heard": "recording"}, "Choose a WAV file first."),
    ],
)
def test_a_form_that_can_not_be_followed_closes_nothing_and_keeps_what_was_typed(
    desk: DeskHouse, sari: Browser, fields: dict[str, str], words: str
) -> None:
    answer = send(sari, "/hours/close", **{"schedule": "all", "text_en": "Kept words", **fields})
    assert answer.status_code == 400
    assert words in answer.text
    assert fields.get("text_en", "Kept words") in answer.text
    with desk.database.reading() as session:
        assert in_force(session, desk.clock.now()) == []


def test_a_file_that_is_no_sound_is_refused(desk: DeskHouse, sari: Browser) -> None:
    answer = send(sari, "/hours/close", heard="recording", recording=(io.BytesIO(b"MZ"), "x.wav"))
    assert (answer.status_code, "That file can't be used." in answer.text.replace("&#39;", "'")) == (400, True)


def test_only_a_supervisors_recording_may_be_large(desk: DeskHouse, sari: Browser) -> None:
    large = "x" * 100_000
    assert desk.browser("dewi").client.post("/hours/close", data={"text_en": large}).status_code == 413
    assert send(sari, "/hours/pin", pin=large).status_code == 413


@pytest.mark.parametrize("login", ["dewi", "plan", ""])
@pytest.mark.parametrize("path", ["/hours/close", "/hours/1/reopen", "/hours/1/close-again", "/hours/pin", "/hours/pin/remove"])
def test_it_is_for_supervisors_and_administrators_only(desk: DeskHouse, login: str, path: str) -> None:
    browser = desk.browser(login)
    browser.get("/login")
    for answer in (browser.get("/hours"), send(browser, path, schedule="all")):
        assert (answer.status_code, "/login" in answer.headers.get("Location", "")) in ((403, False), (302, True))
    with desk.database.reading() as session:
        assert list(history(session)) == []


def test_without_the_pages_token_nothing_is_closed(desk: DeskHouse, sari: Browser) -> None:
    assert sari.client.post("/hours/close", data={"schedule": "all"}).status_code == 400
    with desk.database.reading() as session:
        assert list(history(session)) == []


def test_a_pin_is_set_and_removed(desk: DeskHouse, sari: Browser) -> None:
    send(sari, "/hours/pin", pin="270184")
    found = re.search(r'id="control-number">(\d{4})<', sari.get("/hours").text)
    assert found
    controller = identify_controller(desk.database, found.group(1), "270184", desk.clock.now())
    assert controller is not None
    assert (controller.login, controller.name) == ("sari", "Sari")
    refused = send(sari, "/hours/pin", pin="111111")
    assert (refused.status_code, "A PIN has six digits" in refused.text, "111111" in refused.text) == (400, True, False)
    send(sari, "/hours/pin/remove")
    assert identify_controller(desk.database, found.group(1), "270184", desk.clock.now()) is None


def test_history_says_who_closed_and_who_reopened(desk: DeskHouse, sari: Browser) -> None:
    send(sari, "/hours/close", schedule="office", until="1h")
    send(desk_browser(desk, "root"), f"/hours/{newest(desk).id}/reopen")
    send(sari, "/hours/close", schedule="hotline", until="1h")
    desk.clock.advance(2 * 3600)
    page = sari.get("/hours").text
    assert "reopened 12:00, Root, on this page" in page
    assert "ended by itself" in page


def desk_browser(desk: DeskHouse, login: str) -> Browser:
    browser = desk.browser(login)
    browser.get("/hours")
    return browser


def test_a_broken_hours_file_is_said_on_the_page(desk: DeskHouse, sari: Browser, tmp_path: Path) -> None:
    own = tmp_path / OWN_FILE
    own.parent.mkdir(exist_ok=True)
    own.write_text("schedules:\n  office: {zone: Mars}\n", encoding="utf-8")
    os.utime(own, (1, 1))
    page = sari.get("/hours").text
    assert "config/hours.yaml is broken" in page
    assert "line 2" in page
    assert shown(page, "office")
