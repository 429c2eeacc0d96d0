"""Agents as they are on record: who, with which skills, on which phone."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from core.database import Base


class PhoneKind(StrEnum):
    """How an agent speaks: in the page (WebRTC), or on a desk or soft phone (SIP)."""

    WEB = "web"
    SIP = "sip"


class AgentRecord(Base):
    """An agent. `id` is also the extension ("1001"); `phone_secret` is the password of its SIP account; `site` where they sit, by
    the name that the policy gives it, "" for nowhere in particular; `team` whose supervisors hear
    their talks, "" for none."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    phone_kind: Mapped[str] = mapped_column(String(4), default=PhoneKind.WEB)
    phone_secret: Mapped[str] = mapped_column(String(64))
    site: Mapped[str] = mapped_column(String(40), default="")
    team: Mapped[str] = mapped_column(String(40), default="")

    skills: Mapped[list["AgentSkill"]] = relationship(cascade="all, delete-orphan", order_by="AgentSkill.skill")


class AgentSkill(Base):
    """One skill of one agent with its proficiency, 1 to 5, 5 best."""

    __tablename__ = "agent_skills"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)
    proficiency: Mapped[int]


@dataclass(frozen=True, slots=True)
class Profile:
    """What routing knows of an agent: id, name, proficiency by skill, and where they sit."""

    agent_id: str
    name: str
    proficiencies: dict[str, int]
    site: str = ""


def load_profiles(session: Session) -> dict[str, Profile]:
    """Every agent's profile by agent id, in one query more than none."""
    records = session.scalars(select(AgentRecord).options(selectinload(AgentRecord.skills)))
    return {record.id: _profile(record) for record in records}


def load_profile(session: Session, agent_id: str) -> Profile | None:
    """One agent's profile; None when there is no such agent."""
    record = session.get(AgentRecord, agent_id)
    return None if record is None else _profile(record)


def find_agent(session: Session, agent_id: str) -> AgentRecord | None:
    """The agent with this id, or None."""
    return session.get(AgentRecord, agent_id)


def name_of_agent(session: Session, agent_id: str) -> str:
    """The agent's name; their number when they are on record no more, "" for nobody."""
    if not agent_id:
        return ""
    found = find_agent(session, agent_id)
    return found.name if found is not None else agent_id


def _profile(record: AgentRecord) -> Profile:
    return Profile(record.id, record.name, {skill.skill: skill.proficiency for skill in record.skills}, record.site)
