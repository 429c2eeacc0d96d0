"""A day as rows of coloured pieces on one time axis: what was, and above it whatever else has a place there. Geometry only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_desktop.wait_view import Bar

WIDE = 1000.0
_SHORTEST = timedelta(hours=4)
_NARROWEST = 0.8
_MOST_HOURS_NAMED = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """From `start` to `end` something was so; `kind` colours it (the eight states, see styles/strip.css), `words` say it."""

    start: datetime
    end: datetime
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class StripRow:
    """One row, such as what was planned, or what was. `words` say all of it to who sees no picture."""

    name: str
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows over an axis: `hours` are places of full hours, of 1000, with their names ("" for those between two names); `now_x`
    is where the present stands, None when it is not on the axis."""

    rows: tuple[StripRow, ...]
    hours: tuple[tuple[float, str], ...]
    now_x: float | None


def draw_strip(rows: Sequence[tuple[str, Sequence[Piece]]], now: datetime) -> Strip:
    """The rows from top to bottom, each a name and its pieces, on an axis of whole hours that holds them all, at least four hours
    long. `now` is in the zone in which hours are named."""
    pieces = [piece for _name, own in rows for piece in own]
    start, end = _axis(pieces, now)

    def x_of(moment: datetime) -> float:
        return round((moment - start) / (end - start) * WIDE, 1)

    def drawn(name: str, own: Iterable[Piece]) -> StripRow:
        shown = sorted(own, key=lambda piece: piece.start)
        bars = tuple(
            Bar(x_of(piece.start), max(_NARROWEST, round(x_of(piece.end) - x_of(piece.start), 1)), piece.kind, piece.words)
            for piece in shown
        )
        return StripRow(name, bars, "; ".join(piece.words for piece in shown))

    moments = [start + timedelta(hours=number) for number in range(round((end - start) / timedelta(hours=1)) + 1)]
    every = _named_every(len(moments) - 1)
    hours = tuple((x_of(at), f"{at:%H:%M}" if number % every == 0 else "") for number, at in enumerate(moments))
    return Strip(tuple(drawn(name, own) for name, own in rows), hours, x_of(now) if start <= now <= end else None)


def _axis(pieces: Sequence[Piece], now: datetime) -> tuple[datetime, datetime]:
    first = min((piece.start for piece in pieces), default=now).astimezone(now.tzinfo)
    last = max((piece.end for piece in pieces), default=now).astimezone(now.tzinfo)
    start = first.replace(minute=0, second=0, microsecond=0)
    end = last.replace(minute=0, second=0, microsecond=0)
    end = max(end if end == last else end + timedelta(hours=1), start + _SHORTEST)
    hours = round((end - start) / timedelta(hours=1))
    return start, end + timedelta(hours=-hours % _named_every(hours))  # the last hour has a name, too


def _named_every(hours: int) -> int:
    return 1 + (hours - 1) // _MOST_HOURS_NAMED
