"""The pages that say why a caller waited: the list, and the story of one."""

from datetime import datetime, timedelta

import pytest

from core.event_archive import archive
from core.events import Event, EventKind
from core.ids import new_id
from crm.contact_history import Interaction, Segment
from cti.queued import queued_event
from routing.agent_state import Action, AgentState
from routing.agents import AgentRecord, AgentSkill
from routing.place import Place
from routing.policy_versions import put_in_force
from tests.services.desk_house import DeskHouse
from tests.unit.routing.small_policy import policy_text, queue_text, site_text, sites_text


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


def waited_at_sites(desk: DeskHouse, **because: object) -> str:
    """A caller from a landline in Surabaya was given to Dewi, who is in Jakarta, after 25 seconds; the story's address."""
    now = desk.clock.now()
    sites = sites_text(site_text("jakarta", "Jakarta"), site_text("surabaya", "Surabaya"))
    queue = queue_text("billing", "sites: {near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 60}")
    with desk.database.writing() as session:
        put_in_force(session, policy_text(queue, more=sites), now - timedelta(hours=1), "sari")
        session.get_one(AgentRecord, "1001").site = "jakarta"
        session.get_one(AgentRecord, "1002").site = "surabaya"
        session.commit()
    place = Place(new_id(), "billing", now, "PJSIP/caller", region="surabaya", confidence=2)

    def was(agent_id: str, after_s: float, state: AgentState, **more: object) -> Event:
        body = {"state": state.value, "reason": "", "action": "reserve" if state is AgentState.RESERVED else "x", **more}
        key = place.interaction_id if state is AgentState.RESERVED else ""
        return Event(EventKind.AGENT_STATE_CHANGED, now + timedelta(seconds=after_s), key, agent_id, body)

    with desk.database.writing() as session:
        archive(session, [
            was("1001", -90, AgentState.READY), was("1002", -60, AgentState.TALKING), queued_event(place),
            was("1001", 25, AgentState.RESERVED, because={"idle_s": 115, **because}),
            Event(EventKind.INTERACTION_ANSWERED, now + timedelta(seconds=28), place.interaction_id, "1001", {"queue": "billing"}),
        ])  # fmt: skip
        session.commit()
    desk.clock.advance(60)
    return f"/wallboard/waits/{place.interaction_id}"


PASSED = {"site": "jakarta", "site_reason": "passed", "distance_km": 663, "sites_passed": {"surabaya": "busy"}}


@pytest.mark.parametrize(("because", "sentence"), [
    (PASSED, "is in jakarta, 663 km away. Sites liked better could not have them: surabaya (nobody ready)."),
    ({**PASSED, "sites_passed": {"surabaya": "closed"}}, "could not have them: surabaya (closed)."),
    ({**PASSED, "sites_passed": {"surabaya": "full"}}, "surabaya (as many calls as it can take)."),
    ({**PASSED, "sites_passed": {"surabaya": "nobody"}}, "surabaya (nobody there who could)."),
    ({**PASSED, "site_reason": "nearest"}, "is in jakarta, 663 km away: no open site is nearer."),
    ({**PASSED, "site_reason": "share"}, "shares out its calls over the sites, and it was this one&#39;s turn."),
    ({"site": "", "site_reason": "anywhere", "distance_km": None}, "is in no site. It is not known where they called from"),
    ({"site_reason": "named_agent"}, "Dewi Anggraini is this customer&#39;s own agent, wherever that is."),
    ({"site_reason": "last_agent"}, "Dewi Anggraini had spoken with them last, wherever that is."),
])  # fmt: skip
def test_a_story_says_why_this_site(desk: DeskHouse, because: dict[str, object], sentence: str) -> None:
    page = desk.browser("sari").get(waited_at_sites(desk, **because)).text
    assert "They called from a landline in Surabaya." in page
    assert "At first these sites were asked, the one liked best first: surabaya." in page
    assert "After 0:20 these were: surabaya, jakarta." in page
    assert sentence in page


def test_a_story_of_sites_is_told_in_indonesian_too(desk: DeskHouse) -> None:
    browser, address = desk.browser("sari"), waited_at_sites(desk, **PASSED)
    browser.get("/wallboard/waits")
    browser.client.post("/language", data={"csrf_token": browser.token, "language": "id", "page": "wallboard.page"})
    page = browser.get(address).text
    assert "Mereka menelepon dari telepon tetap di Surabaya." in page
    assert "berada di jakarta, 663 km jauhnya" in page
    assert "surabaya (tidak ada yang siap)" in page


