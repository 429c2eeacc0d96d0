"""The page on which a flow is edited: the draft, the check, what callers hear, and what the page does not let through."""

import io
import wave
from pathlib import Path
from typing import Any

import pytest

from core.database import Database
from ivr.flow_drafts import FLOW_DRAFTS
from ivr.flow_file import shipped_flow
from ivr.flow_form import LONGEST_FLOW
from ivr.flow_versions import put_in_force
from tests.services.desk_house import NOON, Browser, DeskHouse

TEXT = shipped_flow().text
EDITED = TEXT.replace("Untuk penjualan, tekan satu.", "Mau belanja, tekan satu.")
DRAFT = "/api/flows/hotline/draft"
PAGES = (
    "/ivr/edit/hotline", "/api/flows/hotline/draft", "/api/flows/hotline/menus/main_menu", "/api/flows/hotline/versions",
    "/api/flows/hotline/difference?before=0&after=draft", "/events/flows/hotline",
)  # fmt: skip
CHANGES = (
    "/api/flows/hotline/draft", "/api/flows/hotline/draft/drop", "/api/flows/hotline/sound", "/api/flows/hotline/publish",
    "/api/flows/hotline/bring-back",
)  # fmt: skip


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    return at_the_page(desk, "sari")


def at_the_page(desk: DeskHouse, login: str) -> Browser:
    browser = desk.browser(login)
    assert browser.get("/ivr/edit/hotline").status_code == 200
    return browser


def keep(browser: Browser, text: str, mark: str = "", based_on: int = 0, line: int = 1) -> dict[str, Any]:
    answer = browser.post(DRAFT, text=text, mark=mark, based_on=based_on, line=line)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("login", ["dewi", "plan"])
def test_agents_and_planners_get_nothing_of_it(desk: DeskHouse, login: str) -> None:
    browser = desk.browser(login)
    browser.get("/")
    assert [browser.get(path).status_code for path in PAGES] == [403] * len(PAGES)
    assert [browser.post(path).status_code for path in CHANGES] == [403] * len(CHANGES)


def test_strangers_are_sent_to_the_log_in(desk: DeskHouse) -> None:
    browser = desk.browser()
    browser.get("/login")
    assert browser.get("/ivr/edit/hotline").status_code == 302
    assert {browser.get(path).status_code for path in PAGES[1:]} == {401}
    assert {browser.post(path).status_code for path in CHANGES} == {401}


def test_without_the_pages_own_token_nothing_is_changed(sari: Browser) -> None:
    assert {sari.client.post(path, json={"text": EDITED}).status_code for path in CHANGES} == {400}


def test_who_may_edit_is_led_here_from_the_page_of_flows(desk: DeskHouse) -> None:
    for login, led in (("sari", True), ("root", True), ("plan", False)):
        assert ("/ivr/edit/hotline" in desk.browser(login).get("/ivr").text) is led


def test_a_flow_that_there_is_not_is_not_edited(sari: Browser) -> None:
    assert sari.get("/ivr/edit/nothing").status_code == 404
    assert sari.get("/ivr/edit/..%2f..%2fetc").status_code == 404
    assert sari.post("/api/flows/nothing/draft", text="", mark="", based_on=0, line=1).status_code == 404


def test_only_this_page_lets_the_editors_own_styles_in(sari: Browser) -> None:
    policies = [sari.get(path).headers["Content-Security-Policy"] for path in ("/ivr/edit/hotline", "/ivr/edit/hotline", "/ivr")]
    nonces = [policy.partition("style-src 'self' 'nonce-")[2].partition("'")[0] for policy in policies]
    assert nonces[0]
    assert nonces[0] != nonces[1]
    assert nonces[2] == ""
    assert all("unsafe" not in policy for policy in policies)


def test_what_is_typed_is_there_again_after_a_reload(sari: Browser, desk: DeskHouse) -> None:
    kept = keep(sari, EDITED)
    assert kept["problems"] == []
    assert kept["mark"]
    assert "Mau belanja" in sari.get("/ivr/edit/hotline").text
    assert "Mau belanja" in at_the_page(desk, "sari").page
    assert "Mau belanja" not in at_the_page(desk, "root").page


def test_a_text_that_says_what_is_in_force_is_no_draft(sari: Browser, database: Database) -> None:
    kept = keep(sari, EDITED)
    assert keep(sari, TEXT, kept["mark"])["mark"] == ""
    with database.reading() as session:
        assert FLOW_DRAFTS.draft_of(session, "hotline", "sari") is None


