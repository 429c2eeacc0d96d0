"""pyproject.toml names every package and every file that is read at run time; setuptools forgets silently what it does not."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.project import PACKAGES, ROOT, our_files, pyproject, python_files, shown, tree_of

# Neither Python nor read at run time: what set-up makes something of.
MADE_INTO_SOMETHING = {
    "agent_desktop/frontend": "bundled into static/dist by npm",
    "agent_desktop/translations": "compiled into messages.mo by Babel",
}
# Folders of Python that is no package: Alembic runs these files itself.
RUN_BY_ALEMBIC = ("launch/migrations", "launch/migrations/versions")


def packages() -> list[str]:
    return pyproject()["tool"]["setuptools"]["packages"]


def package_data() -> dict[str, list[str]]:
    return pyproject()["tool"]["setuptools"]["package-data"]


def packaged_files() -> set[Path]:
    """What the patterns of package-data find now, as setuptools would."""
    return {
        file
        for package, patterns in package_data().items()
        for pattern in patterns
        for file in ROOT.joinpath(*package.split(".")).glob(pattern)
        if file.is_file()
    }


def test_every_package_folder_is_listed_once():
    folders = [file.parent for top in PACKAGES for file in our_files(ROOT / top) if file.name == "__init__.py"]
    assert sorted(packages()) == sorted(".".join(folder.relative_to(ROOT).parts) for folder in folders)


def test_python_lies_only_in_packages():
    folders = {file.parent for top in PACKAGES for file in our_files(ROOT / top) if file.suffix == ".py"}
    lost = {shown(folder) for folder in folders if not (folder / "__init__.py").exists()}
    assert lost == set(RUN_BY_ALEMBIC)
    assert {file for name in RUN_BY_ALEMBIC for file in (ROOT / name).glob("*.py")} <= packaged_files()


def test_every_file_read_at_run_time_is_packaged():
    wanted = {
        file
        for top in PACKAGES
        for file in our_files(ROOT / top)
        if file.suffix != ".py" and not shown(file).startswith(tuple(f"{folder}/" for folder in MADE_INTO_SOMETHING))
    }
    assert sorted(shown(file) for file in wanted - packaged_files()) == []


def test_what_set_up_makes_is_packaged():
    patterns = package_data()["agent_desktop"]
    for made in ("static/dist/desk.js", "translations/id/LC_MESSAGES/messages.mo"):
        assert any(_matches(made, pattern) for pattern in patterns), made
    assert (ROOT / "agent_desktop/frontend/build.mjs").read_text(encoding="utf-8").find("static/dist") > 0


def test_every_pattern_belongs_to_a_package_and_finds_something():
    assert set(package_data()) <= set(packages())
    for package, patterns in package_data().items():
        for pattern in patterns:
            there = [file for file in ROOT.joinpath(*package.split(".")).glob(pattern) if file.is_file()]
            assert there or pattern.endswith(".mo"), f"{package}: {pattern}"


def test_the_same_packages_are_typed_and_layered():
    tools = pyproject()["tool"]
    assert sorted(tools["mypy"]["packages"]) == sorted(tools["importlinter"]["root_packages"]) == sorted(PACKAGES)
    assert {package.split(".")[0] for package in packages()} == set(PACKAGES)


def test_no_package_is_forgotten():
    """Every folder with Python in it is a package of ours, or tests, or benchmarks."""
    tops = {file.relative_to(ROOT).parts[0] for file in our_files() if file.suffix == ".py"}
    assert tops - {"tests", "benchmarks"} == set(PACKAGES)


def test_every_requirement_is_pinned():
    required = [
        *requirements(),
        *requirements("test"),
        *requirements("train"),
        *requirements("compare"),
        *requirements("compile"),
        *pyproject()["build-system"]["requires"],
    ]
    assert [requirement for requirement in required if "==" not in requirement] == []


# What only making the speech model anew, or compiling, needs; nothing outside imports it but by name, in a command.
APART = {"ivr/speech/training": "train", "launch/install/compile_engine.py": "compile"}


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (PACKAGES, ()),
        *(((place,), (extra,)) for place, extra in APART.items()),
        (("tests", "benchmarks"), ("test", "train", "compare")),
    ],
)
def test_every_package_that_is_imported_is_required_by_name(folders, extras):
    """What only comes along with something else can be gone tomorrow; on a fresh machine it may be gone today."""
    required = {distribution(text) for text in (*requirements(), *(each for extra in extras for each in requirements(extra)))}
    brings = {module: {distribution(name) for name in names} for module, names in packages_distributions().items()}
    ours = {*PACKAGES, "tests", "benchmarks"}
    missing = {
        f"{shown(file)}: {module}"
        for file in ([ROOT / folders[0]] if folders[0].endswith(".py") else python_files(*folders))
        if folders[0] in APART or not shown(file).startswith(tuple(APART))
        for module in imported_tops(file)
        if module not in ours
        and module not in sys.stdlib_module_names
        and not brings.get(module, {distribution(module)}) & required
    }
    assert sorted(missing) == []


def requirements(extra: str = "") -> list[str]:
    project = pyproject()["project"]
    return project["optional-dependencies"][extra] if extra else project["dependencies"]


def distribution(requirement: str) -> str:
    """The name in a requirement, as the registries spell it: "psycopg[binary]==3.3.9" -> "psycopg"."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>~!; ]", requirement)[0]).lower()


def imported_tops(file: Path) -> set[str]:
    """The top-level names of all modules that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def _matches(name: str, pattern: str) -> bool:
    before, deep, after = pattern.partition("**/")
    return name.startswith(before) and Path(name).match(after) if deep else Path(name).match(pattern)
