"""Who sees which page, and that every change is asked for by the page itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_desktop.accounts import User
from agent_desktop.login_throttle import LOGIN_GAP_S, TRIES_PER_ADDRESS, TRIES_PER_LOGIN, TRIES_PER_PLACE, LoginThrottle
from agent_desktop.security import MOST_CALLS
from agent_desktop.services import EXTENSION, Services
from core.database import Database
from core.ids import new_id
from crm.surveys import save_survey
from routing.agent_state import Action, AgentState
from tests.services.desk_house import HOSTILE_NAME, DeskHouse, build_desk

HOMES = {"dewi": "/desk", "sari": "/wallboard", "plan": "/planner", "root": "/wallboard"}
ALLOWED = {
    "/desk": {"dewi"},
    "/wallboard": {"sari", "root"},
    "/planner": {"plan", "sari", "root"},
    "/ivr": {"plan", "sari", "root"},
    "/planner/intervals.csv": {"plan", "sari", "root"},
}


@pytest.mark.parametrize(("login", "home"), HOMES.items())
def test_each_role_lands_on_its_own_page(desk: DeskHouse, login: str, home: str) -> None:
    browser = desk.browser()
    assert browser.log_in(login).location == home
    assert browser.get(home).status_code == 200


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("login", HOMES)
def test_a_page_is_for_its_roles_and_says_so_to_others(desk: DeskHouse, login: str, path: str) -> None:
    answer = desk.browser(login).get(path)
    if login in ALLOWED[path]:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 403
        assert "This page is for another role." in answer.text
        assert f'href="{HOMES[login]}"' in answer.text


@pytest.mark.parametrize("path", ALLOWED)
def test_a_stranger_is_sent_to_the_log_in(desk: DeskHouse, path: str) -> None:
    assert desk.browser().get(path).location == "/login"


@pytest.mark.parametrize("path", ["/api/phone", "/api/customers?q=a", "/events?page=1"])
def test_a_strangers_script_gets_401(desk: DeskHouse, path: str) -> None:
    answer = desk.browser().get(path)
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["error"]["code"] == "not_logged_in"


@pytest.mark.parametrize("path", ["/api/state", "/api/log-out", "/api/draft", "/api/disposition", "/api/pop-shown", "/api/script"])
def test_a_change_without_the_pages_token_is_refused(desk: DeskHouse, path: str) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    assert browser.client.post(path, json={"state": "ready"}).status_code == 400
    assert desk.store.agent("1001").state is AgentState.NOT_READY


def test_a_log_in_without_the_pages_token_is_refused(desk: DeskHouse) -> None:
    browser = desk.browser()
    assert browser.client.post("/login", data={"login": "dewi", "password": "x"}).location == "/login?stale=1"


def test_opening_the_desk_logs_the_agent_in_and_a_reload_keeps_the_state(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    assert desk.store.agent("1001").state is AgentState.NOT_READY
    assert browser.post("/api/state", state="ready").status_code == 200
    browser.get("/desk")
    assert browser.data("agent-state") == "READY"


def test_the_phones_password_goes_to_its_own_agent_only(desk: DeskHouse) -> None:
    answer = desk.browser("dewi").get("/api/phone")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert answer.json["password"] == "secret-of-1001"
    assert answer.json["uri"] == "sip:agent-1001-web@localhost"
    assert answer.json["socket"] == "ws://localhost:8088/ws"
    assert desk.browser("sari").get("/api/phone").status_code == 403


def test_guessing_is_slowed_down_even_when_the_right_password_comes_at_last(desk: DeskHouse) -> None:
    browser = desk.browser()
    for _try in range(TRIES_PER_PLACE):
        assert browser.log_in("dewi", "wrong").status_code == 401
    refused = browser.log_in("dewi")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert "Too many tries. Try again in" in refused.text
    assert desk.browser().log_in("sari").status_code == 302


def test_a_right_password_clears_the_tries(desk: DeskHouse) -> None:
    for _round in range(2):
        browser = desk.browser()
        for _try in range(TRIES_PER_PLACE - 1):
            browser.log_in("dewi", "wrong")
        assert browser.log_in("dewi").status_code == 302


def test_a_shift_that_begins_behind_one_address_is_let_in_and_a_guesser_there_is_not(desk: DeskHouse) -> None:
    throttle: LoginThrottle = desk.app.extensions[EXTENSION].throttle
    for number in range(TRIES_PER_ADDRESS - 1):
        throttle.left_s(f"guess-{number}", "127.0.0.1")
    for _somebody in range(2):
        assert desk.browser().log_in("dewi").status_code == 302
    assert desk.browser().log_in("guess", "x").status_code == 401
    assert desk.browser().log_in("another guess", "x").status_code == 429


def throttle_of(desk: DeskHouse) -> LoginThrottle:
    throttle: LoginThrottle = desk.app.extensions[EXTENSION].throttle
    return throttle


def guess_from_everywhere(desk: DeskHouse, login: str) -> list[int]:
    """A few guesses from each of many addresses; how long each must wait."""
    addresses = [f"198.51.100.{number}" for number in range(2 * TRIES_PER_LOGIN)]
    return [throttle_of(desk).left_s(login, address) for address in addresses for _try in range(2)]


def test_wrong_passwords_from_one_place_keep_nobody_out_at_another(desk: DeskHouse) -> None:
    waits = [throttle_of(desk).left_s("dewi", "198.51.100.7") for _try in range(9 * TRIES_PER_PLACE)]
    assert waits.count(0) == TRIES_PER_PLACE
    assert desk.browser().log_in("dewi").status_code == 302


def test_guesses_from_everywhere_are_slowed_down_but_not_at_the_usual_place(desk: DeskHouse) -> None:
    assert desk.browser().log_in("dewi").status_code == 302
    waits = guess_from_everywhere(desk, "dewi")
    assert 0 < waits.count(0) <= TRIES_PER_LOGIN + 1
    assert max(waits) <= LOGIN_GAP_S, "a new place waits for a moment only"
    assert desk.browser().log_in("dewi").status_code == 302
    assert throttle_of(desk).left_s("dewi", "203.0.113.9") > 0, "a place where dewi never was"


def test_a_log_in_that_does_not_exist_is_slowed_down_alike(desk: DeskHouse) -> None:
    assert [left_s > 0 for left_s in guess_from_everywhere(desk, "nobody")] == [
        left_s > 0 for left_s in guess_from_everywhere(desk, "dewi")
    ]


def test_one_address_alone_never_comes_so_far_that_its_usual_place_would_show() -> None:
    assert 2 * TRIES_PER_PLACE < TRIES_PER_LOGIN


def test_an_ipv6_line_is_one_place_whatever_its_last_half(desk: DeskHouse) -> None:
    waits = [throttle_of(desk).left_s("dewi", f"2001:db8:1:2::{number:x}") for number in range(3 * TRIES_PER_PLACE)]
    assert waits.count(0) == TRIES_PER_PLACE
    assert throttle_of(desk).left_s("dewi", "2001:db8:1:3::1") == 0


def test_an_unknown_log_in_reads_like_a_wrong_password(desk: DeskHouse) -> None:
    browser = desk.browser()
    unknown, wrong = browser.log_in("nobody", "x"), browser.log_in("dewi", "x")
    assert unknown.status_code == wrong.status_code == 401
    words = "Log-in or password is not right."
    assert words in unknown.text
    assert words in wrong.text


def test_logging_out_ends_the_session_on_the_server_too(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    kept = browser.client.get_cookie("halo")
    assert kept is not None
    browser.client.post("/log-out", data={"csrf_token": browser.token})
    assert desk.store.agent("1001").state is AgentState.OFFLINE
    browser.client.set_cookie("halo", kept.value)
    assert browser.get("/desk").location == "/login"


def test_the_session_gets_a_new_id_at_log_in(desk: DeskHouse) -> None:
    browser = desk.browser()
    browser.get("/login")
    with browser.client.session_transaction() as session:
        session["sid"] = "planted by somebody else"
    browser.log_in("dewi")
    with browser.client.session_transaction() as session:
        assert session["sid"] != "planted by somebody else"


def test_nobody_logs_out_of_a_call(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    desk.step(desk.reserve(), Action.RING, Action.ANSWER)
    browser.client.post("/log-out", data={"csrf_token": browser.token})
    assert desk.store.agent("1001").state is AgentState.TALKING
    assert "Finish this call first, then log out." in browser.get("/desk").text
    assert browser.post("/api/log-out").status_code == 409


def test_cookies_and_headers_keep_the_page_to_itself(desk: DeskHouse) -> None:
    browser = desk.browser()
    cookie = browser.log_in("dewi").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    headers = browser.get("/desk").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' ws://localhost:8088/ws" in policy
    assert headers["X-Frame-Options"] == "DENY"


def test_a_forged_host_does_not_reach_the_policy(desk: DeskHouse) -> None:
    answer = desk.browser().get("/login", headers={"Host": "a; script-src *"})
    assert "script-src *" not in answer.headers.get("Content-Security-Policy", "")


def test_no_page_has_script_or_style_inside(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    desk.step(desk.reserve(), Action.RING)
    page = browser.get("/desk").text
    for part in page.split("<script")[1:]:
        tag = part.split(">", 1)[0]
        assert "src=" in tag or 'type="application/json"' in tag
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_a_customers_name_is_text_whatever_it_holds(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    desk.reserve()
    page = browser.get("/desk").text
    assert HOSTILE_NAME not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    dialog = browser.get(f"/api/customers/{desk.customer_id}").text
    assert "<script>" not in dialog


def test_a_body_too_large_is_refused(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    answer = browser.post("/api/draft", interaction_id="x", note="n" * 70_000)
    assert answer.status_code == 413


def test_one_page_may_not_ask_without_end(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    assert browser.get("/api/customers?q=a").status_code == 200
    services: Services = desk.app.extensions[EXTENSION]
    with desk.database.reading() as session:
        dewi = session.scalars(select(User.id).where(User.login == "dewi")).one()
    for _call in range(MOST_CALLS):  # counted in ten real seconds, which many whole requests may not fit in
        services.memory.calls_lately(dewi)
    assert browser.get("/api/customers?q=a").status_code == 429


@pytest.mark.parametrize("body", ["[]", "null", "{", '"text"'])
def test_a_body_that_is_no_object_is_refused(desk: DeskHouse, body: str) -> None:
    browser = desk.browser("dewi")
    browser.get("/desk")
    headers = {"X-CSRFToken": browser.token, "Content-Type": "application/json"}
    assert browser.client.post("/api/state", data=body, headers=headers).status_code == 400


def test_the_language_is_switched_and_kept_in_the_account(desk: DeskHouse) -> None:
    browser = desk.browser("dewi")
    assert "Ready for the next call?" in browser.get("/desk").text
    browser.client.post("/language", data={"csrf_token": browser.token, "language": "id", "page": "desk.page"})
    assert "Siap untuk panggilan berikutnya?" in browser.get("/desk").text
    again = desk.browser()
    again.log_in("dewi")
    assert 'lang="id"' in again.get("/desk").text


def test_health_tells_of_a_dead_redis(desk: DeskHouse, database: Database, tmp_path: Path) -> None:
    assert desk.browser().get("/health").status_code == 200
    dead = build_desk(database, "redis://127.0.0.1:1/0", tmp_path, filled=False)
    answer = dead.browser().get("/health")
    assert (answer.status_code, answer.json) == (503, {"database": True, "redis": False})


def test_figures_are_for_this_machine_only(desk: DeskHouse) -> None:
    browser = desk.browser()
    assert "halo_desk_request_seconds" in browser.get("/metrics").text
    assert browser.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


def test_behind_a_proxy_the_browsers_own_address_counts(database: Database, redis_url: str, tmp_path: Path) -> None:
    house = build_desk(database, redis_url, tmp_path, behind_proxy=True)
    guesser, other = house.browser(), house.browser()
    guesser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.7"
    other.client.environ_base["HTTP_X_FORWARDED_FOR"] = "10.0.0.1, 192.0.2.8"  # the first was written by the browser itself
    for number in range(TRIES_PER_ADDRESS):
        house.app.extensions[EXTENSION].throttle.left_s(f"guess-{number}", "192.0.2.7")
    assert guesser.log_in("guess", "x").status_code == 429
    assert other.log_in("dewi").status_code == 302
    assert other.get("/metrics").status_code == 404
    assert house.browser().get("/metrics").status_code == 200
    house.close()


def test_only_a_proxy_on_this_machine_is_believed(database: Database, redis_url: str, tmp_path: Path) -> None:
    house = build_desk(database, redis_url, tmp_path, behind_proxy=True)
    stranger = house.browser()
    stranger.client.environ_base.update(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="127.0.0.1")
    assert stranger.get("/metrics").status_code == 404
    house.close()


def test_a_session_that_began_by_https_is_never_sent_without(desk: DeskHouse) -> None:
    browser = desk.browser()
    assert "Secure" not in browser.get("/login").headers["Set-Cookie"]
    assert "; Secure" in desk.browser().get("/login", base_url="https://localhost").headers["Set-Cookie"]


def test_a_page_with_the_caller_shows_the_last_score_they_gave(desk: DeskHouse, database: Database) -> None:
    browser = desk.browser("dewi")
    with database.writing() as session:
        save_survey(session, new_id(), desk.customer_id, datetime(2026, 3, 1, tzinfo=UTC), score=4, transcript="<b>cepat</b>")
        session.commit()
    desk.reserve()
    page = browser.get("/desk").text
    assert "Survey: 4 of 5" in page
    assert "&lt;b&gt;cepat&lt;/b&gt;" in page
