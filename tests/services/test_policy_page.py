"""The pages of the policy: who sees what, what is drawn and compared, what goes live and what does not."""

import re
from typing import Any

import pytest

from core.events import EventKind
from routing.agents import AgentRecord, AgentSkill
from routing.policy_file import LONGEST_POLICY, shipped_policy
from routing.policy_versions import history, put_in_force
from tests.services.desk_house import Browser, DeskHouse, messages

TEXT = shipped_policy().text
EASIER = TEXT.replace("needs: [{skill: sales, at_least: 2}]", "needs: [{skill: sales, at_least: 1}]")
WATCHED = (
    "/policy", "/api/policy/versions", "/api/policy/difference?before=0&after=0", "/events/policy",
)  # fmt: skip
EDITED = ("/policy/edit", "/api/policy/text", "/api/policy/preview/7d0c7a0e-4b47-4f70-9f0c-0d4d7a3f2f11")
CHANGES = ("/api/policy/check", "/api/policy/publish", "/api/policy/bring-back", "/api/policy/preview")


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    return at_the_editor(desk, "sari")


def at_the_editor(desk: DeskHouse, login: str) -> Browser:
    browser = desk.browser(login)
    assert browser.get("/policy/edit").status_code == 200
    return browser


def check(browser: Browser, text: str) -> dict[str, Any]:
    answer = browser.post("/api/policy/check", text=text)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def publish(browser: Browser, text: str, based_on: int, note: str = "easier") -> Any:
    return browser.post("/api/policy/publish", text=text, note=note, based_on=based_on)


def versions(desk: DeskHouse) -> list[tuple[int, str, str, str]]:
    with desk.database.reading() as session:
        return [(row.number, row.how, row.by, row.note) for row in history(session)]


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_agents_get_nothing_of_it_and_planners_only_look(desk: DeskHouse) -> None:
    dewi, plan = desk.browser("dewi"), desk.browser("plan")
    for browser in (dewi, plan):
        browser.get("/")
    assert {dewi.get(path).status_code for path in (*WATCHED, *EDITED)} == {403}
    assert {plan.get(path).status_code for path in WATCHED} == {200}
    assert {plan.get(path).status_code for path in EDITED} == {403}
    assert {browser.post(path).status_code for browser in (dewi, plan) for path in CHANGES} == {403}
    assert "/policy/edit" not in plan.get("/policy").text
    assert "data-bring-back" not in plan.page
    assert 'href="/policy"' not in dewi.get("/desk").text


def test_strangers_are_sent_to_the_log_in(desk: DeskHouse) -> None:
    browser = desk.browser()
    browser.get("/login")
    assert {browser.get(path).status_code for path in ("/policy", "/policy/edit")} == {302}
    assert {browser.get(path).status_code for path in (*WATCHED[1:], *EDITED[1:])} == {401}
    assert {browser.post(path).status_code for path in CHANGES} == {401}


def test_without_the_pages_own_token_nothing_is_changed(desk: DeskHouse, sari: Browser) -> None:
    body = {"text": EASIER, "note": "x", "based_on": 0, "number": 1, "day": "2026-03-01"}
    assert {sari.client.post(path, json=body).status_code for path in CHANGES} == {400}
    assert versions(desk) == []


def test_the_picture_says_for_each_ring_who_can_serve_and_plainly_when_nobody_can(desk: DeskHouse) -> None:
    with desk.database.writing() as session:
        session.add(AgentRecord(id="1003", name="Tya", phone_secret="s", skills=[
            AgentSkill(skill="billing", proficiency=2), AgentSkill(skill="english", proficiency=2),
        ]))  # fmt: skip
        session.commit()
    desk.changes.log_in("1001")
    page = desk.browser("sari").get("/policy").text
    assert "The shipped policy is in force" in page
    assert "3 agents on record, 1 logged in now" in page
    cards = dict(re.findall(r'id="queue-(\w+)">(.*?)\n</li>', page, re.DOTALL))
    assert list(cards) == ["sales", "billing", "technical", "general"]

    def rings(queue: str) -> list[str]:
        found = re.findall(r'<li.*?class="num stair__from">from ([\d:]+)</span>(.*?)</li>', cards[queue], re.DOTALL)
        return [" ".join([time, *re.sub(r"<.*?>", " ", rest).split()]) for time, rest in found]

    assert rings("sales") == ["0:00 sales 2+ nobody", "0:00 sales 2+, english 2+ nobody", "0:45 sales 2+ nobody"]
    assert rings("billing") == [
        "0:00 billing 2+ 3 agents (1 here now)", "0:00 billing 2+, english 2+ 1 agent (0 here now)",
        "0:45 billing 2+ 3 agents (1 here now)",
    ]  # fmt: skip
    assert "queue--nobody" in page.split('id="queue-sales"')[0].rsplit("<li", 1)[1]
    assert "80% within 20 s" in cards["sales"]
    assert "unknown wishes go here" in cards["general"]


