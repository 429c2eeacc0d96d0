"""The process that plays days otherwise: seconds each, for somebody who moves sliders; behind no search and no roster."""

from core.job_queue import WHAT_IF_JOB_QUEUE
from launch.processes.planning import work

_NICENESS = 5  # calls and pages go first


def main() -> None:
    """Work until told to stop. What a job needs is loaded already, so that none waits for it."""
    work("what-if", _NICENESS, (WHAT_IF_JOB_QUEUE,))


if __name__ == "__main__":
    main()
