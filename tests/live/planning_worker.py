"""A worker of its own beside the pages, as an installation has it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.database import Database
from launch.settings_file import prepare_home, write_settings
from tests.architecture.project import ROOT


@contextmanager
def planning_worker(home: Path, database: Database, redis_url: str, process: str = "planning") -> Iterator[subprocess.Popen[bytes]]:
    """Works until the block ends, on this database and Redis; `process` is that of launch.processes."""
    prepare_home(home)
    password, port = redis_url.removeprefix("redis://:").split("@127.0.0.1:")
    address = database.engine.url.render_as_string(hide_password=False)
    write_settings(home, {"HALO_DATABASE_URL": address, "HALO_REDIS_PASSWORD": password, "HALO_REDIS_PORT": port.split("/")[0]})
    environment = os.environ | {"HALO_HOME": str(home)}
    with (home / "worker.out").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", f"launch.processes.{process}"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait(30)
