"""Bad scripts: each says on which line what is wrong, and what to write instead."""

from typing import Any

import pytest

from scripts.checks import Surroundings
from scripts.script_file import script_problems
from tests.unit.scripts.small_scripts import end, page, script, text_of, told, words

AROUND = Surroundings(queues=("billing", "sales"), reasons=("bill", "order_status"))
YES_NO = {"ask": {"type": "yes_no"}}


def asked(when: Any, **question: Any) -> dict[str, Any]:
    """A script whose second page branches by this condition; the first one asks something."""
    return script(
        page("first", ask={"type": "number"} | question, next="second"),
        page("second", next=[{"when": when, "page": "bye"}, {"page": "other"}]), end(), end("other"),
    )  # fmt: skip


BAD: list[tuple[Any, str, str]] = [
    # ways
    (script(page("first", next="by"), end()), "There is no page by.", "Did you mean bye?"),
    (script(page("first", next="bye"), end(), end("lost")), "No way leads to the page lost.", "Lead to it"),
    (script(page("first", next="second"), page("second", next="first")), "lead round in a circle", "Lead on to a page of its own"),
    (script(page("first", next="first")), "lead round in a circle", "Lead on"),
    (script(page("first", passed_over={"when": {"segment": "vip"}, "next": "first"}, next="bye"), end()), "circle", "Lead on"),
    (script(page("first", next="second"), page("second")), "The page second is a dead end.", "Add `next`, `answers` or `ask`"),
    (script(page("first", next=[{"when": {"segment": "vip"}, "page": "bye"}]), end()), "none of these branches is open",
     "Add a last branch without `when`"),
    (script(page("first", next=[{"page": "bye"}, {"page": "bye"}]), end()), "always taken", "Give it a `when`, or put it last."),
    (script(page("first", next=[{"when": {"segment": "vip"}, "page": "bye"}, {"when": {"segment": "vip"}, "page": "bye"},
                                {"page": "bye"}]), end()), "A branch above has the same condition.", "Take one of the two out."),
    (script(page("first", passed_over={"when": {"segment": "vip"}, "next": [{"when": {"queue": "sales"}, "page": "bye"}]},
                 next="bye"), end()), "none of these branches", "Add a last branch"),
    (script(page("first", **YES_NO), end("bye")), "leads nowhere", "Add `next` to the page."),
    (script(page("first", ask={"type": "text"}), end("bye")), "leads nowhere", "Add `next` to the page."),
    (script(page("first", answers=[{"name": "a", "label": words("A")}]), end()), "The answer a leads nowhere.", "Add `next` to it"),
    (script(page("first", answers=[{"name": "a", "label": words("A"), "next": "bye"}], next="bye"), end()),
     "No answer of first goes by its `next`", "Take it out."),
    # pages
    (script(page("a", next="bye"), page("a", next="bye"), end()), "There are two pages a.", "Give each a name of its own."),
    (script(page("first", next="bye", dispositions=["solved"]), end()), "Dispositions belong to an end", "Take them out"),
    (script(end(dispositions=["gone"])), "does not offer the disposition gone", "Use one of: solved"),
    (script(page("first", answers=[{"name": "a", "label": words("A")}], ask={"type": "text"}, next="bye"), end()),
     "has answers to choose from already", "Keep `answers` or `ask`."),
    (script(page("first", answers=[{"name": "a", "label": words("A")}, {"name": "a", "label": words("B")}], next="bye"), end()),
     "There are two answers a.", "Give each a name of its own."),
    (script(page("first", answers=[{"name": "back", "label": words("A")}], next="bye"), end()), "the way back itself",
     "Give it another name."),
    (script(end(actions=[{"does": "schedule_call"}, {"does": "schedule_call"}])), "does schedule_call twice", "or once"),
    (script(end(actions=[{"does": "hang_up"}])), "there is no such action", "schedule_call, offer, transfer"),
    (script(end(actions=[{"about": "billing"}])), "it is not said what is done", "Write `does`"),
    (script(end(actions=[{"does": "open_ticket", "about": "weather"}])), "there is no such choice", "delivery, product"),
    (script(end(actions=[{"does": "open_ticket", "about": "other", "words": words("x" * 151)}])), "than 150 letters", "Shorten"),
    # questions
    (script(page("first", ask={"type": "colour"}, next="bye"), end()), "there is no such choice", "one of: yes_no, number"),
    (script(page("first", ask={"type": "number", "at_least": 5, "at_most": 4}, next="bye"), end()), "No answer fits", "Correct"),
    (script(page("first", ask={"type": "text", "at_least": 5}, next="bye"), end()), "only a greatest length", "Write `at_most`"),
    (script(page("first", ask={"type": "date", "at_most": 9999}, next="bye"), end()), "too far away", "3660 at most"),
    (script(page("first", ask={"type": "yes_no", "at_most": 1}, next="bye"), end()), "has no bounds", "Take it out."),
    (script(page("first", ask={"type": "yes_no", "may_be_empty": True}, next="bye"), end()), "always answered", "Take it out."),
    (script(page("first", ask={"type": "text", "yes": "bye"}, next="bye"), end()), "belongs to a question of the type yes_no",
     "Write `next` on the page."),
    (script(page("first", ask={"type": "number", "at_most": "ten"}, next="bye"), end()), "is no whole number", "such as 2"),
    # conditions
    (asked({"segmen": "vip"}), "There is no fact segmen.", "Did you mean segment?"),
    (asked({"weather": "rain"}), "There is no fact weather.", "Use one of: queue, language"),
    (asked({"answer.first": "many"}), "answer.first is a number, and can't be compared with this.", "Write a number, or bounds"),
    (asked({"segment": 3}), "segment is a word, and can't be compared with this.", "Write a word, or a list of words"),
    (asked({"segment": {"at_least": 3}}), "segment is a word", "Write a word"),
    (asked({"overdue_amount": "much"}), "overdue_amount is an amount in rupiah", "{more_than: 0}"),
    (asked({"overdue_amount": True}), "overdue_amount is an amount in rupiah", "{more_than: 0}"),
    (asked({"order_late": "ya"}), "order_late is yes or no", "Write true or false."),
    (asked({"order_late": 1}), "order_late is yes or no", "Write true or false."),
    (asked({"bought": 3}), "bought is several words", "Write a word"),
    (asked({"open_tickets": {"over": 3}}), "Numbers are not compared by over.", "Use one of: at_least, at_most"),
    (asked({"open_tickets": {"at_least": "3"}}), "open_tickets is a number", "Write a number"),
    (asked({"open_tickets": {"more_than": 3, "less_than": 4}}), "No number fits", "Let the lower bound be the lower one."),
    (asked({"answer.first": "2026"}, type="date"), "answer.first is a date", "Write days from today"),
    (asked({"answer.first": "x"}, type="text"), "free text, which can't be compared", "Ask with answers to choose from instead."),
    (asked({"answer.bye": "x"}), "There is no fact answer.bye.", "Did you mean answer.first?"),
    (asked({"language": "fr"}), "language is never fr.", "Use one of: id, en."),
    (asked({"last_disposition": "solvd"}), "last_disposition is never solvd.", "Did you mean solved?"),
    (asked({"reason": "bil"}), "reason is never bil.", "Did you mean bill?"),
    (asked({"queue": ["billing", "tax"]}), "queue is never tax.", "Use one of: billing, sales."),
    (asked({"not": "vip"}), "`not` goes before a condition.", "Write such as not: {segment: vip}."),
    (asked({"not": {"segmen": "vip"}}), "There is no fact segmen.", "Did you mean segment?"),
    (asked({"any_of": {"segment": "vip"}}), "`any_of` goes before a list of conditions.", "any_of: [{segment: vip}"),
    (asked({"any_of": [{"segment": "vip"}, {}]}), "This part of `any_of` is no condition.", "any_of: [{segment: vip}"),
    (asked({}), "says nothing", "Write a fact with what it must be"),
    (asked("segment"), "is no condition", "such as {overdue_amount: {more_than: 0}}"),
    (script(page("first", next=[{"when": {"answer.second": True}, "page": "second"}, {"page": "second"}]),
            page("second", **YES_NO, next="bye"), end()), "The page second can't have been answered here yet.", "comes before"),
    (script(page("first", **YES_NO, passed_over={"when": {"answer.first": True}, "next": "bye"}, next="bye"), end()),
     "can't have been answered here yet", "comes before"),
    (script(end(), opens_when={"answer.bye": True}), "There is no fact answer.bye.", "Use one of"),
    (script(page("first", **YES_NO, next="bye"), end(), opens_when={"answer.first": True}), "can't have been", "comes before"),
    # words
    (script(page("first", say={"id": "Halo"}, next="bye"), end()), "The English words are missing.", "Add `en`"),
    (script(page("first", title={"en": "Hello"}, next="bye"), end()), "The Indonesian words are missing.", "Add `id`"),
    (script(page("first", say={"id": "Halo", "en": " "}, next="bye"), end()), "say.en is empty.", "Write the words."),
    (script(page("first", say="Halo", next="bye"), end()), "is not in two languages", "Write it as {id: …, en: …}."),
    (script(page("first", say={"id": "Halo {customer_nam}", "en": "Hello"}, next="bye"), end()),
     "There is no field {customer_nam}.", "Did you mean {customer_name}?"),
    (script(end(say=words("{offer} costs {offer_price}"))), "{offer} is known only on a page that makes the offer.",
     "Add the action {does: offer} to this page"),
    (script(page("first", say={"id": "Halo", "en": "Hello {"}, next="bye"), end()), "A brace here opens or closes no field.",
     "Write a field such as {customer_name}."),
    (script(page("first", **YES_NO, next="bye"), end(say=words("{answer.frst}"))), "{answer.frst} may not have been answered",
     "Say it only where every way comes by that page"),
    (script(page("first", ask={"type": "text", "may_be_empty": True}, next="bye"), end(say=words("{answer.first}"))),
     "may not have been answered", "can't be left empty"),
    (script(page("first", next=[{"when": {"segment": "vip"}, "page": "second"}, {"page": "bye"}]),
            page("second", **YES_NO, next="bye"), end(say=words("{answer.second}"))), "may not have been answered", "every way"),
    (script(page("first", **YES_NO, passed_over={"when": {"segment": "vip"}, "next": "bye"}, next="bye"),
            end(say=words("{answer.first}"))), "may not have been answered", "every way"),
    # the whole
    ("only a text", "has no parts with names", "Begin with a copy"),
    (script(end(), colour="red"), "colour is not known here.", "Correct its spelling"),
    (script(end(), queues=["tax"]), "There is no queue tax.", "Use one of: billing, sales."),
    (script(end(actions=[{"does": "transfer", "to": "sale"}])), "There is no queue sale.", "Did you mean sales?"),
    (script(end(actions=[{"does": "transfer"}])), "transfer.to is missing.", "Add it."),
    (script(end(actions=[{"does": "transfer", "to": "sales", "words": words("{nobody}")}])), "There is no field {nobody}.", "Use"),
    (script(end(actions=[{"does": "transfer", "to": "sales", "words": words("x" * 501)}])), "longer than 500", "Shorten them."),
    (script(end(actions=[{"does": "offer"}, {"does": "offer"}])), "does offer twice", "or once"),
    (script(), "pages is empty.", "Write at least one."),
    (script(end(name="Bye!")), "a name is made of small letters", "Write it so"),
    (script(end(), priority=1000), "priority is too large.", "Use 100 at most."),
    (script(page("first", answers=[{"name": f"a{n}", "label": words("A")} for n in range(10)], next="bye"), end()),
     "there are more answers than keys", "Use 9 at most."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "what", "step"), BAD)
