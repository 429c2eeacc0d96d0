"""Who asks for what they have no right to gets 403, and a line that supervisors find; without anything personal in it."""

from collections.abc import Iterator

from core.events import EventKind
from cti.call_log import CallLog
from tests.services.desk_house import DeskHouse


def rules(desk: DeskHouse) -> Iterator[tuple[str, str, str]]:
    """Every address of the app with its method, where nothing has to be filled in but numbers and names."""
    for rule in desk.app.url_map.iter_rules():
        # One ends the session; a calendar's address is the secret itself, since calendar programs can't log in.
        if rule.endpoint in ("static", "agent.log_out", "calendars.feed") or rule.endpoint.startswith(("health.", "auth.")):
            continue
        values = {name: 1 if type(each).__name__ == "IntegerConverter" else _value(each) for name, each in rule._converters.items()}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, desk.app.url_map.bind("localhost").build(rule.endpoint, values, method=method), rule.endpoint


def _value(converter: object) -> str:
    items = getattr(converter, "items", None)
    return sorted(items)[0] if items else "x"


def test_every_route_is_refused_to_somebody_with_403_or_is_for_all_who_are_logged_in(desk: DeskHouse) -> None:
    people = {login: desk.browser(login) for login in ("dewi", "sari", "plan")}
    for login, home in (("dewi", "/desk"), ("sari", "/wallboard"), ("plan", "/planner")):
        people[login].get(home)
    stranger = desk.browser()
    stranger.get("/login")
    open_to_all: list[str] = []
    for method, path, endpoint in rules(desk):
        if endpoint.endswith((".stream", ".events")) or path.startswith("/events"):
            continue
        answers = {
            login: (browser.get(path) if method == "GET" else browser.post(path)).status_code for login, browser in people.items()
        }
        if 403 not in answers.values():
            open_to_all.append(f"{method} {endpoint} {answers}")
        alone = stranger.get(path) if method == "GET" else stranger.post(path)
        assert alone.status_code in (302, 401, 403), f"{method} {path} answers a stranger {alone.status_code}"
    assert open_to_all == []


def test_a_refusal_is_told_once_a_minute_with_who_what_and_when_and_nothing_personal(desk: DeskHouse) -> None:
    dewi = desk.browser("dewi")
    for _ in range(3):
        assert dewi.get("/wallboard").status_code == 403
    assert dewi.get("/planner").status_code == 403
    told = desk.events(EventKind.ACCESS_REFUSED)
    assert [(event.agent_id, event.data["endpoint"]) for event in told] == [("1001", "wallboard.page"), ("1001", "planner.page")]
    assert set(told[0].data) == {"user_id", "role", "method", "endpoint"}
    assert told[0].at == desk.clock.now()


def test_supervisors_and_nobody_else_see_the_list(desk: DeskHouse) -> None:
    desk.browser("dewi").get("/wallboard")
    log = CallLog(desk.database, desk.bus)
    while log.write_next(0):
        pass
    html = desk.browser("sari").get("/wallboard/refused").text
    assert "Dewi (agent)" in html
    assert "GET wallboard.page" in html
    assert desk.browser("dewi").get("/wallboard/refused").status_code == 403
    assert desk.browser("plan").get("/wallboard/refused").status_code == 403