NEAR = TEXT.replace(
    "- name: billing\n", "- name: billing\n    sites: {share: {surabaya: 1}, any_after_s: 60}\n    callback: {first: customer}\n"
)


def test_sites_are_drawn_open_or_not_with_who_is_there_and_rings_are_counted_by_them(desk: DeskHouse) -> None:
    with desk.database.writing() as session:
        for agent_id, site in (("1001", "surabaya"), ("1002", "makassar")):
            agent = session.get(AgentRecord, agent_id)
            assert agent is not None
            agent.site = site
        session.commit()
    desk.changes.log_in("1001")
    sari = at_the_editor(desk, "sari")
    publish(sari, NEAR, 0)
    page = sari.get("/policy").text
    cards = {
        name: words(rest) for name, rest in re.findall(r'<li class="site[^"]*" id="site-(\w+)">(.*?)\n  </li>', page, re.DOTALL)
    }
    assert list(cards) == ["jakarta", "surabaya", "makassar"]
    assert cards["surabaya"].startswith("Surabaya surabaya open until 21:00 it is 12:00 there (Jakarta) Agents 1 of 1 logged in")
    assert "Mon–Fri 07:00–21:00; Sat–Sun 08:00–18:00" in cards["surabaya"]
    assert "it is 13:00 there (Makassar) Agents 0 of 1 logged in" in cards["makassar"]
    assert "open around the clock" in cards["jakarta"]

    desk.clock.advance(10 * 3600)  # Monday, 22:00 in Jakarta
    billing = words(sari.get("/policy").text.split('id="queue-billing"')[1].split('id="queue-technical"')[0])
    assert "Sites shared out by weight: Surabaya 1 from 1:00 on: every open site" in billing
    assert "the customer's phone is called first, then an agent's" in billing
    assert "from 0:00 billing 2+ Surabaya 1 agent Surabaya 1 from 1:00 billing 2+ Jakarta, Makassar, no site 2 agents" in billing
    assert "closed opens tomorrow 07:00" in words(sari.page)


def words(html: str) -> str:
    return " ".join(re.sub(r"<.*?>", " ", html).split()).replace("&#39;", "'")


def test_what_is_wrong_with_sites_is_told_in_the_readers_language(sari: Browser) -> None:
    sari.client.post("/language", data={"csrf_token": sari.token, "language": "id", "page": "policy_editor.page"})
    found = check(sari, NEAR)
    assert {one["what"] for one in found["problems"]} >= {
        "Tidak ada agen di lokasi surabaya.",
        "Agen yang tidak berada di lokasi mana pun dalam kebijakan: 2. Antrean dengan `sites` menanyai mereka paling akhir.",
    }
    assert "lokasi dihapus" in check(sari, NEAR[: NEAR.index("  - name: makassar")])["difference"]
    lost = check(sari, NEAR.replace("share: {surabaya: 1}", "share: {solo: 1}"))
    assert [(one["what"], one["step"]) for one in lost["problems"]] == [
        ("Tidak ada lokasi solo.", "Pakai salah satu: jakarta, surabaya, makassar.")
    ]


def test_faults_are_told_at_their_line_in_the_readers_language_and_warnings_apart(desk: DeskHouse, sari: Browser) -> None:
    broken = TEXT.replace("fallback: general", "fallback: nowhere")
    found = check(sari, broken)
    assert [(one["line"], one["what"], one["serious"]) for one in found["problems"]] == [
        (line_of(broken, "fallback: nowhere"), "There is no queue nowhere.", True)
    ]
    assert "picture" not in found
    sound = check(sari, TEXT)
    assert (sound["serious"], sound["warnings"]) == (0, 2), "nobody sells, nobody is technical"
    assert {one["what"] for one in sound["problems"]} == {
        f"No agent can serve the callers of {name}." for name in ("sales", "technical")
    }
    assert "Both mean the same." in sound["difference"]

    sari.client.post("/language", data={"csrf_token": sari.token, "language": "id", "page": "policy_editor.page"})
    assert check(sari, broken)["problems"][0]["what"] == "Tidak ada antrean nowhere."
    gone = check(sari, TEXT.replace("name: billing", "name: bills"))
    assert [one["what"] for one in gone["problems"] if one["serious"]] == [
        "Tidak ada antrean billing, padahal alur hotline menuju ke sana."
    ]
    assert check(sari, "queues: [\x00")["problems"][0]["line"] == 1
    assert check(sari, "queues: [")["serious"] == 1


def test_the_difference_is_told_by_queue_in_plain_words(sari: Browser) -> None:
    text = EASIER.replace("priority: 5", "").replace("second_call_today: 120", "second_call_today: 60")
    text = text.replace("- name: technical\n", "- name: technical\n    rings: [{after_s: 60, also: general}]\n    priority: 2\n")
    words = re.sub(r"<.*?>", " ", check(sari, text)["difference"].split("<details")[0])
    words = " ".join(words.split())
    assert words == (
        "Sales Needed of agents sales 2+ → sales Technical Rings new: from 1:00 on: whoever can serve General may help "
        "Priority 5 → 2 The whole policy Worth of a second call today 2:00 of waiting → 1:00 of waiting"
    )


