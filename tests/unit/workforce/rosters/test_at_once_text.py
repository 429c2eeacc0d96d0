"""The switch in the text of the rules: it is found however it is written, and all else stays."""

import pytest

from workforce.rosters.at_once_text import with_at_once
from workforce.rosters.rules_file import read_rules, shipped_rules

SHIPPED = shipped_rules().text


@pytest.mark.parametrize(
    "written",
    ["swaps: {at_once: false}\n", "swaps:\n  at_once: false\n", "swaps: {at_once: false}  # agreed in May\n", ""],
    ids=["in a line", "as a block", "with a remark", "not at all"],
)
def test_it_is_switched_on_and_off_and_nothing_else_changes(written: str) -> None:
    text = SHIPPED.replace("swaps: {at_once: false}\n", written)
    on = with_at_once(text, True)
    assert read_rules(on, "rules").rules.swaps.at_once
    assert ("agreed in May" in on) == ("agreed in May" in written)
    off = with_at_once(on, False)
    assert not read_rules(off, "rules").rules.swaps.at_once

    def others(lines: str) -> list[str]:
        return [line for line in lines.splitlines() if "at_once: " not in line and line != "swaps:"]

    assert others(on) == others(off) == others(text)
