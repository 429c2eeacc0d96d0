"""One `up` or `down` at a time in a home."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import HaloError


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the lock while the body runs. Raises HaloError when somebody else holds it."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    # Closed on exec: the processes that `up` starts must not keep it.
    descriptor = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise HaloError("Another ./halo up or down is at work here.", "wait until it is done, then run this again.") from None
    try:
        yield
    finally:
        os.close(descriptor)
