"""The wallboard is drawn once for all who look at it in one language."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from agent_desktop.drawings import REDRAW_AFTER, Drawing, Drawings
from core.clock import VirtualClock

READERS = 40


class FakeBoard:
    """Has a version and draws itself; counts how often."""

    def __init__(self) -> None:
        self.current, self.drawn = 1, 0

    def version(self) -> int:
        return self.current

    def draw(self) -> tuple[int, str]:
        self.drawn += 1
        return self.current, f"<b>{self.current}</b> drawn {self.drawn} times"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
def look(clock: VirtualClock, board: FakeBoard) -> Iterator[object]:
    drawings = Drawings(clock)
    return lambda language="id": drawings.newest(language, board.version, board.draw)


def test_forty_readers_at_once_have_it_drawn_once(look, board):
    together = Barrier(READERS)

    def read(_reader: int) -> Drawing:
        together.wait(10)
        return look()

    with ThreadPoolExecutor(READERS) as pool:
        seen = list(pool.map(read, range(READERS)))
    assert board.drawn == 1
    assert all(drawing is seen[0] for drawing in seen)


def test_a_change_is_drawn_anew_at_once(look, board):
    before = look()
    board.current = 2
    after = look()
    assert (before.version, after.version, board.drawn) == (1, 2, 2)
    assert "<b>2</b>" in after.html


def test_each_language_has_its_own(look, board):
    assert look("id") is not look("en")
    assert board.drawn == 2


def test_what_changes_by_time_alone_is_seen_too(look, board, clock):
    first = look()
    clock.advance(REDRAW_AFTER.total_seconds() - 0.1)
    assert look() is first
    clock.advance(0.1)
    assert look() is not first


def test_a_drawing_that_fails_is_tried_again(look, board, monkeypatch):
    def broken() -> tuple[int, str]:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(board, "draw", broken)
        with pytest.raises(ConnectionError):
            look()
    assert look().version == 1
