"""The supervisors' page of skills: what it shows, changes, refuses, pushes and reads from a file, and how quick it is."""

import csv
import io
import json
import re
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from agent_desktop.skills import LARGEST_SKILLS_BYTES
from core.events import EventKind
from routing.agent_skills import change_site
from routing.agents import AgentRecord, AgentSkill, load_profile
from routing.policy_check import Surroundings
from routing.policy_file import read_policy, shipped_policy
from routing.policy_publication import PolicyPublisher
from tests.services.desk_house import Browser, DeskHouse, messages
from tests.unit.routing.small_policy import policy_text, queue_text

AGENTS, SKILLS = 500, 40


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    browser = desk.browser("sari")
    browser.get("/skills")
    return browser


def table(browser: Browser) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="table">(.*?)</script>', browser.get("/skills").text, re.S)
    assert found
    return dict(json.loads(found.group(1)))


def change(browser: Browser, *changes: tuple[str, str, int, int], agent: str = "") -> Any:
    return browser.post("/api/skills/changes", changes=changes, agent=agent)


def skills_of(desk: DeskHouse, agent_id: str) -> dict[str, int]:
    with desk.database.reading() as session:
        profile = load_profile(session, agent_id)
    assert profile
    return profile.proficiencies


def test_agents_are_rows_and_what_the_policy_asks_for_or_anybody_has_are_columns(desk: DeskHouse, sari: Browser) -> None:
    change(sari, ("1001", "aikido", 2, 0))
    desk.changes.log_in("1002")
    found = table(sari)
    assert found["skills"] == ["sales", "billing", "technical", "english", "aikido"]
    assert found["asked"] == found["skills"][:4]
    assert found["agents"] == [
        ["1001", "Dewi Anggraini", 0, [0, 4, 0, 0, 2], "no site"], ["1002", "Rizky Pratama", 1, [0, 4, 0, 0, 0], "no site"],
    ]  # fmt: skip


def test_where_an_agent_is_stands_with_them_and_says_from_when_on_a_queue_asks_them(desk: DeskHouse, sari: Browser) -> None:
    text = shipped_policy().text.replace(
        "- name: billing\n", "- name: billing\n    sites: {share: {surabaya: 1}, any_after_s: 60}\n"
    )
    PolicyPublisher(desk.database, desk.clock, Surroundings, desk.bus.publish).publish(read_policy(text, "x"), "Sari (sari)", "")
    stream = messages(sari.get("/events/skills"))
    assert next(stream).name == "promises"
    change_site(desk.database, desk.clock, desk.bus.publish, "1001", "surabaya", "a test")
    assert next(stream).name == "table", "who looks at the page sees it, too"
    assert [(name, site) for _id, name, _duty, _levels, site in table(sari)["agents"]] == [
        ("Dewi Anggraini", "Surabaya"), ("Rizky Pratama", "no site"),
    ]  # fmt: skip

    def billing(agent_id: str) -> str:
        rows = sari.get(f"/api/skills/reach/{agent_id}").json["reach"]
        return str(next(row["after"] for row in rows if row["queue"] == "Billing"))

    assert billing("1001") == "from the start"
    assert billing("1002") == "ring 2, after 1:00 at the latest"


def test_what_nobody_or_one_alone_can_do_is_told_with_its_queue(desk: DeskHouse, sari: Browser) -> None:
    gaps = table(sari)["gaps"]
    assert gaps["sales"] == [{"bad": True, "words": "Sales: nobody has sales 2+."}]
    assert gaps["english"] == [{"bad": True, "words": "Callers in English: nobody has english 2+."}]
    assert "billing" not in gaps
    gaps = change(sari, ("1001", "sales", 2, 0), ("1001", "english", 1, 0)).json["gaps"]
    assert gaps["sales"] == [{"bad": False, "words": "Sales: only 1 has sales 2+."}]
    assert gaps["english"][0]["bad"]


def test_a_change_is_kept_told_with_who_did_it_and_says_what_the_agent_serves_now(desk: DeskHouse, sari: Browser) -> None:
    answer = change(sari, ("1001", "sales", 3, 0), agent="1001")
    assert answer.status_code == 200
    assert skills_of(desk, "1001") == {"billing": 4, "sales": 3}
    (told,) = desk.events(EventKind.AGENT_SKILLS_CHANGED)
    assert told.data == {"by": "Sari (sari)", "before": {"billing": 4}, "after": {"billing": 4, "sales": 3}}
    assert answer.json["keys"] == [told.key]
    rows = {row["queue"]: (row["before"], row["after"], row["changed"]) for row in answer.json["reach"]}
    assert rows["Sales"] == ("never", "from the start", True)
    assert rows["Sales, callers in English"] == ("never", "ring 2, after 0:45", True)
    assert rows["Billing"] == ("from the start", "from the start", False)
    assert rows["Technical"] == ("never", "never", False)


