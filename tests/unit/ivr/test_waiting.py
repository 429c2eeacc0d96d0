import pytest

from ivr.catalogue import text_of
from ivr.waiting import expected_prompt, position_prompt


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_next_in_line_hears_so_and_others_hear_their_place(language: str) -> None:
    assert position_prompt(1, language) == position_prompt(0, language)
    assert position_prompt(2, language) != position_prompt(1, language)
    place = text_of(position_prompt(12, language))
    assert ("dua belas" if language == "id" else "twelve") in place


@pytest.mark.parametrize(
    ("expected_s", "low_s", "high_s", "sentence", "fields"),
    [
        (20, 5, 55, "waiting_soon", {}),
        (50, 20, 110, "waiting_between", {"least": "one", "most": "two"}),
        (110, 70, 150, "waiting_about", {"minutes": "two"}),
        (130, 121, 175, "waiting_about", {"minutes": "three"}),
        (200, 90, 410, "waiting_between", {"least": "two", "most": "seven"}),
        (0, 0, 0, "waiting_soon", {}),
    ],
)
def test_a_wait_is_told_in_whole_minutes(expected_s, low_s, high_s, sentence, fields) -> None:
    prompt = expected_prompt(expected_s, low_s, high_s, "en")
    assert prompt is not None
    assert (prompt.key, dict(prompt.values)) == (sentence, fields)


def test_what_may_last_for_hours_is_not_told() -> None:
    assert expected_prompt(2000, 900, 8000, "id") is None
