"""A cti process that hears late that it leads no more, as on a starved machine: until then only the fences keep it from harm."""

import threading

from cti.leader import Leader
from launch.processes.cti import main

LATE_S = 0.3
_ask = Leader._ask


def ask_late(leader: Leader) -> None:
    threading.Event().wait(LATE_S)
    _ask(leader)


if __name__ == "__main__":
    Leader._ask = ask_late  # type: ignore[method-assign]
    main()
