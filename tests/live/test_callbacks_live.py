"""Promised calls that keep their place: with real calls out to a customer's phone, and with cti killed in between."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.clock import SystemClock
from core.events import EventKind
from crm.callback_tasks import CallbackTask
from ivr.callback_times import IN_AN_HOUR, times_offered
from ivr.line import Prompt
from ivr.spoken import spoken_on_day, spoken_time
from routing.callback_outcomes import CallbackOutcomes
from tests.live.callers import changed, press_through, to_music, to_queue
from tests.live.house import wait_until
from tests.live.promised_calls import due_now, in_line_at_home, promise, record_of_answered, rung, told, wrap_up
from tests.live.spoken_messages import LANGUAGE, confirm_own_number, task_of, wait_heard

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("nobody_is_promised_anything_afterwards")]


def test_the_place_is_kept_the_customer_is_called_and_the_wait_on_record_is_the_real_one(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    first = halo.store.snapshot().line[interaction].queued_at
    _, behind = to_queue(halo, watch, "10")
    page = pages.open("2003")
    assert changed(watch, interaction, "reserve").agent_id == "2003", "the place of the first moment comes before who came later"
    wait_until(lambda: page.pop_of(interaction) is not None, "the screen pop")
    push = page.pop_of(interaction)
    assert push is not None
    assert "Call-back" in push.html
    told(watch, EventKind.CALLBACK_DIALLED, interaction)
    picked_up = told(watch, EventKind.CALLBACK_PICKED_UP, interaction)
    assert rung(halo, number) == 1
    wait_until(lambda: halo.answered_phones(number, halo.settings.hotline_number), "the customer to see the hotline's number")
    wait_until(lambda: "data-reached" in page.pushes[-1].html, "the agent to be asked whether it is them")
    assert behind in halo.store.snapshot().line
    halo.carrier.hang_up_phone(number)
    wrap_up(page)
    answered = told(watch, EventKind.INTERACTION_ANSWERED, interaction)
    assert answered.data["wait_s"] == pytest.approx((picked_up.at - first).total_seconds(), abs=0.5)
    record = record_of_answered(halo, interaction)
    assert record.agent_id == "2003"
    assert record.offered_at is not None
    assert record.answered_at is not None
    assert (record.answered_at - record.offered_at).total_seconds() == pytest.approx(answered.data["wait_s"], abs=1)
    assert task_of(halo, interaction).state == "done"
    assert rung(halo, number) == 1


@pytest.mark.long
@pytest.mark.parametrize(("manner", "why"), [("busy", "busy"), ("ring", "no_answer")])
def test_who_is_not_reached_is_called_again_at_the_next_try(halo, pages, manner, why):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    halo.carrier.set_manner(number, manner)
    page = pages.open("2003")
    missed = told(watch, EventKind.CALLBACK_MISSED, interaction)
    assert (missed.data["why"], missed.data["tries"]) == (why, 1)
    wrap_up(page)
    task = task_of(halo, interaction)
    assert task.state == "open"
    assert timedelta(minutes=9) < task.next_at - SystemClock().now() <= timedelta(minutes=10)
    assert not in_line_at_home(halo, interaction)
    halo.carrier.set_manner(number, "answer")
    due_now(halo, interaction)
    page.make_ready()
    told(watch, EventKind.CALLBACK_PICKED_UP, interaction)
    page.post("/api/reached", interaction_id=interaction, reached=True)
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    assert task_of(halo, interaction).state == "done"
    record_of_answered(halo, interaction)


@pytest.mark.long
def test_voicemail_is_not_reached(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    page = pages.open("2003")
    told(watch, EventKind.CALLBACK_PICKED_UP, interaction)
    page.post("/api/reached", interaction_id=interaction, reached=False)
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    assert told(watch, EventKind.CALLBACK_MISSED, interaction).data["why"] == "voicemail"
    assert (task_of(halo, interaction).state, task_of(halo, interaction).tries) == ("open", 1)
    assert not [event for event in watch.catch_up() if event.kind is EventKind.INTERACTION_ANSWERED]
    assert rung(halo, number) == 1


@pytest.mark.long
def test_who_calls_again_takes_over_the_place_and_is_not_called(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    first = halo.store.snapshot().line[interaction].queued_at
    again = halo.watch()
    call = halo.dial(number).wait_answered()
    started = again.wait(lambda event: event.kind is EventKind.INTERACTION_STARTED and event.data["ani"] == number, "the new call")
    press_through(call, started.interaction_id, again, "10")
    told(again, EventKind.INTERACTION_QUEUED, started.interaction_id)
    assert halo.store.snapshot().line[started.interaction_id].queued_at == first
    told(again, EventKind.CALLBACK_TAKEN_OVER, interaction)
    wait_until(lambda: interaction not in halo.store.snapshot().line, "the promise to leave the line")
    assert task_of(halo, interaction).state == "done"
    page = pages.open("2003")
    page.wait_state("TALKING")
    assert page.facts["interaction"] == started.interaction_id
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    assert rung(halo, number) == 0


@pytest.mark.long
def test_places_kept_at_home_outlive_cti_and_what_redis_held(halo, pages):
    watch = halo.watch()
    promised = [promise(halo, watch) for _ in range(2)]
    before = halo.store.snapshot().line
    halo.store.redis.delete("halo:line")
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    wait_until(lambda: len(halo.store.snapshot().line) == 2, "the line to be rebuilt", 40)
    after = halo.store.snapshot().line
    assert {key: place.queued_at for key, place in after.items()} == {key: place.queued_at for key, place in before.items()}
    page = pages.open("2003")
    told(watch, EventKind.CALLBACK_PICKED_UP, promised[0][0])
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    assert [rung(halo, number) for _, number in promised] == [1, 0]


@pytest.mark.long
def test_a_cti_killed_while_the_customers_phone_rings_calls_nobody_twice_and_finds_them_in_the_talk(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    halo.carrier.set_for_phones(answer_after_s=3)
    try:
        page = pages.open("2003")
        told(watch, EventKind.CALLBACK_DIALLED, interaction)
        assert halo.carrier.wait_for(lambda: rung(halo, number) == 1)
        killed = halo.kill("cti")
        halo.wait_restarted("cti", killed)
        wait_until(halo.cti_is_ready, "cti to be ready again")
        told(watch, EventKind.CALLBACK_PICKED_UP, interaction)
        page.wait_state("TALKING")
    finally:
        halo.carrier.set_for_phones(answer_after_s=0)
    halo.carrier.hang_up_phone(number)
    wrap_up(page)
    record_of_answered(halo, interaction)
    assert rung(halo, number) == 1


@pytest.mark.long
def test_a_call_that_was_to_be_at_a_later_time_is_made_then(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    now = SystemClock().now()
    task = task_of(halo, interaction)
    outcomes = CallbackOutcomes(halo.database, lambda _queue, at: at, halo.bus.publish)
    outcomes.put_off(task, now + timedelta(seconds=6), now)
    wait_until(lambda: not in_line_at_home(halo, interaction), "the promise to leave the line")
    page = pages.open("2003")
    told(watch, EventKind.CALLBACK_PICKED_UP, interaction)
    assert SystemClock().now() >= now + timedelta(seconds=6)
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    wait_until(lambda: task_of(halo, interaction).state == "done", "the promise to be kept")
    assert rung(halo, number) == 1


@pytest.mark.long
def test_who_chooses_a_time_in_line_is_promised_it_and_leaves_the_line(halo, pages):
    watch = halo.watch()
    call, interaction = to_music(halo, watch, "10")
    call.press("1")
    wait_heard(halo, call, "callback_offer_place")
    call.press("3")
    confirm_own_number(halo, call)
    may_be = [in_an_hour(halo)]
    wait_heard(halo, call, "callback_when")
    call.press("1")
    may_be.append(in_an_hour(halo))
    spoken = [(spoken_on_day(at.date(), now.date(), LANGUAGE), spoken_time(at.time(), LANGUAGE)) for now, at in may_be]
    read_back = [Prompt("callback_time_is", LANGUAGE, {"day": day, "time": time}) for day, time in spoken]
    wait_until(lambda: any(halo.hears_prompt(call, prompt) for prompt in read_back), "the caller to hear the time", 30)
    call.press("1")
    wait_heard(halo, call, "callback_at_that_time")
    assert call.ended.wait(10)
    with halo.database.reading() as session:
        task = session.scalars(select(CallbackTask).where(CallbackTask.number == call.number)).one()
    assert task.interaction_id != interaction
    assert (task.due_at, task.next_at) in {(at, at) for _now, at in may_be}
    assert halo.interaction(interaction).outcome == "call_back"
    assert halo.store.snapshot().line == {}


def in_an_hour(halo):
    now = SystemClock().now().astimezone(ZoneInfo(halo.settings.time_zone))
    return now, times_offered(now, lambda at: at)[IN_AN_HOUR]
