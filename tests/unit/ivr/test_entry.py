"""Which menu a call begins with, by the number that was dialled."""

import pytest

from ivr.flow import Entry


@pytest.mark.parametrize("written", ["622150001234", "+622150001234"])
@pytest.mark.parametrize("dnis", ["622150001234", "+622150001234"])
def test_a_dialled_number_fits_with_its_plus_and_without(written: str, dnis: str) -> None:
    assert Entry(menu="main", dialled=(written,)).fits(dnis, "")


@pytest.mark.parametrize("dnis", ["", "+", "1500400", "62215000123", "+6221500012345"])
def test_another_number_does_not_fit(dnis: str) -> None:
    assert not Entry(menu="main", dialled=("+622150001234",)).fits(dnis, "")


@pytest.mark.parametrize("dnis", ["", "1500400", "+622150001234"])
def test_an_entry_without_numbers_is_for_all(dnis: str) -> None:
    assert Entry(menu="main").fits(dnis, "")
