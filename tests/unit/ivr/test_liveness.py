"""Which variables of a function may still be read, seen from where it waits."""

import sys
from collections.abc import Callable
from types import FrameType

from ivr.explorer.liveness import live_names

_Seen = list[frozenset[str]]


def wait(seen: _Seen) -> int:
    """Stands where a line would: what lives in the function that called."""
    frame: FrameType | None = sys._getframe(1)
    assert frame is not None
    seen.append(live_names(frame.f_code, frame.f_lasti))
    return len(seen)


def seen_by(work: Callable[[_Seen], object]) -> _Seen:
    seen: _Seen = []
    work(seen)
    return seen


def test_what_is_read_later_lives_and_what_is_not_does_not() -> None:
    def work(seen: _Seen) -> int:
        kept = 1
        dropped = kept + 1
        kept += dropped
        wait(seen)
        return kept

    assert "kept" in seen_by(work)[0]
    assert "dropped" not in seen_by(work)[0]


def test_what_is_written_before_it_is_read_again_does_not_live() -> None:
    def work(seen: _Seen) -> int:
        number = 5
        wait(seen)
        number = 6
        return number

    assert "number" not in seen_by(work)[0]


def test_a_loop_keeps_what_its_next_turn_reads() -> None:
    def work(seen: _Seen) -> None:
        turns, last = 0, 0
        while turns < 2:
            last = wait(seen)
            turns += 1
        assert last

    assert [sorted(names) for names in seen_by(work)] == [["seen", "turns"]] * 2


def test_where_a_loop_over_things_stands_lives_although_nothing_reads_it() -> None:
    def work(seen: _Seen) -> None:
        for _turn in range(2):
            wait(seen)
        wait(seen)

    assert [("_turn" in names) for names in seen_by(work)] == [True, True, False]


def test_what_the_statement_has_read_already_lives() -> None:
    def work(seen: _Seen) -> tuple[int, int]:
        first = 7
        return (first, wait(seen))

    assert "first" in seen_by(work)[0]


def test_what_only_the_handler_of_an_error_reads_lives() -> None:
    def work(seen: _Seen) -> int:
        apology = 3
        try:
            wait(seen)
        except ValueError:
            return apology
        return 0

    assert "apology" in seen_by(work)[0]


def test_what_an_inner_function_shares_lives() -> None:
    def work(seen: _Seen) -> Callable[[], int]:
        shared = 1

        def inner() -> int:
            return shared

        wait(seen)
        return inner

    assert "shared" in seen_by(work)[0]