def test_another_window_of_the_same_person_is_noticed(sari: Browser, desk: DeskHouse) -> None:
    other = at_the_page(desk, "sari")
    first = keep(sari, EDITED)
    refused = other.post(DRAFT, text=EDITED + "# mine\n", mark="", based_on=0, line=1)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "stale_draft")
    assert other.get(DRAFT).get_json()["text"] == EDITED
    assert keep(other, EDITED + "# mine\n", first["mark"])["kept"]
    assert keep(other, EDITED + "# mine\n", "")["kept"]  # the same again is no conflict


def test_a_draft_thrown_away_leaves_what_is_in_force(sari: Browser) -> None:
    keep(sari, EDITED)
    assert sari.post(f"{DRAFT}/drop").get_json() == {"text": TEXT, "based_on": 0, "mark": ""}
    assert sari.get(DRAFT).get_json()["text"] == TEXT


def test_faults_are_named_at_their_line_and_hints_apart(sari: Browser) -> None:
    broken = TEXT.replace("queue: sales}", "queue: sail}")
    found = keep(sari, broken)
    assert [(one["line"], one["serious"]) for one in found["problems"]] == [(line_of(broken, "queue: sail}"), True)]
    assert "'sail'" in found["problems"][0]["what"]
    assert found["problems"][0]["step"].startswith("Use one of:")
    assert (found["serious"], found["warnings"]) == (1, 0)

    alike = TEXT.replace("id: [tagihan, tagihan saya, jatuh tempo]", "id: [tagihan, status pesangan, jatuh tempo]", 1)
    hints = keep(sari, alike, found["mark"])
    assert (hints["serious"], hints["warnings"]) == (0, len(hints["problems"]))
    assert hints["warnings"] >= 1


def test_problems_are_told_in_the_readers_language(sari: Browser) -> None:
    sari.client.post("/language", data={"csrf_token": sari.token, "language": "id", "page": "flow_editor.page", "flow": "hotline"})
    sari.get("/ivr/edit/hotline")
    (found,) = keep(sari, TEXT.replace("queue: sales}", "queue: sail}"))["problems"]
    assert found["what"] == "Tidak ada antrean 'sail'."


def test_the_language_switch_leads_back_to_this_flow(sari: Browser) -> None:
    fields = {"csrf_token": sari.token, "language": "id", "page": "flow_editor.page"}
    for flow, address in (("hotline", "/ivr/edit/hotline"), ("../../x", "/")):
        assert sari.client.post("/language", data={**fields, "flow": flow}).location == address


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("flow: [a\nb: c\n", 2, "YAML"),
        ("a: &x [1,2]\nb: [*x, *x]\n", 2, "reference"),
        ("flow: hotline\nflow: hotline\n", 2, "twice"),
        ("a: 1\nb: \x00\n", 2, "no text may hold"),
        ("a: 1\nb: \ud800\n", 2, "no text may hold"),
        ("a: 1\nb: \x07\n", 2, "no text may hold"),
        ("[" * 5000, 1, "one inside the other"),
        ("- 1\n- 2\n", 1, "no parts with names"),
        ("", 1, "no parts with names"),
        ("!!python/object/apply:os.system [id]\n", 1, "YAML"),
    ],
)
def test_what_is_no_flow_is_told_as_a_problem_with_its_line(sari: Browser, text: str, line: int, said: str) -> None:
    found = keep(sari, text)
    assert found["serious"] >= 1
    assert found["problems"][0]["line"] == line
    assert said in found["problems"][0]["what"]
    assert "menus" not in found


def test_a_sign_that_no_database_takes_is_not_kept_and_costs_no_draft(sari: Browser) -> None:
    mark = keep(sari, EDITED)["mark"]
    answer = keep(sari, EDITED + "\x00", mark)
    assert (answer["kept"], answer["mark"]) == (False, mark)
    assert sari.get(DRAFT).get_json()["text"] == EDITED


def test_what_is_too_long_or_of_the_wrong_kind_is_refused(sari: Browser) -> None:
    for text, status, code in (
        ("#" * (LONGEST_FLOW + 1), 413, "too_large"), ("#" * 10_000_000, 413, "too_large"), (17, 400, "bad_input"),
        (None, 400, "bad_input"), ([TEXT], 400, "bad_input"),
    ):  # fmt: skip
        answer = sari.post(DRAFT, text=text, mark="", based_on=0, line=1)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert keep(sari, "#" * LONGEST_FLOW)["kept"]


