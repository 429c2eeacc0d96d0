"""Real calls, real phones: who gets them, and what happens when somebody does not answer or goes away."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import SystemClock
from core.events import Event, EventKind
from crm.customers import Customer, CustomerPhone
from ivr.hours_file import SHIPPED_FILE
from launch.policies import surroundings
from routing.agent_skills import change_site, change_skills
from routing.policy_file import read_policy, shipped_policy
from routing.policy_publication import PolicyPublisher
from tests.live.callers import changed, interaction_of, to_queue
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database


def publisher_of(halo: House) -> PolicyPublisher:
    return PolicyPublisher(
        halo.database, SystemClock(), lambda: surroundings(halo.settings, halo.database), halo.bus.publish
    )  # fmt: skip


def test_each_call_reaches_the_agent_with_the_skill(halo, pages):
    pages.open("2001")
    pages.open("2002")
    watch = halo.watch()
    _, technical = to_queue(halo, watch, "133")
    _, sales = to_queue(halo, watch, "131")
    assert changed(watch, technical, "answer").agent_id == "2002"
    assert changed(watch, sales, "answer").agent_id == "2001"


def test_the_longest_idle_is_chosen(halo, pages):
    first, second = pages.open("2003"), pages.open("2004")
    first.make_not_ready()
    first.make_ready()
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "10")
    assert changed(watch, interaction, "answer").agent_id == "2004"
    second.wait_state("TALKING")


def test_what_an_agent_learns_brings_them_who_waits_already(halo, pages):
    pages.open("2002")
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "131")
    try:
        change_skills(halo.database, SystemClock(), halo.bus.publish, "2002", {"sales": 2}, "test")
        assert changed(watch, interaction, "answer").agent_id == "2002"
    finally:
        change_skills(halo.database, SystemClock(), halo.bus.publish, "2002", {"sales": 0}, "test")


def test_a_policy_acts_on_who_waits_already(halo, pages):
    pages.open("2002")
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "131")
    shipped = shipped_policy()
    everybody_sells = shipped.text.replace("needs: [{skill: sales, at_least: 2}]", "needs: []")
    publisher = publisher_of(halo)
    try:
        publisher.publish(read_policy(everybody_sells, "policy.yaml"), "test")
        assert changed(watch, interaction, "answer").agent_id == "2002"
    finally:
        publisher.publish(shipped, "test")


def test_where_a_queue_overflows_callers_are_offered_a_call_at_once_and_others_help(halo, pages):
    shipped, publisher, watch = shipped_policy(), publisher_of(halo), halo.watch()
    rules = "overflow: [{unstaffed: true, offer_callback: true}, {waiting: 2, also: general}]"
    overflowing = shipped.text.replace("  - name: sales\n", f"  - name: sales\n    {rules}\n")

    def is_done(also: list[str]) -> Callable[[Event], bool]:
        told = {"queue": "sales", "also": also}
        return lambda event: event.kind is EventKind.QUEUE_OVERFLOWS and told.items() <= event.data.items()

    try:
        publisher.publish(read_policy(overflowing, "policy.yaml"), "test")
        watch.wait(is_done([]), "nobody to be there for sales")
        first, _ = to_queue(halo, watch, "131")
        wait_until(lambda: halo.hears(first, "callback_offer", "id"), "the offer, without a key", timeout_s=30)
        assert first.is_up
        pages.open("2002")  # serves no sales
        _, _second = to_queue(halo, watch, "131")
        watch.wait(is_done(["general"]), "the agents of another queue to help")
        helped = watch.wait(lambda event: event.data.get("action") == "answer" and event.agent_id == "2002", "a helper to answer")
        assert helped.data["state"] == "TALKING"
    finally:
        publisher.publish(shipped, "test")


def test_a_queue_overflows_while_who_came_now_would_wait_long(halo, pages):
    shipped, publisher, watch = shipped_policy(), publisher_of(halo), halo.watch()
    rule = "overflow: [{expected_wait_s: 5, also: general}]"
    try:
        publisher.publish(read_policy(shipped.text.replace("  - name: sales\n", f"  - name: sales\n    {rule}\n"), "p"), "test")
        only_seller = pages.open("2001")
        to_queue(halo, watch, "131")
        only_seller.wait_state("TALKING")
        pages.open("2002")  # serves no sales
        _, second = to_queue(halo, watch, "131")
        assert changed(watch, second, "answer").agent_id == "2002"
    finally:
        publisher.publish(shipped, "test")


def test_a_queue_overflows_before_it_closes(halo, pages):
    shipped, publisher, watch = shipped_policy(), publisher_of(halo), halo.watch()
    soon = datetime.now(UTC) + timedelta(minutes=30)
    zone = "UTC" if soon.hour >= 1 else "Asia/Jakarta"  # where no midnight lies between now and then
    until = soon.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    hours = halo.settings.home / "config" / "hours.yaml"
    hours.write_text(
        f"{SHIPPED_FILE.read_text(encoding='utf-8')}\nqueues:\n  sales:\n    schedule: hotline\n    zone: {zone}\n"
        f"    week:\n      daily: 00:00-{until}\n", encoding="utf-8",
    )  # fmt: skip
    rule = "overflow: [{closes_within_s: 3600, also: general}]"
    try:
        publisher.publish(read_policy(shipped.text.replace("  - name: sales\n", f"  - name: sales\n    {rule}\n"), "p"), "test")
        pages.open("2002")  # serves no sales
        _, interaction = to_queue(halo, watch, "131")
        assert changed(watch, interaction, "answer").agent_id == "2002"
    finally:
        hours.unlink()
        publisher.publish(shipped, "test")


def test_a_caller_from_surabaya_rings_there_and_elsewhere_after_the_ring(halo, pages):
    shipped = shipped_policy()
    publisher = publisher_of(halo)
    always = [re.sub("hours: .*", "hours: always", line) for line in shipped.text.splitlines()]
    near = "  - sites: {near_km: 0, widen: [{after_s: 4, km: 900}], any_after_s: 30}\n    name: general"
    publisher.publish(read_policy("\n".join(always).replace("  - name: general", near), "policy.yaml"), "test")
    tell = halo.bus.publish
    try:
        change_site(halo.database, SystemClock(), tell, "2003", "surabaya", "test")
        change_site(halo.database, SystemClock(), tell, "2004", "jakarta", "test")
        pages.open("2004")
        near_by = pages.open("2003")
        watch = halo.watch()
        _, first = to_queue(halo, watch, "10", "+62315550001")
        reserved = changed(watch, first, "reserve")
        assert (reserved.agent_id, reserved.data["because"]["site_reason"]) == ("2003", "nearest")
        near_by.wait_state("TALKING")
        _, second = to_queue(halo, watch, "10", "+62315550002")
        because = changed(watch, second, "reserve").data["because"]
        assert changed(watch, second, "answer").agent_id == "2004"
        assert because["waited_s"] >= 4
        assert (because["site"], because["sites_passed"]) == ("jakarta", {"surabaya": "busy"})
        _, third = to_queue(halo, watch, "10", "+62315550003")
        pages.open("2005")  # at no site: their turn comes last, until they are said to be in Surabaya
        change_site(halo.database, SystemClock(), tell, "2005", "surabaya", "test")
        assert changed(watch, third, "answer").agent_id == "2005"
    finally:
        publisher.publish(shipped, "test")
        for agent_id in ("2003", "2004", "2005"):
            change_site(halo.database, SystemClock(), tell, agent_id, "", "test")


def test_a_customer_is_offered_to_their_own_agent_alone_for_a_while(halo, pages):
    now, shipped, publisher = SystemClock().now(), shipped_policy(), publisher_of(halo)
    number, busy_number = "+628175550101", "+628175550102"
    with halo.database.writing() as session:
        for each in (number, busy_number):
            mine = Customer(name="Wati Own", language="id", named_agent="2003", created_at=now, updated_at=now)
            mine.phones.append(CustomerPhone(e164=each))
            session.add(mine)
        session.commit()
    publisher.publish(
        read_policy(shipped.text.replace("  - name: general", "  - named_agent: {wait_s: 4}\n    name: general"), "p"), "test"
    )
    try:
        pages.open("2004")
        own = pages.open("2003")  # 2004 has been ready for longer
        watch = halo.watch()
        _, first = to_queue(halo, watch, "10", number)
        reserved = changed(watch, first, "reserve")
        assert (reserved.agent_id, reserved.data["because"]["asked_first"]) == ("2003", "named_agent")
        own.wait_state("TALKING")
        _, second = to_queue(halo, watch, "10", busy_number)
        reserved = changed(watch, second, "reserve")
        assert (reserved.agent_id, reserved.data["because"]["asked_first"]) == ("2004", "")
        assert reserved.data["because"]["waited_s"] >= 4
        changed(watch, second, "answer")
    finally:
        publisher.publish(shipped, "test")


def test_a_phone_that_nobody_answers_costs_the_caller_no_place(halo, pages):
    silent = pages.open("2003")
    halo.carrier.set_manner("agent-2003", "ring")
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "10")
    changed(watch, interaction, "no_answer")
    silent.wait_state("NOT_READY")
    assert silent.facts["reason"] == "rona"
    place = halo.store.snapshot().line[interaction]
    halo.carrier.set_manner("agent-2003", "answer")
    pages.open("2004")
    assert changed(watch, interaction, "answer").agent_id == "2004"
    assert halo.store.place(interaction).queued_at == place.queued_at


def test_a_rejecting_phone_sends_the_caller_back_at_once(halo, pages):
    busy = pages.open("2003")
    halo.carrier.set_manner("agent-2003", "reject")
    watch = halo.watch()
    _, interaction = to_queue(halo, watch, "10")
    changed(watch, interaction, "reject")
    busy.wait_state("NOT_READY")
    assert busy.facts["reason"] == "rejected"
    assert interaction in halo.store.snapshot().line
    halo.carrier.set_manner("agent-2003", "answer")


def test_a_caller_who_hangs_up_while_waiting_is_abandoned(halo):
    watch = halo.watch()
    call, interaction = to_queue(halo, watch, "10")
    call.hang_up()
    watch.wait(lambda event: event.kind is EventKind.INTERACTION_ABANDONED and event.interaction_id == interaction, "the abandon")
    assert halo.interaction(interaction).outcome == "abandoned"
    assert interaction not in halo.store.snapshot().line


def test_a_caller_who_hangs_up_while_it_rings_leaves_the_agent_ready(halo, pages):
    agent = pages.open("2003")
    halo.carrier.set_manner("agent-2003", "ring")
    watch = halo.watch()
    call, interaction = to_queue(halo, watch, "10")
    changed(watch, interaction, "ring")
    agent.wait_state("RINGING")
    call.hang_up()
    changed(watch, interaction, "caller_gone")
    wait_until(lambda: not phone_rings(halo, "agent-2003"), "the phone to stop ringing before it would by itself", 4)
    agent.wait_state("READY")
    halo.carrier.set_manner("agent-2003", "answer")
    assert halo.interaction(interaction).outcome == "abandoned"


def phone_rings(halo: House, user: str) -> bool:
    rows = halo.carrier.ami.rows("CoreShowChannels")
    return any(row.get("exten") == user and row.get("channelstatedesc") != "Up" for row in rows)


def test_a_caller_who_hangs_up_in_the_menu_is_on_record(halo):
    watch = halo.watch()
    call = halo.dial().wait_answered()
    interaction = interaction_of(call, watch)
    call.hang_up()
    record = halo.interaction(interaction)
    assert record.outcome == "gone_in_ivr"
    assert [segment.kind for segment in record.segments] == ["IVR"]


def test_a_closed_tab_gets_no_call(halo, pages):
    with halo.page("2003").open() as page:
        halo.phone_is_up("2003")
        page.make_ready()
        page.wait_state("READY")
    watch = halo.watch()
    wait_until(lambda: halo.store.agent("2003").state == "NOT_READY", "the closed tab to be noticed", timeout_s=30)
    _, interaction = to_queue(halo, watch, "10")
    assert interaction in halo.store.snapshot().line
    assert not [row for row in halo.carrier.rings("agent-2003") if row.get("interaction") == interaction]
    halo.changes.log_out("2003")


def test_a_hundred_calls_race_for_ten_agents_and_none_is_offered_twice(halo, pages):
    agents = [f"20{number:02d}" for number in range(3, 13)]
    opened = {agent_id: pages.open(agent_id) for agent_id in agents}
    halo.carrier.set_for_phones(answer_after_s=0)
    watch, rung_before, callers = halo.watch(), len(halo.carrier.rings()), halo.known_numbers(100)
    over = threading.Event()

    def work(agent_id: str) -> None:
        page = opened[agent_id]
        while not over.is_set():
            if page.state == "TALKING":
                halo.carrier.hang_up_phone(f"agent-{agent_id}")
                page.wait_state("WRAP_UP")
            elif page.state == "WRAP_UP":
                page.save("solved", "")
            over.wait(0.05)

    def call(number: str) -> None:
        mine = halo.watch()
        calling = halo.dial(number).wait_answered()
        interaction = interaction_of(calling, mine)
        mine.wait(lambda event: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == interaction, "the menu")
        calling.press("0")
        assert calling.ended.wait(120), f"{number} has had no agent for two minutes"

    with ThreadPoolExecutor(30) as crowd:
        workers = [crowd.submit(work, agent_id) for agent_id in agents]
        try:
            for done in [crowd.submit(call, number) for number in callers]:
                done.result()
        finally:
            over.set()
        for worker in workers:
            worker.result()
    answered = [event.interaction_id for event in watch.catch_up() if event.kind is EventKind.INTERACTION_ANSWERED]
    rings = [row.get("interaction") for row in halo.carrier.rings()[rung_before:]]
    assert len(answered) == len(set(answered)) == 100
    assert sorted(rings) == sorted(answered)
