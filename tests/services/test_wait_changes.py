"""Stories of waits in which something changed, of hand-overs, and why each candidate was not the one."""

import pytest

from core.database import Database
from core.errors import NotFound
from core.events import Event, EventKind
from cti.queued import queued_event
from routing.agents import AgentRecord
from routing.asked_first import AskedAs, AskedFirst
from routing.needs import NOTHING, Skill
from routing.place import Place
from routing.policy_versions import put_in_force
from routing.wait_story import Elsewhere, How
from routing.why_chosen import WhyNot
from tests.services.wait_day import POLICY, Day, S, at
from tests.unit.routing.small_policy import policy_text, queue_text, site_text, sites_text

SITES = sites_text(site_text("jakarta", "Jakarta"), site_text("surabaya", "Surabaya", "hours: {mon: 16:01-20:00}"))


@pytest.fixture
def day(database: Database) -> Day:
    return Day(database)


def test_a_skill_that_was_learnt_in_the_middle_of_a_wait_counts_from_then_on(day: Day) -> None:
    day.agents(pupil={"tax": 5}, gone={"none": 1})
    for agent_id in ("pupil", "gone"):
        day.agent(agent_id, -500, S.READY)
    day.queued("me", 0)
    for agent_id, before, after in (("pupil", {}, {"tax": 5}), ("gone", {"tax": 4}, {"none": 1})):
        data = {"by": "s", "before": before, "after": after}
        day.events.append(Event(EventKind.AGENT_SKILLS_CHANGED, at(30), agent_id=agent_id, data=data))
    day.agent("pupil", 30.1, S.RESERVED, "me", because={"idle_s": 530.1})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 32)
    story = day.story()
    assert [(ring.after_s, ring.able) for ring in story.rings] == [(0, 1)]
    assert {track.agent_id: track.able for track in story.tracks} == {"gone": ((0, 30),), "pupil": ((30, 32),)}
    assert [(turn.after_s, turn.agent_id, turn.how) for turn in story.turns] == [
        (30, "gone", How.UNLEARNT), (30, "pupil", How.LEARNT),
    ]  # fmt: skip
    ready_s = {track.agent_id: track.seconds_in(S.READY) for track in story.tracks}
    assert ready_s == {"gone": 30, "pupil": pytest.approx(0.1)}, "what they did while they could not serve them says nothing"


def test_a_policy_that_came_into_force_in_the_middle_of_a_wait_counts_from_then_on(day: Day) -> None:
    day.agents(able={"tax": 2})
    day.agent("able", -500, S.READY)
    day.queued("me", 0)
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue_text("tax")), at(40), "sari")
        put_in_force(session, POLICY, at(400), "sari")
        session.commit()
    day.agent("able", 40.5, S.RESERVED, "me", because={"idle_s": 540.5})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 42)
    story = day.story()
    assert [(ring.after_s, ring.needs, ring.able, ring.policy) for ring in story.rings] == [
        (0, Skill("tax", 3), 0, None), (40, NOTHING, 1, 2),
    ]  # fmt: skip
    assert [track.able for track in story.tracks] == [((40, 42),)]


def test_who_came_on_duty_or_left_in_the_middle_is_told_and_not_counted_before(day: Day) -> None:
    day.agents(early={"tax": 5}, late={"tax": 5}, other={"bill": 5})
    day.agent("early", -500, S.TALKING, "x")
    day.queued("me", 0)
    for agent_id in ("late", "other"):
        day.agent(agent_id, 20, S.NOT_READY)
    day.agent("early", 25, S.OFFLINE)
    story = day.story(now_s=50)
    assert [(ring.after_s, ring.able) for ring in story.rings] == [(0, 1)]
    assert [(turn.after_s, turn.agent_id, turn.how) for turn in story.turns] == [(20, "late", How.CAME), (25, "early", How.LEFT)]


def test_who_is_handed_over_waits_once_more_and_each_wait_has_its_story(day: Day) -> None:
    day.agents(first={"tax": 5}, second={"none": 1}, third={"none": 1})
    for agent_id in ("first", "second", "third"):
        day.agent(agent_id, -500, S.READY)
    day.queued("me", 0)
    day.agent("first", 1, S.RESERVED, "me", because={"idle_s": 501.0})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 3)
    given = Place("me", "tax", at(0), "c").handed_on("open", at(100), "third", 20)
    day.events.append(Event(EventKind.INTERACTION_HANDED_OVER, at(100), "me", "first", {"how": "queue", "queue": "open", "to": ""}))
    day.events.append(queued_event(given))
    day.agent("second", 130, S.RESERVED, "me", because={"idle_s": 630.0})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 132)
    before, after = day.story(), day.story(number=2)
    assert (before.facts.place.queue, before.waited_s, [offer.agent_id for offer, _ in before.offers]) == ("tax", 3, ["first"])
    assert (after.facts.place.queue, after.waited_s, [offer.agent_id for offer, _ in after.offers]) == ("open", 32, ["second"])
    assert after.rings[0].alone == AskedFirst("third", 20, AskedAs.HANDED_OVER)
    with pytest.raises(NotFound, match="never stood in line"):
        day.story(number=3)


def test_who_lost_their_agent_waits_once_more_by_the_rings_of_their_first_moment(day: Day) -> None:
    day.agents(best={"tax": 5}, able={"tax": 1})
    day.agent("best", -500, S.READY)
    day.queued("me", 0)
    day.agent("best", 1, S.RESERVED, "me")
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 2)
    day.agent("able", 10, S.TALKING, "x")
    day.events.append(queued_event(Place("me", "tax", at(0), "c", priority=0), again=True, at=at(50)))
    story = day.story(now_s=70, number=2)
    assert (story.facts.place.queued_at, story.waited_s) == (at(50), 20)
    assert [(ring.after_s, ring.needs) for ring in story.rings] == [(0, Skill("tax", 3)), (10, Skill("tax", 1))]