def handed_over(desk: DeskHouse) -> str:
    """A caller had Dewi of billing after 10 s, who handed them to sales, where Rizky had them after 30; the interaction."""
    now = desk.clock.now()
    place = Place(new_id(), "billing", now, "PJSIP/caller")
    given = place.handed_on("sales", now + timedelta(seconds=100))
    key = place.interaction_id
    rules = policy_text(queue_text("billing"), queue_text("sales", "balance: most_proficient, needs: [{skill: sales}]"))
    with desk.database.writing() as session:
        put_in_force(session, rules, now - timedelta(hours=1), "sari")
        for agent_id, level in (("1001", 3), ("1002", 4)):
            session.get_one(AgentRecord, agent_id).skills = [AgentSkill(skill="sales", proficiency=level)]
        session.commit()

    def at(after_s: float) -> datetime:
        return now + timedelta(seconds=after_s)

    def was(agent_id: str, after_s: float, state: AgentState, **because: object) -> Event:
        body = {"state": state.value, "reason": "", "action": "reserve" if because else "x", "because": because}
        return Event(EventKind.AGENT_STATE_CHANGED, at(after_s), key if because else "", agent_id, body)

    def answered_by(agent_id: str, after_s: float) -> Event:
        return Event(EventKind.INTERACTION_ANSWERED, at(after_s), key, agent_id, {"queue": "billing"})

    segments = (
        ("QUEUE", "billing", 0, ""), ("TALK", "billing", 10, "1001"), ("QUEUE", "sales", 100, ""), ("TALK", "sales", 130, "1002"),
    )  # fmt: skip
    with desk.database.writing() as session:
        archive(session, [
            was("1001", -90, AgentState.READY), queued_event(place), was("1001", 9, AgentState.RESERVED, idle_s=99),
            answered_by("1001", 10), Event(EventKind.INTERACTION_HANDED_OVER, at(100), key, "1001", {"how": "queue"}),
            queued_event(given), was("1001", 105, AgentState.READY), was("1002", 120, AgentState.READY),
            was("1002", 129, AgentState.RESERVED, idle_s=9, balance="most_proficient", ring=1, waited_s=29),
            answered_by("1002", 130),
        ])  # fmt: skip
        session.add(Interaction(
            id=key, queue="sales", agent_id="1002", started_at=now, offered_at=now, answered_at=at(10), ended_at=at(200),
            outcome="answered", segments=[
                Segment(kind=kind, queue=queue, started_at=at(after_s), agent_id=agent_id)
                for kind, queue, after_s, agent_id in segments
            ],
        ))  # fmt: skip
        session.commit()
    desk.clock.advance(300)
    return key


def test_who_was_handed_over_has_a_line_and_a_story_for_each_wait(desk: DeskHouse) -> None:
    key, browser = handed_over(desk), desk.browser("sari")
    page = browser.get("/wallboard/waits").text
    assert f'/wallboard/waits/{key}"' in page
    assert f'/wallboard/waits/{key}?wait=2"' in page
    assert (">0:10<" in page, ">0:30<" in page) == (True, True)
    assert page.index(">0:30<") < page.index(">0:10<")
    latest = browser.get("/wallboard/waits?order=latest&queue=billing").text
    assert (f'/wallboard/waits/{key}"' in latest, "?wait=2" in latest) == (True, False)
    first, second = (browser.get(f"/wallboard/waits/{key}?wait={number}").text for number in (1, 2))
    assert "billing: waited 0:10, then Dewi Anggraini answered." in first
    assert "sales: waited 0:30, then Rizky Pratama answered." in second
    for number in (1, 2):
        assert f"{number} · " in first
    assert browser.get(f"/wallboard/waits/{key}?wait=3").status_code == 404
    assert browser.get(f"/wallboard/waits/{key}?wait=x").status_code == 200


def test_a_story_says_by_which_rule_and_why_nobody_else(desk: DeskHouse) -> None:
    key, browser = handed_over(desk), desk.browser("sari")
    page = browser.get(f"/wallboard/waits/{key}?wait=2").text
    assert "The queue&#39;s calls go to whoever is best at it. It was in ring 2, after 0:29." in page
    assert "is less proficient" in page
    assert "At 0:20 Rizky Pratama came on duty, who could serve them." in page


@pytest.mark.parametrize("interaction_id", ["3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f", "<script>"])
def test_who_never_stood_in_line_has_no_story(desk: DeskHouse, interaction_id: str) -> None:
    assert desk.browser("sari").get(f"/wallboard/waits/{interaction_id}").status_code == 404


def test_waits_are_for_supervisors(desk: DeskHouse) -> None:
    for login in ("dewi", "plan"):
        assert desk.browser(login).get("/wallboard/waits").status_code == 403
    assert desk.browser().get("/wallboard/waits").status_code == 302
