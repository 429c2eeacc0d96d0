"""Another roster for a replay: a CSV file with agent, from, to and, for who is new, skills."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from core.errors import BadInput
from routing.needs import BEST, LOWEST, Proficiencies
from routing.shifts import RosteredAgent, Shift

COLUMNS = ("agent", "from", "to", "skills")
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_NIGHT = "For a night write two lines, until 24:00 and from 00:00."
_NEXT_STEP = "Write lines such as: 1001,08:00,16:30,sales=3 english=2 (skills only for who is new)."


def read_roster(file: Path, skills: Mapping[str, Proficiencies], sites: Mapping[str, str]) -> list[RosteredAgent]:
    """The agents of the file, on duty from and to these times of the day; one may have several lines.

    `skills` are what known agents can do, `sites` where they are. Raises BadInput that names the line.
    """
    shifts: dict[str, list[Shift]] = {}
    known = dict(skills)
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"agent", "from", "to"} <= set(rows.fieldnames or ()):
                raise BadInput(f"{file.name}, line 1: the columns are {', '.join(COLUMNS)}.", _NEXT_STEP)
            for row in rows:
                place = f"{file.name}, line {rows.line_num}"
                agent_id = (row["agent"] or "").strip()
                if row.get("skills"):
                    known[agent_id] = _skills(row["skills"], place)
                if agent_id not in known:
                    raise BadInput(f"{place}: there is no agent {agent_id!r}, and no skills are given.", _NEXT_STEP)
                from_s, to_s = _seconds(row["from"], place), _seconds(row["to"], place)
                if from_s >= to_s:
                    raise BadInput(f"{place}: the shift ends before it begins.", _NIGHT)
                shifts.setdefault(agent_id, []).append(Shift(from_s, to_s))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} can't be read ({type(problem).__name__}).", "Check that it is there and is UTF-8 text.") from None
    if not shifts:
        raise BadInput(f"{file.name} has no shift.", _NEXT_STEP)
    return [RosteredAgent(agent_id, known[agent_id], sites.get(agent_id, ""), own) for agent_id, own in sorted(shifts.items())]


def _seconds(text: str | None, place: str) -> float:
    found = _TIME.fullmatch((text or "").strip())
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 if found else -1
    if not 0 <= seconds <= 86_400:
        raise BadInput(f"{place}: {text!r} is no time of the day.", "Write it like 08:30; the day ends at 24:00.")
    return float(seconds)


def _skills(text: str, place: str) -> dict[str, int]:
    found = {}
    for part in text.split():
        skill, equals, proficiency = part.partition("=")
        if not (skill and equals and proficiency.isdecimal() and LOWEST <= int(proficiency) <= BEST):
            raise BadInput(f"{place}: {part!r} is no skill with its proficiency.", "Write it like sales=3; from 1 to 5.")
        found[skill] = int(proficiency)
    return found
