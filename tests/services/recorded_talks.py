"""Talks as Asterisk leaves them, and the record of the calls they belong to."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from asterisk_conf.names import AGENTS_SIDE, CALLERS_SIDE
from core.database import Database
from core.event_archive import archive
from core.events import Event, EventKind
from core.ids import new_id
from crm.contact_history import Interaction, Segment, SegmentKind
from crm.talk_recordings import TalkRecording
from cti.talks.sound import RATE, Sides

CALLER_HZ, AGENT_HZ = 700, 1300


def tone(tone_hz: float, length_s: float) -> bytes:
    """A tone as Asterisk writes it."""
    time = np.arange(int(length_s * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * tone_hz * time)).astype("<i2").tobytes()


def asterisk_wrote(
    folder: Path, interaction_id: str, ended_at: datetime, length_s: float = 4.0, agent_s: float | None = None
) -> Sides:
    """A recording of a talk that ended then; the agent's side is as long as the caller's unless told otherwise."""
    stem = f"{interaction_id}_{new_id()}"
    sides = Sides(folder / f"{stem}{CALLERS_SIDE}", folder / f"{stem}{AGENTS_SIDE}")
    sides.caller.write_bytes(tone(CALLER_HZ, length_s))
    sides.agent.write_bytes(tone(AGENT_HZ, length_s if agent_s is None else agent_s))
    for side in (sides.caller, sides.agent):
        os.utime(side, (ended_at.timestamp(), ended_at.timestamp()))
    return sides


def call(database: Database, ended_at: datetime | None, *spoken: tuple[str, datetime, datetime], queue: str = "billing") -> str:
    """A call with these agents, each from when to when; returns the interaction."""
    interaction_id = new_id()
    begun = min((begin for _agent, begin, _end in spoken), default=ended_at)
    assert begun is not None
    with database.writing() as session:
        session.add(Interaction(id=interaction_id, queue=queue, started_at=begun - timedelta(seconds=30), ended_at=ended_at))
        session.flush()
        for agent_id, begin, end in spoken:
            session.add(
                Segment(
                    interaction_id=interaction_id,
                    kind=SegmentKind.TALK,
                    agent_id=agent_id,
                    queue=queue,
                    started_at=begin,
                    ended_at=end,
                )
            )
        session.commit()
    return interaction_id


def told(database: Database, interaction_id: str, kind: EventKind, at: datetime, agent_id: str = "1001") -> None:
    """The event log on disk has it."""
    event = Event(kind, at, interaction_id, agent_id).placed(f"{int(at.timestamp() * 1000)}-0")
    with database.writing() as session:
        archive(session, [event])
        session.commit()


def stored(
    database: Database, store: Path, at: datetime, agent_id: str = "1001", team: str = "", queue: str = "billing",
    interaction_id: str = "", file: str = "", sound: bytes = bytes(range(200)),
) -> TalkRecording:  # fmt: skip
    """A recorded talk that is on record and in the store."""
    source = new_id()
    name = file or f"2026/03/02/{source}.flac"
    if not file:
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_bytes(sound)
    with database.writing() as session:
        row = TalkRecording(
            source=source, interaction_id=interaction_id or new_id(), agent_id=agent_id, queue=queue, team=team, started_at=at,
            length_s=61.0, file=name, size_bytes=len(sound), marks=[["hold", 10.0, 20.0], ["pause", 30.0, 35.0]],
            waves={"caller": [10, 50, 90], "agent": [0, 40, 20]},
        )  # fmt: skip
        session.add(row)
        session.commit()
        return row
