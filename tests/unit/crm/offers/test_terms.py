"""The terms of offers: what is shipped is good, what is wrong in a file is named with its line, a broken one does no harm."""

from pathlib import Path

import pytest

from core.problem import Faults
from crm.offers.terms import OWN_FILE, SHIPPED_FILE, TermsSource, load_terms
from routing.policy_file import shipped_policy
from scripts import dispositions

SHIPPED = SHIPPED_FILE.read_text(encoding="utf-8")


def write(home: Path, text: str) -> None:
    file = home / OWN_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_the_shipped_terms_name_dispositions_and_queues_that_there_are() -> None:
    terms = load_terms(SHIPPED_FILE)
    codes = terms.solved_codes | terms.unsolved_codes | terms.dispute_codes
    assert [code for code in codes if dispositions.find(code) is None] == []
    assert not terms.solved_codes & terms.unsolved_codes
    assert terms.free_queues <= set(shipped_policy().policy.names)


@pytest.mark.parametrize(("line", "instead", "said"), [
    ("hold_out_share: 0.1", "hold_out_share: 2", "hold_out_share is too large. Use 0.9 at most."),
    ("least_together: 5", "least_together: 0", "least_together is too small. Use 1 or more."),
    ("measured_days: 30", "measured_day: 30", "measured_day is not known here."),
    ("[together, up_sell, promotion, popular]", "[together, gifts]", "there is no such choice."),
    ("[together, up_sell, promotion, popular]", "[together, together]", "the same stands here twice."),
])  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, line: str, instead: str, said: str) -> None:
    write(tmp_path, SHIPPED.replace(line, instead))
    with pytest.raises(Faults) as fault:
        load_terms(tmp_path / OWN_FILE)
    number = 1 + SHIPPED[: SHIPPED.index(line)].count("\n")
    assert any(said in str(problem) and problem.line in (number, 1) for problem in fault.value.problems)


def test_an_own_file_is_in_force_at_once_and_a_broken_one_leaves_the_last_good_one(tmp_path: Path) -> None:
    source = TermsSource(tmp_path)
    assert source.current().hold_out_share == 0.1
    write(tmp_path, SHIPPED.replace("hold_out_share: 0.1", "hold_out_share: 0.25"))
    assert source.current().hold_out_share == 0.25
    write(tmp_path, "hold_out_share: [")
    assert source.current().hold_out_share == 0.25
    (tmp_path / OWN_FILE).unlink()
    assert source.current().hold_out_share == 0.1
    write(tmp_path, "hold_out_share: [")
    assert TermsSource(tmp_path).current().hold_out_share == 0.1
