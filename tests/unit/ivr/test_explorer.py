"""Every branch of a flow with every fault: what the shipped flow promises to all callers, and how they are walked."""

import pytest

from ivr.explorer.everything import Exploration, explore_flow
from ivr.explorer.findings import findings
from ivr.explorer.moves import End, Kind
from ivr.explorer.scenes import Scene, scenes
from ivr.explorer.seconds import estimated_s, seconds_from
from ivr.explorer.ways import ways
from ivr.flow_file import read_flow, shipped_flow
from ivr.line import Prompt
from ivr.outcome import CallBack, CallerGone, Contained, RouteTo, TurnedAway
from tests.unit.ivr.small_flows import QUEUES, SMALL


@pytest.fixture(scope="module")
def hotline() -> Exploration:
    """The shipped flow, whole: every scene, menu, service, fault."""
    return explore_flow(shipped_flow().flow, {})


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