def test_what_somebody_else_changed_meanwhile_is_told_and_stays(desk: DeskHouse, sari: Browser) -> None:
    root = desk.browser("root")
    root.get("/skills")
    assert change(root, ("1001", "billing", 2, 4)).status_code == 200
    answer = change(sari, ("1001", "billing", 5, 4), ("1002", "billing", 5, 4))
    assert answer.status_code == 409
    assert answer.json["now"] == [["1001", "billing", 2]]
    assert answer.json["error"]["code"] == "skills_moved"
    assert answer.json["error"]["message"] == "Somebody changed this meanwhile."
    assert (skills_of(desk, "1001"), skills_of(desk, "1002")) == ({"billing": 2}, {"billing": 4})


def test_what_can_t_be_is_refused_in_words(desk: DeskHouse, sari: Browser) -> None:
    answer = change(sari, ("1001", "New Skill", 3, 0))
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "skill_name")
    many = [("1001", f"s{number}", 1, 0) for number in range(100)]
    assert change(sari, *many).json["error"]["code"] == "too_many_skills"
    for wrong in ([("1001", "sales", 6, 0)], [("1001", "sales", True, 0)], [("1001", "sales", 1)], [], "x",
                  [("1001", "sales", 1, 0), ("1001", "sales", 2, 0)]):  # fmt: skip
        assert sari.post("/api/skills/changes", changes=wrong).status_code == 400
    assert change(sari, ("7", "sales", 1, 0)).status_code == 404
    assert desk.events(EventKind.AGENT_SKILLS_CHANGED) == []


@pytest.mark.parametrize("login", ["dewi", "plan", ""])
def test_only_supervisors_and_administrators_see_and_change_skills(desk: DeskHouse, login: str) -> None:
    browser = desk.browser(login)
    browser.get("/login")
    assert browser.get("/skills").status_code == (403 if login else 302)
    assert browser.get("/skills/skills.csv").status_code == (403 if login else 302)
    for path in ("/api/skills", "/api/skills/reach/1001", "/events/skills"):
        assert browser.get(path).status_code == (403 if login else 401)
    assert change(browser, ("1001", "billing", 1, 4)).status_code == (403 if login else 401)
    assert browser.client.post("/api/skills/file", data=b"x", headers={"X-CSRFToken": browser.token}).status_code == (
        403 if login else 401
    )
    assert skills_of(desk, "1001") == {"billing": 4}
    assert 'href="/skills"' not in browser.get("/").text


def test_an_administrator_may_and_nobody_without_the_page_s_token(desk: DeskHouse) -> None:
    root = desk.browser("root")
    assert 'href="/skills"' in root.get("/wallboard").text
    assert change(root, ("1001", "billing", 1, 4)).status_code == 200
    root.token = "made up"
    assert change(root, ("1001", "billing", 3, 1)).json["error"]["code"] == "csrf"


def send(browser: Browser, content: bytes) -> Any:
    headers = {"X-CSRFToken": browser.token, "Content-Type": "application/octet-stream"}
    return browser.client.post("/api/skills/file", data=content, headers=headers)


