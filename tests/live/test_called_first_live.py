"""Customers who are called before an agent's phone rings: real calls out, and with cti killed in between."""

from collections.abc import Iterator

import pytest

from core.clock import SystemClock
from core.events import EventKind
from ivr.line import Prompt
from launch.policies import surroundings
from launch.prompts import voice_of
from routing.policy_file import read_policy, shipped_policy
from routing.policy_publication import PolicyPublisher
from tests.live.callers import changed, press_through
from tests.live.hearing import heard_at_s
from tests.live.house import House, wait_until
from tests.live.promised_calls import promise, record_of_answered, rung, told, wrap_up
from tests.live.spoken_messages import LANGUAGE, task_of

pytestmark = [
    pytest.mark.one_database, pytest.mark.usefixtures("nobody_is_promised_anything_afterwards", "customers_first")
]  # fmt: skip


@pytest.fixture
def customers_first(halo: House) -> Iterator[None]:
    """The policy says so, of the queue for whatever is not known."""
    shipped = shipped_policy()
    publisher = PolicyPublisher(
        halo.database, SystemClock(), lambda: surroundings(halo.settings, halo.database), halo.bus.publish
    )  # fmt: skip
    text = shipped.text.replace("  - name: general\n", "  - name: general\n    callback: {first: customer}\n")
    publisher.publish(read_policy(text, "policy.yaml"), "test")
    yield
    publisher.publish(shipped, "test")


def phone_heard_at_s(halo: House, number: str, key: str) -> list[float]:
    """When the customer's phone has heard this sentence, seconds after it answered."""
    file = halo.carrier.heard_by_phone(number)
    sound = voice_of(halo.settings).file_for(Prompt(key, LANGUAGE))
    return list(heard_at_s(file, sound)) if file is not None and file.exists() else []


def wait_phone_heard(halo: House, number: str, key: str, after_s: float = 0) -> None:
    wait_until(
        lambda: any(at_s >= after_s for at_s in phone_heard_at_s(halo, number, key)), f"the customer's phone to hear {key}", 40
    )


def agents_rings(halo: House, interaction: str) -> int:
    return sum(row.get("interaction") == interaction for row in halo.carrier.rings())


