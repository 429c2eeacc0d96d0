"""What is compiled decides and knows nothing else, and the hash that tells one source from another sees all that is compiled in."""

import ast

import pytest

from routing.compiled import BUILT_ON, COMPILED, COMPILER
from tests.architecture.project import PACKAGES, ROOT, pyproject, tree_of


def imported(module: str) -> set[str]:
    """The names of our modules that this one of routing/ imports, for its types alone, too."""
    nodes = [node for node in ast.walk(tree_of(ROOT / "routing" / f"{module}.py")) if isinstance(node, ast.ImportFrom | ast.Import)]
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name for name in names if name.split(".")[0] in PACKAGES}


def test_compiled_modules_import_no_others_of_ours_than_those_of_which_the_hash_is_made() -> None:
    found = set().union(*map(imported, (*COMPILED, *BUILT_ON)))
    assert found <= {f"routing.{name}" for name in (*COMPILED, *BUILT_ON)}
    assert {f"routing.{name}" for name in BUILT_ON} <= found, "one that nobody imports would only cause compiling"


@pytest.mark.parametrize("module", COMPILED)
def test_values_stay_plain_python(module: str) -> None:
    """A compiled frozen dataclass can be neither unpickled nor copied."""
    classes = [node for node in ast.walk(tree_of(ROOT / "routing" / f"{module}.py")) if isinstance(node, ast.ClassDef)]
    assert [each.name for each in classes if any("frozen=True" in ast.unparse(how) for how in each.decorator_list)] == []


@pytest.mark.parametrize("extra", ["compile", "test"])
def test_the_compiler_is_the_one_that_is_pinned(extra: str) -> None:
    assert COMPILER in pyproject()["project"]["optional-dependencies"][extra]
