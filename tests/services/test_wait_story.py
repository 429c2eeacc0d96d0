"""Why a caller waited and why this agent got them, from events in a real archive."""

import pytest

from core.database import Database
from core.errors import NotFound
from core.events import Event, EventKind
from cti.queued import queued_event
from routing.agents import AgentRecord
from routing.asked_first import AskedAs, AskedFirst
from routing.expectations import Cause
from routing.needs import Skill
from routing.place import Place
from routing.policy_versions import put_in_force
from routing.wait_story import Before
from tests.services.wait_day import NOW, Day, S, at
from tests.unit.routing.small_policy import policy_text, queue_text, site_text, sites_text


@pytest.fixture
def day(database: Database) -> Day:
    return Day(database)


def test_a_wait_is_told_from_the_line_to_the_answer(day: Day) -> None:
    day.agents(best={"tax": 5}, able={"tax": 2}, stranger={"bill": 5})
    day.agent("best", -500, S.TALKING, "before")
    day.agent("able", -400, S.READY)
    day.agent("stranger", -300, S.READY)
    day.queued("me", 0)
    day.agent("best", 30, S.WRAP_UP, "before")
    day.agent("able", 60, S.RESERVED, "me", because={"idle_s": 460.0, "ring": 1})
    day.agent("able", 61, S.RINGING, "me")
    day.agent("able", 66, S.TALKING, "me")
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 66)
    story = day.story()
    assert (story.waited_s, story.facts.ended_by) == (66, EventKind.INTERACTION_ANSWERED)
    assert [(ring.after_s, ring.needs, ring.able) for ring in story.rings] == [(0, Skill("tax", 3), 1), (60, Skill("tax", 1), 2)]
    assert story.unable == {Skill("tax", 1): 1}
    assert [(track.agent_id, track.able_after_s) for track in story.tracks] == [("best", 0), ("able", 60)]
    best = story.tracks[0]
    assert [(span.state, (span.start - NOW).total_seconds(), (span.end - NOW).total_seconds()) for span in best.spans] == [
        (S.TALKING, 0, 30), (S.WRAP_UP, 30, 66),
    ]  # fmt: skip
    assert (best.seconds_in(S.TALKING), best.seconds_in(S.TALKING, S.WRAP_UP)) == (30, 66)
    [(offer, candidates)] = story.offers
    assert (offer.agent_id, offer.because["ring"]) == ("able", 1)
    assert [(one.agent_id, one.idle_s, one.proficiency, one.chosen) for one in candidates] == [("able", 460, 2, True)]


def test_everybody_who_was_ready_and_able_is_a_candidate_with_how_long_they_had_been_ready(day: Day) -> None:
    day.agents(first={"tax": 3}, second={"tax": 5}, busy={"tax": 5}, weak={"tax": 2})
    for name, since in (("first", -50), ("second", -20), ("weak", -90)):
        day.agent(name, since, S.READY)
    day.agent("busy", -10, S.NOT_READY, reason="break")
    day.queued("me", 0)
    day.agent("first", 0.01, S.RESERVED, "me", because={"idle_s": 50.01})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 5)
    [(_offer, candidates)] = day.story().offers
    assert [(one.agent_id, round(one.idle_s), one.proficiency, one.chosen) for one in candidates] == [
        ("first", 50, 3, True), ("second", 20, 5, False),
    ]  # fmt: skip


