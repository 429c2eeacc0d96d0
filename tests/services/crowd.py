"""Many who do the same thing at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

_Result = TypeVar("_Result")
_LONGEST_S = 60


def at_once(*works: Callable[[], _Result]) -> list[_Result]:
    """Run each on a thread of its own, started together; their results in order. The first error is raised."""
    gate = threading.Barrier(len(works))
    results: dict[int, _Result] = {}
    problems: list[BaseException] = []

    def run(place: int, work: Callable[[], _Result]) -> None:
        gate.wait(_LONGEST_S)
        try:
            results[place] = work()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONGEST_S)
    if problems:
        raise problems[0]
    return [results[place] for place in range(len(works))]


def times(number: int, work: Callable[[], _Result]) -> Sequence[Callable[[], _Result]]:
    """The same work so many times."""
    return [work] * number