def test_the_file_that_was_downloaded_is_changed_checked_and_applied(desk: DeskHouse, sari: Browser) -> None:
    answer = sari.get("/skills/skills.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="halo-skills-2026-03-02.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows == [["agent", "skill", "proficiency"], ["1001", "billing", "4"], ["1002", "billing", "4"]]
    changed = answer.text.replace("1002,billing,4", "1002,billing,0") + "1002,spelld,3\r\n"
    checked = send(sari, changed.encode()).json
    assert (checked["faults"], checked["lines"], checked["fresh"]) == ([], 3, ["spelld"])
    assert checked["changes"] == [["1002", "billing", 0, 4], ["1002", "spelld", 3, 0]]
    assert skills_of(desk, "1002") == {"billing": 4}  # only looked at
    assert change(sari, *checked["changes"]).status_code == 200
    assert skills_of(desk, "1002") == {"spelld": 3}


def test_a_file_s_faults_come_with_their_lines_and_what_to_write_instead(sari: Browser) -> None:
    checked = send(sari, b"agent,skill,proficiency\n1001,Sales Team,3\nRizky Pratama,sales,9\n").json
    assert checked["changes"] == []
    assert checked["faults"] == [
        {"line": 2, "what": "\u201cSales Team\u201d can be no name of a skill.", "instead": "Write sales_team."},
        {"line": 3, "what": "There is no agent \u201cRizky Pratama\u201d.", "instead": "Write 1002."},
        {"line": 3, "what": "\u201c9\u201d is no proficiency.",
         "instead": "Write a whole number from 1 to 5, 5 the best, or 0 to take the skill away."},
    ]  # fmt: skip
    assert send(sari, b"x" * (LARGEST_SKILLS_BYTES + 1)).status_code == 413


def test_changes_and_who_comes_on_duty_are_pushed(desk: DeskHouse, sari: Browser) -> None:
    root = desk.browser("root")
    root.get("/skills")
    with root.client.get(f"/events/skills?after={root.data('position')}", buffered=False) as stream:
        pushed = messages(stream)
        assert next(pushed).body == {"open": 0}
        change(sari, ("1001", "billing", 1, 4))
        told = next(pushed)
        assert told.name == "skills"
        (one,) = told.body["changes"]
        assert (one["by"], one["cells"]) == ("Sari (sari)", [["1001", "billing", 1]])
        assert told.body["gaps"]["billing"][0]["words"] == "Billing: only 1 has billing 2+."
        desk.changes.log_in("1002")
        assert next(pushed).body == {"agents": {"1002": True}}
        desk.changes.phone_changed("1002", True)
        desk.changes.make_ready("1002")  # on duty all the same: nothing is pushed
        desk.changes.log_out("1002")
        assert next(pushed).body == {"agents": {"1002": False}}
        publisher = PolicyPublisher(desk.database, desk.clock, Surroundings, desk.bus.publish)
        publisher.publish(read_policy(policy_text(queue_text("only", "needs: [{skill: juggling}]")), "policy.yaml"), "sari", "")
        assert next(pushed).name == "table"
    assert sari.get("/api/skills").json["skills"] == ["juggling", "billing"]


def test_an_agent_sees_their_own_skills_and_can_t_change_them(desk: DeskHouse, sari: Browser) -> None:
    change(sari, ("1001", "call_back", 2, 0))
    page = desk.browser("dewi").get("/desk").text
    assert re.search(r'class="own-skills".*Billing <b class="num">4</b>.*Call back <b class="num">2</b>', page)
    assert "/skills" not in page


def test_an_agents_skills_are_named_as_queues_and_languages_are_in_the_readers_language(desk: DeskHouse, sari: Browser) -> None:
    change(sari, ("1001", "english", 3, 0))
    change(sari, ("1001", "javanese", 5, 0))
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    dewi.client.post("/language", data={"csrf_token": dewi.token, "language": "id", "page": "desk.page"})
    page = dewi.get("/desk").text
    for words in ("Tagihan", "Inggris", "Jawa"):
        assert f'<li class="tag">{words} <b' in page


def _crowd(desk: DeskHouse) -> None:
    with desk.database.writing() as session:
        for number in range(AGENTS):
            skills = [AgentSkill(skill=f"skill_{each:02}", proficiency=1 + (number + each) % 5) for each in range(SKILLS)]
            session.add(AgentRecord(id=f"7{number:03}", name=f"Agent {number}", phone_secret="x", skills=skills))
        session.commit()


def test_five_hundred_agents_by_forty_skills_cost_as_many_queries_as_two_agents(desk: DeskHouse, sari: Browser) -> None:
    asked: list[str] = []
    sqlalchemy_event.listen(desk.database.engine, "before_cursor_execute", lambda *all_of_it: asked.append(all_of_it[2]))
    sari.get("/skills")
    few = len(asked)
    _crowd(desk)
    asked.clear()
    sari.get("/skills")
    assert len(asked) == few
    assert sum("agent_skills" in query for query in asked) == 1


def test_a_whole_floor_is_changed_by_one_request(desk: DeskHouse, sari: Browser) -> None:
    _crowd(desk)
    changes = [(f"7{number:03}", skill, 5, 0) for number in range(AGENTS) for skill in ("one_more", "and_another_with_a_long_name")]
    answer = change(sari, *changes)
    assert answer.status_code == 200
    assert len(answer.json["keys"]) == AGENTS
    assert skills_of(desk, "7499")["one_more"] == 5
