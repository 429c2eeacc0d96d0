"""A recorded talk as the player shows it: both sides drawn, holds and pauses where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_desktop.texts import _
from crm.talk_recordings import MarkKind, TalkRecording

WIDE, HIGH = 800, 64  # of the drawing; the caller's side above the middle, the agent's below
_MIDDLE = HIGH / 2


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A stretch of the drawing where nobody speaks for the record, `from_s` into the recording."""

    kind: str
    x: float
    width: float
    from_s: float
    to_s: float
    words: str


@dataclass(frozen=True, slots=True)
class DrawnTalk:
    """`after_s`: how long nothing was recorded before it, since the part before; 0 for the first. `caller` and `agent` are SVG
    paths."""

    recording: TalkRecording
    agent: str
    after_s: float
    caller_path: str
    agent_path: str
    marks: tuple[DrawnMark, ...]


def drawn_talks(recordings: Sequence[TalkRecording], names: Mapping[str, str]) -> list[DrawnTalk]:
    """These parts of one interaction, the earliest first."""
    drawn: list[DrawnTalk] = []
    ended_at: datetime | None = None
    for each in recordings:
        after_s = max(0.0, (each.started_at - ended_at).total_seconds()) if ended_at else 0.0
        ended_at = each.started_at + timedelta(seconds=each.length_s)
        waves = each.waves or {}
        drawn.append(
            DrawnTalk(
                each, names.get(each.agent_id, each.agent_id) or _("nobody known"), after_s,
                _path(waves.get("caller", []), up=True), _path(waves.get("agent", []), up=False), _marks(each),
            )
        )  # fmt: skip
    return drawn


def _path(loudness: Sequence[int], up: bool) -> str:
    """One stroke for each stretch, from the middle up or down."""
    step = WIDE / max(1, len(loudness))
    sign = -1 if up else 1
    strokes = (
        f"M{number * step + step / 2:.1f} {_MIDDLE + sign:.0f}v{sign * max(1.0, loud / 100 * (_MIDDLE - 3)):.1f}"
        for number, loud in enumerate(loudness)
    )
    return "".join(strokes)


def _marks(recording: TalkRecording) -> tuple[DrawnMark, ...]:
    words = {MarkKind.HOLD: _("On hold"), MarkKind.PAUSE: _("Recording paused")}
    share = WIDE / recording.length_s if recording.length_s else 0.0
    return tuple(
        DrawnMark(kind, round(from_s * share, 1), round((to_s - from_s) * share, 1), from_s, to_s, str(words[MarkKind(kind)]))
        for kind, from_s, to_s in recording.marks
    )
