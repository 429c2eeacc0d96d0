"""Imports go down the floors only, and what runs before anything is installed needs nothing installed."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.architecture.project import PACKAGES, ROOT, module_file, pyproject, tree_of

# What runs on a plain Python 3.11, before there is an environment: the command line's first half and its doctor.
PLAIN_PYTHON = ("launch.__main__", "launch.doctor.machine", "launch.doctor.report")

_IMPORT_ALL = """
import importlib, pkgutil, sys

WORK = ("socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.mkdir", "os.remove", "os.rename")

def seen(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event in WORK or writes:
        raise SystemExit(f"importing {doing}: {event} {arguments}")

sys.addaudithook(seen)
for name in sys.argv[1:]:
    doing = name
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        # What trains the speech model needs packages that running Halo does not; nothing imports it but the command.
        if not module.name.endswith("__main__") and not module.name.startswith("ivr.speech.training."):
            doing = module.name
            importlib.import_module(doing)
"""


def test_imports_go_down_the_floors_only():
    done = run([Path(sys.executable).with_name("lint-imports"), "--no-cache"])
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_stands_on_a_floor():
    rules = pyproject()["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in rules["contracts"] if contract["type"] == "layers")
    on_a_floor = [name.strip() for layer in layers for name in layer.split("|")]
    assert sorted(on_a_floor) == sorted(rules["root_packages"]) == sorted(PACKAGES)


def test_importing_the_packages_does_no_work():
    """Neither files, nor connections, nor processes: what an import opens, nobody closes."""
    done = run([sys.executable, "-B", "-c", _IMPORT_ALL, *PACKAGES])
    assert done.returncode == 0, done.stderr


def test_what_runs_before_set_up_needs_only_the_standard_library():
    foreign = [f"{module} imports {name}" for module, name in _reached(PLAIN_PYTHON) if not _is_plain(name)]
    assert not foreign


def run(command: Sequence[object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False)


def _is_plain(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names


def _reached(start: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(module of ours, module that is not ours) for all that is imported at the top of these modules, and so on down."""
    seen, frontier = set(start), list(start)
    while frontier:
        module = frontier.pop()
        file = module_file(module)
        assert file is not None, module
        for name in _imported(tree_of(file)):
            if module_file(name) is None:
                yield module, name
            elif name not in seen:
                seen.add(name)
                frontier.append(name)


def _imported(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            below = [f"{statement.module}.{alias.name}" for alias in statement.names]
            yield from (name for name in below if module_file(name) is not None)
            yield statement.module
