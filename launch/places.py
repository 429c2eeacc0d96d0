"""Where the project's own things are. Standard library only: set-up needs it before anything is installed."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BEGAN_VARIABLE = "HALO_BEGAN_S"


def home() -> Path:
    """The folder of everything this installation writes; the same answer as core.settings.default_home."""
    return Path(os.environ.get("HALO_HOME") or ROOT / "var").absolute()


def setup_logs() -> Path:
    """The folder of what the set-up's tools said."""
    return home() / "log" / "setup"


def machine_cache() -> Path:
    """The folder shared by every copy of Halo on this machine, when root sets it up."""
    return Path("/var/cache/halo")


def caches() -> list[Path]:
    """Where to look for what an earlier set-up left, in this order."""
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return [machine_cache(), own / "halo"]


def in_virtualenv() -> bool:
    """Whether this Python is the project's own environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()
