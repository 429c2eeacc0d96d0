"""The versions of every flow, which of them is in force, and who put it there. Their text is never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.database import Base, UtcDateTime
from core.errors import NotFound

RECENT = 3
_Wanted = TypeVarTuple("_Wanted")
SHIPPED_BY = "halo"  # a version that came with the program, not from a person


class FlowVersionRecord(Base):
    """A version that was published at least once. `number` counts within the flow, from 1; `content` is its YAML text.

    `speech_set` is its word graph, made anew when the speech model is another one.
    """

    __tablename__ = "flow_versions"
    __table_args__ = (UniqueConstraint("flow", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    speech_set: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(200), default="")


class How(StrEnum):
    """How a version came into force."""

    PUBLISHED = "published"
    ROLLED_BACK = "rolled_back"


class FlowPublication(Base):
    """A moment from which a version is in force; the newest of a flow counts."""

    __tablename__ = "flow_publications"
    __table_args__ = (Index("ix_flow_publications_flow_id", "flow", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(40))
    version_id: Mapped[int] = mapped_column(ForeignKey("flow_versions.id"))
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))

    version: Mapped[FlowVersionRecord] = relationship()


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of a flow's history, for people."""

    number: int
    at: datetime
    by: str
    how: str
    note: str
    in_force: bool


def in_force(session: Session, flow: str, lock: bool = False) -> FlowVersionRecord | None:
    """The version in force; None when the flow was never published.

    With `lock` nobody else who asks so puts another one in force before this session ends (SQLite: `writing()` sees to it).
    """
    if lock:
        first = (FlowVersionRecord.flow == flow, FlowVersionRecord.number == 1)
        session.scalar(select(FlowVersionRecord.id).where(*first).with_for_update())
    return session.scalar(_of_newest(select(FlowVersionRecord), flow))


def key_in_force(session: Session, flow: str) -> tuple[int, str] | None:
    """The id and the speech set of the version in force, without its content, which is long; None as `in_force`."""
    found = session.execute(_of_newest(select(FlowVersionRecord.id, FlowVersionRecord.speech_set), flow)).first()
    return (found.id, found.speech_set) if found else None


def put_in_force(
    session: Session, flow: str, content: str, speech_set: str, now: datetime, by: str, note: str = ""
) -> FlowVersionRecord:
    """Add a version and put it in force; when the one in force is the same to the letter, it stays, with this word graph.

    Does not commit.
    """
    current = in_force(session, flow)
    if current is not None and current.content == content:
        current.speech_set = speech_set
        return current
    last = session.scalar(select(func.max(FlowVersionRecord.number)).where(FlowVersionRecord.flow == flow)) or 0
    version = FlowVersionRecord(
        flow=flow, number=last + 1, content=content, speech_set=speech_set, made_at=now, made_by=by, note=note[:200]
    )
    session.add(version)
    session.flush()
    session.add(FlowPublication(flow=flow, version_id=version.id, how=How.PUBLISHED, at=now, by=by))
    return version


def version_of(session: Session, flow: str, number: int) -> FlowVersionRecord:
    """One version. Raises NotFound."""
    wanted = (FlowVersionRecord.flow == flow, FlowVersionRecord.number == number)
    version = session.scalar(select(FlowVersionRecord).where(*wanted))
    if version is None:
        raise NotFound(f"The flow {flow!r} has no version {number}.", "See ./halo ivr versions.")
    return version


def bring_back(session: Session, flow: str, number: int, now: datetime, by: str) -> FlowVersionRecord:
    """Put an earlier version in force again. Does not commit. Raises NotFound."""
    version = version_of(session, flow, number)
    session.add(FlowPublication(flow=flow, version_id=version.id, how=How.ROLLED_BACK, at=now, by=by))
    return version


def history(session: Session, flow: str, most: int = 50) -> list[VersionLine]:
    """What was in force when, the newest first."""
    rows = session.scalars(
        select(FlowPublication).where(FlowPublication.flow == flow).order_by(FlowPublication.id.desc()).limit(most)
    )
    return [
        VersionLine(row.version.number, row.at, row.by, row.how, row.version.note, in_force=index == 0)
        for index, row in enumerate(rows)
    ]


def recent_speech_sets(session: Session) -> set[str]:
    """The ids of the word graphs of what is in force in any flow, and of what was before it: RECENT publications of each."""
    found: set[str] = set()
    for flow in session.scalars(select(FlowPublication.flow).distinct()):
        recent = select(FlowPublication).where(FlowPublication.flow == flow).order_by(FlowPublication.id.desc()).limit(RECENT)
        found |= {publication.version.speech_set for publication in session.scalars(recent)}
    return found - {""}


def _of_newest(wanted: Select[*_Wanted], flow: str) -> Select[*_Wanted]:
    """What is wanted of the version that was put in force last."""
    return (
        wanted.join(FlowPublication, FlowPublication.version_id == FlowVersionRecord.id)
        .where(FlowPublication.flow == flow)
        .order_by(FlowPublication.id.desc())
        .limit(1)
    )
