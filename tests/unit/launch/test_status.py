import pytest

from launch.status import age, led_by


@pytest.mark.parametrize(
    ("seconds_s", "text"),
    [(0, ""), (45, "45 s"), (185, "3 min 5 s"), (7440, "2 h 4 min"), (3600, "1 h"), (262_800, "3 d 1 h"), (86_405, "1 d")],
)
def test_an_age_is_told_in_two_units_at_most(seconds_s: int, text: str) -> None:
    assert age(seconds_s) == text


def test_what_a_process_leads_is_told_with_its_partitions() -> None:
    leading = {"": 11, "retail": 12, "whole_sale": 12}
    assert [led_by(pid, leading) for pid in (11, 12, 13, 0)] == ["leads", "leads retail and whole_sale", "", ""]
    assert led_by(11, {"": 11, "retail": 11}) == "leads, retail too"