def test_another_flow_is_not_published_under_this_name(sari: Browser) -> None:
    found = keep(sari, TEXT.replace("flow: hotline", "flow: other"))
    assert found["problems"][0]["line"] == line_of(TEXT, "flow: hotline")
    assert "'other'" in found["problems"][0]["what"]


def test_the_menu_at_the_cursor_is_shown_with_its_words_keys_and_phrases(sari: Browser) -> None:
    line = line_of(EDITED, "Mau belanja, tekan satu.")
    found = keep(sari, EDITED, line=line)
    shown = found["menu"]["html"]
    assert found["menu"]["name"] == "people_menu"
    assert "Mau belanja, tekan satu." in shown
    assert f'data-line="{line}"' in shown
    assert "<kbd>1</kbd>" in shown
    assert 'lang="en">sales</q>' in shown
    (place,) = [menu for menu in found["menus"] if menu["first"] <= line <= menu["last"]]
    assert place["name"] == "people_menu"
    assert sari.get("/api/flows/hotline/menus/people_menu").text == shown
    assert sari.get("/api/flows/hotline/menus/none").status_code == 404


def test_the_picture_leads_to_lines_and_shows_what_is_missing(sari: Browser) -> None:
    text = TEXT.replace("menu: people_menu", "menu: nowhere_menu", 1)
    picture = keep(sari, text)["picture"]
    assert f'data-line="{line_of(text, "  main_menu:")}" data-menu="main_menu"' in picture
    assert picture.count("node--missing") == 1


def test_words_of_a_flow_are_shown_as_words(sari: Browser) -> None:
    text = EDITED.replace("Mau belanja, tekan satu.", "<script>alert(1)</script>")
    shown = keep(sari, text, line=line_of(text, "<script>"))["menu"]["html"]
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_sentence_is_heard_as_the_file_that_callers_get(sari: Browser, desk: DeskHouse, tmp_path: Path) -> None:
    keep(sari, EDITED)
    answer = sari.post("/api/flows/hotline/sound", menu="people_menu", key="people_menu_1", language="id")
    assert answer.status_code == 200, answer.text
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
        assert sound.getnframes() > 8000
    (file,) = (tmp_path / "prompts" / "fixed" / "id").glob("people_menu_1-*.wav")
    assert file.read_bytes() == answer.data


@pytest.mark.parametrize(
    "asked",
    [
        {"menu": "people_menu", "key": "../../halo", "language": "id"},
        {"menu": "people_menu", "key": "people_menu_9", "language": "id"},
        {"menu": "people_menu", "key": "people_menu_1", "language": "../en"},
        {"menu": "nowhere", "key": "people_menu_1", "language": "id"},
    ],
)
def test_only_sentences_of_the_draft_are_spoken(sari: Browser, asked: dict[str, str]) -> None:
    assert sari.post("/api/flows/hotline/sound", **asked).status_code == 404


def test_two_versions_and_the_draft_are_compared_line_by_line(sari: Browser, database: Database) -> None:
    with database.writing() as session:
        for text in (TEXT, EDITED):
            put_in_force(session, "hotline", text, "", NOON, "halo", "why")
        session.commit()
    shown = sari.get("/api/flows/hotline/difference?before=1&after=2").text
    assert shown.count("diff__out") == shown.count("diff__in") == EDITED.count("Mau belanja")
    assert "Mau belanja, tekan satu." in shown
    keep(sari, EDITED + "# one more\n", based_on=2)
    shown = sari.get("/api/flows/hotline/difference?before=2&after=draft").text
    assert (shown.count("diff__in"), shown.count("diff__out")) == (1, 0)
    assert "Nothing differs." in sari.get("/api/flows/hotline/difference?before=2&after=2").text
    for wrong, status in (("9", 404), ("x", 400), ("../1", 400), ("", 400)):
        assert sari.get(f"/api/flows/hotline/difference?before={wrong}&after=1").status_code == status


def test_others_who_edit_are_seen_and_what_they_type_is_not(sari: Browser, desk: DeskHouse) -> None:
    root = at_the_page(desk, "root")
    keep(root, EDITED)
    assert "Mau belanja" not in sari.get("/ivr/edit/hotline").text
    assert sari.get(DRAFT).get_json()["text"] == TEXT
