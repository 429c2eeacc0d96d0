"""The project's virtual environment, with exactly what pyproject.toml pins."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from core.errors import HaloError
from launch.install.stamp import fingerprint, is_stamped, put_stamp
from launch.install.tool import ToolFailed, run_tool
from launch.places import ROOT, VENV, VENV_PYTHON


def pinned(project_file: Path, extra: str = "") -> list[str]:
    """The requirements in a pyproject.toml: the project's own, then those of one extra."""
    project = tomllib.loads(project_file.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]


def runs() -> bool:
    """Whether the environment's Python starts and has pip."""
    try:
        done = subprocess.run([VENV_PYTHON, "-c", "import pip"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@dataclass(frozen=True, slots=True)
class PythonEnvironment:
    """The step that makes or completes the environment. `extra` names an optional group of pyproject.toml."""

    logs: Path
    extra: str = ""
    name: str = "Python environment"

    def missing(self) -> list[str]:
        return [] if self.is_done() else ["the Python environment"]

    def is_done(self) -> bool:
        return is_stamped(self._stamp, self._mark) and VENV_PYTHON.exists()

    def run(self) -> None:
        log = self.logs / "python-environment.log"
        if self._half_done.exists() or not runs():
            _remove_broken()
            run_tool([sys.executable, "-m", "venv", str(VENV)], log)
        # pip killed in the middle can leave a package that looks whole: then all is made anew.
        self._half_done.touch()
        try:
            self._install(log)
        except ToolFailed:  # pip itself has put things back
            self._half_done.unlink()
            raise
        put_stamp(self._stamp, self._mark)
        self._half_done.unlink()

    def _install(self, log: Path) -> None:
        # Only the pins: the project itself runs from its folder, so nothing of it is built or copied.
        pip = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
        run_tool([*pip, *pinned(ROOT / "pyproject.toml", self.extra)], log, source="The Python package registry")

    @property
    def _half_done(self) -> Path:
        return VENV / "halo-half-done"

    @property
    def _mark(self) -> str:
        return fingerprint([], *pinned(ROOT / "pyproject.toml", self.extra))

    @property
    def _stamp(self) -> Path:
        return VENV / f"halo-{self.extra or 'main'}.stamp"


def _remove_broken() -> None:
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except PermissionError:
        raise HaloError(
            f"{VENV} belongs to another user and does not run here.", "clone the project into a folder of your own, or remove it."
        ) from None