WEIGHED = "needs: [{skill: tax}], balance: most_proficient, keep_scarce_free: true"


def test_each_candidate_has_the_reason_why_it_was_another(day: Day) -> None:
    day.agents(chosen={"tax": 4}, weaker={"tax": 3}, later={"tax": 4}, only={"tax": 5, "java": 5}, best={"tax": 5})
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue_text("tax", WEIGHED), queue_text("java", "needs: [{skill: java}]")), at(-4000), "s")
        session.commit()
    since = {"chosen": -500, "weaker": -900, "later": -400, "only": -800, "best": -300}
    for agent_id, seconds in since.items():
        day.agent(agent_id, seconds, S.READY)
    day.queued("me", 0)
    day.agent("chosen", 0.01, S.RESERVED, "me", because={"idle_s": 500.01, "balance": "most_proficient"})
    [(_offer, found)] = day.story(now_s=5).offers
    assert {each.agent_id: each.why_not for each in found} == {
        "chosen": None, "weaker": WhyNot.LESS_PROFICIENT, "later": WhyNot.LESS_IDLE, "only": WhyNot.SCARCE,
        "best": WhyNot.NOT_THERE,  # by the rule it would have been them
    }  # fmt: skip
    assert {each.agent_id: each.cost for each in found} == {"chosen": 0, "weaker": 0, "later": 0, "only": 1, "best": 0}


def test_who_was_busier_that_day_is_told_as_of_when_they_became_ready(day: Day) -> None:
    day.agents(chosen={"tax": 4}, busier={"tax": 3})
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue_text("tax", "balance: least_occupied")), at(-4000), "s")
        session.commit()
    for agent_id, talks_s in (("chosen", 100), ("busier", 300)):
        day.agent(agent_id, -1000, S.READY, before="OFFLINE")
        day.agent(agent_id, -600, S.TALKING, "x")
        day.agent(agent_id, -600 + talks_s, S.READY)
    day.queued("me", 0)
    day.agent("chosen", 0.01, S.RESERVED, "me", because={"idle_s": 500.01, "balance": "least_occupied"})
    [(_offer, found)] = day.story(now_s=5).offers
    assert [(each.agent_id, each.occupancy, each.why_not) for each in found] == [
        ("chosen", 0.2, None), ("busier", pytest.approx(3 / 7), WhyNot.OCCUPIED),
    ]  # fmt: skip


def test_a_site_that_is_closed_or_has_nobody_is_passed_and_who_sits_there_is_told_apart(day: Day) -> None:
    day.agents(jak={"tax": 5}, sby={"tax": 5}, nowhere={"tax": 5})
    queue = queue_text("tax", "sites: {near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 90}")
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue, more=SITES), at(-4000), "sari")
        for name, site in (("jak", "jakarta"), ("sby", "surabaya")):
            session.get_one(AgentRecord, name).site = site
        session.commit()
    day.agent("sby", -500, S.READY)
    day.agent("nowhere", -500, S.READY)
    day.agent("jak", -500, S.TALKING, "x")
    for key, ends_s in (("short", 1), ("me", 4)):
        day.queued(key, 0, region="surabaya", confidence=2)
        day.happened(EventKind.INTERACTION_ABANDONED, key, ends_s)
    day.agent("jak", 2, S.OFFLINE)
    short, story = day.story("short"), day.story()
    assert [(ring.after_s, ring.able, ring.sites) for ring in short.rings] == [(0, 1, ("surabaya", "jakarta"))], "it is closed"
    assert {track.agent_id: track.able for track in short.tracks} == {"jak": ((0, 1),)}
    assert short.elsewhere == {Elsewhere("surabaya", closed=True): 1, Elsewhere("", closed=False): 1}
    assert {track.agent_id: track.able_after_s for track in story.tracks} == {"jak": 0, "nowhere": 2}, "nobody is at any site"
    assert story.elsewhere == {Elsewhere("surabaya", closed=True): 1}


def test_what_happens_while_they_are_offered_to_somebody_passes_nobody(day: Day) -> None:
    day.agents(silent={"tax": 5}, able={"tax": 5})
    for agent_id in ("silent", "able"):
        day.agent(agent_id, -500, S.READY)
    day.queued("me", 0)
    day.queued("other", 1)
    day.agent("silent", 0.1, S.RESERVED, "me", because={"idle_s": 500})
    day.agent("silent", 0.2, S.RINGING, "me")
    day.agent("able", 1.1, S.RESERVED, "other")
    day.agent("silent", 15, S.NOT_READY, reason="rona")
    story = day.story(now_s=30)
    assert story.passings == (), "they rang at somebody else's"
    assert [offer.agent_id for offer, _ in story.offers] == ["silent"]


def test_what_a_wider_ring_needs_is_the_least_that_is_enough(day: Day) -> None:
    day.agents(any={"bill": 1})
    rules = "needs: [{skill: tax, at_least: 3}], rings: [{after_s: 10, lower: {tax: 1}}, {after_s: 20, also: open}]"
    rules += ", sites: {near_km: 0, any_after_s: 60}"
    with day.database.writing() as session:
        text = policy_text(queue_text("tax", rules), queue_text("open"), more=sites_text(site_text("jakarta", "Jakarta")))
        put_in_force(session, text, at(-4000), "sari")
        session.commit()
    day.queued("me", 0)
    assert [(ring.after_s, ring.needs) for ring in day.story(now_s=30).rings] == [
        (0, Skill("tax", 3)), (10, Skill("tax", 1)), (20, NOTHING),
    ]  # fmt: skip
