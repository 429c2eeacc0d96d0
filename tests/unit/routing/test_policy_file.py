"""The policy file: what is shipped is sound, and each mistake is told with its line and what to write instead."""

import pytest

from core.errors import BadInput
from core.problem import Faults
from routing.policy import CallFirst
from routing.policy_examples import example_of
from routing.policy_file import LONGEST_POLICY, PolicyText, read_or_tell, read_policy, read_policy_file, shipped_policy
from tests.unit.routing.small_policy import policy_text, queue_text

TWO = (queue_text("a"), queue_text("b"))


def test_the_shipped_queues_are_labelled_in_both_languages() -> None:
    policy = shipped_policy().policy
    assert policy.names == ("sales", "billing", "technical", "general")
    assert policy.queue("sales").label_in("id") == "Penjualan"
    assert policy.queue("sales").label_in("en") == "Sales"


def test_whose_phone_is_called_first_is_a_choice_of_the_queue() -> None:
    text = policy_text(queue_text("a"), TWO[1].replace("name: b", "name: b, callback: {first: customer}"))
    found = read_policy(text, "policy.yaml").policy
    assert [found.call_first(name) for name in ("a", "b", "gone")] == [CallFirst.AGENT, CallFirst.CUSTOMER, CallFirst.AGENT]


def test_an_unknown_queue_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="sales, billing, technical, general"):
        shipped_policy().policy.queue("nowhere")


