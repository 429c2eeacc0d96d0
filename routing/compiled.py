"""The modules that decide, compiled: used where set-up compiled exactly this source, and else Python runs them as they are.

Nothing but the speed depends on which of the two it is. Standard library only: set-up asks before anything is installed.
"""

import hashlib
import os
import sys
from pathlib import Path

COMPILED = ("able", "engine", "pool", "pools", "ranking", "simulated_floor", "site_state", "skill_holders")
"""The modules of this package that are compiled, all together: they decide, and know nothing of the world outside."""
BUILT_ON = ("balance", "media", "needs", "plans", "shares", "shifts", "site_limits")
"""What they import of ours beside each other. Types and numbers of these are compiled in."""
COMPILER = "mypy==2.4.1"
"""What makes C of them, as pinned in pyproject.toml; C is compiled by the machine's own compiler."""
PLAIN_VARIABLE = "HALO_PLAIN_PYTHON"

_HERE = Path(__file__).resolve().parent


def compiled_folder(environment: Path, package: Path = _HERE) -> Path:
    """Where, in this virtual environment, the compiled form of the package's source lies, or would lie.

    One source, one folder: what is there is never older than the source, and a changed source has none until it is compiled.
    """
    digest = hashlib.sha256(COMPILER.encode())
    for name in sorted((*COMPILED, *BUILT_ON)):
        source = (package / f"{name}.py").read_bytes()
        digest.update(f"{name} {len(source)}\n".encode() + source)
    return environment / "halo-compiled" / digest.hexdigest()[:24]


def folder_in_use() -> Path | None:
    """The folder to load compiled modules from; None where there is none for this source, or HALO_PLAIN_PYTHON is set."""
    if os.environ.get(PLAIN_VARIABLE):
        return None
    folder = compiled_folder(Path(sys.prefix))
    return folder if folder.is_dir() else None
