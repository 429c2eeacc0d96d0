"""What makes one policy of another: by what they mean, not by how they are written."""

from routing.needs import NOTHING, Skill
from routing.policy import Policy
from routing.policy_difference import PartChange, policy_difference
from routing.policy_file import read_policy, shipped_policy
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text

A, B = queue_text("a", "needs: [{skill: x, at_least: 2}]"), queue_text("b")


def parts_of(before: Policy, after: Policy) -> list[PartChange]:
    [change] = policy_difference(before, after).queues
    return list(change.parts)


def test_a_policy_does_not_differ_from_itself_however_it_is_written() -> None:
    text = shipped_policy().text
    other = read_policy(text + "# a remark\n", "x").policy
    assert policy_difference(shipped_policy().policy, other).nothing
    one = policy_of(queue_text("a", "needs: [{skill: x}, {skill: y, at_least: 2}]"))
    same = policy_of(queue_text("a", "needs: [{all_of: [{skill: x, at_least: 1}, {skill: y, at_least: 2}]}], priority: 5"))
    assert policy_difference(one, same).nothing


def test_queues_come_go_and_change_in_the_order_of_the_later_policy() -> None:
    found = policy_difference(policy_of(A, B), policy_of(queue_text("c"), queue_text("a")))
    assert [(change.name, change.before is None, change.after is None) for change in found.queues] == [
        ("c", True, False), ("a", False, False), ("b", False, True),
    ]  # fmt: skip
    assert found.queues[1].parts == (PartChange("needs", Skill("x", 2), NOTHING),)
    assert found.whole == (PartChange("fallback", "a", "c"),)


def test_each_part_of_a_queue_is_told_with_what_it_was() -> None:
    after = queue_text(
        "a", "needs: [{skill: x, at_least: 2}], rings: [{after_s: 9, drop: [x]}], priority: 2, keep_scarce_free: true"
    )
    found = parts_of(policy_of(A), policy_of(after))
    assert [(change.part, change.before) for change in found] == [("rings", ()), ("keep_scarce_free", False), ("priority", 5)]
    assert found[0].after[0].drop == ("x",)


def test_a_language_and_what_counts_in_the_line_are_told_apart() -> None:
    before = policy_of(A, more="order: {credit_s: {segments: {gold: 60, silver: 30}}}\n")
    more = "languages: {en: {needs: [{skill: english}]}}\norder: {head_start_s: 300, credit_s: {segments: {gold: 90}, "
    found = policy_difference(before, policy_of(A, more=f"{more}reasons: {{bill: 5}}}}}}\n"))
    assert found.queues == ()
    assert [(change.language, [part.part for part in change.parts]) for change in found.languages] == [("en", ["needs"])]
    assert found.whole == (
        PartChange("head_start_s", 600.0, 300.0), PartChange("segments.gold", 60.0, 90.0), PartChange("segments.silver", 30.0, 0.0),
        PartChange("reasons.bill", 0.0, 5.0),
    )  # fmt: skip


def test_queues_that_change_their_places_alone_are_told_once() -> None:
    before = policy_of(A, B)
    after = before.model_copy(update={"queues": before.queues[::-1]})
    found = policy_difference(before, after)
    assert (found.queues, found.whole) == ((), (PartChange("queues", ("a", "b"), ("b", "a")),))


def test_sites_come_go_change_and_change_places() -> None:
    jkt, sby, mks = site_text("jkt", "Jakarta"), site_text("sby", "Surabaya"), site_text("mks", "Makassar")
    busier = site_text("sby", "Surabaya", "hours: {daily: 08:00-17:00}, capacity: 4")
    found = policy_difference(policy_of(A, more=sites_text(jkt, sby)), policy_of(A, more=sites_text(mks, busier)))
    assert [(change.name, change.before is None, change.after is None) for change in found.sites] == [
        ("mks", True, False), ("sby", False, False), ("jkt", False, True),
    ]  # fmt: skip
    assert [part.part for part in found.sites[1].parts] == ["hours", "capacity"]
    assert found.sites[1].parts[1] == PartChange("capacity", None, 4)
    assert (found.queues, found.whole, found.nothing) == ((), (), False)
    moved = policy_difference(policy_of(A, more=sites_text(jkt, sby)), policy_of(A, more=sites_text(sby, jkt)))
    assert (moved.sites, moved.whole) == ((), (PartChange("site_order", ("jkt", "sby"), ("sby", "jkt")),))


def test_a_queue_that_uses_sites_or_calls_customers_first_has_other_parts() -> None:
    sites = sites_text(site_text("jkt", "Jakarta"))
    rule = f"{A[:-1]}, sites: {{near_km: 0, any_after_s: 60}}, callback: {{first: customer}}}}"
    assert [change.part for change in parts_of(policy_of(A, more=sites), policy_of(rule, more=sites))] == ["sites", "callback"]
