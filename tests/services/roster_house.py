"""A published roster over the people of a test: patterns, contracts, needs, shifts as letters."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.database import Database
from routing.agents import AgentRecord, AgentSkill
from workforce.roster_records import RULES, RosterState
from workforce.roster_store import as_roster, keep_contracts, new_version, publish, put_shifts, shifts_of
from workforce.rosters.contract import Contract
from workforce.rosters.problem import RosterProblem
from workforce.rosters.rules_file import read_rules, shipped_rules
from workforce.rosters.shift_pattern import Placed, Shift, placed_first

ZONE = ZoneInfo("Asia/Jakarta")
PATTERNS = {pattern.name: pattern for pattern in shipped_rules().patterns}
LETTERS = {
    "E": placed_first(Shift(PATTERNS["early"], 6 * 60)), "D": placed_first(Shift(PATTERNS["day"], 510)),
    "L": placed_first(Shift(PATTERNS["late"], 14 * 60)), "N": placed_first(Shift(PATTERNS["night"], 22 * 60)),
}  # fmt: skip


def add_agents(database: Database, **agents: str) -> None:
    """`_1003="billing"`: more agents, each with one skill."""
    with database.writing() as session:
        for name, skill in agents.items():
            number = name.lstrip("_")
            skills = [AgentSkill(skill=skill, proficiency=4)]
            session.add(AgentRecord(id=number, name=f"Agent {number}", phone_secret="s", skills=skills))
        session.commit()


def at_once(database: Database, now: datetime) -> None:
    """Rules are published by which the harmless is done at once."""
    text = shipped_rules().text.replace("swaps: {at_once: false}", "swaps: {at_once: true}")
    assert read_rules(text, "rules").rules.swaps.at_once
    with database.writing() as session:
        RULES.put_in_force(session, text, now, "plan", "at once")
        session.commit()


def publish_roster(
    database: Database, first: date, now: datetime, need: int = 0, days: int = 14, queue: str = "billing", **shifts: str
) -> int:  # fmt: skip
    """`_1001="EE-L"`: early, early, off, late from `first` on. `need`: people from 08:00 to 12:00 of every day."""
    rules = shipped_rules()
    wanted = [need if 16 <= slot % 48 < 24 else 0 for slot in range(48 * days)]
    roster: dict[tuple[str, int], Placed] = {
        (name.lstrip("_"), day): LETTERS[letter]
        for name, letters in shifts.items()
        for day, letter in enumerate(letters)
        if letter != "-"
    }  # fmt: skip
    with database.writing() as session:
        keep_contracts(session, [Contract(name.lstrip("_")) for name in shifts], now, "plan")
        problem = RosterProblem(first, days, 30, rules.patterns, (), rules.rules, {queue: wanted} if need else {})
        version = new_version(session, problem, rules.text, now, "plan", RosterState.DRAFT)
        put_shifts(session, version, problem, roster, ZONE)
        publish(session, version.id, now, "plan")
        session.commit()
        return version.id


def letters_of(session: Session, version_id: int, agent: str, first: date, days: int = 7) -> str:
    """The agent's shifts of a roster, as letters again."""
    rows = as_roster([row for row in shifts_of(session, version_id) if row.agent_id == agent], PATTERNS.values(), first, ZONE)
    by_shift = {placed.shift.key: letter for letter, placed in LETTERS.items()}
    return "".join(by_shift[rows[agent, day].shift.key] if (agent, day) in rows else "-" for day in range(days))
