"""Skills as a CSV file: what is read is what was written, and every fault is told at its line with what to write instead."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.skill_file import MOST_FAULTS, Cause, Fault, SkillFile, read_skills, skill_meant, write_skills
from routing.agent_skills import SkillChange

NAMES = {"1001": "Dewi Anggraini", "1002": "Rizky Pratama"}
SKILLS = {"1001": {"sales": 4}, "1002": {"sales": 2, "english": 3}}
HEADER = "agent,skill,proficiency\n"


def read(text: str) -> SkillFile:
    return read_skills((HEADER + text).encode(), NAMES, SKILLS)


def faults(text: str) -> list[tuple[int, Cause, str, str]]:
    return [(one.line, one.cause, one.value, one.instead) for one in read(text).faults]


@given(st.dictionaries(
    st.sampled_from(["1001", "1002"]),
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,39}", fullmatch=True), st.integers(1, 5), max_size=8),
))  # fmt: skip
def test_what_was_written_changes_nothing_where_it_came_from_and_all_elsewhere(skills: dict[str, dict[str, int]]) -> None:
    content = write_skills(skills).encode()
    assert read_skills(content, NAMES, skills) == SkillFile((), (), sum(map(len, skills.values())))
    elsewhere = read_skills(content, NAMES, {})
    assert {(one.agent_id, one.skill): one.proficiency for one in elsewhere.changes} == {
        (agent_id, skill): level for agent_id, own in skills.items() for skill, level in own.items()
    }


def test_only_what_differs_is_a_change_and_what_is_not_named_stays() -> None:
    found = read("1001,sales,4\n1002,sales,0\n\n1001,tax,1\n1001,none,0\n")
    assert found.faults == ()
    assert found.changes == (SkillChange("1002", "sales", 0, 2), SkillChange("1001", "tax", 1, 0))
    assert found.lines == 4


@pytest.mark.parametrize("text", [
    "\ufeffagent,skill,proficiency\r\n1001,tax,2\r\n", "agent;skill;proficiency\n1001;tax;2\n",
    'Agent, Skill ,"Proficiency"\n"1001",tax, 2\n',
])  # fmt: skip
def test_files_as_spreadsheets_write_them_are_read(text: str) -> None:
    found = read_skills(text.encode(), NAMES, SKILLS)
    assert (found.faults, found.changes) == ((), (SkillChange("1001", "tax", 2, 0),))


def test_every_fault_is_told_at_its_line_with_what_may_be_meant() -> None:
    assert faults("1009,sales,3\ndewi anggraini,tax,1\n1001,Sales Team,3\n1001,tax,6\n1001,tax\n1001,java,3\n1001,java,2\n") == [
        (2, Cause.NO_AGENT, "1009", ""),  # a number like it is somebody else
        (3, Cause.NO_AGENT, "dewi anggraini", "1001"),
        (4, Cause.SKILL_NAME, "Sales Team", "sales_team"),
        (5, Cause.PROFICIENCY, "6", ""),
        (6, Cause.COLUMNS, "2", ""),
        (8, Cause.TWICE, "1001, java", "7"),
    ]


@pytest.mark.parametrize("text", ["", "-1", "2.0", "five", "１", "05"])
def test_a_proficiency_is_one_digit_from_0_to_5(text: str) -> None:
    assert faults(f"1001,tax,{text}\n") == [(2, Cause.PROFICIENCY, text, "")]


def test_a_file_with_a_fault_changes_nothing() -> None:
    assert read("1001,tax,2\n1001,tax 2,2\n").changes == ()


def test_a_wrong_header_an_empty_file_and_a_lone_quote_are_told() -> None:
    assert read_skills(b"name,skill,level\n1001,tax,2\n", NAMES, SKILLS).faults == (Fault(1, Cause.HEADER, "name,skill,level"),)
    assert read_skills(b"", NAMES, SKILLS).faults == (Fault(1, Cause.HEADER),)
    assert faults('1001,"tax,2\n')[0][1] is Cause.QUOTES


def test_the_line_that_is_not_utf8_is_named() -> None:
    content = (HEADER + "1001,tax,2\n1001,caf").encode() + b"\xe9,2\n"
    assert read_skills(content, NAMES, SKILLS).faults == (Fault(3, Cause.NOT_UTF8),)
    assert read_skills(codecs.BOM_UTF16_LE + HEADER.encode("utf-16-le"), NAMES, SKILLS).faults == (Fault(1, Cause.NOT_UTF8),)


def test_nobody_gets_more_skills_than_fit_whatever_the_order_of_the_lines() -> None:
    many = "".join(f"1002,s{number},1\n" for number in range(99))
    assert faults(many) == [(100, Cause.TOO_MANY, "1002", "")]
    assert faults(many + "1002,sales,0\n") == []


def test_of_very_many_faults_the_first_are_told() -> None:
    assert len(read("x,y,z\n" * 1000).faults) == MOST_FAULTS


@pytest.mark.parametrize(("text", "meant"), [
    ("Sales Team", "sales_team"), (" 2nd line ", "nd_line"), ("Ñandú!", "and"), ("!!!", ""), ("x" * 60, "x" * 40),
])  # fmt: skip
def test_a_name_like_the_one_that_was_written_is_found(text: str, meant: str) -> None:
    assert skill_meant(text) == meant