def test_the_agents_phone_rings_when_the_customer_is_on_the_line_and_the_wait_on_record_is_the_real_one(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    first = halo.store.snapshot().line[interaction].queued_at
    page = pages.open("2003")
    assert told(watch, EventKind.CALLBACK_DIALLED, interaction).data["first"] == "customer"
    wait_phone_heard(halo, number, "called_is_it_you")
    assert (rung(halo, number), agents_rings(halo, interaction)) == (1, 0)
    assert halo.answered_phones(number, halo.settings.hotline_number)
    halo.carrier.press_phone(number, "1")
    told(watch, EventKind.CALLBACK_ON_LINE, interaction)
    page.wait_state("TALKING")
    answered = told(watch, EventKind.INTERACTION_ANSWERED, interaction)
    assert answered.data["wait_s"] == pytest.approx((answered.at - first).total_seconds(), abs=0.1)
    wait_until(lambda: task_of(halo, interaction).state == "done", "the promise to be kept")
    halo.carrier.hang_up_phone(number)
    wrap_up(page)
    record = record_of_answered(halo, interaction)
    assert record.agent_id == "2003"
    assert record.offered_at is not None
    assert record.answered_at is not None
    assert (record.answered_at - record.offered_at).total_seconds() == pytest.approx(answered.data["wait_s"], abs=0.1)
    assert (rung(halo, number), agents_rings(halo, interaction)) == (1, 1)


@pytest.mark.long
def test_a_machine_that_answers_is_not_them_and_rings_no_agent(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    page = pages.open("2003")
    missed = told(watch, EventKind.CALLBACK_MISSED, interaction)
    assert (missed.data["why"], missed.data["tries"]) == ("voicemail", 1)
    page.wait_state("READY")
    assert (rung(halo, number), agents_rings(halo, interaction)) == (1, 0)


@pytest.mark.long
@pytest.mark.parametrize(("manner", "why"), [("busy", "busy"), ("ring", "no_answer"), ("reject", "busy")])
def test_who_does_not_answer_is_called_again_at_the_next_try(halo, pages, manner, why):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    halo.carrier.set_manner(number, manner)
    page = pages.open("2003")
    assert told(watch, EventKind.CALLBACK_MISSED, interaction).data["why"] == why
    page.wait_state("READY")
    assert (task_of(halo, interaction).state, task_of(halo, interaction).tries) == ("open", 1)
    assert agents_rings(halo, interaction) == 0


@pytest.mark.long
def test_an_agent_who_does_not_answer_leaves_them_first_in_line_for_the_next(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    halo.carrier.set_manner("agent-2003", "ring")
    pages.open("2003")
    wait_phone_heard(halo, number, "called_is_it_you")
    halo.carrier.press_phone(number, "1")
    changed(watch, interaction, "no_answer")
    page = pages.open("2004")
    page.wait_state("TALKING")
    halo.carrier.hang_up_phone("agent-2004")
    wrap_up(page)
    record_of_answered(halo, interaction)
    assert rung(halo, number) == 1


@pytest.mark.long
def test_a_cti_killed_while_the_customers_phone_rings_calls_nobody_twice(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    halo.carrier.set_for_phones(answer_after_s=4)
    try:
        page = pages.open("2003")
        told(watch, EventKind.CALLBACK_DIALLED, interaction)
        assert halo.carrier.wait_for(lambda: rung(halo, number) == 1)
        halo.wait_restarted("cti", halo.kill("cti"))
        wait_until(halo.cti_is_ready, "cti to be ready again")
        wait_phone_heard(halo, number, "called_is_it_you")
    finally:
        halo.carrier.set_for_phones(answer_after_s=0)
    halo.carrier.press_phone(number, "1")
    page.wait_state("TALKING")
    halo.carrier.hang_up_phone(number)
    wrap_up(page)
    record_of_answered(halo, interaction)
    assert (rung(halo, number), agents_rings(halo, interaction)) == (1, 1)


@pytest.mark.long
def test_a_cti_killed_in_the_middle_of_the_question_asks_again(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    page = pages.open("2003")
    wait_until(lambda: halo.answered_phones(number, halo.settings.hotline_number), "the customer to answer")
    halo.wait_restarted("cti", halo.kill("cti"))
    wait_until(halo.cti_is_ready, "cti to be ready again")
    wait_phone_heard(halo, number, "one_moment")
    wait_phone_heard(halo, number, "called_is_it_you", after_s=phone_heard_at_s(halo, number, "one_moment")[-1])
    halo.carrier.press_phone(number, "1")
    page.wait_state("TALKING")
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    record_of_answered(halo, interaction)
    assert (rung(halo, number), agents_rings(halo, interaction)) == (1, 1)


@pytest.mark.long
def test_who_calls_again_while_their_phone_rings_takes_over_the_place(halo, pages):
    watch = halo.watch()
    interaction, number = promise(halo, watch)
    first = halo.store.snapshot().line[interaction].queued_at
    again = halo.dial(number).wait_answered()
    started = watch.wait(lambda event: event.kind is EventKind.INTERACTION_STARTED and event.data["ani"] == number and
                         event.interaction_id != interaction, "the new call")  # fmt: skip
    halo.carrier.set_manner(number, "ring")
    page = pages.open("2003")
    told(watch, EventKind.CALLBACK_DIALLED, interaction)
    assert halo.carrier.wait_for(lambda: rung(halo, number) == 1)
    press_through(again, started.interaction_id, watch, "10")
    told(watch, EventKind.CALLBACK_TAKEN_OVER, interaction)
    queued = told(watch, EventKind.INTERACTION_QUEUED, started.interaction_id)
    assert queued.data["since"] == first.isoformat()
    page.wait_state("TALKING")
    assert page.facts["interaction"] == started.interaction_id
    halo.carrier.hang_up_phone("agent-2003")
    wrap_up(page)
    assert task_of(halo, interaction).state == "done"
    assert rung(halo, number) == 1