def test_who_was_served_before_them_is_told_with_the_reason(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.agent("best", -500, S.TALKING, "x")
    day.queued("sooner", -30)
    day.queued("me", 0)
    day.queued("second", 20, second_call=True)
    day.queued("urgent", 40, "urgent")
    day.queued("lost", 50, priority=0)
    day.queued("later", 70)
    for number, key in enumerate(("sooner", "second", "urgent", "lost", "later", "nobody")):
        day.agent("best", 100 + number, S.RESERVED, key)
    day.happened(EventKind.INTERACTION_ABANDONED, "me", 200)
    story = day.story()
    assert {passing.other.interaction_id: passing.why for passing in story.passings} == {
        "sooner": Before.EARLIER, "second": Before.CREDIT, "urgent": Before.PRIORITY, "lost": Before.LOST_AGENT,
        "later": Before.AFTER,
    }  # fmt: skip
    assert story.offers == ()


def test_whoever_was_offered_an_agent_in_vain_was_not_served_before_them(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.agent("best", -500, S.TALKING, "x")
    for key in ("rung", "talked", "ringing"):
        day.queued(key, -30)
    day.queued("me", 0)
    day.agent("best", 100, S.RESERVED, "rung")
    day.agent("best", 101, S.RINGING, "rung")
    day.agent("best", 116, S.NOT_READY, reason="rona")
    day.agent("best", 120, S.RESERVED, "talked")
    day.agent("best", 125, S.TALKING, "talked")
    day.agent("best", 150, S.WRAP_UP, "talked")
    day.agent("best", 160, S.RESERVED, "ringing")
    story = day.story(now_s=165)
    assert {passing.other.interaction_id: passing.unanswered for passing in story.passings} == {
        "rung": True, "talked": False, "ringing": False,
    }  # fmt: skip


def test_a_caller_whose_queue_is_gone_waits_by_the_rules_of_the_fallback(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.queued("me", 0, "gone")
    assert [ring.instead for ring in day.story(now_s=5).rings][:1] == ["tax"]
    day.queued("other", 0)
    assert day.story("other", now_s=5).rings[0].instead == ""


def test_an_agent_of_a_later_ring_passes_nobody_before_it(day: Day) -> None:
    day.agents(able={"tax": 2})
    day.agent("able", -5, S.READY)
    day.queued("me", 0)
    day.queued("urgent", 10, "urgent")
    day.agent("able", 20, S.RESERVED, "urgent")
    assert day.story(now_s=50).passings == ()


def test_the_wait_of_somebody_who_is_in_line_is_told_as_far_as_it_goes(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.queued("me", 0)
    story = day.story(now_s=30)
    assert (story.waited_s, story.facts.ended_by, story.tracks) == (30, None, ())
    assert [ring.after_s for ring in story.rings] == [0]
    with pytest.raises(NotFound, match="never stood in line"):
        day.story("somebody")


def test_what_agents_learnt_later_does_not_change_the_story(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.agent("best", -5, S.TALKING, "x")
    day.queued("me", 0)
    day.happened(EventKind.INTERACTION_ABANDONED, "me", 20)
    day.events.append(
        Event(EventKind.AGENT_SKILLS_CHANGED, at(500), agent_id="best", data={"by": "s", "before": {"tax": 1}, "after": {"tax": 5}})
    )
    story = day.story()
    assert (story.tracks, story.unable) == ((), {Skill("tax", 3): 1})


def test_one_who_was_lost_and_queued_again_has_waited_from_the_first_moment(day: Day) -> None:
    day.agents(best={"tax": 5})
    day.queued("me", 0)
    day.events.append(queued_event(Place("me", "tax", at(0), "c", priority=0), again=True, at=at(40)))
    story = day.story(now_s=50)
    assert (story.facts.place.queued_at, story.facts.place.priority, story.waited_s) == (NOW, 0, 50)


def test_a_story_knows_that_the_last_agent_was_asked_alone_at_first(day: Day) -> None:
    day.agents(best={"tax": 5}, able={"tax": 5})
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue_text("tax", "last_agent: {within_h: 1, wait_s: 20}")), at(-4000), "sari")
        session.commit()
    day.agent("best", -500, S.TALKING, "x")
    day.agent("able", -500, S.READY)
    day.queued("me", 0, last_agent="best", last_talk_ago_s=600.0)
    story = day.story(now_s=50)
    assert [(ring.after_s, ring.able, ring.alone) for ring in story.rings] == [
        (0, 1, AskedFirst("best", 20, AskedAs.LAST)), (20, 2, None),
    ]  # fmt: skip
    assert {track.agent_id: track.able_after_s for track in story.tracks} == {"best": 0, "able": 20}


SITES = sites_text(site_text("jakarta", "Jakarta"), site_text("surabaya", "Surabaya", "hours: {mon: 16:01-20:00}"))


def test_a_story_knows_which_sites_were_asked_when_and_who_was_where(day: Day) -> None:
    day.agents(jak={"tax": 5}, sby={"tax": 5}, moved={"tax": 5})
    queue = queue_text("tax", "sites: {near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 90}")
    with day.database.writing() as session:
        put_in_force(session, policy_text(queue, more=SITES), at(-4000), "sari")
        for name, site in (("jak", "jakarta"), ("sby", "surabaya"), ("moved", "jakarta")):
            session.get_one(AgentRecord, name).site = site
        session.commit()
    for name in ("jak", "sby", "moved"):
        day.agent(name, -500, S.READY)
    day.queued("me", 0, region="surabaya", confidence=2)
    passed = {"site": "jakarta", "site_reason": "passed", "distance_km": 663, "sites_passed": {"surabaya": "closed"}}
    day.agent("jak", 0.01, S.RESERVED, "me", because={"idle_s": 500, **passed})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 95)
    move = {"by": "s", "before": {"tax": 5}, "after": {"tax": 5}, "site_before": "makassar", "site_after": "jakarta"}
    day.events.append(Event(EventKind.AGENT_SKILLS_CHANGED, at(500), agent_id="moved", data=move))
    story = day.story()
    assert [(ring.after_s, ring.sites) for ring in story.rings] == [
        (0, ("surabaya", "jakarta")), (90, ("surabaya", "jakarta")),
    ]  # fmt: skip
    assert {track.agent_id: track.able_after_s for track in story.tracks} == {"jak": 0, "sby": 60, "moved": 90}
    [(_offer, candidates)] = story.offers
    assert [(one.agent_id, one.chosen) for one in candidates] == [("jak", True)]
    assert (story.facts.place.region, story.facts.place.confidence) == ("surabaya", 2)


def test_what_was_expected_and_who_helped_because_the_queue_overflowed_is_told(day: Day) -> None:
    day.agents(best={"tax": 5}, helper={"none": 1})
    day.agent("best", -500, S.TALKING, "before")
    day.agent("helper", -400, S.TALKING, "other")
    day.queued("me", 0)
    waits = {"expected_s": 100.0, "low_s": 40.0, "high_s": 200.0}
    for seconds, cause in ((1, "first"), (30, "line"), (40, "sooner")):
        day.events.append(Event(EventKind.WAIT_EXPECTED, at(seconds), "me", data={"queue": "tax", **waits, "cause": cause}))
    day.events.append(Event(EventKind.WAIT_EXPECTED, at(50), "me", data={"queue": "tax"}))
    for seconds, queue, also in ((-90, "tax", ["urgent"]), (-60, "tax", []), (20, "tax", ["open"]), (25, "urgent", ["open"])):
        done = {"queue": queue, "also": also, "offer_callback": False, "why": ["waiting"] if also else []}
        day.events.append(Event(EventKind.QUEUE_OVERFLOWS, at(seconds), data=done))
    day.agent("helper", 80, S.RESERVED, "me", because={"idle_s": 1.0})
    day.happened(EventKind.INTERACTION_ANSWERED, "me", 85)
    story = day.story()
    assert [(each.after_s, each.end_s, each.cause) for each in story.facts.expected] == [
        (1, 101, Cause.FIRST), (30, 130, Cause.LINE), (40, 140, Cause.SOONER),
    ]  # fmt: skip
    assert [(after_s, done.also) for after_s, done in story.facts.overflows] == [(20, ("open",))]
    assert [(track.agent_id, track.able_after_s) for track in story.tracks] == [("best", 0), ("helper", 20)]