def test_a_bad_script_says_where_what_and_what_to_write(data: Any, what: str, step: str) -> None:
    text = text_of(data)
    problems = script_problems(text, "mine.yaml", AROUND)
    fitting = [one for one in problems if what in one.message and step in one.next_step]
    assert fitting, [str(one) for one in problems]
    assert fitting[0].place.startswith("mine.yaml, line ")
    assert 1 <= fitting[0].line <= text.count("\n") + 1


def test_the_line_is_that_of_the_part_at_fault() -> None:
    text = text_of(asked({"segment": "vip", "overdue_amount": "much"}))
    (problem,) = script_problems(text, "mine.yaml")
    assert "overdue_amount: much" in text.splitlines()[problem.line - 1]


@pytest.mark.parametrize(("text", "what"), [
    ("name: [", "This can't be read as YAML"), ("name: a\nname: b\n", "stands here twice"), ("a: &x 1\nb: *x\n", "reference"),
    ("x" * 120_001, "more than 120000 letters"), ("", "The file has no parts with names"),
])  # fmt: skip
def test_what_is_no_yaml_of_ours_is_told(text: str, what: str) -> None:
    assert what in str(script_problems(text, "mine.yaml")[0])


def test_every_fault_is_told_at_once_in_the_order_of_the_lines() -> None:
    problems = script_problems(text_of(script(
        page("first", say={"id": "{nama}", "en": "{name}"}, next=[{"when": {"segmen": "vip"}, "page": "by"}, {"page": "bye"}]),
        end(),
    )), "mine.yaml")  # fmt: skip
    assert [one.line for one in problems] == sorted(one.line for one in problems)
    assert len(problems) == 4


def test_codes_that_nobody_handed_in_are_not_looked_at() -> None:
    assert told(asked({"reason": "anything", "queue": "anywhere"})) == []
