"""A run of tests in which nothing ran is no success."""

import pytest

from launch.tests_run import went_well

PASSED, FAILED, EMPTY = 0, 1, 5


@pytest.mark.parametrize(
    ("codes", "selected", "well"),
    [
        ((PASSED, PASSED), False, (True, True)),
        ((PASSED, FAILED), False, (True, False)),
        ((PASSED, EMPTY), False, (True, False)),  # a mark that no test has any more
        ((PASSED, EMPTY), True, (True, True)),
        ((FAILED, EMPTY), True, (False, True)),
        ((EMPTY, EMPTY), True, (False, False)),  # a name that is spelled wrong
    ],
)
def test_an_empty_run_is_all_right_only_as_a_part_of_a_selection(codes, selected, well):
    found = went_well(dict(zip(("calls", "tests"), codes, strict=True)), selected)
    assert tuple(found.values()) == well
