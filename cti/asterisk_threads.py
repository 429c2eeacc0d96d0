"""Wakes threads of Asterisk that wait for something that has been already.

When Asterisk takes down its connection to a recogniser, it closes the socket while a thread of its own waits on that socket's
number in poll(2). Under load the number is another call's before the waiting thread has looked again: then that thread waits
for ever, and the caller's channel with it. A process that is stopped for a moment makes all its waiting threads look again.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.clock import stopwatch_s
from core.log import get_log

# Taking a connection down takes 1 to 5 ms; on a machine that has nothing left it may take long without hanging, and to stop
# Asterisk again and again would make that worse: so each look waits twice as long as the one before, and all share them.
SLOW_S = 0.25
_LONGEST_S = 4.0
_REST_S = 0.5
_STOPPED_S = 0.005
# The two signals are another process's to send: this one may be killed between them, and Asterisk must not stay stopped.
_SCRIPT = 'kill -STOP "$1" && sleep "$2"; kill -CONT "$1"'
_WAKE_WAIT_S = 5.0

_log = get_log(__name__)


class AsteriskThreads:
    """The threads of the Asterisk that wrote `pid_file`; `wake` is what wakes them, given its process id."""

    def __init__(self, pid_file: Path, wake: Callable[[int], object] | None = None, slow_s: float = SLOW_S) -> None:
        self._pid_file, self._wake, self._slow_s = pid_file, wake or wake_threads, slow_s
        self._lock = threading.Lock()
        self._woken_at_s = -_REST_S

    @contextmanager
    def freeing(self) -> Iterator[None]:
        """What the block waits for may hang in Asterisk: wake all threads there after `slow_s` seconds, and again while it does."""
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done,), name="asterisk-threads", daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def wake(self) -> None:
        """Wake them all, once, unless that was done half a second ago. Nothing happens when Asterisk does not run."""
        with self._lock:
            pid = self._pid() if stopwatch_s() - self._woken_at_s >= _REST_S else None
            if pid is None:
                return
            try:
                self._wake(pid)
            except (OSError, subprocess.SubprocessError) as problem:
                _log.error("asterisk_not_woken", why=str(problem), next_step="run Halo and Asterisk as the same user")
            self._woken_at_s = stopwatch_s()

    def go_on(self) -> None:
        """Let Asterisk go on, should it stand still: whoever stopped it last may not have lived to do so."""
        pid = self._pid()
        if pid is not None:
            with suppress(OSError):
                os.kill(pid, signal.SIGCONT)

    def _watch(self, done: threading.Event) -> None:
        times, wait_s = 0, self._slow_s
        while not done.wait(wait_s):
            self.wake()
            times, wait_s = times + 1, min(2 * wait_s, _LONGEST_S)
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
    """Stop a process for a few milliseconds, whatever becomes of this one. Raises OSError, SubprocessError.

    However long the two signals take, who sends them is never ended in between: it has a process group of its own. Not a session,
    which would not have Halo's share of the processor: on a busy machine it could come late to let the process go on.
    """
    command = ["/bin/sh", "-c", _SCRIPT, "wake", str(pid), str(_STOPPED_S)]
    nothing = subprocess.DEVNULL
    status = subprocess.Popen(command, process_group=0, stdin=nothing, stdout=nothing, stderr=nothing).wait(_WAKE_WAIT_S)
    if status:
        raise subprocess.CalledProcessError(status, command)
