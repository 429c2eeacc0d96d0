"""Every branch of a flow with every fault: what the shipped flow promises to all callers, and what a bad flow is told."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from core.errors import Unavailable
from ivr.explorer.everything import Exploration, explore_flow
from ivr.explorer.findings import Fault, Finding, findings
from ivr.explorer.moves import End, Kind
from ivr.explorer.scenes import Scene, scenes
from ivr.explorer.seconds import estimated_s, seconds_from
from ivr.explorer.ways import ways
from ivr.flow_file import read_flow, shipped_flow
from ivr.identity import proved_customer
from ivr.line import HungUp, Prompt
from ivr.outcome import CallBack, CallerGone, Contained, RouteTo, TurnedAway
from ivr.services import SERVICES
from ivr.services.service import Next, Step
from ivr.visit import Visit
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
SERVES = SMALL + "      - {name: bill, key: 2, phrases: {id: [tagihan], en: [bill]}, does: bill}\n"


class BillService:
    """A service under a name that a flow may use; the broken ones below are of its kind."""

    name = "bill"
    menus: Mapping[str, frozenset[str]] = {}

    def run(self, visit: Visit) -> Step:
        raise NotImplementedError


def found(text: str, *chosen: Scene, service: BillService | None = None) -> list[Finding]:
    flow = read_flow(text, "draft.yaml").flow
    services = {**SERVICES, "bill": service} if service else SERVICES
    with capture_logs():  # a flow that is made to fail says so each time
        exploration = explore_flow(flow, {}, only=chosen or (Scene("Sari"), Scene("stranger")), services=services)
    return findings(flow, exploration, QUEUES)


def faults_of(service: BillService, *chosen: Scene) -> dict[Fault, str]:
    told: dict[Fault, str] = {}
    for finding in found(SERVES, *(chosen or (Scene("Sari", listening=False),)), service=service):
        told[finding.fault] = "\n".join(filter(None, (told.get(finding.fault), str(finding))))
    return told


@pytest.fixture(scope="module")
def hotline() -> Exploration:
    """The shipped flow, whole: every scene, menu, service, fault."""
    return explore_flow(shipped_flow().flow, {})


# What the shipped flow promises


def test_the_shipped_flow_lets_nobody_down(hotline: Exploration) -> None:
    assert list(map(str, findings(shipped_flow().flow, hotline, QUEUES))) == []


def test_every_end_is_an_answer_a_promise_or_a_queue_that_exists_each_with_its_last_words(hotline: Exploration) -> None:
    ends = [step for step in hotline.calls.steps if step.outcome is not None]
    assert {type(step.outcome) for step in ends} == {RouteTo, Contained, CallBack, CallerGone, TurnedAway}
    for step in ends:
        if isinstance(step.outcome, RouteTo):
            assert step.outcome.queue in QUEUES
            assert step.heard[-1].key in (f"connecting_{step.outcome.queue}", "connecting")
        elif isinstance(step.outcome, Contained | TurnedAway):
            assert step.heard[-1].key == "goodbye"
        elif isinstance(step.outcome, CallerGone):
            assert step.move.kind is Kind.HANG_UP


def test_key_zero_and_the_words_for_a_person_reach_one_from_every_question(hotline: Exploration) -> None:
    for question in hotline.questions:
        assert any(step.move.name == "key 0" for step in question.steps)
    names = {step.move.name for question in hotline.questions for step in question.steps if step.move.wants_person}
    assert names >= {"key 0", 'says "petugas"', 'says "agent"'}
    assert len([step for step in hotline.calls.steps if step.move.wants_person]) > 1000


def test_every_choice_of_every_menu_is_made_and_its_every_end_is_followed(hotline: Exploration) -> None:
    flow = shipped_flow().flow
    made = {(step.start.name, step.move.end.answer) for step in hotline.calls.steps if step.move.kind is Kind.END}
    for name, menu in flow.menus.items():
        for choice in menu.choices:
            assert (name, choice.name) in made


def test_every_fault_is_walked_at_every_question(hotline: Exploration) -> None:
    assert set(hotline.faults()) == {
        "silence", "wrong key", "noise", "hang-up", "slow records", "dead records", "recogniser dead",
    }  # fmt: skip
    for question in hotline.questions:
        assert {"silence", "hangs up", "key 0"} <= {step.move.name for step in question.steps}
        assert any(isinstance(step.outcome, End) and step.outcome.wanted for step in question.steps)
    begun = {way.beginning for question in hotline.questions for way in question.ways.values()}
    menus = {str(each).partition(" ")[0] for each in begun} & set(shipped_flow().flow.menus)
    for menu in menus:
        assert {each.listening for each in begun if str(each).startswith(f"{menu} ")} >= {True}
    noisy = {step.start.name for question in hotline.questions for step in question.steps if step.move.name == "noise"}
    assert noisy >= menus | {"order_number", "who"}


def test_a_hang_up_at_every_place_and_line_of_code_ends_the_call_quietly(hotline: Exploration) -> None:
    for done in hotline.every:
        gone = {step.start for step in done.steps if step.move.kind is Kind.HANG_UP}
        assert gone == {place for place in done.ways if place.name not in ("look-up", "start")}
        assert done.broken == []


def test_records_that_fail_or_are_slow_at_any_moment_are_followed(hotline: Exploration) -> None:
    looks_up = {place for place in hotline.calls.ways if place.name == "look-up"}
    for kind in (Kind.RECORDS_ANSWER, Kind.RECORDS_SLOW, Kind.RECORDS_FAIL):
        assert {step.start for step in hotline.calls.steps if step.move.kind is kind} - {
            place for place in hotline.calls.ways if place.name == "start"
        } == looks_up


def test_the_ways_are_measured_from_every_question(hotline: Exploration) -> None:
    measured = ways(hotline.calls)
    assert {node.name for node in measured.nodes} >= set(shipped_flow().flow.menus) | {"order_number", "pin", "who"}
    for node in measured.nodes:
        assert node.to_person is not None, node.name
        if node.at_worst is not None:
            assert node.at_worst >= node.to_person
    assert {"bill", "order"} <= set(measured.answers)
    assert min(length.seconds_s for length in measured.answers.values()) > 0
    assert measured.longest_to_answer == max(measured.answers.values())
    assert measured.longest_to_person.turns >= 3


def test_the_same_flow_is_explored_the_same_way() -> None:
    flow, scene = shipped_flow().flow, Scene("Dewi", listening=False)
    first, second = (explore_flow(flow, {}, only=[scene]).calls for _ in range(2))
    assert [(step.start.name, step.move.name, type(step.outcome)) for step in first.steps] == [
        (step.start.name, step.move.name, type(step.outcome)) for step in second.steps
    ]


# What a bad service is told


class Deaf(BillService):
    """Asks and asks, whatever is pressed."""

    def run(self, visit: Visit) -> Step:
        while True:
            visit.line.ask_keys(visit.prompt("pin_1"))


def test_a_dead_end() -> None:
    told = faults_of(Deaf())
    assert "can only hang up" in told[Fault.DEAD_END]
    assert "goes round for ever" in told[Fault.LOOP]
    assert "key 0" in told[Fault.NOT_AT_ONCE]
    assert "main_menu: key 2" in told[Fault.DEAD_END]


class Stubborn(BillService):
    """Lets nobody through to a person: only a key ends it."""

    def run(self, visit: Visit) -> Step:
        for _ in range(3):
            if visit.line.ask_keys(visit.prompt("pin_1")) == "1":
                break
        return Next.GOODBYE


def test_a_person_out_of_reach() -> None:
    told = faults_of(Stubborn())
    assert "no way leads to a person" in told[Fault.NO_PERSON]
    assert Fault.LOOP not in told  # three times are three places, although no variable counts them
    assert Fault.DEAD_END not in told


class LateTrap(BillService):
    """Lets nobody go who was silent twice before: far behind the first places, and with nothing but a number to tell it."""

    def run(self, visit: Visit) -> Step:
        silent = 0
        while silent < 2:
            if visit.line.ask_keys(visit.prompt("pin_1")):
                return Next.MAIN_MENU
            silent += 1
        while True:
            visit.line.ask_keys(visit.prompt("pin_2"))


def test_a_trap_behind_several_faults() -> None:
    told = faults_of(LateTrap())
    assert "main_menu: key 2, silence, silence." in told[Fault.DEAD_END]


class Slow(BillService):
    """Never comes to a question when the records have failed."""

    def run(self, visit: Visit) -> Step:
        try:
            visit.look_up("open_bills", lambda desk: desk.open_bills(1))
        except Unavailable:
            while True:
                visit.say("looking_up")
        return Next.GOODBYE


def test_a_flow_that_goes_on_and_on_after_a_fault_of_the_records() -> None:
    told = faults_of(Slow())
    assert "goes on and on without asking anything" in told[Fault.BREAKS]
    assert "the records fail" in told[Fault.BREAKS]


class TalksOn(BillService):
    """Does not notice that the caller has gone."""

    def run(self, visit: Visit) -> Step:
        with suppress(HungUp):
            visit.say("goodbye")
        visit.say("goodbye")
        return Next.GOODBYE


def test_a_hang_up_that_is_not_noticed() -> None:
    assert "goes on after a hang-up" in faults_of(TalksOn())[Fault.BREAKS]


class Dialect(BillService):
    """Fails callers in English who are proved: two things that come from different menus."""

    def run(self, visit: Visit) -> Step:
        proved_customer(visit)
        if visit.language == "en":
            raise RuntimeError
        return Next.MAIN_MENU


def test_a_fault_that_only_some_callers_meet() -> None:
    assert Fault.BREAKS not in faults_of(Dialect(), Scene("Dewi", listening=False))  # without a PIN
    assert "the flow fails after" in faults_of(Dialect(), Scene("Budi", listening=False))[Fault.BREAKS]
    assert "the flow fails after" in faults_of(Dialect(), Scene("stranger", listening=False))[Fault.BREAKS]


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
    assert "Way there: Sari, recogniser dead: main_menu: key 2" in str(failed)


def test_a_sentence_with_a_field_that_nobody_fills() -> None:
    flow = read_flow(SMALL, "draft.yaml").flow
    odd = flow.model_copy(update={"connecting": {"sales": {"id": "Ke {siapa}?", "en": "To sales."}}})
    faults = findings(odd, explore_flow(odd, {}, only=[Scene("Sari"), Scene("stranger")]), QUEUES)
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
    assert {scene.caller for scene in plain} == {"Sari", "Budi", "Dewi", "family", "stranger", "withheld"}
    assert any(not scene.listening for scene in plain)
    entries = "hours: office\nclosed: main_menu\nentries: [{menu: main_menu, segments: [vip]}, {menu: main_menu}]"
    more = scenes(read_flow(SMALL.replace("entries: [{menu: main_menu}]", entries), "draft.yaml").flow)
    assert any(not scene.is_open for scene in more)
    assert any(scene.segment == "vip" for scene in more)
    assert len(set(more)) == len(more)


def test_what_is_found_is_told_scene_by_scene() -> None:
    flow, told = read_flow(SMALL, "draft.yaml").flow, []
    exploration = explore_flow(flow, {}, lambda scene, so_far: told.append((scene, so_far.places)))
    assert [scene for scene, _places in told] == scenes(flow)
    assert [places for _scene, places in told] == sorted(places for _scene, places in told)
    assert told[-1][1] == exploration.places


def test_a_sentence_takes_as_long_as_it_was_measured_or_else_as_its_letters() -> None:
    seconds = seconds_from({("goodbye", "en", ""): 2.5})
    assert seconds(Prompt("goodbye", "en")) == 2.5
    assert seconds(Prompt("goodbye", "id")) == pytest.approx(
        estimated_s("Terima kasih telah menghubungi Halo. Sampai jumpa."), rel=0.5
    )
    assert estimated_s("a" * 136) > estimated_s("a" * 68) > 0
