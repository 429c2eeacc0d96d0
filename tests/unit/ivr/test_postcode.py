"""A flow that asks for the postcode: it goes with the caller to whoever serves them."""

from ivr.flow_file import read_flow
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.outcome import Contained, Outcome, RouteTo
from ivr.runner import run
from tests.unit.ivr.fake_desk import STRANGER_ANI
from tests.unit.ivr.fake_line import FakeLine, visit

FLOW = """
flow: hotline
title: {id: Dekat, en: Near}
entries: [{menu: main_menu}]
person_phrases: {id: [petugas], en: [agent]}
menus:
  language:
    ask: {id: [Tekan satu.], en: [Press two.]}
    choices: [{name: id, key: 1}, {name: en, key: 2}]
  main_menu:
    ask: {id: [Tekan satu.], en: [Press one.]}
    choices: [{name: near, key: 1, does: postcode}]
  after_postcode:
    ask: {id: [Penjualan satu. Selesai dua.], en: [Sales one. Done two.]}
    choices: [{name: sales, key: 1, queue: sales}, {name: main_menu, key: 3}, {name: goodbye, key: 2}]
"""


def call(*keys: str) -> tuple[FakeLine, Outcome]:
    line = FakeLine(["1", *keys], ani=STRANGER_ANI)
    caller = visit(line)
    caller.version = FlowVersion(read_flow(FLOW, "near.yaml").flow, None)
    return line, run(run_flow, caller)


def test_the_postcode_goes_with_the_caller_to_the_line() -> None:
    line, outcome = call("1", "60119", "1")
    assert outcome == RouteTo("sales", "sales", "id", None, "60119")
    assert "postcode_1" in line.keys_heard


def test_who_does_not_know_it_reaches_a_person_all_the_same() -> None:
    _, outcome = call("1", "0")
    assert isinstance(outcome, RouteTo)
    assert (outcome.queue, outcome.postcode) == ("general", "")


def test_a_postcode_that_is_too_short_is_asked_for_once_more() -> None:
    line, outcome = call("1", "601#", "60119", "2")
    assert [key for key in line.keys_heard if key.startswith("postcode")] == ["postcode_1", "postcode_2"]
    assert outcome == Contained("")
    _, outcome = call("1", "601#", "601#")
    assert isinstance(outcome, RouteTo)
    assert outcome.postcode == ""
