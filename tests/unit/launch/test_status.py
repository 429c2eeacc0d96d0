import pytest

from launch.status import age


@pytest.mark.parametrize(
    ("seconds_s", "text"),
    [(0, ""), (45, "45 s"), (185, "3 min 5 s"), (7440, "2 h 4 min"), (3600, "1 h"), (262_800, "3 d 1 h"), (86_405, "1 d")],
)
def test_an_age_is_told_in_two_units_at_most(seconds_s: int, text: str) -> None:
    assert age(seconds_s) == text
