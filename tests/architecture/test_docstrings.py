"""Every package and module says in a sentence what it is for."""

import ast

from tests.architecture.project import product_files, shown, tree_of

# Alembic writes these; what a revision does is in its name.
WRITTEN_BY_ALEMBIC = "launch/migrations/"
LONGEST_SUMMARY = 150


def test_every_module_says_what_it_is_for():
    silent = [shown(file) for file in product_files() if not (ast.get_docstring(tree_of(file)) or "").strip()]
    assert [name for name in silent if not name.startswith(WRITTEN_BY_ALEMBIC)] == []


def test_the_first_line_is_a_sentence():
    for file in product_files():
        first = (ast.get_docstring(tree_of(file)) or "A sentence.").splitlines()[0]
        if not shown(file).startswith(WRITTEN_BY_ALEMBIC):
            assert first[-1] in ".:", f"{shown(file)}: {first}"
            assert len(first) <= LONGEST_SUMMARY, f"{shown(file)}: {first}"
