"""What differs between two scripts: nothing for the same, and everything that was changed by the name of its part."""

from copy import deepcopy

from hypothesis import given

from scripts.script_difference import script_difference
from tests.unit.scripts.small_scripts import end, good_scripts, page, script, script_of, words

DATA = script(
    page("ask", next="bye", answers=[{"name": "pays", "label": words("Pays"), "next": "bye"}]),
    end(actions=[{"does": "transfer", "to": "sales"}]), queues=["billing"],
)  # fmt: skip


@given(good_scripts())
def test_a_script_differs_in_nothing_from_itself(data: dict[str, object]) -> None:
    found = script_difference(script_of(data), script_of(deepcopy(data)))
    assert (found.whole, found.pages, found.moved) == ((), (), False)


@given(good_scripts(), good_scripts())
def test_turned_round_what_was_and_what_will_be_change_places(one: dict[str, object], other: dict[str, object]) -> None:
    there, back = script_difference(script_of(one), script_of(other)), script_difference(script_of(other), script_of(one))
    assert {(each.part, each.before, each.after) for each in there.whole} == {
        (each.part, each.after, each.before) for each in back.whole
    }
    parts = {(page.name, each.part, each.before, each.after) for page in there.pages for each in page.parts}
    assert parts == {(page.name, each.part, each.after, each.before) for page in back.pages for each in page.parts}


def test_each_change_is_named_by_its_part() -> None:
    changed = deepcopy(DATA)
    changed["pages"][0]["answers"][0]["label"]["en"] = "Pays now"
    changed["pages"][1]["actions"][0]["to"] = "technical"
    changed["opens_when"] = {"segment": "vip"}
    found = script_difference(script_of(DATA), script_of(changed))
    assert [(one.part, one.before, one.after) for one in found.whole] == [("opens_when", "", "segment: vip")]
    assert [(page.name, one.part, one.before, one.after) for page in found.pages for one in page.parts] == [
        ("ask", "answers.pays.en", "Pays", "Pays now"), ("bye", "actions.transfer", "transfer, sales", "transfer, technical"),
    ]  # fmt: skip


def test_pages_that_come_go_and_move_are_told() -> None:
    changed = deepcopy(DATA)
    changed["pages"][0]["name"] = "begin"
    found = script_difference(script_of(DATA), script_of(changed))
    assert [(page.name, page.before is None, page.after is None) for page in found.pages] == [
        ("begin", True, False), ("ask", False, True),
    ]  # fmt: skip
    turned = deepcopy(DATA)
    turned["pages"].reverse()
    assert script_difference(script_of(DATA), script_of(turned)).moved
