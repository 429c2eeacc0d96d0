"""A step of the set-up, and how steps are run: only what is missing, with progress, to be broken off anywhere."""

from collections.abc import Sequence
from typing import Protocol

from launch.console import step


class Step(Protocol):
    """One thing to set up. `run` may be broken off at any instant and called again."""

    @property
    def name(self) -> str:
        """What the reader sees: a noun."""
        ...

    def is_done(self) -> bool:
        """Whether nothing is left to do. Cheap, changes nothing."""
        ...

    def missing(self) -> list[str]:
        """What is not there yet, in the reader's words; empty when done."""
        ...

    def run(self) -> None:
        """Do it. Raises HaloError with the next step."""
        ...


def run_steps(steps: Sequence[Step]) -> None:
    """Run the steps that are not done, in order, each with its line of progress."""
    for one in steps:
        with step(one.name) as line:
            if one.is_done():
                line.note("there already")
            else:
                one.run()