@pytest.mark.parametrize(("queue", "what", "step"), [
    ("answer_within_s: 0", "queues.0.answer_within_s is too small.", "Use more than 0."),
    ("answer_within_s: soon", "queues.0.answer_within_s is no number.", "Write one, such as 30."),
    ("service_target: 80", "queues.0.service_target is too large.", "Use 1 at most."),
    ("answer_within_s: 20s", "queues.0.answer_within_s is no number.", "Write the number 20."),
    ("answer_within_s: '7,5 sec'", "queues.0.answer_within_s is no number.", "Write the number 7.5."),
    (f"answer_within_s: {'9' * 400}s", "queues.0.answer_within_s is no number.", "Write one, such as 30."),
    ("service_target: 80%", "queues.0.service_target is no number.", "Write the number 0.8."),
    ("priority: 2nd", "queues.0.priority is no whole number.", "Write the number 2."),
    ("priority: 1.5x", "queues.0.priority is no whole number.", "Write one, such as 2."),
    ("sites: {share: {jakarta: 60%}, any_after_s: 60}", "queues.0.sites.share.jakarta is no whole number.", "Write the number 60."),
    ("needs: [{and: [{skill: x}, {skill: y}]}]", "queues.0.needs.0.and is not known here.", "Write all_of, or take it out."),
    ("needs: [{or: [{skill: x}, {skill: y}]}]", "queues.0.needs.0.or is not known here.", "Write any_of, or take it out."),
    ("short_abandon_s: -1", "queues.0.short_abandon_s is too small.", "Use 0 or more."),
    ("priority: 0", "queues.0.priority is too small.", "Use 1 or more."),
    ("balance: best", "queues.0.balance: there is no such choice.",
     "Use one of: longest_idle, least_occupied, most_proficient."),
    ("callback: {first: nobody}", "queues.0.callback.first: there is no such choice.", "Use one of: agent, customer."),
    ("callback: {last: agent}", "queues.0.callback.last is not known here.", "Correct its spelling, or take it out."),
    ("keep_scarce_free: 2", "queues.0.keep_scarce_free is neither yes nor no.", "Write true or false."),
    ("colour: red", "queues.0.colour is not known here.", "Correct its spelling, or take it out."),
    ("label: {id: A}", "queues.0.label.en is missing.", "Add it."),
    ("label: {id: '', en: A}", "queues.0.label.id is empty.", "Write the words."),
    ("needs: [{skill: x, at_least: 6}]", "queues.0.needs.0.at_least is too large.", "Use 5 at most."),
    ("needs: [{skill: x, at_least: high}]", "queues.0.needs.0.at_least is no whole number.", "Write one, such as 2."),
    ("needs: [{at_least: 2}]", "queues.0.needs.0: this is no need.", "Write one of `skill`, `all_of`, `any_of` and `some_of`."),
    ("needs: [{any_of: [{skill: x}, {skill: y}], at_least: 2}]", "queues.0.needs.0: `at_least` belongs to a `skill`.",
     "For some of several, write `some_of` and `count`."),
    ("needs: [{any_of: [{skill: x}]}]", "queues.0.needs.0.any_of has too few parts.", "Write 2 or more."),
    ("needs: [{some_of: [{skill: x}, {skill: y}], count: 3}]", "queues.0.needs.0: `some_of` goes with a `count`.",
     "Write `count`: from 1 to as many as there are parts."),
    ("rings: [{after_s: 0, also: b}]", "queues.0.rings.0.after_s is too small.", "Use more than 0."),
    ("rings: [{after_s: 9}]", "queues.0.rings.0: this ring changes nothing.", "Add `drop`, `lower` or `also`, or take it out."),
    ("rings: [{after_s: 9, also: b}, {after_s: 9, also: b}]", "queues.0: its rings are not in the order of `after_s`.",
     "Let each begin later than the one before."),
    ("rings: [{after_s: 9, also: c}]", "There is no queue c.", "Use one of: a, b."),
    ("rings: [{after_s: 9, also: a}]", "The queue a can't add its own agents.", "Name another queue."),
    ("rings: [{after_s: 9, drop: [x]}]", "The skill x is not asked for here.", "Take it out of `drop`."),
    ("needs: [{skill: x, at_least: 2}], rings: [{after_s: 9, lower: {x: 2}}]",
     "The skill x is not asked for at more than 2 here.", "Lower it further, or take it out."),
    ("needs: [{skill: x}], rings: [{after_s: 9, drop: [x]}, {after_s: 10, drop: [x]}]", "The skill x is not asked for here.",
     "Take it out of `drop`."),
    ("needs: [{skill: x, at_least: 2}], rings: [{after_s: 9, drop: [x], lower: {x: 1}}]",
     "The skill x is dropped and lowered in one ring.", "Keep one of the two."),
    ("rings: [{after_s: 9, also: b}, {after_s: 10, also: b}]", "The agents of b help before that.",
     "Name another queue, or take it out."),
    ("ballance: longest_idle", "queues.0.ballance is not known here.", "Write balance, or take it out."),
    ("priority: true", "queues.0.priority is no number.", "Write one, such as 30."),
    ("answer_within_s: false", "queues.0.answer_within_s is no number.", "Write one, such as 30."),
    ("last_agent: {within_h: true, wait_s: 5}", "queues.0.last_agent.within_h is no number.", "Write one, such as 30."),
    ("label: A", "queues.0.label does not have the right form.", "Write it so: {id: Penjualan, en: Sales}"),
    ("needs: {skill: x}", "queues.0.needs does not have the right form.", "Write it so: [{skill: sales, at_least: 2}]"),
    ("needs: [x]", "queues.0.needs.0 does not have the right form.", "Write it so: {skill: sales, at_least: 2}"),
    ("needs: [{skill: 12}]", "queues.0.needs.0.skill does not have the right form.", "Write it so: sales"),
    ("named_agent: 30", "queues.0.named_agent does not have the right form.", "Write it so: {wait_s: 30}"),
    ("overflow: {waiting: 3, also: b}", "queues.0.overflow does not have the right form.",
     "Write it so: [{waiting: 12, also: general}]"),
    ("sites: near", "queues.0.sites does not have the right form.", "Write it so: {near_km: 0, any_after_s: 60}"),
])  # fmt: skip
def test_each_mistake_in_a_queue_has_its_line_and_what_to_write_instead(queue: str, what: str, step: str) -> None:
    field = queue.split(":")[0]
    usual = [part for part in _parts(queue_text("a")) if part.split(":")[0] != field]
    [problem] = told(policy_text("- {" + ", ".join([*usual, queue]) + "}", TWO[1]))
    assert (problem.place, problem.message, problem.next_step) == ("policy.yaml, line 2", what, step)


