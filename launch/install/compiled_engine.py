"""The routing engine, compiled where there is a C compiler: the same decisions, about twice as fast."""

import os
import shlex
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from launch.install.debian_packages import Need, find_program
from launch.install.tool import run_tool
from launch.places import ROOT, VENV, VENV_PYTHON
from routing.compiled import compiled_folder

EXTRA = "compile"


def needs_to_compile() -> list[Need]:
    """What the machine must have: a C compiler, and the headers of C and of this Python."""
    return [
        Need("gcc", lambda: find_program(_c_compiler()) is not None),
        Need("libc6-dev", lambda: Path("/usr/include/stdlib.h").exists()),
        Need("python3-dev", lambda: Path(sysconfig.get_path("include"), "Python.h").exists()),
    ]


def can_compile() -> bool:
    """Whether the machine has all of it."""
    return all(need.is_there() for need in needs_to_compile())


@dataclass(frozen=True, slots=True)
class CompiledEngine:
    """The step that compiles the source as it is now. Less than half a minute; then not again until that source changes."""

    logs: Path
    name: str = "Routing engine, compiled"

    def missing(self) -> list[str]:
        return [] if self.is_done() else ["the compiled routing engine"]

    def is_done(self) -> bool:
        return compiled_folder(VENV).is_dir()

    def run(self) -> None:
        command = [str(VENV_PYTHON), "-B", "-m", "launch.install.compile_engine", str(VENV)]
        run_tool(command, self.logs / "compiled-engine.log", name="mypyc", cwd=ROOT)


def _c_compiler() -> str:
    """The one that Python's own extensions are compiled with, unless CC names another."""
    return shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
