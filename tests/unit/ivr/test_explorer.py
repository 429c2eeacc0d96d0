"""Every branch of a flow with every fault: what the shipped flow promises to all callers, and what a bad flow is told."""

from functools import cache

import pytest

from ivr.explorer.everything import explore_flow
from ivr.explorer.findings import Fault, Finding, findings
from ivr.explorer.moves import Kind
from ivr.explorer.records import RememberedDesk
from ivr.explorer.search import NOW, Explored, Explorer, Scene, scenes
from ivr.explorer.seconds import estimated_s, seconds_from
from ivr.explorer.ways import ways
from ivr.flow import Flow
from ivr.flow_file import read_flow, shipped_flow
from ivr.line import Prompt
from ivr.outcome import CallBack, CallerGone, Contained, RouteTo, TurnedAway
from routing.queues import load_queues

QUEUES = [queue.name for queue in load_queues().queues]
SMALL = """
flow: hotline
title: {id: Kecil, en: Small}
entries: [{menu: main_menu}]
person_phrases: {id: [petugas], en: [agent]}
menus:
  language:
    ask: {id: [Tekan satu.], en: [Press two.]}
    choices: [{name: id, key: 1}, {name: en, key: 2}]
  main_menu:
    ask: {id: [Jualan satu.], en: [Sales one.]}
    choices:
      - {name: sales, key: 1, phrases: {id: [penjualan], en: [sales]}, queue: sales}
"""


@cache
def desk() -> RememberedDesk:
    return RememberedDesk(NOW)


def explored(flow: Flow, *chosen: Scene) -> list[Explored]:
    return [Explorer(flow, seconds_from({}), desk()).explore(scene) for scene in chosen]


def found(text: str, *chosen: Scene) -> list[Finding]:
    flow = read_flow(text, "draft.yaml").flow
    return findings(flow, explored(flow, *(chosen or (Scene("Sari"), Scene("stranger")))), QUEUES)


@pytest.fixture(scope="module")
def hotline() -> list[Explored]:
    """By voice for one whose language nobody knows, by key for one with several bills, and closed: every menu, service, fault."""
    chosen = (Scene("Dewi"), Scene("Budi", listening=False), Scene("Sari", listening=False, is_open=False))
    return explored(shipped_flow().flow, *chosen)


# What the shipped flow promises


def test_the_shipped_flow_lets_nobody_down(hotline: list[Explored]) -> None:
    assert list(map(str, findings(shipped_flow().flow, hotline, QUEUES))) == []


def test_every_end_is_an_answer_a_promise_or_a_queue_that_exists_each_with_its_last_words(hotline: list[Explored]) -> None:
    ends = [step for done in hotline for step in done.steps if step.outcome is not None]
    assert {type(step.outcome) for step in ends} == {RouteTo, Contained, CallBack, CallerGone, TurnedAway}
    for step in ends:
        if isinstance(step.outcome, RouteTo):
            assert step.outcome.queue in QUEUES
            assert step.heard[-1].key in (f"connecting_{step.outcome.queue}", "connecting")
        elif isinstance(step.outcome, Contained | TurnedAway):
            assert step.heard[-1].key == "goodbye"
        elif isinstance(step.outcome, CallerGone):
            assert step.move.kind is Kind.HANG_UP


def test_key_zero_and_the_words_for_a_person_reach_one_from_every_question(hotline: list[Explored]) -> None:
    wishes = [step for done in hotline for step in done.steps if step.move.wants_person]
    assert len(wishes) > 300
    assert {step.move.name for step in wishes} >= {"key 0", 'says "petugas"', 'says "agent"'}


def test_a_hang_up_at_every_place_and_line_of_code_ends_the_call_quietly(hotline: list[Explored]) -> None:
    for done in hotline:
        gone = [step for step in done.steps if step.move.kind is Kind.HANG_UP]
        assert {step.start for step in gone} == {place for place in done.ways if place.name != "look-up"}
        assert done.broken == []


def test_records_that_fail_at_any_moment_are_followed(hotline: list[Explored]) -> None:
    failed = [step for done in hotline for step in done.steps if step.move.kind is Kind.RECORDS_FAIL]
    assert len({step.start.stack for step in failed}) > 5


def test_the_ways_are_measured_from_every_question(hotline: list[Explored]) -> None:
    measured = ways(hotline)
    assert {node.name for node in measured.nodes} >= set(shipped_flow().flow.menus) | {"order_number"}
    for node in measured.nodes:
        assert node.to_person is not None, node.name
    assert {"bill", "order"} <= set(measured.answers)
    assert min(length.seconds_s for length in measured.answers.values()) > 0
    assert measured.longest_to_answer == max(measured.answers.values())
    assert measured.longest_to_person.turns >= 3


