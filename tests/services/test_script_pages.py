"""The pages of scripts: who sees what, what is kept and said of a draft, the walk, what goes live and what does not, reports."""

from datetime import timedelta
from typing import Any

import pytest

from core.event_archive import archive
from core.events import Event, EventKind
from core.ids import new_id
from scripts.library import shipped_texts
from scripts.script_file import LONGEST_SCRIPT
from scripts.script_report import reports_between
from scripts.script_versions import publications_of
from tests.services.desk_house import HOSTILE_NAME, Browser, DeskHouse, messages
from tests.unit.scripts.small_scripts import end, page, script, text_of, words

GENERAL = next(text.text for text in shipped_texts() if text.script.name == "general")
SALES = next(text.text for text in shipped_texts() if text.script.name == "sales")
WATCHED = ("/scripts", "/scripts/report/general", "/scripts/trial/general")
EDITED = ("/scripts/edit/general", "/api/scripts/general/draft", "/api/scripts/general/versions", "/events/scripts/general",
          "/api/scripts/general/difference?before=0&after=draft")  # fmt: skip
CHANGES = (
    "/api/scripts",
    *(f"/api/scripts/general/{act}" for act in ("draft", "draft/drop", "walk", "publish", "bring-back", "choose")),
)


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    browser = desk.browser("sari")
    assert browser.get("/scripts/edit/sales").status_code == 200
    return browser


def small(say: str = "Hello", name: str = "sales", **parts: Any) -> str:
    ask = page("ask", ask={"type": "yes_no", "yes": "good", "no": "bad"})
    return text_of(script(ask, end("good", say=words(say)), end("bad"), name=name, **{"queues": ["sales"]} | parts))


def keep(browser: Browser, text: str, name: str = "sales", based_on: int = 0, mark: str = "") -> dict[str, Any]:
    answer = browser.post(f"/api/scripts/{name}/draft", text=text, line=1, based_on=based_on, mark=mark)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def publish(browser: Browser, text: str, name: str = "sales", based_on: int = 0, percent: int = 0, note: str = "why") -> Any:
    return browser.post(f"/api/scripts/{name}/publish", text=text, note=note, based_on=based_on, percent=percent)


