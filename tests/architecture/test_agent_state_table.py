"""The page about agent states says what the code does."""

import re

from routing.agent_state import LEGAL_CHANGES, Action, AgentState
from tests.architecture.project import ROOT

PAGE = ROOT / "docs/agent-states.md"
_ROW = re.compile(r"^\| ([A-Z_]+) \| ([a-z_]+) \| ([A-Z_]+) \|", re.M)


def test_the_page_has_the_rows_of_the_table_and_no_others():
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len(rows) == len(set(rows))
    said = {(AgentState(before), Action(action)): AgentState(after) for before, action, after in rows}
    assert said == LEGAL_CHANGES
