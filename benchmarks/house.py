"""A whole Halo of the benchmark's own: real processes on free ports in a temporary home, with a carrier and its phones."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from subprocess import CalledProcessError
from tempfile import TemporaryFile, mkdtemp

from cti.ami import EventHandler
from launch.demo.ami_thread import AmiThread
from tests.live.house import House, running_house

EXTRA_EXTENSIONS = Path("asterisk/etc/local/inbound-benchmark.conf")
EXTRA_MANAGER = Path("asterisk/etc/local/manager-benchmark.conf")
MANAGER_USER = "benchmark"
# Asterisk tells this one all that it tells of calls; Halo's own is told only what Halo reads.
MANAGER = f"[{MANAGER_USER}]\nsecret = {{secret}}\nread = call,agent\nwrite = call,originate,agent,reporting\n"
NO_DEMO_CALL = Path("config/demo-call.done")  # as if it had been placed already


@contextmanager
def benchmark_house(extra_extensions: str = "") -> Iterator[House]:
    """Bring it up; take it down and remove it at the end. `extra_extensions` are lines of dialplan that callers may dial."""
    folder = Path(mkdtemp(prefix="halo-benchmark-"))
    home = folder / "home"
    manager = MANAGER.format(secret=token_hex(16))
    for name, text in {NO_DEMO_CALL: "", EXTRA_EXTENSIONS: extra_extensions, EXTRA_MANAGER: manager}.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch(mode=0o600)
        (home / name).write_text(text, encoding="utf-8")
    house = running_house(home, database_url="")
    try:
        with _quiet():
            running = house.__enter__()
        try:
            yield running
        finally:
            with _quiet():
                house.__exit__(*sys.exc_info())
    except CalledProcessError:
        print(f"Halo may still run in {home}: HALO_HOME={home} ./halo down", file=sys.stderr)
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what starting and stopping print (log-ins among it) off the terminal, unless it fails."""
    sys.stdout.flush()
    terminal = os.dup(1)
    with TemporaryFile() as said:
        os.dup2(said.fileno(), 1)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(2, said.read())
            raise
        finally:
            os.dup2(terminal, 1)
            os.close(terminal)


def manager_of(house: House, **handlers: EventHandler) -> AmiThread:
    """A manager connection of the benchmark's own to Halo's Asterisk, beside the one that cti has."""
    written = (house.settings.home / EXTRA_MANAGER).read_text(encoding="utf-8")
    secret = next(line.removeprefix("secret = ") for line in written.splitlines() if line.startswith("secret = "))
    return AmiThread(house.settings.ami_port, MANAGER_USER, secret, handlers)
