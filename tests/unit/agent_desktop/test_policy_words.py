"""A policy's parts and its changes in words, in both languages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import agent_desktop.languages as languages
from agent_desktop.policy_difference_words import ChangeGroup, difference_words
from agent_desktop.policy_words import PARTS, labels, part_words, priority_words, ring_words, value_words
from routing.asked_first import LastAgent, NamedAgent
from routing.balance import Balance
from routing.order import LineOrder
from routing.policy import CallBackRule, CallFirst, Policy, Queue, Widening
from tests.unit.routing.small_policy import policy_of, queue_text


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    app = Flask("agent_desktop", root_path=languages.__file__.rsplit("/", 1)[0])
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


A, B = queue_text("a", "needs: [{skill: x, at_least: 2}]"), queue_text("b")


def told(before: Policy, after: Policy) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    def lines(group: ChangeGroup) -> list[tuple[str, str, str]]:
        return [(line.part, line.before, line.after) for line in group.lines]

    return [(group.title, group.kind, lines(group)) for group in difference_words(before, after)]


def test_every_part_of_a_policy_has_a_name() -> None:
    fields = {*Queue.model_fields, *Policy.model_fields, *LineOrder.model_fields}
    told_apart = {"languages", "order", "credit_s"}  # each has its own lines
    assert fields - told_apart - set(PARTS) == set()


def test_a_ring_says_what_it_relaxes() -> None:
    ring = Widening(after_s=45, drop=("tax_law", "x"), lower={"y": 2}, also="b")
    label_of = labels(policy_of(A, B))
    assert (
        ring_words(ring, label_of)
        == "from 0:45 on: tax law, x are not asked for any more; y at 2 is enough; whoever can serve b may help"
    )
    with force_locale("id"):
        assert ring_words(Widening(after_s=5, drop=("x",)), label_of) == "sejak 0:05: x tidak diminta lagi"


@pytest.mark.parametrize(("rule", "words"), [
    ("{waiting: 12, also: b}", "12 or more wait: whoever can serve b may help"),
    ("{expected_wait_s: 300, also: b, offer_callback: true}",
     "who would come would wait 5:00 or longer: whoever can serve b may help; callers are offered a call-back"),
    ("{unstaffed: true, also: b}", "nobody on duty could serve them: whoever can serve b may help"),
    ("{closes_within_s: 900, offer_callback: true}", "it closes within 15:00: callers are offered a call-back"),
])  # fmt: skip
def test_an_overflow_says_when_and_what(rule: str, words: str) -> None:
    found = told(policy_of(A, B), policy_of(queue_text("a", f"needs: [{{skill: x, at_least: 2}}], overflow: [{rule}]"), B))
    assert found == [("a", "changed", [("Overflow", "", words)])]


def test_only_the_rings_that_differ_are_told() -> None:
    rings = ["{after_s: 9, lower: {x: 1}}", "{after_s: 20, also: b}", "{after_s: 30, drop: [x]}"]
    before, after = (
        policy_of(queue_text("a", f"needs: [{{skill: x, at_least: 2}}], rings: [{', '.join(each)}]"), B)
        for each in (rings[:2], [rings[0], rings[2]])
    )
    assert told(before, after) == [("a", "changed", [
        ("Rings", "from 0:20 on: whoever can serve b may help", ""), ("Rings", "", "from 0:30 on: x is not asked for any more"),
    ])]  # fmt: skip


def test_a_new_queue_is_told_whole_and_one_that_is_gone_by_its_name() -> None:
    [new, gone, whole] = told(policy_of(A, B), policy_of(queue_text("c", "needs: [{skill: x}], priority: 2"), A))
    assert new[:2] == ("c", "new")
    assert ("Needed of agents", "", "x") in new[2]
    assert ("Priority", "", "2") in new[2]
    assert gone == ("b", "gone", [])
    assert whole[2][-1] == ("Where unknown wishes go", "a", "c")


@pytest.mark.parametrize(("part", "value", "english", "indonesian"), [
    ("answer_within_s", 20.0, "20 s", "20 dtk"), ("short_abandon_s", 2.5, "2.5 s", "2,5 dtk"),
    ("service_target", 0.8, "80%", "80%"),
    ("balance", Balance.LEAST_OCCUPIED, "whoever was least occupied today", "yang paling sedikit terisi hari ini"),
    ("keep_scarce_free", True, "yes", "ya"), ("last_agent", None, "is not asked first", "tidak ditanya lebih dulu"),
    ("last_agent", LastAgent(within_h=24, wait_s=20), "asked alone for the first 0:20, when they spoke within 24 hours",
     "ditanya sendirian selama 0:20 pertama, bila mereka berbicara dalam 24 jam terakhir"),
    ("named_agent", NamedAgent(wait_s=30), "asked alone for the first 0:30, when the customer has one",
     "ditanya sendirian selama 0:30 pertama, bila pelanggan punya agen tetap"),
    ("head_start_s", 600.0, "10:00 of waiting", "10:00 waktu tunggu"), ("segments.gold", 0.0, "nothing", "tidak ada"),
     ("partition", "", "the main leader's", "milik pemimpin utama"), ("partition", "east", "east", "east"),
     ("callback", CallBackRule(first=CallFirst.CUSTOMER), "the customer's phone is called first, then an agent's",
      "telepon pelanggan dihubungi lebih dulu, lalu telepon agen"),
     ("site_order", ("solo", "medan"), "solo, medan", "solo, medan"),
     ("of_a_later_release", ("solo",), "('solo',)", "('solo',)"),
])  # fmt: skip
def test_what_a_part_is_in_one_line(part: str, value: object, english: str, indonesian: str) -> None:
    assert value_words(part, value, lambda name: name) == english
    with force_locale("id"):
        assert value_words(part, value, lambda name: name) == indonesian


def test_worths_are_named_by_the_segment_or_the_reason() -> None:
    assert part_words("segments.vip") == "Worth of the segment VIP"
    assert part_words("reasons.bill").startswith("Worth of the reason ")
    assert part_words("of_a_later_release") == "of_a_later_release"


def test_priority_is_told_as_time() -> None:
    order = LineOrder(head_start_s=60)
    found = [priority_words(policy_of(queue_text("a", f"priority: {priority}")).queue("a"), order) for priority in (3, 5, 8)]
    assert found == ["as if they had come 2:00 earlier", "as if they had come when they came", "as if they had come 3:00 later"]
