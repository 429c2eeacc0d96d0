"""Wakes threads of Asterisk that wait for something that has been already.

When Asterisk takes down its connection to a recogniser, it closes the socket while a thread of its own waits on that socket's
number in poll(2). Under load the number is another call's before the waiting thread has looked again: then that thread waits
for ever, and the caller's channel with it. A process that is stopped for a moment makes all its waiting threads look again.
"""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.log import get_log

# Taking a connection down takes 1 to 5 ms; on a machine that has nothing left, some tens.
SLOW_S = 0.25
_STOPPED_S = 0.01
# The two signals are another process's to send: this one may be killed between them, and Asterisk must not stay stopped.
_SCRIPT = 'kill -STOP "$1" && sleep "$2"; kill -CONT "$1"'
_WAKE_WAIT_S = 5.0

_log = get_log(__name__)


class AsteriskThreads:
    """The threads of the Asterisk that wrote `pid_file`; `wake` is what wakes them, given its process id."""

    def __init__(self, pid_file: Path, wake: Callable[[int], object] | None = None, slow_s: float = SLOW_S) -> None:
        self._pid_file, self._wake, self._slow_s = pid_file, wake or wake_threads, slow_s
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def freeing(self) -> Iterator[None]:
        """What the block waits for may hang in Asterisk: as long as it does, wake all threads there, every `slow_s` seconds."""
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done,), name="asterisk-threads", daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def wake(self) -> None:
        """Wake them all, once. Nothing happens when Asterisk does not run."""
        pid = self._pid()
        if pid is None or not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            self._wake(pid)
        except (OSError, subprocess.SubprocessError) as problem:
            _log.error("asterisk_not_woken", why=str(problem), next_step="run Halo and Asterisk as the same user")
        finally:
            self._one_at_a_time.release()

    def _watch(self, done: threading.Event) -> None:
        times = 0
        while not done.wait(self._slow_s):
            self.wake()
            times += 1
        if times:
            _log.info("asterisk_woken", times=times)

    def _pid(self) -> int | None:
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if b"asterisk" in command else None


def wake_threads(pid: int) -> None:
    """Stop a process for a hundredth of a second, whatever becomes of this one. Raises OSError, SubprocessError."""
    command = ["/bin/sh", "-c", _SCRIPT, "wake", str(pid), str(_STOPPED_S)]
    subprocess.run(command, check=True, capture_output=True, start_new_session=True, timeout=_WAKE_WAIT_S)