def test_the_same_flow_is_explored_the_same_way() -> None:
    flow, scene = shipped_flow().flow, Scene("Sari", listening=False)
    first, second = (explored(flow, scene)[0] for _ in range(2))
    assert [(step.start, step.move, step.outcome) for step in first.steps] == [
        (step.start, step.move, step.outcome) for step in second.steps
    ]


# What a bad flow is told


def test_a_small_flow_without_a_fault_has_no_finding() -> None:
    assert found(SMALL) == []


def test_menus_that_send_the_silent_round_and_round() -> None:
    text = (
        SMALL
        + """      - {name: more, key: 2, menu: other}
    on_silence: more
  other:
    ask: {id: [Dua lagi.], en: [Two again.]}
    on_silence: back
    choices: [{name: back, key: 1, menu: main_menu}]
"""
    )
    (finding,) = [finding for finding in found(text, Scene("Sari")) if finding.fault is Fault.LOOP]
    assert "main_menu" in finding.what
    assert "other" in finding.what
    assert "goes round for ever" in str(finding)


def test_a_menu_and_a_service_that_no_call_reaches() -> None:
    text = (
        SMALL
        + """  lonely:
    ask: {id: [Sepi.], en: [Lonely.]}
    choices: [{name: bill, key: 1, does: bill}]
"""
    )
    whats = {finding.what for finding in found(text) if finding.fault is Fault.NEVER_REACHED}
    assert whats == {"the menu lonely", "the service bill"}


def test_a_queue_that_does_not_exist_and_a_menu_that_is_missing() -> None:
    broken = found(SMALL.replace("queue: sales", "queue: sale"))
    assert any("no queue 'sale'" in finding.what for finding in broken)
    missing = found(SMALL + "      - {name: bill, key: 2, does: bill}\n", Scene("Sari", listening=False))
    failed = next(finding for finding in missing if finding.fault is Fault.BREAKS)
    assert failed.what.startswith("the flow fails after")
    assert "Way there: Sari, recogniser dead: key 2" in str(failed)


def test_a_sentence_with_a_field_that_nobody_fills() -> None:
    flow = read_flow(SMALL, "draft.yaml").flow
    odd = flow.model_copy(update={"connecting": {"sales": {"id": "Ke {siapa}?", "en": "To sales."}}})
    faults = findings(odd, explored(odd, Scene("Sari"), Scene("stranger")), QUEUES)
    assert [finding.fault for finding in faults] == [Fault.NO_SENTENCE]
    assert "siapa" in faults[0].what


def test_a_phrase_of_two_choices_is_never_understood() -> None:
    text = SMALL + "      - {name: shop, key: 2, phrases: {id: [penjualan], en: [shop]}, queue: sales}\n"
    assert {finding.what for finding in found(text, Scene("Sari")) if finding.fault is Fault.NOT_UNDERSTOOD} == {
        '"penjualan" at main_menu'
    }


# Scenes and seconds


def test_the_scenes_follow_the_entries_and_the_hours_of_a_flow() -> None:
    plain = scenes(read_flow(SMALL, "draft.yaml").flow)
    assert {scene.caller for scene in plain} == {"Sari", "Budi", "Dewi", "family", "stranger"}
    assert any(not scene.listening for scene in plain)
    entries = "hours: office\nclosed: main_menu\nentries: [{menu: main_menu, segments: [vip]}, {menu: main_menu}]"
    more = scenes(read_flow(SMALL.replace("entries: [{menu: main_menu}]", entries), "draft.yaml").flow)
    assert any(not scene.is_open for scene in more)
    assert any(scene.segment == "vip" for scene in more)
    assert len(set(more)) == len(more)


def test_all_scenes_in_one_process_or_in_several_are_the_same() -> None:
    flow, told = read_flow(SMALL, "draft.yaml").flow, []
    together = explore_flow(flow, {}, 2, told.append)
    assert [done.scene for done in together] == scenes(flow)
    assert sorted(map(str, (done.scene for done in told))) == sorted(map(str, scenes(flow)))
    assert [len(done.steps) for done in together] == [len(done.steps) for done in explored(flow, *scenes(flow))]


def test_a_sentence_takes_as_long_as_it_was_measured_or_else_as_its_letters() -> None:
    seconds = seconds_from({("goodbye", "en", ""): 2.5})
    assert seconds(Prompt("goodbye", "en")) == 2.5
    assert seconds(Prompt("goodbye", "id")) == pytest.approx(
        estimated_s("Terima kasih telah menghubungi Halo. Sampai jumpa."), rel=0.5
    )
    assert estimated_s("a" * 136) > estimated_s("a" * 68) > 0
