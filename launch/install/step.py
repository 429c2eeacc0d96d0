"""A step of the set-up, and how steps are run: only what is missing, with progress, to be broken off anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.errors import HaloError
from launch.console import say, step


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


@dataclass(frozen=True, slots=True)
class Dispensable:
    """A step that may fail: `without` says how Halo then runs. It is tried again at the next start."""

    step: Step
    without: str

    @property
    def name(self) -> str:
        return self.step.name

    def is_done(self) -> bool:
        return self.step.is_done()

    def missing(self) -> list[str]:
        return self.step.missing()

    def run(self) -> None:
        try:
            self.step.run()
        except HaloError as problem:
            say(f"\n    {problem.message} {self.without} To change that: {problem.next_step}")


def run_steps(steps: Sequence[Step]) -> None:
    """Run the steps that are not done, in order, each with its line of progress."""
    for one in steps:
        with step(one.name) as line:
            if one.is_done():
                line.note("there already")
            else:
                one.run()
