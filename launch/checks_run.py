"""The checks that need no running program: format, lint, types, floors, file sizes."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from launch.console import say, step
from launch.file_sizes import too_long
from launch.install.javascript_bundle import FRONTEND
from launch.places import ROOT, VENV

_IN_VENV = VENV / "bin"
_TOOLS: dict[str, Sequence[str]] = {
    "format": (f"{_IN_VENV}/ruff", "format", "--check", "."),
    "lint": (f"{_IN_VENV}/ruff", "check", "."),
    "types": (f"{_IN_VENV}/mypy",),
    "floors": (f"{_IN_VENV}/lint-imports",),
    "types of the pages": ("npm", "--prefix", str(FRONTEND), "run", "--silent", "check"),
}


def run_checks() -> bool:
    """Run all of them, showing what those that fail say; returns whether all are well."""
    said = [_run(name, command) for name, command in _TOOLS.items()]
    said.append(_sizes(ROOT))
    for text in filter(None, said):
        say(text)
    return not any(said)


def _run(name: str, command: Sequence[str]) -> str:
    with step(name) as line:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        line.note("" if done.returncode == 0 else "FAILED")
    return "" if done.returncode == 0 else f"\n{name}:\n{done.stdout.strip() or f'exit {done.returncode}'}"


def _sizes(root: Path) -> str:
    with step("file sizes") as line:
        found: Iterable[str] = [f"{file.relative_to(root)}: {lines} lines" for file, lines in too_long(root)]
        text = "\n".join(found)
        line.note("FAILED" if text else "")
    return f"\nfile sizes:\n{text}" if text else ""
