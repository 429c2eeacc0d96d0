import pytest

from ivr.catalogue import text_of
from ivr.waiting import position_prompt


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_next_in_line_hears_so_and_others_hear_their_place(language: str) -> None:
    assert position_prompt(1, language) == position_prompt(0, language)
    assert position_prompt(2, language) != position_prompt(1, language)
    place = text_of(position_prompt(12, language))
    assert ("dua belas" if language == "id" else "twelve") in place