def test_what_is_published_is_in_force_by_whoever_is_logged_in(desk: DeskHouse, sari: Browser) -> None:
    stream = messages(sari.get("/events/policy"))
    assert next(stream).body == {"number": 0, "by": "", "note": ""}
    assert publish(sari, EASIER, 0, note="  easier \n to sell ").get_json() == {"number": 1}
    assert versions(desk) == [(1, "published", "Sari (sari)", "easier to sell")]
    assert [event.data["by"] for event in desk.events(EventKind.POLICY_PUBLISHED)] == ["Sari (sari)"]
    assert next(stream).body == {"number": 1, "by": "Sari (sari)", "note": "easier to sell"}
    assert "Version 1 in force" in sari.get("/policy").text
    assert sari.get("/api/policy/text").get_json() == {"text": EASIER, "based_on": 1}


@pytest.mark.parametrize("text", [
    TEXT.replace("fallback: general", "fallback: nowhere"), TEXT.replace("name: billing", "name: bills"), "queues: [", "\x00",
    TEXT.replace("second_call_today: 120", "reasons: {rain: 5}"),
])  # fmt: skip
def test_a_bad_policy_does_not_go_live(desk: DeskHouse, sari: Browser, text: str) -> None:
    assert error_of(publish(sari, text, 0)) == (400, "policy_faults")
    assert versions(desk) == []


def test_a_note_is_wanted_and_a_text_may_be_long_but_not_too_long(desk: DeskHouse, sari: Browser) -> None:
    assert error_of(publish(sari, EASIER, 0, note=" ")) == (400, "note_missing")
    assert error_of(publish(sari, "#" * (LONGEST_POLICY + 1), 0)) == (413, "too_large")
    assert versions(desk) == []
    assert publish(sari, EASIER + "#" * (LONGEST_POLICY - len(EASIER)), 0).status_code == 200


def test_who_was_overtaken_is_told_and_overwrites_nothing(desk: DeskHouse, sari: Browser) -> None:
    root = at_the_editor(desk, "root")
    assert publish(root, EASIER, 0).status_code == 200
    assert error_of(publish(sari, TEXT + "# mine\n", 0)) == (409, "policy_overtaken")
    assert check(sari, TEXT)["in_force"] == 1
    assert publish(sari, EASIER, 0).get_json() == {"number": 1}, "the same once more, after an answer that was lost"
    assert publish(sari, TEXT + "# mine\n", 1).status_code == 200
    assert error_of(root.post("/api/policy/bring-back", number=1, based_on=1)) == (409, "policy_overtaken")
    assert [row[0] for row in versions(desk)] == [2, 1]


def test_an_earlier_version_is_looked_at_compared_and_brought_back(desk: DeskHouse, sari: Browser) -> None:
    publish(sari, EASIER, 0)
    publish(sari, TEXT, 1, note="as it was")
    page = sari.get("/policy?version=1").text
    assert "Version 1, not in force" in page
    assert "<del>sales 2+</del>" in page
    assert 'data-bring-back="1"' in page
    assert 'data-bring-back="2"' not in page
    compared = sari.get("/api/policy/difference?before=2&after=1").text
    assert "<ins>sales</ins>" in compared
    assert "at_least: 1" in compared
    assert sari.post("/api/policy/bring-back", number=1, based_on=2).get_json() == {"number": 1}
    assert versions(desk)[0] == (1, "rolled_back", "Sari (sari)", "easier")
    assert error_of(sari.post("/api/policy/bring-back", number=9, based_on=1)) == (404, "not_found")
    assert [sari.get(f"/policy?version={wrong}").status_code for wrong in ("9", "x", "-1")] == [404, 400, 400]
    desk.policy_shop.leads["none"] = "config/hours.yaml"
    assert error_of(sari.post("/api/policy/bring-back", number=2, based_on=1)) == (400, "policy_faults")


def test_a_version_that_this_release_can_not_read_is_no_dead_end(desk: DeskHouse, sari: Browser) -> None:
    with desk.database.writing() as session:
        put_in_force(session, "queues: {later: true}", desk.clock.now(), "later", "")
        session.commit()
    page = sari.get("/policy")
    assert page.status_code == 200
    assert "read by this Halo" in page.text
    found = check(sari, EASIER)
    assert "only its lines are compared" in found["difference"]
    assert publish(sari, EASIER, 1).get_json() == {"number": 2}


def test_the_page_is_found_from_where_it_helps(desk: DeskHouse) -> None:
    sari = desk.browser("sari")
    for path in ("/wallboard", "/wallboard/waits?queue=billing", "/ivr"):
        assert 'href="/policy' in sari.get(path).text
    assert "/policy#queue-billing" in sari.get("/wallboard/waits?queue=billing").text
