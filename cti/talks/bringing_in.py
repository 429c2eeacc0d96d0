"""Talks that Asterisk has finished recording go to the store and on record; whatever died in between, each of them once.

Asterisk's files go last: until the row is committed the next look finds them again, makes the same file and writes the same row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from asterisk_conf.names import AGENTS_SIDE, CALLERS_SIDE
from core.database import Database
from core.errors import HaloError
from core.event_archive import events_of
from core.events import Event, EventKind
from core.log import get_log, interaction_context
from crm.contact_history import Interaction, Segment
from crm.talk_recordings import GoneWhy, TalkRecording, keep_gone, known_sources, recordings_of
from cti.talks.sound import Sides, checksum, pack, waves
from cti.talks.spans import Span, marks, spans
from routing.agents import AgentRecord

ENDED_FOR = timedelta(seconds=3)  # Asterisk has closed the file by then, and the record of the call is whole
LEFT_FOR = timedelta(hours=1)  # what nobody has written to for so long is over, whatever the record says
_SHORTEST_S = 0.2
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_[0-9a-f-]{36}")
_TOLD = frozenset({EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED})

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class _Talk:
    """What Asterisk has written, with what the record says of its interaction; `stem` names it."""

    stem: str
    sides: Sides
    interaction_id: str
    started_at: datetime
    length_s: float
    segments: Sequence[Segment]
    events: Sequence[Event]


def bring_in_talks(database: Database, raw_folder: Path, store: Path, now: datetime) -> list[int]:
    """Bring in what is finished; returns the rows. A file that cannot be packed stays, is logged, and holds up no other."""
    brought: list[int] = []
    for file in sorted(raw_folder.glob(f"*{CALLERS_SIDE}")):
        stem = file.name.removesuffix(CALLERS_SIDE)
        named = _NAME.fullmatch(stem)
        if named is None:
            continue
        with interaction_context(named[1]):
            try:
                sides = Sides(file, raw_folder / f"{stem}{AGENTS_SIDE}")
                brought += _bring_in(database, stem, sides, named[1], store, now)
            except FileNotFoundError:
                continue  # another worker was quicker
            except (HaloError, OSError) as problem:
                log.error("talk_not_brought_in", why=problem.code if isinstance(problem, HaloError) else problem.strerror)
    return brought


def _bring_in(
    database: Database, stem: str, sides: Sides, interaction_id: str, store: Path, now: datetime
) -> list[int]:  # fmt: skip
    written_at = datetime.fromtimestamp(sides.written_at_s(), UTC)
    with database.reading() as session:
        call = session.get(Interaction, interaction_id)
        ended_at = call.ended_at if call else None
        if (ended_at is None or now - ended_at < ENDED_FOR) and now - written_at < LEFT_FOR:
            return []
        told = list(events_of(session, [interaction_id]))
        segments = list(session.scalars(select(Segment).where(Segment.interaction_id == interaction_id)))
    if any(event.kind is EventKind.RECORDING_REFUSED for event in told):
        _refused(database, interaction_id, store, now)
        sides.delete()
        return []
    long_s = sides.length_s()
    if long_s < _SHORTEST_S:
        sides.delete()  # nobody took this caller, or they were gone at once
        return []
    events = [event for event in told if event.kind in _TOLD]
    talk = _Talk(stem, sides, interaction_id, written_at - timedelta(seconds=long_s), long_s, segments, events)
    rows = _keep(database, talk, store)
    sides.delete()
    log.info("talk_brought_in", parts=len(rows), length_s=round(long_s, 1))
    return rows


def _keep(database: Database, talk: _Talk, store: Path) -> list[int]:
    parts = list(enumerate(spans(talk.started_at, talk.length_s, talk.segments)))
    sources = [f"{talk.stem}-{number}" for number, _part in parts]
    with database.reading() as session:
        known = known_sources(session, sources)
        people = {agent.id: agent for agent in session.scalars(select(AgentRecord))}
    new_parts = [(source, part) for source, (_n, part) in zip(sources, parts, strict=True) if source not in known]
    rows = [_pack(talk, source, part, people, store) for source, part in new_parts]
    with database.writing() as session:
        again = known_sources(session, sources)
        new = [row for row in rows if row.source not in again]
        session.add_all(new)
        session.commit()
        return [row.id for row in new]


def _pack(talk: _Talk, source: str, part: Span, people: Mapping[str, AgentRecord], store: Path) -> TalkRecording:
    begins_at = talk.started_at + timedelta(seconds=part.from_s)
    name = f"{begins_at:%Y/%m/%d}/{source}.flac"
    pack(talk.sides, part.from_s, part.to_s, store / name)
    agent = people.get(part.agent_id)
    return TalkRecording(
        source=source, interaction_id=talk.interaction_id, segment_id=part.segment_id, agent_id=part.agent_id, queue=part.queue,
        team=agent.team if agent else "", site=agent.site if agent else "", started_at=begins_at,
        length_s=round(part.to_s - part.from_s, 3), file=name, size_bytes=(store / name).stat().st_size,
        sha256=checksum(store / name), marks=marks(begins_at, part.to_s - part.from_s, talk.segments, talk.events),
        waves=waves(talk.sides, part.from_s, part.to_s),
    )  # fmt: skip


def _refused(database: Database, interaction_id: str, store: Path, now: datetime) -> None:
    """The caller objected in the middle: what was brought in of them before goes, too."""
    with database.reading() as session:
        before = [row for row in recordings_of(session, [interaction_id]) if row.gone_at is None]
    for row in before:
        forget_sound(database, row, store, GoneWhy.REFUSED, now)
    log.info("talk_refused", brought_in_before=len(before))


def forget_sound(database: Database, row: TalkRecording, store: Path, why: GoneWhy, now: datetime) -> None:
    """Delete the file, then say so on record. Outside of the store no file is touched."""
    file = (store / row.file).resolve()
    if row.file and file.is_relative_to(store.resolve()):
        file.unlink(missing_ok=True)
    with database.writing() as session:
        keep_gone(session, row.id, why, now)
        session.commit()
