"""The project as the rules see it: which files are ours, which packages there are, what pyproject.toml says."""

import ast
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "core", "crm", "routing", "ivr", "scripts", "workforce", "cti", "agent_desktop", "asterisk_conf", "launch",
)  # fmt: skip
# Made on this machine and ignored by git: .gitignore in other words, so that the tests also run where git is missing.
_MADE_FOLDERS = frozenset({"var", "node_modules", "__pycache__", "dist"})
_HIDDEN_BUT_OURS = frozenset({".ci", ".github"})
_MADE_SUFFIXES = frozenset({".pyc", ".mo"})
_MADE_FILES = frozenset({".git"})  # in a work tree of its own, git keeps a file there instead of a folder


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that people wrote, sorted within each folder."""
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_our_folder(name))
        for name in sorted(names):
            file = Path(here, name)
            if file.suffix not in _MADE_SUFFIXES and name not in _MADE_FILES and not file.is_symlink():
                yield file


def _is_our_folder(name: str) -> bool:
    if name.startswith("."):
        return name in _HIDDEN_BUT_OURS
    return name not in _MADE_FOLDERS and not name.endswith(".egg-info")


def python_files(*folders: str) -> list[Path]:
    """Our Python files in these folders of the project."""
    return [file for folder in folders for file in our_files(ROOT / folder) if file.suffix == ".py"]


def product_files() -> list[Path]:
    """Every Python file of the product."""
    return python_files(*PACKAGES)


def tree_of(file: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def shown(file: Path) -> str:
    """The file's path as people write it."""
    return file.relative_to(ROOT).as_posix()


def pyproject() -> dict:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def module_file(module: str) -> Path | None:
    """The file of one of our modules; None for a module that is not ours."""
    if module.split(".")[0] not in PACKAGES:
        return None
    place = ROOT.joinpath(*module.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)
