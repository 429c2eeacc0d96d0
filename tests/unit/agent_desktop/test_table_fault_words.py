"""Every fault that reading a planner's table can tell has words."""

import re

import pytest
from flask import Flask
from flask_babel import Babel

from agent_desktop.table_fault_words import TEMPLATES, table_fault_words
from tests.architecture.project import ROOT
from workforce.table_file import TableFault

SAID = re.compile(r'"([^"\n]*)"')


def test_every_fault_and_step_of_the_readers_is_known() -> None:
    source = "\n".join(
        (ROOT / "workforce" / name).read_text() for name in ("table_file.py", "planner_files.py", "rosters/contract_file.py")
    )
    calls = re.findall(r"(?:\.wrong|raise TableFault)\((.*?)\)(?: from None)?\n", source, re.DOTALL)
    said = {text for call in calls for text in SAID.findall(call) if " " in text and text.endswith(".")}
    assert len(said) > 15
    assert said - TEMPLATES == set()


@pytest.mark.parametrize(("row", "column", "told"), [
    (3, "date", "Row 3, column date: 'x' is no date. Write it like 2026-12-31."), (1, "", "Row 1: 'x' is no date. Write it like"),
    (0, "", "'x' is no date. Write it like"),
])  # fmt: skip
def test_a_fault_is_told_with_its_place(row: int, column: str, told: str) -> None:
    app = Flask(__name__)
    Babel(app)
    fault = TableFault("a.csv", row, column, "'%(value)s' is no date.", "Write it like 2026-12-31.", value="x")
    with app.test_request_context():
        assert table_fault_words(fault).startswith(told)