def walk(browser: Browser, *answers: tuple[str, str], name: str = "sales", **more: Any) -> str:
    given = [{"page": page, "answer": answer} for page, answer in answers]
    answer = browser.post(f"/api/scripts/{name}/walk", answers=given, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_agents_get_nothing_of_it_and_planners_only_look(desk: DeskHouse) -> None:
    dewi, plan = desk.browser("dewi"), desk.browser("plan")
    for browser in (dewi, plan):
        browser.get("/")
    assert {dewi.get(path).status_code for path in (*WATCHED, *EDITED)} == {403}
    assert {plan.get(path).status_code for path in WATCHED} == {200}
    assert {plan.get(path).status_code for path in EDITED} == {403}
    assert {browser.post(path).status_code for browser in (dewi, plan) for path in CHANGES} == {403}
    assert "/scripts/edit/" not in plan.get("/scripts").text


def test_strangers_are_sent_to_the_log_in(desk: DeskHouse) -> None:
    browser = desk.browser()
    browser.get("/login")
    assert {browser.get(path).status_code for path in (*WATCHED, EDITED[0])} == {302}
    assert {browser.get(path).status_code for path in EDITED[1:]} == {401}
    assert {browser.post(path).status_code for path in CHANGES} == {401}


def test_without_the_pages_own_token_nothing_is_changed(sari: Browser) -> None:
    body = {"text": small(), "note": "x", "based_on": 0, "number": 0, "percent": 0, "name": "mine", "line": 1, "mark": ""}
    assert {sari.client.post(path, json=body).status_code for path in CHANGES} == {400}


def test_the_list_says_what_opens_when(desk: DeskHouse, sari: Browser) -> None:
    page = sari.get("/scripts").text
    for text in shipped_texts():
        assert f">{text.script.name}<" in page
    assert "overdue_amount &gt; 0" in page
    assert page.index("Overdue bill") < page.index("Sales")


def test_faults_are_told_by_line_in_both_languages(sari: Browser) -> None:
    broken = small().replace("'yes': good", "'yes': god")
    told = keep(sari, broken)
    line = broken[: broken.index("'yes': god")].count("\n") + 1
    assert told["serious"] >= 1
    assert {"line": line, "what": "There is no page god.", "step": "Did you mean good?", "serious": True} in told["problems"]
    assert "node--fault" in told["picture"]
    sari.client.post("/language", data={"language": "id", "csrf_token": sari.token})
    other = keep(sari, broken, mark=told["mark"])
    assert {one["line"] for one in other["problems"]} == {one["line"] for one in told["problems"]}
    assert not {one["what"] for one in other["problems"]} & {one["what"] for one in told["problems"]}


def test_a_draft_is_kept_for_its_author_alone_and_dropped_when_it_is_published(desk: DeskHouse, sari: Browser) -> None:
    first = keep(sari, small("Mine"))
    assert first["mark"]
    root = desk.browser("root")
    assert root.get("/scripts/edit/sales").status_code == 200
    assert root.get("/api/scripts/sales/draft").get_json()["text"] == SALES
    assert sari.get("/api/scripts/sales/draft").get_json()["text"] == small("Mine")
    assert code_of(sari.post("/api/scripts/sales/draft", text=small("Other window"), line=1, based_on=0, mark="old")) == (
        409,
        "stale_draft",
    )
    assert publish(sari, small("Mine")).get_json() == {"number": 1, "percent": 0}
    assert sari.get("/api/scripts/sales/draft").get_json() == {"text": small("Mine"), "based_on": 1, "mark": ""}


def test_a_bad_script_cant_go_live_by_any_way(desk: DeskHouse, sari: Browser) -> None:
    bad = (small().replace("'no': bad", "'no': bed"), "pages: [", small(name="general"), small(queues=["nowhere"]),
           small("{nobody}"), small() + "x: *a\n", small(opens_when={"colour": "red"}, queues=["general"]))  # fmt: skip
    for text in bad:
        assert code_of(publish(sari, text)) == (400, "script_faults"), text
        assert code_of(publish(sari, text, percent=20)) == (400, "script_faults"), text
    assert code_of(publish(sari, small(), note=" ")) == (400, "note_missing")
    assert code_of(publish(sari, "x" * (LONGEST_SCRIPT + 1))) == (413, "too_large")
    with desk.database.reading() as session:
        assert publications_of("sales").history(session) == []


def test_what_is_published_opens_for_the_next_call_and_is_pushed(desk: DeskHouse, sari: Browser) -> None:
    stream = messages(sari.get("/events/scripts/billing"))
    assert next(stream).body["in_force"]["number"] == 0
    text = small("Now otherwise", name="billing", queues=["billing"])
    assert publish(sari, text, name="billing").get_json()["number"] == 1
    pushed = next(stream).body["in_force"]
    assert (pushed["number"], pushed["note"]) == (1, "why")
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    desk.reserve(customer=False)
    assert "say ask" in dewi.get("/desk").text


def test_nobody_publishes_over_what_they_have_not_seen(desk: DeskHouse, sari: Browser) -> None:
    assert publish(sari, small("first")).status_code == 200
    assert code_of(publish(sari, small("second"), based_on=0)) == (409, "script_overtaken")
    assert publish(sari, small("second"), based_on=1).get_json()["number"] == 2
    assert sari.post("/api/scripts/sales/bring-back", number=1).get_json()["number"] == 1
    assert sari.post("/api/scripts/sales/bring-back", number=0).get_json()["number"] == 0
    assert sari.post("/api/scripts/sales/bring-back", number=9).status_code == 404
    assert sari.get("/api/scripts/sales/draft").get_json()["text"] == SALES
    shown = sari.get("/api/scripts/sales/versions").text
    assert shown.count("brought back") == 2


def test_a_difference_is_told_page_by_page(sari: Browser) -> None:
    assert publish(sari, small("first")).status_code == 200
    keep(sari, small("second"), based_on=1)
    told = sari.get("/api/scripts/sales/difference?before=1&after=draft").text
    assert "Page good: good" in told
    assert "<del>first</del>" in told
    assert "<ins>second</ins>" in told
    assert sari.get("/api/scripts/sales/difference?before=x&after=draft").status_code == 400


def test_the_walk_says_what_was_taken_and_why(sari: Browser) -> None:
    branches = [{"when": {"segment": "vip", "open_amount": {"more_than": 0}}, "page": "good"}, {"page": "bad"}]
    text = text_of(script(page("ask", ask={"type": "number", "at_least": 1}, next=branches), end("good"), end("bad"), name="sales",
                          queues=["sales"]))  # fmt: skip
    assert keep(sari, text)["serious"] == 0
    assert 'data-page="ask"' in walk(sari)
    unfit = walk(sari, ("ask", "none"))
    assert "That is no number." in unfit
    assert 'data-taken="0"' in unfit
    walked = walk(sari, ("ask", "5"), sample="late_payer")
    assert 'data-page="good"' in walked
    assert "segment = vip" in walked
    other = walk(sari, ("ask", "5"), sample="late_payer", facts={"segment": "new"})
    assert 'data-page="bad"' in other
    assert "segment = new" in other
    unknown = walk(sari, ("ask", "5"), sample="late_payer", facts={"open_amount": ""})
    assert 'data-page="bad"' in unknown
    assert "open_amount = not known" in unknown
    assert code_of(sari.post("/api/scripts/sales/walk", answers=[], facts={"open_amount": "much"})) == (400, "fact_wrong")
    assert sari.post("/api/scripts/sales/walk", answers=[], facts={"colour": "red"}).status_code == 400
    assert sari.post("/api/scripts/sales/walk", answers="x").status_code == 400
    assert sari.post("/api/scripts/sales/walk", answers=[], sample="nobody").status_code == 404


def test_what_a_script_would_do_is_shown_and_not_done(desk: DeskHouse, sari: Browser) -> None:
    doing = [{"does": "open_ticket", "about": "billing"}, {"does": "offer"}, {"does": "transfer", "to": "billing"}]
    keep(sari, text_of(script(end(actions=doing), name="sales", queues=["sales"])))
    shown = walk(sari)
    assert shown.count("shown here, not done") == 3
    assert "data-action" not in shown
    assert not desk.events(EventKind.SCRIPT_ACTION_DONE)


def test_html_in_a_script_or_an_answer_is_text(sari: Browser) -> None:
    ending = end(say=words(HOSTILE_NAME + " {answer.ask}"))
    text = text_of(script(page("ask", ask={"type": "text"}, next="bye"), ending, name="sales", queues=["sales"]))
    told = keep(sari, text)
    shown = walk(sari, ("ask", "<img src=x onerror=alert(1)>{customer_name}"))
    for html in (shown, told["difference"], told["picture"]):
        assert "<img" not in html
        assert "<script" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;{customer_name}" in shown


@pytest.mark.parametrize("text", [
    "a: &a [x, x]\nb: &b [*a, *a]\n", "a: " + "[" * 5000, "!!python/object/apply:os.system ['true']", "name: !!binary abc",
    "x: \x00",
    "{" * 300 + "}" * 300, "- " * 2000, "name: sales\n" * 3, "", "\ud800", "x" * LONGEST_SCRIPT,
])  # fmt: skip
def test_what_is_no_script_is_told_and_does_no_harm(sari: Browser, text: str) -> None:
    told = sari.post("/api/scripts/sales/draft", text=text, line=1, based_on=0, mark="").get_json()
    assert told["serious"] >= 1
    assert "pages" not in told
    assert all(one["line"] >= 1 and one["what"] and one["step"] for one in told["problems"])
    assert code_of(publish(sari, text)) == (400, "script_faults")


def test_conditions_nested_deep_are_read_or_refused(sari: Browser) -> None:
    for deep in (20, 100, 200, 400):
        condition = '{"not": ' * deep + '{"segment": "vip"}' + "}" * deep
        text = small() + f"opens_when: {condition}\n"
        told = keep(sari, text, mark=str(sari.get("/api/scripts/sales/draft").get_json()["mark"]))
        assert told["serious"] >= 0
        assert sari.post("/api/scripts/sales/walk", answers=[]).status_code in (200, 404)


def test_a_new_script_is_begun_from_a_template_and_is_nobodys_before_it_is_published(desk: DeskHouse, sari: Browser) -> None:
    begun = sari.post("/api/scripts", name="move_house", **{"from": ""})
    assert begun.get_json() == {"address": "/scripts/edit/move_house"}
    assert sari.get("/scripts/edit/move_house").status_code == 200
    text = sari.get("/api/scripts/move_house/draft").get_json()["text"]
    told = keep(sari, text, name="move_house", mark=sari.get("/api/scripts/move_house/draft").get_json()["mark"])
    assert told["serious"] == 0, told["problems"]
    assert "move_house" in sari.get("/scripts").text
    assert desk.browser("root").get("/scripts/edit/move_house").status_code in (302, 404)
    assert code_of(sari.post("/api/scripts", name="move_house")) == (409, "script_there")
    assert code_of(sari.post("/api/scripts", name="general")) == (409, "script_there")
    assert code_of(sari.post("/api/scripts", name="Move house")) == (400, "script_name")
    assert sari.post("/api/scripts", name="other", **{"from": "nothing"}).status_code == 404
    copy = sari.post("/api/scripts", name="second_sales", **{"from": "sales"})
    assert copy.status_code == 201
    assert sari.get("/api/scripts/second_sales/draft").get_json()["text"].startswith("name: second_sales")
    assert publish(sari, text, name="move_house").get_json()["number"] == 1
    assert "New script" in sari.get("/scripts").text
    assert sari.get("/scripts/edit/nothing").status_code == 404
    assert sari.get("/scripts/edit/No!").status_code == 404


def test_a_trial_is_begun_seen_and_ended(desk: DeskHouse, sari: Browser) -> None:
    assert publish(sari, small("usual")).get_json()["number"] == 1
    assert code_of(publish(sari, small("usual"), based_on=1, percent=20)) == (400, "script_not_comparable")
    assert code_of(publish(sari, small("other", priority=3), based_on=1, percent=20)) == (400, "script_not_comparable")
    assert code_of(publish(sari, small("other"), based_on=1, percent=60)) == (400, "bad_input")
    assert publish(sari, small("tried"), based_on=1, percent=20).get_json() == {"number": 2, "percent": 20}
    assert code_of(publish(sari, small("third"), based_on=1)) == (409, "trial_under_way")
    assert code_of(publish(sari, small("third"), based_on=1, percent=10)) == (409, "trial_under_way")
    assert code_of(sari.post("/api/scripts/sales/bring-back", number=0)) == (409, "trial_under_way")
    seen = sari.get("/scripts/trial/sales").text
    assert "Too few calls to tell" in seen
    assert 'data-choose="2"' in seen
    assert "2 on 20 of 100 calls" in sari.get("/scripts").text
    assert code_of(sari.post("/api/scripts/sales/choose", number=7)) == (400, "bad_input")
    assert sari.post("/api/scripts/sales/choose", number=2).get_json()["number"] == 2
    assert sari.post("/api/scripts/sales/choose", number=2).status_code == 404
    assert sari.get("/api/scripts/sales/draft").get_json()["text"] == small("tried")
    assert "taken after a trial" in sari.get("/api/scripts/sales/versions").text
    assert "data-choose" not in sari.get("/scripts/trial/sales").text


def test_the_report_shows_the_numbers_of_the_command_on_the_map(desk: DeskHouse, sari: Browser) -> None:
    now = desk.clock.now()

    def told(seconds_s: float, kind: EventKind, call: str, **data: object) -> Event:
        base = {"script": "sales", "version": 0} if kind is not EventKind.INTERACTION_ANSWERED else {}
        return Event(kind, now - timedelta(minutes=10) + timedelta(seconds=seconds_s), call, "1001", base | data).placed(new_id())

    first = shipped_texts()[[text.script.name for text in shipped_texts()].index("sales")].script.first
    answer = first.answers[0].name if first.answers else "yes"
    calls = [new_id() for _call in range(4)]
    events = []
    for number, call in enumerate(calls):
        events += [
            told(0, EventKind.SCRIPT_OPENED, call, page=first.name, how="by_itself"),
            told(1, EventKind.INTERACTION_ANSWERED, call),
        ]
        if number:
            events.append(told(21, EventKind.SCRIPT_STEP_TAKEN, call, page=first.name, answer=answer, to="old_page"))
        events.append(told(60, EventKind.SCRIPT_ENDED, call, page=first.name, finished=False, outcome="solved"))
    with desk.database.writing() as session:
        archive(session, events)
        session.commit()
        (report,) = [one for one in reports_between(session, now - timedelta(hours=1), now) if one.script == "sales"]
    page = sari.get("/scripts/report/sales").text
    assert f'id="opened">{report.opened}<' in page
    assert f'id="page-{first.name}"' in page
    assert "heat-4" in page[page.index('<svg class="flow__picture"') :], "one of four left on the first page"
    assert "old_page" in page
    assert "0:20" in page
    assert sari.get("/scripts/report/sales?days=7").status_code == 200
    assert sari.get("/scripts/report/sales?days=2").status_code == 400
    assert sari.get("/scripts/report/sales?day=2001-01-01").status_code == 400
    assert sari.get("/scripts/report/sales?version=99").status_code == 404
    assert sari.get("/scripts/report/nothing").status_code == 404
    yesterday = (now - timedelta(days=1)).date().isoformat()
    assert 'id="opened">0<' in sari.get(f"/scripts/report/sales?day={yesterday}").text
