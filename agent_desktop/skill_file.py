"""Skills as a CSV file: header agent,skill,proficiency; read with every fault at its line, and what to write instead."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing.agent_skills import MOST_SKILLS, SKILL_NAME, SkillChange
from routing.needs import BEST, Proficiencies

COLUMNS = ("agent", "skill", "proficiency")
MOST_FAULTS = 100


class Cause(StrEnum):
    """What can be wrong with a line; `value` of the fault is what stands there, `instead` what might be meant ("" for nothing)."""

    NOT_UTF8 = "not_utf8"
    HEADER = "header"
    COLUMNS = "columns"
    QUOTES = "quotes"
    NO_AGENT = "no_agent"
    SKILL_NAME = "skill_name"
    PROFICIENCY = "proficiency"
    TWICE = "twice"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, from 1."""

    line: int
    cause: Cause
    value: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class SkillFile:
    """What a file asks for: `changes` where it differs from what is, none while there are faults. `lines` without the header."""

    faults: tuple[Fault, ...]
    changes: tuple[SkillChange, ...]
    lines: int


def write_skills(skills: Mapping[str, Proficiencies]) -> str:
    """The file of these skills by agent id: no line for what an agent can't do."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for agent_id in sorted(skills):
        writer.writerows((agent_id, skill, proficiency) for skill, proficiency in sorted(skills[agent_id].items()))
    return text.getvalue()


def read_skills(content: bytes, names: Mapping[str, str], skills: Mapping[str, Proficiencies]) -> SkillFile:
    """What this file would change; `names` and `skills` are the agents' by their ids. Skills that it does not name stay."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return SkillFile((Fault(content[: problem.start].count(b"\n") + 1, Cause.NOT_UTF8),), (), 0)
    reader = _Reader(names, skills)
    reader.read(text)
    faults = tuple(reader.faults[:MOST_FAULTS])
    return SkillFile(faults, () if faults else tuple(reader.changes), reader.lines)


class _Reader:
    def __init__(self, names: Mapping[str, str], skills: Mapping[str, Proficiencies]) -> None:
        self._names, self._skills = names, skills
        self._ids_by_name = {name.casefold(): agent_id for agent_id, name in names.items()}
        self._seen: dict[tuple[str, str], int] = {}
        self._then: dict[str, dict[str, int]] = {}
        self._last_line: dict[str, int] = {}
        self.faults: list[Fault] = []
        self.changes: list[SkillChange] = []
        self.lines = 0

    def read(self, text: str) -> None:
        first = text.split("\n", 1)[0]
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
        try:
            for number, (line, row) in enumerate(_filled(rows)):
                cells = [cell.strip() for cell in row]
                if number:
                    self.lines += 1
                    self._line(line, cells)
                elif tuple(cell.lower() for cell in cells) != COLUMNS:
                    self.faults.append(Fault(line, Cause.HEADER, ",".join(cells)))
                    return
        except csv.Error:
            self.faults.append(Fault(rows.line_num, Cause.QUOTES))
        if not text.strip():
            self.faults.append(Fault(1, Cause.HEADER))
        for agent_id, then in self._then.items():
            if sum(map(bool, then.values())) > MOST_SKILLS:
                self.faults.append(Fault(self._last_line[agent_id], Cause.TOO_MANY, agent_id))

    def _line(self, line: int, cells: list[str]) -> None:
        if len(cells) != len(COLUMNS):
            self.faults.append(Fault(line, Cause.COLUMNS, str(len(cells))))
            return
        agent_id, skill, text = cells
        before = len(self.faults)
        if agent_id not in self._names:
            self.faults.append(Fault(line, Cause.NO_AGENT, agent_id, self._ids_by_name.get(agent_id.casefold(), "")))
        if not re.fullmatch(SKILL_NAME, skill):
            self.faults.append(Fault(line, Cause.SKILL_NAME, skill, skill_meant(skill)))
        if text not in map(str, range(BEST + 1)):
            self.faults.append(Fault(line, Cause.PROFICIENCY, text))
        if (agent_id, skill) in self._seen:
            self.faults.append(Fault(line, Cause.TWICE, f"{agent_id}, {skill}", str(self._seen[agent_id, skill])))
        self._seen.setdefault((agent_id, skill), line)
        if len(self.faults) == before:
            self._take(line, agent_id, skill, int(text))

    def _take(self, line: int, agent_id: str, skill: str, proficiency: int) -> None:
        known = self._skills.get(agent_id, {}).get(skill, 0)
        if known != proficiency:
            self.changes.append(SkillChange(agent_id, skill, proficiency, known))
        self._then.setdefault(agent_id, dict(self._skills.get(agent_id, {})))[skill] = proficiency
        self._last_line[agent_id] = line


def skill_meant(text: str) -> str:
    """A name of a skill like this one; "" when there is none."""
    cleaned = re.sub(r"[^a-z0-9_-]+", "_", text.lower()).strip("_-").lstrip("0123456789_-")[:40]
    return cleaned if re.fullmatch(SKILL_NAME, cleaned) else ""


def _filled(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the line at which it ends."""
    for row in rows:
        if any(cell.strip() for cell in row):
            yield rows.line_num, row  # type: ignore[attr-defined]
