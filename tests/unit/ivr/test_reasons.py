import pytest

from ivr.flow_file import shipped_flow
from ivr.reasons import Reason, reason_in, reason_text
from ivr.steps import step_in


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_in_both_languages(reason: Reason) -> None:
    words = {reason_in("id", reason.value), reason_in("en", reason.value)}
    assert reason.value not in words
    assert all(words)


def test_the_detail_is_shown_and_a_code_in_it_is_put_into_words() -> None:
    assert reason_in("id", reason_text(Reason.BILL, "INV-0042")) == "Tagihan · INV-0042"
    assert reason_in("en", reason_text(Reason.BACK_END_DOWN, Reason.BILL)) == "Records could not be opened · Bill"


def test_a_text_that_is_no_code_stays_as_it_is() -> None:
    assert reason_in("id", "transferred by Budi") == "transferred by Budi"
    assert reason_in("id", "") == ""


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_choice_of_every_menu_has_words(language: str) -> None:
    for name, menu in shipped_flow().flow.menus.items():
        for choice in menu.choices:
            step = step_in(language, name, choice.name)
            assert name not in step
            assert not step.endswith(f": {choice.name}") or (language, choice.name) in {("en", "person"), ("en", "goodbye")}


def test_an_unknown_step_stays_as_it_is() -> None:
    assert step_in("en", "fax", "5") == "fax: 5"
    assert step_in("fr", "language") == "Language"
