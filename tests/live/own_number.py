"""A number of the house that runs a script of the test's own, with the caller being recorded."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.install.asterisk_root import asterisk_program
from launch.supervision.programs import asterisk_conf_file
from tests.live.house import House

OWN_NUMBER = "1500777"


@contextmanager
def number_of_its_own(halo: House, agi_port: int, recording: Path) -> Iterator[None]:
    """A number that runs our script, with the caller's channel being recorded."""
    conf = asterisk_conf_file(halo.settings.home)
    local = conf.parent / "local" / "inbound-test.conf"
    local.parent.mkdir(exist_ok=True)
    local.write_text(
        f"exten => {OWN_NUMBER},1,Answer()\n same => n,MixMonitor({recording})\n"
        f" same => n,AGI(agi://127.0.0.1:{agi_port}/private)\n same => n,Hangup()\n",
        encoding="utf-8",
    )
    reload = [*asterisk_program().command, "-C", str(conf), "-rx", "dialplan reload"]
    subprocess.run(reload, check=True, capture_output=True)
    try:
        yield
    finally:
        local.unlink()
        subprocess.run(reload, check=True, capture_output=True)