@pytest.mark.parametrize(("text", "place", "what"), [
    (policy_text(*TWO).replace("fallback: a", "fallback: c"), "policy.yaml, line 4", "There is no queue c."),
    (policy_text(TWO[0], TWO[0]), "policy.yaml, line 3", "There are two queues a."),
    (policy_text(*TWO, more="languages: {fr: {}}"), "policy.yaml, line 5", "languages.fr: a language is id or en."),
    (policy_text(*TWO, more="languages:\n  en:\n    rings: [{after_s: 5, also: b}]"), "policy.yaml, line 7",
     "A language has no other queue."),
    (policy_text(*TWO, more="languages:\n  en:\n    rings: [{after_s: 5, drop: [english]}]"), "policy.yaml, line 7",
     "The skill english is not asked for here."),
    (policy_text(*TWO, more="order:\n  head_start_s: -5"), "policy.yaml, line 6", "order.head_start_s is too small."),
    (policy_text(TWO[0], queue_text("Big Queue")), "policy.yaml, line 3",
     "queues.1.name: a name is made of small letters, digits, _ and -, and begins with a letter."),
    ("queues: []\nfallback: a", "policy.yaml, line 1", "There is no queue."),
    ("queues: [", "policy.yaml, line 1", "This can't be read as YAML: expected the node content, but found '<stream end>'."),
    ("", "policy.yaml, line 1", "The file has no parts with names."),
    ("x" * (LONGEST_POLICY + 1), "policy.yaml, line 1", f"The policy has more than {LONGEST_POLICY} letters."),
])  # fmt: skip
def test_each_other_mistake_has_its_line_too(text: str, place: str, what: str) -> None:
    assert (place, what) in [(problem.place, problem.message) for problem in told(text)]


def test_what_is_given_as_an_example_fits() -> None:
    """Whoever writes what the advice says gets no other mistake."""
    for name in ("label", "needs", "rings", "overflow", "named_agent", "last_agent", "callback", "wrap_up"):
        own = example_of(("queues", 0, name))
        usual = [part for part in _parts(queue_text("general")) if part.split(":")[0] != name]
        skills = [] if name == "needs" else ["needs: [{skill: english}]"]
        queue = "- {" + ", ".join([*usual, f"{name}: {own}", *skills]) + "}"
        other = queue_text("general") if name in ("rings", "overflow") else queue_text("b")
        text = policy_text(queue.replace("name: general", "name: a"), other)
        assert isinstance(read_or_tell(text, "policy.yaml"), PolicyText), (name, read_or_tell(text, "policy.yaml"))
    for name in ("queues", "sites"):
        assert example_of((name, 0)) == str(example_of((name,)))[1:-1]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(tmp_path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(policy_text(queue_text("a", "colour: red"), queue_text("b", "priority: 10")))
    with pytest.raises(Faults, match=r"(?s)policy\.yaml, line 2: .*\npolicy\.yaml, line 3: ") as caught:
        read_policy_file(file)
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")
    for name in ("nowhere", "latin"):
        with pytest.raises(BadInput, match="can't be read"):
            read_policy_file(tmp_path / name)


def test_a_good_policy_keeps_its_text_and_its_lines() -> None:
    found = read_policy(policy_text(*TWO), "policy.yaml")
    assert found.text == policy_text(*TWO)
    assert found.place("queues", 1, "name") == "policy.yaml, line 3"


def told(text: str) -> list:
    found = read_or_tell(text, "policy.yaml")
    assert not isinstance(found, PolicyText), "nothing was found wrong"
    return found


def _parts(queue: str) -> list[str]:
    inner = queue.removeprefix("- {").removesuffix("}")
    name, rest = inner.split(", label: ")
    label, usual = rest.split("}, ")
    return [name, f"label: {label}}}", *usual.split(", ")]
